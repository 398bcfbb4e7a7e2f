"""Both collectors obey the same contract, through the real clients over real sockets."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from check_collector import check_collector

from otklik.clock import StillClock
from otklik.collect.vk import VK
from otklik.collect.youtube import YouTube
from otklik.sandbox import Sandbox, World

START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize("platform", ["youtube", "vk"])
@pytest.mark.parametrize("has_user_token", [False, True])
def test_a_collector_keeps_its_contract(platform, has_user_token):
    clock, spent = StillClock(START), []
    world = World(platform, START, n_authors=5, n_posts=90, hours=24, n_past=3, gone_rate=0.1)
    with Sandbox([world], clock) as sandbox:
        if platform == "youtube":
            collector = YouTube(lambda: "key", lambda *one: spent.append(one), clock, sandbox.address, "simulated:")
        else:
            user = (lambda: "user") if has_user_token else None
            collector = VK(lambda: "token", lambda *one: spent.append(one), clock, sandbox.address, user, "simulated:")
        check_collector(collector, world, clock)
        calls = sum(sandbox.calls.values())
        executed = sum(n - 1 for _, n in spent if n > 1)
        assert sum(n for _, n in spent) == calls + executed  # every call was booked, those inside a script too
        assert {name for name, _ in spent} <= set(collector.buckets)


def test_the_collectors_are_loaded_only_when_asked_for():
    import subprocess
    import sys

    code = (
        "import sys, otklik.collecting\n"
        "heavy = {'googleapiclient', 'vk_api', 'httplib2', 'requests', 'apscheduler'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
