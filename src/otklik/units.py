"""Durations and instants: the only place where either is made from text or numbers.

Durations are floats in hours (suffix ``_h``) unless a name ends in ``_s``; instants are UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from otklik.errors import ConfigurationError, DataError

MINUTE = 1 / 60
HOUR = 1.0
DAY = 24.0
WEEK = 168.0

_UNITS = {"m": MINUTE, "min": MINUTE, "h": HOUR, "d": DAY, "w": WEEK}
_DURATION = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(m|min|h|d|w)\s*", re.ASCII)


def parse_duration(text: str) -> float:
    """Hours in a duration such as ``"24h"``, ``"15 min"``, ``"1.5d"``.

    Raises:
        ConfigurationError: when the text is not a number followed by m, min, h, d or w.

    >>> parse_duration("24h"), parse_duration("30 min"), parse_duration("2d")
    (24.0, 0.5, 48.0)
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ConfigurationError(
            "expected a duration such as 24h, 15min or 7d, but got {text!r}: write a number and one of m, h, d, w",
            text=text,
        )
    return float(match[1].replace(",", ".")) * _UNITS[match[2]]


def utc(value: datetime | str) -> datetime:
    """The instant in UTC.

    Args:
        value: an aware datetime or an ISO 8601 text with an offset or ``Z``.

    Raises:
        DataError: for a text that is not ISO 8601, or an instant without a time zone.

    >>> utc("2026-11-23T12:00:00+03:00")
    datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.timezone.utc)
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise DataError(
                "expected a date and time such as 2026-11-23T18:30:00+03:00, but got {value!r}", value=value
            ) from None
    if value.tzinfo is None:
        raise DataError(
            "the time {value} has no zone: add an offset, for example {value}+03:00, or Z for UTC",
            value=value.isoformat(),
        )
    return value.astimezone(UTC)


def age_h(published_at: datetime, at: datetime) -> float:
    """Age in hours of a post published at ``published_at``, at the instant ``at``.

    >>> age_h(utc("2026-11-23T00:00:00Z"), utc("2026-11-23T01:30:00Z"))
    1.5
    """
    return (utc(at) - utc(published_at)).total_seconds() / 3600


def zone(name: str) -> ZoneInfo:
    """The IANA time zone called ``name``.

    Raises:
        ConfigurationError: when no such zone is known.

    >>> zone("Europe/Moscow").key
    'Europe/Moscow'
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigurationError(
            "the time zone {name!r} is not known: write a name such as Europe/Moscow or Asia/Yekaterinburg",
            name=name,
        ) from None
