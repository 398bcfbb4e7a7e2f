"""``otklik train``: a model from folders or the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _

if TYPE_CHECKING:
    from otklik.models.card import Card
    from otklik.promoting import Trial
    from otklik.settings import Settings

HEADS = ("task", "n", "challenger", "champion", "error ratio (95 %)")
TASKS = {"all": "all", "draft": "drafts", "live": "posts that are out"}
OUTCOMES = {
    "promoted": "The challenger is better. Trained on everything, it takes the place of {folder}; "
    "the old model is kept in {previous}.",
    "there was no model": "There was no model in {folder}: this one is the first, so nothing was compared.",
    "too few posts new to both models": "The champion stays: posts new to both models: {n}, needed: {least}.",
    "too few posts to learn from before them": "The champion stays: posts to learn from before those that judge: "
    "{n}, needed: {least}.",
    "too few authors and weeks to tell chance from skill": "The champion stays: the posts that judge come from too "
    "few authors and weeks to tell skill from chance.",
    "the champion does not forecast this target": "The champion stays: it was not trained for {target}.",
    "not better beyond chance": "The champion stays: the challenger is not better beyond chance.",
    "worse beyond chance at drafts or at live posts": "The champion stays: the challenger is worse at drafts or at "
    "live posts.",
    "its intervals are farther from their promise": "The champion stays: the challenger's 80 % intervals are farther "
    "from 80 %.",
}
"""What a trial ended with, by its reason."""
DRAWN = {
    "authors": "95 % intervals: whole authors drawn with replacement, both models on the same posts.",
    "weeks": "95 % intervals: whole weeks of an author drawn with replacement, both models on the same posts.",
}


def run(
    out: Annotated[Path, typer.Option("--out", metavar="MODELDIR", help=_("Folder for the model."))],
    data: Annotated[
        list[Path] | None,
        typer.Option(
            "--data", metavar="DIR", help=_("Folder of posts and snapshots, repeatable (default: the store).")
        ),
    ] = None,
    target: options.Target = "views_24h",
    if_better: Annotated[
        bool,
        typer.Option("--if-better", help=_("Replace the model only by one that is better on the newest posts.")),
    ] = False,
    zone: options.Zone = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, train, show the card."""
    from otklik import workflows

    chosen = session.settings(workspace=workspace, zone=zone)
    if if_better:
        _try(list(data or []), target, out, chosen, json)
        return
    with session.progress() as move:
        card = workflows.train(list(data or []), chosen.store, target, chosen.zone, out, move)
    if not session.write_json(card.to_dict(), json):
        _card(card, out)


def _try(data: list[Path], target: str, out: Path, chosen: Settings, json: str | None) -> None:
    """A challenger against the model that is there; the test is printed whatever comes of it."""
    from otklik import promoting, workflows
    from otklik.dataset.reading import read_corpus

    with session.progress() as move:

        def fit(folder: Path) -> Card:
            return workflows.train(data, chosen.store, target, chosen.zone, folder, move)

        corpus = read_corpus(data, chosen.store)
        found, card = promoting.if_better(corpus, target, chosen.zone, out, fit, move)
    if session.write_json({"trial": found.to_dict(), "card": card.to_dict() if card else None}, json):
        return
    _trial(found, out, target)
    if card is not None:
        _card(card, out)


def _trial(found: Trial, out: Path, target: str) -> None:
    from otklik import promoting
    from otklik.language import percent

    console = session.out()
    if found.since is not None:
        since = found.since.date().isoformat()
        text = _(
            "Judged on the newest posts, new to both models: {n}, authors: {authors}, published since {since}.",
            n=found.n_posts,
            authors=found.n_authors,
            since=since,
        )
        session.tell(console, text, "bold")
    if found.ratios:
        _ratios(found)
        session.tell(console, _(DRAWN[found.drawn]), "dim")
        ours, theirs = (
            percent(share or 0.0, session.lang) for share in (found.coverage_challenger, found.coverage_champion)
        )
        session.tell(
            console,
            _("Outcomes inside the 80 % interval: challenger {ours}, champion {theirs}.", ours=ours, theirs=theirs),
        )
    is_few = found.reason == promoting.TOO_FEW
    values = {
        "folder": out,
        "previous": out.with_name(out.name + ".previous"),
        "target": target,
        "n": found.n_posts if is_few else found.n_train,
        "least": promoting.MIN_TEST if is_few else promoting.MIN_TRAIN,
    }
    session.tell(console, _(OUTCOMES[found.reason], **values), "bold")


def _ratios(found: Trial) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in HEADS:
        table.add_column(_(name), justify="left" if not table.columns else "right")
    for one in found.ratios:
        errors = (session.number(value, 3) for value in (one.challenger, one.champion))
        ratio, low, high = (session.number(value, 3) for value in (one.ratio, one.low, one.high))
        table.add_row(_(TASKS[one.name]), session.number(one.n), *errors, f"×{ratio} ({low} – {high})")
    session.out().print(table)


def _card(card: Card, out: Path) -> None:
    from otklik.cli.render_evaluation import main_table

    console = session.out()
    learned = card.trained_on[0]
    text = _(
        "{out} learned from {n} posts of {authors} authors ({data}), published until {until}.",
        out=out,
        n=learned["n_labelled"],
        authors=learned["n_authors"],
        data=learned["data"],
        until=card.trained_until.date().isoformat(),
    )
    session.tell(console, text)
    session.tell(console, _("Its backtest on the training data, before the last fit:"), "bold")
    for table in main_table(card.metrics):
        console.print(table)
