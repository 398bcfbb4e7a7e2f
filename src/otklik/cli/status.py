"""``otklik status``: what the store holds and which model forecasts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _
from otklik.language import moment

if TYPE_CHECKING:
    from otklik.settings import Settings
    from otklik.workflows import Status

REFRESH_S = 3.0


def run(
    live: Annotated[bool, typer.Option("--live", help=_("Show collecting, and go on showing it."))] = False,
    model: options.Model = None,
    zone: options.Zone = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, look, print."""
    from datetime import UTC, datetime

    from otklik import remembering, workflows
    from otklik.cli import render_track_record

    chosen = session.settings(workspace=workspace, model=model, zone=zone)
    if live:
        _live(chosen)
        return
    has_model = (chosen.model / "card.json").is_file()
    found = workflows.status(chosen.store, chosen.model if has_model else None)
    recent = remembering.recent_coverage(chosen.store, datetime.now(UTC))
    if not session.write_json({**asdict(found), "recent_coverage": asdict(recent)}, json):
        _render(found, chosen.zone)
        render_track_record.drift(recent)


def _live(chosen: Settings) -> None:
    """The state of collecting, drawn anew every few seconds until Ctrl-C; once where there is no terminal."""
    import time

    from otklik import collecting
    from otklik.cli.doctor import quota

    console = session.out()
    while True:
        found = collecting.pulse(chosen)
        if console.is_terminal:
            console.clear()
        if found.is_simulated:
            session.tell(console, _("Simulated data."), "bold yellow")
        quota(found, chosen.zone)
        if not console.is_terminal:
            return
        time.sleep(REFRESH_S)


def _render(found: Status, zone: str) -> None:
    from rich.table import Table

    console = session.out()
    if found.is_simulated:
        session.tell(console, _("Simulated data."), "bold yellow")
    session.tell(console, _("Store: {where}", where=found.store), "bold")
    table = Table(box=None, pad_edge=False)
    names = ("platform", "authors", "posts", "snapshots", "with a 24 h label", "first look", "last look")
    for name in names:
        table.add_column(_(name), justify="left" if not table.columns else "right")
    for row in found.platforms:
        numbers = (row["n_authors"], row["n_posts"], row["n_snapshots"], row["n_matured"])
        times = (moment(row[name], zone, session.lang) if row[name] else "—" for name in ("first", "last"))
        table.add_row(session.clean(row["platform"]), *(session.number(value) for value in numbers), *times)
    console.print(table if found.platforms else _("The store is empty: `otklik import DIR` fills it."))
    if found.model and found.trained_until:
        until = found.trained_until.date().isoformat()
        session.tell(console, _("Model: {name}, trained on posts until {until}.", name=found.model, until=until))
    else:
        session.tell(console, _("There is no model: `otklik train` makes one."))
