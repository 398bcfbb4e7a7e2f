"""``otklik track``: what is followed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _
from otklik.language import moment

Platform = Annotated[
    str | None, typer.Option("--platform", metavar="NAME", help=_("youtube or vk, where the name does not say it."))
]


def add(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help=_("Authors or posts: links, handles or ids."))
    ] = None,
    query: Annotated[
        str | None, typer.Option("--query", metavar="WORDS", help=_("Follow what a search for these words finds."))
    ] = None,
    platform: Platform = None,
    workspace: options.Workspace = None,
) -> None:
    """Parse, add, tell."""
    from otklik import collecting
    from otklik.errors import ConfigurationError

    if not names and query is None:
        raise ConfigurationError("name an author or a post to follow, or --query WORDS")
    _platform(platform)
    chosen = session.settings(workspace=workspace)
    for target, is_new in collecting.track_add(chosen, names or [], platform, query):
        name = f"{target.platform}:{target.target}"
        shown = f"{name} ({target.label})" if target.label and target.label != target.target else name
        session.tell(session.out(), _(FOLLOWED[is_new], name=session.clean(shown)))


def listed(workspace: options.Workspace = None, zone: options.Zone = None, json: options.Json = None) -> None:
    """Parse, read, print."""
    from rich.table import Table

    from otklik import collecting

    chosen = session.settings(workspace=workspace, zone=zone)
    found = collecting.track_list(chosen)
    if session.write_json([asdict(track) for track in found], json):
        return
    if not found:
        session.tell(session.out(), _("Nothing is followed yet: `otklik track add @handle` begins."))
        return
    table = Table(box=None, pad_edge=False)
    names = ("platform", "what", "id", "name", "since", "last look", "outcome")
    for name in names:
        table.add_column(_(name))
    for track in found:
        looked = moment(track.looked_at, chosen.zone, session.lang) if track.looked_at else "—"
        table.add_row(
            track.platform,
            _(KINDS[track.kind]),
            session.clean(track.target),
            session.clean(track.label or "—"),
            moment(track.added_at, chosen.zone, session.lang),
            looked,
            _(OUTCOMES.get(track.outcome or "", "—")),
        )
    session.out().print(table)


def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("An id or name as `otklik track list` shows it."))],
    platform: Platform = None,
    workspace: options.Workspace = None,
) -> None:
    """Parse, remove, tell."""
    from otklik import collecting

    _platform(platform)
    track = collecting.track_remove(session.settings(workspace=workspace), name, platform)
    text = _("no longer followed: {name}; what was collected stays", name=f"{track.platform}:{track.target}")
    session.tell(session.out(), session.clean(text))


def _platform(name: str | None) -> None:
    from otklik.errors import ConfigurationError

    if name not in (None, "youtube", "vk"):
        raise ConfigurationError("there is no collector for {name!r}: choose youtube or vk", name=name)


KINDS = {"author": "author", "post": "post", "query": "search"}
OUTCOMES = {
    "seen": "seen",
    "missing": "not found",
    "unavailable": "may not be shown",
    "waiting": "not begun yet",
    "failed": "no answer",
}
FOLLOWED = {True: "followed from now on: {name}", False: "followed already: {name}"}
