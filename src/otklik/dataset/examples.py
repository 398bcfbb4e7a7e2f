"""Examples: one post at one cutoff, the unit that a model learns from and is judged on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from otklik.dataset.corpus import US_PER_H, Corpus, Ints

LOOK_GRID_H = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 18.0)
"""Ages at which a live example is made for training: the last look at or before each, every look once."""


@dataclass(frozen=True)
class Examples:
    """Posts (by row of a corpus) and the cutoff of each, in microseconds since 1970, UTC."""

    rows: Ints
    cutoff_us: Ints

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, mask: np.ndarray) -> Examples:
        """The examples that a boolean mask or an index picks."""
        return Examples(self.rows[mask], self.cutoff_us[mask])


def at_age(corpus: Corpus, rows: Ints, age_h: float) -> Examples:
    """Each post at one age: 0 makes drafts."""
    return Examples(rows, corpus.published_us[rows] + int(age_h * US_PER_H))


def at_looks(corpus: Corpus, rows: Ints, until_h: float, grid_h: tuple[float, ...] = LOOK_GRID_H) -> Examples:
    """Each post at the moment of its looks before ``until_h``: those that are the last at some age of the grid.

    A dense series would otherwise outweigh posts that were seen once.
    """
    ages = [age for age in grid_h if age < until_h]
    looks = np.stack([corpus.looks.last(rows, age).value for age in ages])
    post = np.broadcast_to(rows, looks.shape)[np.isfinite(looks)]
    pairs = np.unique(np.stack([post, looks[np.isfinite(looks)].astype(np.int64)]), axis=1)
    return Examples(pairs[0], pairs[1])
