"""``otklik doctor``: is collecting well, and if not, why."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _
from otklik.language import moment, percent, say

if TYPE_CHECKING:
    from otklik.tracking.diagnosis import Diagnosis
    from otklik.tracking.health import Coverage

STATES = {"ok": "well", "warning": "take care", "wrong": "wrong", "unknown": "not known"}
STYLES = {"ok": "green", "warning": "yellow", "wrong": "red", "unknown": "dim"}


def run(
    offline: Annotated[bool, typer.Option("--offline", help=_("Do not ask the platforms."))] = False,
    zone: options.Zone = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, look, print; the exit code says whether something is wrong."""
    from otklik import collecting

    chosen = session.settings(workspace=workspace, zone=zone)
    found = collecting.doctor(chosen, is_offline=offline)
    if not session.write_json(_plain(found), json):
        render(found, chosen.zone)
    wrong = [check for check in found.checks if check.state == "wrong" and check.text is not None]
    if wrong:
        raise SystemExit(wrong[0].text.exit_code if wrong[0].text else 1)


def render(found: Diagnosis, zone: str) -> None:
    """The diagnosis as tables."""
    from rich.table import Table
    from rich.text import Text

    console = session.out()
    if found.is_simulated:
        session.tell(console, _("Simulated data."), "bold yellow")
    table = Table(box=None, pad_edge=False, show_header=False)
    for check in found.checks:
        why = session.clean(say(check.text, session.lang, session.zone)) if check.text is not None else ""
        table.add_row(_check_name(check.name), Text(_(STATES[check.state]), style=STYLES[check.state]), Text(why))
    console.print(table)
    quota(found, zone)
    for one in found.coverage:
        _coverage(one)


def quota(found: Diagnosis, zone: str) -> None:
    """Followed posts and quota of each platform."""
    from rich.table import Table

    console = session.out()
    polls = Table(box=None, pad_edge=False)
    names = ("platform", "followed", "due now", "late", "finished", "gone")
    for name in names:
        polls.add_column(_(name), justify="right" if polls.columns else "left")
    for platform, counts in sorted(found.polls.items()):
        polls.add_row(
            platform, *(session.number(counts[key]) for key in ("followed", "due", "late", "finished", "gone"))
        )
    if found.polls:
        console.print()
        console.print(polls)
    table = Table(box=None, pad_edge=False)
    heads = ("platform", "quota", "spent today", "limit", "closed until")
    for name in heads:
        table.add_column(_(name), justify="right" if len(table.columns) in (2, 3) else "left")
    for platform, buckets in sorted(found.quota.items()):
        for bucket, (spent, limit, until) in buckets.items():
            closed = moment(until, zone, session.lang) if until else "—"
            limit_text = session.number(limit) if limit else _("not published")
            table.add_row(platform, bucket, session.number(spent), limit_text, closed)
    if found.quota:
        console.print()
        console.print(table)
    if found.last_pass is not None:
        session.tell(console, "\n" + _("Last pass: {at}.", at=moment(found.last_pass, zone, session.lang)))


def _coverage(one: Coverage) -> None:
    console = session.out()
    head = _(
        "{platform}: 24-hour labels of {n} collected posts of the last 7 days",
        platform=one.platform,
        n=session.number(one.n_posts),
    )
    session.tell(console, "\n" + head, "bold")
    if one.alive:
        text = _(
            "{labelled} have one, {tight} of them from looks at most 2 h apart ({share} of posts alive at 24 h); "
            "{gone} were gone before.",
            labelled=session.number(one.n_labelled),
            tight=session.number(one.n_tight),
            share=percent(one.share_tight or 0.0, session.lang),
            gone=session.number(one.n_gone),
        )
        session.tell(console, text)
    for reason, n in one.reasons.items():
        session.tell(console, f"  · {_(reason)}: {session.number(n)}")
    if one.worst:
        session.tell(console, "    " + session.clean(", ".join(one.worst)))
    rest = _(
        "{young} are too young, {late} were found too late.",
        young=session.number(one.n_young),
        late=session.number(one.n_backfilled),
    )
    session.tell(console, rest)
    if one.gaps:
        gaps = ", ".join(f"{_gap(name)}: {session.number(n)}" for name, n in one.gaps.items())
        session.tell(console, _("Gaps between looks in the first 24 h: {gaps}", gaps=gaps))


def _gap(name: str) -> str:
    if name == "more":
        return _("more")
    number, unit = name.split()
    return "≤ " + (_("{n} min", n=number) if unit == "min" else f"{number} {'h' if session.lang == 'en' else 'ч'}")


def _check_name(name: str) -> str:
    platform, colon, what = name.rpartition(": ")
    return platform + colon + _(CHECKS[what])


CHECKS = {"token": "token", "clock": "clock", "last pass": "last pass", "retention": "retention"}


def _plain(found: Diagnosis) -> dict[str, object]:
    whole = asdict(found)
    whole["checks"] = [
        {"name": check.name, "state": check.state, "text": str(check.text) if check.text else None}
        for check in found.checks
    ]
    return whole
