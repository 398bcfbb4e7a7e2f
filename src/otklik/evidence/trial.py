"""The trial: every claim climbs the ladder on the same posts, and the family is judged together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from otklik.dataset.corpus import Corpus
from otklik.dataset.targets import Target
from otklik.errors import ConfigurationError, DataError
from otklik.evidence.claims import Claim, house_claims
from otklik.evidence.double_ml import double_ml, doubleml_library
from otklik.evidence.falsification import falsify
from otklik.evidence.family import q_values
from otklik.evidence.fixed import Partialled, pyfixest, raw, with_controls, within
from otklik.evidence.frame import Evidence, analysis_frame, check_size
from otklik.evidence.interaction import interaction
from otklik.evidence.measurement import corrected
from otklik.evidence.mediation import mediation
from otklik.evidence.panel import Panel, measurable, n_exposed, panel_of, varying
from otklik.evidence.power import detectable, posts_needed
from otklik.evidence.result import CONTROLS, DOUBLE, FIXED, RAW, ClaimResult, Trial
from otklik.evidence.slope import Slope
from otklik.evidence.verdict import (
    ALPHA,
    CONTRADICTED,
    FEW_EXPOSED,
    INCONCLUSIVE,
    LEAST_EXPOSED,
    NOT_MEASURABLE,
    SUPPORTED,
    decide,
)
from otklik.models.forecast import Note

Progress = Callable[[str, int, int | None], None]

DECIDED = {
    SUPPORTED: "Supported: {claim}. Inside authors the difference is {effect} ({lo} to {hi}), q = {q}, from {n_posts} "
    "posts of {n_authors} authors.",
    CONTRADICTED: "Contradicted: {claim}. Inside authors the difference is {effect} ({lo} to {hi}), q = {q}, from "
    "{n_posts} posts of {n_authors} authors.",
    INCONCLUSIVE: "Inconclusive: {claim}. Inside authors the difference is {effect} ({lo} to {hi}); the smallest that "
    "{n_posts} posts of {n_authors} authors would show is {mde}.",
}
UNMEASURED = "Not measurable on these data: {claim}."
MISSING = Note("No post has {what}.")


@dataclass(frozen=True)
class _Tried:
    """A claim after the first three rungs."""

    claim: Claim
    panel: Panel
    rungs: tuple[tuple[str, Slope], ...]
    found: Slope
    partialled: Partialled


def put_on_trial(
    corpus: Corpus,
    target: Target,
    zone: str,
    claims: Sequence[Claim] | None = None,
    *,
    seed: int = 0,
    quick: bool = False,
    data: str = "",
    on_progress: Progress = lambda *_: None,
) -> Trial:
    """Put claims on trial on the posts of a corpus.

    Args:
        corpus: all posts.
        target: the counter of views whose label is the reach; sharing is read at the same look.
        zone: the audience's time zone.
        claims: those of the article (:func:`otklik.evidence.claims.house_claims`) unless given.
        seed: of everything drawn; equal seeds give equal trials.
        quick: later rungs only for claims that the fixed-effects rung leaves standing; no verdict changes.
        data: the name of the data for the report.
        on_progress: called with a stage, how much is done and of how much.

    Raises:
        DataError: with too few posts or authors for any claim.
        ConfigurationError: without the libraries of ``otklik[evidence]``, or without a claim.
    """
    pyfixest()
    if not quick:
        doubleml_library()
    listed = tuple(claims) if claims is not None else house_claims()
    evidence = analysis_frame(corpus, target, zone, listed)
    found = try_claims(evidence.frame, listed, seed=seed, quick=quick, on_progress=on_progress)
    return replace(found, data=data, target=target.name, left_out=_left_out(evidence))


def try_claims(
    frame: pd.DataFrame,
    claims: Sequence[Claim],
    *,
    seed: int = 0,
    quick: bool = False,
    on_progress: Progress = lambda *_: None,
) -> Trial:
    """The same on a frame that is there already (:func:`otklik.evidence.frame.analysis_frame`)."""
    if not claims:
        raise ConfigurationError("a trial needs at least one claim")
    check_size(len(frame), frame["author"].nunique())
    first = [_first_rungs(frame, claim) for claim in claims]
    standing = [one for one in first if isinstance(one, _Tried)]
    q = dict(zip((one.claim.id for one in standing), q_values([one.found.p for one in standing]), strict=True))
    results = []
    for number, one in enumerate(first):
        on_progress("evidence", number, len(first))
        results.append(one if isinstance(one, ClaimResult) else _judged(frame, one, q[one.claim.id], seed, quick))
    on_progress("evidence", len(first), len(first))
    return Trial("", "", seed, len(frame), int(frame["author"].nunique()), tuple(results))


def _left_out(evidence: Evidence) -> tuple[tuple[str, int], ...]:
    return tuple((one.reason, one.n_posts) for one in evidence.left_out)


def _first_rungs(frame: pd.DataFrame, claim: Claim) -> _Tried | ClaimResult:
    """The rungs that every claim climbs, or why it cannot."""
    missing = measurable(frame, claim)
    if missing is not None:
        return _unmeasured(claim, Note(MISSING.template, {"what": missing}))
    try:
        panel = panel_of(frame, claim)
        rarer = min(n_exposed(panel), len(panel) - n_exposed(panel))
        if rarer < LEAST_EXPOSED:
            return _unmeasured(claim, Note(FEW_EXPOSED.template, {"n": rarer, "least": LEAST_EXPOSED}))
        found, taken = within(panel, claim.id)
        rungs = ((RAW, raw(panel)), (CONTROLS, with_controls(panel)), (FIXED, found))
    except DataError as error:
        return _unmeasured(claim, Note(error.template, error.values))
    return _Tried(claim, panel, rungs, found, taken)


def _unmeasured(claim: Claim, reason: Note) -> ClaimResult:
    return ClaimResult(claim, NOT_MEASURABLE, Note(UNMEASURED, {"claim": claim.said("en")}), reason)


def _judged(frame: pd.DataFrame, tried: _Tried, q: float, seed: int, quick: bool) -> ClaimResult:
    """The later rungs and the verdict."""
    claim, panel, found = tried.claim, tried.panel, tried.found
    is_asked = q < ALPHA or not quick
    double = double_ml(panel, seed=seed, sensitivity=not quick) if is_asked else None
    tries = falsify(frame, claim, panel, seed=seed) if is_asked else ()
    n_varying = int(varying(panel).sum())
    verdict, reason = decide(found, q, claim.expected, double, tries, n_varying=n_varying)
    mde = float(np.expm1(detectable(found)))
    return ClaimResult(
        claim,
        verdict,
        _sentence(claim, verdict, found, q, mde),
        reason,
        n_posts=len(panel),
        n_exposed=n_exposed(panel),
        n_authors=found.n_authors,
        n_varying=n_varying,
        rungs=(*tried.rungs, *(() if double is None else ((DOUBLE, double.slope),))),
        q=q,
        mde=mde,
        needed_10=posts_needed(found, 0.1),
        double=double,
        wald=interaction(frame, claim, panel, tried.partialled, found.df),
        mediation=mediation(frame, claim, panel, tried.partialled, seed=seed),
        falsifications=tries,
        corrected=corrected(claim, panel, found),
    )


def _sentence(claim: Claim, verdict: str, found: Slope, q: float, mde: float) -> Note:
    values = {
        "claim": claim.said("en"),
        "effect": found.effect,
        "lo": found.effect_lo,
        "hi": found.effect_hi,
        "q": q,
        "mde": mde,
        "n_posts": found.n_posts,
        "n_authors": found.n_authors,
    }
    return Note(DECIDED[verdict], values)
