"""What detectors that err do to an effect: a slope of a 0/1 exposure is drawn to 0, and by how much is known.

Of posts that a detector flags, a share ``precision`` has the exposure; it finds a share ``recall`` of those that have.
With a share ``f`` flagged, ``t = f * precision / recall`` truly have it, so that of the others a share
``m = (t - f * precision) / (1 - f)`` has it too. The slope on the flag is then ``precision - m`` times the true slope,
where errors do not depend on the outcome (Aigner, 1973).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml

from otklik.evidence.claims import Claim
from otklik.evidence.panel import Panel
from otklik.evidence.slope import Slope

LEAST_KEPT = 0.1
"""Where less of the slope is left, nothing can be said of the true one."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """An effect as it would be with a detector that never errs, on the log scale."""

    log: float
    lo: float
    hi: float
    kept: float
    """How much of the true slope is left with this detector, 0..1."""

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types; effects as shares."""
        low, middle, high = (float(np.expm1(one)) for one in (self.lo, self.log, self.hi))
        return {"effect": middle, "effect_lo": low, "effect_hi": high, "kept": self.kept}


@cache
def detectors() -> dict[str, tuple[float, float]]:
    """Precision and recall of the detector of each group of features."""
    plain = yaml.safe_load(files("otklik").joinpath("evidence/measurement.yaml").read_text(encoding="utf-8"))
    return {name: (float(one["precision"]), float(one["recall"])) for name, one in plain.items()}


def corrected(claim: Claim, panel: Panel, found: Slope) -> Corrected | None:
    """The slope of a claim with its detectors' errors taken out.

    Parts of a joint exposure are taken to err independently, so that their figures multiply.

    Returns:
        ``None`` for what is beyond a sum of parts, an exposure that is not 0 or 1, a group without figures, or where
        too little is left.
    """
    known = detectors()
    groups = claim.exposure.groups
    if claim.beyond or not claim.exposure.is_binary or any(group not in known for group in groups):
        return None
    precision = float(np.prod([known[group][0] for group in groups]))
    recall = float(np.prod([known[group][1] for group in groups]))
    left = kept(float(panel.x.mean()), precision, recall)
    if left is None:
        return None
    return Corrected(found.log / left, found.lo / left, found.hi / left, left)


def kept(flagged: float, precision: float, recall: float) -> float | None:
    """How much of the true slope a detector leaves, of a share of posts that it flags.

    >>> kept(0.5, 1.0, 1.0), round(kept(0.3, 0.8, 0.75), 3)
    (1.0, 0.686)
    """
    missed = flagged * precision * (1 / recall - 1) / (1 - flagged) if flagged < 1 else 1.0
    left = precision - missed
    return left if left >= LEAST_KEPT else None
