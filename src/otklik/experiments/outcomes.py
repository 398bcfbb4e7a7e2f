"""The outcome of each post of an author at 24 h, in logs, or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd

from otklik.dataset.corpus import Corpus
from otklik.dataset.targets import REACTIONS_24H, VIEWS_24H, Target, labels
from otklik.experiments.randomisation import Floats
from otklik.store import Store

REACH: Final = "reach"
SHARING: Final = "sharing"
REACTIONS: Final = "reactions"
OUTCOMES: Final = (REACH, SHARING, REACTIONS)
SHARES_24H = Target("shares_24h", "shares")
HALF = 0.5
"""Added to both counts of a rate: a post without a repost has a logarithm too (Haldane 1956, Anscombe 1956)."""

TOO_YOUNG = "younger than 24 h: it will count when it is older"
GONE = "deleted before an outcome was seen"
NO_COUNTER = "the platform hides the counter"
NO_LOOK = "no look close enough to 24 h"
NOT_STORED = "no longer in the store"
REASONS = (TOO_YOUNG, GONE, NO_COUNTER, NO_LOOK, NOT_STORED)


@dataclass(frozen=True)
class Outcomes:
    """Posts of one author by time of publication, with their outcomes."""

    posts: pd.DataFrame
    y: Floats
    """Log outcome, NaN where there is none."""
    count: Floats
    """Counter of the outcome at the horizon: views, reposts or likes."""
    why_not: list[str | None]
    """Why a post has no outcome: one of :data:`REASONS`."""

    def row(self, platform: str, post_id: str) -> int | None:
        """The row of a post; ``None`` when it is not there."""
        found = np.flatnonzero((self.posts["platform"] == platform) & (self.posts["post_id"] == post_id))
        return int(found[0]) if len(found) else None


def outcomes_of(
    store: Store, author: tuple[str, str], outcome: str, now: datetime, since: datetime | None = None
) -> Outcomes:
    """The outcomes of an author's posts, as far as they are known.

    Reach is ``log(1 + views)``, reactions ``log(1 + likes)``, sharing ``log((reposts + 1/2) / (views + 1/2))``, all
    at 24 h. A post that is not yet 24 h old has none, however late it was looked at.

    Args:
        store: where posts and looks are.
        author: platform and author id.
        outcome: one of :data:`OUTCOMES`.
        now: what is known at this instant.
        since: only posts published at or after this one.
    """
    posts = store.posts(as_of=now, since=since, authors=[author])
    keys = list(zip(posts["platform"], posts["post_id"], strict=True))
    corpus = Corpus.of(posts, store.snapshots(as_of=now, posts=keys, since=since))
    views, counter = labels(corpus, VIEWS_24H), _COUNTERS[outcome]
    label = labels(corpus, counter)
    count, age_h = label["value"].to_numpy(), _age_h(corpus.posts, now)
    y = _LOGS[outcome](count, views["value"].to_numpy())
    horizon_h = counter.wait_h
    is_young = (age_h < horizon_h) | (np.isnan(y) & (age_h < horizon_h + counter.max_bracket_h))
    return Outcomes(corpus.posts, np.where(is_young, np.nan, y), count, _reasons(corpus, counter, y, is_young))


def _rate(shares: Floats, views: Floats) -> Floats:
    return np.log((shares + HALF) / (views + HALF))


_COUNTERS = {REACH: VIEWS_24H, SHARING: SHARES_24H, REACTIONS: REACTIONS_24H}
_LOGS: dict[str, Callable[[Floats, Floats], Floats]] = {
    REACH: lambda count, views: np.log1p(count),
    SHARING: _rate,
    REACTIONS: lambda count, views: np.log1p(count),
}


def _age_h(posts: pd.DataFrame, now: datetime) -> Floats:
    return ((pd.Timestamp(now) - posts["published_at"]) / timedelta(hours=1)).to_numpy(dtype=np.float64)


def _reasons(corpus: Corpus, counter: Target, y: Floats, is_young: np.ndarray) -> list[str | None]:
    rows = np.arange(len(corpus))
    n_looks, n_counted = corpus.looks.count(rows, np.inf), corpus.curves[counter.counter].count(rows, np.inf)
    is_hidden, is_gone = (n_looks > 0) & (n_counted == 0), corpus.posts["gone_at"].notna().to_numpy()
    names = np.select(
        [is_young & ~is_gone, ~np.isnan(y) & ~is_young, is_gone, is_hidden], [TOO_YOUNG, "", GONE, NO_COUNTER], NO_LOOK
    )
    return [str(name) or None for name in names]
