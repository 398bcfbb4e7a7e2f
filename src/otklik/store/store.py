"""Writing and reading records: idempotent, append-only, all or nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Table, func, select

from otklik.errors import DataError
from otklik.schema import AUTHOR_SNAPSHOTS, AUTHORS, COUNTERS, POSTS, SNAPSHOTS, Schema, check_frame, conform
from otklik.store import tables
from otklik.store.dialect import bulk_insert, engine_of, insert_new, read_arrow, told, url_of, writing
from otklik.store.migrations import migrate
from otklik.store.upserts import CONTENT, Keys, Written, keep_versions, select_by_ids, upsert
from otklik.units import utc

_FACTS = ("views", "likes", "comments", "shares", "reactions")
"""What two snapshots of one key must agree on; the source may differ."""


class Store:
    """Posts, authors and their snapshots in one database.

    >>> import tempfile
    >>> with Store.open(Path(tempfile.mkdtemp()) / "store.sqlite") as store:
    ...     store.counts()["posts"]
    0
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._open: Connection | None = None

    @classmethod
    def open(cls, where: str | Path) -> Store:
        """The store at a path (SQLite) or a database URL, made or brought to the newest layout if need be.

        Raises:
            StorageError: when it cannot be opened or written.
            ConfigurationError: when a newer otklik has made it, or the address names no database.
        """
        url = url_of(where)
        with told(url):
            engine = engine_of(url)
            try:
                migrate(engine)
            except BaseException:
                engine.dispose()
                raise
        return cls(engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The address, without its password."""
        return self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All writes inside land together, or none does. Inside another transaction it is that one."""
        if self._open is not None:
            yield self._open
            return
        with told(self._engine.url), writing(self._engine) as connection:
            self._open = connection
            try:
                yield connection
            finally:
                self._open = None

    # -- writing -------------------------------------------------------------------------------------------

    def write_authors(self, frame: pd.DataFrame) -> Written:
        """Add authors and what has become known of them; nothing known is forgotten."""
        frame = _checked(frame, AUTHORS).rename(columns={"tracked_since": "tracked_since_us"})
        with self.transaction() as connection:
            return upsert(connection, tables.AUTHOR, "author_key", _plain(frame), ("platform", "author_id"))[0]

    def write_posts(self, frame: pd.DataFrame, *, now: datetime | None = None) -> Written:
        """Add posts and what has become known of them; an earlier title, text or cover is kept as a version.

        Args:
            frame: the posts.
            now: when an earlier version is said to have been replaced; the machine's clock unless given.
        """
        frame = _checked(frame, POSTS)
        with self.transaction() as connection:
            keys = self._author_keys(connection, frame)
            renamed = {"published_at": "published_us", "first_seen_at": "first_seen_us", "gone_at": "gone_us"}
            rows = _plain(frame.drop(columns="author_id").assign(author_key=keys).rename(columns=renamed))
            written, replaced = upsert(connection, tables.POST, "post_key", rows, ("platform", "post_id"))
            retitled = keep_versions(connection, replaced, time.time_ns() // 1000 if now is None else _us(now))
            return replace(written, retitled=retitled)

    def write_snapshots(self, frame: pd.DataFrame) -> Written:
        """Append snapshots of posts that are in the store; those that are there already are left alone.

        Raises:
            DataError: for a snapshot of an unknown post, or one that says other numbers than the stored one of
                the same post and instant. Nothing is written then.
        """
        frame = _checked(frame, SNAPSHOTS)
        with self.transaction() as connection:
            keys = self._keys(connection, tables.POST, "post_key", "post_id", frame)
            _refuse_unknown(frame, keys)
            rows = _plain(frame.drop(columns=["platform", "post_id"]).rename(columns={"observed_at": "observed_us"}))
            columns = [column.name for column in tables.INCOMING.columns]
            tables.INCOMING.create(connection, checkfirst=True)
            connection.execute(tables.INCOMING.delete())
            ordered = rows.assign(post_key=keys)[columns]
            bulk_insert(connection, tables.INCOMING, list(ordered.itertuples(index=False, name=None)))
            _refuse_conflict(connection, frame)
            new = insert_new(connection, tables.SNAPSHOT, select(tables.INCOMING).where(sa.true()))
            return Written(new=new, same=len(frame) - new)

    def write_author_snapshots(self, frame: pd.DataFrame) -> Written:
        """Append snapshots of authors; authors not known yet are added."""
        frame = _checked(frame, AUTHOR_SNAPSHOTS)
        with self.transaction() as connection:
            keys = self._author_keys(connection, frame)
            rows = _plain(frame.rename(columns={"observed_at": "observed_us"})).assign(author_key=keys)
            table = tables.AUTHOR_SNAPSHOT
            known = set(map(tuple, connection.execute(select(table.c.author_key, table.c.observed_us)).all()))
            fresh = [
                row
                for row in rows[[column.name for column in table.columns]].itertuples(index=False, name=None)
                if row[:2] not in known
            ]
            bulk_insert(connection, table, fresh)
            return Written(new=len(fresh), same=len(frame) - len(fresh))

    def _author_keys(self, connection: Connection, frame: pd.DataFrame) -> np.ndarray:
        """Keys of the authors of a frame, those not known yet added."""
        authors = frame[["platform", "author_id"]].drop_duplicates()
        keys = self._keys(connection, tables.AUTHOR, "author_key", "author_id", authors)
        fresh = authors[keys < 0]
        if len(fresh):
            connection.execute(tables.AUTHOR.insert(), fresh.to_dict("records"))
        return self._keys(connection, tables.AUTHOR, "author_key", "author_id", frame)

    def _keys(self, connection: Connection, table: Table, key: str, name: str, frame: pd.DataFrame) -> np.ndarray:
        """The key of each row's author or post, -1 where it is not in the store."""
        pairs = pd.MultiIndex.from_frame(frame[["platform", name]])
        wanted = pairs.unique()
        found = select_by_ids(connection, table, [table.c.platform, table.c[name], table.c[key]], name, list(wanted))
        keys = {(platform, one): number for platform, one, number in found}
        numbers = np.array([keys.get(pair, -1) for pair in wanted], dtype=np.int64)
        return numbers[wanted.get_indexer(pairs)] if len(wanted) else np.empty(0, np.int64)

    # -- reading -------------------------------------------------------------------------------------------

    def authors(self) -> pd.DataFrame:
        """All authors, one a row."""
        query = select(tables.AUTHOR).order_by(tables.AUTHOR.c.author_key)
        return _framed(self._rows(query), {"tracked_since_us": "tracked_since"}, AUTHORS)

    def posts(
        self, *, as_of: datetime | None = None, since: datetime | None = None, authors: Keys | None = None
    ) -> pd.DataFrame:
        """Posts, one a row.

        Args:
            as_of: only those published at or before this aware instant.
            since: only those published at or after this one.
            authors: only those of these authors: pairs of platform and author id.
        """
        post, author = tables.POST, tables.AUTHOR
        query = select(post, author.c.author_id).join(author).order_by(post.c.post_key)
        if as_of is not None:
            query = query.where(post.c.published_us <= _us(as_of))
        if since is not None:
            query = query.where(post.c.published_us >= _us(since))
        if authors is not None:
            query = query.where(sa.tuple_(author.c.platform, author.c.author_id).in_(list(authors)))
        renamed = {"published_us": "published_at", "first_seen_us": "first_seen_at", "gone_us": "gone_at"}
        return _framed(self._rows(query), renamed, POSTS)

    def post_versions(self) -> pd.DataFrame:
        """Earlier titles, texts, tags and covers: columns platform, post_id, those four, and replaced_at."""
        post, version = tables.POST, tables.POST_VERSION
        kept = [version.c[name] for name in (*CONTENT, "replaced_us")]
        query = select(post.c.platform, post.c.post_id, *kept).join(post).order_by(version.c.replaced_us)
        frame = self._rows(query)
        return frame.assign(replaced_at=_instants(frame.pop("replaced_us")))

    def snapshots(self, *, as_of: datetime, posts: Keys | None = None, since: datetime | None = None) -> pd.DataFrame:
        """Snapshots known at an instant, sorted by post and time.

        Args:
            as_of: an aware instant; later snapshots do not exist yet. There is no default: knowing "now" is a choice.
            posts: only those of these posts: pairs of platform and post id.
            since: only those of posts published at or after this instant.
        """
        post, snapshot = tables.POST, tables.SNAPSHOT
        text = [func.coalesce(snapshot.c[name], "").label(name) for name in ("reactions", "source")]
        counters = [snapshot.c[name] for name in COUNTERS]
        query = select(snapshot.c.post_key, snapshot.c.observed_us, *counters, *text)
        query = query.where(snapshot.c.observed_us <= _us(as_of)).order_by(snapshot.c.post_key, snapshot.c.observed_us)
        names = self._rows(select(post.c.post_key, post.c.platform, post.c.post_id).order_by(post.c.post_key))
        if since is not None:
            recent = select(post.c.post_key).where(post.c.published_us >= _us(since))
            query = query.where(snapshot.c.post_key.in_(recent))
        if posts is not None:
            wanted = pd.MultiIndex.from_tuples(list(posts), names=["platform", "post_id"])
            names = names[pd.MultiIndex.from_frame(names[["platform", "post_id"]]).isin(wanted)]
            query = query.where(snapshot.c.post_key.in_([int(key) for key in names["post_key"]]))
        with told(self._engine.url):
            found = read_arrow(self._engine, query)
        return _snapshot_frame(found, names)

    def published_at(self, frame: pd.DataFrame) -> pd.Series:
        """When each row's post was published, NaT for a post that is not in the store.

        Reads through the open transaction, so that posts written a moment ago are there.
        """
        post = tables.POST
        pairs = pd.MultiIndex.from_frame(frame[["platform", "post_id"]])
        wanted = pairs.unique()
        columns = [post.c.platform, post.c.post_id, post.c.published_us]
        with self.transaction() as connection:
            found = select_by_ids(connection, post, columns, "post_id", list(wanted))
        known = {(platform, post_id): at for platform, post_id, at in found}
        instants = _instants(pd.Series([known.get(pair) for pair in wanted], dtype="Int64"))
        return instants.take(wanted.get_indexer(pairs)).reset_index(drop=True)

    def author_snapshots(self, *, as_of: datetime) -> pd.DataFrame:
        """Snapshots of authors known at an instant, sorted by author and time."""
        author, snapshot = tables.AUTHOR, tables.AUTHOR_SNAPSHOT
        query = select(author.c.platform, author.c.author_id, snapshot).join(author)
        query = query.where(snapshot.c.observed_us <= _us(as_of)).order_by(
            snapshot.c.author_key, snapshot.c.observed_us
        )
        return _framed(self._rows(query), {"observed_us": "observed_at"}, AUTHOR_SNAPSHOTS)

    def counts(self) -> dict[str, int]:
        """How many rows of each kind there are."""
        kinds = {
            "authors": tables.AUTHOR,
            "posts": tables.POST,
            "post_versions": tables.POST_VERSION,
            "snapshots": tables.SNAPSHOT,
            "author_snapshots": tables.AUTHOR_SNAPSHOT,
        }
        with told(self._engine.url), self._engine.connect() as connection:
            return {
                name: connection.scalar(select(func.count()).select_from(table)) or 0 for name, table in kinds.items()
            }

    def _rows(self, query: sa.Select[Any]) -> pd.DataFrame:
        with told(self._engine.url), self._engine.connect() as connection:
            result = connection.execute(query)
            return pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)


def _checked(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    whole = conform(frame, schema)
    check_frame(whole, schema)
    return whole


def _us(instant: datetime) -> int:
    return int(pd.Timestamp(utc(instant)).value // 1000)


def _instants(microseconds: pd.Series) -> pd.Series:
    return pd.to_datetime(microseconds.astype("Int64"), unit="us", utc=True).astype("datetime64[us, UTC]")


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows as Python objects a driver takes: instants as microseconds, missing as None."""
    plain = {}
    for name, column in frame.items():
        if isinstance(column.dtype, pd.DatetimeTZDtype):
            column = column.astype("int64").where(column.notna()).astype("Int64")
        values = column.astype(object)
        plain[name] = values.where(column.notna(), None)
    return pd.DataFrame(plain, index=frame.index, dtype=object)


def _framed(rows: pd.DataFrame, renamed: dict[str, str], schema: Schema) -> pd.DataFrame:
    for stored, name in renamed.items():
        rows[name] = _instants(rows.pop(stored))
    return conform(rows, schema)


def _snapshot_frame(found: Any, names: pd.DataFrame) -> pd.DataFrame:
    at = np.searchsorted(names["post_key"].to_numpy(np.int64), found.column("post_key").to_numpy())
    frame = pd.DataFrame(
        {
            "platform": names["platform"].astype("str").take(at).to_numpy(),
            "post_id": names["post_id"].astype("str").take(at).to_numpy(),
            "observed_at": pd.to_datetime(found.column("observed_us").to_numpy(), unit="us", utc=True),
            **{name: _counter(found.column(name)) for name in COUNTERS},
            **{name: found.column(name).to_pandas().replace("", None) for name in ("reactions", "source")},
        }
    )
    return conform(frame, SNAPSHOTS)


def _counter(column: Any) -> pd.api.extensions.ExtensionArray:
    known = column.is_valid().to_numpy()
    return pd.arrays.IntegerArray(column.fill_null(0).to_numpy().astype(np.int64), ~known)


def _refuse_unknown(frame: pd.DataFrame, keys: np.ndarray) -> None:
    unknown = np.flatnonzero(keys < 0)
    if len(unknown):
        first = frame.iloc[unknown[0]]
        raise DataError(
            "{n} snapshots are of posts that are not in the store, for example {platform}:{post_id}: "
            "write the posts first",
            n=len(unknown),
            platform=first["platform"],
            post_id=first["post_id"],
        )


def _refuse_conflict(connection: Connection, frame: pd.DataFrame) -> None:
    """Raise when a waiting snapshot says other numbers than the stored one of its key."""
    new, old = tables.INCOMING, tables.SNAPSHOT
    same_key = (new.c.post_key == old.c.post_key) & (new.c.observed_us == old.c.observed_us)
    differs = sa.or_(*(new.c[name].is_distinct_from(old.c[name]) for name in _FACTS))
    post = tables.POST
    columns = [post.c.platform, post.c.post_id, new.c.observed_us]
    facts = [table.c[name].label(f"{which}_{name}") for which, table in (("old", old), ("new", new)) for name in _FACTS]
    query = select(*columns, *facts).join(old, same_key).join(post, post.c.post_key == new.c.post_key).where(differs)
    row = connection.execute(query.limit(1)).mappings().first()
    if row is not None:
        name = next(name for name in _FACTS if row[f"old_{name}"] != row[f"new_{name}"])
        raise DataError(
            "the snapshot of {platform}:{post_id} at {at} says {column} = {new}, the stored one says {old}: "
            "snapshots are never changed; correct the source or leave the row out",
            platform=row["platform"],
            post_id=row["post_id"],
            at=pd.Timestamp(row["observed_us"], unit="us", tz="UTC").isoformat(),
            column=name,
            new=row[f"new_{name}"],
            old=row[f"old_{name}"],
        )
