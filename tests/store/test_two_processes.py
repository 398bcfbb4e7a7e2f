"""A notebook reads while a collector writes: neither waits for the other, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from otklik.store import Store

T0 = pd.Timestamp("2026-03-01T00:00Z")
N_POSTS, N_POLLS = 50, 60

WRITER = """
import sys
from pathlib import Path
import pandas as pd
from otklik.store import Store
T0 = pd.Timestamp("2026-03-01T00:00Z")
with Store.open(Path(sys.argv[1])) as store:
    for poll in range(int(sys.argv[2])):
        store.write_snapshots(pd.DataFrame({
            "platform": "vk", "post_id": [str(i) for i in range(int(sys.argv[3]))],
            "observed_at": T0 + pd.Timedelta(minutes=poll), "views": [poll * 10 + i for i in range(int(sys.argv[3]))],
        }))
        print(poll, flush=True)
"""


def test_a_reader_that_holds_its_transaction_never_blocks_the_writer_and_sees_whole_polls(tmp_path: Path):
    file, late = tmp_path / "store.sqlite", datetime(2100, 1, 1, tzinfo=UTC)
    posts = pd.DataFrame(
        {
            "platform": "vk",
            "post_id": [str(i) for i in range(N_POSTS)],
            "author_id": "a",
            "kind": "post",
            "published_at": T0,
        }
    )
    with Store.open(file) as store:
        store.write_posts(posts)
        with store._engine.connect() as held:
            # A notebook cell that has read and not let go: an open read transaction for the whole run.
            from sqlalchemy import text

            count = text("select count(*) from snapshot")
            assert held.execute(count).scalar() == 0
            writer = subprocess.Popen(
                [sys.executable, "-c", WRITER, file, str(N_POLLS), str(N_POSTS)], stdout=subprocess.PIPE, text=True
            )
            assert writer.stdout is not None
            acknowledged, sizes = 0, []
            for line in writer.stdout:
                acknowledged = int(line) + 1
                if acknowledged % 10 == 0:
                    sizes.append(len(store.snapshots(as_of=late)))
            assert writer.wait() == 0
            writer.stdout.close()
            assert held.execute(count).scalar() == 0
        assert acknowledged == N_POLLS
        assert all(size % N_POSTS == 0 for size in sizes)
        assert sizes == sorted(sizes)
        found = store.snapshots(as_of=late)
    assert len(found) == N_POLLS * N_POSTS
    assert found.groupby("post_id")["views"].nunique().eq(N_POLLS).all()


def test_two_writers_lose_nothing(tmp_path: Path):
    file = tmp_path / "store.sqlite"
    posts = pd.DataFrame(
        {"platform": "vk", "post_id": [str(i) for i in range(80)], "author_id": "a", "kind": "post", "published_at": T0}
    )
    with Store.open(file) as store:
        store.write_posts(posts)
    shifted = WRITER.replace('T0 = pd.Timestamp("2026-03-01', 'T0 = pd.Timestamp("2026-03-02')
    writers = [
        subprocess.Popen([sys.executable, "-c", code, file, "40", "80"], stdout=subprocess.DEVNULL)
        for code in (WRITER, shifted)
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    with Store.open(file) as store:
        assert store.counts()["snapshots"] == 2 * 40 * 80
