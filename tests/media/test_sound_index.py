"""The index of a sound library: derived, whole, shared by processes, rebuilt where it is damaged."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from otklik.media.fingerprint import FRAMES_PER_S, Peaks, fingerprint, landmarks
from otklik.media.sound_index import GAP, Segment, SoundIndex
from sounds import melody

SOUNDS = [(key, f"hash {key}") for key in (3, 4, 9, 10, 11)]


@pytest.fixture(scope="module")
def library() -> dict[int, Peaks]:
    return {key: fingerprint(melody(30, seed=key)).loud() for key, _ in SOUNDS}


def index_of(library: dict[int, Peaks], folder: Path, sounds: list[tuple[int, str]] | None = None) -> SoundIndex:
    return SoundIndex.over(SOUNDS if sounds is None else sounds, lambda keys: {k: library[k] for k in keys}, folder)


def clip(key: int, start_s: float, end_s: float) -> Peaks:
    return fingerprint(melody(30, seed=key).between(start_s, end_s))


def test_a_part_of_each_sound_is_found_where_it_is(library, tmp_path):
    index = index_of(library, tmp_path)
    for key, _ in SOUNDS:
        best = index.candidates(clip(key, 8, 20), least=5, most=3)[0]
        assert best.key == key
        assert best.diagonal / FRAMES_PER_S == pytest.approx(8, abs=0.2)
        assert best.votes > 100
        assert best.strength > 10


def test_every_landmark_is_in_the_index_once(library, tmp_path):
    index = index_of(library, tmp_path)
    total = sum(len(landmarks(peaks)[0]) for peaks in library.values())
    assert sum(len(segment.postings) for segment in index.segments) == total
    first = index.segments[0]
    codes = np.repeat(np.arange(len(first.starts) - 1), np.diff(first.starts.astype(np.int64)))
    owner = np.searchsorted(first.bases, first.postings, "right") - 1
    for place, key in enumerate(first.keys.tolist()):
        wanted = sorted(zip(*(one.tolist() for one in landmarks(library[key])), strict=True))
        mine = owner == place
        frames = first.postings[mine].astype(np.int64) - int(first.bases[place])
        assert sorted(zip(codes[mine].tolist(), frames.tolist(), strict=True)) == wanted


def test_adding_a_sound_writes_small_segments_only_and_old_ones_go(library, tmp_path):
    index_of(library, tmp_path, SOUNDS[:4])
    four = {path.name for path in tmp_path.iterdir()}
    asked: list[int] = []

    def load(keys):
        asked.extend(keys)
        return {key: library[key] for key in keys}

    SoundIndex.over(SOUNDS, load, tmp_path)
    assert asked == [11], "the four that were there are not read again"
    assert four < {path.name for path in tmp_path.iterdir()}
    index_of(library, tmp_path, SOUNDS[1:2])
    assert len(list(tmp_path.iterdir())) == 1


def test_a_changed_content_under_the_same_key_is_indexed_anew(library, tmp_path):
    index_of(library, tmp_path, [(3, "hash 3")])
    other = {3: library[4]}
    index = index_of(other, tmp_path, [(3, "another hash")])
    assert index.candidates(clip(4, 5, 15), least=5, most=1)[0].key == 3


@pytest.mark.parametrize("harm", ["empty", "cut", "header", "garbage", "longer"])
def test_a_damaged_segment_is_made_again(library, tmp_path, harm):
    index_of(library, tmp_path)
    path = max(tmp_path.iterdir(), key=lambda one: one.stat().st_size)
    whole = path.read_bytes()
    path.write_bytes(
        {
            "empty": b"",
            "cut": whole[: len(whole) // 2],
            "header": b"\0" * 24 + whole[24:],
            "garbage": b"no index",
            "longer": whole + b"\0\0\0\0",
        }[harm]
    )
    assert Segment.map(path) is None
    assert index_of(library, tmp_path).candidates(clip(3, 8, 20), least=5, most=1)[0].key == 3
    assert path.read_bytes() == whole


def test_several_at_once_make_one_index(library, tmp_path):
    answers: list[int] = []

    def run():
        answers.append(index_of(library, tmp_path).candidates(clip(9, 8, 20), least=5, most=1)[0].key)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [9] * 4
    assert {path.suffix for path in tmp_path.iterdir()} == {".landmarks"}


def test_one_whose_files_are_deleted_under_it_still_answers(library, tmp_path):
    index = index_of(library, tmp_path)
    index_of(library, tmp_path, SOUNDS[:1])
    assert index.candidates(clip(11, 8, 20), least=5, most=1)[0].key == 11


def test_an_empty_library_and_sounds_without_peaks_have_no_candidates(tmp_path):
    silent = Peaks(np.empty(0), np.empty(0), np.empty(0, np.bool_), 30.0)
    query = clip(3, 0, 10)
    assert index_of({}, tmp_path, []).candidates(query, least=5, most=3) == []
    index = index_of({1: silent, 2: silent}, tmp_path, [(1, "a"), (2, "b")])
    assert index.candidates(query, least=5, most=3) == []
    assert index.candidates(silent, least=5, most=3) == []


def test_a_query_that_begins_before_a_sound_is_not_taken_for_the_one_before(library, tmp_path):
    index = index_of(library, tmp_path)
    late = clip(4, 0, 10)
    moved = Peaks(late.frames + 400, late.bins, late.is_loud, late.duration_s + 400 / FRAMES_PER_S)
    best = index.candidates(moved, least=5, most=1)[0]
    assert (best.key, round(best.diagonal / 100)) == (4, -4)
    assert GAP > 2 * 400


def test_a_folder_that_cannot_be_made_costs_time_only(library, tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    best = index_of(library, blocked / "sounds").candidates(clip(9, 8, 20), least=5, most=1)[0]
    assert best.key == 9
    assert blocked.read_text() == "in the way"
