"""Onsets and tempo: where sounds begin, how often, and whether there is a beat.

An onset is a rise of many bands at once. The envelope is the spectral flux of levels in dB, taken against the strongest
neighbouring band a little before, so that vibrato is no onset (SuperFlux: Böck and Widmer, DAFx 2013). The tempo is the
lag at which the envelope resembles itself, with a preference for about 120 beats a minute (Ellis, Journal of New Music
Research, 2007). Nothing here depends on how loud the sound is as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, median_filter

from otklik.media.spectrum import Spectra

Envelope = NDArray[np.float64]

DEPTH_DB = 50.0
"""Levels further below the loudest band of the sound are told as this: noise of the codec begins nothing."""
LAG_FRAMES, NEIGHBOURS = 3, 3
"""Flux is taken over three frames (35 ms) against the greatest of three bands."""
GAP_S, AROUND_S, LOCAL_S = 0.07, 0.04, 1.0
"""Onsets are at least so far apart, the greatest so far around, and stand out of the median so far around."""
MIN_RISE_DB, TIMES_MEDIAN = 1.25, 3.0
"""How far an onset rises, in dB over all bands, and beside the median around it: chosen on synthetic melodies and
drums over noise (those of tests/media/test_rhythm.py; every third is held out)."""
SLOWEST, FASTEST = 50.0, 200.0
"""Tempi that are told, beats a minute."""
USUAL, SPREAD_OCTAVES = 120.0, 0.8
WINDOW_S = 12.0
"""The envelope is compared with itself in windows of this length, so that a tempo may drift over a long sound."""
LONGEST_LAG_S = 4.9
"""Four beats at the slowest tempo."""
MULTIPLES = (1, 2, 4)
"""A beat is also told by the half bar and the bar that it makes."""
MIN_S = 4.0
"""Three beats at the slowest tempo, and a little."""
HALF_AS_GOOD = 0.85
"""A beat twice or three times as fast is told when the envelope repeats so nearly as well at it."""
MIN_STRENGTH = 0.2
"""Below this there is no beat to speak of: see tests/media/test_rhythm.py."""

MIN_RATE_S = 1.0
"""A rate a second of less than a second would be made up."""

TOO_SHORT = "the sound is shorter than 1 second"
TOO_SHORT_FOR_TEMPO = "the sound is shorter than 4 seconds"
NO_BEAT = "no regular beat was found"


@dataclass(frozen=True, slots=True)
class Onsets:
    """The onset envelope of a sound, and the onsets found in it."""

    envelope: Envelope
    """Rise in dB, mean over the bands, one value a frame."""
    times_s: Envelope
    frames_per_s: float
    first_s: float

    def between(self, start_s: float, end_s: float) -> Envelope:
        """The envelope between two instants."""
        first, last = ((one - self.first_s) * self.frames_per_s for one in (start_s, end_s))
        return self.envelope[max(0, round(first)) : max(0, round(last))]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often something begins, and the beat, if there is one."""

    onsets_per_s: float | None
    tempo_bpm: float | None
    """Beats a minute; may be told an octave off (half or double), as people do too."""
    tempo_strength: float | None
    """How well the envelope repeats at the beat, 0 to 1; told even when it is too weak for a tempo."""
    missing: dict[str, str]


def onsets(found: Spectra) -> Onsets:
    """Onsets of a sound. What is there from its first frame on does not count as beginning.

    >>> from otklik.media.sound import Sound
    >>> from otklik.media.spectrum import spectra
    >>> clicks = np.zeros(22_050 * 4, np.float32)
    >>> for start in range(11_025, 22_050 * 4, 11_025):
    ...     clicks[start : start + 200] = 0.5
    >>> onsets(spectra(Sound(clicks, 22_050))).times_s.round(1).tolist()
    [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]
    """
    levels = 10 * np.log10(np.maximum(found.bands, 1e-12))
    levels = np.maximum(levels, levels.max() - DEPTH_DB)
    envelope = np.zeros(len(levels))
    if levels.max() > -100.0:
        before = maximum_filter1d(levels[:-LAG_FRAMES], NEIGHBOURS, axis=1)
        envelope[LAG_FRAMES:] = np.maximum(levels[LAG_FRAMES:] - before, 0).mean(axis=1)
    rate = 1 / found.hop_s
    return Onsets(envelope, _peaks(envelope, rate) / rate + found.first_s, rate, found.first_s)


def rhythm(found: Onsets, duration_s: float) -> Rhythm:
    """Onset rate and tempo of a sound of a length in seconds."""
    rate = len(found.times_s) / duration_s if duration_s >= MIN_RATE_S else None
    missing = {"onsets_per_s": TOO_SHORT} if rate is None else {}
    if duration_s < MIN_S or not found.envelope.any():
        why = TOO_SHORT_FOR_TEMPO if duration_s < MIN_S else NO_BEAT
        return Rhythm(rate, None, None, missing | dict.fromkeys(("tempo_bpm", "tempo_strength"), why))
    bpm, strength = tempo(likeness(found.envelope, found.frames_per_s), found.frames_per_s)
    if strength < MIN_STRENGTH:
        return Rhythm(rate, None, strength, {"tempo_bpm": NO_BEAT})
    return Rhythm(rate, bpm, strength, {})


