"""The store keeps what it is given, once, and gives back what was known at an instant."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otklik.errors import ConfigurationError, DataError, StorageError, TransientError
from otklik.store import Store, Written, migrations

LATE = datetime(2100, 1, 1, tzinfo=UTC)
T0 = pd.Timestamp("2026-03-01T10:00Z")


def posts(**changes: object) -> pd.DataFrame:
    row = {"platform": "vk", "post_id": "1", "author_id": "a", "kind": "post", "published_at": T0, "title": "Первый"}
    return pd.DataFrame([{**row, **changes}])


def looks(*rows: tuple[int, int | None, int | None]) -> pd.DataFrame:
    """Snapshots of post 1: minutes after publication, views, likes."""
    frame = pd.DataFrame(rows, columns=["minutes", "views", "likes"])
    return pd.DataFrame(
        {
            "platform": "vk",
            "post_id": "1",
            "observed_at": T0 + pd.to_timedelta(frame["minutes"], unit="min"),
            "views": frame["views"].astype("Int64"),
            "likes": frame["likes"].astype("Int64"),
        }
    )


ROWS = st.lists(
    st.tuples(st.integers(0, 10_000), st.none() | st.integers(0, 2**40), st.none() | st.integers(0, 2**40)),
    max_size=30,
    unique_by=lambda row: row[0],
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, minute=st.integers(0, 10_000))
def test_snapshots_come_back_as_they_went_in_and_writing_twice_adds_nothing(tmp_path_factory, rows, minute):
    with Store.open(tmp_path_factory.mktemp("s") / "store.sqlite") as store:
        store.write_posts(posts())
        frame = looks(*rows)
        assert store.write_snapshots(frame) == Written(new=len(rows))
        assert store.write_snapshots(frame) == Written(same=len(rows))
        out = store.snapshots(as_of=LATE)
        wanted = sorted(rows)
        assert out["views"].astype(object).where(out["views"].notna(), None).tolist() == [row[1] for row in wanted]
        assert out["likes"].astype(object).where(out["likes"].notna(), None).tolist() == [row[2] for row in wanted]
        as_of = (T0 + pd.Timedelta(minutes=minute)).to_pydatetime()
        assert len(store.snapshots(as_of=as_of)) == sum(row[0] <= minute for row in rows)


def test_what_is_known_at_an_instant_is_not_changed_by_later_snapshots(store):
    store.write_posts(posts())
    store.write_snapshots(looks((5, 10, 1), (60, 50, 2)))
    as_of = (T0 + pd.Timedelta(hours=1)).to_pydatetime()
    before = store.snapshots(as_of=as_of)
    store.write_snapshots(looks((61, 51, 2), (600, 900, 9)))
    pd.testing.assert_frame_equal(store.snapshots(as_of=as_of), before)


def test_as_of_must_be_said_and_must_have_a_zone(store):
    with pytest.raises(TypeError, match="as_of"):
        store.snapshots()
    with pytest.raises(DataError, match="has no zone"):
        store.snapshots(as_of=datetime(2026, 1, 1))


def test_counters_that_go_down_are_kept(store):
    store.write_posts(posts())
    store.write_snapshots(looks((5, 100, None), (10, 90, None)))
    assert store.snapshots(as_of=LATE)["views"].tolist() == [100, 90]


def test_a_snapshot_that_contradicts_a_stored_one_is_refused_whole(store):
    store.write_posts(posts())
    store.write_snapshots(looks((5, 100, 3)))
    with pytest.raises(DataError, match="says views = 101, the stored one says 100"):
        store.write_snapshots(looks((5, 101, 3), (6, 110, 3)))
    assert len(store.snapshots(as_of=LATE)) == 1


def test_snapshots_of_unknown_posts_are_refused(store):
    with pytest.raises(DataError, match="posts that are not in the store, for example vk:1"):
        store.write_snapshots(looks((5, 100, 3)))


def test_a_changed_title_keeps_the_earlier_one_and_nothing_known_is_forgotten(store):
    store.write_posts(posts(duration_s=20, first_seen_at=T0))
    assert store.write_posts(posts(title="Второй", first_seen_at=T0 + pd.Timedelta(days=1))) == Written(
        changed=1, retitled=(("vk", "1"),)
    )
    assert store.write_posts(posts(title="Второй")) == Written(same=1)
    kept = store.posts().iloc[0]
    assert (kept["title"], kept["duration_s"], kept["first_seen_at"]) == ("Второй", 20, T0)
    assert store.post_versions()["title"].tolist() == ["Первый"]


def test_authors_and_their_snapshots_are_kept(store):
    author = pd.DataFrame([{"platform": "vk", "author_id": "a", "name": "Казань сегодня", "followers": 10}])
    assert store.write_authors(author) == Written(new=1)
    assert store.write_authors(author.assign(name=None, followers=12)) == Written(changed=1)
    assert store.authors()[["name", "followers"]].values.tolist() == [["Казань сегодня", 12]]
    seen = pd.DataFrame([{"platform": "vk", "author_id": "b", "observed_at": T0, "followers": 5}])
    assert store.write_author_snapshots(seen) == Written(new=1)
    assert store.write_author_snapshots(seen) == Written(same=1)
    assert store.author_snapshots(as_of=LATE)["followers"].tolist() == [5]
    assert store.counts()["authors"] == 2


def test_posts_are_chosen_by_author_and_instant(store):
    store.write_posts(pd.concat([posts(), posts(post_id="2", author_id="b", published_at=T0 + pd.Timedelta(days=1))]))
    assert store.posts(authors=[("vk", "b")])["post_id"].tolist() == ["2"]
    assert store.posts(as_of=T0.to_pydatetime())["post_id"].tolist() == ["1"]
    store.write_snapshots(looks((5, 1, 1)))
    assert store.snapshots(as_of=LATE, posts=[("vk", "2")]).empty
    assert len(store.snapshots(as_of=LATE, posts=[("vk", "1")])) == 1


def test_writes_inside_one_transaction_land_together_or_not_at_all(store):
    with pytest.raises(DataError), store.transaction():  # noqa: PT012 - two writes are the point
        store.write_posts(posts())
        store.write_snapshots(looks((5, 1, 1)).assign(post_id="9"))
    assert not any(store.counts().values())


def test_opening_twice_migrates_once_and_a_newer_store_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "store.sqlite"
    for _ in range(2):
        Store.open(file).close()
    with sqlite3.connect(file) as raw:
        assert raw.execute("select count(*) from migration").fetchone() == (len(migrations.MIGRATIONS),)
        raw.execute("insert into migration values (99, 'from the future', 0)")
    raw.close()
    with pytest.raises(ConfigurationError, match="made by a newer otklik"):
        Store.open(file)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("Это не база, а заметки о роликах. " * 50, "utf-8")
    with pytest.raises(StorageError, match="is not an otklik store"):
        Store.open(file)


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(StorageError, match="cannot be opened: check that the folder exists"):
        Store.open(tmp_path / "no" / "such" / "store.sqlite")


def test_a_store_locked_for_long_says_try_again(tmp_path, monkeypatch):
    from otklik.store import dialect

    monkeypatch.setattr(dialect, "BUSY_MS", 50)
    file = tmp_path / "store.sqlite"
    Store.open(file).close()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("begin immediate")
    with Store.open(file) as store, pytest.raises(TransientError, match="is locked by another program"):
        store.write_posts(posts())
    other.close()


def test_a_full_disk_is_said_and_nothing_is_half_written(tmp_path):
    mounted = tmp_path / "small"
    mounted.mkdir()
    mount = shutil.which("mount")
    size = ["-t", "tmpfs", "-o", "size=512k", "tmpfs", str(mounted)]
    if mount is None or subprocess.run([mount, *size], capture_output=True).returncode != 0:
        pytest.skip("a small disk can only be mounted by root on Linux")
    try:
        with Store.open(mounted / "store.sqlite") as store:
            before = store.counts()
            many = pd.concat([posts(post_id=str(i), text="слово " * 400) for i in range(200)])
            with pytest.raises(StorageError, match="is full: free some space"):
                store.write_posts(many)
            assert store.counts() == before
    finally:
        subprocess.run(["umount", str(mounted)], check=True)


def test_a_read_only_store_is_said(tmp_path):
    file = tmp_path / "store.sqlite"
    Store.open(file).close()
    mounted = tmp_path / "ro"
    mounted.mkdir()
    bind = subprocess.run(["mount", "--bind", str(tmp_path), str(mounted)], capture_output=True)
    if sys.platform != "linux" or bind.returncode != 0:
        pytest.skip("a read-only folder that holds for root needs a mount")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(mounted)], check=True)
        with (
            pytest.raises(StorageError, match=r"may not be written|cannot be opened"),
            Store.open(mounted / "store.sqlite") as store,
        ):
            store.write_posts(posts())
    finally:
        subprocess.run(["umount", str(mounted)], check=True)


def test_no_password_is_ever_told():
    pytest.importorskip("psycopg")
    secret = "hunter2"
    with pytest.raises((TransientError, StorageError)) as caught:
        Store.open(f"postgresql+psycopg://user:{secret}@127.0.0.1:1/none")
    assert secret not in str(caught.value)
    assert "***" in str(caught.value)
    with pytest.raises(ConfigurationError) as wrong:
        Store.open(f"nosuchdb://user:{secret}@host/name")
    assert secret not in str(wrong.value)


def test_a_process_that_reads_and_writes_in_turn_keeps_everything_it_writes(tmp_path):
    file = tmp_path / "store.sqlite"
    with Store.open(file) as store:
        store.write_posts(posts())
        for minute in range(20):
            store.write_snapshots(looks((minute, minute, None)))
            assert len(store.snapshots(as_of=LATE)) == minute + 1
        with Store.open(file) as other:
            assert len(other.snapshots(as_of=LATE)) == 20
        store.write_snapshots(looks((99, 99, None)))
    with sqlite3.connect(file) as plain:
        assert plain.execute("select count(*) from snapshot").fetchone() == (21,)
    plain.close()


def test_a_picture_at_another_address_and_what_becomes_known_are_no_changes(store):
    store.write_posts(posts(title=None, text="Набережная", cover_url="https://sun9-1.userapi.com/impg/a.jpg?sign=1"))
    same = store.write_posts(posts(text="Набережная", cover_url="https://sun9-7.userapi.com/impg/a.jpg?sign=2"))
    assert same == Written(changed=1)
    other = store.write_posts(posts(text="Набережная", cover_url="https://sun9-7.userapi.com/impg/b.jpg?sign=3"))
    assert other.retitled == (("vk", "1"),)
    assert len(store.post_versions()) == 1
