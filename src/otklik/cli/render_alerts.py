"""What a check of the alerts did, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otklik.cli import session
from otklik.cli.session import _
from otklik.language import say

if TYPE_CHECKING:
    from otklik.alerting import AlertReport, Told
    from otklik.alerts import Channel
    from otklik.errors import OtklikError


def render(report: AlertReport, *, is_dry: bool) -> None:
    """The messages, where each has gone, and what stands in the way."""
    console = session.out()
    for one in report.told:
        _message(one, is_dry=is_dry)
    if is_dry:
        head = _("{n} messages would be sent; {rules} rules, {posts} posts.", n=len(report.told), **_of(report))
    else:
        head = _("{n} messages sent; {rules} rules, {posts} posts.", n=len(report.told), **_of(report))
    session.tell(console, head, "bold")
    faults(report)


def faults(report: AlertReport) -> None:
    """What could not be told; nothing where all is well. After a pass of the collectors this is all that is shown."""
    console = session.err()
    if report.waiting:
        session.tell(console, _("{n} messages wait for the next pass.", n=report.waiting), "yellow")
    if report.dropped:
        text = _("{n} messages could not be delivered for a day and were dropped.", n=report.dropped)
        session.tell(console, text, "yellow")
    if report.unforecast:
        session.tell(console, _("{n} posts were left without a forecast this time.", n=report.unforecast), "yellow")
    for error in report.errors:
        session.tell(console, session.clean(say(error, session.lang, session.zone)), "yellow")


def tell(report: AlertReport) -> None:
    """One line after a pass: how many messages were sent, and what stands in the way."""
    if report.told:
        session.tell(session.err(), _("Alerts: {n} messages sent.", n=len(report.told)))
    faults(report)


def render_test(found: list[tuple[Channel, OtklikError | None]]) -> None:
    """Each channel with what came of the test message."""
    for channel, error in found:
        if error is None:
            name = session.clean(channel.name)
            session.tell(session.out(), _("{name}: the test message was delivered.", name=name), "green")
        else:
            text = f"{channel.name}: {say(error, session.lang, session.zone)}"
            session.tell(session.err(), session.clean(text), "red")


def _of(report: AlertReport) -> dict[str, str]:
    return {"rules": session.number(report.n_rules), "posts": session.number(report.n_posts)}


def _message(one: Told, *, is_dry: bool) -> None:
    console = session.out()
    first, *rest = one.message.lines()
    session.tell(console, session.clean(first), "bold")
    for line in rest:
        session.tell(console, "  " + session.clean(line))
    names = session.clean(", ".join(one.channels))
    where = _("to: {names}", names=names) if is_dry else _("sent to: {names}", names=names)
    session.tell(console, "  " + where + "\n", "dim")
