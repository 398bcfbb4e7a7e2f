"""Verdicts by rules that stood before any verdict on real posts.

A claim is **supported** when all of these hold:

1. the effect inside authors (fixed-effects rung) has the expected sign and ``q`` below :data:`ALPHA`, over all claims
   of the trial (Benjamini and Hochberg);
2. the 95 % interval of the partially linear rung lies on the same side of 0;
3. exposures shuffled inside authors rarely do as well (permutation p below :data:`ALPHA`);
4. the author's previous post, which came out before the exposure, shows no effect;
5. at least :data:`LEAST_VARYING` authors have posts of both kinds.

It is **contradicted** when the same holds with the opposite sign. Everything else is **inconclusive**, with the first
rule that failed as the reason, and it is the honest default. A claim whose features no post has, or that fewer than
:data:`LEAST_EXPOSED` posts tell apart, is **not measurable** and no member of the family.
The raw difference, the controls without authors, the mediation, the placebo, the robustness value and the corrected
range are told beside the verdict and never decide it.
"""

from __future__ import annotations

from collections.abc import Sequence

from otklik.evidence.double_ml import DoubleSlope
from otklik.evidence.falsification import PERMUTATION, PREVIOUS, Falsification
from otklik.evidence.slope import Slope
from otklik.models.forecast import Note

SUPPORTED, CONTRADICTED, INCONCLUSIVE, NOT_MEASURABLE = "supported", "contradicted", "inconclusive", "not measurable"
VERDICTS = (SUPPORTED, CONTRADICTED, INCONCLUSIVE, NOT_MEASURABLE)
ALPHA = 0.05
LEAST_VARYING = 30
"""Authors with posts of both kinds; with fewer, errors clustered by author cannot be trusted."""
LEAST_EXPOSED = 20

FEW_EXPOSED = Note("Only {n} posts tell the two kinds apart; at least {least} are needed.")
NOT_SEEN = Note("The difference inside authors can be chance, given how many claims are tried.")
FEW_AUTHORS = Note("Only {n} authors have posts of both kinds; at least {least} are needed.")
TEXT_EXPLAINS = Note("What else the text is about may explain it.")
SHUFFLED = Note("Shuffled posts of the same authors do as well.")
BEFORE = Note("The author's previous post shows a difference too, so it is the moment and not the post.")
NO_PREVIOUS = Note("There are too few posts in a row to test it on the author's previous post.")


def decide(
    found: Slope,
    q: float,
    expected: int,
    double: DoubleSlope | None,
    tries: Sequence[Falsification],
    *,
    n_varying: int,
) -> tuple[str, Note | None]:
    """The verdict of one claim and, where it is inconclusive, why.

    Args:
        found: the fixed-effects rung.
        q: of that rung over the family.
        expected: the sign that was written down.
        double: the partially linear rung; ``None`` where it was not needed.
        tries: the falsifications.
        n_varying: authors with posts of both kinds.
    """
    reason = _doubt(found, q, double, {one.name: one for one in tries}, n_varying)
    if reason is not None:
        return INCONCLUSIVE, reason
    return (SUPPORTED if (found.log > 0) == (expected > 0) else CONTRADICTED), None


def _doubt(
    found: Slope, q: float, double: DoubleSlope | None, tries: dict[str, Falsification], n_varying: int
) -> Note | None:
    """The first rule that failed."""
    if not q < ALPHA:
        return NOT_SEEN
    if n_varying < LEAST_VARYING:
        return Note(FEW_AUTHORS.template, {"n": n_varying, "least": LEAST_VARYING})
    if double is None or not _same_side(found, double.slope):
        return TEXT_EXPLAINS
    if PERMUTATION not in tries or not tries[PERMUTATION].passed:
        return SHUFFLED
    if PREVIOUS not in tries:
        return NO_PREVIOUS
    return None if tries[PREVIOUS].passed else BEFORE


def _same_side(found: Slope, other: Slope) -> bool:
    return other.lo > 0 if found.log > 0 else other.hi < 0
