"""Hours of the week: shrunken lifts inside authors, and one test whether hours differ at all."""

from __future__ import annotations

import numpy as np

from otklik.dataset.corpus import Ints
from otklik.models.forecast import Note
from otklik.survey.lifts import Floats, Lifts
from otklik.survey.pooling import Pooled, pool
from otklik.survey.values import Effect, HourCell, Hours

SPANS_H = (1, 2, 3, 4, 6)
"""Widths of a cell in hours: the narrowest that leaves enough posts a cell is taken."""
A_CELL = 10
"""Posts a cell, on average, that the width of a cell is chosen for; a cell with fewer is greyed."""
LEAST_CLUSTERS = 3
"""Authors (or weeks) in a cell, at least."""
LEAST_POSTS = 60
LEAST_OF_AUTHOR = 3
"""Posts of an author with fewer cannot be compared inside the author."""
N_SHUFFLES = 499


def hours(found: Lifts, zone: str, *, is_author: bool, seed: int = 0) -> Hours:
    """The week in cells.

    Args:
        found: posts with a lift.
        zone: of the audience, for the report.
        is_author: whether all are of one author; weeks are then drawn in place of authors.
        seed: of the draws and shuffles.
    """
    counts = np.bincount(found.author) if len(found) else np.zeros(1, np.int64)
    kept = found.at(counts[found.author] >= LEAST_OF_AUTHOR)
    cluster = "week" if is_author else "author"
    n_authors = len(np.unique(kept.author))
    if len(kept) < LEAST_POSTS or (not is_author and n_authors < LEAST_CLUSTERS):
        note = Note(
            "Hours are not compared. Posts with a multiple that could be compared inside their author: {n}, "
            "needed: {least}.",
            {"n": len(kept), "least": LEAST_POSTS},
        )
        return Hours(zone, 24, len(kept), n_authors, cluster, (), None, None, 0, 0, (note,))
    span = next((one for one in SPANS_H if len(kept) * one >= A_CELL * 168), SPANS_H[-1])
    cell = kept.hour_of_week // span
    value = inside(kept.lift, kept.author)
    pooled = pool(value, cell, kept.week if is_author else kept.author, 168 // span, seed=seed)
    p_value, n_units = shuffled(value, cell, kept.author, kept.day, seed=seed)
    return Hours(
        zone=zone,
        span_h=span,
        n=len(kept),
        n_authors=n_authors,
        cluster=cluster,
        cells=tuple(_cells(pooled, span)),
        spread=float(np.expm1(pooled.tau)),
        p_value=p_value,
        n_shuffles=N_SHUFFLES,
        n_units=n_units,
        missing=(),
    )


def inside(value: Floats, author: Ints) -> Floats:
    """Values less the mean of their author.

    >>> inside(np.array([1.0, 3.0, 5.0]), np.array([0, 0, 1])).tolist()
    [-1.0, 1.0, 0.0]
    """
    _, code = np.unique(author, return_inverse=True)
    mean = np.bincount(code, value) / np.bincount(code)
    return value - mean[code]


def _cells(pooled: Pooled, span: int) -> list[HourCell]:
    found = []
    for at in np.flatnonzero(pooled.n > 0).tolist():
        weekday, hour = divmod(at * span, 24)
        found.append(HourCell(weekday, hour, effect(pooled, at, "")))
    return found


def effect(pooled: Pooled, at: int, name: str, least: int = A_CELL, least_clusters: int = LEAST_CLUSTERS) -> Effect:
    """One group of a pooling as multiples."""
    n, n_clusters = int(pooled.n[at]), int(pooled.n_clusters[at])
    raw, middle, low, high = (float(np.exp(one[at])) for one in (pooled.mean, pooled.shrunken, pooled.low, pooled.high))
    return Effect(name, n, n_clusters, raw, middle, low, high, n < least or n_clusters < least_clusters)


def shuffled(value: Floats, cell: Ints, author: Ints, day: Ints, *, seed: int = 0) -> tuple[float, int]:
    """Whether cells differ: the p value of ``sum of n_c m_c^2`` when cells are shuffled inside each author.

    Posts of one author, day and cell are one unit, their mean: they share the day's luck.

    Args:
        value: lifts inside authors, shape ``(n,)``.
        cell: number of each one's cell.
        author: number of each one's author.
        day: number of each one's day.
        seed: of the shuffles.

    Returns:
        The p value, at least ``1 / (N_SHUFFLES + 1)``, and the number of units.
    """
    keys, code = np.unique(np.stack([author, day, cell]), axis=1, return_inverse=True)
    code = code.ravel()
    unit = np.bincount(code, value) / np.bincount(code)
    owner, cells = keys[0], keys[2].astype(np.int64)  # sorted by author already
    unit = inside(unit, owner)
    counts = np.bincount(cells)
    draw = np.random.default_rng(seed)
    seen = _between(unit, cells, counts)
    as_large = sum(
        _between(unit[np.lexsort((draw.random(len(unit)), owner))], cells, counts) >= seen for _ in range(N_SHUFFLES)
    )
    return (1 + as_large) / (N_SHUFFLES + 1), len(unit)


def _between(unit: Floats, cells: Ints, counts: Ints) -> float:
    sums = np.bincount(cells, unit, len(counts))
    return float((sums**2 / np.maximum(counts, 1)).sum())
