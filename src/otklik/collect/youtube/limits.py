"""What the YouTube Data API allows, each number with its source."""

from __future__ import annotations

from otklik.collect.quota import Bucket, Window

IDS_PER_CALL = 50
"""Ids in one videos.batchGetStats, videos.list or channels.list (discovery document, revision 20261104)."""
PAGE = 50
"""Items on a page of playlistItems.list and search.list (same)."""
PAGES_PER_AUTHOR = 4
"""How far back one look goes when nothing on a page is known; our choice."""
SHORT_MAX_S = 180
"""Longest Short, square or upright (YouTube help, since 2024-10-15)."""

_QUOTAS = "developers.google.com/youtube/v3/determine_quota_cost, since 2026-06-01"
STATS = Bucket("youtube", "stats", 10_000, Window.PACIFIC_DAY, _QUOTAS + ": videos.batchGetStats")
GENERAL = Bucket("youtube", "general", 10_000, Window.PACIFIC_DAY, _QUOTAS + ": everything else")
SEARCH = Bucket("youtube", "search", 100, Window.PACIFIC_DAY, _QUOTAS + ": search.list")
BUCKETS = (STATS, GENERAL, SEARCH)
