"""Sections 5 and 6: how unusual the post is at the age of comparison, and what its first look said."""

from __future__ import annotations

import numpy as np

from otklik.models.forecast import Note
from otklik.teardown.series import Series
from otklik.teardown.usual import FEW, Peers, at_age, compared, rates_at
from otklik.teardown.values import Compared, Rarity, Signals

NOW_H = 3.0
"""Hours over which views an hour "now" are taken, where looks allow; else over the last two looks."""
FIRST_SPAN = 2.0
"""Others are compared with the first look only up to this many hours: later it is no early signal."""
LEAST_REACTIONS_VIEWS = 200.0
"""Views that an early rate is taken from, at least."""


def rarity(peers: Peers, series: Series, compare_h: float, own: float | None) -> Rarity:
    """Percentile and multiple of views, and views an hour, at the same age as the others.

    Args:
        peers: the post and those it is compared with.
        series: all looks at it.
        compare_h: age of comparison.
        own: the post's views at that age.
    """
    seen, curve = series.known("views"), peers.corpus.curves["views"]
    missing: list[Note] = []
    others = at_age(curve, peers.same, compare_h)
    views = compared("views", compare_h, own, others)
    if views is None:
        missing.append(_why_not(peers, own, compare_h))
    elif views.n < FEW:
        missing.append(
            Note("Only {n} other posts are known at this age: ranks among so few say little.", {"n": views.n})
        )
    mean = own / compare_h if own is not None and compare_h > 0 else None
    now, from_h = _now(seen)
    if now is None:
        missing.append(Note("Views an hour now are not measurable: there is one look, or none, with views."))
    until_h = float(seen.age_h[-1]) if len(seen) else 0.0
    then = None
    if now is not None and from_h is not None:
        gained = at_age(curve, peers.same, until_h) - at_age(curve, peers.same, from_h)
        then = compared("vph_now", until_h, now, gained / (until_h - from_h))
    return Rarity(
        views=views,
        vph_mean=compared("vph_mean", compare_h, mean, others / compare_h) if compare_h > 0 else None,
        vph_now=then,
        vph_mean_value=mean,
        vph_now_value=now,
        vph_now_from_h=from_h,
        missing=tuple(missing),
    )


def _why_not(peers: Peers, own: float | None, compare_h: float) -> Note:
    if own is None:
        return Note("How unusual it is cannot be measured: its views are not known at the age of comparison.")
    if len(peers.same) == 0:
        text = "How unusual it is cannot be measured: no other post of the author is of this kind and counting rule."
        return Note(text)
    text = (
        "How unusual it is cannot be measured: none of the {n} comparable posts was looked at near the age of {age_h}."
    )
    return Note(text, {"n": len(peers.same), "age_h": compare_h})


def _now(seen: Series) -> tuple[float | None, float | None]:
    """Views an hour at the end of the curve, and the age from which they are taken."""
    if len(seen) < 2:
        return None, None
    end = float(seen.age_h[-1])
    before = np.flatnonzero(seen.age_h <= end - NOW_H)
    start = int(before[-1]) if len(before) and seen.age_h[before[-1]] >= end - 2 * NOW_H else len(seen) - 2
    hours = end - float(seen.age_h[start])
    if hours <= 0:
        return None, None
    return float(seen.views[-1] - seen.views[start]) / hours, float(seen.age_h[start])


def signals(peers: Peers, series: Series, compare_h: float) -> Signals:
    """The first look and the rates, against the author's other posts at the same age."""
    seen = series.known("views")
    missing: list[Note] = []
    first = None
    if len(seen) == 0:
        missing.append(Note("There is no early signal: the views counter was hidden at every look."))
    else:
        age = float(seen.age_h[0])
        first = compared("first_look", age, float(seen.views[0]), at_age(peers.corpus.curves["views"], peers.same, age))
        if age > FIRST_SPAN:
            text = (
                "The first look was taken at the age of {age_h}: what came before it, the early signals, was not seen."
            )
            missing.append(Note(text, {"age_h": age}))
        if first is None:
            text = (
                "The first look cannot be compared: no other post of this kind was looked at near the age of {age_h}."
            )
            missing.append(Note(text, {"age_h": age}))
    rates: list[Compared] = []
    for over in ("likes", "comments", "shares"):
        found = _rates(peers, series, over, compare_h)
        rates += found
        if not found:
            text = (
                "{counter} by views are not measurable: the counter was hidden, or no other post shows it at this age."
            )
            missing.append(Note(text, {"counter": over}))
    return Signals(first, tuple(rates), tuple(missing))


def _rates(peers: Peers, series: Series, over: str, compare_h: float) -> list[Compared]:
    """A rate early, at the first look with enough views, and at the age of comparison."""
    known = series.known("views", over)
    enough = np.flatnonzero(known.views >= LEAST_REACTIONS_VIEWS)
    if len(enough) == 0:
        return []
    ages = [float(known.age_h[enough[0]]), compare_h]
    if abs(ages[0] - ages[1]) < 1e-6 or ages[0] > compare_h:
        ages = ages[1:]
    found = []
    for age in ages:
        above, below = (np.interp(age, known.age_h, known.counters[name]) for name in (over, "views"))
        value = float(above / below) if below > 0 and known.age_h[-1] >= age - 1e-6 else None
        one = compared(f"{over}_per_view", age, value, rates_at(peers, over, "views", age))
        found += [one] if one is not None else []
    return found
