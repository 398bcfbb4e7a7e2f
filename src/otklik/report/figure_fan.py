"""The fan: how views may grow until the horizon, beside the author's typical band at the same ages.

Only the ends of the fan are forecast. Between publication and the horizon every quantile is carried back along one
growth curve, ``log views at age a = log views at the horizon - growth(a)``, so the fan tells what is to be expected at
an age, not how one post will wander.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from otklik.dataset.growth import KNOT_AGE_H, TYPICAL_LOG
from otklik.language import count, hours, t
from otklik.models.base import LEVELS
from otklik.models.forecast import Forecast
from otklik.report.figure_axis import even_ticks, written
from otklik.report.page_figure import Figure
from otklik.report.page_table import Table

Floats = NDArray[np.float64]
Growth = tuple[Floats, Floats]
"""Ages in hours, and ``log views at 24 h - log views`` at them."""
TYPICAL: Growth = (KNOT_AGE_H, TYPICAL_LOG)
DRAWN = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Quantiles that the fan shows."""
TOLD_H = (1.0, 2.0, 3.0, 6.0, 9.0, 12.0, 18.0, 24.0)
"""Ages of the table behind it."""
N_AGES = 97


@dataclass(frozen=True, slots=True)
class Seen:
    """A counter that was seen: views at an age."""

    age_h: float
    views: float


def fan(
    curve: Sequence[float], growth: Growth = TYPICAL, *, ages_h: Sequence[float], horizon_h: float = 24.0,
    seen: Seen | None = None,
) -> Floats:  # fmt: skip
    """Views at ages before the horizon, for each quantile of the views at the horizon.

    Args:
        curve: views at the horizon, one a quantile, shape ``(q,)``.
        growth: the shape of growth.
        ages_h: where to tell, hours since publication, shape ``(n,)``.
        horizon_h: the age that ``curve`` is for.
        seen: a counter already there: the fan opens from it and never falls below it.

    Returns:
        Shape ``(n, q)``; 0 at age 0, NaN before the age of what was seen.

    >>> fan([1000.0], ages_h=[0.0, 24.0]).round().tolist()
    [[0.0], [1000.0]]
    >>> fan([100.0, 400.0], ages_h=[6.0, 24.0], seen=Seen(6.0, 80.0)).round().tolist()
    [[80.0, 80.0], [100.0, 400.0]]
    """
    at, ends = np.asarray(ages_h, dtype=float), np.log1p(np.maximum(np.asarray(curve, dtype=float), 0.0))
    to_come = _to_come(growth, at) - _to_come(growth, np.array([horizon_h]))
    if seen is None:
        views = np.maximum(np.expm1(ends[None, :] - to_come[:, None]), 0.0)
        views[at <= 0] = 0.0
        return views
    whole = float(_to_come(growth, np.array([seen.age_h]))[0] - _to_come(growth, np.array([horizon_h]))[0])
    share = np.clip(1.0 - to_come / whole, 0.0, 1.0) if whole > 0 else np.ones_like(at)
    start = np.log1p(seen.views)
    views = np.expm1(start + share[:, None] * np.maximum(ends[None, :] - start, 0.0))
    views[at < seen.age_h - 1e-9] = np.nan
    return views


def _to_come(growth: Growth, age_h: Floats) -> Floats:
    """The growth still to come at ages: a smooth curve through its points that never turns back."""
    from scipy.interpolate import PchipInterpolator

    ages, logs = growth
    inside = np.clip(age_h, ages[0], ages[-1])
    return np.asarray(PchipInterpolator(np.log(ages), logs)(np.log(inside)))


def quantiles(forecast: Forecast) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Levels and views that the fan is drawn from: five of the forecast's curve, or the three that it always has."""
    if len(forecast.curve) == len(LEVELS):
        return DRAWN, tuple(float(np.interp(level, LEVELS, forecast.curve)) for level in DRAWN)
    views = forecast.views
    return (0.1, 0.5, 0.9), (views.p10, views.p50, views.p90)


