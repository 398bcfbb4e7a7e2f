"""``otklik whatif``: a draft, the same draft with something changed, and the hours of a week."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from otklik.cli import look, options, session
from otklik.cli.session import _
from otklik.errors import ConfigurationError, OtklikError

if TYPE_CHECKING:
    from otklik.advising import Change, Entry
    from otklik.dataset.drafts import DraftFile
    from otklik.media.look import Look
    from otklik.settings import Settings

CHANGEABLE = ("publish_at", "title", "text", "tags", "duration_s", "kind", "video", "cover", "synthetic_media")
"""What may differ between variants of one post."""
GIVEN = ("platform", "author", "author_id", "followers", "history", "median_views", "median_reactions", "n_posts")
"""What is as it is: an advice to have more followers is none."""
_NAME = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*", re.ASCII)
_NEXT = re.compile(r",\s*[A-Za-z_]\w*\s*=", re.ASCII)
_QUOTED = {mark: re.compile(rf"{mark}((?:[^{mark}\\]|\\.)*){mark}\s*", re.DOTALL) for mark in "\"'"}
_YES_NO = {"true": True, "yes": True, "false": False, "no": False}

NoFile = Annotated[bool, typer.Option("--no-file", help=_("Leave out the draft's video and cover: the text alone."))]
Author = Annotated[str | None, typer.Option("--author", help=_("Id of an author in the store."))]
Median = Annotated[
    float | None, typer.Option("--author-median", min=1, help=_("Median views at 24 h of the author's posts."))
]
Posts = Annotated[int | None, typer.Option("--author-posts", min=0, help=_("How many posts that median is of."))]
Followers = Annotated[int | None, typer.Option("--followers", min=0, help=_("Followers of the author."))]


def run(
    path: Annotated[Path, typer.Argument(metavar="DRAFT", help=_("A draft: a YAML file or a folder with one."))],
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--change",
            metavar="FIELD=VALUE,...",
            help=_("A variant: what it changes, several things joined by commas. Once for each variant."),
        ),
    ] = None,
    hours: Annotated[
        bool, typer.Option("--hours", help=_("Score the draft at every hour of a week: which are the best?"))
    ] = False,
    author: Author = None,
    author_median: Median = None,
    author_posts: Posts = None,
    followers: Followers = None,
    fast: look.Fast = False,
    no_file: NoFile = False,
    probe: look.Probe = None,
    speech_model: look.SpeechModel = None,
    model: options.Model = None,
    zone: options.Zone = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse the changes, look at the files, score, print."""
    if not change and not hours:
        raise ConfigurationError('say what to try: --change title="...", once for each variant, or --hours')
    from otklik import advising
    from otklik.cli.render_advice import render_what_if
    from otklik.dataset.drafts import read_draft

    chosen = session.settings(workspace=workspace, model=model, zone=zone)
    file = whose(read_draft(path, chosen.zone), author, author_median, author_posts, followers)
    eyes = Eyes(chosen, no_file=no_file, fast=fast, probe=probe, speech_model=speech_model)
    variants = [parse_changes(text) for text in change or []]
    entries = [eyes.entry(str(path), file)]
    for changes in variants:
        name = ", ".join(f"{one.field}={one.value}" for one in changes)
        entries.append(eyes.entry(name, changed(file, changes, chosen.zone), changes))
    with session.progress() as move:
        found = advising.what_if(entries, chosen.model, chosen.store, chosen.zone, hours=hours, on_progress=move)
    if not session.write_json(found.to_dict(), json):
        render_what_if(found, chosen.zone)
    eyes.tell_faults()


def whose(
    file: DraftFile, author: str | None, median: float | None, n_posts: int | None, followers: int | None
) -> DraftFile:
    """A draft with what the command line says of its author."""
    from otklik.records import DraftAuthor
    from otklik.scoring import with_summary

    draft = file.draft if author is None else replace(file.draft, author=DraftAuthor(author_id=author))
    return replace(file, draft=with_summary(draft, median=median, n_posts=n_posts, followers=followers))


class Eyes:
    """Looks at the files of drafts, at each once, and keeps what could not be looked at for the end."""

    def __init__(self, chosen: Settings, *, no_file: bool, **how: Any) -> None:
        self._chosen, self._no_file, self._how = chosen, no_file, how
        self._seen: dict[tuple[Path | None, Path | None], list[Look]] = {}
        self._faults: list[OtklikError] = []

    def entry(self, name: str, file: DraftFile, changes: Sequence[Change] = ()) -> Entry:
        """A draft to be scored, with what its files show.

        Raises:
            ConfigurationError: when a file is changed and files are not to be looked at.
        """
        from otklik.advising import Entry

        told = next((one.field for one in changes if one.field in ("video", "cover")), None)
        if told and self._no_file:
            raise ConfigurationError(
                "{key} is changed, but --no-file leaves the files out: drop one of the two", key=told
            )
        looks = self._looks(file)
        if not looks:
            return Entry(name, file.draft, None, tuple(changes))
        from otklik import looking

        # Of a cover alone nothing is known of the video, and a model learns from videos.
        facts = looking.facts_of(looks[0]) if looks[0].screening.file.kind != "picture" else None
        return Entry(name, looking.with_length(file.draft, looks), facts, tuple(changes))

    def tell_faults(self) -> None:
        """End with the first file that could not be looked at, if there is one."""
        if self._faults:
            session.fail(self._faults[0])

    def _looks(self, file: DraftFile) -> list[Look]:
        if self._no_file:
            return []
        key = (file.video, file.cover)
        if key not in self._seen:
            from otklik.cli.score import look_at_files

            self._seen[key], faults = look_at_files(file, self._chosen, **self._how)
            self._faults += faults
        return self._seen[key]


