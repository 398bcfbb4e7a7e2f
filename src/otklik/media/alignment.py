"""Two sets of peaks laid over each other: where they agree, how well, and whether that can be chance."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from otklik.media.fingerprint import BINS_PER_OCTAVE, Peaks

NEAR_FRAMES: Final = 1.5
NEAR_BINS: Final = 0.75
"""Peaks so close are the same peak: 35 ms and a quarter of a semitone."""
REACH: Final = 15
"""Frames around the voted diagonal in which the best one is looked for."""
TEMPI: Final = 1 + np.array(sorted(range(-12, 13), key=abs)) / 800
"""Tempi tried around the one of the form: 1.5 % either way, the form's own first."""
FINER: Final = 0.002
"""By so much a straight line through the common peaks may correct the tempo."""
ELSEWHERE: Final = (40, 240)
"""Frames beside the best diagonal over which agreement by chance is counted: the same music, not in step."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a sound of the library lies under a query."""

    semitones: float
    """By so much the query is higher."""
    tempo: float
    """So many times the query is as fast."""
    lag: float
    """Place in the library's sound minus ``tempo`` times the place in the query, in frames."""
    start: float
    end: float
    """Where the two begin and end to agree, in frames of the query."""
    n_common: int
    """Peaks of the library's sound that the query has too."""
    n_peaks: int
    """Peaks of the library's sound that lie under the query."""
    by_chance: float
    """Common peaks where the two do not lie in step, the mean over many places."""
    deviation: float
    """Standard deviation of that."""

    @property
    def share(self) -> float:
        """Common peaks as a share of those that could be common."""
        return self.n_common / max(self.n_peaks, 1)

    @property
    def surplus(self) -> float:
        """Common peaks beyond chance, in standard deviations; at least that of a Poisson count is taken."""
        return (self.n_common - self.by_chance) / max(self.deviation, self.by_chance**0.5, 1.0)

    @property
    def evidence(self) -> float:
        """How much better "the same" explains the common peaks than chance does: a log-likelihood ratio in nats.

        With n peaks, a share p of them common and a share q by chance it is n (p ln(p/q) + (1-p) ln((1-p)/(1-q))).
        Music that repeats itself agrees with itself out of step too, so the surplus of a true match can be small;
        its evidence is not.

        >>> one = Alignment(0.0, 1.0, 0.0, 0.0, 800.0, n_common=150, n_peaks=300, by_chance=15.0, deviation=4.0)
        >>> round(one.evidence)
        249
        """
        p, q = self.share, max(self.by_chance, 1.0) / max(self.n_peaks, 1)
        if p <= q:
            return 0.0
        missed = (1 - p) * log((1 - p) / (1 - q)) if p < 1 else 0.0
        return self.n_peaks * (p * log(p / q) + missed)


def align(query: Peaks, sound: Peaks, diagonal: float, semitones: float, tempo: float) -> Alignment | None:
    """The best alignment near a diagonal; ``None`` when no peak is common.

    Args:
        query: peaks of the query as it was heard.
        sound: all peaks of the library's sound.
        diagonal: about where it begins, place in the sound minus place in the changed query, in frames.
        semitones: about how much higher the query is.
        tempo: about how many times it is as fast.
    """
    form = query.changed(semitones, tempo)
    if len(form) == 0:
        return None
    margin = ELSEWHERE[1] + REACH
    part = sound.between(form.frames[0] + diagonal - margin, form.frames[-1] + diagonal + margin)
    mine, its = _pairs(form, part, diagonal, margin)
    best = _best_tempo(form.frames[mine], part.frames[its], diagonal)
    if best is None:
        return None
    ratio, lag = _fitted(form.frames[mine], part.frames[its], *best)
    apart = part.frames[its] - form.frames[mine] * ratio - lag
    hit = np.abs(apart) <= NEAR_FRAMES
    is_common = np.zeros(len(part), np.bool_)
    is_common[its[hit]] = True
    inside = slice(*np.searchsorted(part.frames, form.frames[[0, -1]] * ratio + lag + [-1, 1]))
    n_common, n_peaks = int(is_common[inside].sum()), len(is_common[inside])
    if n_common < 2:
        return None
    chance, deviation = _elsewhere(apart, its)
    first, last = _stretch(is_common[inside], chance / n_peaks)
    off = float(np.median(form.bins[mine[hit]] - part.bins[its[hit]])) * 12 / BINS_PER_OCTAVE
    return Alignment(
        semitones=semitones + off,
        tempo=tempo * ratio,
        lag=lag,
        start=float((part.frames[inside][first] - lag) / (tempo * ratio)),
        end=float((part.frames[inside][last] - lag) / (tempo * ratio)),
        n_common=n_common,
        n_peaks=n_peaks,
        by_chance=chance,
        deviation=deviation,
    )


