"""From YouTube's resources to records. Absent means not known; nothing is ever read as 0 that is not "0"."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from otklik.collect.answers import Answer, Outcome
from otklik.collect.reading import text
from otklik.collect.youtube.limits import SHORT_MAX_S
from otklik.errors import DataError
from otklik.records import Author, AuthorSnapshot, Kind, Platform, Post, Snapshot
from otklik.units import utc

Item = dict[str, Any]
_DURATION = re.compile(
    r"P(?:(?P<d>\d+)D)?(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)(?:\.\d+)?S)?)?|(?P<plain>\d+)(?:\.\d+)?s"
)
_COVERS = ("maxres", "standard", "high", "medium", "default")


def snapshot_of(item: Item, at: datetime, source: str) -> Snapshot:
    """The counters of a video or videoStats resource."""
    stats = item.get("statistics") or {}
    return Snapshot(
        platform=Platform.YOUTUBE,
        post_id=str(item["id"]),
        observed_at=at,
        views=count(stats.get("viewCount")),
        likes=count(stats.get("likeCount")),
        comments=count(stats.get("commentCount")),
        source=source,
    )


def answer_of(item: Item, at: datetime, source: str) -> Answer:
    """The answer for a video resource: its snapshot, the post if it is described, and what is hidden."""
    post = post_of(item) if item.get("snippet", {}).get("channelId") else None
    starts = _start_of(item)
    if starts is not None:
        return Answer(Platform.YOUTUBE, str(item["id"]), Outcome.WAITING, post=post, starts_at=starts)
    snapshot = snapshot_of(item, at, source)
    hidden = [name for name in ("views", "likes", "comments") if getattr(snapshot, name) is None]
    reason = "hidden: " + ", ".join(hidden) if hidden else None
    return Answer(Platform.YOUTUBE, str(item["id"]), Outcome.SEEN, snapshot, post, reason)


def post_of(item: Item) -> Post:
    """The post of a described video resource.

    Raises:
        DataError: when it has no author or no instant of publication.
    """
    snippet, live = item["snippet"], item.get("liveStreamingDetails") or {}
    begun = live.get("actualStartTime") or live.get("scheduledStartTime") or snippet.get("publishedAt")
    author_id = text(snippet.get("channelId"))
    if not begun or not author_id:
        raise DataError("the video {id} came without an author or an instant of publication", id=item["id"])
    length = duration_s((item.get("contentDetails") or {}).get("duration"))
    synthetic = (item.get("status") or {}).get("containsSyntheticMedia")
    return Post(
        platform=Platform.YOUTUBE,
        post_id=str(item["id"]),
        author_id=author_id,
        kind=_kind(item, length),
        published_at=utc(begun),
        title=text(snippet.get("title")),
        text=text(snippet.get("description")),
        tags=text(",".join(snippet.get("tags") or [])) or None,
        language=text(snippet.get("defaultAudioLanguage") or snippet.get("defaultLanguage")),
        duration_s=length or None,
        url=f"https://www.youtube.com/watch?v={item['id']}",
        cover_url=_cover(snippet.get("thumbnails") or {}),
        category=text(snippet.get("categoryId")),
        synthetic_media=synthetic if isinstance(synthetic, bool) else None,
    )


def author_of(item: Item) -> Author:
    """The author of a channel resource."""
    snippet = item.get("snippet") or {}
    return Author(
        platform=Platform.YOUTUBE,
        author_id=str(item["id"]),
        handle=text(snippet.get("customUrl")),
        name=text(snippet.get("title")),
        followers=_followers(item),
        place=text(snippet.get("country")),
    )


def author_snapshot_of(item: Item, at: datetime) -> AuthorSnapshot:
    """Subscribers (rounded by YouTube to three figures) and public videos of a channel resource."""
    posts = count((item.get("statistics") or {}).get("videoCount"))
    return AuthorSnapshot(Platform.YOUTUBE, str(item["id"]), at, _followers(item), posts)


def _followers(item: Item) -> int | None:
    stats = item.get("statistics") or {}
    return None if stats.get("hiddenSubscriberCount") else count(stats.get("subscriberCount"))


def count(value: Any) -> int | None:
    """A counter: YouTube writes whole numbers as text.

    >>> count("123"), count(None), count("many"), count("-1")
    (123, None, None, None)
    """
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def duration_s(text: str | None) -> int | None:
    """Whole seconds of ``PT1M5S``, ``P1DT2H`` or ``65s``; ``None`` for anything else.

    >>> duration_s("PT1M5S"), duration_s("65s"), duration_s("P1DT2H"), duration_s("P0D"), duration_s("long")
    (65, 65, 93600, 0, None)
    """
    match = _DURATION.fullmatch(text or "")
    if match is None or text == "P":
        return None
    if match["plain"]:
        return int(match["plain"])
    return sum(int(match[unit] or 0) * size for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)))


def _kind(item: Item, length: int | None) -> str:
    """Video, short or live: YouTube has no flag, so a Short is known by its length and upright or square picture."""
    snippet = item["snippet"]
    if item.get("liveStreamingDetails"):
        # A premiere has its length before it starts; a stream has none until it is over.
        is_premiere = snippet.get("liveBroadcastContent") == "upcoming" and bool(length)
        return Kind.VIDEO if is_premiere else Kind.LIVE
    player = item.get("player") or {}
    wide, high = count(player.get("embedWidth")), count(player.get("embedHeight"))
    is_upright = wide is not None and high is not None and high >= wide
    return Kind.SHORT if length is not None and 0 < length <= SHORT_MAX_S and is_upright else Kind.VIDEO


def _start_of(item: Item) -> datetime | None:
    """When an announced premiere or stream is to begin; ``None`` for what is out or on air."""
    if (item.get("snippet") or {}).get("liveBroadcastContent") != "upcoming":
        return None
    live = item.get("liveStreamingDetails") or {}
    return utc(live.get("scheduledStartTime") or item["snippet"]["publishedAt"])


def _cover(covers: dict[str, Any]) -> str | None:
    return text(next((covers[size]["url"] for size in _COVERS if (covers.get(size) or {}).get("url")), None))
