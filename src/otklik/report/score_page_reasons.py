"""Sections of the score page that say why: contributions, other versions of the draft, earlier posts like it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from urllib.parse import urlsplit

from otklik.language import count, factor, moment, number, percent, t
from otklik.models.forecast import FeatureEffect, Forecast, Precedent
from otklik.models.plain_words import group_words
from otklik.report.figure_contributions import contributions_figure
from otklik.report.figure_whatif import WhatIf, whatif_figure
from otklik.report.page import Section
from otklik.report.page_figure import render_figure
from otklik.report.page_table import Table, render_table
from otklik.report.page_text import Html, quoted, shown

MOST_FEATURES = 20
LEAST_EFFECT = 0.001
"""Features that change less than this (a log) are left out of the table."""


def reasons(forecast: Forecast, words: dict[str, str], lang: str) -> Section | None:
    """What moves the forecast, by group and, where it is known, by feature."""
    figure = contributions_figure(forecast, lang)
    if figure is None:
        return None
    start = count(max(0.0, math.expm1(forecast.start_log)), lang)
    title = t("What moves the forecast from {start} views", lang, start=start)
    body = render_figure(figure, lang)
    if forecast.features:
        body = Html(body + _features(forecast.features, words, lang))
    return Section("reasons", title, body, t("Reasons", lang))


def _features(effects: Sequence[FeatureEffect], words: dict[str, str], lang: str) -> str:
    kept = [one for one in effects if abs(one.log_effect) >= LEAST_EFFECT][:MOST_FEATURES]
    rows = tuple(
        (
            words.get(one.name) or f"{group_words(one.name.split('__')[0], lang)}: {one.name.split('__')[-1]}",
            factor(math.exp(one.log_effect), lang),
            _value(one.value, lang),
            _value(one.usual, lang),
        )
        for one in kept
    )
    table = Table(
        t("The features behind it, largest first", lang),
        (t("feature", lang), t("factor", lang), t("this post", lang), t("your usual post", lang)),
        rows,
    )
    return f"<details><summary>{shown(t('Feature by feature', lang))}</summary>{render_table(table)}</details>"


def _value(value: float | None, lang: str) -> str:
    if value is None or not math.isfinite(value):
        return t("not known", lang)
    return number(value, lang, 0 if abs(value) >= 100 or value == round(value) else 2)


def changes(forecast: Forecast, rows: Sequence[WhatIf], lang: str) -> Section | None:
    """Other versions of the draft, scored again."""
    figure = whatif_figure(forecast.views, rows, lang)
    if figure is None:
        return None
    told = t("The same draft with one thing changed, scored again. Where the lines overlap much, choose freely.", lang)
    return Section("changes", t("What if", lang), Html(f"<p>{shown(told, None)}</p>{render_figure(figure, lang)}"))


def precedents(forecast: Forecast, zone: str, lang: str) -> Section | None:
    """The author's own earlier posts that are most like this one."""
    if not forecast.precedents:
        return None
    rows = tuple(_precedent(one, zone, lang) for one in forecast.precedents)
    head = (t("post", lang), t("views", lang), t("of the usual then", lang), t("likeness", lang))
    caption = t("The author's own posts, most alike first", lang)
    table = render_table(Table(caption, head, rows))
    return Section("precedents", t("Earlier posts like this one", lang), table, t("Earlier posts", lang))


def _precedent(one: Precedent, zone: str, lang: str) -> tuple[str, ...]:
    return (
        Html(f"{_linked(one, lang)}<small>{shown(moment(one.published_at, zone, lang))}</small>"),
        count(one.views, lang),
        "—" if one.multiple is None else factor(one.multiple, lang),
        percent(one.likeness, lang),
    )


def _linked(one: Precedent, lang: str) -> Html:
    """The title, leading to the post where its address is one of the web."""
    name = quoted(one.title.strip() or one.post_id, 120)
    if one.url is None or not _is_web(one.url):
        return name
    return Html(f'<a href="{shown(one.url, None)}" rel="noopener noreferrer">{name}</a>')


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
