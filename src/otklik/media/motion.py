"""How a picture moves: how much, whether the camera or things in it, when not at all, and whether it flashes.

Everything is told a second, so that neither the rate of a video nor frames that were skipped matter. Luma is 0..1.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from otklik.errors import DataError
from otklik.media.likeness import LUMA, overlap, shift_between

Floats = NDArray[np.float64]
Luma = NDArray[np.float32]
Pictures = NDArray[np.uint8]
Flags = NDArray[np.bool_]

WIDEST_GAP_S = 0.5
"""Over a wider gap a change tells nothing of motion: keyframes of a steady pan look like cuts."""
MOVING, MOVING_UNIT_S = 12 / 255, 0.1
"""A pixel moves when its luma changes by so much within a tenth of a second: above the noise of an encoder."""
STILL, STILL_PIXEL, STILL_SHARE = 1.5 / 255, 10 / 255, 0.003
"""A picture is frozen while its mean is so near to the one with which it froze, and no larger a share of its pixels
differs by more than a little: words that are typed are motion."""
SHORTEST_FROZEN_S, SHORTEST_BLACK_S = 1.0, 0.3
BLACK, BLACK_TOP = 16 / 255, 48 / 255
"""Mean luma and 99th percentile below which a picture is black: neon on black is none."""
MOST_VALUES, STEP_S = 600, 0.25
"""Of the time line: so many steps at most, and the shortest of them."""
CAMERA_PAIRS, CAMERA_S = 120, 0.3
"""So many pairs of pictures, so far apart, are compared for a movement of the whole."""
CAMERA_CHANGE = 2.5 / 255
"""Pairs that change less say nothing of who moves."""
SAME_SCENE = 0.5
"""Pairs whose luma correlates less once they lie on each other have a cut between them."""
FLASH, FLASH_DARK, FLASH_AREA = 0.1, 0.8, 0.25
"""A rise or fall of relative luminance by a tenth, the darker below 0.8, over a quarter of the picture (WCAG 2.3.1)."""
FLASH_WITHIN_S = 0.34
"""A rise and a fall no farther apart are one flash: three a second are the limit of that rule."""
GAMMA = 2.2
LOOP_EDGE_S = 0.1
"""The first and last pictures within this are compared: a fade of one frame must not decide."""
LOOP_SAMPLE = 40


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time during which something holds, in seconds."""

    from_s: float
    length_s: float


@dataclass(frozen=True, slots=True)
class Motion:
    """Motion of a video.

    Attributes:
        mean: mean absolute change of luma a second, 1 being black to white once a second; ``None`` when frames are
            too far apart to tell, as keyframes are, and so are the others that are ``None``.
        moving_share: share of pixels that change by more than noise in a tenth of a second, mean over time.
        camera_share: 0..1, how much of the change a shift of the whole picture explains: near 1 a camera moves, near
            0 things in the picture do; ``None`` when next to nothing moves.
        camera_speed: mean shift of the whole picture a second, in widths of its long side.
        frozen: stretches of at least a second without change.
        black: stretches of at least 0.3 s of black.
        frozen_share: part of the time that is frozen.
        black_share: part of the time that is black.
        flashes_a_second: most flashes within any second; more than 3 are a danger to people with epilepsy.
        loop_likeness: 0..1, how like the last picture is to the first, beside pictures taken at random: 1 is the
            same picture, 0 as unlike as any two; ``None`` when all pictures are alike.
        timeline: ``mean`` for every step of time; ``None`` where no frames tell.
        step_s: length of a step in seconds.
    """

    mean: float | None
    moving_share: float | None
    camera_share: float | None
    camera_speed: float | None
    frozen: tuple[Stretch, ...]
    black: tuple[Stretch, ...]
    frozen_share: float | None
    black_share: float
    flashes_a_second: float | None
    loop_likeness: float | None
    timeline: tuple[float | None, ...]
    step_s: float


