"""Where followed posts stand at their last look: views, pace, and what was usual for their author at the same age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import select

from otklik.curves import Curve
from otklik.dataset.corpus import Corpus
from otklik.features.author import N_HISTORY
from otklik.store import Store
from otklik.store.tables import POLL, POST
from otklik.units import DAY

Floats = NDArray[np.float64]

HISTORY_H = 90 * DAY
"""Earlier posts that the usual is taken from are at most this old."""
CANDIDATES = 2 * N_HISTORY
"""So many earlier posts of an author and kind are read, for those among them that were looked at near the age."""
WINDOW_H = 1.0
"""Pace is views an hour over the last hour."""
LEAST_BRACKET_H = 1.0
BRACKET_SHARE = 0.375
"""An earlier post counts when two looks bracket the age at most this share of it apart: 9 h at 24 h, as labels do."""
FEW_POSTS = 10
"""With fewer posts behind it the usual is a rough guide, and is told as one."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What the author's earlier posts of the same kind, counted by the same rule, showed at the same age."""

    p25: float
    p50: float
    p75: float
    n: int
    """Posts, at most :data:`otklik.features.author.N_HISTORY`."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One followed post at its last look. ``None`` means that it is not known, never 0."""

    platform: str
    post_id: str
    author_id: str
    author: str | None
    title: str | None
    url: str | None
    kind: str
    published_at: datetime
    looked_at: datetime | None
    age_h: float | None
    """Age at the last look that showed the views."""
    views: float | None
    views_per_hour: float | None
    window_h: float | None
    """Hours between the two looks that the pace is taken from; since publication for a post younger than an hour."""
    reactions_per_view: float | None
    usual_views: Usual | None
    usual_views_per_hour: Usual | None
    usual_reactions_per_view: Usual | None
    ages: tuple[float, ...] = field(default=(), repr=False)
    curve: tuple[float | None, ...] = field(default=(), repr=False)
    """Views at :attr:`ages`, for a small picture."""
    band: tuple[Usual | None, ...] = field(default=(), repr=False)
    """The usual at :attr:`ages`."""

    @property
    def key(self) -> str:
        """Platform and id: ids of two platforms may be the same."""
        return f"{self.platform}:{self.post_id}"

    @property
    def multiple(self) -> float | None:
        """Views over the usual at the same age."""
        return over(self.views, self.usual_views)

    @property
    def pace_multiple(self) -> float | None:
        """Views an hour over the usual at the same age."""
        return over(self.views_per_hour, self.usual_views_per_hour)


def over(value: float | None, usual: Usual | None) -> float | None:
    """A value as a multiple of the usual; ``None`` where either is not known or the usual is 0.

    >>> over(30.0, Usual(5, 10, 20, 12)), over(30.0, Usual(0, 0, 1, 12))
    (3.0, None)
    """
    return None if value is None or usual is None or usual.p50 <= 0 else value / usual.p50


@dataclass(frozen=True)
class Watched:
    """The followed posts younger than an age with the earlier posts of their authors, as of one instant.

    Only what was seen by then is read: the usual comes from earlier posts, at the age of the last look.
    """

    corpus: Corpus
    rows: tuple[int, ...]
    """Of the followed posts, oldest first."""
    peers: dict[int, NDArray[np.int64]]
    """Rows by author, kind and counting rule."""
    names: dict[tuple[str, str], str]

    @classmethod
    def read(cls, store: Store, now: datetime, until_h: float) -> Watched | None:
        """Read them from a store; ``None`` where nothing so young is followed.

        Args:
            store: the store; it is only read.
            now: an aware instant.
            until_h: hours since publication up to which a post is told of.
        """
        keys, since = _followed(store, now, until_h), now - timedelta(hours=until_h)
        if not keys:
            return None
        young = store.posts(as_of=now, since=since)
        young = young[pd.MultiIndex.from_frame(young[["platform", "post_id"]]).isin(keys)]
        authors = list(dict.fromkeys(young[["platform", "author_id"]].itertuples(index=False, name=None)))
        posts = _newest(store.posts(as_of=now, since=since - timedelta(hours=HISTORY_H), authors=authors), since)
        wanted = list(posts[["platform", "post_id"]].itertuples(index=False, name=None))
        corpus = Corpus.of(posts, store.snapshots(as_of=now, posts=wanted))
        is_mine = pd.MultiIndex.from_frame(corpus.posts[["platform", "post_id"]]).isin(keys)
        rows = np.flatnonzero(is_mine & (corpus.posts["published_at"] >= pd.Timestamp(since)).to_numpy())
        groups = pd.Series(np.arange(len(corpus))).groupby(corpus.stratum)
        peers = {int(group): found.to_numpy() for group, found in groups}
        return cls(corpus, tuple(int(row) for row in rows), peers, _names(store))

    def standings(self) -> list[Standing]:
        """Where each stands, newest first."""
        return [_standing(self, row) for row in reversed(self.rows)]

    def pictured(self, post: Standing, ages: Sequence[float]) -> Standing:
        """The same with its views and the usual at these ages, in hours, for a picture."""
        found = self.corpus.posts
        row = int(np.flatnonzero((found["platform"] == post.platform) & (found["post_id"] == post.post_id))[0])
        curve, earlier = self.corpus.curves["views"], self.earlier(row)
        own = curve.interpolate([row] * len(ages), list(ages))
        band = tuple(_usual(_at(curve, earlier, one)) for one in ages)
        return replace(post, ages=tuple(ages), curve=tuple(_known(value) for value in own), band=band)

    def earlier(self, row: int) -> NDArray[np.int64]:
        """Rows of the author's earlier posts of the same kind and counting rule, oldest first."""
        mine = self.peers[int(self.corpus.stratum[row])]
        return mine[: np.searchsorted(mine, row)][-CANDIDATES:]


