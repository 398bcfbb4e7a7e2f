"""Which followed post is due, who has taken it, and what came of the last question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from otklik.store.store import Store
from otklik.store.tables import AUTHOR, POLL, POST
from otklik.store.upserts import Keys
from otklik.units import utc

LEASE = timedelta(minutes=10)
"""How long a collector keeps what it has taken; if it dies, another one may have it after that."""
FAIRNESS = 0.1
"""Share of a full claim that goes to the posts that wait longest, whatever their gap."""
EARLY = 0.45
"""How early, in gaps, a post may be taken along to fill a call; its look still serves its slot."""
_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Followed:
    """A post that is being followed, as far as the question of the next look needs it."""

    post_key: int
    platform: str
    post_id: str
    author_id: str
    published_at: datetime
    due_at: datetime | None
    gap_h: float
    looked_at: datetime | None = None
    described_at: datetime | None = None
    changed_at: datetime | None = None
    missed_at: datetime | None = None
    failures: int = 0
    misses: int = 0
    is_audit: bool = False
    outcome: str | None = None
    leased_until: datetime | None = None

    def wants_look(self, now: datetime) -> bool:
        """Whether a look now would serve a slot: the post is due, or nearly, and nobody else is looking at it."""
        is_taken = self.leased_until is not None and now < self.leased_until <= now + LEASE
        return self.due_at is not None and not is_taken and self.due_at - timedelta(hours=EARLY * self.gap_h) <= now


@dataclass(frozen=True, slots=True)
class Settled:
    """What a followed post is like after a question."""

    post_key: int
    due_at: datetime | None
    gap_h: float
    outcome: str
    looked_at: datetime | None
    described_at: datetime | None
    changed_at: datetime | None
    missed_at: datetime | None
    failures: int
    misses: int


class Polls:
    """The followed posts of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def enrol(self, keys: Keys, now: datetime, audit: Iterable[tuple[str, str]] = ()) -> int:
        """Follow posts that are in the store, due at once; those followed already are left as they are."""
        chosen = set(audit)
        with self._store.transaction() as connection:
            found = _post_keys(connection, keys)
            known = _present(connection, list(found.values()))
            rows = [
                {
                    "post_key": key,
                    "due_us": _us(now),
                    "gap_us": _us_of(timedelta(minutes=5)),
                    "failures": 0,
                    "misses": 0,
                    "is_audit": pair in chosen,
                }
                for pair, key in found.items()
                if key not in known
            ]
            if rows:
                connection.execute(POLL.insert(), rows)
            return len(rows)

    def claim(self, platform: str, now: datetime, n: int, *, batch: int, owner: str) -> list[Followed]:
        """Take up to ``n`` due posts of a platform, for :data:`LEASE`.

        Audit posts come first, then those that are latest in proportion to their gap; a share of a full claim is
        kept for the longest waiting ones. When fewer are due than that, the last call is filled with
        posts that will be due soon. On PostgreSQL two collectors never get the same post.
        """
        with self._store.transaction() as connection:
            lateness = (sa.cast(_us(now) - POLL.c.due_us, sa.Float)) / POLL.c.gap_us
            main = [POLL.c.is_audit.desc(), lateness.desc(), POLL.c.post_key]
            free = self._free(platform, now)
            rows = self._take(connection, [*free, POLL.c.due_us <= _us(now)], main, n)
            if len(rows) == n:
                rows = self._fairly(connection, rows, [*free, POLL.c.due_us <= _us(now)], n)
            elif rows and len(rows) % batch:
                room = min(batch - len(rows) % batch, n - len(rows))
                soon = POLL.c.due_us - EARLY * POLL.c.gap_us <= _us(now)
                taken = [*free, soon, POLL.c.due_us > _us(now)]
                rows += self._take(connection, taken, [POLL.c.due_us, POLL.c.post_key], room)
            keys = [row.post_key for row in rows]
            for start in range(0, len(keys), _CHUNK):
                mine = POLL.update().where(POLL.c.post_key.in_(keys[start : start + _CHUNK]))
                connection.execute(mine.values(lease_us=_us(now + LEASE), owner=owner))
            return [_followed(row) for row in rows]

    def _free(self, platform: str, now: datetime) -> list[sa.ColumnElement[bool]]:
        # A lease from further ahead than any can be was taken before the clock was set back.
        stale = sa.or_(POLL.c.lease_us <= _us(now), POLL.c.lease_us > _us(now + LEASE))
        free = sa.or_(POLL.c.lease_us.is_(None), stale)
        return [POST.c.platform == platform, POLL.c.due_us.is_not(None), free]

    def _fairly(self, connection: Connection, rows: list[Any], where: list[Any], n: int) -> list[Any]:
        """The claim with its last share given to those that wait longest."""
        kept = rows[: n - max(1, int(n * FAIRNESS))]
        waiting = self._take(connection, where, [POLL.c.due_us, POLL.c.post_key], n)
        have = {row.post_key for row in kept}
        fair = [row for row in waiting if row.post_key not in have]
        return (kept + fair)[:n]

    @staticmethod
    def _take(connection: Connection, where: list[Any], order: list[Any], n: int) -> list[Any]:
        query = _select().where(*where).order_by(*order).limit(n)
        return list(connection.execute(query.with_for_update(skip_locked=True, of=POLL)).all())

    def settle(self, settled: Sequence[Settled]) -> None:
        """Write down what came of questions, and give the posts free."""
        if not settled:
            return
        rows = [
            {
                "the_key": one.post_key,
                "due_us": _maybe(one.due_at),
                "gap_us": _us_of(timedelta(hours=one.gap_h)),
                "looked_us": _maybe(one.looked_at),
                "described_us": _maybe(one.described_at),
                "changed_us": _maybe(one.changed_at),
                "missed_us": _maybe(one.missed_at),
                "failures": one.failures,
                "misses": one.misses,
                "outcome": one.outcome,
                "lease_us": None,
                "owner": None,
            }
            for one in settled
        ]
        values: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0] if name != "the_key"}
        statement = POLL.update().where(POLL.c.post_key == sa.bindparam("the_key")).values(values)
        with self._store.transaction() as connection:
            connection.execute(statement, rows)

    def set_gone(self, post_keys: Sequence[int], at: datetime | None) -> None:
        """Note since when posts are gone from the platform, or that they are back."""
        with self._store.transaction() as connection:
            for start in range(0, len(post_keys), _CHUNK):
                mine = POST.update().where(POST.c.post_key.in_(list(post_keys[start : start + _CHUNK])))
                connection.execute(mine.values(gone_us=_maybe(at)))

    def release(self, owner: str | None = None) -> None:
        """Give free what a collector took and did not ask for; of all collectors where none is named."""
        mine = POLL.c.lease_us.is_not(None) if owner is None else POLL.c.owner == owner
        with self._store.transaction() as connection:
            connection.execute(POLL.update().where(mine).values(lease_us=None, owner=None))

    def stop(self, keys: Keys) -> int:
        """Follow these posts no longer; what was seen of them stays."""
        with self._store.transaction() as connection:
            found = list(_post_keys(connection, keys).values())
            n = 0
            for start in range(0, len(found), _CHUNK):
                mine = POLL.update().where(POLL.c.post_key.in_(found[start : start + _CHUNK]))
                n += connection.execute(mine.values(due_us=None)).rowcount
            return n

    def find(self, keys: Keys) -> dict[tuple[str, str], Followed]:
        """The followed posts among these, by platform and id; inside a transaction nobody takes them until its end."""
        found: dict[tuple[str, str], Followed] = {}
        with self._store.transaction() as connection:
            # One order for all, so that two collectors never wait for each other.
            numbers = sorted(_post_keys(connection, keys).values())
            for start in range(0, len(numbers), _CHUNK):
                query = _select().where(POLL.c.post_key.in_(numbers[start : start + _CHUNK])).order_by(POLL.c.post_key)
                rows = connection.execute(query.with_for_update(of=POLL))
                found |= {(row.platform, row.post_id): _followed(row) for row in rows}
        return found

    def known(self, platform: str, author_id: str) -> frozenset[str]:
        """Ids of an author's posts in the store, newest 500."""
        query = (
            select(POST.c.post_id).join(AUTHOR).where(AUTHOR.c.platform == platform, AUTHOR.c.author_id == author_id)
        )
        with self._store.transaction() as connection:
            newest = query.order_by(POST.c.published_us.desc(), POST.c.post_key.desc()).limit(500)
            return frozenset(connection.scalars(newest).all())

    def to_describe(self, platform: str, before: datetime, published_after: datetime, n: int) -> list[Followed]:
        """Followed posts published after an instant whose description is older than another one."""
        stale = sa.or_(POLL.c.described_us.is_(None), POLL.c.described_us < _us(before))
        where = [POST.c.platform == platform, POST.c.gone_us.is_(None), stale]
        where += [POST.c.published_us > _us(published_after), POLL.c.due_us.is_not(None)]
        query = _select().where(*where).order_by(POLL.c.described_us, POLL.c.post_key).limit(n)
        with self._store.transaction() as connection:
            return [_followed(row) for row in connection.execute(query)]

    def counts(self, now: datetime) -> dict[str, dict[str, int]]:
        """By platform: how many posts are followed, due now, late by more than two gaps, finished, and gone."""

        def count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
            return func.coalesce(func.sum(sa.case((condition, 1), else_=0)), 0)

        active = POLL.c.due_us.is_not(None)
        columns = {
            "followed": count(active),
            "due": count(POLL.c.due_us <= _us(now)),
            "late": count(POLL.c.due_us + 2 * POLL.c.gap_us <= _us(now)),
            "finished": count(sa.and_(sa.not_(active), POST.c.gone_us.is_(None))),
            "gone": count(POST.c.gone_us.is_not(None)),
        }
        query = select(POST.c.platform, *(what.label(name) for name, what in columns.items()))
        query = query.select_from(POLL.join(POST, POST.c.post_key == POLL.c.post_key)).group_by(POST.c.platform)
        with self._store.transaction() as connection:
            return {
                row.platform: {name: int(getattr(row, name)) for name in columns} for row in connection.execute(query)
            }


