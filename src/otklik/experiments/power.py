"""How many posts an experiment needs, from how much the author's own posts differ: before the start, not after."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from otklik.experiments.blocks import KIND, WEEK, slot, week_of
from otklik.experiments.inference import ALPHA, detectable
from otklik.experiments.outcomes import REACH, REACTIONS, SHARING, Outcomes
from otklik.experiments.randomisation import Floats

FEW = 10
"""With fewer matured posts the spread is not taken from the author."""
N_HISTORY = 100
"""So many of the newest posts are looked at: what an author was years ago says little."""
MIN_DF = 8
"""With fewer degrees of freedom inside weeks the spread over all weeks is taken."""
TYPICAL_SD = {REACH: 0.9, REACTIONS: 1.0, SHARING: 0.75}
"""Spread of an author without history. Medians over authors with ten posts or more of the last 100 of one kind: log
views at 24 h 0.83 (97 channels of Korean Shorts) and 1.10 (56 news channels), settled views of 32 VK communities 0.58;
log likes 1.26 and 0.76; reposts per view on VK 0.77. ``tests/experiments/test_typical_sd.py`` measures them."""
LADDER = (5, 10, 20, 50, 100, 200)
"""Posts per variant for which the smallest effect is told."""
MIN_EFFICIENCY = 0.8
"""Weeks in which at least so much of the information is left are good blocks; otherwise kinds are better."""
MOST = 10_000
"""No experiment plans more posts per variant."""
HOPELESS = 100.0
"""An experiment that sees nothing below a hundredfold effect sees nothing."""
_N_DRAWS = 200
_MANY = 40


@dataclass(frozen=True, slots=True)
class History:
    """What an author's past says of the power of an experiment."""

    sd: float
    """Standard deviation of the log outcome inside blocks."""
    n: int
    """Matured posts that it comes from; with fewer than :data:`FEW` it is :data:`TYPICAL_SD`."""
    kind: str | None
    """The kind of these posts."""
    per_week: float
    """Posts that the author publishes in a week."""
    per_stratum: float
    """Posts in a typical block stratum: a week, or everything where blocks are kinds."""
    efficiency: float
    """Share of the information that is left by the draw inside blocks, as unfinished ones balance less well."""
    blocks: str

    @property
    def is_own(self) -> bool:
        """Whether the spread is the author's own."""
        return self.n >= FEW


def history_of(
    past: Outcomes, outcome: str, kind: str | None, blocks: str | None, n_variants: int, zone: str, now: datetime
) -> History:
    """What is known of an author's posts.

    Args:
        past: outcomes of the author's posts.
        outcome: which outcome they are of.
        kind: posts of which kind; the commonest of late when ``None``.
        blocks: week or kind; ``None`` takes weeks where they hold enough posts.
        n_variants: how many variants there will be.
        zone: time zone in which weeks begin.
        now: the instant.
    """
    kind = kind or _commonest(past.posts)
    rows = np.flatnonzero((past.posts["kind"] == kind).to_numpy())[-N_HISTORY:]
    weeks = np.array([week_of(at, zone) for at in past.posts["published_at"].iloc[rows]], dtype=object)
    sizes = np.unique(weeks, return_counts=True)[1]
    inside = week_efficiency(sizes, n_variants)
    chosen = blocks or (WEEK if inside >= MIN_EFFICIENCY else KIND)
    y = past.y[rows]
    known = np.isfinite(y)
    n, sd = int(known.sum()), TYPICAL_SD[outcome]
    if n >= FEW:
        sd = _spread(y[known], weeks[known] if chosen == WEEK else np.zeros(n))
    return History(
        sd=sd,
        n=n,
        kind=kind,
        per_week=_pace(past.posts["published_at"].iloc[rows], now),
        per_stratum=float(sizes.mean()) if chosen == WEEK and len(sizes) else math.inf,
        efficiency=inside if chosen == WEEK else 1.0,
        blocks=chosen,
    )


