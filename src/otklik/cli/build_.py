"""``otklik build``: features and labels to a Parquet file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _


def run(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=_("The Parquet file to write."))],
    data: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help=_("Folder of posts and snapshots (default: the store).")),
    ] = None,
    target: options.Target = "views_24h",
    zone: options.Zone = None,
    workspace: options.Workspace = None,
) -> None:
    """Parse, build, report."""
    from otklik import workflows
    from otklik.cli.render_evaluation import attrition_table

    chosen = session.settings(workspace=workspace, zone=zone)
    built = workflows.build(data, chosen.store, target, chosen.zone, out)
    console = session.out()
    console.print(attrition_table(built.attrition))
    text = _("{rows} examples of {posts} posts: {file}", rows=built.n_rows, posts=built.n_posts, file=built.out)
    session.tell(console, text)
