"""Charts of a teardown: views by age against the author's typical band, and views an hour."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from otklik.language import count, t
from otklik.report.figure_axis import even_ticks, log_ticks, written
from otklik.report.page_figure import Figure
from otklik.report.page_table import Table
from otklik.report.teardown_words import CHANGE_WORDS, age, whole
from otklik.teardown.values import Teardown

LEAST_POINTS = 2
MOST_ROWS = 120
"""Looks that the table behind a chart holds; of more, every second, third ... is told."""


def curve_figure(found: Teardown, lang: str) -> Figure | None:
    """Views by age on a log scale with the band and the moments; ``None`` where there are too few looks."""
    points = [(a, v) for a, v in found.story.points if v > 0]
    if len(points) < LEAST_POINTS:
        return None
    values = [v for _, v in points] + [one for point in found.story.band for one in (point.p25, point.p75) if one > 0]
    low, high = min(values) / 1.3, max(values) * 1.4
    band = bool(found.story.band)
    legend = [("k-median", t("this post", lang))]
    legend += [("k-usual", t("the author's other posts, 25 to 75 %", lang)), ("k-usual-line", t("their median", lang))]
    last = points[-1]
    label = t("Views by age: {views} at {age}.", lang, views=whole(last[1], lang), age=age(last[0], lang))
    return Figure(
        name="teardown-curve",
        label=label,
        caption=t("The scale is logarithmic: equal distances are equal multiples. Every point is a look.", lang),
        data=(*_band_traces(found), *_curve_traces(points, lang), *_moments(found, low, high, lang)),
        layout={
            "hovermode": "closest",
            "xaxis": _ages(points[-1][0], lang),
            "yaxis": {
                "type": "log",
                "range": [float(np.log10(low)), float(np.log10(high))],
                **written(log_ticks(low, high), lambda value: count(value, lang)),
                "title": {"text": t("views", lang)},
            },
        },
        table=_curve_table(found, points, lang),
        height=440,
        legend=tuple(legend if band else legend[:1]),
        narrow={"margin.l": 66, "margin.r": 8, "yaxis.title.text": "", "height": 360},
    )


def _ages(until_h: float, lang: str) -> dict[str, Any]:
    ticks = np.linspace(0.0, until_h, 5).tolist() if until_h < 6 else even_ticks(until_h, 7)
    if 12 <= until_h <= 96:
        ticks = list(np.arange(0, until_h + 0.01, 6.0 if until_h <= 36 else 12.0 if until_h <= 60 else 24.0))
    return {
        "range": [0, until_h * 1.02],
        "showgrid": False,
        "ticks": "outside",
        "tickcolor": "var(--line)",
        **written([float(one) for one in ticks], lambda value: age(value, lang) if value else "0"),
        "title": {"text": t("since publication", lang)},
    }


def _band_traces(found: Teardown) -> list[dict[str, Any]]:
    points = [one for one in found.story.band if one.p25 > 0]
    if not points:
        return []
    ages = [round(one.age_h, 3) for one in points]
    base: dict[str, Any] = {"type": "scatter", "mode": "lines", "x": ages, "hoverinfo": "skip"}
    edge = {"width": 0, "color": "var(--usual)"}
    return [
        {**base, "y": [round(one.p25, 2) for one in points], "line": edge},
        {
            **base,
            "y": [round(one.p75, 2) for one in points],
            "line": edge,
            "fill": "tonexty",
            "fillcolor": "var(--usual)",
        },
        {
            **base,
            "y": [round(one.p50, 2) for one in points],
            "line": {"color": "var(--down)", "width": 2, "dash": "dash"},
        },
    ]


def _curve_traces(points: list[tuple[float, float]], lang: str) -> list[dict[str, Any]]:
    words = [t("at {age}: {views} views", lang, age=age(a, lang), views=whole(v, lang)) for a, v in points]
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": [round(a, 3) for a, _ in points],
            "y": [v for _, v in points],
            "line": {"color": "var(--accent)", "width": 3},
            "marker": {"color": "var(--accent)", "size": 5},
            "hoverinfo": "text",
            "hovertext": words,
        }
    ]


def _moments(found: Teardown, low: float, high: float, lang: str) -> list[dict[str, Any]]:
    """Uprights where something happened, with a word each; words of ours only."""
    moments = [(one.age_h, t("growth turned faster", lang)) for one in found.story.turns]
    moments += [(one.age_h, t(CHANGE_WORDS[one.what], lang)) for one in found.story.changes]
    moments += [
        (one.age_h, t("views taken back", lang)) for one in found.counters.corrections if one.counter == "views"
    ]
    moments += [(one.from_h, t("a sign to look at", lang)) for one in found.counters.signs]
    traces = []
    until = found.story.points[-1][0] if found.story.points else 0.0
    inside = sorted(one for one in moments if 0 <= one[0] <= until)[:8]
    for place, (at, told) in enumerate(inside):
        top = low * (high / low) ** (0.06 + 0.07 * (3 - place % 4))
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+text",
                "x": [round(at, 3), round(at, 3)],
                "y": [low, top],
                "text": ["", f" {told} "],
                "textposition": "middle right" if at < 0.5 * until else "middle left",
                "cliponaxis": False,
                "textfont": {"color": "var(--soft)", "size": 12},
                "line": {"color": "var(--warn)", "width": 1.5},
                "hoverinfo": "text",
                "hovertext": f"{age(at, lang)}: {told}",
            }
        )
    return traces


def _curve_table(found: Teardown, points: list[tuple[float, float]], lang: str) -> Table:
    step = -(-len(points) // MOST_ROWS)
    band = found.story.band
    ages = [one.age_h for one in band]
    rows = []
    for a, v in points[::step]:
        usual = "—"
        if band and ages[0] <= a <= ages[-1]:
            low, high = (float(np.interp(a, ages, [getattr(one, name) for one in band])) for name in ("p25", "p75"))
            usual = f"{count(low, lang)} – {count(high, lang)}"
        rows.append((age(a, lang), whole(v, lang), usual))
    head = (t("age", lang), t("views", lang), t("the author's other posts, 25 to 75 %", lang))
    return Table(t("Views at every look, and the typical band", lang), head, tuple(rows))


def pace_figure(found: Teardown, lang: str) -> Figure | None:
    """Views an hour between looks at least half an hour apart."""
    steps = _paces(found)
    if len(steps) < LEAST_POINTS + 1:
        return None
    top = max(one[2] for one in steps) * 1.08
    floor = min(0.0, min(one[2] for one in steps) * 1.08)
    words = [
        t("{from_age} to {to_age}: {value} views an hour", lang, from_age=age(a, lang), to_age=age(b, lang),
          value=count(v, lang))
        for a, b, v in steps
    ]  # fmt: skip
    rows = tuple((age(a, lang), age(b, lang), count(v, lang)) for a, b, v in steps[:: -(-len(steps) // MOST_ROWS)])
    best = max(steps, key=lambda one: one[2])
    return Figure(
        name="teardown-pace",
        label=t(
            "Views an hour by age: most, {value}, at {age}.", lang, value=count(best[2], lang), age=age(best[0], lang)
        ),
        caption=t("Views an hour between looks; a bar below zero is a correction.", lang),
        data=(
            {
                "type": "bar",
                "x": [round((a + b) / 2, 3) for a, b, _ in steps],
                "width": [round((b - a) * 0.92, 3) for a, b, _ in steps],
                "y": [round(v, 1) for _, _, v in steps],
                "marker": {"color": "var(--accent)"},
                "hoverinfo": "text",
                "hovertext": words,
                "textposition": "none",
            },
        ),
        layout={
            "hovermode": "closest",
            "xaxis": _ages(steps[-1][1], lang),
            "yaxis": {
                "range": [floor, top or 1.0],
                **written(even_ticks(top), lambda value: count(value, lang)),
                "title": {"text": t("views an hour", lang)},
            },
        },
        table=Table(
            t("Views an hour", lang),
            (t("from the age", lang), t("to the age", lang), t("views an hour", lang)),
            rows,
            words=(),
        ),
        height=320,
        narrow={"margin.l": 60, "margin.r": 8, "yaxis.title.text": "", "height": 280},
    )


def _paces(found: Teardown) -> list[tuple[float, float, float]]:
    """Steps of at least half an hour: from, to, views an hour."""
    kept: list[tuple[float, float]] = []
    for point in found.story.points:
        if not kept or point[0] - kept[-1][0] >= max(0.5, 0.04 * kept[-1][0]) - 1e-9:
            kept.append(point)
    return [(a, b, (v - u) / (b - a)) for (a, u), (b, v) in pairwise(kept)]
