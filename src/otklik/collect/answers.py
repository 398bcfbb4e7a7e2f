"""What a collector gives back: every id asked for gets an answer, also one that has nothing to show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from otklik.records import Author, AuthorSnapshot, Post, Snapshot


class Outcome(StrEnum):
    """What became of asking for one id."""

    SEEN = "seen"
    """The platform showed it."""
    MISSING = "missing"
    """The platform answered and left it out: deleted, private, or a whim; twice in a row means gone."""
    UNAVAILABLE = "unavailable"
    """The platform said why it may not be shown."""
    WAITING = "waiting"
    """It is announced and has not begun: a premiere or a live stream."""
    FAILED = "failed"
    """The question did not get through; ask again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer for one post."""

    platform: str
    post_id: str
    outcome: Outcome
    snapshot: Snapshot | None = None
    post: Post | None = None
    """What is known of the post beyond its counters, where the answer told it."""
    reason: str | None = None
    """Why there is no snapshot, or which counters are hidden."""
    starts_at: datetime | None = None
    """When a waiting post is announced to begin."""
    rides: bool = False
    """It came along with another post and cannot be asked for by itself: kept, not followed."""


@dataclass(frozen=True, slots=True)
class AuthorAsked:
    """An author to look at, with what is known: the collector decides what there is to fetch."""

    author_id: str
    n_posts: int | None = None
    """Number of posts that the platform gave last time."""
    known: frozenset[str] = frozenset()
    """Ids of posts known already."""
    is_sweep: bool = False
    """Look through the newest posts even if the number has not changed."""


@dataclass(frozen=True, slots=True)
class AuthorAnswer:
    """The answer for one author."""

    platform: str
    author_id: str
    outcome: Outcome
    author: Author | None = None
    snapshot: AuthorSnapshot | None = None
    posts: tuple[Answer, ...] = ()
    """Posts that came with the answer, counters and all."""
    new_ids: tuple[str, ...] = ()
    """Posts not known yet that have to be described."""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What a person wants followed: an author, one post, or a search."""

    platform: str
    kind: str
    """``author``, ``post`` or ``query``."""
    target: str
    """The author's id, the post's id, or the words to search for."""
    label: str | None = None
    """How a person calls it."""


class Collector(Protocol):
    """What every platform's client can do. The same contract suite runs on all of them."""

    @property
    def platform(self) -> str:
        """Its platform."""
        ...

    @property
    def batch(self) -> int:
        """How many ids one counting call takes."""
        ...

    @property
    def pack(self) -> int:
        """How many ids to ask for in one go: more than a batch where answers lead to questions that fill calls too."""
        ...

    @property
    def buckets(self) -> tuple[str, ...]:
        """Names of the quota buckets it spends from; the first is the one that counting spends."""
        ...

    def resolve(self, name: str) -> Target:
        """The author or post that a person names by link, handle or id."""
        ...

    def authors(self, asked: Sequence[AuthorAsked]) -> Iterator[AuthorAnswer]:
        """Look for new posts of authors: one answer for each."""
        ...

    def describe(self, post_ids: Sequence[str]) -> Iterator[Answer]:
        """All there is to know of posts, counters included: one answer for each id."""
        ...

    def observe(self, post_ids: Sequence[str]) -> Iterator[Answer]:
        """The counters of posts: one answer for each id, and answers for posts that came along."""
        ...

    def search(self, query: str, since: datetime) -> Iterator[Answer]:
        """Posts that a search finds; those with no ``post`` still have to be described."""
        ...

    def server_time(self) -> datetime | None:
        """The platform's clock, by the cheapest call that also proves the token good."""
        ...

    def close(self) -> None:
        """Let go of the connections."""
        ...


Batch = Sequence[str]


def batches(ids: Sequence[str], size: int) -> Iterator[Batch]:
    """Ids in groups that one call takes.

    >>> [len(group) for group in batches(["a"] * 120, 50)]
    [50, 50, 20]
    """
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
