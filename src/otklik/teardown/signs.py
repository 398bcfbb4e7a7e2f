"""Patterns in counters that bought or promoted growth leaves, and other things too.

Each detector gives evidence with numbers and what it is consistent with, never a verdict. Thresholds are wide on
purpose: on simulated growth without any promotion they stay silent (``tests/teardown/test_signs.py`` measures it).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from otklik.models.forecast import Note
from otklik.teardown.series import Floats, Series, Steps, steps
from otklik.teardown.values import Sign

KINDS = (
    *("growth_without_reactions", "constant_rate", "sudden_step", "night_jump"),
    *("share_jump", "likes", "comments", "comments_per_like"),
)
"""Every kind of sign."""
RATES = (("likes", "likes", "views"), ("comments", "comments", "views"), ("comments_per_like", "comments", "likes"))
"""Rates that are held against the author's own: kind, what is counted, by what."""

LOST = 0.25
"""Of the reactions that the views should bring: fewer is growth without reactions."""
CAUGHT_UP = 0.6
"""Of what was to be expected, with the steps beside it: so much, and the counter of reactions only lagged."""
LEAST_EXPECTED = 20.0
"""Reactions that must have been expected: chance alone never leaves a quarter of so many."""
LEAST_SHARE = 0.05
"""Of all views: less is not worth a word."""
LEVEL = 0.07
"""Rates within so much of their mean are constant; what people do moves more."""
LEAST_LEVEL_STEPS, LEAST_LEVEL_H = 4, 2.0
EDGE = 2.5
"""The rate begins, and ends, at least this many times above what is beside it."""
SETTLED_H = 6.0
"""Before this age growth rises and falls steeply by itself."""
SUDDEN = 5.0
NIGHT = (1, 6)
"""Local hours of the night."""
NIGHT_FACTOR = 2.0
BESIDE_H = 3.0
SHARES_FACTOR = 3.0
LEAST_SHARES = 10.0
RARE_SHARES = 1e-4
"""How rarely so many reposts would come by chance (Poisson)."""
RARE = 1e-3
"""Of rates: how rarely a usual post would lie so far out, by a t-distribution over the author's posts."""
RATE_FACTOR = 2.0
LEAST_OTHERS = 8

BOUGHT = Note("bought views, paid promotion that is cheap to skip, or a page that plays the video by itself")
ORDER = Note("an order delivered evenly, paid promotion with a daily budget, or a fixed place on somebody's page")
BLOCK = Note("a block of bought views, a place on a front page or in a big channel, or new followers who read back")
ASLEEP = Note("views bought or promoted without regard to the hour, or an audience in other time zones")
REPOST = Note("a repost by a big community, a mailing, or bought reposts")
MANY = Note("bought reactions, a giveaway, or a post that asks for them")
FEW = Note("bought views, promotion, or an audience far beyond the followers, which reacts less")


def growth_without_reactions(series: Series, others: Floats) -> list[Sign]:
    """Stretches in which views grew and reactions did not.

    What is expected is the lower of the post's own usual rate and the author's low one, so that a post that is
    liked less than others is no sign by itself.

    Args:
        series: looks that hold views and likes.
        others: log likes per view of the author's other posts.
    """
    found = steps(series)
    views, likes = found.views, found.grown["likes"]
    told = views >= 20
    if told.sum() < 3:
        return []
    rate = float(np.median(likes[told] / views[told]))
    if len(others) >= LEAST_OTHERS:
        rate = min(rate, float(np.exp(np.quantile(others, 0.1))))
    expected = np.maximum(views, 0.0) * max(rate, 0.0)
    signs = []
    for start, end in _runs(told & (likes < LOST * expected)):
        # A counter that lags catches up soon after.
        wide = slice(max(start - 1, 0), end + 2)
        lags = likes[wide].sum() >= CAUGHT_UP * expected[wide].sum()
        missed = expected[start:end].sum()
        if lags or missed < LEAST_EXPECTED or views[start:end].sum() < LEAST_SHARE * series.views[-1]:
            continue
        seen = float(likes[start:end].sum())
        values = {"views_n": float(views[start:end].sum()), "reactions_n": seen, "expected_n": float(missed)}
        text = "{views_n} views came with {reactions_n} reactions, where about {expected_n} were to be expected."
        signs.append(
            _sign("growth_without_reactions", found, start, end, seen, float(missed), Note(text, values), BOUGHT)
        )
    return signs


