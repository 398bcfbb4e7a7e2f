"""Conformal rivals of our intervals, and the comparison that is fair to both: widths at equal coverage.

All rest on LightGBM with our features: rolling conformalised quantile regression (the recipe of the literature),
MAPIE's split conformal and its CQR, and crepes' normalised Mondrian intervals. The oldest three quarters of the
training posts teach, the rest calibrates; the rolling one goes on with every test post as it matures.
"""

from __future__ import annotations

import importlib.util
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.accuracy.examples import Examples
from benchmarks.accuracy.learners import lightgbm, start
from benchmarks.accuracy.rival import Settings
from otklik.models.base import Floats, growth, lift
from otklik.models.boosted import label_weight

CONFIDENCE = 0.8
TEACHING = 0.75
"""Share of the training rows, the oldest, that teach; the others calibrate."""
WINDOW = 500
MIN_SCORES = 60
LOOK_EDGES_H = (1.0, 2.0, 4.0, 6.0, 12.0)
"""Mondrian bins of crepes: age of the last look."""


@dataclass(frozen=True)
class Band:
    """Intervals on the log scale, shapes ``(n,)``."""

    low: Floats
    centre: Floats
    high: Floats

    def plus(self, start: Floats) -> Band:
        return Band(self.low + start, self.centre + start, self.high + start)

    @classmethod
    def joined(cls, parts: list[Band]) -> Band:
        return cls(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("low", "centre", "high")))


@dataclass(frozen=True)
class _Split:
    """What the conformal rivals share: the calibrating part, and five LightGBMs fitted on the teaching part."""

    X: pd.DataFrame
    target: Floats
    known_us: np.ndarray
    bins: np.ndarray
    quantile: dict[float, Any]
    location: Any
    spread: Any


def conformal_bands(known: Examples, told: Settings) -> dict[str, Callable[[Examples], Band]]:
    """Every conformal rival that is installed, fitted on the examples of one task."""
    target = (growth if told.live else lift)(known.table)
    known, target = known.at(np.isfinite(target)), target[np.isfinite(target)]
    overall = float(np.median(known.y))
    split = _split(known, target, told)
    makers: dict[str, tuple[str | None, Callable[[_Split], Callable[..., Band]]]] = {
        "rolling_cqr": (None, _rolling_cqr),
        "mapie_split": ("mapie", _mapie_split),
        "mapie_cqr": ("mapie", _mapie_cqr),
        "crepes_mondrian": ("crepes", _crepes),
    }

    def placed(of: Callable[..., Band]) -> Callable[[Examples], Band]:
        def said(asked: Examples) -> Band:
            base = start(asked.table, overall)
            X = told.inputs(asked.table)[list(split.X)]
            return of(X, asked, asked.y - base).plus(base)

        return said

    there = {name: make for name, (package, make) in makers.items() if not package or importlib.util.find_spec(package)}
    return {name: placed(make(split)) for name, make in there.items()}


def _split(known: Examples, target: Floats, told: Settings) -> _Split:
    at = known.meta("cutoff_us")
    cut = np.quantile(at, TEACHING)
    teach, rest = (at < cut) & (known.meta("known_us") < cut), at >= cut
    X, weight = told.inputs(known.table), label_weight(known.table)
    X = X[[name for name in X if X.loc[teach, name].nunique(dropna=True) > 1]]

    def fitted(y: Floats, **changed: Any) -> Any:
        return lightgbm(X[teach], y, weight[teach], told, **changed)

    location = fitted(target[teach])
    stray = np.abs(target[teach] - location.predict(X[teach]))
    return _Split(
        X[rest].reset_index(drop=True),
        target[rest],
        known.meta("known_us")[rest],
        look_bins(known)[rest],
        {q: fitted(target[teach], objective="quantile", alpha=q) for q in (0.1, 0.9, 0.5)},
        location,
        fitted(stray, objective="regression_l1", num_leaves=7, n_estimators=60),
    )


def look_bins(examples: Examples) -> np.ndarray:
    """Bin of the age of the last look, 0 for drafts."""
    return np.searchsorted(LOOK_EDGES_H, np.nan_to_num(examples.meta("look_age_h")), side="right")


