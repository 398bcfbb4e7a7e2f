"""Fingerprints: what they keep, what they survive, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.errors import DataError
from otklik.media.fingerprint import (
    A_TONE,
    FRAMES_PER_S,
    LIBRARY_PER_S,
    N_BINS,
    N_CODES,
    QUERY_PER_S,
    SILENT,
    TOO_SHORT,
    Peaks,
    fingerprint,
    landmarks,
    to_bytes,
    why_not,
)
from otklik.media.sound import RATE, Sound
from sounds import melody


def peaks_of(frames: list[int], bins: list[float], loud: list[bool] | None = None, duration_s: float = 9.0) -> Peaks:
    is_loud = np.array(loud if loud is not None else [True] * len(frames), np.bool_)
    return Peaks(np.array(frames, np.float64), np.array(bins, np.float64), is_loud, duration_s)


def test_a_known_tone_stands_in_its_bin_at_its_time():
    samples = np.zeros(5 * RATE, np.float32)
    samples[2 * RATE : 3 * RATE] = np.sin(2 * np.pi * 800 * np.arange(RATE) / RATE)
    found = fingerprint(Sound(samples))
    assert len(found)
    assert np.abs(np.median(found.bins) - 72) <= 0.25, "800 Hz is two octaves of 36 bins above 200 Hz"
    inside = (found.frames / FRAMES_PER_S >= 1.8) & (found.frames / FRAMES_PER_S <= 3.0)
    assert inside.mean() > 0.9


def test_so_many_peaks_a_second_are_kept_and_half_of_them_are_the_loudest():
    found = fingerprint(melody(10))
    assert len(found) <= 11 * QUERY_PER_S
    assert len(found.loud()) <= 11 * LIBRARY_PER_S
    assert set(zip(found.loud().frames, found.loud().bins, strict=True)) <= set(
        zip(found.frames, found.bins, strict=True)
    )


def test_loudness_changes_nothing_and_another_rate_little():
    sound = melody(8)
    once, quieter = fingerprint(sound), fingerprint(Sound(sound.samples * np.float32(0.25)))
    assert np.array_equal(once.frames, quieter.frames)
    assert np.array_equal(once.bins, quieter.bins)
    other = fingerprint(melody(8, rate=44_100))
    near = np.abs(once.frames[:, None] - other.frames) <= 1
    same = (near & (np.abs(once.bins[:, None] - other.bins) <= 0.5)).any(axis=1)
    assert same.mean() > 0.9


def test_a_raised_sound_is_the_same_peaks_moved():
    low, high = fingerprint(melody(12)), fingerprint(melody(12, semitones=2)).changed(semitones=2)
    near = np.abs(low.frames[:, None] - high.frames) <= 1.5
    same = (near & (np.abs(low.bins[:, None] - high.bins) <= 0.75)).any(axis=1)
    assert same.mean() > 0.7


@pytest.mark.parametrize(
    ("sound", "reason"),
    [
        (Sound(np.zeros(0, np.float32)), TOO_SHORT),
        (melody(2.9), TOO_SHORT),
        (Sound(np.zeros(10 * RATE, np.float32)), SILENT),
        (Sound(np.full(10 * RATE, 1e-6, np.float32)), SILENT),
        (Sound(0.5 * np.sin(2 * np.pi * 440 * np.arange(10 * RATE) / RATE).astype(np.float32)), A_TONE),
    ],
)
def test_what_cannot_be_recognised_is_refused_with_a_reason(sound: Sound, reason: str):
    assert why_not(fingerprint(sound)) == reason


def test_music_and_noise_are_not_refused():
    noise = np.random.default_rng(1).standard_normal(5 * RATE).astype(np.float32)
    assert why_not(fingerprint(melody(5))) is None
    assert why_not(fingerprint(Sound(noise * np.float32(0.1)))) is None


@pytest.mark.parametrize("value", [np.inf, -np.inf, 8.0])
def test_absurd_samples_do_not_break_it(value: float):
    samples = melody(4).samples.copy()
    samples[1000:1100] = np.clip(value, -8, 8)
    assert len(fingerprint(Sound(samples)))


def test_landmarks_are_within_their_range_and_do_not_depend_on_what_else_is_there():
    some = fingerprint(melody(6)).loud()
    codes, frames = landmarks(some)
    assert len(codes)
    assert codes.min() >= 0
    assert codes.max() < N_CODES
    more = fingerprint(melody(6))
    known = set(zip(*(one.tolist() for one in landmarks(more)), strict=True))
    assert set(zip(codes.tolist(), frames.tolist(), strict=True)) <= known


def test_landmarks_are_those_of_a_slow_obvious_oracle():
    one = fingerprint(melody(4)).loud()
    frames, bins = np.round(one.frames).astype(int).tolist(), np.round(one.bins).astype(int).tolist()
    wanted = set()
    for i in range(len(frames)):
        for k in range(len(frames)):
            gap, step = frames[k] - frames[i], bins[k] - bins[i]
            if 2 <= gap <= 49 and abs(step) <= 36:
                code = (bins[i] * 73 + step + 36) * 48 + gap - 2
                if (code * 2_654_435_761 >> 16) % 4 == 0:
                    wanted.add((code, frames[i]))
    codes, anchors = landmarks(one)
    assert set(zip(codes.tolist(), anchors.tolist(), strict=True)) == wanted


@pytest.mark.parametrize("n", [0, 1])
def test_a_sound_of_few_peaks_has_no_landmarks(n: int):
    codes, frames = landmarks(peaks_of([3] * n, [10.0] * n))
    assert len(codes) == len(frames) == 0


def test_peaks_changed_out_of_the_range_make_no_landmarks():
    one = fingerprint(melody(4))
    codes, _ = landmarks(one.changed(semitones=600))
    assert len(codes) == 0


@given(
    st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, N_BINS * 8 - 1), st.booleans()), max_size=60),
    st.integers(0, 1_200_000),
)
def test_bytes_come_back_as_they_were(rows: list[tuple[int, int, bool]], length_ms: int):
    rows = sorted(rows)
    one = peaks_of([row[0] for row in rows], [row[1] / 8 for row in rows], [row[2] for row in rows], length_ms / 1000)
    again = Peaks.from_bytes(to_bytes(one))
    assert np.array_equal(again.frames, one.frames)
    assert np.array_equal(again.bins, one.bins)
    assert np.array_equal(again.is_loud, one.is_loud)
    assert again.duration_s == pytest.approx(one.duration_s, abs=1e-9)


@given(st.binary(min_size=1, max_size=80))
def test_other_bytes_are_refused_in_a_sentence(blob: bytes):
    n = len(blob) // 2
    is_whole = len(blob) % 2 == 0 and n >= 5 and blob[:2] == b"\x01\x00" and to_n(blob) * 2 + 5 == n
    if is_whole:
        assert len(Peaks.from_bytes(blob)) == to_n(blob)
    else:
        with pytest.raises(DataError, match="remove the sound and add it again"):
            Peaks.from_bytes(blob)


def to_n(blob: bytes) -> int:
    return int.from_bytes(blob[2:4], "little") << 16 | int.from_bytes(blob[4:6], "little")


def test_cut_bytes_are_refused_and_no_bytes_are_no_peaks():
    blob = to_bytes(fingerprint(melody(4)))
    with pytest.raises(DataError, match="expected a fingerprint of version 1"):
        Peaks.from_bytes(blob[:-1])
    assert len(Peaks.from_bytes(b"")) == 0
