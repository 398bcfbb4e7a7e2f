"""What came of an experiment: who is in, who is not and why, effects by randomisation inference, and a verdict.

A verdict is given only when the plan is fulfilled: as many posts as were planned are linked, and each of them is old
enough. Posts are analysed by the variant that was drawn for them, whatever was used in the end (intention to treat).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from otklik.experiments.drawing import in_force, named
from otklik.experiments.inference import ALPHA, Comparison, compare
from otklik.experiments.noting import notes_of
from otklik.experiments.outcomes import NOT_STORED, TOO_YOUNG, Outcomes, outcomes_of
from otklik.experiments.randomisation import EXACT, Posts
from otklik.models.forecast import Note
from otklik.store import Assignment, Experiment, Experiments, Link, Store

SUPPORTED: Final = "supported"
CONTRADICTED: Final = "contradicted"
INCONCLUSIVE: Final = "inconclusive"
VERDICTS = (SUPPORTED, CONTRADICTED, INCONCLUSIVE)
NOT_LINKED = "no post is linked yet"


@dataclass(frozen=True, slots=True)
class Entry:
    """One assignment and what came of it."""

    number: int
    variant: str
    title: str | None
    post: str | None
    """Platform and id."""
    used: str | None
    y: float | None
    """Log outcome."""
    count: float | None
    """Counter of the outcome at 24 h."""
    why_not: str | None
    """Why there is no outcome."""
    stratum: str
    block: int
    copies: int


@dataclass(frozen=True, slots=True)
class Arm:
    """What became of the assignments of one variant."""

    variant: str
    n_assigned: int
    n_linked: int
    n_outcome: int
    n_young: int
    """Censored: they will count."""
    n_lost: int
    """Linked, old enough, and without an outcome."""
    n_other: int
    """Published with another variant than the one drawn."""
    median: float | None
    """Median counter of the outcome at 24 h."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """The variant under test against another one; effects are shares (0.2 is 20 % more)."""

    variant: str
    against: str
    n: int
    n_against: int
    effect: float | None
    low: float | None
    high: float | None
    level: float
    """Level of the interval, such as 0.95."""
    p: float | None
    n_arrangements: int
    is_exact: bool
    smallest: float | None
    """The smallest effect that such an experiment finds in four of five cases."""
    verdict: str | None
    """supported, contradicted or inconclusive; ``None`` before the plan is fulfilled."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an experiment."""

    name: str
    author: str
    outcome: str
    blocks: str
    asked_at: datetime
    planned: int
    n_assigned: int
    n_linked: int
    n_outcome: int
    is_finished: bool
    arms: tuple[Arm, ...]
    contrasts: tuple[Contrast, ...]
    entries: tuple[Entry, ...]
    notes: tuple[Note, ...]


def result(store: Store, name: str, now: datetime, n_draws: int = EXACT) -> Result:
    """What came of an experiment, as far as it is known.

    Args:
        store: where the experiment and the looks at its posts are.
        name: of the experiment.
        now: what is known at this instant.
        n_draws: as many arrangements are enumerated or drawn.

    Raises:
        ConfigurationError: when there is none of that name.
    """
    experiment, experiments = named(store, name), Experiments(store)
    past, log = experiments.assignments(experiment.key), experiments.links(experiment.key)
    links = in_force(log)
    since = past[0].assigned_at if past else now
    known = outcomes_of(store, (experiment.platform, experiment.author_id), experiment.outcome, now, since)
    entries = tuple(_entry(one, links.get(one.number), known) for one in past)
    is_finished = len(links) >= experiment.planned and not any(one.why_not == TOO_YOUNG for one in entries)
    arms = tuple(_arm(label, entries) for label in experiment.labels)
    contrasts = tuple(_contrasts(experiment, entries, is_finished, n_draws))
    n_outside = _outside(known, links, now if not is_finished else None)
    n_taken_back = sum(one.post is None for one in log)
    return Result(
        name=experiment.name,
        author=f"{experiment.platform}:{experiment.author_id}",
        outcome=experiment.outcome,
        blocks=experiment.blocks,
        asked_at=now,
        planned=experiment.planned,
        n_assigned=len(entries),
        n_linked=len(links),
        n_outcome=sum(one.y is not None for one in entries),
        is_finished=is_finished,
        arms=arms,
        contrasts=contrasts,
        entries=entries,
        notes=tuple(notes_of(experiment, arms, contrasts, entries, is_finished, n_outside, n_taken_back)),
    )


