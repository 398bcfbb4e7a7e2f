"""What every verb shares: the language, where output goes, progress, and how an error is told."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import available_timezones

from otklik.credentials import redact
from otklik.errors import ConfigurationError, OtklikError, StorageError
from otklik.language import LANGUAGES, say, t
from otklik.settings import PREFIX, Settings, language_of, resolve

if TYPE_CHECKING:
    from rich.console import Console

lang = "en"
zone = "UTC"
"""Zone in which instants in errors are told; the settings' once they are read."""
debug = False

Progress = Callable[[str, int, int | None], None]


def start(arguments: list[str]) -> list[str]:
    """Take ``--lang`` and ``--debug`` out of the arguments, wherever they stand: help must know the language."""
    global lang, debug
    rest, asked = [], os.environ.get(PREFIX + "LANG") or None
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--lang":
            asked = next(waiting, "")
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
        elif argument == "--debug":
            debug = True
        else:
            rest.append(argument)
    try:
        lang = language_of(asked)
    except OtklikError as error:
        fail(error)
    return rest


def _(template: str, /, **values: Any) -> str:
    """A sentence in the language of the session."""
    return t(template, lang, **values)


def settings(**flags: str | Path | None) -> Settings:
    """Resolved settings; a language set in ``otklik.toml`` holds unless flag or environment said another."""
    global zone
    found = resolve({**flags, "lang": lang if lang in LANGUAGES else None})
    zone = found.zone if found.zone in available_timezones() else "UTC"
    return found


def out() -> Console:
    """Standard output, 100 columns wide where it is no terminal."""
    return _console(sys.stdout)


def err() -> Console:
    """Standard error: progress, remarks, errors."""
    return _console(sys.stderr)


def _console(stream: Any) -> Console:
    from rich.console import Console

    width = None if stream.isatty() else int(os.environ.get("COLUMNS") or 100)
    # Names of models, posts and experiments are third-party text: no markup is read anywhere.
    return Console(file=stream, width=width, highlight=False, emoji=False, markup=False)


def tell(console: Console, text: str, style: str = "") -> None:
    """Print a line of plain text: no markup is read in it."""
    from rich.text import Text

    console.print(Text(text, style=style), soft_wrap=True)


def fail(error: OtklikError) -> NoReturn:
    """Tell an error in one sentence and end with its exit code."""
    tell(err(), clean(redact(say(error, lang, zone))), "red")
    raise SystemExit(error.exit_code)


def crash(error: Exception) -> NoReturn:
    """Tell an error that nobody foresaw."""
    text = _(
        "otklik failed ({kind}: {why}). This is a bug; --debug shows where.",
        kind=type(error).__name__,
        why=error,
    )
    tell(err(), clean(redact(text)), "red")
    raise SystemExit(1)


def trace(error: Exception) -> None:
    """Where an error came from; secrets are taken out of it."""
    import traceback

    sys.stderr.write(redact("".join(traceback.format_exception(error))))


def clean(text: str) -> str:
    r"""Third-party text without what a terminal would obey: control characters and changes of writing direction.

    >>> clean("a\x1b[31mb\u202ec")
    'a[31mbc'
    """
    hidden = {
        *range(0x20),
        *range(0x7F, 0xA0),
        *range(0x200E, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    }
    shown = (" " if char in "\n\t" else char for char in text if char in "\n\t" or ord(char) not in hidden)
    return encodable("".join(shown))


def encodable(text: str) -> str:
    r"""A text that can be written as UTF-8: half an emoji becomes a question mark.

    >>> encodable("a\ud83d")
    'a?'
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def write_json(value: Any, file: str | None) -> bool:
    """Write a value to a file, or to standard output for ``-``; says whether standard output is taken."""
    if file is None:
        return False
    text = encodable(json.dumps(value, ensure_ascii=False, indent=2, default=str))
    if file == "-":
        sys.stdout.write(text + "\n")
        return True
    try:
        Path(file).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError("the file {path} cannot be written: {why}", path=file, why=error.strerror) from None
    return False


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress bar on standard error, gone when the work is done; silent where that is no terminal."""
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    names = {
        "train": _("training"),
        "backtest": _("testing"),
        "ablation": _("testing"),
        "posts": _("posts"),
        "snapshots": _("snapshots"),
        "ticks": _("simulated time"),
        "look": _("looking and listening"),
        "score": _("forecasting"),
        "sounds": _("sounds"),
    }
    console = err()
    bar = Bar(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True,
        disable=not console.is_terminal,
    )  # fmt: skip
    tasks: dict[str, Any] = {}

    def move(stage: str, done: int, total: int | None) -> None:
        if stage not in tasks:
            tasks[stage] = bar.add_task(names.get(stage, stage), total=total)
        bar.update(tasks[stage], completed=done, total=total)

    with bar:
        yield move


def instant(text: str | None, zone: str) -> Any:
    """An instant from the command line, in the zone where none is written; ``None`` stays."""
    from datetime import datetime

    from otklik import units

    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ConfigurationError(
            "expected a date and time such as 2026-12-04T19:00:00+03:00, but got {text!r}", text=text
        ) from None
    return units.utc(at if at.tzinfo else at.replace(tzinfo=units.zone(zone)))


def number(value: float, digits: int = 0) -> str:
    """A number in the language of the session."""
    from otklik.language import number as told

    return told(value, lang, digits)
