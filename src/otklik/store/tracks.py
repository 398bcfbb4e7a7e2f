"""What a person wants followed, the passes made for it, and facts about the store itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select

from otklik.store.polls import LEASE, _known, _maybe, _us, instant
from otklik.store.store import Store
from otklik.store.tables import EXPORT, MARK, PASS, TRACK

NATURE, SIMULATED, REAL = "nature", "simulated", "real"
"""The mark that says whether a store holds simulated or real data; never both."""


@dataclass(frozen=True, slots=True)
class Track:
    """An author, a post or a search that is followed."""

    track_key: int
    platform: str
    kind: str
    target: str
    label: str | None
    added_at: datetime
    due_at: datetime
    looked_at: datetime | None
    swept_at: datetime | None
    n_posts: int | None
    """Posts that the platform counted when all new ones were last safe in the store."""
    failures: int
    outcome: str | None


@dataclass(frozen=True, slots=True)
class PassRecord:
    """One pass of a collector."""

    owner: str
    started_at: datetime
    ended_at: datetime | None
    report: dict[str, Any]


class Tracks:
    """What is followed in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, platform: str, kind: str, target: str, label: str | None, now: datetime) -> bool:
        """Follow something from now on; False when it is followed already."""
        with self._store.transaction() as connection:
            same = [TRACK.c.platform == platform, TRACK.c.kind == kind, TRACK.c.target == target]
            if connection.scalar(select(TRACK.c.track_key).where(*same)) is not None:
                return False
            row = {"platform": platform, "kind": kind, "target": target, "label": label, "failures": 0}
            connection.execute(TRACK.insert(), {**row, "added_us": _us(now), "due_us": _us(now)})
            return True

    def remove(self, platform: str, kind: str, target: str) -> bool:
        """Follow something no longer; False when it was not followed."""
        with self._store.transaction() as connection:
            same = [TRACK.c.platform == platform, TRACK.c.kind == kind, TRACK.c.target == target]
            return bool(connection.execute(TRACK.delete().where(*same)).rowcount)

    def all(self) -> list[Track]:
        """Everything followed, in the order in which it was added."""
        with self._store.transaction() as connection:
            return [_track(row) for row in connection.execute(select(TRACK).order_by(TRACK.c.track_key))]

    def claim(self, platform: str, kind: str, now: datetime, owner: str) -> list[Track]:
        """Take what is to be looked at now, longest waiting first, for as long as a lease lasts.

        On PostgreSQL two collectors never get the same author, post or search.
        """
        # A lease from further ahead than any can be was taken before the clock was set back.
        stale = or_(TRACK.c.lease_us <= _us(now), TRACK.c.lease_us > _us(now + LEASE))
        where = [TRACK.c.platform == platform, TRACK.c.kind == kind, TRACK.c.due_us <= _us(now)]
        query = (
            select(TRACK)
            .where(*where, or_(TRACK.c.lease_us.is_(None), stale))
            .order_by(TRACK.c.due_us, TRACK.c.track_key)
        )
        with self._store.transaction() as connection:
            found = [_track(row) for row in connection.execute(query.with_for_update(skip_locked=True))]
            rows = [{"the_key": track.track_key, "lease_us": _us(now + LEASE), "owner": owner} for track in found]
            if rows:
                values: dict[str, Any] = {"lease_us": bindparam("lease_us"), "owner": bindparam("owner")}
                mine = TRACK.update().where(TRACK.c.track_key == bindparam("the_key")).values(values)
                connection.execute(mine, rows)
            return found

    def release(self, owner: str | None = None) -> None:
        """Give free what a collector took and did not settle; of all collectors where none is named."""
        mine = TRACK.c.lease_us.is_not(None) if owner is None else TRACK.c.owner == owner
        with self._store.transaction() as connection:
            connection.execute(TRACK.update().where(mine).values(lease_us=None, owner=None))

    def settle(
        self,
        track_key: int,
        due_at: datetime,
        outcome: str,
        failures: int = 0,
        looked_at: datetime | None = None,
        swept_at: datetime | None = None,
        n_posts: int | None = None,
    ) -> None:
        """Write down what came of a look and when the next one is due, and give the track free."""
        values = {"due_us": _us(due_at), "outcome": outcome, "failures": failures, "lease_us": None, "owner": None}
        values |= {"looked_us": _maybe(looked_at)} if looked_at else {}
        values |= {"swept_us": _maybe(swept_at)} if swept_at else {}
        values |= {"n_posts": n_posts} if n_posts is not None else {}
        with self._store.transaction() as connection:
            connection.execute(TRACK.update().where(TRACK.c.track_key == track_key).values(**values))

    # -- passes --------------------------------------------------------------------------------------------

    def begin_pass(self, owner: str, now: datetime) -> int:
        """Note that a pass begins; the number under which it ends."""
        with self._store.transaction() as connection:
            done = connection.execute(PASS.insert().values(owner=owner, started_us=_us(now)))
            return int(done.inserted_primary_key[0])  # type: ignore[index]

    def end_pass(self, number: int, now: datetime, report: dict[str, Any]) -> None:
        """Note how a pass ended."""
        values = {"ended_us": _us(now), "report": json.dumps(report, ensure_ascii=False)}
        with self._store.transaction() as connection:
            connection.execute(PASS.update().where(PASS.c.pass_key == number).values(**values))

    def passes(self, n: int = 20) -> list[PassRecord]:
        """The last passes, newest first."""
        query = select(PASS).order_by(PASS.c.pass_key.desc()).limit(n)
        with self._store.transaction() as connection:
            rows = connection.execute(query).all()
        return [
            PassRecord(row.owner, instant(row.started_us), _known(row.ended_us), json.loads(row.report or "{}"))
            for row in rows
        ]

    def forget_passes(self, before: datetime) -> None:
        """Drop the records of passes that began before an instant."""
        with self._store.transaction() as connection:
            connection.execute(PASS.delete().where(PASS.c.started_us < _us(before)))

    # -- the store itself ----------------------------------------------------------------------------------

    def mark(self, name: str) -> str | None:
        """A fact about the store."""
        with self._store.transaction() as connection:
            return connection.scalar(select(MARK.c.value).where(MARK.c.name == name))

    def set_mark(self, name: str, value: str) -> None:
        """Write a fact about the store down."""
        with self._store.transaction() as connection:
            connection.execute(MARK.delete().where(MARK.c.name == name))
            connection.execute(MARK.insert(), {"name": name, "value": value})

    def add_export(self, path: str, now: datetime, oldest: datetime) -> None:
        """Note a file written from the store, so that retention reaches it."""
        with self._store.transaction() as connection:
            connection.execute(EXPORT.delete().where(EXPORT.c.path == path))
            connection.execute(EXPORT.insert(), {"path": path, "made_us": _us(now), "oldest_us": _us(oldest)})

    def exports(self) -> list[tuple[str, datetime]]:
        """Files written from the store with the oldest observation in each."""
        with self._store.transaction() as connection:
            return [(row.path, instant(row.oldest_us)) for row in connection.execute(select(EXPORT))]

    def forget_export(self, path: str) -> None:
        """A file is gone."""
        with self._store.transaction() as connection:
            connection.execute(EXPORT.delete().where(EXPORT.c.path == path))


def _track(row: Any) -> Track:
    return Track(
        row.track_key,
        row.platform,
        row.kind,
        row.target,
        row.label,
        instant(row.added_us),
        instant(row.due_us),
        _known(row.looked_us),
        _known(row.swept_us),
        row.n_posts,
        row.failures,
        row.outcome,
    )
