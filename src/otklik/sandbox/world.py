"""The truth behind the sandbox: authors, posts, and the counters that each shows at any instant."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from otklik.simulate import share

_FIRST = ("Утро", "Ночь", "Сказка", "Тайна", "Песня", "Огни", "Дорога", "Зима", "Вкус", "Голос")
_SECOND = ("над рекой", "старого города", "нашего двора", "без людей", "в тумане", "у вокзала", "на крыше")
REFRESH = timedelta(minutes=5)
"""How often a public counter moves (seen on YouTube; facts of trackers)."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True)
class Made:
    """A made-up post and the numbers that its counters follow."""

    post_id: str
    author_id: str
    published_at: datetime
    title: str
    duration_s: int
    views_24h: float
    half_h: float
    speed: float
    rates: tuple[float, float, float]
    """Likes, comments and shares per view."""
    gone_at: datetime | None = None
    corrected_h: float | None = None
    """Age at which the platform takes some views back."""
    hides_likes: bool = False
    video_id: str | None = None
    """VK: the video attached to the post."""

    def counts(self, at: datetime) -> tuple[int, int, int, int]:
        """Views, likes, comments and shares that the platform shows at an instant."""
        step = REFRESH.total_seconds()
        age = max(0.0, (at - self.published_at).total_seconds()) // step * step / 3600
        reached = share(np.array([age, 24.0]), np.array(self.half_h), np.array(self.speed))
        views = int(self.views_24h * reached[0] / reached[1])
        if self.corrected_h is not None and age >= self.corrected_h:
            views = int(views * 0.97)
        likes, comments, shares = (int(views * rate) for rate in self.rates)
        return views, likes, comments, shares


@dataclass
class MadeAuthor:
    """A made-up author."""

    author_id: str
    name: str
    followers: int
    posts: list[Made] = field(default_factory=list)
    """Oldest first."""

    def public(self, at: datetime) -> list[Made]:
        """Posts that can be seen at an instant, newest first."""
        n = bisect.bisect_right([post.published_at for post in self.posts], at)
        return [post for post in reversed(self.posts[:n]) if post.gone_at is None or post.gone_at > at]


class World:
    """Authors and posts of one platform.

    >>> from datetime import UTC
    >>> world = World("youtube", datetime(2026, 11, 1, tzinfo=UTC), n_authors=3, n_posts=30, hours=24)
    >>> len(world.authors), sum(len(author.posts) for author in world.authors.values()) >= 30
    (3, True)
    """

    def __init__(
        self,
        platform: str,
        start: datetime,
        *,
        n_authors: int = 20,
        n_posts: int = 200,
        hours: float = 24.0,
        n_past: int = 12,
        seed: int = 0,
        gone_rate: float = 0.005,
    ) -> None:
        """Make a world up.

        Args:
            platform: ``youtube`` or ``vk``: decides what ids look like.
            start: when observation begins.
            n_authors: how many authors.
            n_posts: posts that come out within ``hours`` of the start.
            hours: see above.
            n_past: posts of each author before the start, over 30 days.
            seed: equal seeds make equal worlds.
            gone_rate: share of posts that are deleted within a day.
        """
        self.platform = platform
        self._rng = np.random.default_rng([seed, len(platform)])
        self.authors: dict[str, MadeAuthor] = {}
        self.posts: dict[str, Made] = {}
        self._gone_rate = gone_rate
        levels = self._rng.normal(7.5, 1.0, n_authors)
        for number, level in enumerate(levels):
            author = MadeAuthor(self._author_id(number), f"Автор {number + 1}", int(np.exp(level + 1.5)))
            self.authors[author.author_id] = author
        ids = list(self.authors)
        ages = [*self._rng.uniform(0, hours, n_posts), *-self._rng.uniform(1, 720, n_past * n_authors)]
        whose = [*self._rng.integers(0, n_authors, n_posts), *np.repeat(np.arange(n_authors), n_past)]
        for number, place in enumerate(np.argsort(ages)):
            at = (start + timedelta(hours=float(ages[place]))).replace(microsecond=0)
            post = self._post(number, ids[whose[place]], at, float(levels[whose[place]]))
            self.authors[post.author_id].posts.append(post)
            self.posts[post.post_id] = post
            if post.video_id:
                self.posts[post.video_id] = post

    def _post(self, number: int, author_id: str, at: datetime, level: float) -> Made:
        rng = self._rng
        is_gone, is_corrected = rng.random() < self._gone_rate, rng.random() < 0.02
        post_id, video_id = f"sim{number:08d}", None
        if self.platform == "vk":
            post_id = f"{author_id}_{number + 1}"
            video_id = f"video{author_id}_{456_000_000 + number}" if rng.random() < 0.3 else None
        return Made(
            post_id=post_id,
            author_id=author_id,
            published_at=at,
            title=f"{_FIRST[rng.integers(len(_FIRST))]} {_SECOND[rng.integers(len(_SECOND))]}",
            duration_s=int(rng.integers(10, 60)),
            views_24h=float(np.exp(level + rng.normal(0, 0.6))),
            half_h=float(np.exp(rng.normal(2.0, 0.3))),
            speed=float(np.exp(rng.normal(0.3, 0.15))),
            rates=(
                float(np.exp(rng.normal(-3, 0.3))),
                float(np.exp(rng.normal(-5.5, 0.5))),
                float(np.exp(rng.normal(-5, 0.6))),
            ),
            gone_at=at + timedelta(hours=float(rng.uniform(1, 24))) if is_gone else None,
            corrected_h=float(rng.uniform(2, 20)) if is_corrected else None,
            hides_likes=bool(rng.random() < 0.02),
            video_id=video_id,
        )

    def _author_id(self, number: int) -> str:
        if self.platform == "vk":
            return f"-{900_001 + number}"
        return "UC" + "".join(_LETTERS[i] for i in self._rng.integers(0, len(_LETTERS), 22))

    def retitle(self, post_id: str, title: str) -> None:
        """Give a post another title, as authors do while it is young."""
        old = self.posts[post_id]
        new, mine = replace(old, title=title), self.authors[old.author_id].posts
        mine[mine.index(old)] = new
        self.posts |= {key: new for key in (old.post_id, old.video_id) if key}

    def shown(self, post_id: str, at: datetime) -> Made | None:
        """A post as far as the platform shows it at an instant."""
        post = self.posts.get(post_id)
        if post is None or post.published_at > at or (post.gone_at is not None and post.gone_at <= at):
            return None
        return post
