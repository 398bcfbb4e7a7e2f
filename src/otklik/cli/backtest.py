"""``otklik backtest``: train and test at a rolling origin."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _


def run(
    data: Annotated[Path, typer.Argument(metavar="DIR", help=_("Folder of posts and snapshots."))],
    target: options.Target = "views_24h",
    zone: options.Zone = None,
    ablation: Annotated[
        bool, typer.Option("--ablation", help=_("Tell what each group of text features adds, instead."))
    ] = False,
    json: options.Json = None,
) -> None:
    """Parse, test, print."""
    from otklik import workflows
    from otklik.cli.render_evaluation import render, render_ablation

    if ablation:
        with session.progress() as move:
            told = workflows.ablate(data, target, session.settings(zone=zone).zone, move)
        if not session.write_json(told.to_dict(), json):
            render_ablation(told)
        return

    with session.progress() as move:
        found = workflows.backtest(data, target, session.settings(zone=zone).zone, move)
    if not session.write_json(found.to_dict(), json):
        render(found)
