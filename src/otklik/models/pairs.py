"""Which of two posts of one author reaches more: a chance learned from pairs whose outcome is known.

Two drafts of one author share nearly all of their uncertainty (the author, the week, the platform), so two intervals
set side by side would call everything a tie. What a difference of forecasts is worth is therefore counted: among
pairs of posts by one author, out within :data:`WITHIN_H` of each other, how often the one that was forecast higher by
``d`` (a difference of logs) really went higher. One parameter is fitted, through a coin's toss at no difference:

    ``P(higher | d) = 1 / (1 + exp(-slope * d))``

(Bradley and Terry 1952, with the forecasts as strengths). A Gaussian prior draws the slope to 0; pairs that share a
post are not independent, so they count together as many times as there are posts.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from otklik.models.base import Floats

Ints = NDArray[np.int64]

WITHIN_H = 30 * 24.0
"""Posts further apart than this are no pair: an author's rise or fall would be taken for a difference of posts."""
NEIGHBOURS = 20
"""Each post is paired with so many of its author's next posts, so that the busiest author is not all there is."""
PRIOR_SD = 1.0
"""Of the slope, around 0: with few pairs every two drafts are a tie."""
TIE = 0.05
"""A chance within so much of one half is a tie."""
FEW_PAIRS = 200
"""With fewer pairs behind it a chance is told with a warning."""
MOST = math.log(4.0)
"""Forecasts further apart count as this far apart: larger differences hardly occur between drafts of one author."""
SPREAD_LEVEL = 0.8
_US_PER_H = 3_600_000_000
_MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class PairLaw:
    """What a difference of two forecasts for one author is worth."""

    slope: float
    """Log odds of going higher for each unit of log difference; 0 says that the order of forecasts tells nothing."""
    n_pairs: int
    n_authors: int
    realised: float = 0.0
    """Share of a difference of forecasts that shows in the outcomes, on average."""
    spread: float | None = None
    """Eight of ten pairs end within ``realised * d`` plus or minus this (logs); ``None`` without pairs."""

    def chance(self, d: float) -> float:
        """P(the first goes higher than the second).

        Args:
            d: log forecast of the first minus log forecast of the second.

        >>> PairLaw(1.0, 500, 20).chance(0.0), round(PairLaw(1.0, 500, 20).chance(0.7), 2)
        (0.5, 0.67)
        """
        # The logistic function, written so that a steep slope cannot overflow.
        return 0.5 * (1 + math.tanh(0.5 * self.slope * min(max(d, -MOST), MOST)))

    def is_tie(self, d: float) -> bool:
        """Whether the model cannot tell which goes higher.

        >>> PairLaw(1.0, 500, 20).is_tie(0.1), PairLaw(1.0, 500, 20).is_tie(0.5)
        (True, False)
        """
        return abs(self.chance(d) - 0.5) <= TIE

    def ratio(self, d: float) -> tuple[float, float, float] | None:
        """Outcome of the first over outcome of the second, at 10, 50 and 90 %; ``None`` without pairs.

        >>> PairLaw(1.0, 500, 20, realised=1.0, spread=math.log(2)).ratio(math.log(1.5))
        (0.75, 1.5, 3.0)
        """
        if self.spread is None:
            return None
        middle = self.realised * d
        low, mid, high = (round(math.exp(middle + side * self.spread), 6) for side in (-1, 0, 1))
        return low, mid, high

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types, for a model's card."""
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> PairLaw:
        """The inverse of :meth:`to_dict`.

        >>> PairLaw.from_dict(PairLaw(0.5, 40, 3).to_dict())
        PairLaw(slope=0.5, n_pairs=40, n_authors=3, realised=0.0, spread=None)
        """
        return cls(**{name: plain[name] for name in cls.__dataclass_fields__ if name in plain})


def fit_pairs(y_log: Floats, point: Floats, author: Ints, published: Ints) -> PairLaw:
    """The law of pairs from forecasts that were made without knowing the outcome.

    Args:
        y_log: what happened, ``log(1 + count)``, shape ``(n,)``; NaN where it is not known.
        point: what was forecast, on the same scale, shape ``(n,)``: from a backtest, never from the training rows.
        author: number of each post's author, shape ``(n,)``.
        published: publication in microseconds since 1970, shape ``(n,)``.

    Returns:
        The law; without a single pair its slope is 0, ``n_pairs`` 0, and every two drafts are a tie.
    """
    said, came, first, second = differences(y_log, point, author, published)
    if len(said) == 0:
        return PairLaw(0.0, 0, 0)
    weight = len(np.unique(np.concatenate([first, second]))) / len(said)
    slope = _slope(said, np.where(came > 0, 1.0, np.where(came == 0, 0.5, 0.0)), weight)
    realised = float(weight * (said @ came) / (weight * (said @ said) + 1 / PRIOR_SD**2))
    spread = float(np.quantile(np.abs(came - realised * said), SPREAD_LEVEL))
    n_authors = len(np.unique(np.asarray(author)[first]))
    return PairLaw(round(slope, 4), len(said), n_authors, round(realised, 4), round(spread, 4))


def differences(y_log: Floats, point: Floats, author: Ints, published: Ints) -> tuple[Floats, Floats, Ints, Ints]:
    """Pairs of neighbouring posts of one author, the one forecast higher first.

    Args:
        y_log: what happened, ``log(1 + count)``, shape ``(n,)``.
        point: what was forecast, shape ``(n,)``.
        author: number of each post's author, shape ``(n,)``.
        published: publication in microseconds since 1970, shape ``(n,)``.

    Returns:
        How much higher the first was forecast (more than 0, at most :data:`MOST`), how much higher it went, and the
        rows of the first and of the second, each of shape ``(n_pairs,)``.
    """
    kept = np.flatnonzero(np.isfinite(y_log) & np.isfinite(point))
    order = kept[np.lexsort((published[kept], author[kept]))]
    pairs = [_apart(order, step, author, published) for step in range(1, min(NEIGHBOURS, len(order) - 1) + 1)]
    a, b = (np.concatenate(side) for side in zip(*pairs, strict=True)) if pairs else (order[:0], order[:0])
    said = point[a] - point[b]
    first, second = np.where(said > 0, a, b), np.where(said > 0, b, a)
    told = said != 0
    first, second = first[told], second[told]
    return np.minimum(np.abs(said[told]), MOST), y_log[first] - y_log[second], first, second


def _apart(order: Ints, step: int, author: Ints, published: Ints) -> tuple[Ints, Ints]:
    """Each post with the one ``step`` places later, where that is of the same author and near in time."""
    a, b = order[:-step], order[step:]
    near = (author[a] == author[b]) & (published[b] - published[a] <= WITHIN_H * _US_PER_H)
    return a[near], b[near]


def _slope(said: Floats, won: Floats, weight: float) -> float:
    """The most probable slope, never below 0: Newton's method on a concave function of one number."""
    slope = 0.0
    for _ in range(_MOST_STEPS):
        p = 1 / (1 + np.exp(-slope * said))
        gradient = weight * float(said @ (won - p)) - slope / PRIOR_SD**2
        bend = weight * float((said**2) @ (p * (1 - p))) + 1 / PRIOR_SD**2
        step = gradient / bend
        slope = max(slope + step, 0.0)
        if abs(step) < 1e-8 or slope == 0.0:
            break
    return slope
