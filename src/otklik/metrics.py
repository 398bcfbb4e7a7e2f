"""Scores of forecasts against what happened: plain arrays in, plain numbers out, no model knowledge.

``y`` is what happened and ``point`` what was forecast, both on the log scale ``log(1 + count)``, shape ``(n,)``.
``quantiles`` are forecast quantiles on the same scale, shape ``(n, k)``, at ``levels``, shape ``(k,)``.
Definitions follow Gneiting and Raftery (2007) for the pinball score and CRPS.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DIFFERENT = 1.25
"""Two counts differ when one is at least a quarter larger: pairs closer than that are ties to a person."""


def log_mae(y: Floats, point: Floats) -> float:
    """Mean of ``|y - point|``: its exponential is the typical factor by which a forecast is off.

    >>> round(log_mae(np.log1p([100.0]), np.log1p([200.0])), 3)
    0.688
    """
    return float(np.mean(np.abs(y - point))) if len(y) else float("nan")


def mdape(y: Floats, point: Floats) -> float:
    """Median absolute error relative to what happened (counts, not logs); posts that got nothing are left out.

    >>> mdape(np.log1p([100.0, 100.0, 100.0]), np.log1p([90.0, 150.0, 100.0])).__round__(3)
    0.1
    """
    happened, said = np.expm1(y), np.expm1(point)
    seen = happened > 0
    return float(np.median(np.abs(said[seen] / happened[seen] - 1))) if seen.any() else float("nan")


def within_factor(y: Floats, point: Floats, factor: float = 2.0) -> float:
    """Share of forecasts off by at most ``factor`` either way.

    >>> within_factor(np.log1p([100.0, 100.0]), np.log1p([60.0, 300.0]))
    0.5
    """
    return float(np.mean(np.abs(y - point) <= np.log(factor))) if len(y) else float("nan")


def spearman(y: Floats, point: Floats) -> float:
    """Rank correlation; NaN when either side does not vary.

    >>> spearman(np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 40.0]))
    1.0
    """
    if len(y) < 2 or np.ptp(y) == 0 or np.ptp(point) == 0:
        return float("nan")
    return float(np.corrcoef(_ranks(y), _ranks(point))[0, 1].round(12))


def _ranks(values: Floats) -> Floats:
    """Average ranks, ties sharing one."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]


def pair_accuracy(y: Floats, point: Floats, author: NDArray[np.int64], different: float = DIFFERENT) -> float:
    """Of two posts of one author that really differ, how often the forecast orders them right; a tie counts half.

    Every pair inside an author counts once; 0.5 is a coin.

    >>> pair_accuracy(np.log1p([10.0, 20.0, 21.0]), np.log1p([1.0, 2.0, 2.0]), np.array([7, 7, 7]))
    1.0
    """
    right, total = pair_counts(y, point, author, different)
    return float(right.sum() / total.sum()) if total.sum() else float("nan")


def pair_counts(
    y: Floats, point: Floats, author: NDArray[np.int64], different: float = DIFFERENT
) -> tuple[Floats, Floats]:
    """Pairs that the forecast orders right and pairs that really differ, one of each an author, in order of number.

    >>> [counts.tolist() for counts in pair_counts(np.log([1.0, 2.0, 9.0]), np.zeros(3), np.array([7, 7, 8]))]
    [[0.5, 0.0], [1.0, 0.0]]
    """
    right, total = [], []
    order = np.argsort(author, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(author[order])) + 1):
        first, second = np.triu_indices(len(rows), k=1)
        gap = y[rows][first] - y[rows][second]
        said = point[rows][first] - point[rows][second]
        counts = np.abs(gap) >= np.log(different)
        total.append(float(counts.sum()))
        right.append(float((np.sign(gap[counts]) == np.sign(said[counts])).sum() + 0.5 * (said[counts] == 0).sum()))
    return np.array(right), np.array(total)


