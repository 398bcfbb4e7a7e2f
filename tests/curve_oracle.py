"""The slow and obvious way to read a counter: one post at a time, in plain Python."""

from __future__ import annotations

import itertools
import math

NAN = float("nan")
Look = tuple[float, float]


def looks_of(raw: list[tuple[int, float, float]], row: int) -> list[Look]:
    """Looks of one post as (age, value), sorted; unknown counts left out; of equal ages the larger count."""
    best: dict[int, Look] = {}
    for which, age, value in raw:
        if which == row and not math.isnan(value):
            key = round(age * 3_600_000)
            if key not in best or value >= best[key][1]:
                best[key] = (age, value)
    return [best[key] for key in sorted(best)]


def last(looks: list[Look], age: float) -> Look:
    found = [look for look in looks if round(look[0] * 3_600_000) <= round(age * 3_600_000)]
    return found[-1] if found else (NAN, NAN)


def following(looks: list[Look], age: float) -> Look:
    found = [look for look in looks if round(look[0] * 3_600_000) >= round(age * 3_600_000)]
    return found[0] if found else (NAN, NAN)


def count(looks: list[Look], age: float) -> int:
    return sum(round(look[0] * 3_600_000) <= round(age * 3_600_000) for look in looks)


def interpolate(looks: list[Look], age: float) -> float:
    (a0, v0), (a1, v1) = last(looks, age), following(looks, age)
    if math.isnan(a0) or math.isnan(a1):
        return NAN
    if a0 == a1:
        return v0
    share = (age - a0) / (a1 - a0)
    return math.expm1(math.log1p(v0) + share * (math.log1p(v1) - math.log1p(v0)))


def velocity(looks: list[Look], age: float, window: float) -> float:
    (a1, v1), (a0, v0) = last(looks, age), last(looks, age - window)
    return (v1 - v0) / (a1 - a0) if not math.isnan(a0) and a1 > a0 else NAN


def plateau(looks: list[Look], age: float) -> float:
    seen = looks[: count(looks, age)]
    if not seen:
        return NAN
    start = len(seen) - 1
    while start > 0 and seen[start - 1][1] == seen[-1][1]:
        start -= 1
    return seen[-1][0] - seen[start][0]


def corrections(looks: list[Look], age: float) -> int:
    seen = looks[: count(looks, age)]
    return sum(later[1] < earlier[1] for earlier, later in itertools.pairwise(seen))
