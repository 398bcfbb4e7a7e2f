"""Chromaprint as a second opinion: asked where it is installed, never needed."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime

import numpy as np
import pytest

from otklik.media import chromaprint
from otklik.media.reuse import find_reuse
from otklik.media.sound import RATE, Sound
from otklik.media.sound_library import add_files
from otklik.store import Sounds, Store
from sounds import faster, melody, raised, written

NOW = datetime(2026, 3, 1, tzinfo=UTC)
needs_chromaprint = pytest.mark.skipif(
    chromaprint.why_not() is not None, reason="neither libchromaprint1 with pyacoustid nor libchromaprint-tools is here"
)


@needs_chromaprint
def test_the_same_music_differs_in_few_bits_and_other_music_in_many():
    whole = melody(40, seed=1)
    track, query, other = (chromaprint.words(one) for one in (whole, whole.between(10, 30), melody(20, seed=2)))
    assert len(track) == pytest.approx(40 * chromaprint.WORDS_PER_S, rel=0.1)
    assert chromaprint.difference(query, track, 0, 10, 20) < chromaprint.SAME_BELOW
    assert chromaprint.difference(other, track, 0, 10, 20) > chromaprint.SAME_BELOW
    assert chromaprint.difference(query, track, 0, 22, 18) > chromaprint.SAME_BELOW, "out of step"


@pytest.mark.skipif(not shutil.which("fpcalc"), reason="libchromaprint-tools is not installed")
def test_the_program_says_what_the_library_says(monkeypatch):
    sound = melody(15, seed=3)
    by_library = chromaprint.words(sound)
    monkeypatch.setitem(sys.modules, "chromaprint", None)
    by_program = chromaprint.words(sound)
    assert by_program is not None
    assert len(by_program) > 90
    assert np.array_equal(by_library, by_program)


def test_without_either_there_is_no_opinion_and_the_reason_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "chromaprint", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("OTKLIK_CACHE", str(tmp_path / "cache"))
    assert chromaprint.words(melody(8)) is None
    assert "libchromaprint1" in chromaprint.why_not()
    file = written(melody(20, seed=4), tmp_path / "song.wav")
    with Store.open(tmp_path / "store.sqlite") as store:
        (one,) = add_files(store, [file], NOW)
        assert one.outcome == "added"
        assert Sounds(store).chromas([one.sound.key]) == {}
        (match,) = find_reuse(melody(20, seed=4), store).matches
    assert match.chromaprint is None


@needs_chromaprint
def test_it_is_asked_about_a_match_as_it_is_and_not_about_a_changed_one(monkeypatch, tmp_path):
    monkeypatch.setenv("OTKLIK_CACHE", str(tmp_path / "cache"))
    song = melody(40, seed=5)
    file = written(song, tmp_path / "song.wav")
    with Store.open(tmp_path / "store.sqlite") as store:
        assert [one.outcome for one in add_files(store, [file], NOW)] == ["added"]

        def opinion(sound: Sound) -> float | None:
            (match,) = find_reuse(sound, store, words=chromaprint.words(sound)).matches
            return match.chromaprint

        assert opinion(song.between(10, 30)) < chromaprint.SAME_BELOW
        assert opinion(raised(song.between(10, 30), 2)) is None
        assert opinion(faster(song.between(10, 30), 1.1)) is None


def test_too_short_a_match_has_no_opinion():
    words = np.arange(1000, dtype=np.uint32)
    assert chromaprint.difference(words, words, 0, 0, 4) is None
    assert chromaprint.difference(words, words[:10], 0, 0, 20) is None
    assert chromaprint.difference(words, words, 500, 0, 20) is None


@needs_chromaprint
@pytest.mark.parametrize("seconds", [0.0, 0.5])
def test_hardly_any_sound_is_no_fault(seconds):
    found = chromaprint.words(Sound(np.zeros(round(seconds * RATE), np.float32)))
    assert found is None or len(found) < 10
