"""What the VK API allows, each number with its source."""

from __future__ import annotations

from otklik.collect.quota import Bucket, Window

API_VERSION = "5.199"
"""The documented version; vk_api's own default is one of 2018."""
HOST = "https://api.vk.ru"
"""dev.vk.com names api.vk.ru since 2025."""
CALLS_PER_S = 3.0
"""For a user or service token (dev.vk.com/api/api-requests)."""
POSTS_PER_CALL = 100
"""Ids in one wall.getById: common knowledge, in no page we could read."""
VIDEOS_PER_CALL = 100
"""Ids in one video.get: 200 is the published maximum of ``count``; half of it to stay clear of sizes."""
GROUPS_PER_CALL = 500
"""Ids in one groups.getById (dev.vk.com)."""
WALL_PAGE = 100
"""Posts on a page of wall.get (schema 5.199)."""
WALL_PROBE = 20
"""Posts fetched when a community is only probed for new ones; our choice: a page of 100 weighs over 1 MB."""
PAGES_PER_AUTHOR = 4
"""How far back one look goes when nothing on a page is known; our choice."""
WALLS_TOGETHER = 50
POSTS_TOGETHER = 5 * POSTS_PER_CALL
"""Walls and posts read before the likes of their videos are asked for, so that these fill scripts; our choice."""
NEWS_PAGE = 200
"""Posts in one newsfeed.search (dev.vk.com)."""
CALLS_PER_EXECUTE = 25
"""Calls inside one execute (dev.vk.com/method/execute)."""

_LIMITS = "dev.vk.com/reference/roadmap, data limits; hit in practice"
WALL_GET = Bucket("vk", "wall.get", 5_000, Window.ROLLING_DAY, _LIMITS)
NEWSFEED = Bucket("vk", "newsfeed.search", 1_000, Window.ROLLING_DAY, _LIMITS)
CALLS = Bucket("vk", "calls", None, Window.ROLLING_DAY, "unpublished: counted, and closed when VK says so")
VIDEO = Bucket("vk", "video.get", None, Window.ROLLING_DAY, "unpublished; error 29 after some hundreds in practice")
BUCKETS = (CALLS, WALL_GET, NEWSFEED, VIDEO)
BUCKET_OF = {"wall.get": WALL_GET, "newsfeed.search": NEWSFEED, "video.get": VIDEO}
