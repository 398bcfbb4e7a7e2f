"""Quota buckets and their days: how much may be spent, until when, and how much of it now. Pure arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")
ROLLING_SLOT = timedelta(minutes=15)
"""How finely a rolling day is counted; what was spent in a slot counts until the whole slot is a day old."""


class Window(StrEnum):
    """How a platform counts a day."""

    PACIFIC_DAY = "pacific_day"
    """From midnight to midnight in Los Angeles, daylight saving time included (YouTube)."""
    ROLLING_DAY = "rolling_day"
    """The last 24 hours (VK: when its days begin is not published, so we assume the strictest reading)."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One allowance of calls."""

    platform: str
    name: str
    limit: int | None
    """Calls a day; ``None`` where the platform publishes no number."""
    window: Window
    source: str
    """Where the number comes from."""
    reserve: float = 0.05
    """Share that ordinary polling leaves alone, for what must still be possible late in the day."""


def slot_of(window: Window, now: datetime) -> datetime:
    """The beginning of the stretch of time that a call at ``now`` is booked on.

    >>> slot_of(Window.PACIFIC_DAY, datetime(2026, 11, 23, 7, 59, tzinfo=UTC)).isoformat()
    '2026-11-22T08:00:00+00:00'
    """
    if window is Window.PACIFIC_DAY:
        return now.astimezone(PACIFIC).replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)
    step = ROLLING_SLOT.total_seconds()
    return datetime.fromtimestamp(math.floor(now.timestamp() / step) * step, UTC)


def first_slot(window: Window, now: datetime) -> datetime:
    """The earliest slot that still counts at ``now``."""
    if window is Window.PACIFIC_DAY:
        return slot_of(window, now)
    return slot_of(window, now) - timedelta(days=1)


def resets_at(window: Window, now: datetime) -> datetime:
    """When an exhausted bucket can be expected to give again: a Pacific midnight, or a day from now.

    >>> resets_at(Window.PACIFIC_DAY, datetime(2026, 11, 1, 12, tzinfo=UTC)).isoformat()
    '2026-11-02T08:00:00+00:00'
    >>> resets_at(Window.PACIFIC_DAY, datetime(2026, 10, 31, 12, tzinfo=UTC)).isoformat()
    '2026-11-01T07:00:00+00:00'
    """
    if window is Window.PACIFIC_DAY:
        tomorrow = now.astimezone(PACIFIC).date() + timedelta(days=1)
        return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=PACIFIC).astimezone(UTC)
    return slot_of(window, now) + ROLLING_SLOT + timedelta(days=1)


def allowance(
    bucket: Bucket, spent: int, now: datetime, tick_h: float, burst: float = 4.0, is_reserve_open: bool = False
) -> int | None:
    """Calls that a pass at ``now`` may make: what is left, spread over the rest of the day, times ``burst``.

    Early in the day a busy pass may take several slices; the nearer the end, the more of the rest it may have.

    Args:
        bucket: whose calls.
        spent: calls that count already.
        now: the instant.
        tick_h: hours between passes.
        burst: how many slices one pass may take.
        is_reserve_open: whether the reserve may be spent.

    Returns:
        A number of calls, or ``None`` for a bucket without a published limit.

    >>> stats = Bucket("youtube", "stats", 10_000, Window.PACIFIC_DAY, "docs")
    >>> allowance(stats, 0, datetime(2026, 11, 22, 8, tzinfo=UTC), 1 / 12)
    132
    >>> allowance(stats, 9_500, datetime(2026, 11, 22, 8, tzinfo=UTC), 1 / 12)
    0
    """
    if bucket.limit is None:
        return None
    kept = 0 if is_reserve_open else math.ceil(bucket.limit * bucket.reserve)
    left = max(0, bucket.limit - kept - spent)
    if bucket.window is Window.PACIFIC_DAY:
        rest_h = (resets_at(bucket.window, now) - now).total_seconds() / 3600
    else:
        rest_h = 24.0
    ticks = max(1.0, rest_h / tick_h)
    return min(left, math.ceil(left / ticks * burst))
