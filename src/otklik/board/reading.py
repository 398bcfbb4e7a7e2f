"""A store opened for reading alone: the database itself refuses every write, also while a collector writes."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from otklik.errors import ConfigurationError
from otklik.store import Store
from otklik.store.dialect import BUSY_MS, told, url_of
from otklik.store.migrations import MIGRATIONS, applied


def open_readonly(where: str | Path) -> Store:
    """The store at a path or a database URL, for reading.

    Raises:
        ConfigurationError: when there is none, or its layout is that of another version of otklik: reading alone
            cannot bring it to the newest one.
        StorageError: when it cannot be opened.
    """
    url = url_of(where)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        raise ConfigurationError(
            "there is no store at {path}: `otklik init` makes one, `otklik collect` fills it", path=url.database
        )
    engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _server(url)
    try:
        with told(url):
            _check_layout(applied(engine))
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)


def _sqlite(url: URL) -> sa.Engine:
    address = f"file:{quote(str(Path(str(url.database)).resolve()))}?mode=ro"

    def connect() -> sqlite3.Connection:
        # The driver begins no transactions of its own; each of ours is one view of the store.
        return sqlite3.connect(address, uri=True, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False)

    engine = sa.create_engine(url, creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _server(url: URL) -> sa.Engine:
    options: dict[str, Any] = {"connect_args": {"options": "-c default_transaction_read_only=on"}}
    return sa.create_engine(url, poolclass=NullPool, **(options if url.get_backend_name() == "postgresql" else {}))


def _check_layout(found: int) -> None:
    if found > len(MIGRATIONS):
        raise ConfigurationError(
            "the store was made by a newer otklik (layout {found}, this one knows {known}): update otklik",
            found=found,
            known=len(MIGRATIONS),
        )
    if found < len(MIGRATIONS):
        raise ConfigurationError(
            "the store has the layout of an older otklik, and reading alone cannot change it: run `otklik status` once"
        )
