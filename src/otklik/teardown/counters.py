"""Section 1: whether the counters can be trusted: corrections, gaps in the looks, and signs of promotion."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from otklik.models.forecast import Note
from otklik.schema import COUNTERS
from otklik.teardown import signs
from otklik.teardown.series import Floats, Series
from otklik.teardown.values import Correction, Counters, Gap, Sign

GAP = 2.5
"""A gap is so many times the longer of the two steps beside it: at least two looks in a row are missing."""
LEAST_GAP_H = 1.0
LEAST_LOOKS = 6
"""With fewer looks the shape of the growth says nothing of how it came about."""


def examine(series: Series, published_at: datetime, zone: str, others: dict[str, Floats]) -> Counters:
    """Corrections, gaps and signs of one post.

    Args:
        series: all looks at it.
        published_at: age 0.
        zone: the audience's, in which night is night.
        others: log rates of the author's other posts (:func:`otklik.teardown.usual.log_rates`).
    """
    found: list[Sign] = []
    checks: list[str] = []
    missing: list[Note] = []
    seen = series.known("views")
    if len(seen) < LEAST_LOOKS:
        text = "The shape of the growth cannot be judged from {n} looks: it takes at least {least}."
        missing.append(Note(text, {"n": len(seen), "least": LEAST_LOOKS}))
    else:
        checks += ["constant_rate", "sudden_step"]
        found += [*signs.constant_rate(seen), *signs.sudden_step(seen)]
        night = signs.night_jump(seen, published_at, zone)
        checks += [] if night is None else ["night_jump"]
        found += night or []
    for name, look in (("likes", signs.growth_without_reactions), ("shares", signs.share_jump)):
        told = series.known("views", name)
        if len(told) < LEAST_LOOKS:
            missing.append(
                Note("Growth cannot be held against {counter}: {n} looks show both.", {"counter": name, "n": len(told)})
            )
            continue
        checks.append(look.__name__)
        found += look(told, others.get(name, np.empty(0)))
    for kind, over, under in signs.RATES:
        sign, why = signs.rate_mismatch(series, over, under, others.get(kind, np.empty(0)), kind)
        checks += [] if why else [kind]
        missing += [why] if why else []
        found += [sign] if sign else []
    return Counters(
        first_look_h=float(series.age_h[0]),
        median_step_h=float(np.median(np.diff(series.age_h))) if len(series) > 1 else None,
        corrections=corrections(series),
        gaps=gaps(series),
        signs=tuple(sorted(found, key=lambda one: one.from_h)),
        checks=tuple(checks),
        missing=tuple(missing),
    )


def corrections(series: Series) -> tuple[Correction, ...]:
    """Every fall of every counter.

    >>> one = Series(np.array([1.0, 2.0]), {name: np.array([9.0, 7.0]) for name in COUNTERS})
    >>> [each.counter for each in corrections(one)]
    ['views', 'likes', 'comments', 'shares']
    """
    found = []
    for name in COUNTERS:
        known = series.known(name)
        values = known.counters[name]
        for i in np.flatnonzero(np.diff(values) < 0):
            found.append(Correction(name, float(known.age_h[i + 1]), float(values[i]), float(values[i + 1])))
    return tuple(found)


def gaps(series: Series) -> tuple[Gap, ...]:
    """Stretches without a look that are long beside the steps around them.

    A cadence that widens with age makes no gap: the step after is as long.
    """
    step = np.diff(series.age_h)
    seen = series.known("views")
    found = []
    for i in range(1, len(step) - 1):
        beside = float(max(step[i - 1], step[i + 1]))
        if step[i] < max(GAP * beside, LEAST_GAP_H):
            continue
        start, end = float(series.age_h[i]), float(series.age_h[i + 1])
        share = None
        if len(seen) and seen.views[-1] > 0:
            low, high = np.interp([start, end], seen.age_h, seen.views)
            share = max(0.0, float((high - low) / seen.views[-1]))
        found.append(Gap(start, end, beside, share))
    return tuple(found)
