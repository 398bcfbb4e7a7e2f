"""What moves the forecast, as bars to both sides of nothing, on a scale where doubling and halving are equally long."""

from __future__ import annotations

import math
from typing import Any

from otklik.language import factor, t
from otklik.models.forecast import Forecast
from otklik.models.plain_words import group_words
from otklik.report.page_figure import Figure
from otklik.report.page_table import Table
from otklik.report.page_text import plot_lines

LEAST_EFFECT = 0.005
"""Effects below half a per cent are summed up in one bar."""
LEAST_REACH = math.log(1.1)
"""The axis goes at least so far to each side."""
TICKS = (1.01, 1.02, 1.05, 1.1, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0)


def bars(forecast: Forecast, lang: str) -> list[tuple[str, float]]:
    """Names and effects (logs) of what is drawn, the largest first, the small ones together at the end."""
    large = [one for one in forecast.contributions if abs(one.log_effect) >= LEAST_EFFECT]
    rest = sum(one.log_effect for one in forecast.contributions if abs(one.log_effect) < LEAST_EFFECT)
    told = [(group_words(one.group, lang), one.log_effect) for one in large]
    return [*told, (t("all else", lang), rest)] if len(large) < len(forecast.contributions) else told


def contributions_figure(forecast: Forecast, lang: str) -> Figure | None:
    """The bars of a forecast; ``None`` where it has none."""
    drawn = bars(forecast, lang)
    if not drawn:
        return None
    told = [factor(math.exp(effect), lang) for _, effect in drawn]
    name, effect = drawn[0]
    return Figure(
        name="contributions",
        label=t(
            "Contributions by group, the largest is {name} with {factor}.", lang, name=name,
            factor=factor(math.exp(effect), lang),
        ),
        caption=t("A factor of 1 changes nothing. These describe the model, not causes.", lang),
        data=(_bars(drawn, told),),
        layout=_layout(drawn, lang),
        table=Table(
            t("What moves the forecast", lang),
            (t("group", lang), t("factor", lang)),
            tuple((name, one) for (name, _), one in zip(drawn, told, strict=True)),
        ),
        height=70 + 40 * len(drawn),
        legend=(("k-up", t("more views", lang)), ("k-down", t("fewer views", lang))),
        narrow={"margin.l": 150, "margin.r": 20, "yaxis.tickfont.size": 11},
    )  # fmt: skip


def _bars(drawn: list[tuple[str, float]], told: list[str]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(drawn))),
        "x": [round(effect, 5) for _, effect in drawn],
        "text": told,
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"color": "var(--ink)"},
        "hoverinfo": "skip",
        "width": 0.62,
        "marker": {"color": ["var(--accent)" if effect >= 0 else "var(--down)" for _, effect in drawn]},
    }


def _layout(drawn: list[tuple[str, float]], lang: str) -> dict[str, Any]:
    reach = max(LEAST_REACH, *(abs(effect) for _, effect in drawn)) * 1.3
    fitting = [one for one in TICKS if math.log(one) <= reach]
    kept = [one for one in fitting if math.log(one) >= reach / 2.6][-1:]
    ticks = [*(-math.log(one) for one in kept), 0.0, *(math.log(one) for one in kept)]
    return {
        "bargap": 0.35,
        "margin": {"l": 200, "r": 40, "t": 8, "b": 44},
        "xaxis": {
            "range": [-reach, reach],
            "zeroline": True,
            "zerolinecolor": "var(--soft)",
            "tickmode": "array",
            "tickvals": ticks,
            "ticktext": [factor(math.exp(one), lang) for one in ticks],
        },
        "yaxis": {
            "range": [len(drawn) - 0.4, -0.6],
            "showgrid": False,
            "tickmode": "array",
            "tickvals": list(range(len(drawn))),
            "ticktext": [plot_lines(name, 24) for name, _ in drawn],
            "tickfont": {"color": "var(--ink)"},
        },
    }