def motion_of(times: Floats, small: Pictures) -> Motion:
    """The motion of a video.

    Args:
        times: (n,) instants of frames in seconds, increasing.
        small: (n, h, w, 3) the frames, about 64 pixels at the long side, red, green, blue in 0..255.

    Raises:
        DataError: when there is no frame or the arrays do not fit each other.

    >>> rise = np.repeat(np.arange(0, 250, 25, dtype=np.uint8), 36 * 64 * 3).reshape(10, 36, 64, 3)
    >>> round(motion_of(np.arange(10) / 10, rise).mean, 2)
    0.98
    """
    if small.ndim != 4 or len(small) == 0 or times.shape != (len(small),):
        raise DataError(
            "expected an instant for each of {n} small pictures, but got {shape}", n=len(small), shape=str(times.shape)
        )
    luma = luma_of(small)
    gaps = np.diff(times)
    told = (gaps > 0) & (gaps <= WIDEST_GAP_S)
    change = change_of(luma)
    length = float(gaps.sum())
    is_told = bool(told.any()) and float(np.median(gaps)) <= WIDEST_GAP_S
    camera_share, camera_speed = _camera(times, luma) if is_told else (None, None)
    frozen = tuple(_frozen(times, luma, told)) if is_told else ()
    black = tuple(_black(times, luma))
    step_s = max(STEP_S, (length or STEP_S) / MOST_VALUES)
    return Motion(
        mean=float(change[told].sum() / gaps[told].sum()) if is_told else None,
        moving_share=_moving_share(luma, gaps, told) if is_told else None,
        camera_share=camera_share,
        camera_speed=camera_speed,
        frozen=frozen,
        black=black,
        frozen_share=_share(frozen, length) if is_told else None,
        black_share=_share(black, length),
        flashes_a_second=_flashes(times, luma, told) if is_told else None,
        loop_likeness=_loop_likeness(times, luma),
        timeline=_timeline(times, change, told, step_s),
        step_s=step_s,
    )


def luma_of(small: Pictures) -> Luma:
    """Luma in 0..1, made piece by piece: a float copy of all colours of a long video would be large."""
    parts = [small[i : i + 512] @ (LUMA / 255) for i in range(0, len(small), 512)]
    return np.concatenate(parts).astype(np.float32, copy=False)


def change_of(luma: Luma) -> Floats:
    """Mean absolute difference of neighbours, (n - 1,), piece by piece."""
    return np.array([np.abs(after - before).mean() for before, after in itertools.pairwise(luma)], np.float64)


def _share(stretches: tuple[Stretch, ...], length_s: float) -> float:
    return min(1.0, sum(one.length_s for one in stretches) / length_s) if length_s > 0 else 0.0


def _moving_share(luma: Luma, gaps: Floats, told: Flags) -> float:
    """Share of pixels that move, weighted by time; the bound is lower for gaps below a tenth of a second."""
    shares = np.zeros(len(gaps))
    for i in np.flatnonzero(told):
        bound = MOVING * min(1.0, max(0.5, gaps[i] / MOVING_UNIT_S))
        shares[i] = (np.abs(luma[i + 1] - luma[i]) > bound).mean()
    return float((shares * gaps)[told].sum() / gaps[told].sum())


def _camera(times: Floats, luma: Luma) -> tuple[float | None, float]:
    """How much of the change a shift of the whole explains, and how fast the whole moves."""
    explained, total, speeds = 0.0, 0.0, [0.0]
    for i in np.linspace(0, len(times) - 1, min(CAMERA_PAIRS, len(times))).astype(int):
        j = int(np.searchsorted(times, times[i] + CAMERA_S - 1e-6))
        if j >= len(times) or times[j] - times[i] > CAMERA_S + WIDEST_GAP_S:
            continue
        down, right = shift_between(luma[i], luma[j])
        ours, theirs = overlap(luma[i], luma[j], down, right)
        change = float(np.abs(luma[j] - luma[i]).mean())
        if change < CAMERA_CHANGE or min(ours.shape) < 8 or not _is_one_scene(ours, theirs):
            continue
        gain = max(0.0, change - float(np.abs(theirs - ours).mean()))
        explained, total = explained + gain, total + change
        way = float(np.hypot(down, right)) if gain > 0 else 0.0
        speeds.append(way / max(luma[i].shape) / float(times[j] - times[i]))
    return (explained / total if total else None), float(np.mean(speeds[1:] or speeds))


def _is_one_scene(a: Luma, b: Luma) -> bool:
    ours, theirs = a - a.mean(), b - b.mean()
    norm = float(np.sqrt((ours * ours).sum() * (theirs * theirs).sum()))
    return norm > 0 and float((ours * theirs).sum()) / norm >= SAME_SCENE


