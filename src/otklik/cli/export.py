"""``otklik export``: a table for another program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _

if TYPE_CHECKING:
    from otklik.exporting import Exported


def run(
    what: Annotated[str, typer.Argument(metavar="WHAT", help=_("posts, snapshots, features or evaluation."))],
    to: Annotated[
        Path,
        typer.Option("--to", metavar="FILE", help=_("The file to write: .csv, .xlsx, .parquet or .json.")),
    ],
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help=_("Folder of posts and snapshots (default: the store).")),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="TIME", help=_("What was known at this time (default: now).")),
    ] = None,
    sep: Annotated[str, typer.Option("--sep", help=_("What parts the cells of CSV: , ; | or tab."))] = ",",
    decimal: Annotated[str, typer.Option("--decimal", help=_("Decimal sign of CSV: . or ,"))] = ".",
    bom: Annotated[bool, typer.Option("--bom", help=_("Tell Excel that the CSV is UTF-8."))] = False,
    model: Annotated[
        Path | None,
        typer.Option("--model", metavar="DIR", help=_("The model to evaluate (default: train and test anew).")),
    ] = None,
    target: options.Target = "views_24h",
    zone: options.Zone = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, export, report."""
    from otklik.exporting import Asked, CsvStyle, export

    chosen = session.settings(workspace=workspace, zone=zone)
    asked = Asked(
        what=what,
        store=chosen.store,
        zone=chosen.zone,
        lang=chosen.lang,
        as_of=session.instant(as_of, chosen.zone),
        data=data,
        target=target,
        model=_found(model, chosen.workspace),
    )
    style = CsvStyle("\t" if sep in ("tab", "\\t") else sep, decimal, bom)
    with session.progress() as move:
        done = export(asked, to, style, move)
    if not session.write_json(_plain(done), json):
        _render(done)


def _found(model: Path | None, workspace: Path) -> Path | None:
    from otklik.settings import find_model

    return None if model is None else find_model(model, workspace)


def _plain(done: Exported) -> dict[str, object]:
    from dataclasses import asdict

    return {**asdict(done), "file": str(done.file)}


def _render(done: Exported) -> None:
    from otklik.exporting.sheet import changes

    console = session.out()
    told = _("{name}: {n} rows, {columns} columns: {file}", name=_(done.what), n=done.n_rows, columns=done.n_columns,
             file=done.file)  # fmt: skip
    session.tell(console, session.clean(told))
    session.tell(console, session.clean(done.citation), "dim")
    for line in changes(done.n_neutral, done.n_cut, session.lang):
        session.tell(console, line, "dim")
