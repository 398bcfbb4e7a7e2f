"""``otklik experiment``: variants drawn by the tool, and what came of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from otklik.cli import options, session
from otklik.cli.session import _

if TYPE_CHECKING:
    from otklik.settings import Settings
    from otklik.store import Store, Variant

Name = Annotated[str, typer.Argument(metavar="NAME", help=_("What the experiment is called."))]


def new(
    name: Name,
    more: Annotated[
        list[str] | None, typer.Argument(metavar="[VARIANT]...", help=_("Variants after the first, see --variants."))
    ] = None,
    author: Annotated[
        str, typer.Option("--author", metavar="PLATFORM:ID", help=_("Who publishes, as in vk:-1 or youtube:UC..."))
    ] = "",
    variants: Annotated[
        list[str] | None,
        typer.Option(
            "--variants",
            metavar="LABEL",
            help=_('The variants, the one under test first: "with sign" "without sign"; a label may go on: "A=what".'),
        ),
    ] = None,
    outcome: Annotated[str, typer.Option("--outcome", help=_("reach, sharing or reactions, at 24 h."))] = "reach",
    per_variant: Annotated[
        int | None, typer.Option("--per-variant", metavar="N", help=_("Stop after so many posts of each variant."))
    ] = None,
    effect: Annotated[
        str | None, typer.Option("--effect", metavar="20%", help=_("Plan as many posts as this effect needs."))
    ] = None,
    block: Annotated[
        str | None, typer.Option("--block", help=_("Draw inside each week or kind (default: what loses less)."))
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help=_("Kind of the posts, as in short (default: the author's commonest)."))
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help=_("Of the draw (default: a random one, kept)."))] = None,
    workspace: options.Workspace = None,
    zone: options.Zone = None,
    json: options.Json = None,
) -> None:
    """Parse, calculate, fix, tell."""
    from otklik import experiments
    from otklik.cli import render_experiment

    chosen = session.settings(workspace=workspace, zone=zone)
    wish = experiments.Wish(
        name=name,
        author=_pair(author, "--author"),
        variants=tuple(_variant(text) for text in [*(variants or []), *(more or [])]),
        outcome=outcome,
        per_variant=per_variant,
        effect=None if effect is None else _share(effect),
        blocks=block,
        kind=kind,
        seed=seed,
        zone=chosen.zone,
    )
    with _open(chosen) as store:
        found = experiments.plan(store, wish, _now(chosen))
        simulated = _is_simulated(store)
    if not session.write_json(_plain(found), json):
        render_experiment.plan(found, wish, simulated)


def assign(
    name: Name,
    title: Annotated[
        str | None,
        typer.Option("--post-plan", metavar="TITLE", help=_("The next post, said before its variant is known.")),
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", help=_("Names the request: the same key gets the same answer."))
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help=_("Kind of the next post, where blocks are kinds."))
    ] = None,
    post: Annotated[
        str | None, typer.Option("--post", metavar="PLATFORM:ID", help=_("The published post of an assignment."))
    ] = None,
    number: Annotated[
        int | None, typer.Option("--number", metavar="N", help=_("Which assignment the post came of."))
    ] = None,
    used: Annotated[
        str | None, typer.Option("--used", metavar="LABEL", help=_("The variant really used, if not the one drawn."))
    ] = None,
    correct: Annotated[bool, typer.Option("--correct", help=_("The link made before was a mistake."))] = False,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, draw or link, tell."""
    from otklik import experiments
    from otklik.cli import render_experiment
    from otklik.errors import ConfigurationError

    chosen = session.settings(workspace=workspace)
    if post is None and (number is not None or used is not None or correct):
        raise ConfigurationError("--number, --used and --correct go with --post PLATFORM:ID")
    if post is not None and (title is not None or kind is not None):
        raise ConfigurationError("--post tells what was published and --post-plan what will be: give one of them")
    whose = None if post is None else _pair(post, "--post")
    with _open(chosen) as store:
        now = _now(chosen)
        if whose is None:
            drawn, is_new = experiments.assign(store, name, now, title=title, key=key, kind=kind)
            told = {**asdict(drawn), "is_new": is_new}
        else:
            drawn, linked, is_new = experiments.link(
                store, name, whose, now, number=number, key=key, used=used, correct=correct
            )
            told = {**asdict(drawn), "post": post, "used": linked.used, "is_new": is_new}
        experiment = experiments.named(store, name)
    if session.write_json(told, json):
        return
    if whose is None:
        render_experiment.drawn(experiment, drawn, is_new)
    else:
        render_experiment.linked(drawn, ":".join(whose), linked.used, is_new)


def result(
    name: Name,
    workspace: options.Workspace = None,
    zone: options.Zone = None,
    json: options.Json = None,
) -> None:
    """Parse, analyse, print."""
    from otklik import experiments
    from otklik.cli import render_experiment

    chosen = session.settings(workspace=workspace, zone=zone)
    with _open(chosen) as store:
        found = experiments.result(store, name, _now(chosen))
        simulated = _is_simulated(store)
    if not session.write_json({**_plain(found), "is_simulated": simulated}, json):
        render_experiment.result(found, simulated)


def listed(workspace: options.Workspace = None, zone: options.Zone = None, json: options.Json = None) -> None:
    """Parse, read, print."""
    from otklik.cli import render_experiment
    from otklik.experiments import in_force
    from otklik.store import Experiments

    chosen = session.settings(workspace=workspace, zone=zone)
    with _open(chosen) as store:
        kept = Experiments(store)
        found = [(one, len(kept.assignments(one.key)), len(in_force(kept.links(one.key)))) for one in kept.all()]
    told = [{**asdict(one), "n_assigned": n_drawn, "n_linked": n_linked} for one, n_drawn, n_linked in found]
    if not session.write_json(told, json):
        render_experiment.listed(found, chosen.zone)


def _open(chosen: Settings) -> Store:
    from otklik.store import Store

    return Store.open(chosen.store)


def _now(chosen: Settings) -> Any:
    from otklik.collecting import clock_of

    return clock_of(chosen).now()


def _is_simulated(store: Store) -> bool:
    from otklik.store import NATURE, SIMULATED, Tracks

    return Tracks(store).mark(NATURE) == SIMULATED


def _plain(value: Any) -> dict[str, Any]:
    """A value as plain types; its notes as sentences, and no infinity, which JSON lacks."""
    told = asdict(value)
    told["notes"] = [str(note) for note in value.notes]
    if "history" in told and told["history"]["per_stratum"] == float("inf"):
        told["history"]["per_stratum"] = None
    return told


def _variant(text: str) -> Variant:
    from otklik.store import Variant

    label, _equals, description = text.partition("=")
    return Variant(label.strip(), description.strip() or None)


def _share(text: str) -> float:
    """An effect out of ``20%``."""
    from otklik.errors import ConfigurationError

    number = text.strip().removesuffix("%").strip().replace(",", ".")
    if not text.strip().endswith("%") or not number.replace(".", "", 1).isdecimal():
        raise ConfigurationError("expected an effect such as 20%, but got {text!r}", text=text)
    return float(number) / 100


def _pair(text: str, option: str) -> tuple[str, str]:
    """Platform and id out of ``vk:-1``."""
    from otklik.errors import ConfigurationError

    platform, colon, one = text.partition(":")
    if not (platform and colon and one):
        raise ConfigurationError(
            "{option} expects a platform and an id such as vk:-1, but got {text!r}", option=option, text=text
        )
    return platform, one
