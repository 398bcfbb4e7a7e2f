"""Whether the parts of a joint claim add anything together: a joint Wald test of all their interactions.

Of parts S, E and I the terms S:E, S:I, E:I and S:E:I are tested at once, everything else as in the fixed-effects rung;
the covariance is the jackknife over authors, and the statistic over the number of terms is compared with an F
distribution whose second degrees of freedom are those of the claim's own slope.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from otklik.evidence.claims import Claim
from otklik.evidence.exposure import Floats
from otklik.evidence.fixed import Partialled, residuals, without
from otklik.evidence.panel import Panel, design, part_columns


@dataclass(frozen=True, slots=True)
class Wald:
    """A joint test that no interaction is there."""

    f: float
    terms: int
    df: float
    p: float

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {"f": self.f, "terms": self.terms, "df": self.df, "p": self.p}


def interaction(frame: pd.DataFrame, claim: Claim, panel: Panel, found: Partialled, df: float) -> Wald | None:
    """The joint test of a claim with parts; ``None`` without parts, or where some term never occurs.

    Args:
        frame: that the panel was made of.
        claim: with ``beyond``.
        panel: of the claim.
        found: its fixed-effects rung.
        df: degrees of freedom of the claim's slope.
    """
    if not claim.beyond:
        return None
    rows = frame.loc[panel.row]
    columns = part_columns(rows, claim.beyond)
    parts, pairs = columns[: len(claim.beyond)], columns[len(claim.beyond) :]
    terms = np.column_stack([panel.x, *pairs])
    rest = np.column_stack([*parts, design(rows, claim.controls)])
    taken = residuals(np.column_stack([terms, found.working, rest]), panel, found.weight)
    q = terms.shape[1]
    left = np.column_stack([without(taken[:, i], taken[:, q + 1 :], found.weight) for i in range(q + 1)])
    return _wald(left[:, :q], left[:, q], found, panel.author, df)


def _wald(X: Floats, y: Floats, found: Partialled, author: np.ndarray, df: float) -> Wald | None:
    from scipy import stats

    code = np.unique(author, return_inverse=True)[1]
    n, q = int(code.max()) + 1, X.shape[1]
    weighted = found.weight[:, None] * X
    information, score = np.zeros((n, q, q)), np.zeros((n, q))
    np.add.at(information, code, weighted[:, :, None] * X[:, None, :])
    try:
        b = np.linalg.solve(information.sum(0), weighted.T @ y)
        np.add.at(score, code, weighted * ((y - X @ b) / (1 - found.leverage))[:, None])
        moved = np.linalg.solve(information.sum(0) - information, score[:, :, None])[:, :, 0]
        f = float(b @ np.linalg.solve((n - 1) / n * moved.T @ moved, b)) / q
    except np.linalg.LinAlgError:
        return None
    return Wald(f, q, df, float(stats.f.sf(f, q, df)))
