"""Answers of the VK API, in the form of its published schema."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from otklik.sandbox.world import Made, World

PREFIX = "/method/"
_CALL = re.compile(r"API\.likes\.getList\((\{.*?\})\)")


def method_of(path: str) -> str | None:
    """The method that a path calls."""
    return path.removeprefix(PREFIX) if path.startswith(PREFIX) else None


def answer(world: World, method: str, form: dict[str, str], now: datetime) -> Any:
    """What stands under ``response``; ``None`` for a method that the sandbox does not have."""
    if method == "wall.getById":
        shown = [post for one in form["posts"].split(",") if (post := world.shown(one, now)) is not None]
        return {"items": [_post(post, now) for post in shown]}
    if method == "wall.get":
        posts = world.authors[form["owner_id"]].public(now) if form["owner_id"] in world.authors else []
        start, size = int(form.get("offset", 0)), int(form.get("count", 20))
        return {"count": len(posts), "items": [_post(post, now) for post in posts[start : start + size]]}
    if method == "groups.getById":
        asked = [world.authors[f"-{one}"] for one in form["group_ids"].split(",") if f"-{one}" in world.authors]
        groups = [
            {
                "id": -int(author.author_id),
                "name": author.name,
                "screen_name": f"club{author.author_id[1:]}",
                "is_closed": 0,
                "type": "group",
                "members_count": author.followers,
            }
            for author in asked
        ]
        return {"groups": groups, "profiles": []}
    if method == "likes.getList":
        return _likes(world, form, now)
    if method == "execute":
        return [_likes(world, json.loads(one), now) for one in _CALL.findall(form["code"])]
    if method == "newsfeed.search":
        return _news(world, form, now)
    if method == "video.get":
        ids = [f"video{one}" for one in form.get("videos", "").split(",")]
        shown = [post for one in ids if (post := world.shown(one, now)) is not None]
        return {"count": len(shown), "items": [_video(post, now, is_whole=True) for post in shown]}
    if method == "utils.getServerTime":
        return int(now.timestamp())
    if method == "utils.resolveScreenName":
        number = form["screen_name"].removeprefix("author")
        listed = list(world.authors)
        is_known = number.isdigit() and 0 < int(number) <= len(listed)
        return {"type": "group", "object_id": -int(listed[int(number) - 1])} if is_known else []
    return None


def error(code: int, method: str) -> dict[str, Any]:
    """An error as VK writes it."""
    body: dict[str, Any] = {
        "error_code": code,
        "error_msg": f"error {code}",
        "request_params": [{"key": "method", "value": method}, {"key": "oauth", "value": "1"}],
    }
    if code == 14:
        body |= {
            "captcha_sid": "1",
            "captcha_img": "https://example.invalid/c",
            "redirect_uri": "https://example.invalid/r",
        }
    return {"error": body}


def _post(post: Made, now: datetime) -> dict[str, Any]:
    views, likes, comments, shares = post.counts(now)
    item = {
        "inner_type": "wall_wallpost",
        "id": int(post.post_id.split("_")[1]),
        "owner_id": int(post.author_id),
        "from_id": int(post.author_id),
        "date": int(post.published_at.timestamp()),
        "post_type": "post",
        "text": post.title,
        "likes": {"can_like": 0, "count": likes, "user_likes": 0},
        "reposts": {"count": shares},
        "comments": {"count": comments},
        "views": {"count": views},
    }
    if post.video_id:
        item["attachments"] = [{"type": "video", "video": _video(post, now, is_whole=False)}]
    return item


def _video(post: Made, now: datetime, *, is_whole: bool) -> dict[str, Any]:
    views, likes, comments, shares = post.counts(now)
    item: dict[str, Any] = {
        "id": int((post.video_id or "_0").split("_")[1]),
        "owner_id": int(post.author_id),
        "title": post.title,
        "date": int(post.published_at.timestamp()),
        "duration": post.duration_s,
        "type": "short_video" if post.duration_s < 30 else "video",
        "views": views // 2,
        "local_views": views // 2,
        "comments": comments,
    }
    if is_whole:
        item |= {"likes": {"count": likes, "user_likes": 0}, "reposts": {"count": shares}}
    return item


def _likes(world: World, form: dict[str, Any], now: datetime) -> Any:
    post = world.shown(f"video{form['owner_id']}_{form['item_id']}", now)
    return {"count": post.counts(now)[1], "items": []} if post else False


def _news(world: World, form: dict[str, str], now: datetime) -> dict[str, Any]:
    words, since = form.get("q", "").lower(), int(form.get("start_time", 0))
    found = {
        post.post_id: post
        for post in world.posts.values()
        if words in post.title.lower() and since <= post.published_at.timestamp() and world.shown(post.post_id, now)
    }
    newest = sorted(found.values(), key=lambda post: post.published_at, reverse=True)[: int(form.get("count", 30))]
    return {"items": [_post(post, now) for post in newest], "count": len(newest), "total_count": len(found)}
