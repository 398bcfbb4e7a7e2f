"""Probabilities from a quantile curve: one curve answers every question, so that the answers agree."""

from __future__ import annotations

import numpy as np

from otklik.models.base import LEVELS, Floats

LEAST_SLOPE = 1e-3
"""Quantiles closer than this (on the log scale, a level of .05 apart) count as this far apart."""


def chance_above(quantiles: Floats, threshold: Floats) -> Floats:
    """P(outcome > threshold) of each example.

    Between quantiles the curve is a straight line; beyond the outermost two the chance falls exponentially, at the
    pace of the last stretch.

    Args:
        quantiles: at :data:`otklik.models.base.LEVELS`, never falling, on the log scale, shape ``(n, len(LEVELS))``.
        threshold: on the same scale, shape ``(n,)``.

    Returns:
        Shape ``(n,)``, between 0 and 1; NaN where the threshold is.

    >>> quantiles = np.linspace(1.0, 19.0, 19)[None, :]
    >>> chance_above(quantiles, np.array([10.0])).round(3).tolist()
    [0.5]
    """
    n, last = len(threshold), len(LEVELS) - 1
    # Equal quantiles (a counter already seen is a floor) are set apart by next to nothing, so that they have an order.
    curve = quantiles + np.arange(len(LEVELS)) * 1e-9
    at = np.array([np.searchsorted(curve[i], threshold[i]) for i in range(n)])
    inner = np.clip(at, 1, last)
    each = np.arange(n)
    low, high = curve[each, inner - 1], curve[each, inner]
    share = np.clip((threshold - low) / (high - low), 0.0, 1.0)
    below = LEVELS[inner - 1] + share * (LEVELS[inner] - LEVELS[inner - 1])
    tail, step = float(LEVELS[0]), float(LEVELS[1] - LEVELS[0])
    pace = {
        side: step / np.maximum(gap, LEAST_SLOPE) / tail
        for side, gap in (("low", curve[:, 1] - curve[:, 0]), ("high", curve[:, -1] - curve[:, -2]))
    }
    below = np.where(at == 0, tail * np.exp(np.minimum(threshold - curve[:, 0], 0.0) * pace["low"]), below)
    above_top = tail * np.exp(-np.maximum(threshold - curve[:, -1], 0.0) * pace["high"])
    return np.where(np.isnan(threshold), np.nan, np.where(at > last, above_top, 1 - below))
