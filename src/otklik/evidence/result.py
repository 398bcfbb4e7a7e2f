"""What a trial found of one claim, as a value that a report and a page can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from otklik.evidence.claims import Claim
from otklik.evidence.double_ml import DoubleSlope
from otklik.evidence.falsification import Falsification
from otklik.evidence.interaction import Wald
from otklik.evidence.measurement import Corrected
from otklik.evidence.mediation import Mediation
from otklik.evidence.slope import Slope
from otklik.language import LANGUAGES
from otklik.models.forecast import Note

RAW, CONTROLS, FIXED, DOUBLE = "raw", "controls", "fixed_effects", "double_ml"
RUNGS = (RAW, CONTROLS, FIXED, DOUBLE)
"""The rungs that give an effect, in order of trust."""


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """One claim after the trial; what could not be computed is ``None``."""

    claim: Claim
    verdict: str
    """One of :data:`otklik.evidence.verdict.VERDICTS`."""
    sentence: Note
    """One plain sentence; effects in it are shares (0.1 is ten per cent) for the caller to format."""
    reason: Note | None = None
    """Why it is inconclusive or not measurable."""
    n_posts: int = 0
    n_exposed: int = 0
    """Posts whose exposure is above its mean: with a 0/1 exposure, those that have it."""
    n_authors: int = 0
    n_varying: int = 0
    """Authors with posts of both kinds."""
    rungs: tuple[tuple[str, Slope], ...] = ()
    """Name and slope, of :data:`RUNGS` in their order."""
    q: float | None = None
    mde: float | None = None
    """Minimum detectable effect inside authors, as a share."""
    needed_10: int | None = None
    """Posts of the same kind that would show ten per cent."""
    double: DoubleSlope | None = None
    wald: Wald | None = None
    mediation: Mediation | None = None
    falsifications: tuple[Falsification, ...] = ()
    corrected: Corrected | None = None

    def rung(self, name: str) -> Slope | None:
        """One rung by name; ``None`` when it was not taken."""
        return dict(self.rungs).get(name)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types; what cannot be computed is ``None``."""
        parts = {"double_ml": self.double, "wald": self.wald, "mediation": self.mediation, "corrected": self.corrected}
        plain = {
            "id": self.claim.id,
            "text": {lang: self.claim.said(lang) for lang in LANGUAGES},
            "outcome": self.claim.outcome,
            "expected": self.claim.expected,
            "fixed_on": self.claim.fixed_on.isoformat(),
            "verdict": self.verdict,
            "sentence": str(self.sentence),
            "reason": None if self.reason is None else str(self.reason),
            **{name: getattr(self, name) for name in ("n_posts", "n_exposed", "n_authors", "n_varying")},
            **{name: getattr(self, name) for name in ("q", "mde", "needed_10")},
            "rungs": {name: one.to_dict() for name, one in self.rungs},
            **{name: None if one is None else one.to_dict() for name, one in parts.items()},
            "falsifications": [one.to_dict() for one in self.falsifications],
        }
        return {name: _plain(value) for name, value in plain.items()}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial found: one result a claim, in the order of the claims."""

    data: str
    target: str
    seed: int
    n_posts: int
    n_authors: int
    results: tuple[ClaimResult, ...]
    left_out: tuple[tuple[str, int], ...] = ()
    """Why posts were left out and how many; reasons are templates."""

    def result(self, claim: str) -> ClaimResult:
        """The result of a claim by id."""
        return next(one for one in self.results if one.claim.id == claim)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            **{name: getattr(self, name) for name in ("data", "target", "seed", "n_posts", "n_authors")},
            "left_out": [{"reason": reason, "n_posts": n} for reason, n in self.left_out],
            "results": [one.to_dict() for one in self.results],
        }


def _plain(value: Any) -> Any:
    """JSON has neither NaN nor infinity: both are null."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    return None if isinstance(value, float) and not np.isfinite(value) else value
