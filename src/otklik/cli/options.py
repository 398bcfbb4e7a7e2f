"""Options that several verbs take, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from otklik.cli.session import _

Workspace = Annotated[
    Path | None,
    typer.Option("--workspace", metavar="DIR", help=_("Folder of otklik.toml and the store (default: here).")),
]
Json = Annotated[
    str | None, typer.Option("--json", metavar="FILE", help=_("Write the result as JSON; - is standard output."))
]
Zone = Annotated[
    str | None, typer.Option("--zone", metavar="ZONE", help=_("The audience's time zone (default: Europe/Moscow)."))
]
Model = Annotated[
    Path | None, typer.Option("--model", metavar="DIR", help=_("Folder of the model (default: models/starter)."))
]
Target = Annotated[str, typer.Option("--target", metavar="TARGET", help=_("views_24h, reactions_24h or mature."))]


def example(command: str) -> str:
    """The end of a verb's help: a line to copy."""
    return _("Example:") + f" [bold]{command}[/bold]  ·  " + _("everywhere: --lang ru|en, --debug")