def _frozen(times: Floats, luma: Luma, told: Flags) -> Iterator[Stretch]:
    """Stretches in which every picture is like the one with which they begin."""
    first, n = 0, len(times)
    while first < n - 1:
        last = first
        while last + 1 < n and told[last] and _is_still(luma[first], luma[last + 1]):
            last += 1
        length = float(times[last] - times[first])
        if length >= SHORTEST_FROZEN_S:
            yield Stretch(float(times[first]), length)
            first = last
        # A little less precise at the beginning, but no picture is compared with dozens of others.
        first += max(1, (last - first) // 4)


def _is_still(a: Luma, b: Luma) -> bool:
    change = np.abs(a - b)
    return bool(change.mean() < STILL) and bool((change > STILL_PIXEL).mean() <= STILL_SHARE)


def _black(times: Floats, luma: Luma) -> Iterator[Stretch]:
    is_black = np.array([one.mean() < BLACK and np.percentile(one, 99) < BLACK_TOP for one in luma])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_black, [False]]).astype(int)))
    for first, stop in zip(edges[::2], edges[1::2], strict=True):
        length = float(times[min(stop, len(times) - 1)] - times[first])
        if length >= SHORTEST_BLACK_S:
            yield Stretch(float(times[first]), length)


def _flashes(times: Floats, luma: Luma, told: Flags) -> float:
    """Most flashes within a second; one that lasts a single frame may be among those that were not decoded."""
    turns: list[tuple[float, int]] = []
    for i in np.flatnonzero(told):
        before, after = luma[i] ** GAMMA, luma[i + 1] ** GAMMA
        change = np.where(np.minimum(before, after) < FLASH_DARK, after - before, 0.0)
        sign = 1 if change.mean() > 0 else -1
        if (sign * change > FLASH).mean() >= FLASH_AREA and (not turns or turns[-1][1] != sign):
            turns.append((float(times[i + 1]), sign))
        elif turns and turns[-1][1] == sign and (sign * change > FLASH).mean() >= FLASH_AREA:
            turns[-1] = (float(times[i + 1]), sign)
    at = np.array([t for t, _ in turns])
    paired = at[1:][np.diff(at) <= FLASH_WITHIN_S] if len(at) > 1 else at[:0]
    # Every pair of turns is half a flash and its way back: n pairs in a row are (n + 1) / 2 flashes.
    counts = [float(np.sum((paired >= t) & (paired < t + 1.0))) for t in paired]
    return (max(counts) + 1) / 2 if counts else 0.0


def _loop_likeness(times: Floats, luma: Luma) -> float | None:
    """How near the last picture is to the first, beside how near any two pictures of the video are."""
    if len(luma) < 3:
        return None
    chosen = luma[np.linspace(0, len(luma) - 1, min(LOOP_SAMPLE, len(luma))).astype(int)]
    flat = chosen.reshape(len(chosen), -1)
    apart = np.array([np.abs(flat - one).mean(1) for one in flat])
    usual = float(np.median(apart[np.triu_indices(len(flat), 1)]))
    if usual < STILL:
        return None
    begins = luma[: max(1, int(np.searchsorted(times, times[0] + LOOP_EDGE_S)))]
    ends = luma[min(len(luma) - 1, int(np.searchsorted(times, times[-1] - LOOP_EDGE_S))) :]
    nearest = min(float(np.abs(end - begin).mean()) for begin in begins for end in ends)
    return float(np.clip(1 - nearest / usual, 0.0, 1.0))


def _timeline(times: Floats, change: Floats, told: Flags, step_s: float) -> tuple[float | None, ...]:
    """Change by time in every step; a gap that spans several steps counts in each for its part."""
    gaps = np.diff(times)
    changed = np.concatenate([[0.0], np.cumsum(np.where(told, change, 0.0))])
    known = np.concatenate([[0.0], np.cumsum(np.where(told, gaps, 0.0))])
    n = min(MOST_VALUES, max(1, int(np.ceil((times[-1] - times[0]) / step_s - 1e-9))))
    marks = times[0] + step_s * np.arange(n + 1)
    amount, length = (np.diff(np.interp(marks, times, one)) for one in (changed, known))
    return tuple(float(a / s) if s > step_s / 10 else None for a, s in zip(amount, length, strict=True))
