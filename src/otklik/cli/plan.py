"""``otklik plan``: what collecting will cost, before it runs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _
from otklik.language import hours, percent

if TYPE_CHECKING:
    from otklik.tracking.plan import PlatformPlan


def run(
    posts: Annotated[
        float | None,
        typer.Option(
            "--posts-a-day", metavar="N", min=0, help=_("New posts a day of all authors (default: as of late).")
        ),
    ] = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, reckon, print."""
    from otklik import collecting

    found = collecting.plan(session.settings(workspace=workspace), posts)
    if session.write_json([asdict(one) for one in found], json):
        return
    if not found:
        session.tell(session.out(), _("Nothing is followed yet: `otklik track add @handle` begins."))
    for one in found:
        _render(one)


def _render(one: PlatformPlan) -> None:
    from rich.table import Table

    console = session.out()
    head = _(
        "{platform}: {n} authors, {posts} new posts a day, {looks} looks a day",
        platform=one.platform,
        n=session.number(one.n_authors),
        posts=session.number(one.posts_a_day, 1),
        looks=session.number(one.looks_a_day),
    )
    session.tell(console, head, "bold")
    table = Table(box=None, pad_edge=False)
    names = ("quota", "calls a day", "limit", "share")
    for name in names:
        table.add_column(_(name), justify="right" if table.columns else "left")
    for bucket in one.buckets:
        limit = session.number(bucket.limit) if bucket.limit else _("not published")
        share = percent(bucket.share, session.lang) if bucket.share is not None else "—"
        is_over = bucket.share is not None and bucket.share > 1
        table.add_row(bucket.bucket, session.number(bucket.calls_a_day), limit, share, style="red" if is_over else "")
    console.print(table)
    session.tell(console, _("Authors are looked at for new posts every {every}.", every=_span(one.discovery_every_h)))
    if one.posts_that_fit is not None:
        fit = session.number(one.posts_that_fit)
        session.tell(console, _("At this cadence {n} new posts a day fit.", n=fit))
        if one.posts_a_day > one.posts_that_fit:
            age = _span(one.kept_until_h)
            text = _(
                "More than fits: looks at posts older than {age} are dropped first; one post in 50 keeps all.", age=age
            )
            session.tell(console, text, "yellow")


def _span(value_h: float) -> str:
    if value_h < 1:
        return _("{n} min", n=session.number(value_h * 60))
    return hours(value_h, session.lang)
