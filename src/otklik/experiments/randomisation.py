"""What the draw could have been: every arrangement of two variants over the posts, or many of them at random.

Given where all other variants fell, the first ``m`` used places of a block with ``r`` copies of each variant hold the
two variants that are compared like ``m`` balls drawn without replacement from ``r`` of one and ``r`` of the other.
Places without an outcome may be left out: the places of a permuted block are exchangeable. So one law serves any
number of variants, blocks that were never finished, and posts that are missing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EXACT = 20_000
"""Up to so many arrangements all are looked at; beyond that so many are drawn."""


@dataclass(frozen=True)
class Posts:
    """The posts of two variants that have an outcome, arrays of one length."""

    y: Floats
    """Outcome, in logs."""
    is_first: NDArray[np.bool_]
    """Whether the variant under test was drawn."""
    stratum: Ints
    """Number of the week or kind, from 0."""
    block: Ints
    """Number of the permuted block, from 0; no block lies in two strata."""
    copies: Ints
    """How often each variant stands in the post's block."""

    def __len__(self) -> int:
        return len(self.y)


@dataclass(frozen=True)
class Arrangements:
    """Sums over arrangements, from which every statistic of inference follows; shape ``(d,)`` each.

    With ``z`` the indicator of the variant under test in an arrangement, less its mean inside the stratum.
    """

    weight: Floats
    """Probability of each arrangement; sums to 1."""
    zz: Floats
    """Sum of ``z^2``: how much the arrangement could have told."""
    zy: Floats
    """Sum of ``z y``."""
    zw: Floats
    """Sum of ``z w``, where ``w`` is what was really drawn."""
    is_exact: bool
    """Whether these are all that the design could give."""

    def __len__(self) -> int:
        return len(self.weight)


def arrangements(posts: Posts, seed: int = 0, n_draws: int = EXACT) -> Arrangements:
    """All arrangements that the design could give, or ``n_draws`` of them and the real one.

    Args:
        posts: what was observed.
        seed: of the draws.
        n_draws: as many arrangements at most are enumerated, and as many are drawn beyond that.
    """
    blocks = [np.flatnonzero(posts.block == number) for number in np.unique(posts.block)]
    laws = [_law(len(rows), int(posts.copies[rows[0]])) for rows in blocks]
    n = math.prod(float(len(weight)) for _, weight in laws)
    if n <= n_draws:
        picks = np.unravel_index(np.arange(int(n)), [len(weight) for _, weight in laws])
        weight = math.prod((law[1][pick] for law, pick in zip(laws, picks, strict=True)), start=np.ones(int(n)))
        return _sums(posts, blocks, ((law[0][at] for law, at in zip(laws, picks, strict=True))), weight, True)
    rng = np.random.default_rng(seed)
    drawn = (
        # The real arrangement is one of those that could have been: without it the test would be too eager.
        np.vstack([posts.is_first[rows], sequences[rng.choice(len(weight), n_draws, p=weight)]])
        for rows, (sequences, weight) in zip(blocks, laws, strict=True)
    )
    return _sums(posts, blocks, drawn, np.full(n_draws + 1, 1 / (n_draws + 1)), False)


def _law(used: int, copies: int) -> tuple[NDArray[np.bool_], Floats]:
    """Every sequence of the used places of a block, shape ``(q, used)``, and its probability."""
    rows = [one for one in product((False, True), repeat=used) if used - copies <= sum(one) <= copies]
    sequences = np.array(rows, dtype=bool).reshape(len(rows), used)
    firsts = [sum(one) for one in rows]
    ways = np.array([math.perm(copies, n) * math.perm(copies, used - n) for n in firsts], dtype=np.float64)
    return sequences, ways / ways.sum()


def _sums(
    posts: Posts, blocks: list[Ints], drawn: Iterator[NDArray[np.bool_]], weight: Floats, is_exact: bool
) -> Arrangements:
    """Sums of every arrangement, block after block: no matrix of all posts and arrangements is ever made."""
    real = posts.is_first.astype(np.float64)
    n_strata = int(posts.stratum.max()) + 1
    sizes = np.bincount(posts.stratum, minlength=n_strata)
    mean_y = np.bincount(posts.stratum, posts.y, n_strata) / np.fmax(sizes, 1)
    mean_w = np.bincount(posts.stratum, real, n_strata) / np.fmax(sizes, 1)
    firsts = np.zeros((n_strata, len(weight)))
    zy, zw = np.zeros(len(weight)), np.zeros(len(weight))
    for rows, z in zip(blocks, drawn, strict=True):
        stratum = posts.stratum[rows[0]]
        firsts[stratum] += z.sum(axis=1)
        zy += z @ (posts.y[rows] - mean_y[stratum])
        zw += z @ (real[rows] - mean_w[stratum])
    zz = (firsts - firsts**2 / np.fmax(sizes, 1)[:, None]).sum(axis=0)
    return Arrangements(weight, zz, zy, zw, is_exact)
