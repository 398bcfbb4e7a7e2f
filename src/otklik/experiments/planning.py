"""Fixing an experiment before its start: variants, outcome, blocks, seed, stopping rule, and what it could find."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from otklik.errors import ConfigurationError
from otklik.experiments.blocks import STRATA, WEEK
from otklik.experiments.drawing import check_text
from otklik.experiments.outcomes import OUTCOMES, SHARING, outcomes_of
from otklik.experiments.power import (
    FEW,
    LADDER,
    MIN_EFFICIENCY,
    MOST,
    History,
    history_of,
    posts_needed,
    smallest_effect,
)
from otklik.models.forecast import Note
from otklik.records import Platform
from otklik.store import Experiment, Experiments, Store, Variant
from otklik.units import DAY, zone

MOST_VARIANTS = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for."""

    name: str
    author: tuple[str, str]
    """Platform and id."""
    variants: tuple[Variant, ...]
    outcome: str = "reach"
    per_variant: int | None = None
    effect: float | None = None
    """Wanted instead of a number of posts: 0.2 is 20 %."""
    blocks: str | None = None
    kind: str | None = None
    seed: int | None = None
    zone: str = "Europe/Moscow"


@dataclass(frozen=True, slots=True)
class Rung:
    """What an experiment of some size could find."""

    per_variant: int
    effect: float | None
    """The smallest effect found in four of five experiments; ``None`` where none is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An experiment and what can be said of it before its start."""

    experiment: Experiment | None
    """``None`` when nothing is fixed yet, as neither a number of posts nor an effect was asked for."""
    history: History
    rungs: tuple[Rung, ...]
    per_variant: int | None
    smallest: float | None
    """The smallest effect that the plan would find in four of five experiments."""
    weeks: float | None
    """How long the plan takes at the author's pace."""
    notes: tuple[Note, ...]


def plan(store: Store, wish: Wish, now: datetime) -> Plan:
    """Check a wish, calculate its power, and fix the experiment where its size is said.

    Args:
        store: where the author's history is, and where the experiment is kept.
        wish: what is asked for.
        now: the instant.

    Raises:
        ConfigurationError: when the wish cannot be an experiment, or there is one of that name.
    """
    _check(wish)
    experiments = Experiments(store)
    if experiments.named(wish.name) is not None:
        raise _taken(wish.name)
    if not experiments.knows_author(*wish.author):
        raise ConfigurationError(
            "nothing is known of the author {author}: follow it with `otklik track add` or import its posts first",
            author=":".join(wish.author),
        )
    k = len(wish.variants)
    past = outcomes_of(store, wish.author, wish.outcome, now)
    history = history_of(past, wish.outcome, wish.kind, wish.blocks, k, wish.zone, now)
    per_variant = wish.per_variant or (None if wish.effect is None else _needed(history, wish.effect, k))
    planned = Plan(
        experiment=None,
        history=history,
        rungs=tuple(Rung(n, smallest_effect(history, n, k)) for n in LADDER),
        per_variant=per_variant,
        smallest=None if per_variant is None else smallest_effect(history, per_variant, k),
        weeks=per_variant * k / history.per_week if per_variant and history.per_week else None,
        notes=tuple(_notes(history, wish, k)),
    )
    return planned if per_variant is None else replace(planned, experiment=_fix(experiments, wish, planned, now))


def _fix(experiments: Experiments, wish: Wish, planned: Plan, now: datetime) -> Experiment:
    past = asdict(planned.history)
    fixed = experiments.add(
        Experiment(
            name=wish.name,
            platform=wish.author[0],
            author_id=wish.author[1],
            variants=wish.variants,
            outcome=wish.outcome,
            horizon_h=DAY,
            blocks=planned.history.blocks,
            zone=wish.zone,
            seed=secrets.randbelow(2**31) if wish.seed is None else wish.seed,
            planned=(planned.per_variant or 0) * len(wish.variants),
            made_at=now,
            foreseen={name: past[name] for name in _FORESEEN} | {"smallest": planned.smallest},
        )
    )
    if fixed is None:
        raise _taken(wish.name)
    return fixed


_FORESEEN = ("sd", "n", "kind", "per_week", "efficiency")


def _check(wish: Wish) -> None:
    labels = [one.label for one in wish.variants]
    for text in (wish.name, *labels):
        check_text(text)
    if len(labels) < 2:
        raise ConfigurationError(
            "an experiment compares two variants or more, but got {n}: name them after --variants", n=len(labels)
        )
    if len(set(labels)) < len(labels) or len(labels) > MOST_VARIANTS:
        raise ConfigurationError(
            "expected up to {most} variants of different names, but got {names}",
            most=MOST_VARIANTS,
            names=", ".join(labels),
        )
    _one_of("--outcome", wish.outcome, OUTCOMES)
    _one_of("--block", wish.blocks or WEEK, STRATA)
    zone(wish.zone)
    if wish.outcome == SHARING and wish.author[0] == Platform.YOUTUBE:
        raise ConfigurationError("YouTube does not tell how often a video is shared: choose reach or reactions")
    _check_size(wish)


def _check_size(wish: Wish) -> None:
    if wish.per_variant is not None and wish.effect is not None:
        raise ConfigurationError("--per-variant and --effect both say how large the experiment is: give one of them")
    if wish.per_variant is not None and not 2 <= wish.per_variant <= MOST:
        raise ConfigurationError("expected 2 to {most} posts per variant, but got {n}", most=MOST, n=wish.per_variant)
    if wish.effect is not None and not 0 < wish.effect <= 10:
        raise ConfigurationError(
            "expected an effect between 0 and 1000%, such as 20%, but got {effect:.0%}", effect=wish.effect
        )
    if wish.seed is not None and not 0 <= wish.seed < 2**63:
        raise ConfigurationError("expected a seed that is a whole number from 0 on, but got {seed}", seed=wish.seed)


def _one_of(option: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise ConfigurationError(
            "{option} expects one of {allowed}, but got {value!r}",
            option=option,
            allowed=", ".join(allowed),
            value=value,
        )


def _taken(name: str) -> ConfigurationError:
    return ConfigurationError(
        "there is an experiment {name} already, and what was fixed stays fixed: choose another name", name=repr(name)
    )


def _needed(history: History, effect: float, n_variants: int) -> int:
    found = posts_needed(history, effect, n_variants)
    if found is None:
        raise ConfigurationError(
            "an effect of {effect:.0%} cannot be found with {most} posts per variant: ask for a larger one",
            effect=effect,
            most=MOST,
        )
    return found


def _notes(history: History, wish: Wish, n_variants: int) -> list[Note]:
    found = []
    if not history.is_own:
        found.append(
            Note(
                "The author has {n} posts of this kind with an outcome, and {few} are needed: "
                "the spread of a typical author is used, so the numbers of posts are a guess.",
                {"n": history.n, "few": FEW},
            )
        )
    if history.blocks == WEEK and history.efficiency < MIN_EFFICIENCY:
        found.append(
            Note(
                "Weeks with so few posts seldom hold two variants, which are compared inside weeks only: "
                "`--block kind` loses less."
            )
        )
    elif smallest_effect(history, LADDER[0], n_variants) is None:
        found.append(Note("A dash: no outcome of so few posts could be surprising."))
    if n_variants > 2:
        found.append(Note("Each other variant is compared with the first; the level of 5% is divided among them."))
    return found