def constant_rate(series: Series) -> list[Sign]:
    """Stretches of growth at one rate that begin and end at once."""
    found = steps(series, least_share=0.04)
    per_h, signs, start = found.per_h, [], 1
    while start + LEAST_LEVEL_STEPS <= len(found):
        end = _level_until(per_h, start)
        if _is_order(found, series, start, end):
            mean, before = float(per_h[start:end].mean()), float(max(per_h[max(start - 2, 0) : start].min(), 0.0))
            values = {
                "rate_n": mean,
                "spread_pct": float(per_h[start:end].std() / mean),
                "before_n": before,
                "views_n": float(found.views[start:end].sum()),
            }
            text = "Views grew by {rate_n} an hour, even to {spread_pct}, out of {before_n} an hour: {views_n} views."
            signs.append(_sign("constant_rate", found, start, end, mean, before, Note(text, values), ORDER))
            start = end
        start += 1
    return signs


def _level_until(per_h: Floats, start: int) -> int:
    """Where the longest even stretch from ``start`` ends."""
    end = start + 1
    while end < len(per_h):
        stretch = per_h[start : end + 1]
        if np.abs(stretch - stretch.mean()).max() > LEVEL * stretch.mean():
            break
        end += 1
    return end


def _is_order(found: Steps, series: Series, start: int, end: int) -> bool:
    per_h = found.per_h
    if end - start < LEAST_LEVEL_STEPS or found.to_h[end - 1] - found.from_h[start] < LEAST_LEVEL_H:
        return False
    mean, after = float(per_h[start:end].mean()), per_h[end : end + 2]
    begins = mean >= EDGE * max(per_h[max(start - 2, 0) : start].min(), 0.0)
    ends = mean >= EDGE * max(after.min(), 0.0) if len(after) else found.to_h[end - 1] >= SETTLED_H
    return mean > 0 and begins and ends and found.views[start:end].sum() >= 2 * LEAST_SHARE * series.views[-1]


def sudden_step(series: Series) -> list[Sign]:
    """Single steps that stand far above both neighbours, which growth by itself does not do."""
    found = steps(series)
    per_h, signs = found.per_h, []
    for i in range(2, len(found) - 1):
        beside = max(float(per_h[i - 1]), float(per_h[i + 1]), 1.0)
        if per_h[i] < SUDDEN * beside or found.views[i] < 2 * LEAST_SHARE * series.views[-1]:
            continue
        if found.views[i] < 10 * LEAST_EXPECTED:
            continue
        values = {"views_n": float(found.views[i]), "rate_n": float(per_h[i]), "beside_n": beside}
        text = "{views_n} views in one step: {rate_n} an hour, beside at most {beside_n} an hour before and after."
        signs.append(_sign("sudden_step", found, i, i + 1, float(per_h[i]), beside, Note(text, values), BLOCK))
    return signs


def night_jump(series: Series, published_at: datetime, zone: str) -> list[Sign] | None:
    """Growth that is faster at night than in the evening before and the morning after; ``None`` if no night was seen.

    Args:
        series: looks that hold views.
        published_at: age 0.
        zone: the audience's time zone.
    """
    found = steps(series)
    signs, is_seen = [], False
    for from_h, to_h in _nights(published_at, zone, float(series.age_h[-1])):
        inside = _within(found, from_h, to_h)
        evening, morning = _within(found, from_h - BESIDE_H, from_h), _within(found, to_h, to_h + BESIDE_H)
        if from_h < SETTLED_H or not (inside.any() and evening.any() and morning.any()):
            continue
        is_seen = True
        beside = max(_rate(found, evening), _rate(found, morning), 1.0)
        for start, end in _runs(inside & (found.per_h >= NIGHT_FACTOR * beside)):
            views = float(found.views[start:end].sum())
            if views < LEAST_SHARE * series.views[-1] or views < 5 * LEAST_EXPECTED:
                continue
            rate = views / float(found.to_h[end - 1] - found.from_h[start])
            values = {"views_n": views, "rate_n": rate, "beside_n": beside}
            text = "{views_n} views at night, {rate_n} an hour, beside at most {beside_n} in the evening and morning."
            signs.append(_sign("night_jump", found, start, end, rate, beside, Note(text, values), ASLEEP))
    return signs if is_seen else None


