"""What is followed, what a pass did, and facts about the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from otklik.store import Tracks
from otklik.store.polls import LEASE

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_same_thing_is_followed_once(store):
    tracks = Tracks(store)
    assert tracks.add("vk", "author", "-1", "Казань", NOW)
    assert not tracks.add("vk", "author", "-1", "Казань", NOW)
    assert tracks.add("youtube", "author", "-1", None, NOW)
    assert [(one.platform, one.label) for one in tracks.all()] == [("vk", "Казань"), ("youtube", None)]
    assert tracks.remove("vk", "author", "-1")
    assert not tracks.remove("vk", "author", "-1")


def test_what_is_due_is_taken_by_one_and_settled_or_given_back(store):
    tracks = Tracks(store)
    for number in range(3):
        tracks.add("vk", "author", str(number), None, NOW - timedelta(minutes=number))
    taken = tracks.claim("vk", "author", NOW, "first")
    assert [one.target for one in taken] == ["2", "1", "0"], "the longest waiting first"
    assert tracks.claim("vk", "author", NOW, "second") == []
    tracks.settle(taken[0].track_key, NOW + timedelta(hours=1), "seen", 0, NOW, NOW, 7)
    tracks.release("first")
    assert [one.target for one in tracks.claim("vk", "author", NOW, "second")] == ["1", "0"]
    assert [one.target for one in tracks.claim("vk", "author", NOW + LEASE, "third")] == ["1", "0"], "a lease ends"
    again = next(one for one in tracks.all() if one.target == "2")
    assert (again.n_posts, again.looked_at, again.swept_at, again.outcome) == (7, NOW, NOW, "seen")


def test_a_pass_without_an_end_was_cut_off(store):
    tracks = Tracks(store)
    tracks.begin_pass("me", NOW)
    number = tracks.begin_pass("me", NOW + timedelta(minutes=5))
    tracks.end_pass(number, NOW + timedelta(minutes=6), {"platforms": {}})
    last, first = tracks.passes()
    assert last.ended_at == NOW + timedelta(minutes=6)
    assert last.report == {"platforms": {}}
    assert first.ended_at is None
    tracks.forget_passes(NOW + timedelta(minutes=1))
    assert tracks.passes() == [last]


def test_marks_and_exports_are_kept(store):
    tracks = Tracks(store)
    assert tracks.mark("nature") is None
    tracks.set_mark("nature", "real")
    tracks.set_mark("nature", "simulated")
    assert tracks.mark("nature") == "simulated"
    tracks.add_export("/tmp/a.parquet", NOW, NOW - timedelta(days=9))
    tracks.add_export("/tmp/a.parquet", NOW, NOW - timedelta(days=8))
    assert tracks.exports() == [("/tmp/a.parquet", NOW - timedelta(days=8))]
    tracks.forget_export("/tmp/a.parquet")
    assert tracks.exports() == []
