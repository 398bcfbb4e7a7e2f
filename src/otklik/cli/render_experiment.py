"""Experiments on the terminal: what is planned, what was drawn, what came of it."""

from __future__ import annotations

import math
import shlex
from typing import TYPE_CHECKING

from otklik.cli import session
from otklik.cli.session import _
from otklik.language import factor, moment, number, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from otklik.experiments import Arm, Contrast, Entry, Plan, Result, Wish
    from otklik.store import Assignment, Experiment

NAMES = {
    "reach": "views at 24 h",
    "sharing": "reposts per view at 24 h",
    "reactions": "likes at 24 h",
    "week": "week",
    "kind": "kind of post",
}
HEADS = ("variant", "drawn", "published", "with an outcome", "too young", "lost", "other variant used", "median count")
LISTED = ("name", "author", "outcome", "since", "drawn", "published", "planned")
POWER = ("posts per variant", "smallest effect")
SPREAD = {
    True: "Spread of this author inside blocks: {factor} (one standard deviation; posts: {n}, kind: {kind}).",
    False: "Spread of a typical author: {factor} (one standard deviation).",
}
SIZES = {
    True: "{n} posts of each variant find an effect of {effect} in four of five experiments.",
    False: "{n} posts of each variant find no effect that is worth the name.",
}
DRAWN = {
    True: "#{n}: publish with «{variant}». Then: `otklik experiment assign {name} --post PLATFORM:ID`.",
    False: "#{n} was drawn before and stays: «{variant}».",
}
LINKED = {
    True: "#{n} («{variant}») has the post {post} from now on.",
    False: "#{n} («{variant}») has the post {post} already.",
}
VERDICTS = {
    "supported": "Supported: «{variant}» does better than «{against}».",
    "contradicted": "Contradicted: «{variant}» does worse than «{against}».",
    "inconclusive": "Inconclusive: «{variant}» against «{against}» may be better or worse.",
}
DRAWS = {
    True: "all {n} arrangements that the draw could have given",
    False: "{n} arrangements drawn at random, the real one among them",
}
LEAST_P = 0.001
MOST_SHOWN = 20
"""So many posts without an outcome are listed; --json has them all."""


def plan(found: Plan, wish: Wish, simulated: bool) -> None:
    """What is fixed, and what it can find."""
    _mark(simulated)
    if found.experiment is None:
        _say(_("Nothing is fixed yet: add --per-variant N or --effect 20%."), "bold")
    else:
        _fixed(found.experiment)
    past = found.history
    spread = factor(math.exp(past.sd), session.lang)
    _say(_(SPREAD[past.is_own], factor=spread, n=past.n, kind=_(past.kind or "—")))
    table = _table(POWER)
    for rung in found.rungs:
        table.add_row(number(rung.per_variant, session.lang), _effect(rung.effect))
    session.out().print(table)
    _size(found, len(wish.variants))
    for note in found.notes:
        _say(_(note.template, **note.values), "yellow")


def drawn(experiment: Experiment, one: Assignment, is_new: bool) -> None:
    """The variant of the next post."""
    _say(_(DRAWN[is_new], n=one.number, variant=_own(one.variant), name=_own(shlex.quote(experiment.name))), "bold")
    description = next((each.description for each in experiment.variants if each.label == one.variant), None)
    if description:
        _say(description)


def linked(one: Assignment, post: str, used: str | None, is_new: bool) -> None:
    """The post of an assignment."""
    _say(_(LINKED[is_new], n=one.number, variant=_own(one.variant), post=post))
    if used is not None and used != one.variant:
        _say(_("Noted: «{used}» was used. The post counts as drawn.", used=_own(used)), "yellow")


def result(found: Result, simulated: bool) -> None:
    """Arms, effects, verdicts, remarks, and every post without an outcome."""
    _mark(simulated)
    _say(
        _(
            "Experiment {name}: {outcome}, {author}.",
            name=_own(found.name),
            outcome=_(NAMES[found.outcome]),
            author=found.author,
        ),
        "bold",
    )
    progress = {"linked": found.n_linked, "planned": found.planned, "outcome": found.n_outcome}
    _say(_("Posts: {linked} of {planned} planned, {outcome} with an outcome.", **progress))
    _arms(found.arms)
    for one in found.contrasts:
        _contrast(one)
    for note in found.notes:
        _say(_(note.template, **note.values), "yellow")
    _missing([entry for entry in found.entries if entry.why_not is not None])


