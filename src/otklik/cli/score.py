"""``otklik score``: a draft, from a file or from flags."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import look, options, session, track_record
from otklik.cli.session import _
from otklik.errors import ConfigurationError, OtklikError

if TYPE_CHECKING:
    from otklik.content.explanation import Explanation
    from otklik.dataset.drafts import DraftFile
    from otklik.features.media import Facts
    from otklik.media.look import Look
    from otklik.models.forecast import Forecast
    from otklik.records import Draft
    from otklik.report.figure_whatif import WhatIf
    from otklik.settings import Settings

HOURS = (9, 13, 18, 21)
"""Local hours that the page tries beside the planned one."""


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
    fast: look.Fast = False,
    no_file: Annotated[
        bool, typer.Option("--no-file", help=_("Leave out the draft's video and cover: the text alone."))
    ] = False,
    probe: look.Probe = None,
    speech_model: look.SpeechModel = None,
    no_log: track_record.NoLog = False,
    model: options.Model = None,
    zone: options.Zone = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help=_("Write the score page to a file."))
    ] = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, look, score, print."""
    from otklik.dataset.drafts import DraftFile, read_draft
    from otklik.records import DraftAuthor
    from otklik.scoring import with_summary

    chosen = session.settings(workspace=workspace, model=model, zone=zone)
    if (path is None) == (title is None):
        raise ConfigurationError("name a draft: either a file or folder, or --title and the other flags")
    if path is not None:
        file = read_draft(path, chosen.zone)
    else:
        draft = _from_flags(title or "", text, publish_at, platform, kind, duration_s, chosen.zone)
        file = DraftFile(draft, Path())
    draft = file.draft
    if author is not None:
        draft = _replace(draft, author=DraftAuthor(author_id=author))
    draft = with_summary(draft, median=author_median, n_posts=author_posts, followers=followers)
    looks: list[Look] = []
    faults: list[OtklikError] = []
    if not no_file:
        looks, faults = look_at_files(file, chosen, fast=fast, probe=probe, speech_model=speech_model)
    tell(draft, looks, chosen, json, remember=not no_log, html=html)
    if faults:
        session.fail(faults[0])


def look_at_files(
    file: DraftFile, chosen: Settings, *, fast: bool = False, probe: str | None = None, speech_model: Path | None = None
) -> tuple[list[Look], list[OtklikError]]:
    """Look at the video and the cover that lie with a draft; its sound becomes part of the library.

    What cannot be looked at is told at the end: the forecast does not need it.
    """
    if file.video is None and file.cover is None:
        return [], []
    from otklik import looking

    asked = looking.Asked(
        fast=fast,
        store=chosen.store,
        probe=look.probe_file(probe, chosen.workspace),
        speech_model=speech_model or chosen.speech_model,
        author=(str(file.draft.platform), file.draft.author.author_id) if file.draft.author.author_id else None,
        draft=file.path,
    )
    found: list[Look] = []
    faults: list[OtklikError] = []
    with session.progress() as move:
        for one in (file.video, file.cover):
            if one is None:
                continue
            move("look", len(found), None)
            try:
                found.append(looking.look_at(one, asked))
            except OtklikError as error:
                faults.append(error)
    if found and found[0].path == file.video:
        looking.remember(found[0], asked)
    return found, faults


def tell(
    draft: Draft,
    looks: list[Look],
    chosen: Settings,
    json: str | None,
    note: str | None = None,
    *,
    remember: bool = False,
    html: Path | None = None,
) -> None:
    """Score a draft with what its files show, and print the card or write it."""
    from otklik import explaining, workflows
    from otklik.cli.render_forecast import render

    facts, told = None, []
    if looks:
        from otklik import looking

        told = [looking.to_dict(one) for one in looks]
        # Of a cover alone nothing is known of the video, and a model learns from videos.
        facts = looking.facts_of(looks[0]) if looks[0].screening.file.kind != "picture" else None
        draft = looking.with_length(draft, looks)
    found = workflows.score(draft, chosen.model, chosen.store, chosen.zone, facts)
    content = explaining.explain_text(draft.title, draft.text, ",".join(draft.tags), tag_names=False)
    number = track_record.remember(found, chosen, draft=draft) if remember else None
    if html is not None:
        _page(found, content, looks, chosen, html, _other_hours(draft, facts, chosen))
    plain = {**found.to_dict(), "content": content.formula.to_dict(), "files": told, **track_record.numbered(number)}
    if session.write_json(plain, json):
        return
    if note is not None:
        session.tell(session.out(), note, "dim")
    render(found, chosen.zone, content, looks)
    track_record.tell_number(number)


def _other_hours(draft: Draft, facts: Facts | None, chosen: Settings) -> tuple[WhatIf, ...]:
    """The draft at other hours of its day, for the page; `otklik whatif` tries more."""
    from zoneinfo import ZoneInfo

    from otklik import advising
    from otklik.language import moment
    from otklik.report.figure_whatif import WhatIf

    local = draft.publish_at.astimezone(ZoneInfo(chosen.zone))
    times = [local.replace(hour=hour, minute=0) for hour in HOURS if hour != local.hour]
    told = [moment(at, chosen.zone, session.lang) for at in times]
    entries = [advising.Entry("", draft, facts)]
    entries += [
        advising.Entry(name, _replace(draft, publish_at=at), facts) for name, at in zip(told, times, strict=True)
    ]
    found = advising.what_if(entries, chosen.model, chosen.store, chosen.zone)
    return tuple(
        WhatIf(
            _("published: {text}", text=one.name),
            one.forecast.views.p10,
            one.forecast.views.p50,
            one.forecast.views.p90,
            None if one.against.verdict == "not calibrated" else one.against.verdict in ("tie", "same"),
        )
        for one in found.variants
    )


def _page(
    found: Forecast,
    content: Explanation,
    looks: list[Look],
    chosen: Settings,
    html: Path,
    whatif: tuple[WhatIf, ...] = (),
) -> None:
    """Write the score page and say where it is."""
    from otklik import workflows
    from otklik.models.plain_words import effect_words
    from otklik.report.score_page import ScoreReport, write

    words = tuple((one.name, effect_words(one, session.lang)) for one in found.features)
    coverage = workflows.coverage_of(chosen.model, found)
    report = ScoreReport(
        found,
        content,
        tuple(looks),
        whatif,
        zone=chosen.zone,
        lang=session.lang,
        feature_words=words,
        coverage=coverage,
    )
    write(report, html)
    session.tell(session.err(), _("The page is in {path}.", path=html), "dim")


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
