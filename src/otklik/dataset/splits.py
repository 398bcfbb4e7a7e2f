"""Splits that a forecast in use would face: by time, purged of one horizon, some authors never seen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from otklik.dataset.corpus import US_PER_H, Corpus
from otklik.dataset.targets import Target

N_FOLDS = 4
FIRST = 0.6
"""Share of the labelled posts, the oldest, that only teach."""
UNSEEN = 0.25
"""Share of the authors that no training part ever holds."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Fold:
    """One step of a rolling origin: a post tests when it was published in ``[start_us, end_us)``."""

    number: int
    start_us: int
    end_us: int
    unseen: Mask
    """Posts of held-out authors, one flag a row of the corpus."""
    purge_us: int

    def trains(self, rows: np.ndarray, published_us: np.ndarray, known_us: np.ndarray) -> Mask:
        """Which examples may teach: outcome known, and published one horizon or more before the fold starts."""
        in_time = (known_us < self.start_us) & (published_us <= self.start_us - self.purge_us)
        return in_time & ~self.unseen[rows]

    def tests(self, published_us: np.ndarray) -> Mask:
        """Which examples are judged in this fold."""
        return (published_us >= self.start_us) & (published_us < self.end_us)


def held_out(corpus: Corpus, share: float = UNSEEN) -> Mask:
    """Posts of the authors that are kept from training, one flag a row; the same authors in every run.

    At least one author is held out, and at least one is not, where there are two.
    """
    posts = corpus.posts
    authors = (posts["platform"] + "/" + posts["author_id"]).to_numpy()
    ordered = sorted(pd.unique(authors), key=lambda author: hashlib.sha256(author.encode()).digest())
    n = min(max(1, round(share * len(ordered))), len(ordered) - 1)
    return np.isin(authors, np.array(ordered[:n], dtype=authors.dtype))


def rolling_origin(
    corpus: Corpus, labelled: Mask, target: Target, *, n_folds: int = N_FOLDS, first: float = FIRST
) -> Iterator[Fold]:
    """Folds of equal numbers of labelled posts over the later part of a corpus.

    Args:
        corpus: the posts.
        labelled: which of them have a label, one flag a row.
        target: its earliest label sets the purge.
        n_folds: how many.
        first: share of the labelled posts before the first fold.
    """
    if not labelled.any():
        return
    published = corpus.published_us[labelled]
    edges = np.quantile(published, np.linspace(first, 1, n_folds + 1)).astype(np.int64)
    edges[-1] += 1
    unseen, purge = held_out(corpus), int(target.wait_h * US_PER_H)
    for number, (start, end) in enumerate(pairwise(edges)):
        yield Fold(number, int(start), int(end), unseen, purge)
