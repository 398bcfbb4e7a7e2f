"""How loud a sound is, and when: ITU-R BS.1770 loudness, EBU R 128 range, peaks and silence.

The sound is weighted as the ear does and its power kept for every twentieth of a second; all figures are made from
those powers, so twenty minutes need one pass and a few megabytes. What is measured is the one channel that
:func:`~otklik.media.sound.read_sound` mixes the tracks of a file to. It adds the two sides at 0.71 each: the loudness
is that of the file when both sides carry the same and lower when they differ (by 0.8 to 4.9 dB, 2.5 on average, on
twelve orchestral recordings); the peak may be up to 3 dB above that of either side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from otklik.media.sound import Samples, Sound

FRAMES_PER_S = 20
"""Powers kept a second: the 100 ms steps and 400 ms blocks of BS.1770 and the 0.25 s of a picture are whole frames."""
SILENCE_DB = -50.0
"""A frame below so many dB of full scale counts as silence."""
FLOOR_DB = -70.0
"""The absolute gate of BS.1770; what is quieter is told as this, since digital silence has no level."""
CHUNK_S = 30
TINY = 1e-15
"""A filter that rings out below this is at rest: processors crawl over the denormal numbers that would follow."""
BLOCK_FRAMES, BLOCK_STEP, BLOCK_GATE = 8, 2, 10.0
"""400 ms blocks every 100 ms, and the relative gate 10 dB under their mean (BS.1770-4, annex 1)."""
RANGE_FRAMES, RANGE_GATE, RANGE_PERCENTILES = 60, 20.0, (10.0, 95.0)
"""3 s blocks, the relative gate and the two percentiles of EBU Tech 3342."""
MIN_RANGE_S = 6.0
"""A range needs two blocks that do not overlap; EBU Tech 3342 itself warns of sounds under a minute."""
MOST_POINTS, POINT_FRAMES = 2400, 5
"""Values of the loudness over time: one in 0.25 s up to ten minutes, then coarser."""
_OFFSET = -0.691
"""Offset of BS.1770: a full-scale sine of 997 Hz on one channel is -3.01 LUFS."""
_SHELF = (1681.974450955533, 3.999843853973347, 0.7071752369554196)
_PASS = (38.13547087602444, 0.5003270373238773)
"""Analogue prototypes of the K-weighting at 48 kHz (De Man, "Evaluation of implementations of the EBU R128 loudness
measurement", AES 2018), from which the filter follows for any rate."""

TOO_SHORT = "the sound is shorter than 0.4 seconds"
TOO_SHORT_FOR_RANGE = "the sound is shorter than 6 seconds"
SILENT = "the sound is silent"


@dataclass(frozen=True, slots=True)
class Powers:
    """Mean squares of a sound by frames of 1/20 s: as it is and as the ear weighs it, both of shape (n,)."""

    plain: NDArray[np.float64]
    weighted: NDArray[np.float64]
    peak: float
    duration_s: float

    @property
    def is_sounding(self) -> NDArray[np.bool_]:
        """Frames that are not silence, shape (n,)."""
        return self.plain >= 10 ** (SILENCE_DB / 10)


@dataclass(frozen=True, slots=True)
class Loudness:
    """Loudness of a whole sound; what is ``None`` has its reason in ``missing``."""

    lufs: float | None
    """Integrated loudness, LUFS of BS.1770."""
    range_lu: float | None
    """Loudness range, LU of EBU Tech 3342."""
    peak_dbfs: float | None
    """Greatest sample, dB of full scale; above 0 where the file clips."""
    crest_db: float | None
    """Peak above the mean power: small for a sound pressed flat, large for one that breathes."""
    silence_share: float
    longest_silence_s: float
    over_time_db: tuple[float, ...]
    """Momentary loudness (400 ms around each point), at least :data:`FLOOR_DB`, for a picture."""
    step_s: float
    """Seconds from one point to the next."""
    missing: dict[str, str]


def powers(sound: Sound) -> Powers:
    """Powers of a sound frame by frame; a rest shorter than a frame is left out, unless it is all there is.

    Args:
        sound: at least one sample, at 8000 a second or more.

    >>> tone = np.sin(2 * np.pi * 997 * np.arange(48_000) / 48_000).astype(np.float32)
    >>> found = powers(Sound(tone, 48_000))
    >>> round(float(found.plain.mean()), 3), len(found.plain)
    (0.5, 20)
    """
    plain, weighted = _frame_powers(sound.samples, sound.rate)
    if sound.sides is None:
        peak = float(np.abs(sound.samples).max())
        return Powers(plain, weighted, peak, sound.duration_s)
    # The powers of sum and difference, each by the square root of two, add up to those of the channels, which is what
    # BS.1770 asks for; the channels themselves are (sum ± difference) by that root.
    more_plain, more_weighted = _frame_powers(sound.sides, sound.rate)
    peak = float((np.abs(sound.samples) + np.abs(sound.sides)).max() / np.sqrt(2))
    return Powers(plain + more_plain, weighted + more_weighted, peak, sound.duration_s)


def _frame_powers(samples: Samples, rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean square of each frame, plain and weighted."""
    from scipy.signal import sosfilt

    sos = _weighting(rate)
    state = np.zeros((len(sos), 2))
    plain, weighted, size = [], [], CHUNK_S * rate
    for start in range(0, len(samples), size):
        chunk = samples[start : start + size].astype(np.float64)
        heard, state = sosfilt(sos, chunk, zi=state)
        state[np.abs(state) < TINY] = 0.0
        edges = _edges(len(chunk), rate)
        if start and len(edges) < 2:
            break
        plain.append(_means(chunk, edges))
        weighted.append(_means(heard, edges))
    return np.concatenate(plain), np.concatenate(weighted)


def loudness(found: Powers) -> Loudness:
    """Loudness figures of a sound from its powers.

    >>> tone = np.sin(2 * np.pi * 997 * np.arange(480_000) / 48_000).astype(np.float32)
    >>> heard = loudness(powers(Sound(tone, 48_000)))
    >>> round(heard.lufs, 1), round(heard.crest_db, 1), heard.silence_share, len(heard.over_time_db)
    (-3.0, 3.0, 0.0, 40)
    """
    lufs, wide = integrated(found), loudness_range(found)
    peak = float(20 * np.log10(found.peak)) if found.peak > 0 else None
    mean = float(found.plain.mean())
    crest = peak - 10 * float(np.log10(mean)) if peak is not None and mean > 0 else None
    missing = {"peak_dbfs": SILENT} if peak is None else {}
    if crest is None:
        missing["crest_db"] = SILENT
    if lufs is None:
        missing["lufs"] = TOO_SHORT if len(found.plain) < BLOCK_FRAMES else SILENT
    if wide is None:
        missing["range_lu"] = TOO_SHORT_FOR_RANGE if found.duration_s < MIN_RANGE_S else SILENT
    quiet = ~found.is_sounding
    points, step_s = over_time(found)
    share, longest = float(quiet.mean()), longest_run(quiet) / FRAMES_PER_S
    return Loudness(lufs, wide, peak, crest, share, min(longest, found.duration_s), points, step_s, missing)


def integrated(found: Powers) -> float | None:
    """Gated loudness in LUFS (BS.1770-4, equations 3 to 7); ``None`` when no block passes the gate."""
    blocks = windows(found.weighted, BLOCK_FRAMES)[::BLOCK_STEP]
    kept = blocks[level(blocks) > FLOOR_DB]
    if not kept.size:
        return None
    kept = kept[level(kept) > level(kept.mean()) - BLOCK_GATE]
    return float(level(kept.mean()))


def loudness_range(found: Powers) -> float | None:
    """Loudness range in LU (EBU Tech 3342): the 95th less the 10th percentile of gated 3 s loudness."""
    if found.duration_s < MIN_RANGE_S:
        return None
    blocks = windows(found.weighted, RANGE_FRAMES)[::BLOCK_STEP]
    kept = blocks[level(blocks) > FLOOR_DB]
    if not kept.size:
        return None
    levels = level(kept)
    low, high = np.percentile(levels[levels > level(kept.mean()) - RANGE_GATE], RANGE_PERCENTILES)
    return float(high - low)


def over_time(found: Powers) -> tuple[tuple[float, ...], float]:
    """Momentary loudness in dB at equal steps, at most :data:`MOST_POINTS` of them, and the step in seconds."""
    n = len(found.weighted)
    frames = max(POINT_FRAMES, -(-n // MOST_POINTS))
    half = max(BLOCK_FRAMES, frames) // 2
    sums = np.concatenate([[0.0], np.cumsum(found.weighted)])
    middles = np.arange(0, n, frames) + frames // 2
    lows, highs = np.clip(middles - half, 0, n - 1), np.clip(middles + half, 1, n)
    levels = np.maximum(level((sums[highs] - sums[lows]) / (highs - lows)), FLOOR_DB)
    return tuple(round(float(one), 1) for one in levels), frames / FRAMES_PER_S


def level(power: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Loudness of K-weighted power in LUFS: ``-0.691 + 10 log10(power)``; digital silence is very quiet, not infinite.

    >>> float(level(0.5).round(2)), float(level(0.0)) < FLOOR_DB
    (-3.7, True)
    """
    return np.asarray(_OFFSET + 10 * np.log10(np.maximum(power, 1e-15)))


def windows(values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Means of every run of ``size`` values, shape (n - size + 1,); none when there are fewer.

    >>> windows(np.array([1.0, 2.0, 6.0]), 2).tolist()
    [1.5, 4.0]
    """
    if len(values) < size:
        return np.zeros(0)
    return np.lib.stride_tricks.sliding_window_view(values, size).mean(axis=1)


def longest_run(flags: NDArray[np.bool_]) -> int:
    """Length of the longest run of true values.

    >>> longest_run(np.array([True, False, True, True]))
    2
    """
    changes = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(changes == 1), np.flatnonzero(changes == -1)
    return int((ends - starts).max()) if starts.size else 0


def _edges(n: int, rate: int) -> NDArray[np.int64]:
    whole = n * FRAMES_PER_S // rate
    return np.arange(whole + 1) * rate // FRAMES_PER_S if whole else np.array([0, n])


def _means(samples: NDArray[np.float64], edges: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.add.reduceat(samples[: edges[-1]] ** 2, edges[:-1]) / np.diff(edges)


def _weighting(rate: int) -> NDArray[np.float64]:
    """K-weighting as two second-order sections for a rate, by the bilinear transform."""
    f, gain, q = _SHELF
    k, vh = np.tan(np.pi * f / rate), 10 ** (gain / 20)
    vb = vh**0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf = [vh + vb * k / q + k * k, 2 * (k * k - vh), vh - vb * k / q + k * k, a0, 2 * (k * k - 1), 1 - k / q + k * k]
    f, q = _PASS
    k = np.tan(np.pi * f / rate)
    c0 = 1 + k / q + k * k
    # Not normalised: the numerator of the standard is 1, -2, 1 as it stands.
    high = [c0, -2 * c0, c0, c0, 2 * (k * k - 1), 1 - k / q + k * k]
    return np.array([shelf, high]) / np.array([[a0], [c0]])
