"""Answers of the YouTube Data API, in the form of its discovery document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from otklik.sandbox.world import Made, MadeAuthor, World

Answer = dict[str, Any]
_METHODS = {
    "videos:batchGetStats": "videos.batchGetStats",
    "videos": "videos.list",
    "channels": "channels.list",
    "playlistItems": "playlistItems.list",
    "search": "search.list",
}
PREFIX = "/youtube/v3/"


def method_of(path: str) -> str | None:
    """The method that a path calls."""
    return _METHODS.get(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None


def answer(world: World, method: str, query: dict[str, list[str]], now: datetime) -> Answer:
    """The body that answers a call."""
    ids = [one for text in query.get("id", []) for one in text.split(",")]
    parts = {one for text in query.get("part", []) for one in text.split(",")}
    if method in ("videos.batchGetStats", "videos.list"):
        shown = [post for one in ids[:50] if (post := world.shown(one, now)) is not None]
        is_stats = method == "videos.batchGetStats"
        items = [_stats(post, now) if is_stats else _video(world, post, parts, now) for post in shown]
        return {"kind": f"youtube#{'batchGetStats' if is_stats else 'videoList'}Response", "etag": "s", "items": items}
    if method == "channels.list":
        return _channels(world, ids, query, now)
    if method == "playlistItems.list":
        return _uploads(world, query, now)
    return _search(world, query, now)


def _counts(post: Made, now: datetime) -> dict[str, str]:
    views, likes, comments, _ = post.counts(now)
    shown = {"viewCount": str(views), "likeCount": str(likes), "commentCount": str(comments)}
    if post.hides_likes:
        del shown["likeCount"]
    return shown


def _stats(post: Made, now: datetime) -> Answer:
    return {"kind": "youtube#videoStats", "etag": "s", "id": post.post_id, "statistics": _counts(post, now)}


def _video(world: World, post: Made, parts: set[str], now: datetime) -> Answer:
    whole = {
        "snippet": {
            "publishedAt": _time(post.published_at),
            "channelId": post.author_id,
            "channelTitle": world.authors[post.author_id].name,
            "title": post.title,
            "description": "",
            "categoryId": "22",
            "liveBroadcastContent": "none",
            "defaultAudioLanguage": "ru",
            "thumbnails": {
                "default": {"url": f"https://example.invalid/{post.post_id}.jpg", "width": 120, "height": 90}
            },
        },
        "contentDetails": {"duration": f"PT{post.duration_s}S", "caption": "false"},
        "status": {"privacyStatus": "public", "uploadStatus": "processed"},
        "statistics": {**_counts(post, now), "favoriteCount": "0"},
        "player": {"embedHtml": "", "embedHeight": "720", "embedWidth": "405"},
    }
    return {
        "kind": "youtube#video",
        "etag": "s",
        "id": post.post_id,
        **{name: value for name, value in whole.items() if name in parts},
    }


def _channels(world: World, ids: list[str], query: dict[str, list[str]], now: datetime) -> Answer:
    if "forHandle" in query:
        handle = query["forHandle"][0].removeprefix("@")
        number = int(handle.removeprefix("author")) - 1 if handle.removeprefix("author").isdigit() else -1
        listed = list(world.authors)
        ids = [listed[number]] if 0 <= number < len(listed) else []
    items = [_channel(world.authors[one], now) for one in ids if one in world.authors]
    return {"kind": "youtube#channelListResponse", "etag": "s", **({"items": items} if items else {})}


def _channel(author: MadeAuthor, now: datetime) -> Answer:
    return {
        "kind": "youtube#channel",
        "etag": "s",
        "id": author.author_id,
        "snippet": {"title": author.name, "description": "", "publishedAt": "2020-01-01T00:00:00Z"},
        "statistics": {
            "viewCount": "0",
            "subscriberCount": str(author.followers),
            "hiddenSubscriberCount": False,
            "videoCount": str(len(author.public(now))),
        },
    }


def _uploads(world: World, query: dict[str, list[str]], now: datetime) -> Answer:
    author = world.authors["UC" + query["playlistId"][0][2:]]
    start, size = int(query.get("pageToken", ["0"])[0]), int(query.get("maxResults", ["5"])[0])
    posts = author.public(now)
    items = [
        {
            "kind": "youtube#playlistItem",
            "etag": "s",
            "id": f"item{post.post_id}",
            "contentDetails": {"videoId": post.post_id, "videoPublishedAt": _time(post.published_at)},
        }
        for post in posts[start : start + size]
    ]
    more = {"nextPageToken": str(start + size)} if start + size < len(posts) else {}
    return {"kind": "youtube#playlistItemListResponse", "etag": "s", "items": items, **more}


def _search(world: World, query: dict[str, list[str]], now: datetime) -> Answer:
    words = query.get("q", [""])[0].lower()
    since = datetime.fromisoformat(query["publishedAfter"][0].replace("Z", "+00:00"))
    found = [
        post
        for post in world.posts.values()
        if words in post.title.lower() and since <= post.published_at <= now and world.shown(post.post_id, now)
    ]
    newest = sorted(found, key=lambda post: post.published_at, reverse=True)[:50]
    items = [
        {"kind": "youtube#searchResult", "etag": "s", "id": {"kind": "youtube#video", "videoId": post.post_id}}
        for post in newest
    ]
    return {"kind": "youtube#searchListResponse", "etag": "s", "items": items}


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