def listed(found: Sequence[tuple[Experiment, int, int]], zone: str) -> None:
    """Every experiment, a row each."""
    if not found:
        _say(_("There are no experiments yet: `otklik experiment new` begins one."))
        return
    table = _table(LISTED)
    for one, n_drawn, n_linked in found:
        counts = (number(n, session.lang) for n in (n_drawn, n_linked, one.planned))
        since = moment(one.made_at, zone, session.lang)
        author = session.clean(f"{one.platform}:{one.author_id}")
        table.add_row(session.clean(one.name), author, _(NAMES[one.outcome]), since, *counts)
    session.out().print(table)


def _fixed(one: Experiment) -> None:
    _say(_("Fixed from now on: {name}, {n} posts.", name=_own(one.name), n=one.planned), "bold")
    first, *others = one.variants
    _say(_("Under test: «{variant}».", variant=_own(first.label)))
    for other in others:
        _say(_("Compared with: «{variant}».", variant=_own(other.label)))
    _say(
        _(
            "Outcome: {outcome}. Drawn inside each {blocks} ({zone}); seed {seed}.",
            outcome=_(NAMES[one.outcome]),
            blocks=_(NAMES[one.blocks]),
            zone=one.zone,
            seed=str(one.seed),
        )
    )


def _size(found: Plan, n_variants: int) -> None:
    if found.per_variant is None:
        return
    _say(_(SIZES[found.smallest is not None], n=found.per_variant, effect=_effect(found.smallest)))
    if found.weeks is not None:
        pace = session.number(found.history.per_week, 1)
        weeks = session.number(math.ceil(found.weeks))
        _say(
            _(
                "That is {posts} posts: about {weeks} weeks at {pace} posts a week.",
                posts=found.per_variant * n_variants,
                weeks=weeks,
                pace=pace,
            )
        )


def _arms(arms: Sequence[Arm]) -> None:
    table = _table(HEADS)
    for arm in arms:
        counts = (arm.n_assigned, arm.n_linked, arm.n_outcome, arm.n_young, arm.n_lost, arm.n_other)
        median = "—" if arm.median is None else session.number(arm.median)
        table.add_row(session.clean(arm.variant), *(session.number(n) for n in counts), median)
    session.out().print(table)


def _contrast(one: Contrast) -> None:
    if one.verdict is not None:
        _say(_(VERDICTS[one.verdict], variant=_own(one.variant), against=_own(one.against)), "bold")
    if one.effect is None or one.p is None:
        return
    values = {
        "variant": _own(one.variant),
        "against": _own(one.against),
        "effect": _signed(one.effect),
        "low": _signed(one.low) if one.low is not None else "−∞",
        "high": _signed(one.high) if one.high is not None else "+∞",
        "level": percent(one.level, session.lang, 0 if one.level == 0.95 else 1),
        "p": f"< {session.number(LEAST_P, 3)}" if one.p < LEAST_P else f"= {session.number(one.p, 3)}",
    }
    _say(_("«{variant}» against «{against}»: {effect}, {level} interval from {low} to {high}; p {p}.", **values))
    _say(_("p comes from {arrangements}.", arrangements=_(DRAWS[one.is_exact], n=one.n_arrangements)), "dim")
    if one.smallest is not None:
        _say(_("Such an experiment finds {effect} in four of five cases.", effect=_effect(one.smallest)), "dim")


def _missing(entries: Sequence[Entry]) -> None:
    for one in entries[:MOST_SHOWN]:
        what = one.post or one.title or "—"
        why = _(one.why_not or "")
        _say(
            _(
                "without an outcome: #{n} «{variant}», {what}: {why}",
                n=one.number,
                variant=_own(one.variant),
                what=_own(what),
                why=why,
            ),
            "dim",
        )
    if len(entries) > MOST_SHOWN:
        _say(_("and {n} more; --json has them all", n=len(entries) - MOST_SHOWN), "dim")


def _effect(value: float | None) -> str:
    return "—" if value is None else _signed(value)


def _signed(value: float) -> str:
    """A share with its sign.

    A tenth of a per cent says nothing beside what such intervals leave open, except close to zero.
    """
    shown = percent(abs(value), session.lang, 1 if abs(value) < 0.0995 else 0)
    return ("−" if value < 0 else "+") + shown


def _table(heads: Sequence[str]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for head in heads:
        is_text = head in ("variant", "name", "author", "outcome", "since")
        table.add_column(_(head), justify="left" if is_text else "right")
    return table


def _mark(simulated: bool) -> None:
    if simulated:
        _say(_("Simulated data."), "bold yellow")


def _say(text: str, style: str = "") -> None:
    session.tell(session.out(), session.clean(text), style)


def _own(text: str) -> str:
    """A person's own words: a variant called "video" is not translated. Cleaning takes the mark out again."""
    return text + "\0"
