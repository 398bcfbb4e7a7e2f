"""``otklik score``: a draft, from a file or from flags."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _
from otklik.errors import ConfigurationError

if TYPE_CHECKING:
    from otklik.records import Draft


def run(
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help=_("A draft: a YAML file or a folder with one."))
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help=_("Title of a draft without a file."))] = None,
    text: Annotated[str | None, typer.Option("--text", help=_("Its text or description."))] = None,
    publish_at: Annotated[
        str | None,
        typer.Option("--publish-at", metavar="TIME", help=_("When it is to come out (default: now).")),
    ] = None,
    platform: Annotated[str, typer.Option("--platform", help=_("youtube, vk or another."))] = "youtube",
    kind: Annotated[str, typer.Option("--kind", help=_("short, video, clip, live or post."))] = "short",
    duration_s: Annotated[int | None, typer.Option("--duration-s", min=0, help=_("Length of the video."))] = None,
    author: Annotated[str | None, typer.Option("--author", help=_("Id of an author in the store."))] = None,
    author_median: Annotated[
        float | None,
        typer.Option("--author-median", min=1, help=_("Median views at 24 h of the author's posts.")),
    ] = None,
    author_posts: Annotated[
        int | None, typer.Option("--author-posts", min=0, help=_("How many posts that median is of."))
    ] = None,
    followers: Annotated[int | None, typer.Option("--followers", min=0, help=_("Followers of the author."))] = None,
    model: options.Model = None,
    zone: options.Zone = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, score, print."""
    from otklik import explaining, workflows
    from otklik.cli.render_forecast import render
    from otklik.dataset.drafts import read_draft
    from otklik.records import DraftAuthor
    from otklik.scoring import with_summary

    chosen = session.settings(workspace=workspace, model=model, zone=zone)
    if (path is None) == (title is None):
        raise ConfigurationError("name a draft: either a file or folder, or --title and the other flags")
    if path is not None:
        draft = read_draft(path, chosen.zone).draft
    else:
        draft = _from_flags(title or "", text, publish_at, platform, kind, duration_s, chosen.zone)
    if author is not None:
        draft = _replace(draft, author=DraftAuthor(author_id=author))
    draft = with_summary(draft, median=author_median, n_posts=author_posts, followers=followers)
    found = workflows.score(draft, chosen.model, chosen.store, chosen.zone)
    content = explaining.explain_text(draft.title, draft.text, ",".join(draft.tags), tag_names=False)
    if not session.write_json({**found.to_dict(), "content": content.formula.to_dict()}, json):
        render(found, chosen.zone, content)


def _from_flags(
    title: str,
    text: str | None,
    publish_at: str | None,
    platform: str,
    kind: str,
    duration_s: int | None,
    zone: str,
) -> Draft:
    from datetime import UTC, datetime

    from otklik.records import Draft

    if not title.strip():
        raise ConfigurationError("a draft needs a title")
    at = session.instant(publish_at, zone) or datetime.now(UTC)
    return Draft(title=title, publish_at=at, platform=platform, kind=kind, text=text, duration_s=duration_s)


def _replace(draft: Draft, **changes: object) -> Draft:
    from dataclasses import replace

    return replace(draft, **changes)  # type: ignore[arg-type]