def _pairs(form: Peaks, part: Peaks, diagonal: float, margin: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Peaks of the query and of the sound at the same height, near the diagonal."""
    apart = np.abs(form.bins[:, None] - part.bins[None, :]) <= NEAR_BINS
    late = part.frames[None, :] - form.frames[:, None] - diagonal
    mine, its = np.nonzero(apart & (np.abs(late) <= margin))
    return mine, its


def _stretch(is_common: NDArray[np.bool_], by_chance: float) -> tuple[int, int]:
    """First and last peak of the stretch in which peaks are common more often than by chance.

    Half way between chance and the share of the whole a peak counts for the stretch when it is common and against it
    when it is not; the stretch is the one with the highest sum (Bentley, "Programming Pearls", CACM 27(9), 1984).

    >>> _stretch(np.array([0, 1, 0, 0, 0, 1, 1, 1, 0, 1, 1, 0], np.bool_), 0.1)
    (5, 10)
    """
    worth = is_common - (by_chance + is_common.mean()) / 2
    sums = np.concatenate([[0.0], np.cumsum(worth)])
    lowest = np.minimum.accumulate(sums)
    last = int(np.argmax(sums - lowest))
    return int(np.argmin(sums[: last + 1])), max(last - 1, 0)


def _best_tempo(mine: NDArray[np.float64], its: NDArray[np.float64], diagonal: float) -> tuple[float, float] | None:
    """The tempo and lag at which most pairs agree."""
    best, found = 0, None
    near = np.abs(its - mine - diagonal) <= 2 * REACH
    mine, its = mine[near], its[near]
    for ratio in TEMPI:
        lags = np.sort(its - mine * ratio)
        lags = lags[np.abs(lags - diagonal) <= REACH]
        if len(lags) == 0:
            continue
        votes = np.searchsorted(lags, lags + 2 * NEAR_FRAMES, "right") - np.arange(len(lags))
        at = int(np.argmax(votes))
        if votes[at] > best:
            best, found = int(votes[at]), (float(ratio), float(np.median(lags[at : at + votes[at]])))
    return found


def _fitted(mine: NDArray[np.float64], its: NDArray[np.float64], ratio: float, lag: float) -> tuple[float, float]:
    """Tempo and lag of the straight line through the common peaks, where it is near the tempo tried."""
    hit = np.abs(its - mine * ratio - lag) <= NEAR_FRAMES
    x, y = mine[hit], its[hit]
    spread = float(np.sum((x - x.mean()) ** 2))
    if spread == 0.0:
        return ratio, lag
    slope = float(np.sum((x - x.mean()) * (y - y.mean()))) / spread
    return (slope, float(y.mean() - slope * x.mean())) if abs(slope - ratio) <= FINER else (ratio, lag)


def _elsewhere(apart: NDArray[np.float64], its: NDArray[np.int64]) -> tuple[float, float]:
    """Mean and deviation of the common peaks at diagonals beside the best one."""
    first, last = ELSEWHERE
    width = 2 * NEAR_FRAMES
    edges = np.arange(first, last, width)
    counts = []
    for side in (apart, -apart):
        slot = np.floor((side - first) / width).astype(np.int64)
        good = (slot >= 0) & (slot < len(edges) - 1)
        once = np.unique(slot[good] * (len(its) + int(its.max(initial=0)) + 1) + its[good])
        counts.append(np.bincount(once // (len(its) + int(its.max(initial=0)) + 1), minlength=len(edges) - 1))
    every = np.concatenate(counts)
    return float(every.mean()), float(every.std())
