"""Onsets and tempo against melodies, drum loops and click tracks of which the truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from otklik.media.rhythm import NO_BEAT, TOO_SHORT_FOR_TEMPO, likeness, onsets, rhythm, tempo
from otklik.media.sound import Sound
from otklik.media.spectrum import spectra

RATE = 22_050
PATTERNS = ("k.h.s.h.k.h.s.h.", "k...s...k...s...", "khhhshhhkhhhshhh", "k.h.s.hkh.k.s.h.", "k.h.k.h.k.h.k.h.")


def note(kind: int, rng: np.random.Generator) -> np.ndarray:
    """A burst of noise, a plucked string, a soft tone with vibrato, a bass drum."""
    n = int(RATE * rng.uniform(0.2, 0.6))
    t, hertz = np.arange(n) / RATE, 220 * 2 ** (rng.integers(-12, 24) / 12)
    partials = range(1, 8)
    if kind == 0:
        return rng.normal(size=n) * np.exp(-t * rng.uniform(15, 60))
    if kind == 1:
        return sum(np.sin(2 * np.pi * hertz * k * t) / k * np.exp(-t * 3 * k) for k in partials)
    if kind == 2:
        soft = np.minimum(1, t / 0.03) * np.minimum(1, (n / RATE - t) / 0.05)
        return soft * sum(np.sin(2 * np.pi * hertz * k * t + 0.03 * k * np.sin(10 * np.pi * t)) / k for k in partials)
    return np.sin(2 * np.pi * (50 + 100 * np.exp(-t * 30)) * t) * np.exp(-t * 10) + 0.3 * rng.normal(size=n) * np.exp(
        -t * 80
    )


def melody(number: int, seconds: int = 20) -> tuple[Sound, list[float]]:
    """Notes at irregular times over a chord or none, over noise or none, and the times."""
    rng = np.random.default_rng(number)
    samples, times, at = np.zeros(RATE * seconds), [], 0.3
    mean = (0.12, 0.25, 0.5, 0.9)[number // 4 % 4]
    while at < seconds - 0.5:
        times.append(at)
        one, start = note(number % 4, rng) * rng.uniform(0.3, 1), int(at * RATE)
        samples[start : start + len(one)] += one[: len(samples) - start]
        at += max(0.09, rng.gamma(4, mean / 4))
    samples /= np.abs(samples).max()
    t = np.arange(len(samples)) / RATE
    if number // 2 % 2:
        samples += 0.1 * sum(np.sin(2 * np.pi * hertz * t) for hertz in (220, 277.2, 329.6))
    level = (0, 0.003, 0.01, 0.03)[number // 16 % 4]
    return Sound((samples * 0.5 + level * rng.normal(size=len(samples))).astype(np.float32)), times


def drums(number: int, seconds: int = 20) -> tuple[Sound, float]:
    """A loop of drums at a tempo, played unevenly, and the tempo."""
    rng = np.random.default_rng(1000 + number)
    bpm, samples = rng.uniform(60, 180), np.zeros(RATE * seconds)
    t = np.arange(RATE // 4) / RATE
    uneven_s, pattern = (0, 0.005, 0.012)[number % 3], PATTERNS[number % len(PATTERNS)]
    for n, at in enumerate(np.arange(0.2, seconds - 0.4, 15 / bpm)):
        hit = {
            "k": np.sin(2 * np.pi * (50 + 100 * np.exp(-t * 30)) * t) * np.exp(-t * 12),
            "s": 0.6 * rng.normal(size=len(t)) * np.exp(-t * 25),
            "h": 0.25 * np.diff(rng.normal(size=len(t) + 1)) * np.exp(-t * 70),
        }.get(pattern[n % 16])
        if hit is not None:
            start = int(RATE * (at + abs(rng.normal()) * uneven_s))
            samples[start : start + len(hit)] += hit
    samples += (0, 0.02, 0.05)[number // 3 % 3] * rng.normal(size=len(samples))
    return Sound((samples / np.abs(samples).max() * 0.7).astype(np.float32)), bpm


def clicks(bpm: float, seconds: float = 12) -> Sound:
    samples = np.zeros(round(RATE * seconds), np.float32)
    for at in np.arange(0.1, seconds - 0.1, 60 / bpm):
        samples[int(at * RATE) :][:150] = 0.5
    return Sound(samples)


def rhythm_of(sound: Sound):
    return rhythm(onsets(spectra(sound)), sound.duration_s)


def hits(found, true, within: float = 0.05) -> int:
    left, n = list(true), 0
    for one in found:
        near = [other for other in left if abs(other - one) <= within]
        if near:
            left.remove(min(near, key=lambda other: abs(other - one)))
            n += 1
    return n


def test_onsets_of_melodies_that_nothing_was_chosen_on_are_found():
    counts = np.zeros(3)
    for number in range(0, 64, 3):
        sound, true = melody(number)
        found = onsets(spectra(sound)).times_s
        counts += hits(found, true), len(found), len(true)
    assert counts[0] / counts[1] > 0.95
    assert counts[0] / counts[2] > 0.7


@pytest.mark.parametrize("bpm", range(60, 181, 10))
def test_the_tempo_of_clicks_is_told_without_octave_errors(bpm):
    found = rhythm_of(clicks(bpm))
    assert found.tempo_bpm == pytest.approx(bpm, rel=0.005)
    assert found.tempo_strength > 0.4
    assert found.onsets_per_s == pytest.approx(bpm / 60, rel=0.1)


def test_the_tempo_of_drums_is_told_but_for_the_octave():
    right = told = 0
    for number in range(0, 60, 3):
        sound, bpm = drums(number)
        found = rhythm_of(sound)
        if found.tempo_bpm is not None:
            told += 1
            right += any(abs(found.tempo_bpm / bpm / octave - 1) < 0.03 for octave in (0.5, 1, 2))
    assert told >= 10
    assert right / told >= 0.8


@pytest.mark.parametrize("number", range(0, 12, 3))
def test_irregular_notes_have_no_beat(number):
    found = rhythm_of(melody(number)[0])
    assert found.tempo_bpm is None
    assert found.missing == {"tempo_bpm": NO_BEAT}


def test_noise_begins_little_and_has_no_beat():
    samples = (np.random.default_rng(3).normal(size=RATE * 20) * 0.1).astype(np.float32)
    found = rhythm_of(Sound(samples))
    assert found.onsets_per_s < 0.3
    assert found.tempo_bpm is None


def test_a_sound_turned_down_has_the_same_rhythm():
    sound, _ = drums(1)
    loud, quiet = rhythm_of(sound), rhythm_of(Sound(sound.samples / 16))
    assert quiet.onsets_per_s == pytest.approx(loud.onsets_per_s, rel=0.02)
    assert quiet.tempo_bpm == pytest.approx(loud.tempo_bpm)


def test_a_sound_that_is_there_from_the_start_does_not_begin():
    tone = (0.3 * np.sin(2 * np.pi * 440 * np.arange(RATE * 3) / RATE)).astype(np.float32)
    assert onsets(spectra(Sound(tone))).times_s.size == 0


def test_a_tempo_needs_four_seconds():
    found = rhythm_of(clicks(120, 3))
    assert found.tempo_bpm is None
    assert found.missing["tempo_bpm"] == TOO_SHORT_FOR_TEMPO
    assert rhythm_of(clicks(120, 5)).tempo_bpm == pytest.approx(120, rel=0.02)


@pytest.mark.parametrize("n", [1, 2, 3, 10, 400])
def test_an_envelope_without_anything_has_no_tempo(n):
    assert tempo(likeness(np.zeros(n), 86.0), 86.0) == (0.0, 0.0)
