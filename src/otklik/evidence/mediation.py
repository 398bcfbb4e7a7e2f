"""How much of an effect runs through a mediator: product of coefficients, authors drawn with replacement.

``m = a x + ...`` and ``y = c x + b m + ...`` with everything held fixed taken out of ``x``, ``m`` and ``y``; the
indirect effect is ``a b`` and ``a b + c`` is the total effect exactly. The interval is the 2.5 and 97.5 per cent of
:data:`DRAWS` draws of whole authors; what is held fixed is taken out once, before the draws. It is an effect only if
nothing else moves both the mediator and the outcome inside an author: told beside the total effect, never for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from otklik.evidence.claims import Claim
from otklik.evidence.exposure import Floats
from otklik.evidence.fixed import Partialled, residuals, without
from otklik.evidence.panel import Panel

DRAWS = 999


@dataclass(frozen=True, slots=True)
class Mediation:
    """Effects on the log scale."""

    indirect: float
    lo: float
    hi: float
    direct: float
    to_mediator: float
    """How much more of the mediator there is with the exposure."""
    n_posts: int

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def mediation(frame: pd.DataFrame, claim: Claim, panel: Panel, found: Partialled, *, seed: int) -> Mediation | None:
    """The indirect effect of a claim with a mediator.

    Returns:
        ``None`` without a mediator, or where it is missing for some posts or does not vary.
    """
    if claim.mediator is None:
        return None
    values = claim.mediator.of(frame.loc[panel.row])
    if not np.isfinite(values).all() or np.ptp(values) == 0:
        return None
    taken = residuals(values[:, None], panel, found.weight)[:, 0]
    m = without(taken, found.controls, found.weight)
    sums = _sums(found.x, m, found.y, found.weight, panel.author)
    if abs(_determinant(sums.sum(axis=0))) < 1e-12:
        return None
    n = len(sums)
    picks = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=DRAWS)
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b, _ = _paths(picks @ sums)
    product = (a * b)[np.isfinite(a * b)]
    a0, b0, direct = (float(one[0]) for one in _paths(sums.sum(axis=0, keepdims=True)))
    lo, hi = np.quantile(product, [0.025, 0.975]) if len(product) else (np.nan, np.nan)
    return Mediation(a0 * b0, float(lo), float(hi), direct, a0, len(panel))


def _sums(x: Floats, m: Floats, y: Floats, weight: Floats, author: np.ndarray) -> Floats:
    """Weighted sums of products, one row an author: xx, xm, mm, xy, my."""
    code = np.unique(author, return_inverse=True)[1]
    return np.stack([np.bincount(code, weight * one) for one in (x * x, x * m, m * m, x * y, m * y)], axis=1)


def _determinant(sums: Floats) -> Floats:
    return np.asarray(sums[..., 0] * sums[..., 2] - sums[..., 1] ** 2)


def _paths(sums: Floats) -> tuple[Floats, Floats, Floats]:
    """Exposure to mediator, mediator to outcome, and the direct path, of rows of sums."""
    xx, xm, mm, xy, my = sums.T
    det = _determinant(sums)
    return xm / xx, (xx * my - xm * xy) / det, (mm * xy - xm * my) / det
