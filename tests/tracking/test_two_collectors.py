"""Two collectors on one PostgreSQL share the work; nothing is asked for twice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pandas as pd

from otklik.store import Store
from otklik.tracking.passes import Pass
from otklik.tracking.sources import Access, sources
from rig import START, TICK, check_counts, check_ledger, check_looks, check_stored, rig


def test_two_collectors_on_one_postgresql_ask_for_nothing_twice(new_database, tmp_path):
    where = new_database()
    with rig(where, n_posts=250, hours=1.0, n_authors=20) as at, Store.open(where) as second:
        access = Access(
            youtube_key=lambda: "second-key",
            vk_token=lambda: "second-token",
            youtube_endpoint=at.sandbox.address,
            vk_host=at.sandbox.address,
            mark="simulated:",
        )
        shares: Counter[str] = Counter()
        with sources(access, second, at.clock) as others, ThreadPoolExecutor(2) as pool:
            for tick in range(16):
                at.clock.set(max(at.clock.now(), START + tick * TICK))
                passes = {
                    "first": Pass(at.store, at.sources, at.clock, owner="first"),
                    "second": Pass(second, others, at.clock, owner="second"),
                }
                for name, report in zip(passes, pool.map(Pass.run, passes.values()), strict=True):
                    assert not report.errors
                    shares[name] += sum(one.seen for one in report.platforms.values())
        # They wait by one clock, so one of them may move it while the other one asks.
        check_ledger(at.store, at.sandbox, since=START - timedelta(days=2))
        check_counts(at.store, at.worlds, at.clock.now(), slack=timedelta(minutes=1))
        check_looks(at)
        looks = at.snapshots().sort_values(["platform", "post_id", "observed_at"])
        near = looks.groupby(["platform", "post_id"])["observed_at"].diff() < timedelta(minutes=2)
        assert not near.any(), looks[near]
        assert at.sandbox.keys >= {"second-key", "second-token"}
        assert min(shares.values()) > 0.05 * sum(shares.values()), shares


def test_one_collector_on_postgresql_collects_as_on_sqlite(new_database, tmp_path):
    found = []
    for where in (new_database(), tmp_path):
        with rig(where, n_posts=40, hours=1.0) as at:
            at.run(20)
            check_stored(at)
            found.append(at.snapshots().sort_values(["platform", "post_id", "observed_at"], ignore_index=True))
    pd.testing.assert_frame_equal(*found)


def test_text_that_postgresql_does_not_take_stops_nothing(new_database):
    with rig(new_database(), faults="*=garbled*9999%50", n_posts=40, hours=1.0, seed=7) as at:
        at.run(12)
        assert at.sandbox.faults.injected()["garbled"] > 40
        at.sandbox.faults.script.clear()
        at.run(10)
        check_stored(at)
        assert at.errors() <= {"TransientError"}
