"""``otklik train``: a model from folders or the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _


def run(
    out: Annotated[Path, typer.Option("--out", metavar="MODELDIR", help=_("Folder for the model."))],
    data: Annotated[
        list[Path] | None,
        typer.Option(
            "--data", metavar="DIR", help=_("Folder of posts and snapshots, repeatable (default: the store).")
        ),
    ] = None,
    target: options.Target = "views_24h",
    zone: options.Zone = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, train, show the card."""
    from otklik import workflows
    from otklik.cli.render_evaluation import main_table

    chosen = session.settings(workspace=workspace, zone=zone)
    with session.progress() as move:
        card = workflows.train(list(data or []), chosen.store, target, chosen.zone, out, move)
    if session.write_json(card.to_dict(), json):
        return
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
