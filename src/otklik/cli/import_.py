"""``otklik import``: files into the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _

if TYPE_CHECKING:
    from otklik.dataset.importing import ImportReport


def run(
    source: Annotated[list[Path], typer.Argument(metavar="SOURCE...", help=_("Folders or .parquet and .csv files."))],
    skip_bad_rows: Annotated[
        bool,
        typer.Option("--skip-bad-rows", help=_("Leave bad rows out and report them, instead of stopping.")),
    ] = False,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, import, report."""
    from otklik import workflows

    store = session.settings(workspace=workspace).store
    with session.progress() as move:
        report = workflows.import_tables(source, store, move, skip_bad_rows)
    if not session.write_json(report.to_dict(), json):
        _render(report)


def _render(report: ImportReport) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in (_("table"), _("rows read"), _("new"), _("there already"), _("changed"), _("skipped")):
        table.add_column(name, justify="left" if not table.columns else "right")
    for part in report.tables:
        numbers = (part.n_read, part.n_new, part.n_same, part.n_changed, sum(part.skipped.values()))
        table.add_row(part.name, *(session.number(value) for value in numbers))
    console = session.out()
    console.print(table)
    for part in report.tables:
        for reason, count in part.skipped.items():
            session.tell(console, f"  {_('skipped')} {session.number(count)}: {_(reason)}", "yellow")
        for row in part.examples:
            session.tell(console, f"    {session.clean(row)}", "dim")
        if part.ignored:
            session.tell(console, "  " + _("columns not known: {names}", names=", ".join(part.ignored)), "dim")