def share_jump(series: Series, others: Floats) -> list[Sign]:
    """Steps in which shares grew far faster than views.

    Args:
        series: looks that hold views and shares.
        others: not used: the post is held against itself, since sharing differs widely between posts.
    """
    from scipy.special import pdtrc

    found = steps(series)
    views, shares = np.maximum(found.views, 0.0), found.grown["shares"]
    signs = []
    told = views >= 20
    middle = float(np.median(shares[told] / views[told])) if told.any() else 0.0
    for i in np.flatnonzero(shares >= LEAST_SHARES):
        moved = np.flatnonzero(shares[:i] > 0)
        # Steps before it without any repost may be a counter that was held back and then caught up.
        held = int(moved[-1]) + 1 if len(moved) else 0
        rest = (np.arange(len(found)) < held) | (np.arange(len(found)) > i)
        rate = max(float(np.maximum(shares[rest], 0).sum()), 1.0) / max(float(views[rest].sum()), 1.0)
        # Views that were bought elsewhere dilute the mean rate, not the middle one.
        expected = max(max(rate, middle) * float(views[held : i + 1].sum()), 0.5)
        if shares[i] < SHARES_FACTOR * expected or pdtrc(shares[i] - 1, expected) > RARE_SHARES:
            continue
        after, before = found.per_h[i + 1 : i + 2], found.per_h[max(i - 1, 0) : i]
        values = {"shares_n": float(shares[i]), "expected_n": expected}
        text = "{shares_n} reposts in one step, where about {expected_n} were to be expected from the views."
        note = Note(text, values)
        if len(after) and len(before) and before[0] > 0 and after[0] > before[0]:
            note = Note(
                "{shares_n} reposts in one step, where about {expected_n} were to be expected from the views; "
                "after it views an hour were {growth_x} of those before.",
                {**values, "growth_x": float(after[0] / before[0])},
            )
        signs.append(_sign("share_jump", found, int(i), int(i) + 1, float(shares[i]), expected, note, REPOST))
    return signs


def rate_mismatch(series: Series, over: str, under: str, others: Floats, kind: str) -> tuple[Sign | None, Note | None]:
    """Whether a rate of the post is one that the author's posts do not have; and why that cannot be told.

    The post is held against a new draw from the author's posts: on the log scale
    ``t = (x - mean) / (sd * sqrt(1 + 1/n))`` with ``n - 1`` degrees of freedom.

    Args:
        series: all looks at the post.
        over: what is counted.
        under: by what.
        others: log rates of the author's other posts at the same age.
        kind: of the sign.
    """
    from scipy.special import stdtr

    known = series.known(over, under)
    if len(known) == 0 or known.counters[under][-1] < 100 or len(others) < LEAST_OTHERS:
        text = (
            "Whether {counter} by {other} are usual is not measurable: {n} other posts show both, {least} are needed."
        )
        return None, Note(text, {"counter": over, "other": under, "n": len(others), "least": LEAST_OTHERS})
    above, below = float(known.counters[over][-1]), float(known.counters[under][-1])
    rate, usual = float(np.log((above + 0.5) / below)), float(others.mean())
    spread = float(others.std(ddof=1)) * np.sqrt(1 + 1 / len(others))
    p = 2 * float(stdtr(len(others) - 1, -abs(rate - usual) / spread)) if spread > 0 else 0.0
    if p > RARE or abs(rate - usual) < np.log(RATE_FACTOR):
        return None, None
    values = {"counter": over, "other": under, "rate_pct": above / below, "usual_pct": float(np.exp(usual))}
    text = "{counter} by {other} are {rate_pct}, against the author's usual {usual_pct} (n = {n})."
    note = Note(text, {**values, "n": len(others)})
    start, end = float(series.age_h[0]), float(known.age_h[-1])
    return Sign(kind, start, end, above / below, float(np.exp(usual)), note, MANY if rate > usual else FEW), None


def _sign(kind: str, found: Steps, start: int, end: int, seen: float, expected: float, told: Note, fits: Note) -> Sign:
    return Sign(kind, float(found.from_h[start]), float(found.to_h[end - 1]), seen, expected, told, fits)


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """Where flags are set without a break: start and end, the end outside.

    >>> _runs(np.array([True, True, False, True]))
    [(0, 2), (3, 4)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _within(found: Steps, from_h: float, to_h: float) -> np.ndarray:
    return (found.from_h >= from_h - 1e-9) & (found.to_h <= to_h + 1e-9)


def _rate(found: Steps, chosen: np.ndarray) -> float:
    return float(found.views[chosen].sum() / found.hours[chosen].sum())


def _nights(published_at: datetime, zone: str, until_h: float) -> list[tuple[float, float]]:
    """Every night up to an age, as ages in hours; nights on which clocks are moved are an hour off."""
    first = published_at.astimezone(ZoneInfo(zone)).replace(minute=0, second=0, microsecond=0)
    spans = []
    for day in range(int(until_h // 24) + 2):
        starts = (first + timedelta(days=day)).replace(hour=NIGHT[0])
        from_h = (starts - published_at).total_seconds() / 3600
        spans.append((from_h, from_h + NIGHT[1] - NIGHT[0]))
    return [span for span in spans if span[0] >= 0]
