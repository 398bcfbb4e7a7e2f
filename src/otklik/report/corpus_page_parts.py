"""The sections of a report on a corpus or an author; what is missing is said with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from otklik.language import count, factor, moment, number, percent, t
from otklik.language import hours as told_hours
from otklik.report.figure_band import band_figure
from otklik.report.figure_formula import formula_figure
from otklik.report.figure_hours import hours_figure
from otklik.report.page import Section
from otklik.report.page_figure import render_figure
from otklik.report.page_table import Table, render_table
from otklik.report.page_text import Html, commands, plain, shown
from otklik.report.survey_words import (
    CLUSTER_WORDS,
    FAMILY_WORDS,
    PATTERN,
    SHRUNKEN,
    band_sentence,
    band_value,
    best_hours,
    coverage_sentence,
    formula_sentence,
    gaps_sentence,
    group_name,
    hours_sentence,
    minute,
    recent_sentence,
    say,
    scatter_sentence,
    stratum,
    worded,
)
from otklik.survey.lifts import FEW_HISTORY
from otklik.survey.recent import FEW
from otklik.survey.values import Family, Survey

NO_HIT = (
    "No post of these days is known to have reached more than its author's usual; {few} earlier posts are needed to "
    "tell."
)
"""What stands in place of the posts that did best."""
LONGEST_TITLE = 60
"""Characters of a title in a table."""
MOST_BANDS = 6
"""Bands that are drawn, those of the most posts; the others are told in numbers."""


def when(instant: datetime, found: Survey, lang: str) -> str:
    """An instant in the zone of the survey."""
    return moment(instant, found.zone, lang)


def counted(value: float, lang: str) -> str:
    """A count with three significant figures."""
    return count(value, lang)


def paragraphs(sentences: Sequence[str], look: str = "") -> str:
    """Sentences, a paragraph each; empty ones are passed over."""
    named = f' class="{look}"' if look else ""
    return "".join(f"<p{named}>{shown(one, None)}</p>" for one in sentences if one)


def bands(found: Survey, lang: str) -> Section:
    """Typical views by age, one figure for posts that are counted alike."""
    pieces = [paragraphs([t("Only posts of one platform, kind and counting rule are put together.", lang)], "soft")]
    for place, band in enumerate(found.bands[:MOST_BANDS]):
        figure = band_figure(band, place, lang, found.posts)
        pieces.append(f"<h3>{shown(stratum(band.platform, band.kind, band.rule, lang), None)}</h3>")
        told = t(
            "posts: {posts}, authors: {authors}",
            lang,
            posts=number(band.n_posts, lang),
            authors=number(band.n_authors, lang),
        )
        pieces.append(paragraphs([f"{told} · {band_value(found, band, lang)}"], "soft"))
        pieces.append(
            render_figure(figure, lang)
            if figure
            else paragraphs([t("No band by age: too few posts were looked at closely enough around any age.", lang)])
        )
    rest = [band_sentence(found, band, lang) for band in found.bands[MOST_BANDS:]]
    return Section(
        "band", t("The typical band by age", lang), Html("".join(pieces) + paragraphs(rest)), t("Band", lang)
    )


def hours(found: Survey, lang: str) -> Section:
    """Hours of the week."""
    figure = hours_figure(found.hours, lang)
    pieces = [paragraphs([hours_sentence(found.hours, lang), best_hours(found.hours, lang)])]
    if figure is not None:
        pieces.append(render_figure(figure, lang))
        test = t(
            "The test shuffles cells inside each author; posts of one author, day and cell are one unit ({units} "
            "units). A good hour may be the hour of a good topic: a pattern, not a cause.",
            lang,
            units=number(found.hours.n_units, lang),
        )
        drawn = t("Intervals: {cluster}.", lang, cluster=t(CLUSTER_WORDS[found.hours.cluster], lang))
        pieces.append(paragraphs([test, drawn], "soft"))
    return Section("hours", t("The hour of publication", lang), Html("".join(pieces)), t("Hours", lang))


def formula(found: Survey, lang: str) -> Section:
    """The scores of the texts against the multiples."""
    one = found.formula
    pieces = [paragraphs([formula_sentence(one, lang)])]
    if one.scatters:
        pieces.append(f'<p class="note">{commands(t(PATTERN, lang))}</p>')
    for scatter in one.scatters:
        figure = formula_figure(scatter, lang)
        pieces.append(
            render_figure(figure, lang) if figure else paragraphs([scatter_sentence(scatter, lang) + "."], "soft")
        )
    return Section("formula", t("Sign, emotion, identity", lang), Html("".join(pieces)), t("Formula", lang))


def recent(found: Survey, lang: str) -> Section:
    """What has worked lately."""
    one = found.recent
    pieces = [paragraphs([recent_sentence(one, found.zone, lang), *(say(note, lang) for note in one.missing)])]
    if one.hits:
        pieces.append(render_table(_hits(found, lang)))
    elif one.n:
        pieces.append(paragraphs([t(NO_HIT, lang, few=FEW_HISTORY)]))
    if one.families:
        cluster = t(CLUSTER_WORDS["week" if found.is_author else "author"], lang)
        pieces.append(f"<h3>{shown(t('Groups of posts', lang))}</h3>")
        pieces.append(paragraphs([t(SHRUNKEN, lang, cluster=cluster, few=FEW), commands(t(PATTERN, lang))], "soft"))
        pieces += [render_table(family_table(found, family, lang)) for family in one.families]
    return Section("recent", t("What has worked lately", lang), Html("".join(pieces)), t("Lately", lang))


def _hits(found: Survey, lang: str) -> Table:
    rows = tuple(
        (
            plain(one.title, LONGEST_TITLE),
            *(() if found.is_author else (f"{one.platform}:{one.author_id}",)),
            minute(one.published_at, found.zone, lang),
            count(one.views, lang),
            f"{count(one.usual, lang)} (n = {one.n_usual})",
            factor(one.multiple, lang),
        )
        for one in found.recent.hits
    )
    names = ("post", *(() if found.is_author else ("author",)), "published", "views", "the usual", "of the usual")
    caption = t(
        "Posts with the highest multiple of their author's usual; times in the zone {zone}", lang, zone=found.zone
    )
    return Table(caption, tuple(t(one, lang) for one in names), rows, words=(0, 1) if found.is_author else (0, 1, 2))


def family_table(found: Survey, family: Family, lang: str) -> Table:
    """Groups of one sort in numbers."""
    rows = tuple(
        (
            group_name(family.name, one.name, lang),
            factor(one.factor, lang),
            f"{factor(one.low, lang)} – {factor(one.high, lang)}",
            factor(one.raw, lang),
            str(one.n),
            str(one.n_clusters),
            t("too few", lang) if one.is_few else "",
        )
        for one in family.effects
    )
    clusters = t("weeks", lang) if found.is_author else t("authors", lang)
    names = ("group", "of the usual", "95 % interval", "as it is", "posts")
    return Table(
        t(FAMILY_WORDS[family.name], lang).capitalize(),
        (*(t(one, lang) for one in names), clusters, ""),
        rows,
        words=(0, 6),
    )


def coverage(found: Survey, lang: str) -> Section:
    """How well the posts were seen."""
    one = found.coverage
    sentences = [coverage_sentence(found, lang), gaps_sentence(one, lang)]
    if one.looks_per_post is not None:
        told = t("Looks at a post, median: {looks}.", lang, looks=number(one.looks_per_post, lang))
        sentences.append(told)
    pieces = [paragraphs(sentences), render_table(_parts(found, lang)), render_table(_attrition(found, lang))]
    if one.gaps:
        rows = tuple(
            (when(gap.start, found, lang), when(gap.end, found, lang), told_hours(gap.hours, lang)) for gap in one.gaps
        )
        head = (t("from", lang), t("until", lang), t("length", lang))
        pieces.append(render_table(Table(t("The longest stretches without any look", lang), head, rows, words=(0, 1))))
    return Section("coverage", t("How well it was seen", lang), Html("".join(pieces)), t("Coverage", lang))


def _parts(found: Survey, lang: str) -> Table:
    rows = tuple(
        (
            f"{one.platform}, {worded(one.kind, lang)}",
            number(one.n_posts, lang),
            number(one.n_due, lang),
            number(one.n_labelled, lang),
            percent(min(one.n_labelled / one.n_due, 1.0), lang) if one.n_due else "—",
            "—" if one.width_p50_h is None else told_hours(round(one.width_p50_h, 1), lang),
            "—" if one.width_p90_h is None else told_hours(round(one.width_p90_h, 1), lang),
        )
        for one in found.coverage.parts
    )
    names = ("kind", "posts", "old enough", "labelled", "share", "bracket, median", "bracket, 90 %")
    caption = t("Labels; the bracket is the time between the looks on both sides of the target", lang)
    return Table(caption, tuple(t(one, lang) for one in names), rows)


def _attrition(found: Survey, lang: str) -> Table:
    rows = tuple(
        (t(rule, lang), number(posts, lang), number(authors, lang), number(removed, lang))
        for rule, posts, authors, removed in found.coverage.attrition
    )
    names = ("what is left", "posts", "authors", "removed")
    return Table(t("From all posts to labelled ones", lang), tuple(t(one, lang) for one in names), rows)
