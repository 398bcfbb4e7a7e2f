"""Rolling conformal calibration: how far the last matured forecasts were off, in units of their own scale.

A forecast's quantile at level q is ``point + scale * Q(q)``, where Q is the empirical quantile of the scores
``z = (y - point) / scale`` of the last matured examples of the same stratum, known before the cutoff: split
conformal prediction with normalised scores (Lei et al. 2018) over a sliding window. Where the intervals of a
stratum keep missing, they are stretched step by step until they no longer do (adaptive conformal inference,
Gibbs and Candes 2021): a window alone is late when a platform drifts.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from otklik.dataset.targets import NEVER
from otklik.features import Table
from otklik.models.base import LEVELS, Floats, Prediction, is_live

WINDOW = 500
"""How many of the last matured examples of a stratum calibrate a forecast."""
MIN_SCORES = 60
"""With fewer in the stratum a coarser one calibrates; with fewer there too, the forecast is uncalibrated."""
STRATUM_EDGES_H: Floats = np.array([0.0, 1.0, 2.0, 4.0, 6.0, 12.0])
"""Age bins of the last look in which live forecasts are calibrated apart."""
N_BINS = 64
"""More than there are age bins."""
STEP = 0.05
"""How far one miss stretches the later intervals of its stratum, in logs."""
LEAK = 0.98
"""What is left of a stretch after one more outcome: a spell of misses long ago does not widen for ever."""
MOST_STRETCH = 0.7
"""Intervals are never stretched or shrunk beyond a factor of two."""
WIDEN = 1.5
"""An uncalibrated interval is a Laplace law with this many times the expected error."""

MEDIAN = len(LEVELS) // 2
ROOM = 5
"""How many levels from the median the point of a draft may lie: within the quartiles."""
LOW, HIGH = 1, len(LEVELS) - 2
"""Columns of the 80 % interval, the one whose coverage is watched."""

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Scores:
    """Scores of matured examples: what calibrates later forecasts."""

    z: Floats
    stratum: Ints
    cutoff_us: Ints
    known_us: Ints

    @classmethod
    def none(cls) -> Scores:
        """No score at all."""
        return cls(np.empty(0), *(np.empty(0, np.int64) for _ in range(3)))

    @classmethod
    def of(cls, table: Table, point: Floats, scale: Floats) -> Scores:
        """Scores of the examples of a table whose label is known.

        A post that was looked at many times inside one stratum counts once, by its last look: an interval that
        rests on sixty looks at five posts would be an interval from five posts.
        """
        stratum, cutoff = strata(table), table.meta["cutoff_us"].to_numpy()
        known = np.isfinite(table.y_log) & (table.meta["known_us"].to_numpy() < NEVER)
        order = np.lexsort((cutoff, stratum, table.meta["row"].to_numpy()))
        order = order[known[order]]
        post = np.stack([table.meta["row"].to_numpy()[order], stratum[order]])
        kept = order[np.append((np.diff(post) != 0).any(axis=0), True)[: len(order)]]
        z = (table.y_log - point) / scale
        return cls(z[kept], stratum[kept], cutoff[kept], table.meta["known_us"].to_numpy()[kept])

    def __add__(self, other: Scores) -> Scores:
        return Scores(
            np.concatenate([self.z, other.z]),
            np.concatenate([self.stratum, other.stratum]),
            np.concatenate([self.cutoff_us, other.cutoff_us]),
            np.concatenate([self.known_us, other.known_us]),
        )

    def __len__(self) -> int:
        return len(self.z)

    def at(self, index: Ints) -> Scores:
        """The scores that an index or a mask picks."""
        return Scores(self.z[index], self.stratum[index], self.cutoff_us[index], self.known_us[index])

    def newest(self, n: int) -> Scores:
        """The newest ``n`` scores of each stratum, in the order in which they became known."""
        order = np.argsort(self.known_us, kind="stable")
        kept = [order[self.stratum[order] == s][-n:] for s in np.unique(self.stratum)]
        return self.at(np.sort(np.concatenate(kept)) if kept else order)


def strata(table: Table) -> Ints:
    """Calibration stratum of each example: platform and kind (a checksum of the names) x age bin of the last look.

    The bin is the stratum modulo :data:`N_BINS`: 0 for drafts, 1 ... for live posts.
    """
    bins = np.searchsorted(STRATUM_EDGES_H, np.nan_to_num(table.meta["look_age_h"].to_numpy()), side="right")
    bins = np.where(is_live(table), np.maximum(bins, 1), 0).astype(np.int64)
    names = table.meta["platform"] + "/" + table.meta["kind"]
    codes = {name: zlib.crc32(name.encode()) for name in names.unique()}
    return names.map(codes).to_numpy(np.int64) * N_BINS + bins


def calibrated(table: Table, point: Floats, scale: Floats, scores: Scores, *, is_median: bool) -> Prediction:
    """Quantiles of each example from the scores known before its cutoff.

    Args:
        table: the examples to forecast.
        point: location of each, shape ``(n,)``.
        scale: scale of each, shape ``(n,)``.
        scores: matured examples; those that were not yet known at an example's cutoff are not used for it.
        is_median: whether the point takes the place of the median (ours), held between the quantiles next to it for
            live posts and between the quartiles for drafts; else it stays as said (baselines, judged as published).
    """
    stratum, cutoff = strata(table), table.meta["cutoff_us"].to_numpy()
    z, n_used = _quantiles(stratum, cutoff, scores)
    stretched = z * np.exp(_stretch(stratum, cutoff, scores))[:, None]
    quantiles = point[:, None] + scale[:, None] * stretched
    floor = np.where(is_live(table), np.log1p(np.nan_to_num(table.meta["size"].to_numpy())), 0.0)
    quantiles = np.maximum(quantiles, floor[:, None])
    if is_median:
        # Points of drafts have more room: moving each by its own spread would reorder an author's posts.
        room = np.where(is_live(table), 1, ROOM)
        each = np.arange(len(point))
        low, high = quantiles[each, MEDIAN - room], quantiles[each, MEDIAN + room]
        point = np.minimum(np.maximum(point, low), high)
        quantiles[:, MEDIAN] = point
        quantiles[:, :MEDIAN] = np.minimum(quantiles[:, :MEDIAN], point[:, None])
        quantiles[:, MEDIAN:] = np.maximum(quantiles[:, MEDIAN:], point[:, None])
    return Prediction(point, quantiles, n_used)


def _same(stratum: Ints) -> Ints:
    return stratum


def _bin(stratum: Ints) -> Ints:
    return stratum % N_BINS


def _task(stratum: Ints) -> Ints:
    return (stratum % N_BINS > 0).astype(np.int64)


_COARSEST_FIRST = (_task, _bin, _same)
"""From the whole task to the stratum: the finest that has enough scores calibrates."""


def _quantiles(stratum: Ints, cutoff: Ints, scores: Scores) -> tuple[Floats, Ints]:
    """Quantiles of z at LEVELS for each (stratum, cutoff), and how many scores they rest on (0: uncalibrated)."""
    z, n_used = np.tile(_uncalibrated(), (len(stratum), 1)), np.zeros(len(stratum), np.int64)
    for coarser in _COARSEST_FIRST:
        finer, n_known = _window_quantiles(coarser(stratum), cutoff, coarser(scores.stratum), scores)
        enough = n_known >= MIN_SCORES
        z[enough], n_used[enough] = finer[enough], n_known[enough]
    return z, n_used


def _window_quantiles(group: Ints, cutoff: Ints, score_group: Ints, scores: Scores) -> tuple[Floats, Ints]:
    """Quantiles at LEVELS of the last WINDOW scores of each group known at each cutoff, and how many there were."""
    quantiles = np.full((len(group), len(LEVELS)), np.nan)
    n_known = np.zeros(len(group), np.int64)
    for g in np.unique(group):
        mine = score_group == g
        order = np.argsort(scores.known_us[mine], kind="stable")
        known, z = scores.known_us[mine][order], scores.z[mine][order]
        rows = np.flatnonzero(group == g)
        ends = np.searchsorted(known, cutoff[rows], side="right")
        n_known[rows] = np.minimum(ends, WINDOW)
        for end in np.unique(ends[ends >= MIN_SCORES]):
            window = z[max(0, end - WINDOW) : end]
            quantiles[rows[ends == end]] = np.quantile(window, _finite_sample(len(window)))
    return quantiles, n_known


def _stretch(stratum: Ints, cutoff: Ints, scores: Scores) -> Floats:
    """Log factor by which the intervals of each (stratum, cutoff) are stretched, from misses known by then."""
    stretch, asked = np.zeros(len(stratum)), np.unique(stratum)
    near = scores.at(np.flatnonzero(np.isin(scores.stratum, asked)))
    z, n_used = _quantiles(near.stratum, near.cutoff_us, scores)
    for s in asked:
        mine = np.flatnonzero((near.stratum == s) & (n_used > 0))
        mine = mine[np.argsort(near.known_us[mine], kind="stable")]
        known, levels = _stretch_line(near.at(mine), z[mine, LOW], z[mine, HIGH])
        rows = np.flatnonzero(stratum == s)
        stretch[rows] = levels[np.searchsorted(known, cutoff[rows], side="right")]
    return stretch


def _stretch_line(scores: Scores, low: Floats, high: Floats) -> tuple[list[int], Floats]:
    """The stretch of one stratum after each score in the order of knowing: instants, and one level more than those."""
    known: list[int] = []
    levels = [0.0]
    asked_miss = 1 - float(LEVELS[HIGH] - LEVELS[LOW])
    for z, cutoff, at, lo, hi in zip(scores.z, scores.cutoff_us, scores.known_us, low, high, strict=True):
        factor = np.exp(levels[bisect_right(known, cutoff)])
        missed = not lo * factor <= z <= hi * factor
        level = LEAK * levels[-1] + STEP * (missed - asked_miss)
        levels.append(float(np.clip(level, -MOST_STRETCH, MOST_STRETCH)))
        known.append(at)
    return known, np.array(levels)


def _finite_sample(n: int) -> Floats:
    """Levels moved outwards by the conformal correction ``(n + 1) / n``."""
    away = np.abs(LEVELS - 0.5) * (n + 1) / n
    return np.clip(0.5 + np.sign(LEVELS - 0.5) * away, 0.0, 1.0)


def _uncalibrated() -> Floats:
    """Scores of a Laplace law, widened: what is assumed while nothing has matured."""
    return -WIDEN * np.sign(LEVELS - 0.5) * np.log1p(-2 * np.abs(LEVELS - 0.5))
