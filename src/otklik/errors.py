"""Errors, sorted by what the caller should do next.

A message says what was expected, what came and what to do. It is written as an English template with
named values; the template is also the key of its translation (``locale/ru.json``), so one error can be
told in either language.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any


class OtklikError(Exception):
    """Root of every error that otklik raises on purpose.

    Args:
        template: English sentence with ``{named}`` places; the key of its translation.
        **values: what fills the places.

    >>> str(DataError("column {column} is missing", column="views"))
    'column views is missing'
    """

    exit_code = 1

    def __init__(self, template: str, **values: Any) -> None:
        self.template = template
        self.values = values
        super().__init__(template.format(**values))


class TransientError(OtklikError):
    """Try again later: a network fault, a busy service, a locked store."""

    exit_code = 75


class QuotaExhausted(OtklikError):  # noqa: N818 - the vocabulary of the house
    """Wait until ``reset_at`` (UTC) and keep what is stored."""

    exit_code = 75

    def __init__(self, template: str, *, reset_at: datetime, **values: Any) -> None:
        self.reset_at = reset_at
        super().__init__(template, reset_at=reset_at, **values)


class ItemUnavailable(OtklikError):  # noqa: N818 - the vocabulary of the house
    """Write a tombstone for this item and go on."""

    exit_code = 0


class ConfigurationError(OtklikError):
    """Tell the user and stop: a setting, a path, a model or a draft is not as it must be."""

    exit_code = 78


class DataError(OtklikError):
    """Stop: a law about the data is broken."""

    exit_code = 65


class StorageError(OtklikError):
    """Stop: the disk or the database refuses to keep what it is given (read-only, full)."""

    exit_code = 74
