"""How an author's earlier posts with the same thing in them had done: the prestige of a place, a sign, a person.

Everything is as of the cutoff: an earlier post counts from the instant at which its outcome was known, and by its lift,
what it reached relative to the author's usual at that time. Few posts say little: the mean is drawn to 0 as if
:data:`PRIOR` posts of no lift had been seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from otklik.dataset.corpus import Corpus, Ints
from otklik.dataset.examples import Examples
from otklik.dataset.history import Entries
from otklik.dataset.targets import Target, labels
from otklik.features.author import baselines
from otklik.features.catalog import Context, Floats

PRIOR = 3.0
"""Posts of no lift that every mean is drawn to."""

Keys = Sequence[frozenset[str]]
"""What each post of the corpus has in it, by row."""


@dataclass(frozen=True)
class Prestige:
    """For each example: the mean lift of earlier posts that share a key, and how many those are."""

    lift: Floats
    n: Floats
    share: Floats
    """Share of the author's earlier posts that have the most usual of the keys; NaN for an author without any."""


def past_lifts(context: Context) -> Floats:
    """Lift of every post of the corpus over the author's usual at its publication; NaN while it has no outcome.

    Only to be read through the instant from which each is known (``context.label["first_known_us"]``).
    """
    return _lifts(context.corpus, context.target)


@lru_cache(maxsize=6)
def _lifts(corpus: Corpus, target: Target) -> Floats:
    label = labels(corpus, target)
    everything = Examples(np.arange(len(corpus)), corpus.published_us)
    base = baselines(Context(corpus, everything, target, label, ZoneInfo("UTC")))
    return np.log1p(label["first_value"].to_numpy(np.float64)) - base.log


def prestige(context: Context, keys: Keys) -> Prestige:
    """Mean lift of the author's earlier posts that have a key of the example's post in them.

    Where a post has several keys their posts are pooled, a post counting once for each key that it shares.
    """
    corpus, cutoff, asked_rows = context.corpus, context.cutoff_us, context.rows
    lift, known = np.clip(past_lifts(context), -3, 3), context.label["first_known_us"].to_numpy()
    usable = np.isfinite(lift)
    row = np.array([i for i, names in enumerate(keys) for _ in names], np.int64)
    group = _groups(corpus, keys, row)
    held = usable[row]
    entries = Entries.of(group[held], known[row[held]], {"lift": lift[row[held]]}, int(group.max(initial=-1)) + 1)
    running = np.concatenate([[0.0], np.cumsum(entries.values["lift"])])
    starts = np.searchsorted(row, np.arange(len(corpus) + 1))
    # The post's own outcome, once known, is no precedent of itself.
    own = (usable[asked_rows] & (known[asked_rows] <= cutoff)).astype(np.float64)
    own_lift = np.where(own > 0, np.nan_to_num(lift[asked_rows]), 0.0)
    total, n, most = (np.zeros(len(asked_rows)) for _ in range(3))
    for offset in range(max((len(names) for names in keys), default=0)):
        here = np.flatnonzero(starts[asked_rows] + offset < starts[asked_rows + 1])
        one = group[starts[asked_rows[here]] + offset]
        seen = entries.known(one, cutoff[here])
        total[here] += running[entries.group_start[one] + seen] - running[entries.group_start[one]] - own_lift[here]
        n[here] += seen - own[here]
        most[here] = np.maximum(most[here], seen - own[here])
    everyone = Entries.of(corpus.author[usable], known[usable], {}, int(corpus.author.max(initial=-1)) + 1)
    earlier = everyone.known(corpus.author[asked_rows], cutoff) - own
    has_key = starts[asked_rows] < starts[asked_rows + 1]
    share = np.divide(most, earlier, out=np.full(len(n), np.nan), where=has_key & (earlier > 0))
    return Prestige(np.where(has_key, total / (n + PRIOR), np.nan), np.where(has_key, n, np.nan), share)


def _groups(corpus: Corpus, keys: Keys, row: Ints) -> Ints:
    """A number for each author and key, one for each key of each post, in the order of ``row``."""
    numbers: dict[tuple[int, str], int] = {}
    names = (name for one in keys for name in sorted(one))
    return np.array(
        [numbers.setdefault((int(corpus.author[i]), name), len(numbers)) for i, name in zip(row, names, strict=True)],
        np.int64,
    )
