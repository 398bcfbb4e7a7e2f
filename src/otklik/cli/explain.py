"""``otklik explain``: what a text says, and which words say it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from otklik.cli import options, session
from otklik.cli.session import _
from otklik.errors import ConfigurationError, StorageError

if TYPE_CHECKING:
    from otklik.content.explanation import Explanation

HEADS = ("group", "precision", "recall", "right", "found", "labelled")


def run(
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help=_("A draft: a YAML file or a folder with one."))
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help=_("A title."))] = None,
    text: Annotated[str | None, typer.Option("--text", help=_("A text or description."))] = None,
    tags: Annotated[str | None, typer.Option("--tags", help=_("Tags joined by commas."))] = None,
    input_file: Annotated[
        Path | None,
        typer.Option("--input", metavar="FILE", help=_("Many texts: JSON lines, an object with id and text a line.")),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help=_("Write the text in colour as a fragment of HTML."))
    ] = None,
    names: Annotated[
        bool, typer.Option("--names/--no-names", help=_("Look for people that no list holds, in Russian (Slovnet)."))
    ] = True,
    agreement: Annotated[
        bool, typer.Option("--agreement", help=_("Compare with the labels in the file: precision and recall."))
    ] = False,
    json: options.Json = None,
) -> None:
    """Parse, read, print."""
    from otklik import explaining

    if sum(one is not None for one in (path, input_file)) + (title is not None or text is not None) != 1:
        raise ConfigurationError("name one of: a draft, --title and --text, or --input with many texts")
    if tags is not None and (path or input_file):
        raise ConfigurationError("--tags goes with --title and --text; a draft and a file of texts bring their own")
    if input_file is not None:
        if html is not None:
            raise ConfigurationError("--html tells one text: with --input name --json for the answers")
        _many(input_file, json, agreement=agreement, tag_names=names)
        return
    if agreement:
        raise ConfigurationError("--agreement compares with labels in a file: name it with --input")
    found = (
        explaining.explain_draft(path, tag_names=names)
        if path
        else explaining.explain_text(title, text, tags, tag_names=names)
    )
    _written(found, html)
    if not session.write_json(found.to_dict(), json):
        from otklik.cli.render_explanation import render

        render(found)


def _written(found: Explanation, html: Path | None) -> None:
    from otklik.report.explained_text import fragment

    if html is None:
        return
    try:
        html.write_text(fragment(found, session.lang), encoding="utf-8")
    except OSError as error:
        raise StorageError("the file {path} cannot be written: {why}", path=html, why=error.strerror) from None


def _many(file: Path, out: str | None, *, agreement: bool, tag_names: bool) -> None:
    """Answer each line of a file, in its order, or say how well the answers agree with its labels."""
    import json
    import sys

    from otklik import explaining

    if out is None and not agreement:
        raise ConfigurationError(
            "--input answers many texts: name a file for the answers with --json, or - for standard output"
        )
    lines = explaining.texts_in(file)
    found = explaining.explain_many([str(line["text"] or "") for line in lines], tag_names=tag_names)
    if out is not None:
        answers = (
            json.dumps(one.to_dict(line.get("id")), ensure_ascii=False) for line, one in zip(lines, found, strict=True)
        )
        told = session.encodable("".join(answer + "\n" for answer in answers))
        try:
            sys.stdout.write(told) if out == "-" else Path(out).write_text(told, encoding="utf-8")
        except OSError as error:
            raise StorageError("the file {path} cannot be written: {why}", path=out, why=error.strerror) from None
    if agreement:
        _agreement(found, lines)


def _agreement(found: list[Explanation], lines: list[dict[str, Any]]) -> None:
    from rich.table import Table

    from otklik.content.agreement import agreement, checked

    checked(lines)
    table = Table(
        box=None, pad_edge=False, title=_("agreement with {n} labelled texts", n=len(lines)), title_justify="left"
    )
    for head in HEADS:
        table.add_column(_(head), justify="left" if head == "group" else "right")
    for one in agreement([each.reading for each in found], lines):
        counts = (session.number(value) for value in (one.right, one.found, one.labelled))
        table.add_row(_(one.group), *(_share(value) for value in (one.precision, one.recall)), *counts)
    session.out().print(table)


def _share(value: float) -> str:
    """A share with three digits, or a dash where there is nothing to take a share of."""
    return session.number(value, 3) if value == value else "—"
