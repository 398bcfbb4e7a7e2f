"""Honest scores from inside a training set: later posts of authors that a model had not seen."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from otklik.features import Table
from otklik.models.base import Model
from otklik.models.conformal import Scores


def rolling_scores(model: Model, table: Table, *, n_blocks: int = 2, n_groups: int = 3, first: float = 0.5) -> Scores:
    """Scores of a model on examples that it could not know.

    The later part of the table is cut into blocks by time and its authors into groups; each cell is forecast by
    a model fitted on what was known before the block, without the group's authors.

    Args:
        model: any model; it is fitted anew for each cell and left fitted on the last.
        table: training examples in any order, labels known.
        n_blocks: blocks that the later part is cut into.
        n_groups: groups of authors.
        first: share of the examples, the oldest, that only teach.
    """
    if len(table) == 0:
        return Scores.none()
    cutoff, known = table.meta["cutoff_us"].to_numpy(), table.meta["known_us"].to_numpy()
    group = table.meta["author"].to_numpy() % n_groups
    edges = np.quantile(cutoff, np.linspace(first, 1, n_blocks + 1))
    edges[-1] = np.inf
    scores = Scores.none()
    for low, high in pairwise(edges):
        for g in range(n_groups):
            past = table.at((known < low) & (group != g))
            cell = table.at((cutoff >= low) & (cutoff < high) & (group == g))
            if len(past) and len(cell):
                model.fit(past)
                scores += Scores.of(cell, model.point(cell), model.scale(cell))
    return scores
