"""What time it is, and waiting: the machine's clock, a faster one, or one that stands still until it is moved."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the time in UTC and can wait."""

    def now(self) -> datetime:
        """The instant, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from some beginning, never going back: for measuring waits."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait for so many seconds of this clock."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The instant, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds of the machine's monotonic clock."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(max(0.0, seconds))


class FastClock:
    """A clock that shows ``start`` when it is made and from then on runs ``speed`` times as fast as time.

    It never goes back: it is driven by the monotonic clock of the machine.
    """

    def __init__(self, start: datetime, speed: float = 1.0) -> None:
        self._start, self.speed = start, speed
        self._began = time.monotonic()

    def now(self) -> datetime:
        """The instant, in UTC."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Seconds that have gone by on it."""
        return (time.monotonic() - self._began) * self.speed

    def sleep(self, seconds: float) -> None:
        """Wait for so many seconds of this clock."""
        time.sleep(max(0.0, seconds / self.speed))


class StillClock:
    """A clock that moves only when told to, or when somebody waits by it: simulations take no time.

    >>> clock = StillClock(datetime(2026, 11, 23, tzinfo=UTC))
    >>> clock.sleep(90)
    >>> clock.now().isoformat()
    '2026-11-23T00:01:30+00:00'
    """

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._slept = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The instant, in UTC."""
        return self._now

    def monotonic(self) -> float:
        """Seconds that have been waited by it."""
        return self._slept

    def sleep(self, seconds: float) -> None:
        """Move on by so many seconds, at once."""
        with self._lock:
            self._now += timedelta(seconds=max(0.0, seconds))
            self._slept += max(0.0, seconds)

    def set(self, at: datetime) -> None:
        """Show another instant; it may lie in the past."""
        with self._lock:
            self._now = at
