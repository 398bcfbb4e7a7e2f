"""``otklik look``: what a video, a picture or a sound shows and sounds like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _
from otklik.errors import ConfigurationError, StorageError

if TYPE_CHECKING:
    from otklik.media.look import Look

Fast = Annotated[bool, typer.Option("--fast", help=_("Keyframes only: quicker, without cuts, motion and text."))]
Probe = Annotated[
    str | None, typer.Option("--probe", metavar="NAME", help=_("Labels of your own, made by `symbols learn`."))
]
SpeechModel = Annotated[
    Path | None,
    typer.Option("--speech-model", metavar="DIR", help=_("Folder of a faster-whisper or Vosk model of your own.")),
]


def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("A video, a picture or a sound."))],
    fast: Fast = False,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", metavar="FILE", help=_("Write a contact sheet, a PNG picture."))
    ] = None,
    probe: Probe = None,
    speech_model: SpeechModel = None,
    prompt_model: Annotated[
        str | None,
        typer.Option(
            "--prompt-model", metavar="MODEL", help=_("Ask a model of pictures and words: open_clip or siglip:FOLDER.")
        ),
    ] = None,
    prompts: Annotated[
        Path | None, typer.Option("--prompts", metavar="FILE", help=_("Prompts of your own to ask, as YAML."))
    ] = None,
    post: Annotated[
        str | None,
        typer.Option(
            "--post", metavar="PLATFORM:ID", help=_("The post in the store whose file this is: kept with it.")
        ),
    ] = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Look, draw, print."""
    from otklik import looking
    from otklik.cli.render_look import render

    chosen = session.settings(workspace=workspace)
    asked = looking.Asked(
        fast=fast,
        store=chosen.store,
        probe=probe_file(probe, chosen.workspace),
        prompts=prompts,
        prompt_model=prompt_model,
        speech_model=speech_model or chosen.speech_model,
    )
    with session.progress() as move:
        move("look", 0, None)
        found = looking.look_at(file, asked)
    if post is not None:
        looking.keep_with_post(found, post, chosen.store)
    if sheet is not None:
        _write(sheet, found)
    if not session.write_json(looking.to_dict(found), json):
        render(found, sheet)
        if post is not None:
            session.tell(session.out(), _("Kept with the post {post}.", post=session.clean(post)), "dim")


def probe_file(name: str | None, workspace: Path) -> Path | None:
    """A probe by its name in the workspace, or by its path."""
    if name is None:
        return None
    known = workspace / "symbols" / f"{name}.json"
    path = Path(name) if Path(name).suffix == ".json" else known
    if not path.is_file():
        raise ConfigurationError(
            "there is no probe {name} ({path}): `otklik symbols learn FOLDER --name {name}` makes one",
            name=name,
            path=path,
        )
    return path


def _write(sheet: Path, found: Look) -> None:
    from otklik.report.contact_sheet import render_sheet
    from otklik.report.look_sheet import sheet_of

    try:
        sheet.write_bytes(render_sheet(sheet_of(found, session.lang)))
    except OSError as error:
        raise StorageError("the file {path} cannot be written: {why}", path=sheet, why=error.strerror) from None
