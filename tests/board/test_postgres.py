"""The same on PostgreSQL: read only where it only reads, and told once where two collectors check at a time."""

from __future__ import annotations

import threading

import pytest

from otklik.alerting import AlertReport, Place, after_pass
from otklik.board import open_readonly
from otklik.board.gather import Gatherer, Source
from otklik.clock import StillClock
from otklik.errors import OtklikError
from otklik.store import Store, Tracks
from watched import NOW, fill, receiver, write_rules

pytestmark = pytest.mark.slow


@pytest.fixture
def url(new_database) -> str:
    found = new_database()
    with Store.open(found) as store:
        fill(store, n=3)
    return found


def test_the_board_reads_and_the_database_refuses_writes(url):
    state = Gatherer(Source(url, "UTC"), StillClock(NOW)).state()
    assert [row.multiple for row in state.rows] == pytest.approx([4.0, 4.0, 4.0])
    with open_readonly(url) as store, pytest.raises(OtklikError):
        Tracks(store).set_mark("x", "y")


def test_two_collectors_at_once_tell_everything_once(url, tmp_path):
    with receiver() as hook:
        rule = "name: r, metric: views, above: 3x, to: [hook]"
        write_rules(tmp_path, f"hook: {{webhook: '{hook.address}'}}", rule)
        reports: list[AlertReport] = []
        ready = threading.Barrier(4)

        def one() -> None:
            with Store.open(url) as store:
                ready.wait()
                reports.append(after_pass(store, Place(tmp_path), NOW))

        threads = [threading.Thread(target=one) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not [error for report in reports for error in report.errors]
        assert sorted(body["subject"] for _, body in hook.got) == ["youtube:new0", "youtube:new1", "youtube:new2"]
