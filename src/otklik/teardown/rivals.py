"""Section 8: explanations beside the content, each with what speaks for and against it.

They are held against the post's own multiple: an explanation that accounts for a factor of 1.3 leaves the rest open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from otklik.dataset.corpus import US_PER_H, Corpus, Ints
from otklik.models.forecast import Note
from otklik.teardown.likeness import LEAST_LIKENESS, likenesses
from otklik.teardown.series import Floats
from otklik.teardown.usual import Peers, at_age
from otklik.teardown.values import AGAINST, FOR, OPEN, UNMEASURED, Counters, Rival, Signals

MATTERS = 1.25
"""A factor from which on an explanation speaks for itself."""
CHANCE = 0.1
"""A difference that chance makes more often than this does not speak for anything."""
LEAST = 5
"""Posts on each side of a comparison."""
AROUND_H = 2
"""Hours of the day on each side that count as the same time."""
RECENT = 5
DAY_H = 24.0
TOP = 5


@dataclass(frozen=True)
class Ground:
    """What the rivals are measured on."""

    peers: Peers
    views: Floats
    """Of ``peers.same`` at the age of comparison."""
    compare_h: float
    multiple: float | None
    """Of the post, of the median at the same age."""
    zone: str
    others: Corpus | None
    """Posts of other authors around the same days."""


def rivals(ground: Ground, counters: Counters, signals: Signals) -> tuple[Rival, ...]:
    """All explanations, in a fixed order."""
    return (
        timing(ground),
        trend(ground),
        same_day(ground),
        promotion(counters, signals),
        topic(ground),
    )


def timing(ground: Ground) -> Rival:
    """The hour: how the author's other posts of the same time of day do."""
    hours = np.array([_hour(one, ground.zone) for one in ground.peers.corpus.posts["published_at"]])
    own = hours[ground.peers.row]
    known = np.isfinite(ground.views)
    away = np.abs(hours[ground.peers.same] - own)
    near = np.minimum(away, 24 - away) <= AROUND_H
    ins, outs = ground.views[known & near], ground.views[known & ~near]
    if len(ins) < LEAST or len(outs) < LEAST:
        text = (
            "Not measurable: {n} posts within two hours of this time of day and {other} at others, {least} each are "
            "needed."
        )
        return _unmeasured("timing", Note(text, {"n": len(ins), "other": len(outs), "least": LEAST}))
    factor = _ratio(ins, outs)
    values = {"n": len(ins), "factor_x": factor, "other": len(outs), "hour": f"{int(own):02d}:{int(own % 1 * 60):02d}"}
    text = "Posts that came out within two hours of {hour} had {factor_x} of the others' median (n = {n} and {other})."
    return _weighed("timing", factor, _chance(ins, outs), Note(text, values), ground)


def trend(ground: Ground) -> Rival:
    """The author's form: the last posts before this one against those before them."""
    peers = ground.peers
    before = peers.corpus.published_us[peers.same] < peers.corpus.published_us[peers.row]
    values = ground.views[before & np.isfinite(ground.views)]
    if len(values) < 2 * LEAST:
        text = "Not measurable: {n} earlier posts are known at this age, {least} are needed."
        return _unmeasured("trend", Note(text, {"n": len(values), "least": 2 * LEAST}))
    last, rest = values[-RECENT:], values[:-RECENT][-20:]
    factor = _ratio(last, rest)
    told = {"n": len(last), "factor_x": factor, "other": len(rest)}
    text = "The author's last posts before it (n = {n}) had {factor_x} of the median of the {other} before them."
    return _weighed("trend", factor, _chance(last, rest), Note(text, told), ground)


def same_day(ground: Ground) -> Rival:
    """A good day for all: the author's other posts of that day, and other authors' posts."""
    peers, corpus = ground.peers, ground.peers.corpus
    span = int(DAY_H * US_PER_H)
    near = np.abs(corpus.published_us[peers.same] - corpus.published_us[peers.row]) <= span
    usual = np.nanmedian(ground.views) if np.isfinite(ground.views).any() else np.nan
    mine = ground.views[near & np.isfinite(ground.views)]
    told: list[tuple[Note, float, float]] = []
    rest = ground.views[~near & np.isfinite(ground.views)]
    if len(mine) and len(rest) >= LEAST and usual >= 1:
        factor = float(np.median(mine) / usual)
        text = "The author's other posts within a day of it (n = {n}) had {factor_x} of the usual."
        told.append((Note(text, {"n": len(mine), "factor_x": factor}), factor, _chance(mine, rest)))
    found = _other_authors(ground)
    if len(found) >= LEAST:
        factor = float(np.median(found))
        text = "Posts of other authors within a day of it (n = {n}) had {factor_x} of what is usual for them."
        told.append((Note(text, {"n": len(found), "factor_x": factor}), factor, _chance_above_usual(found)))
    if not told:
        text = (
            "Not measurable: neither the author nor others in the store have posts within a day that can be compared."
        )
        return _unmeasured("same_day", Note(text))
    up = [one for one in told if one[1] >= MATTERS]
    down = tuple(note for note, factor, _ in told if factor < MATTERS)
    if not up:
        return Rival("same_day", AGAINST, (), down)
    note, factor, p = max(up, key=lambda one: one[1])
    weighed = _weighed("same_day", factor, p, note, ground)
    return Rival("same_day", weighed.stance, tuple(one[0] for one in up), (*down, *weighed.speaks_against))


def _chance_above_usual(multiples: Floats) -> float:
    """How often so many posts of so many would lie above their usual by chance: a sign test."""
    from scipy.special import bdtrc

    return float(bdtrc((multiples > 1).sum() - 1, len(multiples), 0.5))


