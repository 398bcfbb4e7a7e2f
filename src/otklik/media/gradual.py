"""Dissolves and fades: stretches in which one picture turns into another as if the two were mixed.

In a dissolve from ``A`` to ``Z`` every picture between is ``A + a (Z - A)`` with one ``a`` for the whole picture that
grows from 0 to 1. A pan, a wipe or a large thing that passes goes another way: what is left after the best ``a``
is large. A fade is a dissolve to a blank picture, or from one.

After the twin comparison of Zhang, Kankanhalli and Smoliar (1993) and the linear models of Hampapur, Jain and
Weymouth (1994); measured here on block colours, which small movement does not change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from otklik.media.likeness import LUMA, Blocks, gradient

Times = NDArray[np.float64]

SCALES_S = (0.25, 0.4, 0.6, 0.9, 1.3, 1.8)
"""Lengths of stretches that are tried: dissolves of 0.2 to 1.6 s fill most of one of them."""
STARTS_A_SCALE = 10
"""So many starts are tried within the length of a stretch."""
FEWEST_FRAMES = 5
LEAST_CHANGE = 0.5
"""Distance of the ends in spreads of their colours: less is no other picture."""
MOST_LEFT = 0.28
"""What a mixture leaves unexplained, as a part of the distance of the ends: 0.01-0.26 in 58 dissolves."""
MOST_BACK, MOST_STEP = 0.12, 0.4
"""How far ``a`` may go back in all, and forward from one picture to the next: more is a jump, no turn."""
MIDDLE = (0.15, 0.85)
FEWEST_MIDDLE = 3
MOST_DETAIL, MOST_LEFT_FINE, MOST_ALIKE_FINE = 0.85, 0.3, 0.4
"""In the middle of a dissolve the details of both pictures are faint: gradients have about half the energy of those at
the ends. Whatever moves keeps its details. Otherwise every pixel has to obey the mixture, between ends that are quite
unlike: a smooth picture that moves a little obeys it too."""
MOST_ALIKE, MOST_EDGES = 0.8, 0.25
"""Ends that correlate more, or share more of their edges, are one picture that moves or is lit otherwise: those of 58
dissolves shared at most 0.17 of them, looked at 1.2 s before and after."""
RETURN_S, RETURNED = 1.2, 0.85
"""A picture that is there before and again so soon after has not been left: a flash, an explosion, a strobe."""
BLANK_SHARE, BLANK_LEVELS = 0.12, 1.5
"""A blank picture's colours differ less than this part of what is usual in the film, or than so many levels."""
JOIN_S = 0.15
"""Turns that follow each other as closely are parts of one."""
LONGEST_BLANK_S = 3.0
"""A fade out and a fade in with no more between are one transition."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One picture turning into another.

    Attributes:
        at_s: when it begins to turn, in seconds.
        until_s: when it has turned.
        first: number of the frame at which the stretch that was looked at begins.
        last: number of the frame with which it ends.
        weight: how well and how far, for choosing between stretches that overlap.
        from_blank: whether it begins with a blank picture.
        to_blank: whether it ends with one.
        is_fade: a blank picture stands between two others.
    """

    at_s: float
    until_s: float
    first: int
    last: int
    weight: float
    from_blank: bool
    to_blank: bool
    is_fade: bool = False


def find_turns(times: Times, blocks: Blocks, start: int, stop: int) -> list[Turn]:
    """Dissolves and fades among frames ``start`` to ``stop - 1``, between which there is no hard cut.

    Args:
        times: (n,) seconds.
        blocks: the same n pictures.
        start: number of the first frame.
        stop: number of the frame after the last.

    Returns:
        What turns, in the order of time and without overlap; a blank picture at the beginning or the end of the
        film gives half a fade, with ``from_blank`` or ``to_blank``.
    """
    blank = is_blank(blocks)
    found = sorted(_candidates(times, blocks, blank, start, stop), key=lambda turn: -turn.weight)
    taken: list[Turn] = []
    for turn in found:
        if any(turn.at_s < other.until_s and other.at_s < turn.until_s for other in taken):
            continue
        if _is_another(times, blocks, turn, start, stop):
            taken.append(turn)
    return _joined(sorted(taken, key=lambda turn: turn.at_s))


