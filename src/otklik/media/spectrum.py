"""The colours of a sound: where its energy lies, from one pass of short Fourier transforms.

The same pass gives the levels of a few bands over time, from which :mod:`otklik.media.rhythm` reads onsets and tempo.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

from otklik.media.loudness import SILENCE_DB, SILENT
from otklik.media.sound import Sound

FRAME_S = 0.046
"""Length of a frame, rounded to a power of two samples: 1024 at 22,050 a second; four frames overlap."""
OVERLAP = 4
CHUNK = 4096
"""Frames transformed at once, which bounds memory."""
BANDS = 40
LOWEST_HZ, HIGHEST_HZ = 40.0, 10_000.0
BRIGHT_HZ = 4000.0
"""Energy above this is what is told as brightness; the ear is keenest up to it."""

Frames = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Spectra:
    """A sound by frames; every array has one row a frame."""

    bands: Frames
    """Mean power by band, shape (n, 40): mel-spaced from 40 Hz to 10 kHz (or half the rate)."""
    centroid_hz: Frames
    bright: Frames
    """Share of a frame's energy above 4 kHz."""
    flatness: Frames
    power: Frames
    """Mean square of the samples of a frame, as its window sees it."""
    hop_s: float
    """Seconds from one frame to the next; frame k is centred on ``k * hop_s + first_s``."""
    first_s: float

    @property
    def is_sounding(self) -> NDArray[np.bool_]:
        """Frames that are not silence, shape (n,)."""
        return self.power >= 10 ** (SILENCE_DB / 10)


@dataclass(frozen=True, slots=True)
class Timbre:
    """The colour of a whole sound: means over the frames that are not silence."""

    centroid_hz: float | None
    """Where the middle of the amplitude spectrum lies; higher sounds brighter (Grey and Gordon, 1978)."""
    bright_share: float | None
    """Share of the energy above 4 kHz."""
    flatness: float | None
    """Geometric by arithmetic mean of the power spectrum: near 0 for tones, above 0.5 for white noise."""
    missing: dict[str, str]


def spectra(sound: Sound) -> Spectra:
    """Spectra of a sound; one shorter than a frame is filled up with silence.

    Args:
        sound: at least one sample.

    >>> tone = np.sin(2 * np.pi * 1000 * np.arange(22_050) / 22_050).astype(np.float32)
    >>> found = spectra(Sound(tone, 22_050))
    >>> found.bands.shape, abs(float(found.centroid_hz.mean()) - 1000) < 20, round(float(found.power.mean()), 2)
    ((83, 40), True, 0.5)
    """
    size = 2 ** round(np.log2(FRAME_S * sound.rate))
    hop = size // OVERLAP
    samples = sound.samples
    if len(samples) < size:
        samples = np.pad(samples, (0, size - len(samples)))
    views = np.lib.stride_tricks.sliding_window_view(samples, size)[::hop]
    window = np.hanning(size).astype(np.float32)
    hertz = (np.arange(size // 2 + 1) * (sound.rate / size)).astype(np.float32)
    banks = filters(hertz)
    rows = [_described(views[at : at + CHUNK] * window, hertz, banks) for at in range(0, len(views), CHUNK)]
    bands, centroid, bright, flatness, power = (np.concatenate(one) for one in zip(*rows, strict=True))
    scale = np.float32(1 / float((window**2).sum()))
    return Spectra(bands * scale, centroid, bright, flatness, power * scale, hop / sound.rate, size / 2 / sound.rate)


def timbre(found: Spectra) -> Timbre:
    """The colour of a sound from its spectra.

    >>> noise = np.random.default_rng(0).normal(size=44_100).astype(np.float32) / 10
    >>> heard = timbre(spectra(Sound(noise, 22_050)))
    >>> round(heard.bright_share, 1), heard.flatness > 0.5
    (0.6, True)
    """
    kept = found.is_sounding
    if not kept.any():
        return Timbre(None, None, None, dict.fromkeys(("centroid_hz", "bright_share", "flatness"), SILENT))
    # Energy is added up before it is shared out: a loud bright drum outweighs a quiet dull bar.
    bright = float((found.bright[kept] * found.power[kept]).sum() / found.power[kept].sum())
    return Timbre(float(found.centroid_hz[kept].mean()), bright, float(found.flatness[kept].mean()), {})


def filters(hertz: Frames) -> Frames:
    """Triangular mel filters that each sum to 1, shape (bins, 40); bands too narrow for a bin take the nearest one.

    The scale is ``2595 log10(1 + f / 700)`` (O'Shaughnessy, Speech Communication, 1987).

    >>> filters(np.linspace(0, 11_025, 513, dtype=np.float32)).sum(axis=0).round(3).min()
    np.float32(1.0)
    """
    highest = min(HIGHEST_HZ, float(hertz[-1]))
    mels = np.linspace(_mel(LOWEST_HZ), _mel(highest), BANDS + 2)
    edges = 700 * (10 ** (mels / 2595) - 1)
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    rising = (hertz[:, None] - low) / (middle - low)
    falling = (high - hertz[:, None]) / (high - middle)
    bank = np.clip(np.minimum(rising, falling), 0, None)
    bank[np.abs(hertz[:, None] - middle).argmin(axis=0), np.arange(BANDS)] += 1e-6
    return np.asarray(bank / bank.sum(axis=0), dtype=np.float32)


def _mel(hertz: float) -> float:
    return 2595 * float(np.log10(1 + hertz / 700))


def _described(frames: Frames, hertz: Frames, banks: Frames) -> tuple[Frames, ...]:
    """Bands, centroid, bright share, flatness and power of windowed frames."""
    spectrum = rfft(frames, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    amplitude = np.sqrt(power)
    centroid = (amplitude @ hertz) / np.maximum(amplitude.sum(axis=1), 1e-12)
    total = np.maximum(power.sum(axis=1), 1e-20)
    bright = power[:, hertz > BRIGHT_HZ].sum(axis=1) / total
    # The bins of 0 Hz and of half the rate hold no sound that was meant.
    inner = power[:, 1:-1] + 1e-20
    flatness = np.exp(np.log(inner).mean(axis=1)) / inner.mean(axis=1)
    return power @ banks, centroid, bright, flatness, (frames**2).sum(axis=1)
