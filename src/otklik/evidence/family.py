"""Many claims at once: the false discovery rate of Benjamini and Hochberg (1995) over the family."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def q_values(p: Sequence[float]) -> list[float]:
    """The smallest false discovery rate at which each claim would be called true.

    Args:
        p: of every claim of the family that could be tried.

    >>> [round(q, 3) for q in q_values([0.01, 0.02, 0.5])]
    [0.03, 0.03, 0.5]
    """
    if not len(p):
        return []
    values = np.asarray(p, np.float64)
    order = np.argsort(-values, kind="stable")
    ranks = len(values) - np.arange(len(values))
    stepped = np.minimum.accumulate(values[order] * len(values) / ranks)
    q = np.empty(len(values))
    q[order] = np.minimum(stepped, 1.0)
    return [float(one) for one in q]
