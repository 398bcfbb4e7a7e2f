"""The drift alarm: whether the 80 % intervals of the last weeks' forecasts hold 80 % of what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.memory.figures import FEW, is_inside
from otklik.memory.outcomes import MATURED, Entry

WEEKS = 8
PROMISED = 0.8
ALPHA = 0.05
"""A deviation that chance brings less often than this is told."""

CALIBRATED, TOO_NARROW, TOO_WIDE, TOO_FEW = "calibrated", "too narrow", "too wide", "too few matured forecasts"


@dataclass(frozen=True, slots=True)
class Drift:
    """Coverage of the last weeks' 80 % intervals."""

    verdict: str
    """calibrated, too narrow, too wide, or too few matured forecasts."""
    n: int
    """Posts whose outcome became final in the last weeks; each counts once, by its first forecast."""
    weeks: int = WEEKS
    coverage: float | None = None
    low: float | None = None
    """95 % interval of the coverage (Clopper and Pearson 1934)."""
    high: float | None = None
    p_value: float | None = None
    """Of an exact binomial test against 0.80."""


def drift(entries: Sequence[Entry], now: datetime) -> Drift:
    """Judge the intervals of the posts that matured in the last weeks.

    Forecasts of one post share its outcome, so only the first of each is drawn into the test.

    Args:
        entries: remembered forecasts with their outcomes.
        now: the end of the last week.
    """
    since = now - timedelta(weeks=WEEKS)
    first: dict[object, Entry] = {}
    for one in entries:
        if one.state == MATURED and one.known_at is not None and since < one.known_at <= now:
            best = first.get(one.post)
            if best is None or one.forecast.made_at < best.forecast.made_at:
                first[one.post] = one
    if len(first) < FEW:
        return Drift(TOO_FEW, len(first))
    return judged(sum(map(is_inside, first.values())), len(first))


def judged(n_inside: int, n: int) -> Drift:
    """The verdict on ``n_inside`` of ``n`` outcomes inside their intervals.

    >>> judged(80, 100).verdict, judged(60, 100).verdict, judged(99, 100).verdict
    ('calibrated', 'too narrow', 'too wide')
    """
    from scipy.stats import binomtest

    test = binomtest(n_inside, n, PROMISED)
    ends = test.proportion_ci(1 - ALPHA)
    verdict = CALIBRATED
    if test.pvalue < ALPHA:
        verdict = TOO_NARROW if n_inside / n < PROMISED else TOO_WIDE
    return Drift(verdict, n, WEEKS, n_inside / n, float(ends.low), float(ends.high), float(test.pvalue))
