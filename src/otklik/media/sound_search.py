"""Looking a sound up in an index: in stretches, in 61 forms, candidate by candidate, peak by peak.

Each stretch of 20 s is looked up as it is and as it would be had it been raised or lowered by up to three semitones,
stretched or squeezed by up to a quarter with its pitch kept, or played so much faster or slower. The candidates with
the strongest votes are laid over the stretch, and those that agree far beyond chance are found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from math import exp, log
from typing import Final

import numpy as np

from otklik.media.alignment import Alignment, align
from otklik.media.fingerprint import FRAMES_PER_S, Peaks
from otklik.media.sound_index import Load, SoundIndex

STRETCH_S: Final = 20.0
STEP_S: Final = 10.0
MOST_STRETCHES: Final = 12
"""Of a longer sound so many stretches are looked up, evenly spread."""
SURE, SURE_PER_FOLD, FEWEST = 20.0, 4.5, 25
"""Evidence in nats from which a sound is found: 20, and 4.5 for every 2.7 times as many sounds it is compared with.

The more sounds there are, the further the best wrong one gets by chance. Chosen on 100 tracks of games, half of them
in the library, clips of 20 s: the best unrelated sound reached 25 among 50 and 44 among 2,050, most of these made of
pieces of the same tracks; of clips under a voice of equal level 49 in 50 had 40 and more. On 50 other tracks all of
425 clips without a voice had 109 and more, and of 210 foreign ones none more than 24 among 25 and 40 among 2,025.
"""
LEAST_SURPLUS: Final = 6.0
"""Common peaks beyond chance, in standard deviations, that a find has at least; true ones had 6.9."""
LEAST_VOTES: Final = 5
PER_FORM: Final = 8
MOST_ALIGNED: Final = 40
"""Candidates of one form of the query, and of all its forms together, that are laid over the query."""
SAME_LAG_S, SAME_TEMPO, SAME_SEMITONES = 1.0, 0.01, 0.4
"""Stretches that agree so well continue one find."""

Form = tuple[float, float]
"""Semitones and tempo."""


def _forms() -> tuple[Form, ...]:
    steps = [step for step in range(-9, 10) if step]
    pitches = [(step / 3, 1.0) for step in steps]
    tempi = [(0.0, exp(log(1.25) * step / 9)) for step in steps]
    speeds = [(step / 3, 2 ** (step / 36)) for step in range(-12, 13) if step]
    return ((0.0, 1.0), *pitches, *tempi, *speeds)


FORMS: Final = _forms()
"""As it is; raised in steps of a bin; tempo in steps of 2.5 %; speed in steps of a bin, 1.9 %."""


@dataclass(frozen=True, slots=True)
class Found:
    """A sound of the index in a stretch of the query."""

    key: int
    at: Alignment
    """Where, in frames of the whole query."""


def sure(n_sounds: int) -> float:
    """Evidence from which one of so many sounds is found, in nats.

    >>> [round(sure(n)) for n in (1, 50, 2_000, 10_000)]
    [34, 38, 54, 61]
    """
    return SURE + SURE_PER_FOLD * log(max(n_sounds, FEWEST))


def search(query: Peaks, index: SoundIndex, load: Load, is_wanted: Callable[[int], bool]) -> list[Found]:
    """The sounds of an index that are in a query, the surest first.

    Args:
        query: all peaks of the query.
        index: where candidates come from.
        load: gives the peaks of sounds by key.
        is_wanted: whether a sound may be found.
    """
    found: list[Found] = []
    kept: dict[int, Peaks] = {}
    for start in _starts(query):
        part = query.between(start, start + STRETCH_S * FRAMES_PER_S)
        own = replace(part, frames=part.frames - start)
        for one in _in_stretch(own, index, load, is_wanted, kept):
            lag = one.at.lag - one.at.tempo * start
            moved = replace(one.at, lag=lag, start=one.at.start + start, end=one.at.end + start)
            found.append(replace(one, at=moved))
    return sorted(_joined(found), key=lambda one: -one.at.evidence)


def _starts(query: Peaks) -> list[float]:
    """Where stretches begin, in frames: every 10 s, or as many as allowed, evenly spread.

    >>> one = Peaks(np.empty(0), np.empty(0), np.empty(0, np.bool_), 44.0)
    >>> [round(start / FRAMES_PER_S, 1) for start in _starts(one)]
    [0.0, 8.0, 16.0, 24.0]
    """
    rest = max(query.duration_s - STRETCH_S, 0.0)
    n = min(int(-(-rest // STEP_S)) + 1, MOST_STRETCHES)
    return [start * FRAMES_PER_S for start in np.linspace(0.0, rest, n).tolist()]


def _in_stretch(
    query: Peaks, index: SoundIndex, load: Load, is_wanted: Callable[[int], bool], kept: dict[int, Peaks]
) -> list[Found]:
    voted = [
        (one, form)
        for form in FORMS
        for one in index.candidates(query.changed(*form), LEAST_VOTES, PER_FORM)
        if is_wanted(one.key)
    ]
    voted = sorted(voted, key=lambda pair: -pair[0].strength)[:MOST_ALIGNED]
    _fill(kept, {one.key for one, _ in voted}, load)
    best: dict[int, Found] = {}
    for one, form in voted:
        if one.key not in kept:
            continue
        at = align(query, kept[one.key], one.diagonal, *form)
        if at is None or at.evidence < sure(len(index)) or at.surplus < LEAST_SURPLUS:
            continue
        if one.key not in best or at.evidence > best[one.key].at.evidence:
            best[one.key] = Found(one.key, at)
    return list(best.values())


def _fill(kept: dict[int, Peaks], keys: Collection[int], load: Load) -> None:
    """Load the peaks that are not there yet; of a few hundred sounds at most."""
    if len(kept) > 10 * MOST_ALIGNED:
        kept.clear()
    kept.update(load([key for key in keys if key not in kept]))


def _joined(found: list[Found]) -> list[Found]:
    """Finds of one sound that continue each other become one; of two that lie over each other the surer one stays."""
    joined: list[Found] = []
    for one in sorted(found, key=lambda one: -one.at.evidence):
        for place, other in enumerate(joined):
            if one.key == other.key and _is_same(one.at, other.at):
                joined[place] = replace(other, at=_both(other.at, one.at))
                break
            if one.key == other.key and _is_over(one.at, other.at):
                break
        else:
            joined.append(one)
    return joined


def _both(surer: Alignment, other: Alignment) -> Alignment:
    # The tempo of 20 s is not exact over minutes: the beginning is where the stretch that begins says it is.
    first = min(surer, other, key=lambda one: one.start)
    lag = first.lag + (first.tempo - surer.tempo) * first.start
    end, n = max(surer.end, other.end), max(surer.n_common, other.n_common)
    return replace(surer, lag=lag, start=first.start, end=end, n_common=n)


def _is_same(one: Alignment, other: Alignment) -> bool:
    middle = (one.start + one.end) / 2
    apart = one.lag + one.tempo * middle - other.lag - other.tempo * middle
    return (
        abs(apart) <= SAME_LAG_S * FRAMES_PER_S
        and abs(one.tempo - other.tempo) <= SAME_TEMPO
        and abs(one.semitones - other.semitones) <= SAME_SEMITONES
    )


def _is_over(one: Alignment, other: Alignment) -> bool:
    """Whether more than half of the shorter one lies over the other."""
    both = min(one.end, other.end) - max(one.start, other.start)
    return both > 0.5 * min(one.end - one.start, other.end - other.start)
