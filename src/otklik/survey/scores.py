"""The formula's scores of texts against what the posts reached: rank correlations with intervals, and a sample."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from otklik.content.explanation import Explanation
from otklik.content.formula import SCORES
from otklik.dataset.corpus import Ints
from otklik.metrics import spearman
from otklik.models.forecast import Note
from otklik.survey.lifts import Floats, Lifts
from otklik.survey.values import FormulaScores, Scatter, Step

MOST_POINTS = 500
"""Of a scatter: a sample of the posts, all of which count in the correlation."""
LEAST_POSTS = 30
LEAST_CLUSTERS = 10
"""Authors (or weeks) with fewer of whom an interval would be too narrow to be told."""
N_DRAWS = 300
STEPS = (0.0, 50.0, 80.0, 100.0)
"""Ends of the steps of a score; before them stands the step of exactly 0, where nothing was found."""


def formula_scores(read: Sequence[Explanation], found: Lifts, *, is_author: bool, seed: int = 0) -> FormulaScores:
    """The scores of posts against their multiples.

    Args:
        read: what the text of each post says, in the order of ``found``.
        found: the posts.
        is_author: whether all are of one author; weeks are then drawn in place of authors.
        seed: of the draws.
    """
    known = np.array([one.formula.sign is not None for one in read], bool)
    cluster, n_read = "week" if is_author else "author", int(known.sum())
    name, n_reference = (read[0].formula.reference, read[0].formula.n_reference) if read else ("", 0)
    if n_read < LEAST_POSTS:
        note = Note(
            "The formula is not compared. Posts with both a multiple and a text that can be read: {n}, "
            "needed: {least}.",
            {"n": n_read, "least": LEAST_POSTS},
        )
        return FormulaScores((), len(read), n_read, name, n_reference, cluster, (note,))
    part = found.at(known)
    told = [one.formula for one, is_known in zip(read, known, strict=True) if is_known]
    group = part.week if is_author else part.author
    scatters = tuple(
        _scatter(score, np.array([getattr(one, score) for one in told], float), part, group, seed) for score in SCORES
    )
    return FormulaScores(scatters, len(read), n_read, name, n_reference, cluster, ())


def _scatter(name: str, score: Floats, found: Lifts, cluster: Ints, seed: int) -> Scatter:
    rank = spearman(score, found.lift)
    low, high = _interval(score, found.lift, cluster, seed)
    n = len(score)
    shown = np.sort(np.random.default_rng(seed).permutation(n)[:MOST_POINTS])
    multiple = np.exp(found.lift)
    return Scatter(
        score=name,
        points=tuple((round(float(score[i]), 1), float(multiple[i])) for i in shown),
        steps=_steps(score, multiple),
        n=n,
        n_authors=len(np.unique(found.author)),
        spearman=rank if np.isfinite(rank) else None,
        low=low,
        high=high,
    )


def _steps(score: Floats, multiple: Floats) -> tuple[Step, ...]:
    found = []
    for low, high in zip((0.0, *STEPS[:-1]), STEPS, strict=True):
        inside = score == 0.0 if high == 0.0 else (score > low) & (score <= high)
        if inside.sum() >= 1:
            p25, p50, p75 = (float(one) for one in np.quantile(multiple[inside], (0.25, 0.5, 0.75)))
            found.append(Step(low, high, int(inside.sum()), p25, p50, p75))
    return tuple(found)


def _interval(score: Floats, lift: Floats, cluster: Ints, seed: int) -> tuple[float | None, float | None]:
    """The 95 % interval of a rank correlation when whole clusters are drawn with replacement."""
    order = np.argsort(cluster, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(cluster[order])) + 1)
    if len(parts) < LEAST_CLUSTERS:
        return None, None
    draw = np.random.default_rng(seed)
    ranks = []
    for _ in range(N_DRAWS):
        picked = np.concatenate([parts[i] for i in draw.integers(0, len(parts), len(parts))])
        ranks.append(spearman(score[picked], lift[picked]))
    known = np.array(ranks)[np.isfinite(ranks)]
    if len(known) < N_DRAWS / 2:
        return None, None
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)
