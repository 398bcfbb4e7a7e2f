"""The quota ledger: calls are booked before they are sent, so that no crash can make us forget one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from otklik.errors import QuotaExhausted
from otklik.store.polls import _us, instant
from otklik.store.store import Store
from otklik.store.tables import QUOTA, QUOTA_STOP


@dataclass(frozen=True, slots=True)
class Booking:
    """What a call is booked on: a bucket, the slot of now, and the slots that count beside it."""

    platform: str
    bucket: str
    slot: datetime
    since: datetime
    """The first slot that still counts."""
    limit: int | None
    resets_at: datetime


class Ledger:
    """The spending of one project; one key per installation, so the project is one name for good."""

    def __init__(self, store: Store, project: str = "default") -> None:
        self._store, self._project = store, project

    def spend(self, booking: Booking, now: datetime, n: int = 1) -> None:
        """Book calls that are about to be sent.

        Raises:
            QuotaExhausted: when the bucket is closed, or ``n`` more would pass its limit; nothing is booked then.
        """
        with self._store.transaction() as connection:
            self._refuse_closed(connection, booking, now)
            row = {**self._key(booking), "slot_us": _us(booking.slot), "spent": n}
            kind = postgresql if connection.dialect.name == "postgresql" else sqlite
            insert = kind.insert(QUOTA).values(row)
            keys = ["platform", "project", "bucket", "slot_us"]
            # The row is locked from here on, so two collectors cannot both take the last call.
            connection.execute(insert.on_conflict_do_update(index_elements=keys, set_={"spent": QUOTA.c.spent + n}))
            if booking.limit is not None and self._sum(connection, booking) > booking.limit:
                raise QuotaExhausted(
                    "the daily quota {bucket!r} of {platform} is used up ({limit} calls): "
                    "collecting goes on after {reset_at}",
                    bucket=booking.bucket,
                    platform=booking.platform,
                    limit=booking.limit,
                    reset_at=booking.resets_at,
                )

    def close(self, booking: Booking, until: datetime, why: str) -> None:
        """Note that a platform has closed a bucket until an instant."""
        with self._store.transaction() as connection:
            where = [QUOTA_STOP.c[name] == value for name, value in self._key(booking).items()]
            connection.execute(QUOTA_STOP.delete().where(*where))
            connection.execute(QUOTA_STOP.insert(), {**self._key(booking), "until_us": _us(until), "why": why[:200]})

    def spent(self, booking: Booking) -> int:
        """Calls that count now."""
        with self._store.transaction() as connection:
            return self._sum(connection, booking)

    def closed_until(self, booking: Booking, now: datetime) -> datetime | None:
        """Until when a platform has closed the bucket, if it has."""
        with self._store.transaction() as connection:
            until = self._until(connection, booking)
        return until if until is not None and until > now else None

    def forget(self, before: datetime) -> None:
        """Drop slots that have long ceased to count."""
        with self._store.transaction() as connection:
            connection.execute(QUOTA.delete().where(QUOTA.c.slot_us < _us(before)))

    def _key(self, booking: Booking) -> dict[str, str]:
        return {"platform": booking.platform, "project": self._project, "bucket": booking.bucket}

    def _sum(self, connection: Connection, booking: Booking) -> int:
        where = [QUOTA.c[name] == value for name, value in self._key(booking).items()]
        query = select(func.sum(QUOTA.c.spent)).where(*where, QUOTA.c.slot_us >= _us(booking.since))
        return int(connection.scalar(query) or 0)

    def _until(self, connection: Connection, booking: Booking) -> datetime | None:
        where = [QUOTA_STOP.c[name] == value for name, value in self._key(booking).items()]
        found = connection.scalar(select(sa.func.max(QUOTA_STOP.c.until_us)).where(*where))
        return None if found is None else instant(found)

    def _refuse_closed(self, connection: Connection, booking: Booking, now: datetime) -> None:
        until = self._until(connection, booking)
        if until is not None and until > now:
            raise QuotaExhausted(
                "{platform} has closed {bucket!r} for today: collecting goes on after {reset_at}",
                bucket=booking.bucket,
                platform=booking.platform,
                reset_at=until,
            )