def standings(store: Store, now: datetime, until_h: float) -> list[Standing]:
    """Where every followed post that is younger than ``until_h`` hours stands as of an instant, newest first."""
    watched = Watched.read(store, now, until_h)
    return [] if watched is None else watched.standings()


def _followed(store: Store, now: datetime, until_h: float) -> list[tuple[str, str]]:
    """Posts that are followed and not gone, by platform and id."""
    first = int(pd.Timestamp(now - timedelta(hours=until_h)).value // 1000)
    query = select(POST.c.platform, POST.c.post_id).join(POLL, POLL.c.post_key == POST.c.post_key)
    query = query.where(POST.c.published_us >= first, POST.c.gone_us.is_(None), POLL.c.due_us.is_not(None))
    with store.transaction() as connection:
        return [(platform, post_id) for platform, post_id in connection.execute(query)]


def _newest(posts: pd.DataFrame, since: datetime) -> pd.DataFrame:
    """The young posts, and so many earlier ones of each author and kind as a usual can need."""
    posts = posts.sort_values("published_at", ascending=False)
    is_young = posts["published_at"] >= pd.Timestamp(since)
    back = posts[~is_young].groupby(["platform", "author_id", "kind"], sort=False).head(CANDIDATES)
    return pd.concat([posts[is_young], back], ignore_index=True)


def _names(store: Store) -> dict[tuple[str, str], str]:
    authors = store.authors()
    named = authors["name"].fillna(authors["handle"])
    pairs = zip(authors["platform"], authors["author_id"], named, strict=True)
    return {(platform, author): str(name) for platform, author, name in pairs if pd.notna(name)}


def _standing(watched: Watched, row: int) -> Standing:
    corpus = watched.corpus
    post, curve, likes = corpus.posts.iloc[row], corpus.curves["views"], corpus.curves["likes"]
    seen = curve.last([row], np.inf)
    age, views = _known(seen.age_h[0]), _known(seen.value[0])
    begin = _begin(curve, row, age)
    pace = None if age is None or views is None or begin is None else (views - begin[1]) / (age - begin[0])
    earlier = watched.earlier(row)
    published = post["published_at"].to_pydatetime()
    return Standing(
        platform=str(post["platform"]),
        post_id=str(post["post_id"]),
        author_id=str(post["author_id"]),
        author=watched.names.get((post["platform"], post["author_id"])),
        title=_text(post["title"]) or _text(post["text"]),
        url=_text(post["url"]),
        kind=str(post["kind"]),
        published_at=published,
        looked_at=None if age is None else (published + timedelta(hours=age)).astimezone(UTC),
        age_h=age,
        views=views,
        views_per_hour=pace,
        window_h=None if age is None or begin is None else age - begin[0],
        reactions_per_view=_rate(likes.last([row], np.inf).value[0], views),
        usual_views=None if age is None else _usual(_at(curve, earlier, age)),
        usual_views_per_hour=None if age is None or begin is None else _usual(_pace(curve, earlier, begin[0], age)),
        usual_reactions_per_view=None if age is None else _usual(_rates(curve, likes, earlier, age)),
    )


def _begin(curve: Curve, row: int, age: float | None) -> tuple[float, float] | None:
    """Age and count that the pace is taken from: the look an hour before, or publication with no view yet."""
    if age is None or age <= 0:
        return None
    if age <= WINDOW_H:
        return 0.0, 0.0
    then = curve.last([row], age - WINDOW_H)
    return (float(then.age_h[0]), float(then.value[0])) if np.isfinite(then.value[0]) else None


def _at(curve: Curve, rows: NDArray[np.int64], age: float) -> Floats:
    """Counts of earlier posts at an age, NaN where no two looks bracket it closely."""
    width = curve.bracket_width(rows, age)
    return np.where(width <= max(LEAST_BRACKET_H, BRACKET_SHARE * age), curve.interpolate(rows, age), np.nan)


def _pace(curve: Curve, rows: NDArray[np.int64], begin: float, end: float) -> Floats:
    first = np.zeros(len(rows)) if begin == 0 else _at(curve, rows, begin)
    return (_at(curve, rows, end) - first) / (end - begin)


def _rates(views: Curve, likes: Curve, rows: NDArray[np.int64], age: float) -> Floats:
    seen = _at(views, rows, age)
    return np.divide(_at(likes, rows, age), seen, out=np.full(len(rows), np.nan), where=seen > 0)


def _usual(values: Floats) -> Usual | None:
    """Quartiles of the last values that are known, oldest first; ``None`` where there is none."""
    known = values[np.isfinite(values)][-N_HISTORY:]
    if len(known) == 0:
        return None
    low, middle, high = (float(one) for one in np.quantile(known, [0.25, 0.5, 0.75]))
    return Usual(low, middle, high, len(known))


def _rate(likes: float, views: float | None) -> float | None:
    return float(likes) / views if views and np.isfinite(likes) else None


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _text(value: object) -> str | None:
    text = "" if pd.isna(value) else " ".join(str(value).split())
    return text or None
