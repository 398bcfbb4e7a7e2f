"""``otklik init``: make a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from otklik.cli import session
from otklik.cli.session import _


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_("Where (default: here)."))] = Path(),
) -> None:
    """Parse, make, tell."""
    from otklik import workflows

    made = workflows.init(folder)
    session.tell(session.out(), _("The workspace is ready: {file}", file=made))