def fan_figure(forecast: Forecast, lang: str) -> Figure | None:
    """The fan of a forecast; ``None`` for mature reach, which has no horizon, and for a post past its own."""
    horizon = forecast.horizon_h
    if horizon is None or not forecast.contributions:
        return None
    seen = None
    if forecast.seen_views is not None and 0 < forecast.prediction_age_h < horizon:
        seen = Seen(forecast.prediction_age_h, forecast.seen_views)
    start = seen.age_h if seen else 0.0
    ages = np.linspace(start, horizon, N_AGES)
    told = np.array(sorted({*(one for one in TOLD_H if start < one < horizon), horizon}))
    return Figure(
        name="fan",
        label=_label(forecast, lang),
        caption=_caption(forecast, lang),
        data=_traces(forecast, ages, seen, lang),
        layout=_layout(forecast, lang),
        table=_table(forecast, told, seen, lang),
        height=420,
        legend=_legend(forecast, lang),
        narrow={"margin.l": 48, "margin.r": 24, "yaxis.title.text": "", "height": 340},
    )


def _traces(forecast: Forecast, ages: Floats, seen: Seen | None, lang: str) -> tuple[dict[str, Any], ...]:
    levels, curve = quantiles(forecast)
    horizon = forecast.horizon_h or 24.0
    views = fan(curve, ages_h=ages.tolist(), horizon_h=horizon, seen=seen)
    traces: list[dict[str, Any]] = list(_usual(forecast))
    for low, high, look in ((0.1, 0.9, "var(--outer)"), (0.25, 0.75, "var(--inner)")):
        if low in levels:
            traces += _band(ages, views[:, levels.index(low)], views[:, levels.index(high)], look)
    middle = views[:, levels.index(0.5)]
    words = [
        t(
            "at {age}: {middle} views, 8 of 10 between {low} and {high}",
            lang,
            age=hours(float(age), lang),
            middle=count(float(row[levels.index(0.5)]), lang),
            low=count(float(row[0]), lang),
            high=count(float(row[-1]), lang),
        )
        for age, row in zip(ages, views, strict=True)
    ]
    line = {"color": "var(--accent)", "width": 3}
    traces.append(_line(ages, middle, line) | {"hoverinfo": "text", "hovertext": words})
    if seen is not None:
        dot = {"color": "var(--ink)", "size": 9}
        point = {"type": "scatter", "mode": "markers", "x": [seen.age_h], "y": [seen.views], "marker": dot}
        traces.append({**point, "hoverinfo": "skip"})
    return tuple(traces)


def _usual(forecast: Forecast) -> list[dict[str, Any]]:
    """The author's typical band from publication on, and the usual in its middle."""
    base, horizon = forecast.baseline, forecast.horizon_h or 24.0
    ages = np.linspace(0.0, horizon, N_AGES)
    traces: list[dict[str, Any]] = []
    if base.p25 is not None and base.p75 is not None:
        band = fan([base.p25, base.p75], ages_h=ages.tolist(), horizon_h=horizon)
        traces += _band(ages, band[:, 0], band[:, 1], "var(--usual)")
        edge = {"color": "var(--down)", "width": 1, "dash": "dot"}
        traces += [_line(ages, side, edge) | {"hoverinfo": "skip"} for side in band.T]
    middle = fan([base.value], ages_h=ages.tolist(), horizon_h=horizon)[:, 0]
    return [*traces, _line(ages, middle, {"color": "var(--down)", "width": 2, "dash": "dash"}) | {"hoverinfo": "skip"}]


def _band(ages: Floats, low: Floats, high: Floats, colour: str) -> list[dict[str, Any]]:
    edge = {"width": 0, "color": colour}
    upper = _line(ages, high, edge) | {"fill": "tonexty", "fillcolor": colour, "hoverinfo": "skip"}
    return [_line(ages, low, edge) | {"hoverinfo": "skip"}, upper]


