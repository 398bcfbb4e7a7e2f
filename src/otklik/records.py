"""The records that everything else is made of: frozen, slotted, and true to their types.

``None`` means "not known"; it is never written as 0. A record is declared once: the columns of every
frame, table and file follow from it (see :mod:`otklik.schema`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Platform(StrEnum):
    """Platforms that have a collector. Imported data may name any other platform."""

    YOUTUBE = "youtube"
    VK = "vk"


class Kind(StrEnum):
    """What a post is. Imported data may name any other kind."""

    VIDEO = "video"
    SHORT = "short"
    CLIP = "clip"
    LIVE = "live"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Author:
    """Who publishes: a YouTube channel, a VK community or person."""

    platform: str
    author_id: str
    handle: str | None = None
    name: str | None = None
    followers: int | None = None
    """Latest known number of subscribers or members."""
    place: str | None = None
    tracked_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One published unit: a video, short, clip or wall post."""

    platform: str
    post_id: str
    author_id: str
    kind: str
    published_at: datetime
    """Age 0, in UTC; for premieres and live streams the actual start."""
    title: str | None = None
    text: str | None = None
    tags: str | None = None
    """Tags joined by commas."""
    language: str | None = None
    duration_s: int | None = None
    url: str | None = None
    cover_url: str | None = None
    category: str | None = None
    synthetic_media: bool | None = None
    """The platform's own label "made with AI": true, false, or not known."""
    followers: int | None = None
    """The author's followers when the post was first seen."""
    first_seen_at: datetime | None = None
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The public cumulative counters of one post at one instant, as the platform gave them."""

    platform: str
    post_id: str
    observed_at: datetime
    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    reactions: str | None = None
    """Reactions by kind as JSON, where the platform gives them; never added to ``likes``."""
    source: str | None = None
    """Where the numbers came from: an endpoint, or ``import``, or ``simulated``."""


@dataclass(frozen=True, slots=True)
class AuthorSnapshot:
    """An author's followers and number of posts at one instant."""

    platform: str
    author_id: str
    observed_at: datetime
    followers: int | None = None
    posts: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A post not yet published: a post at age 0, with no counters."""

    title: str
    publish_at: datetime
    platform: str = Platform.YOUTUBE
    kind: str = Kind.SHORT
    text: str | None = None
    tags: tuple[str, ...] = ()
    duration_s: int | None = None
    language: str | None = None
    synthetic_media: bool | None = None
    author: DraftAuthor = field(default_factory=lambda: DraftAuthor())


@dataclass(frozen=True, slots=True)
class PastPost:
    """One earlier post of a draft's author, with what it had reached at the horizon."""

    published_at: datetime
    views_24h: int
    reactions_24h: int | None = None
    title: str | None = None
    kind: str | None = None
    duration_s: int | None = None


@dataclass(frozen=True, slots=True)
class DraftAuthor:
    """What is known of a draft's author: past posts one by one, or their summary, or nothing."""

    author_id: str | None = None
    """The author in the store whose history to use."""
    followers: int | None = None
    median_views: float | None = None
    """Median views at 24 h of the author's recent posts of this kind."""
    median_reactions: float | None = None
    n_posts: int | None = None
    """How many posts that median is taken over."""
    history: tuple[PastPost, ...] = ()