def verdict(low: float | None, high: float | None) -> str:
    """The word for an interval, by a rule fixed beforehand.

    >>> verdict(0.02, 0.4), verdict(-0.3, -0.1), verdict(-0.1, 0.4), verdict(None, None)
    ('supported', 'contradicted', 'inconclusive', 'inconclusive')
    """
    if low is not None and low > 0:
        return SUPPORTED
    if high is not None and high < 0:
        return CONTRADICTED
    return INCONCLUSIVE


def _outside(known: Outcomes, links: dict[int, Link], until: datetime | None) -> int:
    """Posts that came out between the first assignment and the last linked post (or an instant) without a link."""
    rows = [row for one in links.values() if one.post is not None and (row := known.row(*one.post)) is not None]
    last = len(known.posts) - 1 if until is not None else max(rows, default=-1)
    return last + 1 - len(rows)


def _entry(assignment: Assignment, link: Link | None, known: Outcomes) -> Entry:
    row = known.row(*link.post) if link is not None and link.post is not None else None
    y, count = (float("nan"), float("nan")) if row is None else (float(known.y[row]), float(known.count[row]))
    missing = NOT_LINKED if link is None else NOT_STORED if row is None else known.why_not[row]
    has_outcome = np.isfinite(y)
    return Entry(
        number=assignment.number,
        variant=assignment.variant,
        title=assignment.title,
        post=None if link is None else f"{link.platform}:{link.post_id}",
        used=None if link is None else link.used,
        y=y if has_outcome else None,
        count=count if has_outcome else None,
        why_not=missing,
        stratum=assignment.stratum,
        block=assignment.block,
        copies=assignment.copies,
    )


def _arm(label: str, entries: tuple[Entry, ...]) -> Arm:
    mine = [one for one in entries if one.variant == label]
    counts = [one.count for one in mine if one.count is not None]
    return Arm(
        variant=label,
        n_assigned=len(mine),
        n_linked=sum(one.post is not None for one in mine),
        n_outcome=sum(one.y is not None for one in mine),
        n_young=sum(one.why_not == TOO_YOUNG for one in mine),
        n_lost=sum(one.why_not not in (None, TOO_YOUNG, NOT_LINKED) for one in mine),
        n_other=sum(one.used not in (None, label) for one in mine),
        median=float(np.median(counts)) if counts else None,
    )


def _contrasts(experiment: Experiment, entries: tuple[Entry, ...], is_finished: bool, n_draws: int) -> list[Contrast]:
    first, *others = experiment.labels
    alpha = ALPHA / len(others)
    found = []
    for other in others:
        pair = [one for one in entries if one.variant in (first, other) and one.y is not None]
        compared = compare(_posts(pair, first), alpha, experiment.seed, n_draws)
        found.append(_contrast(first, other, compared, 1 - alpha, is_finished))
    return found


def _posts(pair: list[Entry], first: str) -> Posts:
    """The posts of two variants as arrays."""
    strata = {name: number for number, name in enumerate(dict.fromkeys(one.stratum for one in pair))}
    blocks = {key: number for number, key in enumerate(dict.fromkeys((one.stratum, one.block) for one in pair))}
    return Posts(
        y=np.array([one.y for one in pair], dtype=np.float64),
        is_first=np.array([one.variant == first for one in pair], dtype=bool),
        stratum=np.array([strata[one.stratum] for one in pair], dtype=np.int64),
        block=np.array([blocks[one.stratum, one.block] for one in pair], dtype=np.int64),
        copies=np.array([one.copies for one in pair], dtype=np.int64),
    )


def _contrast(first: str, other: str, compared: Comparison, level: float, is_finished: bool) -> Contrast:
    low, high = _share(compared.low), _share(compared.high)
    return Contrast(
        variant=first,
        against=other,
        n=compared.n_first,
        n_against=compared.n_other,
        effect=_share(compared.effect),
        low=low,
        high=high,
        level=level,
        p=compared.p,
        n_arrangements=compared.n_arrangements,
        is_exact=compared.is_exact,
        smallest=_share(compared.detectable),
        verdict=verdict(low, high) if is_finished else None,
    )


def _share(log_effect: float | None) -> float | None:
    """A difference of logs as a share; ``None`` where it is not known or beyond what a float holds."""
    return None if log_effect is None or log_effect > 700 else float(np.expm1(log_effect))
