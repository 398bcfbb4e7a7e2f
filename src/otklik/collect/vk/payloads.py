"""From VK's objects to records. Absent means not known; ``reactions`` are kept beside the likes, never added."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from otklik.collect.answers import Answer, Outcome
from otklik.collect.reading import text
from otklik.errors import DataError
from otklik.records import Author, AuthorSnapshot, Kind, Platform, Post, Snapshot

Item = dict[str, Any]
_HIDDEN = ("views", "likes", "comments", "shares")


def post_id_of(item: Item) -> str:
    """The id of a wall post.

    Raises:
        DataError: when VK left it out.
    """
    try:
        return f"{int(item['owner_id'])}_{int(item['id'])}"
    except (KeyError, TypeError, ValueError):
        raise DataError("VK sent a post without an id") from None


def wall_answer(item: Item, at: datetime, source: str) -> Answer:
    """The answer for a wall post."""
    post_id = post_id_of(item)
    if item.get("is_deleted"):
        return Answer(Platform.VK, post_id, Outcome.UNAVAILABLE, reason="deleted")
    snapshot = Snapshot(
        platform=Platform.VK,
        post_id=post_id,
        observed_at=at,
        views=count(item.get("views")),
        likes=count(item.get("likes")),
        comments=count(item.get("comments")),
        shares=count(item.get("reposts")),
        reactions=reactions_of(item.get("reactions")),
        source=source,
    )
    hidden = [name for name in _HIDDEN if getattr(snapshot, name) is None]
    reason = "hidden: " + ", ".join(hidden) if hidden else None
    return Answer(Platform.VK, post_id, Outcome.SEEN, snapshot, _wall_post(item, post_id), reason)


def _wall_post(item: Item, post_id: str) -> Post:
    video = next(iter(videos_in(item)), None)
    return Post(
        platform=Platform.VK,
        post_id=post_id,
        author_id=str(item["owner_id"]),
        kind=Kind.POST,
        published_at=_instant(item),
        text=text(item.get("text")) or "",
        duration_s=_whole(video.get("duration")) if video else None,
        url=f"https://vk.com/wall{post_id}",
        cover_url=_cover(video) if video else None,
    )


def videos_in(item: Item) -> list[Item]:
    """Videos attached to a wall post that its owner has uploaded, clips included."""
    found = []
    for attached in item.get("attachments") or []:
        kind = attached.get("type") if isinstance(attached, dict) else None
        video = attached.get(kind) or attached.get("video") if kind in ("video", "clip") else None
        if isinstance(video, dict) and video.get("owner_id") == item.get("owner_id") and _whole(video.get("id")):
            found.append(video)
    return found


def video_answer(item: Item, at: datetime, source: str, likes: int | None = None) -> Answer:
    """The answer for a video or clip; ``likes`` where they had to be asked for apart."""
    post_id = f"video{post_id_of(item)}"
    if item.get("upcoming"):
        starts = datetime.fromtimestamp(_whole(item.get("live_start_time")) or _whole(item.get("date")) or 0, UTC)
        return Answer(Platform.VK, post_id, Outcome.WAITING, post=_video_post(item, post_id), starts_at=starts)
    views = _whole(item.get("views"))
    snapshot = Snapshot(
        platform=Platform.VK,
        post_id=post_id,
        observed_at=at,
        # For a video of another site ``views`` are that site's; those on VK are what we forecast.
        views=_whole(item.get("local_views")) if item.get("platform") else views,
        likes=count(item.get("likes")) if likes is None else likes,
        comments=_whole(item.get("comments")),
        shares=count(item.get("reposts")),
        reactions=reactions_of(item.get("reactions")),
        source=source,
    )
    hidden = [name for name in _HIDDEN if getattr(snapshot, name) is None]
    reason = "hidden: " + ", ".join(hidden) if hidden else None
    return Answer(Platform.VK, post_id, Outcome.SEEN, snapshot, _video_post(item, post_id), reason)


def _video_post(item: Item, post_id: str) -> Post:
    is_clip = item.get("type") == "short_video"
    is_live = item.get("type") == "live" or bool(item.get("live"))
    started = _whole(item.get("live_start_time")) if is_live else None
    return Post(
        platform=Platform.VK,
        post_id=post_id,
        author_id=str(item["owner_id"]),
        kind=Kind.CLIP if is_clip else Kind.LIVE if is_live else Kind.VIDEO,
        published_at=datetime.fromtimestamp(started, UTC) if started else _instant(item),
        title=text(item.get("title")),
        text=text(item.get("description")),
        duration_s=_whole(item.get("duration")) or None,
        url=f"https://vk.com/{'clip' if is_clip else 'video'}{post_id.removeprefix('video')}",
        cover_url=_cover(item),
    )


def author_of(group: Item) -> Author:
    """The author of a community object."""
    place = group.get("city") if isinstance(group.get("city"), dict) else {}
    return Author(
        platform=Platform.VK,
        author_id=f"-{int(group['id'])}",
        handle=text(group.get("screen_name")),
        name=text(group.get("name")),
        followers=_whole(group.get("members_count")),
        place=text((place or {}).get("title")),
    )


def author_snapshot_of(group: Item, posts: int | None, at: datetime) -> AuthorSnapshot:
    """Members of a community, and the posts on its wall."""
    return AuthorSnapshot(Platform.VK, f"-{int(group['id'])}", at, _whole(group.get("members_count")), posts)


def count(value: Any) -> int | None:
    """The count in an object such as ``{"count": 5}``, or a bare whole number.

    >>> count({"count": 5}), count(7), count({}), count(None), count(-1)
    (5, 7, None, None, None)
    """
    return _whole(value.get("count")) if isinstance(value, dict) else _whole(value)


def reactions_of(value: Any) -> str | None:
    """Reactions by kind as JSON; VK sends them for some posts and not for others.

    >>> reactions_of({"count": 3, "items": [{"id": 0, "count": 2}, {"id": 3, "count": 1}]})
    '{"0": 2, "3": 1}'
    """
    items = value.get("items") if isinstance(value, dict) else None
    if not isinstance(items, list):
        return None
    kinds = {str(one.get("id")): _whole(one.get("count")) for one in items if isinstance(one, dict)}
    return json.dumps(kinds) if kinds else None


def _whole(value: Any) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value < 2**62 else None


def _instant(item: Item) -> datetime:
    date = _whole(item.get("date"))
    if not date:
        raise DataError("the post {id} came without an instant of publication", id=item.get("id"))
    return datetime.fromtimestamp(date, UTC)


def _cover(item: Item) -> str | None:
    sizes = [one for one in item.get("image") or [] if isinstance(one, dict) and one.get("url")]
    # What follows the question mark is signed anew for every answer: the picture is the same.
    largest = max(sizes, key=lambda one: _whole(one.get("width")) or 0, default=None)
    return (text(largest["url"]) or "").split("?")[0] or None if largest else None
