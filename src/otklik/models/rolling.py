"""Honest scores from inside a training set: later posts of authors that a model had not seen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from otklik.features import Table
from otklik.models.base import Floats, Model, is_live
from otklik.models.conformal import Scores
from otklik.models.pairs import PairLaw, fit_pairs

Cell = tuple[Table, Floats, Floats]
"""Examples with the point and the scale told of each."""
LEAST_DRAFTS = 100
"""With fewer drafts to judge by, what is told of them stands."""
SHARES = tuple(round(share, 1) for share in np.arange(0.0, 1.01, 0.1))
NEGLIGIBLE = 0.002
"""A share this near to the best error (0.2 %) is as good, and the largest of those is taken."""


def rolling_cells(
    model: Model, table: Table, *, n_blocks: int = 2, n_groups: int = 3, first: float = 0.5
) -> Iterator[Cell]:
    """Examples that a model could not know, with the point and the scale that it says of each.

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
        return
    cutoff, known = table.meta["cutoff_us"].to_numpy(), table.meta["known_us"].to_numpy()
    group = table.meta["author"].to_numpy() % n_groups
    edges = np.quantile(cutoff, np.linspace(first, 1, n_blocks + 1))
    edges[-1] = np.inf
    for low, high in pairwise(edges):
        for g in range(n_groups):
            past = table.at((known < low) & (group != g))
            cell = table.at((cutoff >= low) & (cutoff < high) & (group == g))
            if len(past) and len(cell):
                model.fit(past)
                yield cell, model.point(cell), model.scale(cell)


def draft_trust(cells: list[Cell]) -> float:
    """Share of the lift told of drafts that held in later weeks and for authors not seen, in tenths from 0 to 1.

    The lift is drawn to the author's baseline as far as that lessens the error; a forecast of drafts that knows
    nothing beyond the baseline becomes the baseline.
    """
    parts = [(cell.at(~is_live(cell)), point[~is_live(cell)]) for cell, point, _ in cells]
    lift = np.concatenate([y.y_log - y.meta["baseline_log"].to_numpy() for y, _ in parts] or [np.empty(0)])
    said = np.concatenate([point - y.meta["baseline_log"].to_numpy() for y, point in parts] or [np.empty(0)])
    known = np.isfinite(lift) & np.isfinite(said)
    if known.sum() < LEAST_DRAFTS:
        return 1.0
    errors = {share: float(np.mean(np.abs(lift[known] - share * said[known]))) for share in SHARES}
    best = min(errors.values())
    return max(share for share, error in errors.items() if error <= best * (1 + NEGLIGIBLE))


def drawn(cells: list[Cell], share: float) -> list[Cell]:
    """The cells with the points of drafts drawn to the baseline by :func:`draft_trust`."""
    return [(cell, _drawn(cell, point, share), scale) for cell, point, scale in cells]


def _drawn(cell: Table, point: Floats, share: float) -> Floats:
    base = cell.meta["baseline_log"].to_numpy()
    return np.where(~is_live(cell) & np.isfinite(base), base + share * (point - base), point)


def scores_of(cells: list[Cell]) -> Scores:
    """The scores of all cells, which calibrate later forecasts."""
    return sum((Scores.of(*cell) for cell in cells), Scores.none())


def pairs_of(cells: list[Cell]) -> dict[str, PairLaw]:
    """How often the higher of two forecasts of drafts came true, by platform and over ``all``."""
    parts = [(cell.at(~is_live(cell)), point[~is_live(cell)]) for cell, point, _ in cells]
    parts = [part for part in parts if len(part[0])]
    if not parts:
        return {}
    table, point = Table.joined([part for part, _ in parts]), np.concatenate([said for _, said in parts])
    platforms = table.meta["platform"].to_numpy()
    groups = {"all": np.ones(len(table), bool), **{str(name): platforms == name for name in np.unique(platforms)}}
    names = ("author", "published_us")
    return {
        name: fit_pairs(table.y_log[mine], point[mine], *(table.meta[column].to_numpy()[mine] for column in names))
        for name, mine in groups.items()
    }
