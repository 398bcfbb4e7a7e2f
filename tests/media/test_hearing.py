"""A sound as a whole: its opening, its arousal proxies, and that nothing missing is told as 0."""

from __future__ import annotations

from dataclasses import fields

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.errors import DataError
from otklik.media.hearing import FEW_PROXIES, NO_REST, Hearing, hear
from otklik.media.sound import Sound

RATE = 22_050


def noise(seconds: float, level: float = 0.1, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).normal(size=round(seconds * RATE)) * level).astype(np.float32)


def hum(seconds: float, level: float = 0.1) -> np.ndarray:
    return (level * np.sin(2 * np.pi * 220 * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def clicks(seconds: float, apart_s: float) -> np.ndarray:
    samples = np.zeros(round(seconds * RATE), np.float32)
    for at in np.arange(0.2, seconds, apart_s):
        samples[int(at * RATE) :][:200] = 0.5
    return samples


def test_a_loud_opening_stands_out_of_the_rest():
    first, three = hear(Sound(np.concatenate([noise(1, 0.2), noise(9, 0.05)]))).openings
    assert first.contrast_db == pytest.approx(12, abs=0.3)
    assert 0 < three.contrast_db < first.contrast_db


def test_a_quiet_opening_says_when_the_sound_comes():
    found = hear(Sound(np.concatenate([noise(4, 0.005), noise(6, 0.2)])))
    assert found.reaches_usual_s == pytest.approx(4, abs=0.1)
    assert found.openings[0].contrast_db < -20


def test_a_busy_opening_has_more_onsets_than_the_rest():
    samples = np.concatenate([clicks(3, 0.15), np.zeros(RATE * 6, np.float32)]) + 0.01 * hum(9)
    three = hear(Sound(samples)).openings[1]
    assert three.onsets_per_s > 5
    assert three.onset_strength > 2


def test_loud_bright_and_busy_sounds_have_higher_arousal_proxies():
    calm = hear(Sound(hum(10, 0.03))).arousal
    wild = hear(Sound(clicks(10, 0.25) + noise(10, 0.1))).arousal
    assert wild.loudness > calm.loudness
    assert wild.brightness > calm.brightness
    assert wild.onset_rate > calm.onset_rate
    assert wild.combined > calm.combined + 0.3
    assert calm.tempo is None


def test_the_combined_proxy_is_the_mean_of_those_there_are():
    found = hear(Sound(clicks(10, 0.5))).arousal
    assert found.combined == pytest.approx(np.mean([found.loudness, found.brightness, found.onset_rate, found.tempo]))
    assert found.tempo == pytest.approx(0.5, abs=0.02)


def test_silence_has_no_arousal_and_says_why():
    found = hear(Sound(np.zeros(RATE * 5, np.float32)))
    assert found.arousal.combined is None
    assert found.reasons()["arousal.combined"] == FEW_PROXIES
    assert found.openings[0].contrast_db is None
    assert found.loudness.silence_share == 1


def test_a_sound_that_is_all_opening_is_not_compared():
    first, three = hear(Sound(noise(1.2))).openings
    assert (first.until_s, three.until_s) == (1.0, 3.0)
    assert three.contrast_db is None
    assert three.missing["contrast_db"] == NO_REST


def test_other_openings_can_be_asked_for():
    assert [one.until_s for one in hear(Sound(noise(8)), hook_s=(0.5, 2, 5)).openings] == [0.5, 2, 5]


@pytest.mark.parametrize("sound", [Sound(np.zeros(0, np.float32)), Sound(np.zeros(100, np.float32))])
def test_a_click_is_refused(sound):
    with pytest.raises(DataError, match=r"at least 0\.05 seconds"):
        hear(sound)


def test_a_coarse_sound_is_refused():
    with pytest.raises(DataError, match="at least 8000 samples a second"):
        hear(Sound(np.zeros(4000, np.float32), 4000))


def nothing(value: object, path: str = "") -> list[str]:
    """Names of the figures that are None, by part."""
    found = []
    for field in fields(value):
        one, name = getattr(value, field.name), f"{path}{field.name}"
        if one is None:
            found.append(name)
        elif hasattr(one, "__dataclass_fields__"):
            found += nothing(one, f"{name}.")
        elif field.name == "openings":
            found += [name for opening in one for name in nothing(opening, f"opening_{opening.until_s:g}s.")]
    return found


@settings(max_examples=25, deadline=None)
@given(st.floats(0.05, 9), st.sampled_from([0.0, 1e-6, 0.003, 0.3, 8.0]), st.booleans(), st.sampled_from([8000, RATE]))
def test_any_sound_round_trips_and_every_gap_has_a_reason(seconds, level, tonal, rate):
    samples = (hum(10, level) if tonal else noise(10, level))[: int(seconds * rate) + 1]
    found = hear(Sound(samples, rate))
    assert msgspec.json.decode(msgspec.json.encode(found), type=Hearing) == found
    assert set(nothing(found)) == set(found.reasons())
