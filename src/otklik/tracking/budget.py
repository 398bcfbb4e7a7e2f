"""The spending of a pass: every call is booked in the ledger before it is sent, a slice of the day at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from otklik.clock import Clock
from otklik.collect import quota
from otklik.collect.quota import Bucket
from otklik.errors import QuotaExhausted
from otklik.store import Booking, Ledger

EVERYTHING = "*"
"""The bucket that closes all others of a platform: after a captcha or flood control."""
UNLIMITED = 10**9


def booking_of(bucket: Bucket, now: datetime) -> Booking:
    """What a call at ``now`` is booked on."""
    return Booking(
        platform=bucket.platform,
        bucket=bucket.name,
        slot=quota.slot_of(bucket.window, now),
        since=quota.first_slot(bucket.window, now),
        limit=bucket.limit,
        resets_at=quota.resets_at(bucket.window, now),
    )


class Budget:
    """The buckets of one platform."""

    def __init__(self, buckets: Sequence[Bucket], ledger: Ledger, clock: Clock, tick_h: float) -> None:
        self._buckets = {bucket.name: bucket for bucket in buckets}
        self._ledger, self._clock, self._tick_h = ledger, clock, tick_h
        self.calls = 0
        """Calls booked since the budget was made."""

    def spend(self, name: str, n: int = 1) -> None:
        """Book calls that are about to be sent.

        Raises:
            QuotaExhausted: when the bucket, or the whole platform, is closed or used up.
        """
        now, bucket = self._clock.now(), self._buckets[name]
        until = self._ledger.closed_until(self._all(now), now)
        if until is not None:
            raise QuotaExhausted(
                "{platform} has closed {bucket!r} for today: collecting goes on after {reset_at}",
                bucket=EVERYTHING,
                platform=bucket.platform,
                reset_at=until,
            )
        self._ledger.spend(booking_of(bucket, now), now, n)
        self.calls += n

    def room(self, name: str) -> int:
        """Calls that this pass may make from a bucket now."""
        now, bucket = self._clock.now(), self._buckets[name]
        booking = booking_of(bucket, now)
        if self._ledger.closed_until(booking, now) or self._ledger.closed_until(self._all(now), now):
            return 0
        room = quota.allowance(bucket, self._ledger.spent(booking), now, self._tick_h)
        return UNLIMITED if room is None else room

    def close(self, error: QuotaExhausted) -> None:
        """Take note of a bucket that the platform says is closed."""
        now, name = self._clock.now(), str(error.values.get("bucket"))
        booking = self._all(now) if name == EVERYTHING else booking_of(self._buckets[name], now)
        self._ledger.close(booking, max(error.reset_at, now + timedelta(minutes=1)), error.template)

    def forget(self, before: datetime) -> None:
        """Drop bookings of slots before an instant."""
        self._ledger.forget(before)

    def spent(self) -> dict[str, tuple[int, int | None, datetime | None]]:
        """By bucket: calls that count now, the limit, and until when it is closed."""
        now = self._clock.now()
        found = {}
        for name, bucket in self._buckets.items():
            booking = booking_of(bucket, now)
            until = self._ledger.closed_until(booking, now) or self._ledger.closed_until(self._all(now), now)
            found[name] = (self._ledger.spent(booking), bucket.limit, until)
        return found

    def _all(self, now: datetime) -> Booking:
        bucket = next(iter(self._buckets.values()))
        booking = booking_of(bucket, now)
        return Booking(bucket.platform, EVERYTHING, booking.slot, booking.since, None, booking.resets_at)