def pinball(y: Floats, quantiles: Floats, levels: Floats) -> Floats:
    """Mean pinball loss at each level, shape ``(k,)``: ``max(q (y - f), (q - 1) (y - f))``.

    >>> pinball(np.array([1.0]), np.array([[0.0]]), np.array([0.9])).tolist()
    [0.9]
    """
    gap = y[:, None] - quantiles
    return np.mean(np.maximum(levels * gap, (levels - 1) * gap), axis=0)


def crps(y: Floats, quantiles: Floats, levels: Floats) -> float:
    """Continuous ranked probability score, as twice the mean pinball loss over evenly spaced levels."""
    return float(2 * np.mean(pinball(y, quantiles, levels))) if len(y) else float("nan")


def coverage(y: Floats, low: Floats, high: Floats) -> float:
    """Share of what happened that lies inside ``[low, high]``.

    >>> coverage(np.array([1.0, 2.0]), np.array([0.0, 0.0]), np.array([1.0, 1.0]))
    0.5
    """
    return float(np.mean((y >= low) & (y <= high))) if len(y) else float("nan")


def width(low: Floats, high: Floats) -> float:
    """Mean width of the intervals on the log scale: ``exp`` of it is the ratio of the upper to the lower end."""
    return float(np.mean(high - low)) if len(low) else float("nan")


def lift_at(y: Floats, point: Floats, share: float = 0.1) -> float:
    """How many times more true hits the top ``share`` of forecasts holds than chance would.

    A hit is one of the top ``share`` of what happened.

    >>> lift_at(np.arange(10.0), np.arange(10.0))
    10.0
    """
    k = max(1, round(share * len(y)))
    if len(y) < 2:
        return float("nan")
    hits = y >= np.sort(y)[-k]
    top = np.argsort(-point, kind="stable")[:k]
    return float(hits[top].mean() / hits.mean())


def reliability(chance: Floats, happened: NDArray[np.bool_], n_bins: int = 15) -> list[tuple[float, float, int]]:
    """Chances in bins of equal numbers: the mean chance told, the share that happened, and how many, of each bin.

    >>> reliability(np.array([0.2, 0.2, 0.8, 0.8]), np.array([False, False, True, True]), n_bins=2)
    [(0.2, 0.0, 2), (0.8, 1.0, 2)]
    """
    order = np.argsort(chance, kind="stable")
    parts = np.array_split(order, min(n_bins, len(order))) if len(order) else []
    return [(float(chance[part].mean()), float(happened[part].mean()), len(part)) for part in parts]


def ece(chance: Floats, happened: NDArray[np.bool_], n_bins: int = 15) -> float:
    """Expected calibration error: the mean distance between chances told and shares that happened, over bins.

    >>> round(ece(np.array([0.2, 0.2, 0.8, 0.8]), np.array([False, False, True, True]), n_bins=2), 3)
    0.2
    """
    bins = reliability(chance, happened, n_bins)
    total = sum(n for _, _, n in bins)
    return sum(abs(told - came) * n for told, came, n in bins) / total if total else float("nan")


def cluster_bootstrap(
    total: Floats, weight: Floats, cluster: NDArray[np.int64], *, n_draws: int = 1000, seed: int = 0
) -> Floats:
    """Draws of ``sum(total) / sum(weight)`` when whole clusters are drawn with replacement.

    Args:
        total: numerator of each row, shape ``(n,)`` or ``(n, k)`` for ``k`` paired quantities.
        weight: denominator of each row, shape ``(n,)``.
        cluster: cluster of each row (an author), shape ``(n,)``.
        n_draws: how many draws.
        seed: of the random draws; equal seeds pair the draws of two calls on the same clusters.

    Returns:
        Shape ``(n_draws,)`` or ``(n_draws, k)``.
    """
    names, code = np.unique(cluster, return_inverse=True)
    n = len(names)
    rows = total.reshape(len(total), -1)
    sums = np.stack([np.bincount(code, rows[:, i], n) for i in range(rows.shape[1])], axis=1)
    weights = np.bincount(code, weight, n)
    picks = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=n_draws).astype(np.float64)
    return ((picks @ sums) / (picks @ weights)[:, None]).reshape(n_draws, *total.shape[1:])
