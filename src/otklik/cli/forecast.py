"""``otklik forecast``: a post in the store, at any age."""

from __future__ import annotations

from typing import Annotated

import typer

from otklik.cli import options, session, track_record
from otklik.cli.session import _


def run(
    post: Annotated[str, typer.Argument(metavar="PLATFORM:POST_ID", help=_("A post in the store."))],
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help=_("As of when: later looks are not used (default: now).")),
    ] = None,
    no_log: track_record.NoLog = False,
    model: options.Model = None,
    zone: options.Zone = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, forecast, print."""
    from otklik import collecting, workflows
    from otklik.cli.render_forecast import render

    chosen = session.settings(workspace=workspace, model=model, zone=zone)
    found = workflows.forecast(post, chosen.model, chosen.store, session.instant(at, chosen.zone), chosen.zone)
    is_simulated = collecting.is_simulated(chosen.store)
    number = None if no_log else track_record.remember(found, chosen, post=post)
    plain = found.to_dict() | ({"simulated": True} if is_simulated else {}) | track_record.numbered(number)
    if not session.write_json(plain, json):
        if is_simulated:
            session.tell(session.out(), _("Simulated data."), "bold yellow")
        render(found, chosen.zone)
        track_record.tell_number(number)
