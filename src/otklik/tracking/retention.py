"""How long what the collectors bring may be kept, by the platforms' terms as the operator says they hold.

This is not legal advice. YouTube's developer policies (III.E.4.d) allow data read with an API key to be stored
for 30 days; an audited project may have more (policies on derived metrics and data storage, 2026), and a channel's
owner may keep the channel's own. VK's terms name no such number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select

from otklik.errors import ConfigurationError, StorageError
from otklik.store import Store, Tracks
from otklik.store.polls import _us, instant
from otklik.store.tables import AUTHOR, AUTHOR_SNAPSHOT, POLL, POST, POST_VERSION, SNAPSHOT

MARGIN = timedelta(days=2)
"""We delete this much before the limit, so that a machine that was off for a day is still in time."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One policy: how long a platform's statistics and texts are kept; ``None`` for good."""

    name: str
    statistics: timedelta | None
    texts: timedelta | None


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("youtube-unaudited", timedelta(days=30), timedelta(days=30)),
        Profile("own-channel", None, None),
        # 36 months of 30 days; titles and descriptions stay on 30 days.
        Profile("accepted-amendment", timedelta(days=36 * 30), timedelta(days=30)),
    )
}
DEFAULT = "youtube-unaudited"
_COLLECTED = ("videos.%", "simulated:videos.%", "channels.%")
"""Sources of YouTube's API; what a person imported from elsewhere is not ours to delete."""


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge removed, or would remove."""

    profile: str
    before: datetime | None
    snapshots: int
    author_snapshots: int
    texts: int
    versions: int
    exports: tuple[str, ...]
    is_dry: bool


def profile_named(name: str) -> Profile:
    """The policy called ``name``.

    Raises:
        ConfigurationError: when there is none.
    """
    if name not in PROFILES:
        raise ConfigurationError(
            "there is no policy {name!r}: choose one of {names}", name=name, names=", ".join(PROFILES)
        )
    return PROFILES[name]


def purge(store: Store, profile: Profile, now: datetime, *, is_dry: bool) -> Purged:
    """Delete collected YouTube data that is older than the policy allows, exports from the store included."""
    statistics = None if profile.statistics is None else now - profile.statistics + MARGIN
    texts = None if profile.texts is None else now - profile.texts + MARGIN
    with store.transaction() as connection:
        counts = {"snapshots": 0, "author_snapshots": 0, "texts": 0, "versions": 0}
        if statistics is not None:
            counts |= _statistics(connection, statistics, is_dry)
        if texts is not None:
            counts |= _texts(connection, texts, is_dry)
    exports = _exports(store, statistics, is_dry) if statistics is not None else ()
    return Purged(profile.name, statistics, exports=exports, is_dry=is_dry, **counts)


def oldest(store: Store) -> datetime | None:
    """The oldest snapshot collected from YouTube."""
    query = select(func.min(SNAPSHOT.c.observed_us)).where(_of_youtube(SNAPSHOT.c.post_key), _collected())
    with store.transaction() as connection:
        found = connection.scalar(query)
    return None if found is None else instant(found)


def _of_youtube(key: Any) -> sa.ColumnElement[bool]:
    return key.in_(select(POST.c.post_key).where(POST.c.platform == "youtube"))


def _collected() -> sa.ColumnElement[bool]:
    return sa.or_(*(SNAPSHOT.c.source.like(pattern) for pattern in _COLLECTED))


def _statistics(connection: sa.Connection, before: datetime, is_dry: bool) -> dict[str, int]:
    old = [SNAPSHOT.c.observed_us < _us(before), _of_youtube(SNAPSHOT.c.post_key), _collected()]
    channels = select(AUTHOR.c.author_key).where(AUTHOR.c.platform == "youtube")
    table = AUTHOR_SNAPSHOT
    authors = [table.c.observed_us < _us(before), table.c.author_key.in_(channels)]
    return {
        "snapshots": _remove(connection, SNAPSHOT, old, is_dry),
        "author_snapshots": _remove(connection, table, authors, is_dry),
    }


def _texts(connection: sa.Connection, before: datetime, is_dry: bool) -> dict[str, int]:
    """Forget titles and descriptions that were last read before an instant, and earlier versions of them."""
    read = select(POLL.c.post_key).where(POLL.c.described_us < _us(before))
    has_text = sa.or_(POST.c.title.is_not(None), POST.c.text.is_not(None), POST.c.tags.is_not(None))
    stale = [POST.c.platform == "youtube", POST.c.post_key.in_(read), has_text]
    n = int(connection.scalar(select(func.count()).select_from(POST).where(*stale)) or 0)
    replaced = [POST_VERSION.c.replaced_us < _us(before), _of_youtube(POST_VERSION.c.post_key)]
    versions = _remove(connection, POST_VERSION, replaced, is_dry)
    if not is_dry:
        connection.execute(POST.update().where(*stale).values(title=None, text=None, tags=None, cover_url=None))
    return {"texts": n, "versions": versions}


def _remove(connection: sa.Connection, table: sa.Table, where: Sequence[Any], is_dry: bool) -> int:
    n = int(connection.scalar(select(func.count()).select_from(table).where(*where)) or 0)
    if not is_dry and n:
        connection.execute(table.delete().where(*where))
    return n


def _exports(store: Store, before: datetime, is_dry: bool) -> tuple[str, ...]:
    """Files written from the store whose oldest observation is too old: deleted, since no row can be taken out."""
    tracks, gone = Tracks(store), []
    for path, oldest_at in tracks.exports():
        if oldest_at >= before:
            continue
        if Path(path).exists():
            gone.append(path)
        if is_dry:
            continue
        try:
            Path(path).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(
                "the export {path} holds data that is too old and cannot be deleted: {why}",
                path=path,
                why=error.strerror,
            ) from None
        tracks.forget_export(path)
    return tuple(gone)