def _select() -> sa.Select[Any]:
    facts = [POST.c.platform, POST.c.post_id, POST.c.published_us, AUTHOR.c.author_id]
    joined = POLL.join(POST, POST.c.post_key == POLL.c.post_key).join(AUTHOR, AUTHOR.c.author_key == POST.c.author_key)
    return select(POLL, *facts).select_from(joined)


def _post_keys(connection: Connection, keys: Keys) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for platform in sorted({pair[0] for pair in keys}):
        ids = [post_id for where, post_id in dict.fromkeys(keys) if where == platform]
        for start in range(0, len(ids), _CHUNK):
            some = POST.c.post_id.in_(ids[start : start + _CHUNK])
            query = select(POST.c.post_id, POST.c.post_key).where(POST.c.platform == platform, some)
            found |= {(platform, post_id): key for post_id, key in connection.execute(query)}
    return found


def _present(connection: Connection, keys: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(keys), _CHUNK):
        query = select(POLL.c.post_key).where(POLL.c.post_key.in_(keys[start : start + _CHUNK]))
        found |= set(connection.scalars(query))
    return found


def _followed(row: Any) -> Followed:
    return Followed(
        post_key=row.post_key,
        platform=row.platform,
        post_id=row.post_id,
        author_id=row.author_id,
        published_at=instant(row.published_us),
        due_at=_known(row.due_us),
        gap_h=row.gap_us / 3.6e9,
        looked_at=_known(row.looked_us),
        described_at=_known(row.described_us),
        changed_at=_known(row.changed_us),
        missed_at=_known(row.missed_us),
        failures=row.failures,
        misses=row.misses,
        is_audit=bool(row.is_audit),
        outcome=row.outcome,
        leased_until=_known(row.lease_us),
    )


def _us(at: datetime) -> int:
    return _us_of(utc(at) - datetime(1970, 1, 1, tzinfo=UTC))


def _us_of(length: timedelta) -> int:
    return length // timedelta(microseconds=1)


def _maybe(at: datetime | None) -> int | None:
    return None if at is None else _us(at)


def instant(microseconds: int) -> datetime:
    """The instant of a stored number.

    >>> instant(0).isoformat()
    '1970-01-01T00:00:00+00:00'
    """
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(microseconds))


def _known(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else instant(microseconds)