def _joined(turns: list[Turn]) -> list[Turn]:
    """Parts of one long turn, seen as two because things moved meanwhile, made one."""
    joined: list[Turn] = []
    for turn in turns:
        last = joined[-1] if joined else None
        if last is None or turn.at_s - last.until_s > JOIN_S or last.to_blank or turn.from_blank:
            joined.append(turn)
        else:
            joined[-1] = replace(last, until_s=turn.until_s, last=turn.last, to_blank=turn.to_blank)
    return joined


def is_blank(blocks: Blocks) -> NDArray[np.bool_]:
    """Which pictures show one colour only."""
    usual = float(np.median(blocks.spread)) if len(blocks.spread) else 0.0
    return np.asarray(blocks.spread < max(BLANK_LEVELS, BLANK_SHARE * usual))


def _candidates(times: Times, blocks: Blocks, blank: NDArray[np.bool_], start: int, stop: int) -> Iterator[Turn]:
    for scale in SCALES_S:
        next_s = -np.inf
        for first in range(start, stop):
            if times[first] < next_s:
                continue
            next_s = times[first] + scale / STARTS_A_SCALE
            last = int(np.searchsorted(times, times[first] + scale))
            if last >= stop:
                break
            turn = _turn(times, blocks, blank, first, last)
            if turn is not None:
                yield turn


def _turn(times: Times, blocks: Blocks, blank: NDArray[np.bool_], first: int, last: int) -> Turn | None:
    """The turn within one stretch of frames, if a mixture of its ends explains what is between."""
    if last - first + 1 < FEWEST_FRAMES or (blank[first] and blank[last]):
        return None
    way = blocks.colours[last] - blocks.colours[first]
    far = float(way @ way)
    size = len(way)
    spread = float(blocks.spread[first] + blocks.spread[last]) / 2 + 2.0
    if far < size * (LEAST_CHANGE * spread) ** 2:
        return None
    gone = blocks.colours[first : last + 1] - blocks.colours[first]
    part = gone @ way / far
    left = np.sqrt(np.maximum((gone * gone).sum(1) / far - part * part, 0.0))
    middle = (part > MIDDLE[0]) & (part < MIDDLE[1])
    steps = np.diff(part)
    if middle.sum() < FEWEST_MIDDLE or -steps[steps < 0].sum() > MOST_BACK or steps.max() > MOST_STEP:
        return None
    unexplained = float(np.sqrt((left[middle] ** 2).mean()))
    if unexplained > MOST_LEFT:
        return None
    at_s, until_s = _extent(times[first : last + 1], part)
    weight = float(np.sqrt(far / size)) * (1 - unexplained / MOST_LEFT)
    return Turn(at_s, until_s, first, last, weight, bool(blank[first]), bool(blank[last]))


def _extent(times: Times, part: NDArray[np.float32]) -> tuple[float, float]:
    """Where the mixture begins and ends: a line through the instants at which it has gone 0.1 and 0.9 of the way."""
    risen = np.maximum.accumulate(part)
    early, late = (float(np.interp(share, risen, times)) for share in (0.1, 0.9))
    rest = (late - early) / 8
    return max(float(times[0]), early - rest), min(float(times[-1]), late + rest)


def _is_another(times: Times, blocks: Blocks, turn: Turn, start: int, stop: int) -> bool:
    """Whether the picture after a turn is another one, then and a little later."""
    if turn.from_blank or turn.to_blank:
        return True
    alike = float(blocks.correlation(slice(turn.first, turn.first + 1), slice(turn.last, turn.last + 1))[0, 0])
    if alike > MOST_ALIKE or blocks.edges_moved(turn.first, turn.last) > MOST_EDGES:
        return False
    detail, left = _mixture(blocks, turn)
    if detail > MOST_DETAIL and (left > MOST_LEFT_FINE or alike > MOST_ALIKE_FINE):
        return False
    # The glow of an explosion is most like itself a little later, so that its scene is looked for farther away.
    before = [max(start, int(np.searchsorted(times, times[turn.first] - part * RETURN_S))) for part in (1, 0.5)]
    after = [
        min(stop - 1, int(np.searchsorted(times, times[turn.last] + part * RETURN_S))) for part in (0, 0.4, 0.7, 1)
    ]
    if any(blocks.edges_moved(i, j) > MOST_EDGES for i in dict.fromkeys(before) for j in dict.fromkeys(after)):
        return False
    return not _returns(blocks, slice(before[0], turn.first + 1), slice(turn.last, after[-1] + 1))