def likeness(envelope: Envelope, frames_per_s: float) -> Envelope:
    """Likeness of an envelope with itself by lag in frames: the mean autocorrelation of its windows, 1 at lag 0.

    Each lag is divided by the number of pairs it has, so that a slow beat is not put at a disadvantage.

    >>> beats = np.tile([1.0, 0, 0, 0, 0], 40)
    >>> likeness(beats, 10)[[0, 1, 5]].round(2).tolist()
    [1.0, -0.24, 1.0]
    """
    size = min(len(envelope), round(WINDOW_S * frames_per_s))
    most = max(1, min(round(LONGEST_LAG_S * frames_per_s), size * 3 // 4))
    total, n = np.zeros(most), 0
    for start in range(0, len(envelope) - size + 1, max(1, size // 2)):
        part = envelope[start : start + size]
        part = part - part.mean()
        power = np.abs(np.fft.rfft(part, 2 * size)) ** 2
        sums = np.fft.irfft(power)[:most] / (size - np.arange(most)) * size
        if sums[0] > 1e-9:
            total, n = total + sums / sums[0], n + 1
    return total / max(n, 1)


def tempo(alike: Envelope, frames_per_s: float) -> tuple[float, float]:
    """Beats a minute and the likeness at them (0 to 1), from likeness by lag.

    >>> bpm, strength = tempo(likeness(np.tile([1.0] + [0.0] * 42, 30), 86.0), 86.0)
    >>> round(bpm), strength > 0.4
    (120, True)
    """
    alike = np.convolve(alike, [0.25, 0.5, 0.25], mode="same") if len(alike) > 3 else alike
    lags = np.arange(
        max(2, int(frames_per_s * 60 / FASTEST)), min(len(alike) - 1, int(frames_per_s * 60 / SLOWEST) + 1)
    )
    if not lags.size:
        return 0.0, 0.0
    peaks = lags[(alike[lags] >= alike[lags - 1]) & (alike[lags] >= alike[lags + 1]) & (alike[lags] > 0)]
    if not peaks.size:
        return 0.0, 0.0
    weights = np.exp(-0.5 * (np.log2(60 * frames_per_s / peaks / USUAL) / SPREAD_OCTAVES) ** 2)
    lag = float(peaks[int((_at_multiples(alike, peaks) * weights).argmax())])
    for parts in (3, 2):
        faster = peaks[np.abs(peaks - lag / parts) <= 1.5]
        if faster.size and alike[faster].max() >= HALF_AS_GOOD * alike[int(lag)]:
            lag = float(faster[int(alike[faster].argmax())])
            break
    return 60 * frames_per_s / _refined(alike, lag), float(min(1.0, alike[int(lag)]))


def _at_multiples(alike: Envelope, lags: NDArray[np.int64]) -> Envelope:
    """Mean likeness at a lag and at those multiples of it that are known, each the best within a frame or two."""
    means = []
    for lag in lags:
        found = [alike[max(0, m * lag - m) : m * lag + m + 1].max() for m in MULTIPLES if m * lag + m < len(alike)]
        means.append(float(np.mean(found)) if found else float(alike[lag]))
    return np.array(means)


def _refined(alike: Envelope, lag: float) -> float:
    """A lag made finer than a frame by the peak near its greatest multiple, itself refined by a parabola."""
    for times in (1, 2, 3, 4):
        around = np.arange(max(1, round(lag * times) - 2), round(lag * times) + 3)
        if around[-1] + 1 >= len(alike):
            break
        at = int(around[int(alike[around].argmax())])
        left, middle, right = alike[at - 1 : at + 2]
        bend = left - 2 * middle + right
        shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
        lag = (at + float(np.clip(shift, -0.5, 0.5))) / times
    return lag


def _peaks(envelope: Envelope, frames_per_s: float) -> Envelope:
    """Frames of onsets: the greatest of their surroundings, well above the median around, apart from each other."""
    around = 2 * round(AROUND_S * frames_per_s) + 1
    usual = median_filter(envelope, 2 * round(LOCAL_S * frames_per_s / 2) + 1, mode="nearest")
    least = np.maximum(MIN_RISE_DB, TIMES_MEDIAN * usual)
    candidates = np.flatnonzero((envelope == maximum_filter1d(envelope, around)) & (envelope > least))
    kept: list[int] = []
    for one in candidates:
        if not kept or one - kept[-1] >= GAP_S * frames_per_s:
            kept.append(int(one))
    return np.array(kept, dtype=float)
