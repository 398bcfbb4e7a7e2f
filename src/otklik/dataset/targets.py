"""What is to be forecast: the counter at the horizon, or the mature counter, with its quality.

This is the one place where a counter is read after the moment that it speaks of. Everything here says when
it became known (``known_at``), so that an author's history can be cut off honestly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from otklik.dataset.corpus import US_PER_H, Corpus, Ints
from otklik.errors import ConfigurationError
from otklik.units import DAY

NEVER = np.iinfo(np.int64).max
"""An instant that has not come: the value is not known yet."""


@dataclass(frozen=True, slots=True)
class Target:
    """One number to forecast.

    With ``horizon_h`` the target is the counter at that age. A look on each side of the horizon at most
    ``max_bracket_h`` apart, or any look within ``near_h`` of it, makes a label. Without a horizon the target
    is *mature*: the first look at or after ``settled_h``, for data observed long after publication.
    """

    name: str
    counter: str
    horizon_h: float | None = DAY
    max_bracket_h: float = 9.0
    near_h: float = 2.0
    settled_h: float = 30 * DAY

    @property
    def wait_h(self) -> float:
        """Age at which the label can be known at the earliest, in hours: the purge between train and test."""
        return self.settled_h if self.horizon_h is None else self.horizon_h


VIEWS_24H = Target("views_24h", "views")
REACTIONS_24H = Target("reactions_24h", "likes")
SHARES_24H = Target("shares_24h", "shares")
MATURE = Target("mature", "views", horizon_h=None)
MATURE_REACTIONS = Target("mature_reactions", "likes", horizon_h=None)

MATURE_SHARES = Target("mature_shares", "shares", horizon_h=None)

TARGETS = {
    target.name: target for target in (VIEWS_24H, REACTIONS_24H, SHARES_24H, MATURE, MATURE_REACTIONS, MATURE_SHARES)
}


def target_named(name: str) -> Target:
    """The target called ``name``.

    Raises:
        ConfigurationError: when there is none.

    >>> target_named("views_24h").counter
    'views'
    """
    if name not in TARGETS:
        raise ConfigurationError(
            "there is no target {name!r}: choose one of {names}", name=name, names=", ".join(TARGETS)
        )
    return TARGETS[name]


def reactions_beside(target: Target) -> Target:
    """The target for reactions that belongs to a target for views: the same horizon, the counter of likes.

    >>> reactions_beside(VIEWS_24H).name
    'reactions_24h'
    """
    return replace(REACTIONS_24H if target.horizon_h is not None else MATURE_REACTIONS, horizon_h=target.horizon_h)


def shares_beside(target: Target) -> Target:
    """The target for shares (reposts) that belongs to a target for views: the same horizon.

    >>> shares_beside(MATURE).name
    'mature_shares'
    """
    return replace(SHARES_24H if target.horizon_h is not None else MATURE_SHARES, horizon_h=target.horizon_h)


def labels(corpus: Corpus, target: Target) -> pd.DataFrame:
    """The target of every post of the corpus, one row a post.

    Returns:
        Columns ``value`` (count, NaN when there is no label), ``width_h`` (hours between the looks used: the
        label's quality), ``known_us`` (when the value was final), ``first_value`` and ``first_known_us``
        (the first label that could be known, for histories), ``is_matured`` (a look at or after the horizon).
    """
    return _mature(corpus, target) if target.horizon_h is None else _at_horizon(corpus, target, target.horizon_h)


def _at_horizon(corpus: Corpus, target: Target, horizon_h: float) -> pd.DataFrame:
    curve, rows = corpus.curves[target.counter], np.arange(len(corpus))
    before, after = curve.last(rows, horizon_h), curve.next(rows, horizon_h)
    gap_before, gap_after = horizon_h - before.age_h, after.age_h - horizon_h
    width = gap_before + gap_after
    is_bracketed = (width <= target.max_bracket_h) | (np.fmin(gap_before, gap_after) <= target.near_h)
    near_before, near_after = gap_before <= target.near_h, gap_after <= target.near_h
    value = np.where(is_bracketed & np.isfinite(width), curve.interpolate(rows, horizon_h), np.nan)
    value = np.where(np.isnan(value) & near_before, before.value, value)
    value = np.where(np.isnan(value) & near_after, after.value, value)
    at_horizon = corpus.published_us + int(horizon_h * US_PER_H)
    seen_after = np.where(np.isfinite(after.age_h), corpus.published_us + _us(after.age_h), NEVER)
    has_value = np.isfinite(value)
    known = np.where(has_value, np.where(np.isfinite(width) | near_after, seen_after, at_horizon), NEVER)
    return pd.DataFrame(
        {
            "value": value,
            "width_h": np.where(np.isfinite(width), width, np.fmin(gap_before, gap_after)),
            "known_us": known,
            # A look just before the horizon is a label as soon as the horizon has passed, whatever comes later.
            "first_value": np.where(near_before, before.value, value),
            "first_known_us": np.where(near_before, at_horizon, known),
            "is_matured": corpus.looks.next(rows, horizon_h).age_h >= horizon_h,
        }
    )


def _mature(corpus: Corpus, target: Target) -> pd.DataFrame:
    look = corpus.curves[target.counter].next(np.arange(len(corpus)), target.settled_h)
    has_value = np.isfinite(look.value)
    # Back catalogues are read years later. Reach has settled long before, so an earlier post counts as known
    # from that age on: the assumption that a mature backtest rests on.
    known = np.where(has_value, corpus.published_us + int(target.settled_h * US_PER_H), NEVER)
    return pd.DataFrame(
        {
            "value": look.value,
            "width_h": np.where(has_value, 0.0, np.nan),
            "known_us": known,
            "first_value": look.value,
            "first_known_us": known,
            "is_matured": has_value,
        }
    )


def _us(age_h: np.ndarray) -> Ints:
    return np.where(np.isfinite(age_h), np.round(np.nan_to_num(age_h) * US_PER_H), 0).astype(np.int64)
