"""``otklik compare``: drafts of one author, or titles for one draft, in order and with their ties."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import look, options, session, whatif
from otklik.cli.session import _
from otklik.errors import ConfigurationError

if TYPE_CHECKING:
    from otklik.advising import Change
    from otklik.dataset.drafts import DraftFile

Candidate = tuple[str, "DraftFile", tuple["Change", ...]]
"""What to call a draft, the draft, and what was changed in it."""


def run(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[DRAFT]...", help=_("Drafts: YAML files or folders with one each."))
    ] = None,
    draft: Annotated[
        Path | None, typer.Option("--draft", metavar="DRAFT", help=_("The draft that the titles are for."))
    ] = None,
    title: Annotated[list[str] | None, typer.Option("--title", help=_("A title for it. Once for each title."))] = None,
    author: whatif.Author = None,
    author_median: whatif.Median = None,
    author_posts: whatif.Posts = None,
    followers: whatif.Followers = None,
    fast: look.Fast = False,
    no_file: whatif.NoFile = False,
    probe: look.Probe = None,
    speech_model: look.SpeechModel = None,
    model: options.Model = None,
    zone: options.Zone = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Read the drafts, look at their files, score, print."""
    if bool(draft) != bool(title):
        raise ConfigurationError("--draft and --title go together: the draft, and titles to try for it")
    from otklik import advising
    from otklik.cli.render_advice import render_comparison

    chosen = session.settings(workspace=workspace, model=model, zone=zone)
    found = candidates(paths or [], draft, title or [], chosen.zone)
    eyes = whatif.Eyes(chosen, no_file=no_file, fast=fast, probe=probe, speech_model=speech_model)
    entries = [
        eyes.entry(name, whatif.whose(file, author, author_median, author_posts, followers), changes)
        for name, file, changes in found
    ]
    with session.progress() as move:
        said = advising.compare(entries, chosen.model, chosen.store, chosen.zone, on_progress=move)
    if not session.write_json(said.to_dict(), json):
        render_comparison(said)
    eyes.tell_faults()


def candidates(paths: list[Path], draft: Path | None, titles: list[str], zone: str) -> list[Candidate]:
    """What is compared: drafts by their files, then a draft as it is and under each other title.

    Raises:
        ConfigurationError: when there are fewer than two, or one cannot be read.
    """
    from otklik.advising import Change
    from otklik.dataset.drafts import read_draft

    found: list[Candidate] = [(str(path), read_draft(path, zone), ()) for path in dict.fromkeys(paths)]
    if draft is not None:
        file = read_draft(draft, zone)
        found.append((str(draft), file, ()))
        for title in dict.fromkeys(one.strip() for one in titles):
            if not title:
                raise ConfigurationError("a draft needs a title")
            if title != file.draft.title:
                other = replace(file, draft=replace(file.draft, title=title))
                found.append((title, other, (Change("title", title),)))
    if len(found) < 2:
        raise ConfigurationError("name at least two drafts to compare, or --draft and a --title other than its own")
    return found
