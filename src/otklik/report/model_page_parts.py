"""The sections of a model page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from otklik.language import factor, moment, number, percent, t
from otklik.memory.figures import FEW, Figures, TrackRecord
from otklik.report.figure_reliability import Promise, reliability_figure
from otklik.report.page import Section
from otklik.report.page_figure import render_figure
from otklik.report.page_table import Table, facts, render_table
from otklik.report.page_text import Html, shown
from otklik.report.survey_words import worded

if TYPE_CHECKING:
    from otklik.report.model_page import ModelReport

OURS = "otklik"
LIVE_TOLD_H = 6
"""The age of live posts that the head of the page tells."""
STRATA = {
    "all": "all posts",
    "known_authors": "authors that it knows",
    "unseen_authors": "authors that it never saw",
    "last_weeks": "the last weeks",
}
"""What a stratum of an evaluation is called; others are called by their names."""
TARGETS = {
    "views_24h": "views at 24 h",
    "reactions_24h": "reactions at 24 h",
    "shares_24h": "reposts at 24 h",
    "mature": "views long after publication",
    "mature_reactions": "reactions long after publication",
    "mature_shares": "reposts long after publication",
}
"""What a model forecasts, by the name of the target."""
SHARES = (0.5, 0.8, 0.9)


def when(instant: datetime, report: ModelReport, lang: str) -> str:
    """An instant in the zone of the page."""
    return moment(instant, report.shown_zone, lang)


def task_name(row: Mapping[str, Any], lang: str) -> str:
    """A draft, or a live post by its age."""
    if row["task"] == "draft":
        return t("draft", lang)
    return t("live, {ages} h", lang, ages=row["prediction_age_h"])


def ours(report: ModelReport, stratum: str | None = None) -> Iterator[Mapping[str, Any]]:
    """Our rows of the metrics, of one stratum or of all."""
    return (one for one in report.metrics if one["model"] == OURS and stratum in (None, one["stratum"]))


def learned(report: ModelReport, lang: str) -> Section:
    """What it was trained on."""
    rows = tuple(
        (
            str(one["data"]),
            number(one["n_posts"], lang),
            number(one["n_authors"], lang),
            number(one["n_labelled"], lang),
            when(datetime.fromisoformat(one["first"]), report, lang),
            when(datetime.fromisoformat(one["last"]), report, lang),
        )
        for one in report.trained_on
    )
    names = ("data", "posts", "authors", "labelled", "first", "last")
    table = Table(t("The posts it learned from", lang), tuple(t(one, lang) for one in names), rows, words=(0, 4, 5))
    pairs = [
        (t("what it forecasts", lang), ", ".join(worded(TARGETS.get(one, one), lang) for one in report.targets)),
        (t("made", lang), when(report.made_at, report, lang)),
        (t("the audience's zone in training", lang), report.zone),
        (t("version of otklik", lang), report.version),
        (t("checksum", lang), report.checksum),
    ]
    return Section(
        "learned", t("What it learned from", lang), Html(render_table(table) + facts(pairs)), t("Data", lang)
    )


def must_not(report: ModelReport, lang: str) -> Section:
    """What it must not be used for."""
    items = "".join(f"<li>{shown(worded(one, lang), None)}</li>" for one in report.must_not)
    body = f"<ul class=notes>{items}</ul>" if items else f"<p>{shown(t('The card names nothing.', lang))}</p>"
    return Section("mustnot", t("What it must not be used for", lang), Html(body), t("Limits", lang))


def accuracy(report: ModelReport, lang: str) -> Section:
    """How good it was, beside the baselines on the same posts."""
    told = t(
        "From the backtest in the card, on later posts than it was trained on. log-MAE is the mean error of "
        "log(1 + count), with its 95 % interval over authors; × is the ratio to the best baseline, below 1 is better; "
        "pairs: how often two posts of one author at least 25 % apart are ordered right.",
        lang,
    )
    pieces = [f'<p class="soft">{shown(told, None)}</p>']
    rows = [one for one in report.metrics if one["stratum"] == "all"]
    for _, group in groupby(rows, key=lambda one: (one["task"], one["prediction_age_h"])):
        pieces.append(render_table(_models(list(group), lang)))
    if not rows:
        pieces.append(f"<p>{shown(t('The card holds no backtest.', lang))}</p>")
    title = t("How good it was, beside the baselines", lang)
    return Section("accuracy", title, Html("".join(pieces)), t("Accuracy", lang))


def _models(rows: list[Mapping[str, Any]], lang: str) -> Table:
    told = tuple(
        (
            str(one["model"]),
            f"{_number(one['log_mae'], 3, lang)} [{_number(one['log_mae_lo'], 2, lang)}–"
            f"{_number(one['log_mae_hi'], 2, lang)}]",
            _number(one["vs_best_baseline"]["ratio"], 3, lang),
            _share(one["within_x2"], lang),
            _share(one["pair_accuracy"], lang),
            _number(one["spearman"], 2, lang),
        )
        for one in rows
    )
    names = ("model", "log-MAE", "×", "within ×2", "pairs", "Spearman")
    caption = t(
        "{task}: {n} posts of {authors} authors",
        lang,
        task=task_name(rows[0], lang),
        n=rows[0]["n"],
        authors=number(rows[0]["n_authors"], lang),
    )
    return Table(caption, tuple(t(one, lang) for one in names), told)


def calibration(report: ModelReport, lang: str) -> Section:
    """Whether its intervals held what they promised."""
    rows = list(ours(report))
    promises = [
        Promise(task_name(one, lang), int(one["n"]), share, _known(one[f"coverage_{share * 100:.0f}"]))
        for one in rows
        if one["stratum"] == "all"
        for share in SHARES
    ]
    what = t("Share of outcomes inside the 50, 80 and 90 % intervals, by task", lang)
    figure = reliability_figure("intervals", promises, what, lang)
    pieces = [render_figure(figure, lang) if figure else "", render_table(_coverage(rows, lang)) if rows else ""]
    if not rows:
        pieces.append(f"<p>{shown(t('The card holds no backtest.', lang))}</p>")
    pieces.append(f"<h3>{shown(t('Chances to beat the usual', lang))}</h3>")
    bins = [
        Promise("", int(one["n"]), one["said"], one["happened"])
        for one in report.reliability
        if one.get("said") is not None
    ]
    pieces.append(_chances("chances", bins, lang) or _missing(t("The card holds no test of its chances.", lang)))
    title = t("Whether its intervals held", lang)
    return Section("calibration", title, Html("".join(pieces)), t("Calibration", lang))


def _chances(name: str, bins: list[Promise], lang: str) -> str:
    what = t("Chances that were told, and how often the post did beat the usual", lang)
    line = [Promise(t("chances told", lang), one.n, one.promised, one.held) for one in bins]
    figure = reliability_figure(name, line, what, lang)
    return render_figure(figure, lang) if figure else ""


def _missing(told: str) -> str:
    return f'<p class="soft">{shown(told, None)}</p>'


def _coverage(rows: list[Mapping[str, Any]], lang: str) -> Table:
    told = tuple(
        (
            f"{task_name(one, lang)}: {worded(STRATA.get(one['stratum'], one['stratum']), lang)}",
            number(one["n"], lang),
            *(_share(one[f"coverage_{share * 100:.0f}"], lang, 1) for share in SHARES),
            factor(math.exp(min(one["width_80"], 50.0)), lang) if _known(one["width_80"]) is not None else "—",
        )
        for one in rows
    )
    head = (t("task", lang), t("posts", lang), "50 %", "80 %", "90 %", t("width", lang))
    caption = t(
        "Share of outcomes inside the intervals; width is the upper end of the 80 % interval over its lower one", lang
    )
    return Table(caption, head, told)


def track_record(report: ModelReport, lang: str) -> Section:
    """What became of the forecasts that the store remembers."""
    title, found = t("Track record", lang), report.track_record
    mark = f'<p class="mark">{shown(t("Simulated data.", lang))}</p>' if report.is_simulated else ""
    if found is None:
        return Section("record", title, Html(_missing(t("There is no store here: no forecasts are remembered.", lang))))
    told = t("Forecasts remembered: {n}, with an outcome: {matured}.", lang, n=found.n, matured=found.overall.n)
    pieces = [mark, f"<p>{shown(told, None)}</p>"]
    if found.overall.log_mae is None:
        text = "Posts with an outcome: {n}. That is too few to tell how good the forecasts are; {few} are needed."
        pieces.append(_missing(t(text, lang, n=found.overall.n_posts, few=FEW)))
        return Section("record", title, Html("".join(pieces)))
    pieces.append(render_table(_record(found, lang)))
    bins = [Promise("", one.n_posts, one.said, one.happened) for one in found.reliability if one.said is not None]
    pieces.append(
        _chances("record-chances", bins, lang) or _missing(t("Too few chances were told to test them.", lang))
    )
    return Section("record", title, Html("".join(pieces)))


def _record(found: TrackRecord, lang: str) -> Table:
    groups = [(t("all", lang), found.overall), *((one.name, one) for one in (*found.by_model, *found.by_month))]
    rows = tuple(_record_row(name, one, lang) for name, one in groups)
    names = ("group", "posts", "50 %", "80 %", "90 %", "pairs", "bias", "log-MAE", "naive")
    caption = t("How good the remembered forecasts were, by model and month", lang)
    return Table(caption, tuple(t(one, lang) for one in names), rows)


def _record_row(name: str, one: Figures, lang: str) -> tuple[str, ...]:
    return (
        name,
        number(one.n_posts, lang),
        *(_share(share, lang) for share in (one.coverage_50, one.coverage_80, one.coverage_90, one.pair_accuracy)),
        "—" if one.bias is None else factor(one.bias, lang),
        _number(one.log_mae, 3, lang),
        _number(one.naive_log_mae, 3, lang),
    )


def _known(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _number(value: float | None, digits: int, lang: str) -> str:
    return "—" if _known(value) is None or value is None else number(value, lang, digits)


def _share(value: float | None, lang: str, digits: int = 0) -> str:
    return "—" if _known(value) is None or value is None else percent(value, lang, digits)
