"""The score page: one forecast as a page that a person keeps, the numbers first, then why, then how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from otklik import __version__
from otklik.content.explanation import Explanation
from otklik.language import count, hours, moment, number, percent, t
from otklik.media.look import Look
from otklik.models.forecast import Forecast, Quantity
from otklik.report import score_page_content, score_page_reasons
from otklik.report.figure_fan import fan_figure
from otklik.report.figure_whatif import WhatIf
from otklik.report.page import Page, Section, check_language, render_page, write_page
from otklik.report.page_figure import render_figure
from otklik.report.page_table import Table, facts, render_table
from otklik.report.page_text import Html, plain, shown
from otklik.report.score_page_head import head
from otklik.report.score_page_words import RULES, between, usual
from otklik.view_rules import view_rule

COMPUTED = (
    "In the middle what is as likely to be passed as not; the range holds 8 of 10 posts.",
    "The multiple is the forecast divided by the usual, the median of the author's last posts of the same kind.",
    "The chances and the fan are read from one curve of quantiles, so that they agree with each other.",
    "The naive forecast is the usual for a draft, and what was seen times a constant of its age for a live post.",
    "Counts have three significant figures: more would pretend.",
)
"""What was done, in plain words."""


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """Everything that a score page tells, as a value."""

    forecast: Forecast
    content: Explanation | None = None
    """What the text of the draft carries."""
    looks: tuple[Look, ...] = ()
    """What its files show."""
    whatif: tuple[WhatIf, ...] = ()
    """Changed drafts, scored again; plain tuples of the same fields do as well."""
    zone: str = "UTC"
    lang: str = "en"
    feature_words: tuple[tuple[str, str], ...] = ()
    """Names of features and what to call them, in the page's language; one without words is called by its name."""
    coverage: tuple[float, int] | None = None
    """Share of earlier outcomes inside the 80 % interval, and of how many; ``None`` where it was not measured."""
    is_simulated: bool = False
    """Whether the posts behind it are made up, which the page then says first."""


def render(report: ScoreReport) -> str:
    """The page as one HTML document that needs nothing from anywhere.

    Raises:
        DataError: the language is not one of otklik's.
    """
    forecast, lang = report.forecast, report.lang
    check_language(lang)
    found = (
        _curve(forecast, lang),
        _beside(forecast, lang),
        score_page_content.content(report.content, report.looks, lang),
        score_page_reasons.reasons(forecast, dict(report.feature_words), lang),
        score_page_reasons.changes(forecast, report.whatif, lang),
        score_page_reasons.precedents(forecast, report.zone, lang),
        _trust(report),
        _made(report),
    )
    sections = tuple(one for one in found if one is not None)
    return render_page(
        Page(
            title=plain(forecast.subject),
            head=head(forecast, report.zone, lang, is_simulated=report.is_simulated),
            sections=sections,
            foot=Html(f"<p>{shown(_foot(report), None)}</p>"),
            lang=lang,
            has_figures=any("<figure" in one.body for one in sections),
        )
    )


def write(report: ScoreReport, path: Path) -> None:
    """The page to a file.

    Raises:
        DataError: the language is not one of otklik's.
        StorageError: the file cannot be written.
    """
    write_page(render(report), path)


def _curve(forecast: Forecast, lang: str) -> Section | None:
    figure = fan_figure(forecast, lang)
    if figure is None:
        return None
    title = t("How views may grow over {age}", lang, age=hours(forecast.horizon_h or 24.0, lang))
    return Section("curve", title, render_figure(figure, lang), t("Growth", lang))


def _beside(forecast: Forecast, lang: str) -> Section | None:
    """Our numbers and the naive ones, side by side."""
    if not forecast.contributions:
        return None
    rows = [
        _row(t("views", lang), forecast.views, forecast.naive_views, lang),
        *(
            (_row(t("reactions", lang), forecast.reactions, forecast.naive_reactions, lang),)
            if forecast.reactions
            else ()
        ),
        *((_row(t("reposts", lang), forecast.shares, forecast.naive_shares, lang),) if forecast.shares else ()),
    ]
    caption = t("Our forecast and the naive one", lang)
    names = (t("what", lang), t("middle", lang), t("8 of 10 posts", lang), t("naive", lang))
    missing = "" if forecast.reactions else _missing(t("reactions: the model was not trained for them", lang))
    table = render_table(Table(caption, names, tuple(rows)), is_quiet=True)
    return Section("beside", caption, Html(table + missing), t("Beside the naive", lang))


