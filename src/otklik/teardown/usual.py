"""What the author's other posts had at an age: the ground on which one post is judged.

Everything here reads looks on both sides of an age; all of them lie before the teardown's own cutoff, because the
corpus holds nothing later.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from otklik.curves import Curve
from otklik.dataset.corpus import Corpus, Ints
from otklik.dataset.targets import VIEWS_24H, labels
from otklik.features.author import N_HISTORY
from otklik.models.forecast import Note
from otklik.teardown.series import Floats
from otklik.teardown.signs import RATES
from otklik.teardown.values import BandPoint, Compared, Usual
from otklik.units import DAY

LEAST_BAND = 5
"""Posts that a point of the typical band is made of, at least."""
FEW = 10
"""With fewer posts beside it a comparison is told with a warning."""
LEAST_COUNTED = 5
"""Of what a rate counts, in the middle of the other posts."""
BRACKET = 0.375
"""The looks around an age lie at most this share of it apart: 9 h at 24 h, as with labels."""
LEAST_BRACKET_H = 1.0
BAND_AGES_H = (0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 21, 24, 30, 36, 42, 48, 60, 72)


@dataclass(frozen=True)
class Peers:
    """The rows of a corpus that a post is compared with."""

    corpus: Corpus
    row: int
    same: Ints
    """The author's other posts of the same kind and counting rule, by time of publication."""
    kind: Ints
    """Those of the same kind under any rule."""
    author: Ints
    """All of the author's other posts."""

    @classmethod
    def of(cls, corpus: Corpus, row: int) -> Peers:
        """The peers of a post."""
        mine = corpus.author == corpus.author[row]
        mine[row] = False
        kind = mine & (corpus.posts["kind"] == corpus.posts["kind"].iloc[row]).to_numpy()
        same = mine & (corpus.stratum == corpus.stratum[row])
        return cls(corpus, row, np.flatnonzero(same), np.flatnonzero(kind), np.flatnonzero(mine))


def at_age(curve: Curve, rows: Ints, age_h: float) -> Floats:
    """Counts of posts at an age; NaN where the looks around it are too far apart or there are none.

    >>> curve = Curve.of([0, 0, 1, 1], [23.0, 25.0, 1.0, 90.0], [100, 100, 5, 900], 2)
    >>> at_age(curve, np.array([0, 1]), 24.0).round(6).tolist()
    [100.0, nan]
    """
    if len(rows) == 0:
        return np.empty(0)
    values = curve.interpolate(rows, age_h)
    width = curve.bracket_width(rows, age_h)
    return np.where(width <= max(LEAST_BRACKET_H, BRACKET * age_h), values, np.nan)


def compared(name: str, age_h: float, value: float | None, others: Floats) -> Compared | None:
    """One number against those of other posts; ``None`` where either side is not known."""
    others = others[np.isfinite(others)]
    if value is None or not np.isfinite(value) or len(others) == 0:
        return None
    p25, p50, p75 = (float(one) for one in np.quantile(others, (0.25, 0.5, 0.75)))
    return Compared(name, age_h, float(value), p50, p25, p75, len(others), int((others < value).sum()))


def rates_at(peers: Peers, over: str, under: str, age_h: float) -> Floats:
    """A rate of the same kind of posts at an age, where at least 50 of what it is taken by were counted.

    Where half of the posts had hardly any of what is counted, a rate is noise: there is none then.
    """
    above, below = (at_age(peers.corpus.curves[name], peers.same, age_h) for name in (over, under))
    told = (below >= 50) & np.isfinite(above)
    if not told.any() or np.median(above[told]) < LEAST_COUNTED:
        return np.empty(0)
    return np.divide(above, below, out=np.full(len(above), np.nan), where=told & np.isfinite(above))


def log_rates(peers: Peers, age_h: float) -> dict[str, Floats]:
    """Log rates of the author's other posts at an age, by the kind of sign they serve; rows without one left out."""
    found = {}
    for kind, over, under in RATES:
        above, below = (at_age(peers.corpus.curves[name], peers.same, age_h) for name in (over, under))
        told = np.isfinite(above) & (below >= 50)
        found[kind] = np.log((above[told] + 0.5) / below[told])
    return found


def band(peers: Peers, until_h: float) -> tuple[BandPoint, ...]:
    """The 25-75 % band of the author's other posts by age, where enough of them are known."""
    points = []
    for age in BAND_AGES_H:
        if age > until_h:
            break
        values = at_age(peers.corpus.curves["views"], peers.same, float(age))
        values = values[np.isfinite(values)]
        if len(values) >= LEAST_BAND:
            p25, p50, p75 = (float(one) for one in np.quantile(values, (0.25, 0.5, 0.75)))
            points.append(BandPoint(float(age), p25, p50, p75, len(values)))
    return tuple(points)


def usual(peers: Peers) -> tuple[Usual, float | None]:
    """What the author's posts usually reach at 24 h, and the post's own views at 24 h.

    Preferred are the last posts of the same kind and rule whose outcome was known when the post came out; then those
    of other kinds; then posts that became known later, which is said.
    """
    corpus, row = peers.corpus, peers.row
    label = labels(corpus, VIEWS_24H)
    outcome, known = label["first_value"].to_numpy(), label["first_known_us"].to_numpy()
    own = float(label["value"].iloc[row])
    reached = own if np.isfinite(own) else None
    out = corpus.published_us[row]
    before = np.isfinite(outcome) & (known <= out)
    any_time = np.isfinite(label["value"].to_numpy())
    sources = (
        ("author", peers.same[before[peers.same]], outcome),
        ("author_other_kind", peers.author[before[peers.author]], outcome),
        ("author_later", peers.same[any_time[peers.same]], label["value"].to_numpy()),
    )
    missing = [] if reached is not None else [_why_no_24h(peers)]
    kind = str(corpus.posts["kind"].iloc[row])
    for source, rows, values in sources:
        if len(rows) == 0:
            continue
        rows = rows[-N_HISTORY:]
        p25, p50, p75 = (float(np.expm1(one)) for one in np.quantile(np.log1p(values[rows]), (0.25, 0.5, 0.75)))
        published = corpus.posts["published_at"].iloc[rows]
        multiple = reached / p50 if reached is not None and p50 >= 1 else None
        first, last = published.min().to_pydatetime(), published.max().to_pydatetime()
        return Usual(p50, p25, p75, len(rows), source, kind, first, last, multiple, tuple(missing)), reached
    missing.append(_why_no_usual(peers))
    return Usual(None, None, None, 0, "none", kind, None, None, None, tuple(missing)), reached


def _why_no_24h(peers: Peers) -> Note:
    curve = peers.corpus.curves["views"]
    own = curve.age_h[int(curve.start[peers.row]) : int(curve.start[peers.row + 1])]
    if len(own) == 0:
        return Note("Views at 24 h are not measurable: the views counter was hidden at every look.")
    if own[-1] < DAY:
        return Note(
            "Views at 24 h are not measurable yet: the last look is at the age of {last_h}.", {"last_h": own[-1]}
        )
    return Note("Views at 24 h are not measurable: there is no look near enough to that age.")


def _why_no_usual(peers: Peers) -> Note:
    if len(peers.author) == 0:
        return Note("What is usual is not measurable: the store holds no other post of this author.")
    return Note(
        "What is usual is not measurable: none of the {n} other posts of this author was looked at near 24 h.",
        {"n": len(peers.author)},
    )
