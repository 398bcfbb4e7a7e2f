"""``otklik evaluate``: a trained model on data it never saw."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _


def run(
    data: Annotated[Path, typer.Argument(metavar="DIR", help=_("Folder of posts and snapshots."))],
    model: options.Model = None,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="TARGET", help=_("What to judge (default: the model's first target).")),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option("--zone", metavar="ZONE", help=_("The audience's time zone (default: the model's).")),
    ] = None,
    json: options.Json = None,
) -> None:
    """Parse, judge, print."""
    from otklik import workflows
    from otklik.cli.render_evaluation import render

    found = workflows.evaluate(session.settings(model=model).model, data, target, zone)
    if not session.write_json(found.to_dict(), json):
        render(found)
