"""Two days of 2,000 new posts, half of them on each platform: labels, calls beside the fewest possible, and quota."""

from __future__ import annotations

import math
import time
import zlib
from collections import Counter
from datetime import datetime, timedelta

import pandas as pd
import pytest

from fewest_calls import by_tick, fewest, full_calls, jobs_of
from otklik.collect.cadence import JITTER
from otklik.collect.vk import limits as vk_limits
from otklik.collect.youtube import limits as youtube_limits
from otklik.tracking.diagnosis import diagnose
from otklik.tracking.retention import profile_named
from rig import START, TICK, Rig, check_stored, rig

N_POSTS, N_AUTHORS, HOURS = 1_000, 40, 49
"""Posts come out over the first 24 hours; the rest is for the last of them to grow 24 hours old."""


def moved(post_id: str) -> float:
    return JITTER * (zlib.crc32(post_id.encode()) % 1000) / 1000


def polling_jobs(at: Rig, platform: str, free: set[tuple[str, int]]) -> list[tuple[int, int]]:
    """Every look that the cadence asks for, but those served by the look that came with finding the post, or free."""
    end, world, found = at.clock.now(), at.worlds[platform], []
    first = at.snapshots().query("platform == @platform").groupby("post_id")["observed_at"].min()
    for post_id, post in world.posts.items():
        if post_id.startswith("video") or post_id not in first.index:
            continue
        seen = math.floor((first[post_id].to_pydatetime() - START) / TICK)
        for job in jobs_of(post.published_at, post.gone_at or end, START, end, moved(post_id)):
            is_free = any((post_id, tick) in free for tick in range(job[0], job[1] + 1))
            if job[1] > seen and not is_free:
                found.append((max(job[0], seen + 1), job[1]))
    return found


def found_at(at: Rig, platform: str) -> list[datetime]:
    looks = at.snapshots()
    mine = looks[(looks["platform"] == platform) & ~looks["post_id"].str.startswith("video")]
    return [one.to_pydatetime() for one in mine.groupby("post_id")["observed_at"].min()]


def fewest_youtube(at: Rig) -> dict[str, int]:
    ticks, size = len(at.reports), youtube_limits.IDS_PER_CALL
    new = by_tick(found_at(at, "youtube"), START)
    world = at.worlds["youtube"]
    moves = {(post.author_id, math.ceil((post.published_at - START) / TICK)) for post in world.posts.values()}
    moves = {(author, tick) for author, tick in moves if 0 < tick < ticks}
    sweeps = N_AUTHORS * (1 + int((at.clock.now() - START) / timedelta(hours=6)))
    again = sum(
        int((min(at.clock.now(), post.gone_at or at.clock.now()) - post.published_at) / timedelta(hours=24))
        for post in world.posts.values()
        if START <= post.published_at < at.clock.now()
    )
    return {
        "videos.batchGetStats": fewest(polling_jobs(at, "youtube", set()), size),
        "channels.list": ticks * math.ceil(N_AUTHORS / size),
        "playlistItems.list": len(moves) + sweeps,
        "videos.list": full_calls(new, size) + again // size,
    }


def fewest_vk(at: Rig) -> dict[str, int]:
    every = at.sources[1]
    per_day = every.costs.author_calls_a_day
    rounds = math.floor((at.clock.now() - START).total_seconds() / 3600 / max(0.25, 24 * N_AUTHORS / per_day)) + 1
    looks = at.snapshots().query("platform == 'vk'")
    walls = looks[looks["source"].str.contains("wall.get") & ~looks["source"].str.contains("ById")]
    free = set(zip(walls["post_id"], (walls["observed_at"] - pd.Timestamp(START)) // pd.Timedelta(TICK), strict=True))
    videos = looks[looks["post_id"].str.startswith("video") & looks["likes"].notna()]
    return {
        "wall.get": rounds * N_AUTHORS,
        "groups.getById": rounds * math.ceil(N_AUTHORS / vk_limits.GROUPS_PER_CALL),
        "wall.getById": fewest(polling_jobs(at, "vk", free), vk_limits.POSTS_PER_CALL),
        "likes": full_calls(by_tick([one.to_pydatetime() for one in videos["observed_at"]], START), 25),
    }


@pytest.mark.slow
def test_two_days_of_two_thousand_posts(tmp_path):
    with rig(tmp_path, n_posts=N_POSTS, hours=24.0, n_authors=N_AUTHORS) as at:
        began, spent = time.monotonic(), {"youtube": 0, "vk": 0}
        for _ in range(12 * HOURS):
            at.run(1)
            for source in at.sources:
                for name, (calls, limit, _) in source.budget.spent().items():
                    assert limit is None or calls <= limit, name
        took = time.monotonic() - began
        assert not at.errors()
        n = check_stored(at)
        calls = Counter(at.sandbox.calls)
        calls["likes"] = calls.pop("execute") + calls.pop("likes.getList", 0)
        told = diagnose(at.store, at.sources, at.clock, profile_named("youtube-unaudited"), 1 / 12).coverage
        print(f"\n{HOURS} simulated h, {n} snapshots, {took:.0f} s")
        for one, least in zip(
            sorted(told, key=lambda one: one.platform), (fewest_vk(at), fewest_youtube(at)), strict=True
        ):
            made = {name: calls[name] for name in least}
            spent[one.platform] = sum(made.values())
            ratio = sum(made.values()) / sum(least.values())
            print(f"{one.platform}: labels {one.n_tight} of {one.alive} alive ({one.share_tight:.4f})")
            print(f"  calls {sum(made.values())} / fewest {sum(least.values())} = {ratio:.3f}")
            for name in least:
                print(f"    {name}: {made[name]} / {least[name]}")
            polling, size = ("wall.getById", 100) if one.platform == "vk" else ("videos.batchGetStats", 50)
            asked = at.sandbox.asked[polling]
            print(f"    {asked} ids would fill {math.ceil(asked / size)} calls of {polling}")
            assert one.share_tight >= 0.99
            assert ratio <= 1.05
        assert sum(spent.values()) == sum(calls.values())