def _rolling_cqr(split: _Split) -> Callable[..., Band]:
    def of(X: pd.DataFrame, asked: Examples, happened: Floats) -> Band:
        low, high = (split.quantile[q].predict(X) for q in (0.1, 0.9))
        first = np.maximum(split.quantile[0.1].predict(split.X) - split.target, split.target - _high(split))
        scores = np.concatenate([first, np.maximum(low - happened, happened - high)])
        known = np.concatenate([split.known_us, asked.meta("known_us")])
        wider = rolling_quantile(scores, known, asked.meta("cutoff_us"))
        return Band(low - wider, split.quantile[0.5].predict(X), high + wider)

    return of


def _high(split: _Split) -> Floats:
    return split.quantile[0.9].predict(split.X)


def rolling_quantile(scores: Floats, known_us: np.ndarray, at_us: np.ndarray) -> Floats:
    """The conformal quantile of the last scores known at each instant; 0 while there are too few."""
    order = np.argsort(known_us, kind="stable")
    known, scores = known_us[order].tolist(), scores[order]
    said = np.zeros(len(at_us))
    for i, at in enumerate(at_us.tolist()):
        end = bisect_right(known, at)
        window = scores[max(0, end - WINDOW) : end]
        if len(window) >= MIN_SCORES:
            said[i] = np.quantile(window, min(1.0, CONFIDENCE * (1 + 1 / len(window))))
    return said


def _mapie_split(split: _Split) -> Callable[..., Band]:
    from mapie.regression import SplitConformalRegressor

    model = SplitConformalRegressor(split.location, confidence_level=CONFIDENCE, prefit=True)
    model.conformalize(split.X, split.target)
    return lambda X, *_: _mapie_band(*model.predict_interval(X))


def _mapie_cqr(split: _Split) -> Callable[..., Band]:
    from mapie.regression import ConformalizedQuantileRegressor

    models = [split.quantile[q] for q in (0.1, 0.9, 0.5)]
    model = ConformalizedQuantileRegressor(models, confidence_level=CONFIDENCE, prefit=True)
    model.conformalize(split.X, split.target)
    return lambda X, *_: _mapie_band(*model.predict_interval(X))


def _mapie_band(point: Floats, ends: Floats) -> Band:
    return Band(ends[:, 0, 0], point, ends[:, 1, 0])


def _crepes(split: _Split) -> Callable[..., Band]:
    from crepes import ConformalRegressor

    def sigma(X: pd.DataFrame) -> Floats:
        return np.maximum(split.spread.predict(X), 0.02)

    # A Mondrian bin with no calibrating post has no interval: such bins join the nearest one below.
    filled = np.array([b for b in np.unique(split.bins) if (split.bins == b).sum() >= MIN_SCORES] or [-1])

    def coarse(bins: np.ndarray) -> np.ndarray:
        return filled[np.maximum(np.searchsorted(filled, bins, side="right") - 1, 0)]

    model = ConformalRegressor().fit(
        split.target - split.location.predict(split.X), sigmas=sigma(split.X), bins=coarse(split.bins)
    )

    def of(X: pd.DataFrame, asked: Examples, happened: Floats) -> Band:
        point = split.location.predict(X)
        ends = model.predict_int(point, sigmas=sigma(X), bins=coarse(look_bins(asked)), confidence=CONFIDENCE)
        return Band(ends[:, 0], point, ends[:, 1])

    return of


def equal_factor(y: Floats, band: Band, floor: Floats, coverage: float) -> float:
    """The least factor of a band's width, about its centre, at which it covers ``coverage`` of what happened.

    Args:
        y: what happened.
        band: intervals to stretch or shrink.
        floor: no end lies below it (the counter already seen).
        coverage: share to cover, 0 to 1.
    """
    below, above = band.centre - band.low, band.high - band.centre
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.where(y < band.centre, (band.centre - y) / below, (y - band.centre) / above)
    needed = np.where(y == band.centre, 0.0, np.where(y < floor, np.inf, np.maximum(needed, 0.0)))
    k = int(np.ceil(coverage * len(y) - 1e-9))
    return float(np.sort(needed)[k - 1]) if k else 0.0


def stretched(band: Band, factor: float, floor: Floats) -> Band:
    """A band of ``factor`` times the width, no end below the floor."""
    low = np.maximum(band.centre - factor * (band.centre - band.low), floor)
    high = np.maximum(band.centre + factor * (band.high - band.centre), floor)
    return replace(band, low=low, high=high)
