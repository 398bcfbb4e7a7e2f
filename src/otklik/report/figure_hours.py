"""The week as a grid: colour is the shrunken multiple, the number in a cell its posts; with few posts it is grey."""

from __future__ import annotations

import math
from typing import Any

from otklik.language import factor, t
from otklik.report.page_figure import Figure
from otklik.report.page_table import Table
from otklik.report.survey_words import cell_name, effect_words, hours_sentence, stretch, weekday
from otklik.survey.values import HourCell, Hours

LEAST_RANGE = math.log(1.1)
"""The colours reach at least so far to both sides: noise is not painted in full colour."""


def hours_figure(found: Hours, lang: str) -> Figure | None:
    """The grid; ``None`` where hours were not compared."""
    if not found.cells:
        return None
    sure = [math.log(one.effect.factor) for one in found.cells if not one.effect.is_few]
    reach = max([LEAST_RANGE, *(abs(one) for one in sure)])
    rows = 24 // found.span_h
    return Figure(
        name="hours",
        label=t("Multiples of the usual by day and hour of publication.", lang) + " " + hours_sentence(found, lang),
        caption=t(
            "The number in a cell is its posts; the colour is the multiple against the author's own mean, drawn "
            "towards the middle by its noise. Grey and in brackets: too few to tell. Hours are in the zone {zone}.",
            lang,
            zone=found.zone,
        ),
        data=(_sure(found, reach, lang), _few(found, lang)),
        layout={
            "margin": {"l": 64, "r": 96, "t": 34, "b": 12},
            "xaxis": {
                "side": "top",
                "showgrid": False,
                "tickmode": "array",
                "tickvals": list(range(7)),
                "ticktext": [weekday(one, lang) for one in range(7)],
                "range": [-0.5, 6.5],
            },
            "yaxis": {
                "showgrid": False,
                "range": [rows - 0.5, -0.5],
                "tickmode": "array",
                "tickvals": list(range(0, rows, 1 if rows <= 12 else 3)),
                "ticktext": [f"{at * found.span_h:02d}:00" for at in range(0, rows, 1 if rows <= 12 else 3)],
            },
        },
        table=hours_table(found, lang),
        height=70 + max(rows * 25, 240),
        narrow={"margin.l": 46, "margin.r": 58},
    )


def _grid(found: Hours, cells: list[HourCell], value: Any, empty: Any = None) -> list[list[Any]]:
    grid: list[list[Any]] = [[empty] * 7 for _ in range(24 // found.span_h)]
    for one in cells:
        grid[one.hour // found.span_h][one.weekday] = value(one)
    return grid


def _told(found: Hours, lang: str) -> Any:
    return lambda one: f"{cell_name(one, found, lang)}<br>{effect_words(one.effect, lang)}"


def _sure(found: Hours, reach: float, lang: str) -> dict[str, Any]:
    cells = [one for one in found.cells if not one.effect.is_few]
    ticks = [-reach, 0.0, reach]
    return {
        **_base(found, cells, lang),
        "z": _grid(found, cells, lambda one: round(math.log(one.effect.factor), 4)),
        "zmin": -reach,
        "zmax": reach,
        "colorscale": [[0, "var(--down)"], [0.5, "var(--card)"], [1, "var(--accent)"]],
        "showscale": True,
        "colorbar": {
            "thickness": 10,
            "outlinewidth": 0,
            "len": 0.6,
            "tickmode": "array",
            "tickvals": ticks,
            "ticktext": [factor(math.exp(one), lang) for one in ticks],
            "tickfont": {"color": "var(--soft)"},
        },
    }


def _few(found: Hours, lang: str) -> dict[str, Any]:
    cells = [one for one in found.cells if one.effect.is_few]
    return {
        **_base(found, cells, lang),
        "z": _grid(found, cells, lambda one: 0),
        "colorscale": [[0, "var(--grid)"], [1, "var(--grid)"]],
        "showscale": False,
        "textfont": {"color": "var(--soft)", "size": 11},
    }


def _base(found: Hours, cells: list[HourCell], lang: str) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "x": list(range(7)),
        "y": list(range(24 // found.span_h)),
        "text": _grid(found, cells, lambda one: f"({one.effect.n})" if one.effect.is_few else str(one.effect.n), ""),
        "texttemplate": "%{text}",
        "textfont": {"size": 11},
        "hoverinfo": "text",
        "hovertext": _grid(found, cells, _told(found, lang), ""),
        "hoverongaps": False,
        "xgap": 2,
        "ygap": 2,
    }


def hours_table(found: Hours, lang: str) -> Table:
    """Every cell in numbers."""
    rows = tuple(
        (
            f"{weekday(one.weekday, lang)} {stretch(one.hour, found.span_h)}",
            factor(one.effect.factor, lang),
            f"{factor(one.effect.low, lang)} – {factor(one.effect.high, lang)}",
            factor(one.effect.raw, lang),
            str(one.effect.n),
            str(one.effect.n_clusters),
            t("too few", lang) if one.effect.is_few else "",
        )
        for one in found.cells
    )
    clusters = t("weeks", lang) if found.cluster == "week" else t("authors", lang)
    names = ("hours", "of the usual", "95 % interval", "as it is", "posts")
    head = (*(t(one, lang) for one in names), clusters, "")
    caption = t("Multiples by hour of publication, zone {zone}", lang, zone=found.zone)
    return Table(caption, head, rows, words=(0, 6))
