"""``otklik schedule``: units that make a machine collect by itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _


def run(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=_("systemd, cron or github-actions."))],
    minutes: Annotated[int, typer.Option("--minutes", metavar="N", help=_("Minutes between passes."))] = 5,
    workspace: options.Workspace = None,
) -> None:
    """Parse, print."""
    from otklik.tracking.timers import unit

    chosen = session.settings(workspace=workspace)
    program = Path(sys.executable).with_name("otklik")
    sys.stdout.write(unit(kind, program, chosen.workspace.resolve(), minutes))
