"""What a reader of a result must know besides its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from otklik.experiments.outcomes import SHARING
from otklik.models.forecast import Note
from otklik.store import Experiment

if TYPE_CHECKING:
    from otklik.experiments.result import Arm, Contrast, Entry

MUCH_LOST = 0.1
"""When so large a share of a variant's assignments has no outcome, or shares differ by so much, it is told."""

MANY_ZERO = 0.25
"""When so large a share of the posts was never shared, it is told."""


def notes_of(
    experiment: Experiment,
    arms: Sequence[Arm],
    contrasts: Sequence[Contrast],
    entries: Sequence[Entry],
    is_finished: bool,
    n_outside: int,
    n_taken_back: int,
) -> Iterator[Note]:
    """The remarks on a result, the weightiest first.

    Args:
        experiment: the experiment.
        arms: what became of the assignments.
        contrasts: the comparisons.
        entries: every assignment.
        is_finished: whether the plan is fulfilled.
        n_outside: posts that the author published meanwhile without an assignment.
        n_taken_back: links that were taken back.
    """
    if not is_finished:
        n = sum(arm.n_outcome for arm in arms)
        yield Note(
            "A look before the end: {n} of {planned} planned posts have an outcome. There is no verdict before the "
            "plan is fulfilled, and stopping because of what is seen here would make the p value wrong.",
            {"n": n, "planned": experiment.planned},
        )
    yield from _losses(arms, is_finished)
    yield from _departures(arms, n_outside, n_taken_back)
    yield from _limits(contrasts)
    counts = [one.count for one in entries if one.count is not None]
    if experiment.outcome == SHARING and counts and counts.count(0.0) >= MANY_ZERO * len(counts):
        yield Note(
            "Posts without a single repost: {n}. Half a repost is added to each post, so effects look smaller than "
            "they are.",
            {"n": counts.count(0.0)},
        )


def _losses(arms: Sequence[Arm], is_finished: bool) -> Iterator[Note]:
    n_young, n_lost = sum(arm.n_young for arm in arms), sum(arm.n_lost for arm in arms)
    n_open = sum(arm.n_assigned - arm.n_linked for arm in arms)
    if n_young:
        yield Note("Posts younger than 24 h that do not count yet: {n}.", {"n": n_young})
    if n_lost:
        yield Note("Posts left out as their outcome is not known: {n}.", {"n": n_lost})
    if n_open:
        yield Note("Assignments without a post: {n}.", {"n": n_open})
    # Before the end the newest assignments lack an outcome for no other reason than their age.
    missing = [1 - arm.n_outcome / arm.n_assigned for arm in arms if arm.n_assigned] if is_finished else []
    if missing and (max(missing) >= MUCH_LOST or max(missing) - min(missing) >= MUCH_LOST):
        yield Note(
            "Outcomes are missing for up to {share}% of the assignments of a variant: if the variant itself is why, "
            "as when an unwelcome one is not published, the comparison is biased.",
            {"share": round(100 * max(missing))},
        )


def _departures(arms: Sequence[Arm], n_outside: int, n_taken_back: int) -> Iterator[Note]:
    n_other = sum(arm.n_other for arm in arms)
    if n_other:
        yield Note(
            "Posts published with another variant than the one drawn: {n}. They count as drawn, so the effect of what "
            "was really used is likely to be larger.",
            {"n": n_other},
        )
    if n_outside:
        yield Note("Posts that the author published meanwhile outside the experiment: {n}.", {"n": n_outside})
    if n_taken_back:
        yield Note("Links that were corrected: {n}; the log keeps them.", {"n": n_taken_back})


def _limits(contrasts: Sequence[Contrast]) -> Iterator[Note]:
    if any(one.effect is None for one in contrasts):
        yield Note("No week or kind holds posts of both variants with an outcome: there is nothing to compare yet.")
    elif any(one.low is None or one.high is None for one in contrasts):
        yield Note("The posts are too few to bound the effect: no arrangement of them would be surprising.")
    if len(contrasts) > 1:
        yield Note("Each other variant is compared with the first; the level of 5% is divided among them.")
