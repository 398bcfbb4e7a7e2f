"""What became of forecasts, read from the counters by the rule that makes labels, and only once it is final."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from otklik.dataset.corpus import Corpus
from otklik.dataset.targets import MATURE, VIEWS_24H, Target, labels, reactions_beside
from otklik.store import ForecastLink, Logged, Store

MATURED = "matured"
"""What became of the post is final."""
YOUNG = "too young"
NO_LABEL = "no look near the horizon"
NOT_LINKED = "no post is known for the draft"
NOT_STORED = "the post is not in the store"
STATES = (MATURED, YOUNG, NO_LABEL, NOT_LINKED, NOT_STORED)
"""What may have become of a forecast."""

Post = tuple[str, str]
"""Platform and id."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A remembered forecast with what became of its post."""

    forecast: Logged
    state: str
    """One of :data:`STATES`."""
    post: Post | None = None
    way: str | None = None
    """How a draft got its post: ``hand`` or ``title``."""
    title: str | None = None
    author: str | None = None
    """``platform:author_id``."""
    views: float | None = None
    """At the horizon, once that is final."""
    reactions: float | None = None
    known_at: datetime | None = None
    """When the outcome was final."""


def target_of(horizon_h: float | None) -> Target:
    """The target that a forecast for this age is judged by."""
    return MATURE if horizon_h is None else replace(VIEWS_24H, horizon_h=horizon_h)


def posts_about(store: Store, forecasts: Sequence[Logged], now: datetime) -> pd.DataFrame:
    """Posts that any of the forecasts may be of: published by now, and not long before the first of them."""
    earliest = min(min(one.published_at, one.made_at) for one in forecasts)
    return store.posts(since=earliest - timedelta(hours=MATURE.settled_h), as_of=now)


def joined(
    store: Store, forecasts: Sequence[Logged], links: Mapping[int, ForecastLink], posts: pd.DataFrame, now: datetime
) -> list[Entry]:
    """Forecasts with what became of their posts.

    Args:
        store: where the counters are.
        forecasts: all that is remembered.
        links: the link in force of each draft, by the key of its forecast.
        posts: the posts among which to look (:func:`posts_about`).
        now: what is seen later does not exist yet, and what is final later is not final yet.
    """
    subjects = {one.key: _post_of(one, links.get(one.key)) for one in forecasts}
    wanted = {post for post in subjects.values() if post is not None}
    is_wanted = [pair in wanted for pair in zip(posts["platform"], posts["post_id"], strict=True)]
    mine = posts[np.array(is_wanted, dtype=bool)]
    keys = list(mine[["platform", "post_id"]].itertuples(index=False, name=None))
    corpus = Corpus.of(mine, store.snapshots(as_of=now, posts=keys))
    outcomes = {h: _Outcomes(corpus, target_of(h), now) for h in {one.horizon_h for one in forecasts}}
    return [
        outcomes[one.horizon_h].entry(one, subjects[one.key], links[one.key].way if one.key in links else None)
        for one in forecasts
    ]


def _post_of(one: Logged, linked: ForecastLink | None) -> Post | None:
    if one.post_id is not None:
        return one.platform, one.post_id
    return linked.post if linked else None


class _Outcomes:
    """What the posts of a corpus had reached at one horizon, as far as that is final at an instant."""

    def __init__(self, corpus: Corpus, target: Target, now: datetime) -> None:
        names = zip(corpus.posts["platform"], corpus.posts["post_id"], strict=True)
        self._row = {post: row for row, post in enumerate(names)}
        self._posts = corpus.posts
        self._views, self._reactions = labels(corpus, target), labels(corpus, reactions_beside(target))
        self._wait, self._now = timedelta(hours=target.wait_h), now

    def entry(self, one: Logged, post: Post | None, way: str | None) -> Entry:
        """A forecast with what became of its post, which may not be known."""
        if post is None:
            is_young = one.published_at + self._wait > self._now
            return Entry(one, YOUNG if is_young else NOT_LINKED, title=one.title)
        row = self._row.get(post)
        if row is None:
            return Entry(one, NOT_STORED, post, way, one.title)
        about = self._posts.iloc[row]
        title = one.title if pd.isna(about["title"]) else str(about["title"])
        plain = Entry(one, NO_LABEL, post, way, title, f"{about['platform']}:{about['author_id']}")
        views = self._final(self._views, row)
        if views is None:
            is_young = about["published_at"].to_pydatetime() + self._wait > self._now
            return replace(plain, state=YOUNG) if is_young else plain
        known = pd.Timestamp(int(self._views["known_us"].iloc[row]), unit="us", tz="UTC").to_pydatetime()
        reactions = self._final(self._reactions, row)
        return replace(plain, state=MATURED, views=views, reactions=reactions, known_at=known)

    def _final(self, label: pd.DataFrame, row: int) -> float | None:
        """The label, if it is there and cannot change any more."""
        value, known = float(label["value"].iloc[row]), int(label["known_us"].iloc[row])
        is_final = np.isfinite(value) and known <= self._now.timestamp() * 1e6
        return value if is_final else None
