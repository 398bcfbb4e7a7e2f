"""Imports are all or nothing, do nothing twice, and hold little in memory."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from otklik.dataset.importing import import_tables
from otklik.errors import DataError
from otklik.store import Store

LATE = datetime(2030, 1, 1, tzinfo=UTC)


def test_importing_again_changes_nothing(tmp_path, data_dir, cohort):
    with Store.open(tmp_path / "store.sqlite") as store:
        first = import_tables([data_dir], store)
        before = store.counts()
        again = import_tables([data_dir], store)
        assert [table.n_new for table in first.tables] == [len(cohort.posts), len(cohort.snapshots)]
        assert [table.n_new for table in again.tables] == [0, 0]
        assert [table.n_same for table in again.tables] == [len(cohort.posts), len(cohort.snapshots)]
        assert store.counts() == before


def test_what_went_in_comes_out(tmp_path, data_dir, cohort):
    with Store.open(tmp_path / "store.sqlite") as store:
        import_tables([data_dir], store)
        key = ["platform", "post_id", "observed_at"]
        out = store.snapshots(as_of=LATE).sort_values(key, ignore_index=True)
    wanted = cohort.snapshots.sort_values(key, ignore_index=True)
    pd.testing.assert_frame_equal(out, wanted)


def test_a_contradiction_with_the_store_stops_the_import_and_writes_nothing(tmp_path, data_dir, cohort):
    other = tmp_path / "other"
    other.mkdir()
    cohort.posts.assign(title="new title").to_parquet(other / "posts.parquet")
    cohort.snapshots.assign(views=cohort.snapshots["views"] + 1).to_parquet(other / "snapshots.parquet")
    with Store.open(tmp_path / "store.sqlite") as store:
        import_tables([data_dir], store)
        with pytest.raises(DataError, match="snapshots are never changed"):
            import_tables([other], store)
        assert "new title" not in set(store.posts()["title"])
        assert store.counts()["post_versions"] == 0


def test_progress_tells_how_much_of_how_much(tmp_path, data_dir):
    steps: list[tuple[str, int, int | None]] = []
    with Store.open(tmp_path / "store.sqlite") as store:
        import_tables([data_dir], store, on_progress=lambda *step: steps.append(step))
    assert [stage for stage, _, _ in steps] == ["posts", "snapshots"]
    assert all(done == total for _, done, total in steps)


_KILLED = """
import sys
from pathlib import Path
from otklik.dataset.importing import import_tables
from otklik.store import Store
with Store.open(Path(sys.argv[2])) as store:
    import_tables([Path(sys.argv[1])], store, on_progress=lambda *step: print(*step, flush=True))
"""


@pytest.mark.slow
def test_an_import_that_is_killed_leaves_nothing_half_written(tmp_path):
    source, store_file = _big(tmp_path, 400_000), tmp_path / "store.sqlite"
    Store.open(store_file).close()
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", _KILLED, source, store_file], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        for line in child.stdout:
            if line.startswith("snapshots"):
                break
        time.sleep(0.05)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        with Store.open(store_file) as store:
            assert not any(store.counts().values())
    with Store.open(store_file) as store:
        report = import_tables([source], store)
        assert report.tables[1].n_new == 400_000


# On Linux not getrusage: there the peak of whoever started a process counts as its own.
_MEASURED = (
    _KILLED
    + """
import re, resource
status = Path("/proc/self/status")
peak = re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text()) if status.exists() else None
print(int(peak[1]) if peak else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
)


@pytest.mark.slow
def test_a_large_csv_is_imported_in_bounded_memory(tmp_path):
    source = _big(tmp_path, 1_000_000, suffix="csv")
    assert (source / "snapshots.csv").stat().st_size > 40e6
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, source, tmp_path / "store.sqlite"], capture_output=True, text=True, check=True
    )
    peak_mb = int(done.stdout.splitlines()[-1]) / (1024 if sys.platform != "darwin" else 1024**2)
    assert peak_mb < 700


def _big(folder: Path, n: int, suffix: str = "parquet") -> Path:
    """One thousand posts and ``n`` snapshots of them."""
    source = folder / f"big_{suffix}"
    source.mkdir()
    published = pd.Timestamp("2026-01-01T00:00Z")
    ids = [f"p{i:05d}" for i in range(1000)]
    posts = pd.DataFrame(
        {"platform": "vk", "post_id": ids, "author_id": "a", "kind": "post", "published_at": published, "title": "t"}
    )
    post = pd.Series(range(n)) // (n // 1000)
    looks = pd.DataFrame(
        {
            "platform": "vk",
            "post_id": [ids[i] for i in post],
            "observed_at": published + pd.to_timedelta(pd.Series(range(n)) % (n // 1000), unit="min"),
            "views": range(n),
        }
    )
    for name, frame in (("posts", posts), ("snapshots", looks)):
        if suffix == "csv":
            frame.to_csv(source / f"{name}.csv", index=False)
        else:
            frame.to_parquet(source / f"{name}.parquet")
    return source
