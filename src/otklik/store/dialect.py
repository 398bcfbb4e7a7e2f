"""All that SQLite and PostgreSQL do not have in common, in one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from otklik.errors import ConfigurationError, OtklikError, StorageError, TransientError

BUSY_MS = 30_000
"""How long a SQLite writer waits for another one."""
_WRITES = "otklik_writes"
_BATCH_ROWS = 65_536


def url_of(where: str | Path) -> URL:
    """The address of a store: a path means SQLite.

    Raises:
        ConfigurationError: for an address that is neither a path nor a database URL.
    """
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(where)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError):
        raise ConfigurationError(
            "expected a path or an address such as postgresql+psycopg://user@host/name as the store, "
            "but got one that names no known database"
        ) from None
    return url


def engine_of(url: URL) -> Engine:
    """An engine whose transactions are real ones."""
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url)
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_MS / 1000})
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connect(connection: Any, _: Any) -> None:
    # The driver's own transactions leave out DDL; ours start with the BEGIN below.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that will write: all of it lands, or none."""
    with engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
        yield connection


def insert_new(connection: Connection, table: Table, source: sa.Select[Any]) -> int:
    """Insert the rows of a query whose key is not there yet, and say how many were new."""
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    names = [column.name for column in table.columns]
    statement = kind.insert(table).from_select(names, source).on_conflict_do_nothing()
    return connection.execute(statement).rowcount


def bulk_insert(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows, values in the order of the table's columns, past the ORM's bookkeeping."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} VALUES ({marks})", list(rows))
    else:
        names = [column.name for column in table.columns]
        connection.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in rows])


def read_arrow(engine: Engine, query: sa.Select[Any]) -> pa.Table:
    """The result of a query of integers and text as Arrow, in batches of bounded memory.

    SQLite is read through the driver that writes it, although ADBC would be faster: two copies of SQLite in one
    process drop each other's locks, and the one that closes deletes the journal the other one writes to
    (https://sqlite.org/howtocorrupt.html, 2.2.1).
    """
    kinds = [pa.int64() if isinstance(column.type, sa.Integer) else pa.string() for column in query.selected_columns]
    schema = pa.schema(list(zip(query.selected_columns.keys(), kinds, strict=True)))
    sql = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
    with engine.connect() as connection:
        # The driver's own rows: wrapping millions of them would take longer than reading them.
        cursor = connection.connection.cursor()
        cursor.execute(sql)
        batches = iter(lambda: cursor.fetchmany(_BATCH_ROWS), [])
        return pa.Table.from_batches([_batch(rows, schema) for rows in batches], schema)


def _batch(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    arrays = [pa.array(values, kind) for values, kind in zip(columns, schema.types, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


@contextmanager
def told(url: URL) -> Iterator[None]:
    """Turn what a database raises into an error that says what to do; no password is ever in it."""
    try:
        yield
    except DBAPIError as error:
        raise _translated(str(error.orig), url, isinstance(error, OperationalError)) from None
    except OSError as error:
        raise _translated(str(error), url, True) from None


def _translated(why: str, url: URL, is_operational: bool) -> OtklikError:
    where, text = url.render_as_string(hide_password=True), why.lower()
    if "locked" in text or "busy" in text:
        return TransientError(
            "the store {where} is locked by another program: try again when it has finished", where=where
        )
    if "full" in text or "no space" in text:
        return StorageError(
            "the disk of the store {where} is full: free some space; nothing was half-written", where=where
        )
    if "readonly" in text or "read-only" in text or "permission denied" in text:
        return StorageError("the store {where} may not be written: check the permissions of the folder", where=where)
    if "unable to open" in text:
        return StorageError(
            "the store {where} cannot be opened: check that the folder exists and may be written", where=where
        )
    if "not a database" in text or "malformed" in text:
        return StorageError(
            "{where} is not an otklik store or is damaged: restore a copy or name another file", where=where
        )
    if is_operational and url.get_backend_name() != "sqlite":
        return TransientError("the database {where} does not answer: check that it runs and lets you in", where=where)
    return StorageError("the store {where} refused: {why}", where=where, why=why.splitlines()[0] if why else "?")


def is_there(store: str) -> bool:
    """Whether a store, a path or a database address, exists: who only remembers or looks makes none.

    >>> is_there("nowhere/store.sqlite")
    False
    """
    if store.startswith("sqlite:///"):
        return Path(store.removeprefix("sqlite:///")).is_file()
    return "://" in store or Path(store).is_file()
