"""Fingerprints of sounds: where the spectrum has its peaks, and landmarks made of two of them.

The idea is that of Wang, "An Industrial-Strength Audio Search Algorithm" (ISMIR 2003): peaks of the spectrogram
survive noise, coding and a voice on top, and two of them at a known distance are a word that can be looked up.
Peaks are taken from a map whose frequency axis is logarithmic (as in Six and Leman, "Panako", ISMIR 2014): there a
change of pitch moves every peak by the same number of bins and a change of tempo stretches time, so a changed sound
is found by changing the few peaks of the query, never by decoding anything again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import gcd
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from otklik.errors import DataError
from otklik.media.sound import RATE, Sound

HOP: Final = 512
WINDOW: Final = 4096
"""Samples from frame to frame and in a frame: 23 and 186 ms; shorter frames blur the tones of a chord."""
FRAMES_PER_S: Final = RATE / HOP
LOW_HZ: Final = 200.0
"""Below, a frame cannot tell one semitone from the next."""
BINS_PER_OCTAVE: Final = 36
N_BINS: Final = 168
"""Up to 5.1 kHz, what every codec and every telephone keeps."""
STEPS: Final = 8
"""Parts of a bin in which a peak's place is kept: 4 cents."""
LIBRARY_PER_S, QUERY_PER_S = 15, 40
"""Loudest peaks kept a second. A query keeps more: what a voice or noise on top adds must not push the music out.

Measured on 12 tracks: of 15 peaks a second of the library 15 % were among the 15 loudest of a query with a voice of
equal level on top, 45 % among the 30 loudest; 40 found one query more in fifty than 30, and 55 no more than 40.
"""
LEAST_S: Final = 3.0
"""Shorter sounds are not searched: a few notes are in every tune."""
BLOCK_FRAMES: Final = 43
"""The loudest peaks are chosen anew each second."""
NEIGHBOURS: Final = (5, 3)
"""A peak is the highest of so many bins and frames on either side."""
FLOOR_DB: Final = 70.0
"""Peaks further below the loudest one are hiss."""
SILENCE_RMS: Final = 1e-4
"""A sound below -80 dB of full scale is silence."""
TONE_SHARE: Final = 0.95
TONE_BINS: Final = 4
"""A sound with so many of its peaks in so few bins is a tone, a hum or a siren on one note."""

NEAREST, FARTHEST = 2, 49
"""Frames between the two peaks of a landmark: 46 ms to 1.1 s."""
OCTAVE: Final = BINS_PER_OCTAVE
N_CODES: Final = N_BINS * (2 * OCTAVE + 1) * (FARTHEST - NEAREST + 1)
KEPT_OF: Final = 4
"""One landmark in so many is kept, chosen by its code: the same ones in the library and in a query."""

