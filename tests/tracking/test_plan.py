"""The plan tells what collecting costs before it runs, and it comes true."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.collect.cadence import STANDARD
from otklik.tracking.plan import discovery_every_h, plan, total_share
from otklik.tracking.sources import COSTS, VK, YOUTUBE
from rig import START, rig

AGES = [slot for slot, _ in STANDARD.slots]


@given(st.integers(1, 5_000), st.sampled_from(COSTS))
def test_looking_for_new_posts_never_costs_more_than_its_share(n_authors, costs):
    every = discovery_every_h(n_authors, costs.authors_per_call, costs.author_calls_a_day, costs.least_discovery_h)
    calls = 24 / every * -(-n_authors // costs.authors_per_call)
    assert calls <= costs.author_calls_a_day * (1 + 1e-9)
    assert every >= costs.least_discovery_h


@given(st.integers(1, 500), st.floats(1, 20_000), st.sampled_from(COSTS))
def test_more_posts_cost_more_and_what_fits_fits(n_authors, posts, costs):
    less, more = plan(costs, n_authors, posts, STANDARD), plan(costs, n_authors, 2 * posts, STANDARD)
    assert more.looks_a_day == 2 * less.looks_a_day
    assert more.kept_until_h <= less.kept_until_h
    if less.posts_that_fit is not None:
        is_all_kept = less.kept_until_h == STANDARD.until_h
        assert is_all_kept == (posts <= less.posts_that_fit + 1)
    fit = plan(YOUTUBE, n_authors, YOUTUBE.polling.limit, STANDARD).posts_that_fit
    polling = plan(YOUTUBE, n_authors, fit, STANDARD).buckets[0]
    assert polling.share == pytest.approx(1.0, abs=0.01)


def test_a_quota_that_is_passed_is_seen_before_it_runs():
    few, many = plan(VK, 40, 20, STANDARD), plan(YOUTUBE, 4_000, 50_000, STANDARD)
    assert total_share([few]) < 1 < total_share([few, many])


def test_what_was_planned_is_what_it_costs(tmp_path):
    """Some hours in the sandbox beside its plan; starting up is left out of both."""
    n_posts, hours = 40, 8
    with rig(tmp_path, ("youtube",), n_posts=n_posts, hours=hours, n_authors=10) as at:
        at.run(12 * hours)
        told, now = plan(YOUTUBE, 10, n_posts / hours * 24, STANDARD), at.clock.now()
        fresh = [post for post in at.worlds["youtube"].posts.values() if START < post.published_at < now]
        slots = sum(slot * 3600 <= (now - post.published_at).total_seconds() for post in fresh for slot in AGES)
        assert 0.85 * slots < at.sandbox.asked["videos.batchGetStats"] < 1.05 * slots
        assert told.looks_a_day == n_posts / hours * 24 * len(AGES)
        general = sum(at.sandbox.calls[name] for name in ("channels.list", "playlistItems.list", "videos.list"))
        planned = next(bucket.calls_a_day for bucket in told.buckets if bucket.bucket == "general") * hours / 24
        assert general < 1.4 * planned
