"""What has been told: nothing twice, and nothing forgotten when a delivery fails or the process dies.

Before a message goes out it is written down with the channels that wait for it, in one transaction with the note that
its rule has fired; a channel is struck off after its delivery. A process that dies between the two delivers
the message of that moment once more: at least once, since an alert that is lost is worse than one that comes
twice, and its id is the same both times. The notes are marks of the store, one a rule and subject.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from otklik.alerts.message import Message
from otklik.alerts.rules import Rule
from otklik.errors import DataError
from otklik.store import Store, Tracks
from otklik.store.tables import MARK
from otklik.units import utc

PREFIX = "alert:"
LEASE = timedelta(minutes=2)
"""How long a message belongs to the process that delivers it."""
GIVE_UP = timedelta(hours=24)
"""A message that could not be delivered for so long is dropped, and that is told."""
KEEP = timedelta(days=60)
AHEAD = timedelta(minutes=5)
"""A note from further ahead was made before the clock was set back."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A message with the channels that wait for it."""

    mark: str
    message: Message
    waiting: tuple[str, ...]
    fired_at: datetime
    is_late: bool
    """Whether an earlier pass could not deliver it."""


@dataclass
class _Note:
    """What is kept of a rule and a subject."""

    at: str
    """When it was told last."""
    is_up: bool = True
    """Whether the condition has held since."""
    waiting: list[str] = field(default_factory=list)
    message: dict[str, Any] | None = None
    lease: str | None = None
    tries: int = 0


class Memory:
    """The notes of a store."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store, self._now = store, utc(now)

    def should_tell(self, rule: Rule, subject: str) -> bool:
        """Whether a condition that holds is news: it did not hold before, and the cooldown has passed."""
        with self._store.transaction() as connection:
            return self._is_news(_read(connection, _name(rule, subject))[0], rule)

    def fire(self, rule: Rule, subject: str, message: Message) -> bool:
        """Write down that a rule has fired, its message waiting for all its channels; False if another was quicker."""
        name = _name(rule, subject)
        with self._store.transaction() as connection:
            note, stored = _read(connection, name)
            if not self._is_news(note, rule):
                return False
            fresh = _Note(self._now.isoformat(), True, list(rule.to), message.to_dict())
            return _write(connection, name, stored, fresh)

    def calm(self, rule: Rule, subject: str) -> None:
        """Note that a condition holds no longer: the next time is news again."""
        name = _name(rule, subject)
        with self._store.transaction() as connection:
            note, stored = _read(connection, name)
            if note is not None and note.is_up:
                note.is_up = False
                _write(connection, name, stored, note)

    def is_noted(self, rule: Rule, subject: str, names: set[str]) -> bool:
        """Whether there is a note of a rule and a subject among these names (:meth:`names`)."""
        return _name(rule, subject) in names

    def names(self) -> set[str]:
        """Names of all notes: read once a pass, so that subjects without one cost no query."""
        with self._store.transaction() as connection:
            return {name for name, _ in _all(connection)}

    def take(self) -> Iterator[Pending]:
        """Messages that wait, each taken for :data:`LEASE` so that no other process delivers it too; oldest first."""
        for name in sorted(self._waiting()):
            with self._store.transaction() as connection:
                note, stored = _read(connection, name)
                if note is None or not note.waiting or note.message is None or self._is_leased(note):
                    continue
                note.lease, note.tries = (self._now + LEASE).isoformat(), note.tries + 1
                if not _write(connection, name, stored, note):
                    continue
            message, fired = Message(**note.message), utc(note.at)
            yield Pending(name, message, tuple(note.waiting), fired, note.tries > 1)

    def delivered(self, pending: Pending, channel: str) -> None:
        """Strike a channel off."""
        self._change(pending, lambda note: [one for one in note.waiting if one != channel])

    def release(self, pending: Pending) -> bool:
        """Give a message free for the next pass; True when it is so old that it was dropped."""
        is_over = self._now - pending.fired_at > GIVE_UP
        self._change(pending, lambda note: [] if is_over else note.waiting, is_free=True)
        return is_over

    def note_export(self, path: Path) -> None:
        """Note a file that messages are written to: retention reaches the numbers in it, as in every export."""
        tracks, name = Tracks(self._store), str(path.resolve())
        if name not in dict(tracks.exports()):
            tracks.add_export(name, self._now, self._now)

    def forget(self) -> None:
        """Drop notes of long ago: the posts are too old for any rule."""
        with self._store.transaction() as connection:
            for name, value in _all(connection):
                note = _parsed(value)
                if note is None or self._now - utc(note.at) > KEEP:
                    connection.execute(MARK.delete().where(MARK.c.name == name))

    def _is_news(self, note: _Note | None, rule: Rule) -> bool:
        if note is None:
            return True
        since = self._now - utc(note.at)
        if since < -AHEAD:
            return True
        return not note.is_up and since >= timedelta(hours=rule.cooldown_h)

    def _is_leased(self, note: _Note) -> bool:
        return note.lease is not None and self._now < utc(note.lease) <= self._now + LEASE

    def _waiting(self) -> list[str]:
        with self._store.transaction() as connection:
            notes = [(name, _parsed(value)) for name, value in _all(connection)]
        found = [(note.at, name) for name, note in notes if note is not None and note.waiting]
        return [name for _, name in sorted(found)]

    def _change(self, pending: Pending, waiting: Any, *, is_free: bool = False) -> None:
        with self._store.transaction() as connection:
            note, stored = _read(connection, pending.mark)
            if note is None or note.message is None or note.message["id"] != pending.message.id:
                return
            note.waiting = waiting(note)
            note.lease = None if is_free else note.lease
            # A message that has reached everybody is not kept: the numbers in it fall under retention.
            note.message = note.message if note.waiting else None
            _write(connection, pending.mark, stored, note)


def _name(rule: Rule, subject: str) -> str:
    digest = hashlib.sha256(f"{rule.name}\0{subject}".encode("utf-8", "replace")).hexdigest()
    return PREFIX + digest[:32]


def _all(connection: Connection) -> list[tuple[str, str]]:
    query = select(MARK.c.name, MARK.c.value).where(MARK.c.name.like(PREFIX + "%"))
    return [(row.name, row.value) for row in connection.execute(query)]


def _read(connection: Connection, name: str) -> tuple[_Note | None, str | None]:
    stored = connection.scalar(select(MARK.c.value).where(MARK.c.name == name))
    return _parsed(stored), stored


def _parsed(stored: str | None) -> _Note | None:
    """A note; ``None`` for one that cannot be read, which is then made anew."""
    try:
        told = json.loads(stored) if stored else None
        note = _Note(**told) if isinstance(told, dict) else None
        if note is not None:
            utc(note.at)
        return note
    except (ValueError, TypeError, AttributeError, DataError):
        return None


def _write(connection: Connection, name: str, before: str | None, note: _Note) -> bool:
    """Write a note unless somebody else has changed it in between; says whether it was written."""
    value = json.dumps(vars(note), ensure_ascii=False)
    if before is not None:
        same = (MARK.c.name == name) & (MARK.c.value == before)
        return bool(connection.execute(MARK.update().where(same).values(value=value)).rowcount)
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = kind.insert(MARK).values(name=name, value=value).on_conflict_do_nothing()
    return bool(connection.execute(insert).rowcount)
