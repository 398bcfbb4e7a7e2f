"""What a machine does to a collector: full disks, locked stores, and logs that anyone may read."""

from __future__ import annotations

import logging
import sqlite3
import traceback

import pytest
from sqlalchemy import event

from cli_process import otklik
from otklik import credentials, workflows
from otklik.collect.cadence import STANDARD
from otklik.errors import OtklikError, StorageError, TransientError
from otklik.sandbox import Sandbox, World
from otklik.store import Store
from otklik.tracking.passes import Pass
from rig import KEY, TOKEN, check_looks, check_stored, rig


@pytest.fixture(autouse=True)
def short_timeouts(monkeypatch):
    monkeypatch.setattr("otklik.collect.youtube.client.TIMEOUT_S", 0.5)
    monkeypatch.setattr("otklik.collect.vk.transport.TIMEOUT_S", 0.5)


def test_a_full_disk_stops_a_pass_and_costs_only_the_looks_of_that_time(tmp_path):
    with rig(tmp_path, n_posts=40, hours=1.5) as at:
        at.run(6)
        engine, is_full = at.store._engine, [True]

        def limit(connection, _record, _proxy):
            pages = connection.execute("pragma page_count").fetchone()[0]
            connection.execute(f"pragma max_page_count = {pages + 1 if is_full[0] else 1_000_000_000}")

        event.listen(engine, "checkout", limit)
        before = at.snapshots()
        with pytest.raises(StorageError, match="is full"):
            at.run(3)
        at.ticks += 2
        assert len(at.snapshots()) >= len(before)
        is_full[0] = False
        at.run(10)
        check_stored(at)
        check_looks(at, slack_h=0.8)


def test_a_locked_store_stops_a_pass_and_the_next_one_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr("otklik.store.dialect.BUSY_MS", 100)
    with rig(tmp_path, n_posts=40, hours=1.5) as at:
        at.run(4)
        other = sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)
        other.execute("begin immediate")
        with pytest.raises(TransientError, match="is locked by another program"):
            at.run(1)
        at.ticks += 1
        other.execute("rollback")
        other.close()
        at.run(8)
        check_stored(at)
        check_looks(at, slack_h=0.5)


ALL_FAULTS = ",".join(
    [
        *("*=500*20%5", "*=reset*20%5", "*=truncated*20%5", "*=html*20%5", "*=429*9%3"),
        *("videos.batchGetStats=key*2@9", "wall.getById=vk5*1@9", "wall.get=vk100*2@9", "channels.list=quota*1@60"),
        *("groups.getById=vk14*1@12", "wall.getById=vk15*2@3", "videos.list=timeout*1@2"),
    ]
)


def test_no_secret_is_in_any_log_error_database_export_or_trace(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(credentials, "_seen", {KEY, TOKEN})
    log = tmp_path / "log"
    handler = logging.FileHandler(log, encoding="utf-8")
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    told: list[str] = []
    try:
        with rig(tmp_path, faults=ALL_FAULTS, n_posts=60, hours=2.0) as at:
            at.run(40)
            for report in at.reports:
                told.append(str(report.to_dict()))
                for error in report.errors:
                    told += [repr(error), str(error), repr(error.__dict__)]
                    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
                    told.append("".join(trace.format()))
            assert sum(at.sandbox.faults.injected().values()) > 40
            assert any(isinstance(error, OtklikError) for report in at.reports for error in report.errors)
            assert at.sandbox.keys >= {KEY, TOKEN}, "they are shown to the platforms, and to nobody else"
            assert at.sandbox.leaks == []
            whole = at.snapshots()
            whole.to_parquet(tmp_path / "export.parquet")
            status = workflows.status(str(tmp_path / "store.sqlite"), None)
            told.append(repr(status))
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()
    told += capfd.readouterr()
    assert "batchGetStats" in log.read_text("utf-8"), "the log was on"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"log", "store.sqlite", "export.parquet"}
    for secret in (KEY, TOKEN):
        assert not [path.name for path in files if secret.encode() in path.read_bytes()]
        assert not [text for text in told if secret in text]


@pytest.mark.parametrize("verb", ["collect", "doctor"])
def test_a_refused_token_is_told_without_showing_it_even_with_debug(tmp_path, verb):
    from otklik.clock import SystemClock
    from otklik.sandbox import Faults

    clock = SystemClock()
    world = World("vk", clock.now(), n_authors=2, n_posts=5, hours=1.0)
    with Sandbox([world], clock, Faults.parse("*=vk5*99")) as sandbox:
        (tmp_path / "otklik.toml").write_text(f'vk_host = "{sandbox.address}"\n', "utf-8")
        (tmp_path / "token").write_text(TOKEN + "\n", "utf-8")
        with Store.open(tmp_path / "store.sqlite") as store:
            from otklik.store import Tracks

            Tracks(store).add("vk", "author", next(iter(world.authors)), None, clock.now())
        env = {"OTKLIK_VK_TOKEN_FILE": str(tmp_path / "token")}
        done = otklik("--debug", verb, "--workspace", tmp_path, **env)
        assert done.returncode == 78, done.stdout + done.stderr
        assert "token" in done.stdout + done.stderr
        assert TOKEN not in done.stdout + done.stderr
        assert TOKEN in sandbox.keys


def test_a_pass_in_a_store_that_cannot_be_written_says_so(tmp_path):
    with rig(tmp_path, ("vk",), n_posts=5) as at:
        at.store._engine.dispose()
        (tmp_path / "store.sqlite").write_bytes(b"this is no database at all, but a letter to a friend" * 99)
        for name in ("store.sqlite-wal", "store.sqlite-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        with pytest.raises(StorageError, match="is not an otklik store or is damaged"):
            Pass(at.store, at.sources, at.clock, STANDARD).run()