def promotion(counters: Counters, signals: Signals) -> Rival:
    """Promotion or bought growth: what the counters show of it."""
    speaks_for = [sign.told for sign in counters.signs]
    speaks_against: list[Note] = []
    if counters.checks and not counters.signs:
        text = "None of the {n} checks of the counters found a pattern of bought or promoted growth."
        speaks_against.append(Note(text, {"n": len(counters.checks)}))
    for one in [one for one in signals.rates if one.name == "likes_per_view"][-1:]:
        if one.value >= one.p25:
            text = "Reactions by views are {rate_pct}, not below the author's usual {low_pct} to {high_pct} (n = {n})."
            told = {"rate_pct": one.value, "low_pct": one.p25, "high_pct": one.p75, "n": one.n}
            speaks_against.append(Note(text, told))
        else:
            text = "Reactions by views are {rate_pct}, below the author's usual {low_pct} to {high_pct} (n = {n})."
            told = {"rate_pct": one.value, "low_pct": one.p25, "high_pct": one.p75, "n": one.n}
            speaks_for.append(Note(text, told))
    if not counters.checks:
        return _unmeasured(
            "promotion", Note("Not measurable: there are too few looks to see how the growth came about.")
        )
    speaks_against.append(
        Note("Paid promotion that looks like natural growth cannot be told from it by public counters.")
    )
    stance = FOR if counters.signs else OPEN
    return Rival("promotion", stance, tuple(speaks_for), tuple(speaks_against))


def topic(ground: Ground) -> Rival:
    """The theme alone: how the author's posts most alike in words do."""
    peers = ground.peers
    known = np.isfinite(ground.views)
    rows, views = peers.same[known], ground.views[known]
    like = likenesses(peers.corpus, peers.row, rows) if len(rows) else np.empty(0)
    order = np.argsort(-np.nan_to_num(like), kind="stable")[:TOP]
    alike = [int(i) for i in order if like[i] >= LEAST_LIKENESS]
    rest = np.setdiff1d(np.arange(len(rows)), alike)
    if len(alike) < 3 or len(rest) < LEAST:
        text = (
            "Not measurable: {n} other posts of the author are alike in words, 3 are needed, and {least} that are not."
        )
        return _unmeasured("topic", Note(text, {"n": len(alike), "least": LEAST}))
    factor = _ratio(views[alike], views[rest])
    told = {"n": len(alike), "factor_x": factor, "other": len(rest)}
    text = "The author's posts most alike in words (n = {n}) had {factor_x} of the median of the {other} others."
    return _weighed("topic", factor, _chance(views[alike], views[rest]), Note(text, told), ground)


def _weighed(name: str, factor: float, p: float, told: Note, ground: Ground) -> Rival:
    """For, where the factor matters and chance seldom makes one; what it leaves over stands against it."""
    if factor < MATTERS:
        return Rival(name, AGAINST, (), (told,))
    against = [one for one in (_doubt(p), _rest(factor, ground)) if one is not None]
    return Rival(name, OPEN if p > CHANCE else FOR, (told,), tuple(against))


def _chance(above: Floats, below: Floats) -> float:
    """How often groups of this size differ so much by chance: Mann and Whitney's test, towards more.

    ``U`` counts pairs of which the first is larger, ties half; it is held against the normal distribution with mean
    ``nm/2`` and variance ``nm(n + m + 1)/12``.

    >>> round(_chance(np.array([5.0, 6.0, 7.0]), np.array([1.0, 2.0, 3.0])), 2)
    0.04
    """
    from scipy.special import ndtr

    n, m = len(above), len(below)
    differences = above[:, None] - below[None, :]
    u = float((differences > 0).sum() + 0.5 * (differences == 0).sum())
    return float(ndtr(-(u - n * m / 2 - 0.5) / np.sqrt(n * m * (n + m + 1) / 12)))


def _doubt(p: float) -> Note | None:
    if p <= CHANCE:
        return None
    return Note("Among so few posts chance alone makes such a difference in {p_pct} of cases.", {"p_pct": p})


def _rest(factor: float, ground: Ground) -> Note | None:
    """What an explanation leaves over."""
    if ground.multiple is None or ground.multiple <= factor:
        return None
    text = "That would make {factor_x} of {multiple_x}: {rest_x} stays unexplained by it."
    values = {"factor_x": factor, "multiple_x": ground.multiple, "rest_x": ground.multiple / factor}
    return Note(text, values)


def _unmeasured(name: str, why: Note) -> Rival:
    return Rival(name, UNMEASURED, (), (why,))


def _ratio(above: Floats, below: Floats) -> float:
    """Ratio of medians of counts; counts of 0 are held at 1."""
    return float(max(np.median(above), 1.0) / max(np.median(below), 1.0))


def _hour(at: datetime, zone: str) -> float:
    local = at.astimezone(ZoneInfo(zone))
    return local.hour + local.minute / 60


def _other_authors(ground: Ground) -> Floats:
    """What other authors' posts of those days had at the age of comparison, of what is usual for each author."""
    corpus = ground.others
    if corpus is None or len(corpus) == 0:
        return np.empty(0)
    rows: Ints = np.arange(len(corpus), dtype=np.int64)
    views = at_age(corpus.curves["views"], rows, ground.compare_h)
    out = ground.peers.corpus.published_us[ground.peers.row]
    near = (np.abs(corpus.published_us - out) <= int(DAY_H * US_PER_H)) & np.isfinite(views)
    found = []
    for row in np.flatnonzero(near):
        mates = (corpus.stratum == corpus.stratum[row]) & np.isfinite(views) & ~near
        if mates.sum() >= LEAST and np.median(views[mates]) >= 1:
            found.append(float(views[row] / np.median(views[mates])))
    return np.array(found)
