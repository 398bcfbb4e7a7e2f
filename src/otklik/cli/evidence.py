"""``otklik evidence``: claims put on trial on one's own posts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _
from otklik.errors import StorageError

if TYPE_CHECKING:
    from otklik.trying import Tried


def run(
    claims: Annotated[
        Path | None,
        typer.Option("--claims", metavar="FILE", help=_("Claims of your own, as YAML (default: the article's).")),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help=_("Folder of posts and snapshots (default: the store).")),
    ] = None,
    workspace: options.Workspace = None,
    target: Annotated[
        str, typer.Option("--target", metavar="TARGET", help=_("When views are read: views_24h or mature."))
    ] = "views_24h",
    zone: options.Zone = None,
    seed: Annotated[int, typer.Option("--seed", help=_("Of everything drawn: equal seeds, equal tables."))] = 0,
    quick: Annotated[
        bool, typer.Option("--quick", help=_("Later tests only for claims that stand so far; verdicts stay the same."))
    ] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help=_("Write the whole trial as a page."))
    ] = None,
    json: options.Json = None,
) -> None:
    """Parse, try, print."""
    from otklik import trying

    chosen = session.settings(workspace=workspace, zone=zone)
    with session.progress() as move:
        stages = {"evidence": _("claims on trial")}
        found = trying.evidence(
            data,
            chosen.store,
            target,
            chosen.zone,
            claims,
            seed=seed,
            quick=quick,
            on_progress=lambda stage, done, total: move(stages.get(stage, stage), done, total),
        )
    _written(found, chosen.zone, html)
    plain = found.trial.to_dict() | ({"simulated": True} if found.is_simulated else {})
    if not session.write_json(plain, json):
        from otklik.cli.render_evidence import render

        render(found.trial, is_simulated=found.is_simulated)


def _written(found: Tried, zone: str, html: Path | None) -> None:
    from otklik.report.trial_page import trial_page

    if html is None:
        return
    page = trial_page(found.trial, session.lang, zone, is_simulated=found.is_simulated)
    try:
        html.write_text(page, encoding="utf-8")
    except OSError as error:
        raise StorageError("the file {path} cannot be written: {why}", path=html, why=error.strerror) from None
