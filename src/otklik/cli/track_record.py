"""``otklik track-record``: how good the remembered forecasts were, and which posts came of drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from otklik.cli import options, session
from otklik.cli.session import _

if TYPE_CHECKING:
    from otklik.models.forecast import Forecast
    from otklik.records import Draft
    from otklik.settings import Settings

NoLog = Annotated[bool, typer.Option("--no-log", help=_("Do not remember this forecast in the store."))]
Number = Annotated[int, typer.Argument(metavar="FORECAST", min=1, help=_("Number of the forecast."))]


def run(
    context: typer.Context,
    workspace: options.Workspace = None,
    zone: options.Zone = None,
    json: options.Json = None,
) -> None:
    """Parse, join, print; a verb behind this one goes its own way."""
    if context.invoked_subcommand is not None:
        return
    from datetime import UTC, datetime

    from otklik import collecting, remembering
    from otklik.cli import render_track_record

    chosen = session.settings(workspace=workspace, zone=zone)
    found = remembering.track_record(chosen.store, datetime.now(UTC))
    is_simulated = collecting.is_simulated(chosen.store)
    if not session.write_json({**found.to_dict(), "is_simulated": is_simulated}, json):
        render_track_record.render(found, is_simulated)


def link(
    number: Number,
    post: Annotated[str, typer.Argument(metavar="PLATFORM:POST_ID", help=_("The post that came of the draft."))],
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, link, tell."""
    from datetime import UTC, datetime

    from otklik import remembering

    chosen = session.settings(workspace=workspace)
    made = remembering.link(chosen.store, number, post, datetime.now(UTC))
    if not session.write_json({"forecast": made.forecast, "post": post, "way": made.way}, json):
        session.tell(
            session.out(), session.clean(_("Forecast {n} is of the post {post} from now on.", n=number, post=post))
        )


def unlink(number: Number, workspace: options.Workspace = None, json: options.Json = None) -> None:
    """Parse, take back, tell."""
    from datetime import UTC, datetime

    from otklik import remembering

    chosen = session.settings(workspace=workspace)
    remembering.unlink(chosen.store, number, datetime.now(UTC))
    if not session.write_json({"forecast": number, "post": None}, json):
        session.tell(session.out(), _("Forecast {n} has no post any more, and gets none by its title.", n=number))


def remember(found: Forecast, chosen: Settings, *, draft: Draft | None = None, post: str | None = None) -> int | None:
    """Remember a forecast where the workspace has a store, and give its number.

    A store that cannot be written takes nobody's forecast away: that is a remark.
    """
    from otklik import remembering
    from otklik.errors import StorageError, TransientError
    from otklik.language import say

    try:
        return remembering.log(found, chosen, draft=draft, post=post)
    except (StorageError, TransientError) as error:
        why = say(error, session.lang, session.zone)
        session.tell(session.err(), session.clean(_("The forecast is not remembered: {why}", why=why)), "yellow")
        return None


def numbered(number: int | None) -> dict[str, Any]:
    """The number of a remembered forecast for its JSON; nothing where it is not remembered."""
    return {} if number is None else {"forecast_number": number}


def tell_number(number: int | None) -> None:
    """The number of a remembered forecast, for the person who will link its post."""
    if number is not None:
        text = _("Remembered as forecast {n}: `otklik track-record` will tell what became of it.", n=number)
        session.tell(session.out(), text, "dim")
