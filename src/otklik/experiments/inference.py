r"""Randomisation inference: the only thing that is assumed is the draw that the tool itself made.

The effect is ``t = sum z y / sum z^2`` with ``y`` the log outcome and ``z`` the indicator of the variant under test
less its mean inside the stratum: a difference of logs inside weeks (or kinds). The test statistic is
``|sum z (y - tau w)| / sqrt(sum z^2)``, which makes arrangements of unequal balance comparable. Under the hypothesis
that the variant multiplies the outcome of every post by ``exp(tau)``, ``y - tau w`` is the same in whatever
arrangement, so the p value is the share of arrangements whose statistic is at least the one observed, and is valid at
any number of posts (Fisher 1935; Rosenbaum 2002, ch. 2; Imbens and Rubin 2015, ch. 5).

The interval holds every ``tau`` that is not rejected. For each arrangement the ``tau`` at which it is at least as
extreme as the real one form an interval around ``t`` (by Cauchy and Schwarz), so its ends have a closed form:
``(t s - a) / (s - b)`` and ``(t s + a) / (s + b)`` with ``a = sum z y / sqrt(sum z^2)``, ``b`` the same of ``w``, and
``s`` the real ``sqrt(sum w^2)``; no search is made.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from otklik.experiments.randomisation import EXACT, Arrangements, Floats, Posts, arrangements

ALPHA = 0.05
POWER = 0.8
_ALIKE = 1e-9
"""Two statistics closer than that, relative to their size, are equal: sums of floats come in any order."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two variants compared, on the log scale."""

    n_first: int
    n_other: int
    effect: float | None
    """Difference of logs; ``None`` where no stratum holds both variants."""
    low: float | None
    """Lower end of the interval; ``None`` where the posts are too few to bound it."""
    high: float | None
    p: float | None
    n_arrangements: int
    """How many arrangements were looked at."""
    is_exact: bool
    """Whether these are all that the design could give; otherwise they were drawn from it."""
    detectable: float | None
    """The smallest effect that a design like this one would find in four of five experiments."""


def compare(posts: Posts, alpha: float = ALPHA, seed: int = 0, n_draws: int = EXACT) -> Comparison:
    """Effect, interval and p value of the variant under test against another.

    Args:
        posts: the posts of both that have an outcome.
        alpha: 1 less the level of the interval.
        seed: of the draws, where arrangements are too many to enumerate.
        n_draws: as many are enumerated or drawn.
    """
    n_first = int(posts.is_first.sum())
    n_other = len(posts) - n_first
    real = _real(posts) if len(posts) else (0.0, 0.0)
    if real[0] <= 0:
        return Comparison(n_first, n_other, None, None, None, None, 0, True, None)
    possible = arrangements(posts, seed, n_draws)
    effect = real[1] / real[0]
    low, high = _ends(possible, effect, math.sqrt(real[0]))
    return Comparison(
        n_first=n_first,
        n_other=n_other,
        effect=effect,
        low=_bound(-low, possible.weight, alpha, -1.0),
        high=_bound(high, possible.weight, alpha, 1.0),
        p=min(1.0, float(possible.weight[(low <= 0) & (high >= 0)].sum())),
        n_arrangements=len(possible),
        is_exact=possible.is_exact,
        detectable=_detectable(posts, effect, real[0], alpha),
    )


def detectable(sd: float, information: float, df: float, alpha: float = ALPHA, power: float = POWER) -> float:
    """The smallest difference of logs that is found with a given power.

    ``(t[1 - alpha / 2] + t[power]) sd / sqrt(sum z^2)``, quantiles of Student's t.

    Args:
        sd: standard deviation of the log outcome inside strata.
        information: ``sum z^2``: a quarter of the number of posts where both variants stand equally often.
        df: degrees of freedom left.
        alpha: two-sided level.
        power: how likely the effect is to be found.

    >>> round(detectable(0.8, 100.0, 398.0), 3)
    0.225
    """
    from scipy.stats import t

    return float((t.ppf(1 - alpha / 2, df) + t.ppf(power, df)) * sd / math.sqrt(information))


def _centred(values: Floats, posts: Posts) -> Floats:
    sizes = np.fmax(np.bincount(posts.stratum), 1)
    return values - (np.bincount(posts.stratum, values) / sizes)[posts.stratum]


def _real(posts: Posts) -> tuple[float, float]:
    """``sum w^2`` and ``sum w y`` of what was really drawn."""
    w = _centred(posts.is_first.astype(np.float64), posts)
    return float(w @ w), float(w @ posts.y)


def _ends(possible: Arrangements, effect: float, size: float) -> tuple[Floats, Floats]:
    """Between which ``tau`` each arrangement is at least as extreme as the real one, shape ``(d,)`` each."""
    root = np.sqrt(np.where(possible.zz > 0, possible.zz, 1.0))
    a, b = possible.zy / root, possible.zw / root
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.stack([(effect * size - a) / (size - b), (effect * size + a) / (size + b)])
    # Arrangements that mirror the real one, and that itself, are as extreme as it whatever the effect.
    is_same = np.abs(b) >= size * (1 - _ALIKE)
    spread = _ALIKE * (abs(effect) + 1e-300)
    low = np.where(is_same, -np.inf, ends.min(axis=0) - spread)
    return low, np.where(is_same, np.inf, ends.max(axis=0) + spread)


def _bound(ends: Floats, weight: Floats, alpha: float, sign: float) -> float | None:
    """The furthest ``tau`` whose p value is above ``alpha``."""
    order = np.argsort(-ends, kind="stable")
    at = int(np.searchsorted(np.cumsum(weight[order]), alpha * (1 + _ALIKE), side="right"))
    found = float(ends[order[min(at, len(order) - 1)]])
    return sign * found if math.isfinite(found) else None


def _detectable(posts: Posts, effect: float, information: float, alpha: float) -> float | None:
    df = len(posts) - len(np.unique(posts.stratum)) - 1
    if df < 1:
        return None
    left = _centred(posts.y - effect * posts.is_first, posts)
    return detectable(math.sqrt(float(left @ left) / df), information, df, alpha)