def _row(name: str, ours: Quantity, naive: float | None, lang: str) -> tuple[str, ...]:
    return (name, count(ours.p50, lang), between(ours, lang), "—" if naive is None else count(naive, lang))


def _missing(told: str) -> str:
    return f'<p class="soft">{shown(told, None)}</p>'


def _trust(report: ScoreReport) -> Section:
    """What the numbers stand on, and what is not known."""
    forecast, lang = report.forecast, report.lang
    notes = "".join(f"<li>{shown(t(one.template, lang, **one.values), None)}</li>" for one in forecast.notes)
    # What is known of an outcome is no doubt of the model's.
    named = f"<h3>{shown(t('What the model does not know', lang))}</h3>" if forecast.contributions else ""
    unknown = f"{named}<ul class=notes>{notes}</ul>" if notes else ""
    rule = RULES.get(view_rule(forecast.platform, forecast.kind, forecast.published_at), RULES["original"])
    interval = [(t("interval", lang), _calibration(forecast, lang)), (t("coverage", lang), _coverage(report))]
    pairs = [
        (t("the usual", lang), usual(forecast.baseline, lang)),
        *(interval if forecast.contributions else ()),
        (t("what counts as a view", lang), t(rule, lang)),
        (t("model", lang), _model(forecast, lang)),
    ]
    return Section("trust", t("How far to trust it", lang), Html(facts(pairs) + unknown), t("Trust", lang))


def _calibration(forecast: Forecast, lang: str) -> str:
    if not forecast.calibrated:
        return t("not calibrated", lang)
    return t("calibrated on {n} matured forecasts", lang, n=forecast.n_calibration)


def _coverage(report: ScoreReport) -> str:
    if report.coverage is None:
        return t("made to hold 8 of 10 posts; how many it held for this author was not measured", report.lang)
    share, n = report.coverage
    told, of = percent(share, report.lang), number(n, report.lang)
    return t("held {share} of {of} earlier outcomes; it is made to hold 80 %", report.lang, share=told, of=of)


def _model(forecast: Forecast, lang: str) -> str:
    until = forecast.model_trained_until.date().isoformat()
    return t("{name}, trained on posts until {until}", lang, name=forecast.model, until=until)


def _made(report: ScoreReport) -> Section:
    """How it was computed, and how to cite it."""
    lang, forecast = report.lang, report.forecast
    is_forecast = bool(forecast.contributions)
    holds = (is_forecast, forecast.multiple is not None, bool(forecast.curve) and is_forecast, is_forecast, True)
    told = [one for one, does in zip(COMPUTED, holds, strict=True) if does]
    steps = "".join(f"<li>{shown(t(one, lang), None)}</li>" for one in told)
    cite = f"<h3>{shown(t('To cite this', lang))}</h3><p class=cite>{shown(citation(report), None)}</p>"
    return Section(
        "made", t("How this was computed", lang), Html(f"<ul class=notes>{steps}</ul>{cite}"), t("Method", lang)
    )


def citation(report: ScoreReport) -> str:
    """Product, version, metric, platform, model, date and data in one line."""
    one, lang = report.forecast, report.lang
    horizon = t("views at {age}", lang, age=hours(one.horizon_h, lang)) if one.horizon_h else t("views", lang)
    data = t("simulated posts", lang) if report.is_simulated else _data(one, lang)
    return t(
        "otklik {version}: forecast of {metric}, {platform} {kind}; model {name}, trained on posts until {until}; made "
        "{made}; {data}.",
        lang,
        version=__version__,
        metric=horizon,
        platform=one.platform,
        kind=t(one.kind, lang),
        name=one.model,
        until=one.model_trained_until.date().isoformat(),
        made=moment(one.made_at, report.zone, lang),
        data=data,
    )


def _data(forecast: Forecast, lang: str) -> str:
    named = next((one.values["data"] for one in forecast.notes if "data" in one.values), None)
    return t("training data: {data}", lang, data=named) if named else usual(forecast.baseline, lang)


def _foot(report: ScoreReport) -> str:
    return t(
        "Times are in the zone {zone}. The page was made by otklik {version} and loads nothing from the network.",
        report.lang,
        zone=report.zone,
        version=__version__,
    )