VERSION: Final = 1
"""Of the bytes below and of everything above that shapes them."""
TOO_SHORT = "the sound is shorter than 3 s: too little to recognise"
SILENT = "the sound is silent"
A_TONE = "the sound is one steady tone: nothing to recognise"


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """Peaks of a sound in the order of time: all that is kept of it.

    ``frames`` (float64, n) counts frames of 23 ms from the beginning, ``bins`` (float64, n) bins of 1/36 octave above
    200 Hz; both are whole or nearly so in a sound as it was decoded and anything in a changed one.
    """

    frames: NDArray[np.float64]
    bins: NDArray[np.float64]
    is_loud: NDArray[np.bool_]
    """Which are among the loudest of their second: those that a library keeps."""
    duration_s: float
    """Length of the sound, silence included."""

    def __len__(self) -> int:
        return len(self.frames)

    def loud(self) -> Peaks:
        """Only the loudest ones, as a library keeps them."""
        kept = self.is_loud
        return Peaks(self.frames[kept], self.bins[kept], self.is_loud[kept], self.duration_s)

    def changed(self, semitones: float = 0.0, tempo: float = 1.0) -> Peaks:
        """The same sound as it was before it was raised by ``semitones`` and made ``tempo`` times as fast.

        >>> one = Peaks(np.array([10.0]), np.array([39.0]), np.array([True]), 3.0)
        >>> one.changed(semitones=1, tempo=1.1).bins.tolist()
        [36.0]
        """
        bins = self.bins - semitones * BINS_PER_OCTAVE / 12
        return Peaks(self.frames * tempo, bins, self.is_loud, self.duration_s * tempo)

    def between(self, start: float, end: float) -> Peaks:
        """The peaks of a stretch, in frames; they keep their places."""
        first, last = np.searchsorted(self.frames, [start, end])
        return Peaks(self.frames[first:last], self.bins[first:last], self.is_loud[first:last], self.duration_s)

    @classmethod
    def from_bytes(cls, blob: bytes) -> Peaks:
        """What :func:`to_bytes` wrote; no bytes are a sound without peaks.

        Raises:
            DataError: when the bytes are of another version or damaged.
        """
        if not blob:
            return cls(np.empty(0), np.empty(0), np.empty(0, np.bool_), 0.0)
        words = np.frombuffer(blob[: len(blob) // 2 * 2], "<u2").astype(np.int64)
        n = int(words[1] << 16 | words[2]) if len(words) >= _HEAD else -1
        if n < 0 or words[0] != VERSION or len(blob) != 2 * (_HEAD + 2 * n):
            raise DataError(
                "expected a fingerprint of version {version}, but got {n} bytes of something else: "
                "remove the sound and add it again",
                version=VERSION,
                n=len(blob),
            )
        gaps, places = words[_HEAD : _HEAD + n], words[_HEAD + n :]
        bins = (places & ~_LOUD) / STEPS
        return cls(np.cumsum(gaps).astype(np.float64), bins, places & _LOUD > 0, int(words[3] << 16 | words[4]) / 1000)


_HEAD: Final = 5
"""16-bit words before the peaks: version, their number and the length in milliseconds in two words each."""
_LOUD: Final = 1 << 15
"""Set in the place of a peak that is among the loudest."""


def to_bytes(peaks: Peaks) -> bytes:
    """A fingerprint as compact bytes: a head, then gaps in frames, then places in eighths of a bin, all 16 bits.

    >>> one = Peaks(np.array([3.0, 70.0]), np.array([12.125, 80.0]), np.array([True, False]), 4.5)
    >>> again = Peaks.from_bytes(to_bytes(one))
    >>> len(to_bytes(one)), again.bins.tolist(), again.is_loud.tolist(), again.duration_s
    (18, [12.125, 80.0], [True, False], 4.5)
    """
    # Sounds are read up to twenty minutes: no gap is longer than 16 bits hold (25 minutes).
    gaps = np.diff(np.round(peaks.frames).astype(np.int64), prepend=0).astype("<u2")
    places = np.round(peaks.bins * STEPS).astype(np.int64) | np.where(peaks.is_loud, _LOUD, 0)
    length = round(peaks.duration_s * 1000)
    head = [VERSION, len(peaks) >> 16, len(peaks) & 0xFFFF, length >> 16, length & 0xFFFF]
    return np.array(head, "<u2").tobytes() + gaps.tobytes() + places.astype("<u2").tobytes()


def fingerprint(sound: Sound) -> Peaks:
    """The loudest peaks of a sound: 40 a second, and which of them are the loudest 15.

    Args:
        sound: samples at any rate; they are brought to 22,050 a second. Silence has no peaks.
    """
    nothing = Peaks(np.empty(0), np.empty(0), np.empty(0, np.bool_), sound.duration_s)
    if len(sound.samples) == 0 or np.sqrt(np.mean(np.square(sound.samples, dtype=np.float64))) < SILENCE_RMS:
        return nothing
    level = spectrum(_at_house_rate(sound))
    if level.size == 0:
        return nothing
    bins, frames = _maxima(level)
    rank = _ranks(level[bins, frames], frames)
    order = np.lexsort((bins, frames))
    order = order[rank[order] < QUERY_PER_S]
    bins, frames = bins[order], frames[order]
    places = np.round((bins + _beside(level, bins, frames)) * STEPS) / STEPS
    return Peaks(frames.astype(np.float64), places, rank[order] < LIBRARY_PER_S, sound.duration_s)


def why_not(peaks: Peaks) -> str | None:
    """Why a sound cannot be recognised, or ``None`` when it can: too short, silent, or one tone."""
    if peaks.duration_s < LEAST_S:
        return TOO_SHORT
    if len(peaks) < LEAST_S:
        return SILENT
    fullest = np.sort(np.bincount(np.round(peaks.bins).astype(np.int64), minlength=N_BINS))[::-1]
    return A_TONE if fullest[:TONE_BINS].sum() >= TONE_SHARE * len(peaks) else None


def landmarks(peaks: Peaks) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Codes of pairs of peaks, and the frame of the earlier one of each; in no order.

    A code is made of the earlier peak's bin, the step to the later one in bins and their distance in frames. Of all
    pairs not further apart than 1.1 s and an octave, one in :data:`KEPT_OF` is kept.
    """
    frames, bins = np.round(peaks.frames).astype(np.int64), np.round(peaks.bins).astype(np.int64)
    inside = (bins >= 0) & (bins < N_BINS)
    frames, bins = frames[inside], bins[inside]
    codes, anchors = [], []
    # The k-th next peak of every peak at once: a few hundred short steps instead of one loop over peaks.
    for k in range(1, len(frames)):
        gap, step = frames[k:] - frames[:-k], bins[k:] - bins[:-k]
        if gap.min() > FARTHEST:
            break
        good = (gap >= NEAREST) & (gap <= FARTHEST) & (np.abs(step) <= OCTAVE)
        code = (bins[:-k][good] * (2 * OCTAVE + 1) + step[good] + OCTAVE) * (FARTHEST - NEAREST + 1)
        code += gap[good] - NEAREST
        kept = _is_kept(code)
        codes.append(code[kept])
        anchors.append(frames[:-k][good][kept])
    if not codes:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate(codes), np.concatenate(anchors)


def _is_kept(code: NDArray[np.int64]) -> NDArray[np.bool_]:
    # Knuth's multiplicative hash: neighbouring codes must not be kept or dropped together.
    return (code * 2_654_435_761 >> 16) % KEPT_OF == 0


def spectrum(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Level in dB by bin of 1/36 octave and frame of 23 ms: shape (168, frames).

    Every bin is the power under a triangle one bin wide, or one line of the spectrum where that is wider.
    """
    n = max(0, (len(samples) - WINDOW) // HOP + 1)
    level = np.empty((N_BINS, n), np.float32)
    if n == 0:
        return level
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    window = np.hanning(WINDOW).astype(np.float32)
    for start in range(0, n, 256):
        lines = np.fft.rfft(frames[start : start + 256] * window, axis=1)
        power = (lines.real**2 + lines.imag**2).astype(np.float32)
        level[:, start : start + 256] = _triangles() @ power.T
    return 10 * np.log10(level + 1e-12)


@cache
def _triangles() -> Any:
    from scipy import sparse

    line = RATE / WINDOW
    hertz = np.arange(WINDOW // 2 + 1) * line
    centre = LOW_HZ * 2 ** (np.arange(N_BINS)[:, None] / BINS_PER_OCTAVE)
    width = np.maximum(centre * (2 ** (1 / BINS_PER_OCTAVE) - 1), line)
    weight = np.clip(1 - np.abs(hertz - centre) / width, 0, None)
    return sparse.csr_array((weight / weight.sum(axis=1, keepdims=True)).astype(np.float32))


def _at_house_rate(sound: Sound) -> NDArray[np.float32]:
    if sound.rate == RATE:
        return sound.samples
    from scipy.signal import resample_poly

    common = gcd(sound.rate, RATE)
    return resample_poly(sound.samples, RATE // common, sound.rate // common).astype(np.float32)


def _maxima(level: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    from scipy.ndimage import maximum_filter

    around = maximum_filter(level, size=tuple(2 * one + 1 for one in NEIGHBOURS), mode="nearest")
    is_peak = (level == around) & (level > level.max() - FLOOR_DB)
    is_peak[[0, -1]] = False
    bins, frames = np.nonzero(is_peak)
    return bins, frames


def _ranks(height: NDArray[np.float32], frames: NDArray[np.int64]) -> NDArray[np.int64]:
    """Place of each peak among those of its second, 0 for the highest."""
    block = frames // BLOCK_FRAMES
    order = np.lexsort((-height, block))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - np.searchsorted(block[order], block[order], "left")
    return rank


def _beside(level: NDArray[np.float32], bins: NDArray[np.int64], frames: NDArray[np.int64]) -> NDArray[np.float64]:
    """How far the top of a parabola through a peak and its neighbours lies beside its bin: -0.5 to 0.5."""
    below, here, above = (level[bins + one, frames].astype(np.float64) for one in (-1, 0, 1))
    bend = np.minimum(below - 2 * here + above, -1e-6)
    return np.clip(0.5 * (below - above) / bend, -0.5, 0.5)
