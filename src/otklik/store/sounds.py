"""The sound library of a store: what is known of each sound, and its fingerprint as bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from otklik.store.polls import _us, instant
from otklik.store.store import Store
from otklik.store.tables import SOUND, SOUND_PRINT

LIBRARY: Final = "library"
DRAFT: Final = "draft"
POST: Final = "post"
KINDS: Final = (LIBRARY, DRAFT, POST)
_CHUNK = 400
"""Keys in one query: every database takes that many."""


@dataclass(frozen=True, slots=True)
class StoredSound:
    """A sound of the library."""

    name: str
    kind: str
    """library, draft or post."""
    sha256: str
    """Of the file it came from."""
    duration_s: float
    path: str | None = None
    """Where the file was; for a draft what names the draft from version to version."""
    author: str | None = None
    """Who made it: platform and id, as in ``vk:-1``."""
    post: str | None = None
    """The post it was in: platform and id."""
    added_at: datetime | None = None
    key: int = 0
    """Given by the store."""

    @property
    def place(self) -> str:
        """What a sound is the sound of: the same file may be in two posts.

        >>> StoredSound("a", "post", "0", 1.0, path="a.mp4", post="vk:-1_2").place
        'vk:-1_2'
        """
        return {DRAFT: self.path, POST: self.post}.get(self.kind) or ""


class Sounds:
    """The sounds of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, sound: StoredSound, peaks: bytes, now: datetime, chroma: bytes | None = None) -> StoredSound | None:
        """Keep a sound; ``None`` when the same file is there for the same thing.

        A draft has one sound: that of its earlier version goes.

        Args:
            sound: what is known of it; its key and instant are given here.
            peaks: its fingerprint.
            now: when it is added.
            chroma: Chromaprint's fingerprint, where there is one.
        """
        with self._store.transaction() as connection:
            if self.holds(sound.sha256, sound.kind, sound.place):
                return None
            if sound.kind == DRAFT and sound.path is not None:
                old = select(SOUND.c.sound_key).where(SOUND.c.kind == DRAFT, SOUND.c.path == sound.path)
                for key in connection.scalars(old).all():
                    self.remove(int(key))
            row = {name: getattr(sound, name) for name in _COLUMNS} | {"added_us": _us(now)}
            done = connection.execute(SOUND.insert().values(**row))
            key = int(done.inserted_primary_key[0])  # type: ignore[index]
            connection.execute(SOUND_PRINT.insert().values(sound_key=key, peaks=peaks, chroma=chroma))
            return replace(sound, key=key, added_at=now)

    def holds(self, sha256: str, kind: str, place: str = "") -> bool:
        """Whether a file is there, for a certain thing."""
        same = [SOUND.c.sha256 == sha256, SOUND.c.kind == kind, SOUND.c.place == place]
        with self._store.transaction() as connection:
            return connection.scalar(select(SOUND.c.sound_key).where(*same)) is not None

    def remove(self, key: int) -> bool:
        """Forget a sound; False when there is none with this key."""
        with self._store.transaction() as connection:
            connection.execute(SOUND_PRINT.delete().where(SOUND_PRINT.c.sound_key == key))
            return bool(connection.execute(SOUND.delete().where(SOUND.c.sound_key == key)).rowcount)

    def all(self) -> list[StoredSound]:
        """Every sound, in the order of the keys."""
        with self._store.transaction() as connection:
            return [_sound(row) for row in connection.execute(select(SOUND).order_by(SOUND.c.sound_key))]

    def count(self) -> int:
        """How many sounds there are."""
        with self._store.transaction() as connection:
            return connection.scalar(select(func.count()).select_from(SOUND)) or 0

    def peaks(self, keys: Sequence[int]) -> dict[int, bytes]:
        """Fingerprints by key; keys that are not there are left out."""
        return {key: bytes(row.peaks) for key, row in self._prints(keys)}

    def chromas(self, keys: Sequence[int]) -> dict[int, bytes]:
        """Chromaprint's fingerprints by key, of those that have one."""
        return {key: bytes(row.chroma) for key, row in self._prints(keys) if row.chroma is not None}

    def _prints(self, keys: Sequence[int]) -> Iterator[tuple[int, Any]]:
        with self._store.transaction() as connection:
            for start in range(0, len(keys), _CHUNK):
                wanted = SOUND_PRINT.c.sound_key.in_([int(key) for key in keys[start : start + _CHUNK]])
                for row in connection.execute(select(SOUND_PRINT).where(wanted)).all():
                    yield int(row.sound_key), row


_COLUMNS = ("sha256", "kind", "place", "name", "path", "author", "post", "duration_s")


def _sound(row: Any) -> StoredSound:
    return StoredSound(
        name=row.name,
        kind=row.kind,
        sha256=row.sha256,
        duration_s=row.duration_s,
        path=row.path,
        author=row.author,
        post=row.post,
        added_at=instant(row.added_us),
        key=int(row.sound_key),
    )
