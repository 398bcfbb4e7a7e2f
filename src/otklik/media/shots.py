"""Where one shot ends and the next begins, and the rhythm that this makes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from otklik.errors import DataError
from otklik.media.gradual import Times, find_turns, join_fades
from otklik.media.likeness import Blocks, blocks_of

Pictures = NDArray[np.uint8]

WIDEST_GAP_S = 0.5
"""Frames farther apart than this, as keyframes are, do not tell a cut from a movement."""
NEAR_S = 0.3
"""A cut is compared with the changes so long before and after it."""
NEAR_FRAMES = 3
"""And with so many frames at least on either side, where they are sparse."""
RANK = 3
"""With the third largest of those changes: in a quick montage two others may be cuts too."""
LEAST_RATIO = 2.0
"""A cut is so many times larger than that change."""
SMALLEST_REFERENCE = 0.5
"""Levels of 255 that are added to it: what the encoder changes in a still picture."""
LEAST_CHANGE = 0.35
"""Mean change of block colours, in spreads of those colours: 0.48 or more at the cuts that this was set on."""
MOST_ALIKE = 0.85
"""Block colours that correlate more are one picture, moved or lit otherwise."""
MOST_EDGES, MOST_MOVED = 0.115, 0.3
"""Share of edges that may stay over a cut by chance, at one place and when moved: 0.08 and 0.20 were seen."""
LEAST_STILL = 0.1
"""When fewer blocks than this keep their colour, edges that stay are of a graphic match: two horizons at one height."""
OPENING_S = (1.0, 3.0)
SHORTEST_S = 0.001
"""Nothing shorter is divided by: files exist that say they last no time at all."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage from one shot to the next.

    Attributes:
        at_s: when the new shot begins, or begins to appear, in seconds.
        kind: ``hard``, ``dissolve`` or ``fade`` (through black, white or another blank picture).
        until_s: when the old shot is gone; ``at_s`` for a hard cut.
        strength: 0..1, how unlike the pictures before and after are.
    """

    at_s: float
    kind: Literal["hard", "dissolve", "fade"]
    until_s: float
    strength: float


@dataclass(frozen=True, slots=True)
class Shots:
    """Shots of a video, in figures.

    Attributes:
        n: how many.
        cuts_a_minute: cuts by length of the video.
        median_s: median length of a shot in seconds, and so on.
        shortest_s: the shortest.
        longest_s: the longest.
        variation: standard deviation of lengths by their mean: 0 is a metronome; ``None`` with fewer than three shots.
        first_cut_s: when the first cut begins; ``None`` without any.
        n_cuts_1s: cuts that begin within the first second.
        n_cuts_3s: cuts that begin within the first three seconds.
    """

    n: int
    cuts_a_minute: float
    median_s: float
    shortest_s: float
    longest_s: float
    variation: float | None
    first_cut_s: float | None
    n_cuts_1s: int
    n_cuts_3s: int


def find_cuts(times: Times, small: Pictures) -> tuple[Cut, ...] | None:
    """Cuts, dissolves and fades of a video.

    A hard cut is a change of block colours larger than its neighbours on both sides, after which the picture from
    before is not seen again: a flash and a strobe come back, a shaken or panned camera changes for several frames,
    words that pop up leave the edges between them. Gradual passages: :mod:`otklik.media.gradual`. Frames may stand
    at any distance up to :data:`WIDEST_GAP_S`; over a wider gap nothing is claimed.

    Args:
        times: (n,) instants of frames in seconds, increasing.
        small: (n, h, w, 3) the frames, about 64 pixels at the long side, red, green, blue in 0..255.

    Returns:
        Cuts in the order of time; ``None`` when frames are too far apart to tell (keyframes only), or are none.

    Raises:
        DataError: when the arrays do not fit each other.

    >>> two = np.zeros((20, 36, 64, 3), np.uint8)
    >>> two[:10, :18], two[10:, :, 20:] = (200, 30, 30), (20, 60, 220)
    >>> [(cut.kind, cut.at_s) for cut in find_cuts(np.arange(20) / 10, two)]
    [('hard', 1.0)]
    """
    _check(times, small)
    if not is_dense(times):
        return None
    blocks = blocks_of(small)
    hard, turns = _hard(times, blocks), []
    for start, stop in _stretches(times, hard):
        turns += find_turns(times, blocks, start, stop)
    turns, hard = join_fades(times, blocks, turns, hard)
    cuts = [Cut(float(times[i]), "hard", float(times[i]), _unlike(blocks, i - 1, i)) for i in hard]
    for turn in turns:
        kind: Literal["dissolve", "fade"] = "fade" if turn.is_fade else "dissolve"
        cuts.append(Cut(turn.at_s, kind, turn.until_s, _unlike(blocks, turn.first, turn.last)))
    return tuple(sorted(cuts, key=lambda cut: cut.at_s))


def is_dense(times: Times) -> bool:
    """Whether frames stand near enough to each other for cuts to be told.

    >>> is_dense(np.arange(10) / 15), is_dense(np.arange(10) * 2.0)
    (True, False)
    """
    return len(times) == 1 or (len(times) > 1 and float(np.median(np.diff(times))) <= WIDEST_GAP_S)


def dense_until(times: Times) -> float:
    """The instant up to which frames stand near enough to tell cuts: from there on a decoder took keyframes only.

    >>> dense_until(np.array([0.0, 0.1, 0.2, 2.2, 4.2]))
    0.2
    """
    if len(times) == 0:
        return 0.0
    near = np.flatnonzero(np.diff(times) <= WIDEST_GAP_S)
    return float(times[near[-1] + 1]) if len(near) else float(times[0])


def shots_of(cuts: tuple[Cut, ...], duration_s: float) -> Shots:
    """Shots between cuts; a gradual passage is parted in its middle.

    Args:
        cuts: as :func:`find_cuts` gives them.
        duration_s: length of what was looked at, in seconds: of a long video, :func:`dense_until`.

    >>> shots = shots_of((Cut(2.0, "hard", 2.0, 1.0), Cut(2.5, "dissolve", 3.5, 1.0)), 6.0)
    >>> shots.n, shots.cuts_a_minute, shots.median_s, shots.n_cuts_3s
    (3, 20.0, 2.0, 2)
    """
    inner = [(cut.at_s + cut.until_s) / 2 for cut in cuts]
    marks = [0.0, *inner, max(duration_s, inner[-1] if inner else 0.0)]
    lengths = np.diff(marks)
    begun = [cut.at_s for cut in cuts]
    first, opening = ((sum(at_s <= within for at_s in begun)) for within in OPENING_S)
    return Shots(
        n=len(lengths),
        cuts_a_minute=60 * len(cuts) / max(marks[-1], SHORTEST_S),
        median_s=float(np.median(lengths)),
        shortest_s=float(lengths.min()),
        longest_s=float(lengths.max()),
        variation=float(lengths.std() / lengths.mean()) if len(lengths) > 2 and lengths.mean() > SHORTEST_S else None,
        first_cut_s=begun[0] if begun else None,
        n_cuts_1s=first,
        n_cuts_3s=opening,
    )


def _check(times: Times, small: Pictures) -> None:
    if times.ndim != 1 or len(times) != len(small):
        raise DataError(
            "expected an instant for each of {n} small pictures, but got {shape}", n=len(small), shape=str(times.shape)
        )
    if not np.isfinite(times).all() or (np.diff(times) < 0).any():
        raise DataError("instants of frames should be finite and in order: sort the frames by their time")


def _hard(times: Times, blocks: Blocks) -> list[int]:
    """Numbers of the frames with which a shot begins at once."""
    if len(times) < 2:
        return []
    change = np.abs(np.diff(blocks.colours, axis=0)).mean(1)
    usual = (blocks.spread[:-1] + blocks.spread[1:]) / 2 + 2.0
    likely = np.flatnonzero((change >= LEAST_CHANGE * usual) & (np.diff(times) <= WIDEST_GAP_S))
    return [int(i) + 1 for i in likely if _is_cut(times, blocks, change, int(i))]


def _is_cut(times: Times, blocks: Blocks, change: NDArray[np.float32], i: int) -> bool:
    """Whether there is a cut between frames ``i`` and ``i + 1``."""
    start = int(np.searchsorted(times, times[i] - NEAR_S))
    stop = int(np.searchsorted(times, times[i + 1] + NEAR_S, side="right"))
    if change[i] < LEAST_RATIO * (_reference(change, i, start, stop) + SMALLEST_REFERENCE):
        return False
    alike, early, late = blocks.most_alike(slice(start, i + 1), slice(i + 1, stop))
    pairs = ((i, i + 1), (early, late))
    if alike > MOST_ALIKE or max(blocks.edges_moved(*pair) for pair in pairs) > MOST_MOVED:
        return False
    return blocks.still(i, i + 1) <= LEAST_STILL or max(blocks.edges_kept(*pair) for pair in pairs) <= MOST_EDGES


def _reference(change: NDArray[np.float32], i: int, start: int, stop: int) -> float:
    """The change that a cut has to surpass: the third largest around it."""
    start, stop = min(start, max(0, i - NEAR_FRAMES)), max(stop - 1, i + 1 + NEAR_FRAMES)
    around = np.concatenate([change[start:i], change[i + 1 : stop]])
    return float(np.sort(around)[-RANK]) if len(around) >= RANK else 0.0


def _stretches(times: Times, hard: list[int]) -> list[tuple[int, int]]:
    """Runs of frames without a hard cut and without a wide gap, as first and stop."""
    breaks = set(hard) | {int(i) + 1 for i in np.flatnonzero(np.diff(times) > WIDEST_GAP_S)}
    marks = [0, *sorted(breaks), len(times)]
    return list(itertools.pairwise(marks))


def _unlike(blocks: Blocks, i: int, j: int) -> float:
    return float(np.clip(1 - blocks.correlation(slice(i, i + 1), slice(j, j + 1))[0, 0], 0.0, 1.0))
