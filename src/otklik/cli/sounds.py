"""``otklik sounds``: the library of sounds that new ones are compared with."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _
from otklik.errors import ConfigurationError

if TYPE_CHECKING:
    from otklik.media.sound_library import Added

HEADS = ("key", "name", "what", "author", "length, s", "since")
KINDS = {"library": "library", "draft": "draft", "post": "post"}
OUTCOMES = {"added": "added: {name}", "known": "in the library already: {name}"}

Author = Annotated[
    str | None, typer.Option("--author", metavar="PLATFORM:ID", help=_("Whose it is, as in vk:-1 or youtube:UC..."))
]


def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help=_("Sounds, videos, or folders of them."))],
    name: Annotated[str | None, typer.Option("--name", help=_("What to call it (default: the file's name)."))] = None,
    author: Author = None,
    post: Annotated[
        str | None, typer.Option("--post", metavar="PLATFORM:ID", help=_("The post that it is the sound of."))
    ] = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, add file by file, tell."""
    from otklik.clock import SystemClock
    from otklik.media import sound_library
    from otklik.store import Store

    _pair(author, "--author")
    _pair(post, "--post")
    chosen = session.settings(workspace=workspace)
    paths = sound_library.files_in(files)
    if len(paths) > 1 and (name or post):
        raise ConfigurationError("--name and --post go with one file, but {n} were named", n=len(paths))
    outcomes: list[Added] = []
    with Store.open(chosen.store) as store, session.progress() as move:
        found = sound_library.add_files(store, paths, SystemClock().now(), name=name, author=author, post=post)
        for n, one in enumerate(found, 1):
            outcomes.append(one)
            move("sounds", n, len(paths))
            if one.error is not None:
                session.tell(session.err(), session.clean(_sentence(one)), "red")
    _tell_added(outcomes, json)
    if not paths:
        raise ConfigurationError("there is no sound or video in the folders that were named")
    if any(one.error is not None for one in outcomes):
        raise SystemExit(1)


def listed(workspace: options.Workspace = None, zone: options.Zone = None, json: options.Json = None) -> None:
    """Parse, read, print."""
    from rich.table import Table

    from otklik.language import moment
    from otklik.store import Sounds, Store

    chosen = session.settings(workspace=workspace, zone=zone)
    with Store.open(chosen.store) as store:
        found = Sounds(store).all()
    if session.write_json([asdict(one) for one in found], json):
        return
    if not found:
        session.tell(session.out(), _("No sounds are kept yet: `otklik sounds add FILES` begins."))
        return
    table = Table(box=None, pad_edge=False)
    for head in HEADS:
        table.add_column(_(head))
    for one in found:
        since = moment(one.added_at, chosen.zone, session.lang) if one.added_at else "—"
        name, author = session.clean(one.name), session.clean(one.author or "—")
        table.add_row(str(one.key), name, _(KINDS[one.kind]), author, session.number(one.duration_s, 1), since)
    session.out().print(table)


def find(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("A sound or a video."))],
    author: Author = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, listen, compare, print."""
    from otklik.media import chromaprint
    from otklik.media.reuse import SOUNDLESS, find_reuse, not_checked
    from otklik.media.sound import read_sound
    from otklik.report.look_rows import decimals
    from otklik.store import Store

    whose = _pair(author, "--author")
    chosen = session.settings(workspace=workspace)
    sound = read_sound(file)
    if sound is None:
        found = not_checked(SOUNDLESS)
    else:
        with Store.open(chosen.store) as store:
            words = chromaprint.words(sound)
            found = find_reuse(sound, store, author=whose, words=words)
    if session.write_json(asdict(found), json):
        return
    for template, values in found.told():
        session.tell(session.out(), session.clean(_(template, **decimals(values, session.lang))))
    for match in found.matches:
        if match.chromaprint is not None:
            share = session.number(100 * match.chromaprint, 0)
            text = _("Chromaprint on {name}: {share} % of the bits differ", name=match.sound, share=share)
            session.tell(session.out(), session.clean(text), "dim")
    if found.matches and (missing := chromaprint.why_not()):
        session.tell(session.out(), _(missing), "dim")


def remove(
    key: Annotated[int, typer.Argument(metavar="KEY", help=_("A key as `otklik sounds list` shows it."))],
    workspace: options.Workspace = None,
) -> None:
    """Parse, remove, tell."""
    from otklik.store import Sounds, Store

    with Store.open(session.settings(workspace=workspace).store) as store:
        if not Sounds(store).remove(key):
            raise ConfigurationError(
                "there is no sound with the key {key}: `otklik sounds list` shows the keys", key=key
            )
    session.tell(session.out(), _("removed: {key}", key=key))


def _pair(text: str | None, option: str) -> tuple[str, str] | None:
    """Platform and id out of ``vk:-1``."""
    if text is None:
        return None
    platform, colon, one = text.partition(":")
    if not (platform and colon and one):
        raise ConfigurationError(
            "{option} expects a platform and an id such as vk:-1, but got {text!r}", option=option, text=text
        )
    return platform, one


def _sentence(one: Added) -> str:
    from otklik.language import say

    return say(one.error, session.lang) if one.error is not None else _(OUTCOMES[one.outcome], name=one.path.name)


def _tell_added(outcomes: list[Added], json: str | None) -> None:
    told = [
        {
            "path": str(one.path),
            "outcome": one.outcome,
            "key": one.sound.key if one.sound else None,
            "why": _sentence(one) if one.error else None,
        }
        for one in outcomes
    ]
    if session.write_json(told, json):
        return
    for one in outcomes:
        if one.error is None:
            session.tell(session.out(), session.clean(_sentence(one)))
