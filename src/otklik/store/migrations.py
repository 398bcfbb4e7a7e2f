"""How a store grows: small functions, each in one transaction with its own record."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine, func, inspect, select

from otklik.errors import ConfigurationError
from otklik.store import tables
from otklik.store.dialect import writing


def _001_posts_and_snapshots(connection: Connection) -> None:
    """Authors, posts with their earlier versions, and append-only snapshots of both."""
    wanted = (tables.AUTHOR, tables.POST, tables.POST_VERSION, tables.SNAPSHOT, tables.AUTHOR_SNAPSHOT)
    tables.METADATA.create_all(connection, tables=list(wanted))


def _002_collecting(connection: Connection) -> None:
    """What is followed, when it is due, what quota was spent, and what retention must reach."""
    wanted = (
        tables.TRACK,
        tables.POLL,
        tables.QUOTA,
        tables.QUOTA_STOP,
        tables.PASS,
        tables.MARK,
        tables.EXPORT,
    )
    tables.METADATA.create_all(connection, tables=list(wanted))


def _003_sounds(connection: Connection) -> None:
    """The sound library: what is known of each sound, and its fingerprint."""
    tables.METADATA.create_all(connection, tables=[tables.SOUND, tables.SOUND_PRINT])


def _004_post_files(connection: Connection) -> None:
    """What the files of posts show."""
    tables.METADATA.create_all(connection, tables=[tables.POST_FILE])


def _005_experiments(connection: Connection) -> None:
    """Experiments, the variants drawn, and the posts that came of them."""
    wanted = (tables.EXPERIMENT, tables.EXPERIMENT_ASSIGNMENT, tables.EXPERIMENT_LINK)
    tables.METADATA.create_all(connection, tables=list(wanted))


def _006_forecasts(connection: Connection) -> None:
    """Forecasts as they were told, and the posts that came of drafts."""
    tables.METADATA.create_all(connection, tables=[tables.FORECAST, tables.FORECAST_LINK])


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (
    _001_posts_and_snapshots,
    _002_collecting,
    _003_sounds,
    _004_post_files,
    _005_experiments,
    _006_forecasts,
)
"""In order; a migration that has landed is never edited."""


def migrate(engine: Engine) -> None:
    """Bring a store to the newest layout; one that is there already is not written to.

    Raises:
        ConfigurationError: when a newer otklik has made the store.
    """
    done = applied(engine)
    if done > len(MIGRATIONS):
        raise ConfigurationError(
            "the store was made by a newer otklik (layout {found}, this one knows {known}): update otklik",
            found=done,
            known=len(MIGRATIONS),
        )
    if done == len(MIGRATIONS):
        return
    with writing(engine) as connection:
        tables.MIGRATION.create(connection, checkfirst=True)
    for number in range(done + 1, len(MIGRATIONS) + 1):
        _apply(engine, number)


def applied(engine: Engine) -> int:
    """How many migrations a store has had; 0 for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(tables.MIGRATION.name):
            return 0
        return connection.scalar(select(func.max(tables.MIGRATION.c.number))) or 0


def _apply(engine: Engine, number: int) -> None:
    step = MIGRATIONS[number - 1]
    with writing(engine) as connection:
        # Two processes may open a new store at once: the second finds the first one's record.
        if connection.scalar(select(tables.MIGRATION.c.number).where(tables.MIGRATION.c.number == number)):
            return
        step(connection)
        record = {"number": number, "name": step.__name__.lstrip("_"), "applied_us": time.time_ns() // 1000}
        connection.execute(tables.MIGRATION.insert(), record)
