"""``otklik collect``: one pass of the collectors, or pass after pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import alerts, options, session
from otklik.cli.session import _

if TYPE_CHECKING:
    from otklik.tracking.passes import PassReport


def run(
    watch: Annotated[bool, typer.Option("--watch", help=_("Go on, a pass every few minutes, until stopped."))] = False,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, collect, tell."""
    from otklik import collecting

    chosen = session.settings(workspace=workspace)
    if watch:
        session.tell(session.err(), _("A pass every {tick}; Ctrl-C ends after the batch in hand.", tick=chosen.tick))

        def after(report: PassReport) -> None:
            tell(report)
            alerts.after_pass(chosen)

        collecting.collect_watching(chosen, after)
        return
    from otklik.tracking.watching import Stop

    with session.progress() as move:
        report = collecting.collect(chosen, Stop().on_signals(), move)
    if not session.write_json(report.to_dict(), json):
        tell(report)
    alerts.after_pass(chosen)
    end(report)


def tell(report: PassReport) -> None:
    """One line a platform, and what stood in the way."""
    from otklik.language import say

    console = session.out()
    for name, one in report.platforms.items():
        line = _(
            "{platform}: {seen} posts seen, {new} new, {snapshots} looks kept, {calls} calls; "
            "{missing} missing, {failed} without answer",
            platform=name,
            seen=session.number(one.seen),
            new=session.number(one.new_posts),
            snapshots=session.number(one.snapshots),
            calls=session.number(one.calls),
            missing=session.number(one.missing + one.unavailable),
            failed=session.number(one.failed),
        )
        session.tell(console, line)
    for error in report.errors:
        session.tell(session.err(), session.clean(say(error, session.lang, session.zone)), "yellow")


def end(report: PassReport) -> None:
    """Leave with the exit code of what stopped the pass: a setting to mend before a fault that mends itself."""
    codes = sorted({error.exit_code for error in report.errors}, reverse=True)
    if codes:
        raise SystemExit(codes[0])