def _mixture(blocks: Blocks, turn: Turn) -> tuple[float, float]:
    """In the middle of a turn: the energy of details beside its ends', and what a mixture of pixels leaves."""
    luma = blocks.pictures[turn.first : turn.last + 1] @ LUMA
    way = luma[-1] - luma[0]
    far = float((way * way).sum()) + 1.0
    colour_way = blocks.colours[turn.last] - blocks.colours[turn.first]
    gone = blocks.colours[turn.first : turn.last + 1] - blocks.colours[turn.first]
    part = gone @ colour_way / float(colour_way @ colour_way)
    middle = np.flatnonzero(np.abs(part - 0.5) <= max(0.2, float(np.abs(part - 0.5).min())))
    down, right = gradient(luma, 1), gradient(luma, 2)
    energy = (down**2 + right**2).mean((1, 2))
    ends = (1 - part) * energy[0] + part * energy[-1] + 1.0
    left = luma[middle] - luma[0] - part[middle, None, None] * way
    return float((energy[middle] / ends[middle]).mean()), float(np.sqrt((left**2).sum((1, 2)) / far).mean())


def _returns(blocks: Blocks, before: slice, after: slice) -> bool:
    """Whether some picture of one stretch is seen again in another."""
    correlation, i, j = blocks.most_alike(before, after)
    return correlation > RETURNED or blocks.edges_moved(i, j) > MOST_EDGES


def join_fades(times: Times, blocks: Blocks, turns: list[Turn], hard: list[int]) -> tuple[list[Turn], list[int]]:
    """Halves of fades put together: out and in, or one of them and a hard cut from or to the blank picture.

    Args:
        times: (n,) seconds.
        blocks: the same n pictures.
        turns: what turns, in the order of time.
        hard: numbers of the frames with which a shot begins at once, in order.

    Returns:
        The turns from one picture to another, and the hard cuts that are no part of them. A fade in that opens
        the film and a fade out that ends it part no shots and are left out, and so is a fade back to one picture.
    """
    blank = is_blank(blocks)
    whole = [_named(turn, blank) for turn in turns if not (turn.from_blank or turn.to_blank)]
    outs = [turn for turn in turns if turn.to_blank]
    ins = [turn for turn in turns if turn.from_blank]
    for out in outs:
        partner = next((one for one in ins if _meet(times, blank, out.last, one.first)), None)
        cut = next((i for i in hard if i > out.last and not blank[i] and _meet(times, blank, out.last, i - 1)), None)
        if partner is not None:
            ins.remove(partner)
            whole += _fade(times, blocks, out.at_s, partner.until_s, out.first, partner.last)
        elif cut is not None:
            hard = [i for i in hard if i != cut]
            whole += _fade(times, blocks, out.at_s, float(times[cut]), out.first, cut)
    for half in ins:
        cut = next(
            (i for i in hard if i <= half.first and not blank[i - 1] and _meet(times, blank, i, half.first)), None
        )
        if cut is not None:
            hard = [i for i in hard if i != cut]
            whole += _fade(times, blocks, float(times[cut]), half.until_s, cut - 1, half.last)
    return sorted(whole, key=lambda turn: turn.at_s), hard


def _meet(times: Times, blank: NDArray[np.bool_], first: int, last: int) -> bool:
    """Whether only blank pictures stand from one frame to another, and not for long.

    Two halves of a fade may have been looked at beyond the middle: the first is then a little later than the last.
    """
    if first > last:
        first, last = last, first
    return bool(blank[first : last + 1].all()) and bool(times[last] - times[first] <= LONGEST_BLANK_S)


def _named(turn: Turn, blank: NDArray[np.bool_]) -> Turn:
    return replace(turn, is_fade=bool(blank[turn.first : turn.last + 1].any()))


def _fade(times: Times, blocks: Blocks, at_s: float, until_s: float, first: int, last: int) -> list[Turn]:
    """The fade between two frames, unless the same picture comes back."""
    before = slice(int(np.searchsorted(times, times[first] - 0.3)), first + 1)
    after = slice(last, int(np.searchsorted(times, times[last] + 0.3)) + 1)
    if _returns(blocks, before, after):
        return []
    return [Turn(at_s, until_s, first, last, 1.0, False, False, is_fade=True)]
