"""``otklik board``: a live page of followed posts, for this machine only, that only reads."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _

PORT = 8765


def run(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="N", help=_("The port; 0 is any that is free."))
    ] = PORT,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help=_("127.0.0.1 or ::1; no other is listened on."))
    ] = "127.0.0.1",
    hours: Annotated[
        float, typer.Option("--hours", min=1, max=720, metavar="N", help=_("Show posts up to this age."))
    ] = 72,
    model: options.Model = None,
    zone: options.Zone = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, listen, serve; with ``--json`` only the state, once."""
    from otklik import collecting, units
    from otklik.board import Board, Gatherer, Source, listening, serve

    chosen = session.settings(workspace=workspace, model=model, zone=zone)
    units.zone(chosen.zone)
    source = Source(
        store=chosen.store,
        zone=chosen.zone,
        model=chosen.model,
        project=chosen.project,
        cadence=collecting.cadence_of(chosen),
        tick_h=units.parse_duration(chosen.tick),
        until_h=hours,
    )
    gatherer = Gatherer(source, collecting.clock_of(chosen))
    if json is not None:
        session.write_json(gatherer.state().to_dict(), json)
        return
    with listening(host, port) as found:
        gatherer.state()  # what is wrong with the store is told here, not in the browser
        address, at = found.getsockname()[:2]
        where = f"http://[{address}]:{at}" if ":" in address else f"http://{address}:{at}"
        text = _("The board is at {where}/ (this machine only, reading only); Ctrl-C ends it.", where=where)
        session.tell(session.out(), text)
        sys.stdout.flush()  # for whoever waits for the address in a pipe
        serve(Board(gatherer, session.lang), found)
