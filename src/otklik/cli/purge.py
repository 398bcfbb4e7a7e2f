"""``otklik purge``: delete what may not be kept any longer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _
from otklik.language import moment


def run(
    policy: Annotated[
        str | None,
        typer.Option("--policy", metavar="NAME", help=_("youtube-unaudited, own-channel or accepted-amendment.")),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Only say what would be deleted."))] = False,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, delete, tell."""
    from otklik import collecting

    chosen = session.settings(workspace=workspace)
    done = collecting.purge(chosen, policy, is_dry=dry_run)
    if session.write_json(asdict(done), json):
        return
    console = session.out()
    if done.before is None:
        session.tell(console, _("The policy {name} keeps statistics for good.", name=done.profile))
    else:
        before = moment(done.before, chosen.zone, session.lang)
        session.tell(console, _("Policy {name}: statistics from before {before}.", name=done.profile, before=before))
    text = _(
        DONE[dry_run],
        snapshots=session.number(done.snapshots),
        authors=session.number(done.author_snapshots),
        texts=session.number(done.texts),
        versions=session.number(done.versions),
    )
    session.tell(console, text)
    for path in done.exports:
        session.tell(console, _("Export: {path}", path=path))


DONE = {
    False: "Deleted: {snapshots} snapshots of posts, {authors} of authors, {texts} texts, {versions} old versions.",
    True: "Would delete: {snapshots} snapshots of posts, {authors} of authors, {texts} texts, {versions} old versions.",
}