def smallest_effect(history: History, per_variant: int, n_variants: int) -> float | None:
    """The smallest effect that is found in four of five experiments, as a share (0.2 is 20 %).

    The level is :data:`~.inference.ALPHA` divided among the comparisons. ``None`` where nothing could be found: in
    weeks without both variants, or with so few posts that no arrangement of them is surprising. ``n`` pairs have
    ``2^n`` arrangements, and the real one and its mirror are as extreme as any, so ``p`` is at least ``2 / 2^n``.

    >>> past = History(0.9, 40, "short", 7.0, 7.0, 0.95, "week")
    >>> [round(smallest_effect(past, n, 2), 2) for n in (20, 200)], smallest_effect(past, 5, 2)
    ([1.32, 0.3], None)
    """
    posts, level = 2 * per_variant, ALPHA / (n_variants - 1)
    # A comparison uses the posts of two variants only.
    strata = 1 if math.isinf(history.per_stratum) else math.ceil(posts / (history.per_stratum * 2 / n_variants))
    df = posts - strata - 1
    if df < 1 or history.efficiency <= 0 or 2.0 ** (1 - per_variant) > level:
        return None
    found = detectable(history.sd, posts / 4 * history.efficiency, df, level)
    return math.expm1(found) if found < math.log(HOPELESS) else None


def posts_needed(history: History, effect: float, n_variants: int) -> int | None:
    """Posts per variant for which :func:`smallest_effect` is at most ``effect``; ``None`` beyond :data:`MOST`.

    >>> posts_needed(History(0.9, 40, "short", 7.0, 7.0, 0.95, "week"), 0.5, 2)
    83
    """
    low, high = 1, MOST
    if not _is_seen(history, high, n_variants, effect):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _is_seen(history, middle, n_variants, effect) else (middle, high)
    return high


def week_efficiency(sizes: Sequence[int] | np.ndarray, n_variants: int) -> float:
    """Share of the information left when variants are drawn inside weeks of these sizes; 0 without any.

    The information of a comparison is the sum over weeks of ``a b / (a + b)`` for ``a`` and ``b`` posts of the two
    variants; its mean over 200 draws of the real design is divided by that of a perfect balance.

    >>> [round(week_efficiency([size], 2), 2) for size in (1, 2, 4, 12)]
    [0.0, 0.83, 0.98, 1.0]
    """
    whole = [min(int(size), _MANY) for size in sizes]
    best = sum(size / n_variants / 2 for size in whole)
    left = {size: _information(size, n_variants) for size in set(whole)}
    return min(1.0, sum(left[size] for size in whole) / best) if best else 0.0


def _is_seen(history: History, per_variant: int, n_variants: int, effect: float) -> bool:
    found = smallest_effect(history, per_variant, n_variants)
    return found is not None and found <= effect


def _information(size: int, n_variants: int) -> float:
    names = [str(number) for number in range(n_variants)]
    total = 0.0
    for seed in range(_N_DRAWS):
        drawn = [slot(seed, "", n, names).variant for n in range(size)]
        first, other = drawn.count("0"), drawn.count("1")
        total += first * other / max(1, first + other)
    return total / _N_DRAWS


def _commonest(posts: pd.DataFrame) -> str | None:
    kinds = posts["kind"].tail(N_HISTORY)
    return str(kinds.mode().iloc[0]) if len(kinds) else None


def _spread(y: Floats, group: np.ndarray) -> float:
    """Standard deviation inside groups, or overall where too little is left inside."""
    _, code = np.unique(group.astype(str), return_inverse=True)
    sizes = np.bincount(code)
    df = len(y) - len(sizes)
    if df < MIN_DF:
        return float(np.std(y, ddof=1))
    left = y - (np.bincount(code, y) / sizes)[code]
    return math.sqrt(float(left @ left) / df)


def _pace(published: pd.Series, now: datetime) -> float:
    """Posts a week over the time that the looked-at posts span until now."""
    if not len(published):
        return 0.0
    weeks = (pd.Timestamp(now) - published.iloc[0]).total_seconds() / 604_800
    return float(len(published) / max(weeks, 1.0))