def parse_changes(text: str) -> tuple[Change, ...]:
    r"""The changes of one variant: ``field=value`` joined by commas.

    A value may stand in quotes, with ``\"`` for a quote inside. Without them it reaches to the next ``,field=``: a
    shell takes quotes away, and titles have commas.

    Raises:
        ConfigurationError: when the text is not of this form, or names what may not be changed.

    >>> [(one.field, one.value) for one in parse_changes('publish_at=2026-12-05T18:00,title="Ночь, улица"')]
    [('publish_at', '2026-12-05T18:00'), ('title', 'Ночь, улица')]
    >>> [(one.field, one.value) for one in parse_changes("title=Ночь, улица, kind=video")]
    [('title', 'Ночь, улица'), ('kind', 'video')]
    """
    from otklik.advising import Change

    found: list[Change] = []
    at = 0
    while at < len(text) or not found:
        name = _NAME.match(text, at)
        if name is None:
            raise ConfigurationError(
                'expected changes such as title="...",publish_at=2026-12-05T18:00, but got {text!r}', text=text[at:]
            )
        field = name[1]
        _check_field(field, [one.field for one in found])
        value, at = _value(text, name.end())
        found.append(Change(field, value))
    return tuple(found)


def _check_field(field: str, before: Sequence[str]) -> None:
    can = ", ".join(CHANGEABLE)
    if field in GIVEN:
        raise ConfigurationError(
            "{key} is as it is and cannot be changed in a variant; what can be: {known}", key=field, known=can
        )
    if field not in CHANGEABLE:
        raise ConfigurationError(
            "{key} is nothing that a variant can change; what can be: {known}", key=field, known=can
        )
    if field in before:
        raise ConfigurationError("{key} is changed twice in one variant: write --change once for each", key=field)


def _value(text: str, at: int) -> tuple[str, int]:
    """The value that begins at a place of a text, and where the next field begins."""
    if text[at : at + 1] in _QUOTED:
        match = _QUOTED[text[at]].match(text, at)
        if match is None or text[match.end() : match.end() + 1] not in ("", ","):
            raise ConfigurationError(
                "the quotes in {text!r} do not close before the next comma: write \\{mark} for a quote inside",
                text=text[at:],
                mark=text[at],
            )
        return re.sub(r"\\(.)", r"\1", match[1]), match.end() + 1
    end = _NEXT.search(text, at)
    stop = end.start() if end else len(text)
    return text[at:stop].strip(), stop + 1


def changed(file: DraftFile, changes: Sequence[Change], zone: str) -> DraftFile:
    """A draft with its changes made.

    Args:
        file: the draft as it is.
        changes: what to change.
        zone: of a time that is written without an offset.

    Raises:
        ConfigurationError: when a value is not one that its field can have.
    """
    values = {one.field: _READ[one.field](one.value, file, zone) for one in changes}
    files = {name: values.pop(name) for name in ("video", "cover") if name in values}
    if "video" in files:
        # The length that the draft tells is that of its own video.
        values.setdefault("duration_s", None)
    return replace(file, draft=replace(file.draft, **values), **files)


def _title(value: str, file: DraftFile, zone: str) -> str:
    if not value.strip():
        raise ConfigurationError("a draft needs a title")
    return value.strip()


def _seconds(value: str, file: DraftFile, zone: str) -> int:
    try:
        seconds = float(value)
    except ValueError:
        seconds = float("nan")
    if not 0 < seconds < 1e6:
        raise ConfigurationError("duration_s must be a number of seconds such as 18, but it is {got!r}", got=value)
    return round(seconds)


def _kind(value: str, file: DraftFile, zone: str) -> str:
    from otklik.records import Kind

    known = [*map(str, Kind), file.draft.kind]
    if value.lower() not in known:
        raise ConfigurationError(
            "kind must be one of {known}, but it is {got!r}", known=", ".join(map(str, Kind)), got=value
        )
    return value.lower()


def _synthetic(value: str, file: DraftFile, zone: str) -> bool:
    if value.lower() not in _YES_NO:
        raise ConfigurationError("synthetic_media must be true or false, but it is {got!r}", got=value)
    return _YES_NO[value.lower()]


def _beside(value: str, file: DraftFile, zone: str) -> Path:
    """A file here, or beside the draft."""
    for path in (Path(value), file.path.parent / value):
        # A name that is longer than the system allows is no file.
        with suppress(OSError):
            if value and path.is_file():
                return path
    raise ConfigurationError("there is no file {path}, neither here nor beside the draft", path=value)


def _tags(value: str, file: DraftFile, zone: str) -> tuple[str, ...]:
    return tuple(tag for tag in (part.strip().lstrip("#") for part in re.split("[,;]", value)) if tag)


_READ: dict[str, Callable[[str, DraftFile, str], Any]] = {
    "publish_at": lambda value, _file, zone: session.instant(value, zone),
    "title": _title,
    "text": lambda value, _file, _zone: value or None,
    "tags": _tags,
    "duration_s": _seconds,
    "kind": _kind,
    "video": _beside,
    "cover": _beside,
    "synthetic_media": _synthetic,
}
