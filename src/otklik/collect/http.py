"""Asking politely over HTTP: retries with growing waits, a steady pace, and what a network fault looks like."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeVar

from otklik.clock import Clock
from otklik.errors import TransientError

T = TypeVar("T")

Spend = Callable[[str, int], None]
"""Books calls on a bucket before they are sent; raises QuotaExhausted."""

TIMEOUT_S = 10.0
ATTEMPTS = 4
BASE_S = 1.0
CAP_S = 60.0
"""First wait and longest wait between attempts."""


def with_retries(ask: Callable[[], T], clock: Clock, rng: random.Random, attempts: int = ATTEMPTS) -> T:
    """What ``ask`` returns, asked again after a :class:`TransientError`, at most ``attempts`` times in all.

    The wait doubles each time, is drawn from its upper half so that clients do not come back together, and is
    never shorter than what the platform asked for (``retry_after_s`` of the error).

    Raises:
        TransientError: the last one, when every attempt met one, or when the platform asks to wait too long.

    >>> from datetime import UTC, datetime
    >>> from otklik.clock import StillClock
    >>> answers = iter([TransientError("busy"), "here"])
    >>> def ask():
    ...     answer = next(answers)
    ...     if isinstance(answer, Exception):
    ...         raise answer
    ...     return answer
    >>> with_retries(ask, StillClock(datetime(2026, 1, 1, tzinfo=UTC)), random.Random(0))
    'here'
    """
    for attempt in range(attempts):
        try:
            return ask()
        except TransientError as error:
            asked = float(error.values.get("retry_after_s") or 0.0)
            if attempt == attempts - 1 or asked > CAP_S:
                raise
            wait = min(CAP_S, BASE_S * 2**attempt)
            clock.sleep(max(asked, wait * (0.5 + 0.5 * rng.random())))
    raise AssertionError("unreachable")  # pragma: no cover


class Pace:
    """Keeps calls at least ``1 / per_s`` apart, by a clock that never goes back."""

    def __init__(self, per_s: float, clock: Clock) -> None:
        self._gap, self._clock = 1.0 / per_s, clock
        self._next = 0.0

    def wait(self) -> None:
        """Wait until the next call may be sent."""
        now = self._clock.monotonic()
        if now < self._next:
            self._clock.sleep(self._next - now)
            now = self._next
        self._next = now + self._gap


def retry_after(header: str | None) -> float | None:
    """Seconds of a ``Retry-After`` header; ``None`` for one that is absent or a date.

    >>> retry_after("7"), retry_after("soon"), retry_after(None)
    (7.0, None, None)
    """
    try:
        return max(0.0, float(header)) if header is not None else None
    except ValueError:
        return None
