"""``otklik report``: a corpus, an author or a model on a page that a person keeps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _

if TYPE_CHECKING:
    from datetime import datetime

    from otklik.exporting.recipes import Rows
    from otklik.report.model_page import ModelReport
    from otklik.settings import Settings
    from otklik.survey import Survey

Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help=_("Write the report as a page."))]
Data = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help=_("Folder of posts and snapshots (default: the store)."))
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="TIME", help=_("What was known at this time (default: now)."))
]
Target = Annotated[
    str | None,
    typer.Option("--target", metavar="TARGET", help=_("views_24h or mature (default: what the posts have).")),
]


def corpus(
    html: Html = None,
    data: Data = None,
    as_of: AsOf = None,
    target: Target = None,
    zone: options.Zone = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, survey, print."""
    chosen = session.settings(workspace=workspace, zone=zone)
    found, _name = _surveyed(chosen, data, as_of, target, None)
    if html is not None:
        from otklik.report import corpus_page

        corpus_page.write(found, html, session.lang)
    _told(found, json)


def author(
    name: Annotated[str, typer.Argument(metavar="PLATFORM:AUTHOR_ID", help=_("An author of the posts."))],
    html: Html = None,
    data: Data = None,
    as_of: AsOf = None,
    target: Target = None,
    zone: options.Zone = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, survey, print."""
    chosen = session.settings(workspace=workspace, zone=zone)
    found, called = _surveyed(chosen, data, as_of, target, name)
    if html is not None:
        from otklik.report import author_page

        author_page.write(found, html, session.lang, name=called)
    _told(found, json)


def model(
    folder: options.Model = None,
    html: Html = None,
    zone: options.Zone = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, read the card, print."""
    chosen = session.settings(workspace=workspace, zone=zone, model=folder)
    report = _card(chosen)
    if html is not None:
        from otklik.report import model_page

        model_page.write(report, html, session.lang)
    if session.write_json(report.to_dict(), json):
        return
    from otklik.cli import render_report

    render_report.model(report)


def _surveyed(
    chosen: Settings, data: Path | None, as_of: str | None, target: str | None, author: str | None
) -> tuple[Survey, str | None]:
    """The survey, and what the author is called where the store knows it."""
    from otklik import survey
    from otklik.dataset.corpus import Corpus
    from otklik.dataset.targets import target_named

    goal = None if target is None else target_named(target)
    rows, at = _rows(chosen, data, as_of)
    posts, looks, called = rows.posts, rows.snapshots, None
    if author is not None:
        posts, looks = survey.author_of(posts, looks, author)
        called = _called(chosen, author) if data is None else None
    with session.progress() as move:
        names = {"survey": _("survey")}
        found = survey.survey(
            Corpus.of(posts, looks),
            data=rows.name if data is not None else _(rows.name),
            as_of=at,
            zone=chosen.zone,
            target=goal,
            author=author,
            is_simulated=rows.is_simulated,
            on_progress=lambda stage, done, total: move(names.get(stage, stage), done, total),
        )
    return found, called


def _rows(chosen: Settings, data: Path | None, as_of: str | None) -> tuple[Rows, datetime]:
    """Posts and looks, and the instant of the survey: the last look where the rows end before now."""
    from datetime import UTC, datetime

    from otklik.errors import ConfigurationError
    from otklik.exporting.recipes import rows_of
    from otklik.store import is_there

    if data is None and not is_there(chosen.store):
        raise ConfigurationError(
            "there is no store in {path}: `otklik init` makes one, `otklik import` and `otklik collect` fill it",
            path=chosen.workspace,
        )
    asked = session.instant(as_of, chosen.zone)
    now = asked or datetime.now(UTC).replace(microsecond=0)
    rows = rows_of(data, chosen.store, now)
    is_live = data is None and not rows.is_simulated
    if asked is None and not is_live and len(rows.snapshots):
        now = min(now, rows.snapshots["observed_at"].max().to_pydatetime())
    return rows, now


def _called(chosen: Settings, author: str) -> str | None:
    import pandas as pd

    from otklik.store import Store

    platform, _colon, author_id = author.partition(":")
    with Store.open(chosen.store) as store:
        known = store.authors()
    mine = known[(known["platform"] == platform) & (known["author_id"] == author_id)]
    name = mine["name"].iloc[0] if len(mine) else None
    return None if name is None or pd.isna(name) else str(name)


def _told(found: Survey, json: str | None) -> None:
    if session.write_json(found.to_dict(), json):
        return
    from otklik.cli import render_report

    render_report.survey(found)


def _card(chosen: Settings) -> ModelReport:
    from datetime import UTC, datetime

    from otklik import collecting, remembering
    from otklik.models.card import read_card
    from otklik.report.model_page import ModelReport
    from otklik.store import is_there

    card = read_card(chosen.model)
    if not is_there(chosen.store):
        return ModelReport.of(card, zone=chosen.zone)
    return ModelReport.of(
        card,
        zone=chosen.zone,
        track_record=remembering.track_record(chosen.store, datetime.now(UTC)),
        is_simulated=collecting.is_simulated(chosen.store),
    )
