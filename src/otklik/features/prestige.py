"""How an author's earlier posts with the same thing in them had done: the prestige of a place, a sign, a person.

Everything is as of the cutoff: an earlier post counts from the instant at which its outcome was known, and by its lift,
what it reached relative to the author's usual at that time. Few posts say little: the mean is drawn to 0 as if
:data:`PRIOR` posts of no lift had been seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from otklik.dataset.corpus import Corpus, Ints
from otklik.dataset.examples import Examples
from otklik.dataset.history import Entries
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
    """Share of the author's earlier posts that share a key; NaN for an author without any."""


def past_lifts(context: Context) -> Floats:
    """Lift of every post of the corpus over the author's usual at its publication; NaN while it has no outcome.

    Only to be read through the instant from which each is known (``context.label["first_known_us"]``).
    """
    return _lifts(context.corpus, context)


def _lifts(corpus: Corpus, context: Context) -> Floats:
    if corpus not in _cache() or context.target.name not in _cache()[corpus]:
        everything = Examples(np.arange(len(corpus)), corpus.published_us)
        base = baselines(Context(corpus, everything, context.target, context.label, context.zone))
        lift = np.log1p(context.label["first_value"].to_numpy(np.float64)) - base.log
        _cache().setdefault(corpus, {})[context.target.name] = lift
        while len(_cache()) > 3:
            _cache().pop(next(iter(_cache())))
    return _cache()[corpus][context.target.name]


@lru_cache(maxsize=1)
def _cache() -> dict[Corpus, dict[str, Floats]]:
    return {}


def prestige(context: Context, keys: Keys) -> Prestige:
    """Mean lift of the author's earlier posts that have a key of the example's post in them.

    Where a post has several keys their posts are pooled, a post counting once for each key that it shares.
    """
    corpus, lift = context.corpus, past_lifts(context)
    known = context.label["first_known_us"].to_numpy()
    usable = np.isfinite(lift)
    row = np.array([i for i, names in enumerate(keys) for _ in names], np.int64)
    group = _groups(corpus, keys, row)
    held = usable[row]
    entries = Entries.of(
        group[held], known[row[held]], {"lift": np.clip(lift[row[held]], -3, 3)}, int(group.max(initial=-1)) + 1
    )
    running = _running(entries)
    total, n = np.zeros(len(context.rows)), np.zeros(len(context.rows))
    asked = np.flatnonzero(np.isin(context.rows, row))
    starts = np.searchsorted(row, np.arange(len(corpus) + 1))
    for offset in range(max((len(names) for names in keys), default=0)):
        at = starts[context.rows[asked]] + offset
        here = asked[at < starts[context.rows[asked] + 1]]
        one = group[starts[context.rows[here]] + offset]
        seen = entries.known(one, context.cutoff_us[here])
        total[here] += running[entries.group_start[one] + seen] - running[entries.group_start[one]]
        n[here] += seen
    has_key = np.zeros(len(corpus), bool)
    has_key[row] = True
    asked_mask = has_key[context.rows]
    everyone = Entries.of(corpus.author[usable], known[usable], {}, int(corpus.author.max(initial=-1)) + 1)
    earlier = everyone.known(corpus.author[context.rows], context.cutoff_us).astype(np.float64)
    share = np.divide(n, earlier, out=np.full(len(n), np.nan), where=asked_mask & (earlier > 0))
    return Prestige(
        np.where(asked_mask, total / (n + PRIOR), np.nan), np.where(asked_mask, n, np.nan), np.minimum(share, 1.0)
    )


def _groups(corpus: Corpus, keys: Keys, row: Ints) -> Ints:
    """A number for each author and key, one for each key of each post, in the order of ``row``."""
    numbers: dict[tuple[int, str], int] = {}
    names = (name for one in keys for name in sorted(one))
    return np.array(
        [numbers.setdefault((int(corpus.author[i]), name), len(numbers)) for i, name in zip(row, names, strict=True)],
        np.int64,
    )


def _running(entries: Entries) -> Floats:
    """Running sum of lifts over all entries, one longer than they are."""
    return np.concatenate([[0.0], np.cumsum(entries.values["lift"])])
