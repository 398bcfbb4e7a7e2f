"""The colour of sounds whose colour is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.media.loudness import SILENT
from otklik.media.sound import Sound
from otklik.media.spectrum import BANDS, filters, spectra, timbre

RATE = 22_050


def tone(hertz: float, seconds: float = 2, level: float = 0.5, rate: int = RATE) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


@pytest.mark.parametrize("rate", [8000, 16_000, RATE, 48_000])
@pytest.mark.parametrize("hertz", [300, 1000, 3500])
def test_the_middle_of_a_tone_is_the_tone(rate, hertz):
    found = timbre(spectra(Sound(tone(hertz, rate=rate), rate)))
    assert found.centroid_hz == pytest.approx(hertz, rel=0.05)
    assert found.flatness < 0.01
    assert found.bright_share < 0.01


def test_a_tone_above_four_kilohertz_is_bright():
    assert timbre(spectra(Sound(tone(6000)))).bright_share > 0.99


def test_colour_does_not_depend_on_level_and_silence_does_not_count():
    loud = timbre(spectra(Sound(tone(500) + tone(5000, level=0.1))))
    quiet = timbre(spectra(Sound(np.concatenate([(tone(500) + tone(5000, level=0.1)) / 8, np.zeros(RATE * 9)]))))
    assert quiet.centroid_hz == pytest.approx(loud.centroid_hz, rel=0.05)
    assert quiet.bright_share == pytest.approx(loud.bright_share, rel=0.05)


def test_silence_has_no_colour():
    found = timbre(spectra(Sound(np.zeros(RATE, np.float32))))
    assert (found.centroid_hz, found.bright_share, found.flatness) == (None, None, None)
    assert set(found.missing.values()) == {SILENT}


@pytest.mark.parametrize("rate", [8000, RATE, 48_000])
def test_every_band_weighs_the_same(rate):
    bank = filters(np.linspace(0, rate / 2, 513, dtype=np.float32))
    assert bank.shape == (513, BANDS)
    assert np.allclose(bank.sum(axis=0), 1, atol=1e-5)
    assert (np.diff(bank.argmax(axis=0)) >= 0).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 5000), st.floats(0, 8, width=32), st.integers(0, 9))
def test_frames_of_any_sound_are_finite_and_in_range(n, level, seed):
    samples = (np.random.default_rng(seed).uniform(-level, level, n)).astype(np.float32)
    found = spectra(Sound(samples))
    assert np.isfinite(found.bands).all()
    assert ((found.bright >= 0) & (found.bright <= 1.001)).all()
    assert ((found.flatness >= 0) & (found.flatness <= 1.001)).all()
    assert ((found.centroid_hz >= 0) & (found.centroid_hz <= RATE / 2 + 1)).all()
