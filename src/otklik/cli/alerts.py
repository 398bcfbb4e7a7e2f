"""``otklik alerts``: check the rules of ``alerts.yaml``, deliver a test message, print a file to begin with."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from otklik.alerting import Place
    from otklik.settings import Settings
    from otklik.store import Store


def check(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Only say what would be told: nothing is written or delivered."))
    ] = False,
    model: options.Model = None,
    zone: options.Zone = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, check, tell; the exit code is that of what went wrong."""
    from otklik import alerting, collecting
    from otklik.cli.render_alerts import render

    chosen = session.settings(workspace=workspace, model=model, zone=zone)
    with _opened(chosen, is_dry=dry_run) as store:
        report = alerting.check(store, place_of(chosen), collecting.clock_of(chosen).now(), is_dry=dry_run)
    if not session.write_json(report.to_dict(), json):
        render(report, is_dry=dry_run)
    if report.errors:
        raise SystemExit(max(error.exit_code for error in report.errors))


def try_out(
    zone: options.Zone = None,
    workspace: options.Workspace = None,
) -> None:
    """Parse, deliver a test message to every channel, tell."""
    from otklik import alerting, collecting
    from otklik.cli.render_alerts import render_test

    chosen = session.settings(workspace=workspace, zone=zone)
    is_simulated = chosen.sandbox is not None
    found = alerting.send_test(place_of(chosen), collecting.clock_of(chosen).now(), is_simulated=is_simulated)
    render_test(found)
    codes = [error.exit_code for _channel, error in found if error is not None]
    if codes:
        raise SystemExit(max(codes))


def example() -> None:
    """Print a file to begin with."""
    import sys

    from otklik.alerts import SAMPLE

    sys.stdout.write(SAMPLE)


def after_pass(chosen: Settings) -> None:
    """Check the rules after a pass of the collectors, where there are any; nothing that goes wrong ends collecting.

    All is told on standard error: standard output may be taken by ``--json -``.
    """
    from otklik.alerts import FILE
    from otklik.errors import OtklikError
    from otklik.language import say

    if not (chosen.workspace / FILE).is_file():
        return
    from otklik import alerting, collecting
    from otklik.cli.render_alerts import tell
    from otklik.store import Store

    try:
        with Store.open(chosen.store) as store:
            tell(alerting.after_pass(store, place_of(chosen), collecting.clock_of(chosen).now()))
    except OtklikError as error:
        session.tell(session.err(), session.clean(say(error, session.lang, session.zone)), "yellow")


def place_of(chosen: Settings) -> Place:
    """Where and how alerts are told with these settings."""
    from otklik import units
    from otklik.alerting import Place

    units.zone(chosen.zone)
    return Place(chosen.workspace, chosen.zone, session.lang, chosen.model)


@contextmanager
def _opened(chosen: Settings, *, is_dry: bool) -> Iterator[Store]:
    """The store; for a dry run one that refuses every write."""
    from otklik.board import open_readonly
    from otklik.store import Store

    with open_readonly(chosen.store) if is_dry else Store.open(chosen.store) as store:
        yield store
