"""Reading what a platform sent: text fit to be stored, and one answer of an unknown form spoiling no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from otklik.collect.answers import Answer, Outcome
from otklik.errors import DataError

GARBLED = (DataError, AttributeError, KeyError, TypeError, ValueError, OverflowError)
"""What reading raises when something is not of the documented form."""
_UNSTORABLE = dict.fromkeys([0, *range(0xD800, 0xE000)], "\ufffd")
"""NUL, which PostgreSQL refuses, and halves of characters, such as an emoji cut in two, which nothing can encode."""


def text(value: Any) -> str | None:
    r"""What a person wrote, as it came, with a mark in place of what no database takes; ``None`` for what is no text.

    >>> text("Казань \ud83d") == "Казань \ufffd", text(7)
    (True, None)
    """
    return value.translate(_UNSTORABLE) if isinstance(value, str) else None


def answer_or_failure(platform: str, post_id: str, read: Callable[[], Answer]) -> Answer:
    """What ``read`` returns; for a post shown in a form that we do not know, a question that did not get through."""
    try:
        return read()
    except GARBLED as error:
        return Answer(platform, post_id, Outcome.FAILED, reason=f"not of the documented form ({type(error).__name__})")