def _line(ages: Floats, values: Floats, line: dict[str, Any]) -> dict[str, Any]:
    x, y = [round(float(one), 3) for one in ages], [round(float(one), 2) for one in values]
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line}


def _layout(forecast: Forecast, lang: str) -> dict[str, Any]:
    horizon = forecast.horizon_h or 24.0
    top = max(quantiles(forecast)[1][-1], forecast.baseline.p75 or 0.0, forecast.baseline.value)
    return {
        "hovermode": "x",
        "margin": {"l": 86, "r": 24, "t": 16, "b": 52},
        "xaxis": {
            "range": [0, horizon * 1.01],
            "showgrid": False,
            "ticks": "outside",
            "tickcolor": "var(--line)",
            **written(np.linspace(0.0, horizon, 5).tolist(), lambda age: hours(age, lang)),
            "title": {"text": t("since publication", lang)},
        },
        "yaxis": {
            "range": [0, top * 1.06 or 1.0],
            **written(even_ticks(top * 1.06), lambda value: count(value, lang)),
            "title": {"text": t("views", lang), "standoff": 12},
        },
    }


def _legend(forecast: Forecast, lang: str) -> tuple[tuple[str, str], ...]:
    has_curve = len(quantiles(forecast)[0]) > 3
    has_band = forecast.baseline.p25 is not None and forecast.baseline.p75 is not None
    own = forecast.baseline.source != "reference"
    return (
        ("k-median", t("forecast", lang)),
        *((("k-inner", t("half of the posts", lang)),) if has_curve else ()),
        ("k-outer", t("8 of 10 posts", lang)),
        *((("k-usual", t("the author's typical band, 25 to 75 %", lang)),) if has_band and own else ()),
        *((("k-usual", t("the typical band of posts by others, 25 to 75 %", lang)),) if has_band and not own else ()),
        ("k-usual-line", t("the usual of the author", lang) if own else t("median of posts by others", lang)),
    )


def _label(forecast: Forecast, lang: str) -> str:
    return t(
        "Views by age: at {age} {middle} are forecast, 8 of 10 posts between {low} and {high}; the usual is {usual}.",
        lang,
        age=hours(forecast.horizon_h or 24.0, lang),
        middle=count(forecast.views.p50, lang),
        low=count(forecast.views.p10, lang),
        high=count(forecast.views.p90, lang),
        usual=count(forecast.baseline.value, lang),
    )


def _caption(forecast: Forecast, lang: str) -> str:
    only = t(
        "Only the values at {age} are forecast. The way there follows one typical growth curve, learned from small "
        "YouTube channels: a post of yours may come early or late.",
        lang,
        age=hours(forecast.horizon_h or 24.0, lang),
    )
    missing = forecast.baseline.p25 is None or forecast.baseline.p75 is None
    return only + (" " + t("The typical band is not known: only the middle of it is drawn.", lang) if missing else "")


def _table(forecast: Forecast, ages: Floats, seen: Seen | None, lang: str) -> Table:
    levels, curve = quantiles(forecast)
    base, horizon = forecast.baseline, forecast.horizon_h or 24.0
    views = fan(curve, ages_h=ages.tolist(), horizon_h=horizon, seen=seen)
    usual = [("25 %", base.p25), ("", base.value), ("75 %", base.p75)]
    known = [(name, one) for name, one in usual if one is not None]
    beside = fan([one for _, one in known], ages_h=ages.tolist(), horizon_h=horizon)
    names = [t("usual {level}", lang, level=name).strip() for name, _ in known]
    rows = tuple(
        (hours(float(age), lang), *(count(float(one), lang) for one in (*views[at], *beside[at])))
        for at, age in enumerate(ages)
    )
    head = (t("age", lang), *(f"{level:.0%}".replace("%", " %") for level in levels), *names)
    return Table(t("Views by age: quantiles of the forecast, and the usual", lang), head, rows)
