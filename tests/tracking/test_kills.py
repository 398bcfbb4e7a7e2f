"""A collector killed at any moment of a pass loses nothing, doubles nothing, and has booked every call."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from otklik.clock import FastClock
from otklik.sandbox import Faults, Sandbox, World
from otklik.store import Store, Tracks
from rig import check_counts, check_ledger

DRIVER = """
import json, os, random, signal, sqlite3, sys, time
from pathlib import Path
from otklik import collecting, settings
import otklik.collect.vk, otklik.collect.youtube

folder, kills = Path(sys.argv[1]), int(sys.argv[2])
chosen, rng, killed, whole, known = settings.resolve({"workspace": folder}), random.Random(7), 0, 0, set()

def rows():
    plain = sqlite3.connect(folder / "store.sqlite")
    found = set(plain.execute("select post_key, observed_us, views, likes from snapshot"))
    orphans = plain.execute(
        "select count(*) from poll where looked_us is not null and not exists "
        "(select 1 from snapshot s where s.post_key = poll.post_key and s.observed_us = poll.looked_us)"
    ).fetchone()[0]
    plain.close()
    assert orphans == 0, "a look was noted that is not stored"
    return found

took = 1.0
while killed < kills:
    child = os.fork()
    if child == 0:
        try:
            collecting.collect(chosen)
        finally:
            os._exit(0)
    began = time.monotonic()
    time.sleep(rng.uniform(0.0, took))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        killed += 1
    else:
        whole += 1
    now = rows()
    assert known <= now, "a stored sample was lost"
    known = now
    took = 1.2 if whole == 0 else 0.9
report = collecting.collect(chosen)
assert known <= rows()
print(json.dumps({"killed": killed, "whole": whole, "errors": [str(error) for error in report.errors]}))
"""


@pytest.mark.parametrize("kills", [10, pytest.param(120, marks=pytest.mark.slow)])
def test_kill_9_at_any_moment_loses_nothing_doubles_nothing_and_undercounts_nothing(tmp_path: Path, kills: int):
    start = datetime(2026, 11, 20, 9, tzinfo=UTC)
    clock = FastClock(start, 300)
    worlds = {
        name: World(name, start, n_authors=8, n_posts=kills * 10, hours=kills * 0.08, n_past=5)
        for name in ("youtube", "vk")
    }
    with Sandbox(list(worlds.values()), clock, Faults.parse("*=500*20%2,*=reset*10%1")) as sandbox:
        (tmp_path / "otklik.toml").write_text(f'sandbox = "{sandbox.address}"\n', "utf-8")
        with Store.open(tmp_path / "store.sqlite") as store:
            for name, world in worlds.items():
                for author_id in world.authors:
                    Tracks(store).add(name, "author", author_id, None, start)
        done = subprocess.run(
            [sys.executable, "-c", DRIVER, tmp_path, str(kills)], capture_output=True, text=True, timeout=900
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told["killed"] >= kills
        with Store.open(tmp_path / "store.sqlite") as store:
            n = check_counts(store, worlds, clock.now(), slack=timedelta(minutes=3))
            check_ledger(store, sandbox, since=start)
        assert n > 20 * len(worlds)
        print(f"{told['killed']} kills, {told['whole']} whole passes, {n} snapshots, 0 lost, 0 doubled")
