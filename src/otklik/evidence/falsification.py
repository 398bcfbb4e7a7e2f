"""Where an effect must not be: exposures shuffled inside authors, the author's previous post, and a placebo.

A claim that fails on its author's previous post, which came out before the exposure, compares authors at different
moments and not posts; a slope that shuffled exposures reach as often is luck.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from otklik.errors import DataError
from otklik.evidence.claims import Claim
from otklik.evidence.exposure import Floats
from otklik.evidence.fixed import Partialled, partialled, within
from otklik.evidence.panel import LEAST_ROWS, Panel, informative, panel_of, varying
from otklik.evidence.slope import Slope

ALPHA = 0.05
DRAWS = 499
PERMUTATION, PREVIOUS, PLACEBO = "permutation", "previous_post", "placebo"


@dataclass(frozen=True, slots=True)
class Falsification:
    """One attempt to overturn a claim."""

    name: str
    passed: bool
    p: float
    """Of the permutation: how often shuffled exposures do as well. Of the others: of an effect where none can be."""
    decides: bool
    """Whether the verdict leans on it."""
    slope: Slope | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "name": self.name,
            "passed": self.passed,
            "p": self.p,
            "decides": self.decides,
            "slope": None if self.slope is None else self.slope.to_dict(),
        }


def falsify(frame: pd.DataFrame, claim: Claim, panel: Panel, *, seed: int) -> tuple[Falsification, ...]:
    """Every attempt that the data allows; one that cannot be made is not there."""
    tries = (permutation(panel, seed=seed), previous_post(panel), placebo(frame, claim))
    return tuple(one for one in tries if one is not None)


def permutation(panel: Panel, *, seed: int, draws: int = DRAWS) -> Falsification:
    """How often exposures shuffled inside each author do as well; passed when that is below 5 %.

    The statistic is the cluster-robust score of the model without the exposure, so that nothing is fitted anew.
    """
    null = partialled(panel, exposed=False)
    code = np.unique(panel.author, return_inverse=True)[1]
    rng = np.random.default_rng(seed)
    order = np.argsort(code, kind="stable")
    seen = abs(_score(null, null.x, code))
    # Equal authors stay together, in an order of chance: the key is the author plus a number between 0 and 1.
    as_good = sum(
        abs(_score(null, _placed(null.x, order, np.argsort(code + rng.random(len(code)))), code)) >= seen
        for _ in range(draws)
    )
    p = (1 + as_good) / (1 + draws)
    return Falsification(PERMUTATION, p < ALPHA, p, decides=True)


def _placed(values: Floats, order: np.ndarray, drawn: np.ndarray) -> Floats:
    shuffled = np.empty_like(values)
    shuffled[order] = values[drawn]
    return shuffled


def _score(null: Partialled, x: Floats, code: np.ndarray) -> float:
    each = np.bincount(code, null.weight * x * null.y)
    size = float(np.sqrt((each**2).sum()))
    return float(each.sum()) / size if size > 0 else 0.0


def previous_post(panel: Panel) -> Falsification | None:
    """The exposure of a post against the outcome of its author's previous post, that post's own exposure held fixed.

    Returns:
        Passed when the 95 % interval includes 0; ``None`` with too few pairs of posts.
    """
    later = np.flatnonzero(panel.author[1:] == panel.author[:-1]) + 1
    before = panel.at(later - 1)
    shifted = replace(before, x=panel.x[later], controls=np.column_stack([before.controls, before.x]))
    shifted = shifted.at(informative(shifted))
    if len(shifted) < LEAST_ROWS or not varying(shifted).any():
        return None
    try:
        found, _ = within(shifted, PREVIOUS)
    except DataError:
        return None
    return Falsification(PREVIOUS, found.p >= ALPHA, found.p, decides=True, slope=found)


def placebo(frame: pd.DataFrame, claim: Claim) -> Falsification | None:
    """The claim's placebo in the exposure's place, the exposure held fixed; told, but the verdict does not lean on it.

    Returns:
        ``None`` for a claim without one, or where it cannot be compared.
    """
    if claim.placebo is None:
        return None
    other = replace(claim, exposure=claim.placebo, controls=(*claim.controls, claim.exposure), beyond=())
    try:
        found, _ = within(panel_of(frame, other), claim.id)
    except DataError:
        return None
    return Falsification(PLACEBO, found.p >= ALPHA, found.p, decides=False, slope=found)
