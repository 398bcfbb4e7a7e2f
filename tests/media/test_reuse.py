"""What is said of a sound's use elsewhere, and what is never said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest

from otklik.media.fingerprint import A_TONE, SILENT, TOO_SHORT, fingerprint, to_bytes
from otklik.media.reuse import NO_SOUNDS, Reuse, find_reuse
from otklik.media.sound import RATE, Sound
from otklik.store import Sounds, Store, StoredSound
from sounds import encoded, faster, melody, noisy, raised, sped

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
N = 6


@pytest.fixture(scope="module")
def tracks() -> list[Sound]:
    return [melody(60, seed=seed) for seed in range(N)]


@pytest.fixture(scope="module")
def made(tracks, tmp_path_factory) -> Path:
    """A store with six sounds; the last two are a draft and a post of vk:-1."""
    file = tmp_path_factory.mktemp("reuse") / "store.sqlite"
    with Store.open(file) as store:
        for number, sound in enumerate(tracks):
            put(store, sound, StoredSound(f"song {number}", "library", f"hash {number}", 60.0))
        put(store, melody(30, seed=50), StoredSound("draft", "draft", "d1", 30.0, path="/drafts/kazan", author="vk:-1"))
        put(store, melody(30, seed=51), StoredSound("clip", "post", "p1", 30.0, author="vk:-1", post="vk:-1_7"))
    return file


@pytest.fixture
def library(made, tmp_path, monkeypatch):
    monkeypatch.setenv("OTKLIK_CACHE", str(tmp_path / "cache"))
    with Store.open(made) as store:
        yield store


def put(store: Store, sound: Sound, known: StoredSound) -> None:
    assert Sounds(store).add(known, to_bytes(fingerprint(sound).loud()), NOW)


def test_a_clip_is_told_with_its_place_in_both(library, tracks):
    before = melody(6, seed=99).samples
    heard = Sound(np.concatenate([before, tracks[2].between(12.4, 32.4).samples]))
    found = find_reuse(heard, library)
    assert (found.status, found.n_sounds, found.reason) == ("matched", N + 2, None)
    (match,) = found.matches
    assert (match.sound, match.kind, match.is_own_author) == ("song 2", "library", False)
    assert match.at_s == pytest.approx(6.0, abs=0.8)
    assert match.from_s - match.at_s == pytest.approx(12.4 - 6.0, abs=0.1)
    assert match.length_s == pytest.approx(20, abs=1.5)
    assert (match.pitch_semitones, match.speed) == (pytest.approx(0, abs=0.05), pytest.approx(1, abs=0.002))
    assert match.score >= 60, "clean clips are far above what is needed"
    template, values = found.told()[0]
    assert template.format(**values).startswith("matches song 2 from 12.")


@pytest.mark.parametrize(
    ("change", "semitones", "speed"),
    [
        (lambda sound: noisy(sound, 10), 0, 1),
        (lambda sound: Sound(sound.samples * np.float32(0.25)), 0, 1),
        (lambda sound: faster(sound, 1.10), 0, 1.10),
        (lambda sound: faster(sound, 0.84), 0, 0.84),
        (lambda sound: raised(sound, 1), 1, 1),
        (lambda sound: raised(sound, -3), -3, 1),
        (lambda sound: sped(sound, 1.05), 0.845, 1.05),
        (lambda sound: sped(sound, 0.95), -0.888, 0.95),
        (lambda sound: sped(sound, 1.23), 3.58, 1.23),
    ],
)
def test_a_changed_clip_is_told_with_how_it_was_changed(library, tracks, change, semitones, speed):
    found = find_reuse(change(tracks[1].between(20, 40)), library)
    assert [match.sound for match in found.matches] == ["song 1"]
    match = found.matches[0]
    assert match.pitch_semitones == pytest.approx(semitones, abs=0.15)
    assert match.speed == pytest.approx(speed, rel=0.005)
    assert match.from_s - match.at_s * match.speed == pytest.approx(20, abs=0.25)
    is_changed = abs(speed - 1) > 0.02 or semitones
    assert ("pitch" in found.told()[0][1]) == bool(is_changed)


def test_a_clip_out_of_a_coded_file_is_found(library, tracks, tmp_path):
    from otklik.media.sound import read_sound

    heard = read_sound(encoded(tracks[3].between(5, 25), tmp_path / "clip.mp3", "libmp3lame"))
    assert heard is not None
    assert [match.sound for match in find_reuse(heard, library).matches] == ["song 3"]


def test_two_songs_one_after_the_other_are_two_matches(library, tracks):
    heard = Sound(np.concatenate([tracks[0].between(10, 30).samples, tracks[4].between(30, 50).samples]))
    found = sorted(find_reuse(heard, library).matches, key=lambda match: match.at_s)
    assert [match.sound for match in found] == ["song 0", "song 4"]
    assert found[1].at_s == pytest.approx(20, abs=1.0)


def test_a_long_match_is_one_match_from_end_to_end(library, tracks):
    (match,) = find_reuse(tracks[5], library).matches
    assert match.length_s == pytest.approx(60, abs=2)
    assert (match.from_s, match.at_s) == (pytest.approx(match.at_s, abs=0.1), pytest.approx(0, abs=1))


@pytest.mark.parametrize("seed", range(100, 112))
def test_what_is_not_in_the_library_is_unmatched_and_never_called_original(library, seed):
    found = find_reuse(melody(20, seed=seed), library)
    assert found == Reuse("unmatched", N + 2)
    ((template, values),) = found.told()
    assert template.format(**values) == "no match among 8 sounds"
    assert "original" not in repr(found)


def test_the_draft_itself_and_its_earlier_version_are_no_reuse_and_the_same_file_elsewhere_is_one(library, tracks):
    same = find_reuse(tracks[0].between(0, 20), library, exclude_sha256="hash 0")
    assert same.status == "matched", "a file of the library that is the very same is the surest reuse there is"
    draft = melody(30, seed=50).between(2, 22)
    assert find_reuse(draft, library, exclude_draft="/drafts/kazan").status == "unmatched"
    other = find_reuse(draft, library, exclude_draft="/drafts/ufa")
    assert [match.kind for match in other.matches] == ["draft"]


def test_the_authors_own_earlier_post_is_told_as_such(library):
    heard = melody(30, seed=51).between(3, 23)
    (mine,) = find_reuse(heard, library, author=("vk", "-1")).matches
    (theirs,) = find_reuse(heard, library, author=("vk", "-2")).matches
    assert (mine.is_own_author, mine.author, theirs.is_own_author) == (True, "vk:-1", False)
    told = [find_reuse(heard, library, author=one).told()[0] for one in (("vk", "-1"), None)]
    assert [template.split("{")[0] for template, _ in told] == ["the author's own ", "matches "]


@pytest.mark.parametrize(
    ("sound", "reason"),
    [
        (melody(2), TOO_SHORT),
        (Sound(np.zeros(20 * RATE, np.float32)), SILENT),
        (Sound(0.3 * np.sin(np.arange(20 * RATE) * 0.2).astype(np.float32)), A_TONE),
    ],
)
def test_what_cannot_be_recognised_is_not_checked_and_says_why(library, sound, reason):
    found = find_reuse(sound, library)
    assert found == Reuse("not checked", 0, (), reason)
    assert found.told() == [("not checked: {reason}", {"reason": reason})]


def test_without_sounds_to_compare_with_nothing_is_checked(tmp_path, tracks):
    with Store.open(tmp_path / "store.sqlite") as store:
        assert find_reuse(tracks[0], store) == Reuse("not checked", 0, (), NO_SOUNDS)
        put(store, tracks[0], StoredSound("song", "draft", "a", 60.0, path="/drafts/a"))
        assert find_reuse(tracks[0], store, exclude_sha256="a").status == "not checked"


def test_the_index_follows_the_library(library, tracks):
    new = melody(30, seed=70)
    assert find_reuse(new, library).status == "unmatched"
    put(library, new, StoredSound("new", "library", "new", 30.0))
    (match,) = find_reuse(new, library).matches
    assert match.sound == "new"
    assert Sounds(library).remove(match.key)
    assert find_reuse(new, library).status == "unmatched"


def test_peaks_that_were_kept_say_the_same_as_the_sound(library, tracks):
    from otklik.media.fingerprint import Peaks

    heard = tracks[2].between(10, 30)
    kept = Peaks.from_bytes(to_bytes(fingerprint(heard)))
    assert find_reuse(kept, library) == find_reuse(heard, library)


def test_a_statement_is_a_value_that_goes_through_json(library, tracks):
    found = find_reuse(raised(tracks[2].between(10, 30), 2), library)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Reuse) == found
    assert replace(found, matches=()) != found


def test_a_library_on_postgresql_answers_as_well(new_database, tracks, tmp_path, monkeypatch):
    monkeypatch.setenv("OTKLIK_CACHE", str(tmp_path))
    with Store.open(new_database()) as store:
        put(store, tracks[0], StoredSound("song", "library", "a", 60.0))
        (match,) = find_reuse(sped(tracks[0].between(10, 30), 1.1), store).matches
    assert (match.sound, match.speed) == ("song", pytest.approx(1.1, rel=0.005))
