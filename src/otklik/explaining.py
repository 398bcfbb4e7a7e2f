"""The verbs of explaining a text, as recipes; apart from the others, since they need no model and must be quick."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from otklik.content.explanation import Explanation, explain
from otklik.content.reader import joined
from otklik.dataset.drafts import read_draft
from otklik.errors import ConfigurationError, DataError


def explain_text(
    title: str | None, text: str | None, tags: str | None = None, *, tag_names: bool = True
) -> Explanation:
    """What a title and a text say, and their formula scores."""
    return explain_many([joined(title, text, tags)], tag_names=tag_names)[0]


def explain_draft(path: Path, *, tag_names: bool = True) -> Explanation:
    """What a draft's title, text and tags say."""
    draft = read_draft(path).draft
    return explain_text(draft.title, draft.text, ",".join(draft.tags), tag_names=tag_names)


def explain_many(texts: list[str], *, tag_names: bool = True) -> list[Explanation]:
    """What many texts say, in their order."""
    return explain(texts, tag_names=tag_names)


def texts_in(file: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines, each with a ``text``; blank lines are passed over.

    Raises:
        ConfigurationError: when the file cannot be read.
        DataError: naming the line that is no object with a text.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ConfigurationError("the file {path} cannot be read: {why}", path=file, why=why) from None
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line, parse_constant=_no_constant)
            json.dumps(one)
        except (ValueError, RecursionError):
            one = None
        if not _is_text(one):
            raise DataError(
                '{path}, line {number}: expected an object such as {{"id": 1, "text": "..."}}, but got {got}',
                path=file,
                number=number,
                got=line.strip()[:80],
            )
        found.append(one)
    return found


def _no_constant(name: str) -> None:
    """NaN and Infinity are no JSON."""
    raise ValueError(name)


def _is_text(line: Any) -> bool:
    """An object with a text; null is an empty one."""
    return isinstance(line, dict) and "text" in line and isinstance(line["text"], str | None)
