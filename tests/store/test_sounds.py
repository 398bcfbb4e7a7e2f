"""The sound library keeps a sound once, whole, on both databases."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from otklik.store import Sounds, Store, StoredSound, migrations

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SONG = StoredSound("Song", "library", "aa", 180.5, path="/music/song.ogg", author="vk:-1")


def test_a_sound_comes_back_as_it_was_put_in(store):
    sounds, blob = Sounds(store), bytes(range(256)) * 50
    kept = sounds.add(SONG, blob, NOW, b"chroma")
    assert kept is not None
    assert sounds.all() == [kept]
    assert [kept] == [replace(SONG, key=kept.key, added_at=NOW)]
    assert sounds.peaks([kept.key, kept.key + 1]) == {kept.key: blob}
    assert sounds.chromas([kept.key]) == {kept.key: b"chroma"}
    other = sounds.add(replace(SONG, sha256="bb"), b"2", NOW)
    assert sounds.chromas([kept.key, other.key]) == {kept.key: b"chroma"}
    assert sounds.count() == 2


def test_the_same_file_is_kept_once_for_the_same_thing(store):
    sounds = Sounds(store)
    assert sounds.add(SONG, b"1", NOW)
    assert sounds.add(replace(SONG, name="Other name", path="/elsewhere"), b"2", NOW) is None
    posts = [replace(SONG, kind="post", post=f"vk:-1_{number}") for number in (1, 2, 2)]
    assert [sounds.add(one, b"3", NOW) is not None for one in posts] == [True, True, False]
    assert [one.kind for one in sounds.all()] == ["library", "post", "post"]


def test_a_new_version_of_a_draft_takes_the_place_of_the_old_one(store):
    sounds = Sounds(store)
    draft = StoredSound("Kazan 2100", "draft", "v1", 20.0, path="/drafts/kazan")
    sounds.add(draft, b"1", NOW)
    sounds.add(replace(draft, path="/drafts/ufa"), b"1", NOW)
    newer = sounds.add(replace(draft, sha256="v2"), b"2", NOW + timedelta(days=1))
    assert newer is not None
    assert [(one.path, one.sha256) for one in sounds.all()] == [("/drafts/ufa", "v1"), ("/drafts/kazan", "v2")]
    assert sounds.peaks([newer.key]) == {newer.key: b"2"}


def test_what_is_removed_is_gone_with_its_fingerprint(store):
    sounds = Sounds(store)
    key = sounds.add(SONG, b"1", NOW).key
    assert sounds.remove(key)
    assert not sounds.remove(key)
    assert (sounds.all(), sounds.peaks([key]), sounds.count()) == ([], {}, 0)


def test_a_store_from_before_the_sounds_gets_their_tables(tmp_path, monkeypatch):
    file = tmp_path / "store.sqlite"
    with monkeypatch.context() as before:
        before.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:2])
        Store.open(file).close()
    raw = sqlite3.connect(file)
    assert raw.execute("select count(*) from sqlite_master where name like 'sound%'").fetchone() == (0,)
    raw.close()
    with Store.open(file) as store:
        assert Sounds(store).add(SONG, b"1", NOW)
