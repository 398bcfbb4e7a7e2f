"""The log of forecasts: what was told, by which model, and which posts came of drafts.

Nothing here is ever changed or deleted, and no outcome is kept: what became of a post is read from its counters. A
link that was wrong is corrected by a newer row of :data:`~.tables.FORECAST_LINK`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from otklik.store.polls import _us, instant
from otklik.store.store import Store
from otklik.store.tables import FORECAST, FORECAST_LINK, SNAPSHOT

HAND, TITLE = "hand", "title"
"""How a draft was linked to its post: by a person, or by author, title and time."""

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Logged:
    """One forecast as it was told."""

    subject: str
    """``platform:post_id`` of a post, ``draft:`` and a checksum of a draft."""
    platform: str
    kind: str
    author_id: str | None
    post_id: str | None
    """``None`` for a draft."""
    title: str | None
    """Of a draft; that of a post is read from the store."""
    model: str
    checksum: str
    """Of the model's card: two models of one name are told apart by it."""
    made_at: datetime
    published_at: datetime
    """Planned, for a draft."""
    cutoff_at: datetime
    """What was seen later moved nothing."""
    horizon_h: float | None
    """``None`` for mature reach."""
    views: Triple
    """The forecast of views: 10, 50 and 90 %."""
    curve: tuple[float, ...]
    """Views at the levels .05, .10 ... .95; empty where they were not told."""
    reactions: Triple | None
    baseline: float
    baseline_source: str
    baseline_n: int | None
    naive_views: float
    naive_reactions: float | None
    beats_usual: float | None
    hit: float | None
    hit_views: float | None
    calibrated: bool
    key: int = 0
    """Given by the store."""

    @property
    def age_h(self) -> float | None:
        """Age of the post at the cutoff, in hours; ``None`` for a draft."""
        return None if self.post_id is None else (self.cutoff_at - self.published_at) / timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ForecastLink:
    """The post that came of a draft; without a post, a link that was taken back."""

    forecast: int
    """Key of the forecast."""
    platform: str | None
    post_id: str | None
    way: str
    """``hand`` or ``title``."""
    linked_at: datetime

    @property
    def post(self) -> tuple[str, str] | None:
        """Platform and id of the post."""
        return None if self.platform is None or self.post_id is None else (self.platform, self.post_id)


class Forecasts:
    """The forecasts that a store remembers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, forecast: Logged) -> tuple[int, bool]:
        """Remember a forecast: its key, and whether it is new.

        One of the same subject and model whose cutoff lies in the same hour is the same; the first one stays.
        """
        row = _row(forecast)
        with self._store.transaction() as connection:
            if (key := _key(connection, row)) is not None:
                return key, False
            try:
                with connection.begin_nested():
                    done = connection.execute(FORECAST.insert().values(**row))
                    return int(done.inserted_primary_key[0]), True  # type: ignore[index]
            except IntegrityError:
                # Another process has remembered it since we looked.
                key = _key(connection, row)
                if key is None:
                    raise
                return key, False

    def all(self) -> list[Logged]:
        """Every forecast, in the order in which they were remembered."""
        with self._store.transaction() as connection:
            rows = connection.execute(select(FORECAST).order_by(FORECAST.c.forecast_key)).all()
        return [_logged(row) for row in rows]

    def get(self, key: int) -> Logged | None:
        """The forecast with this key."""
        with self._store.transaction() as connection:
            row = connection.execute(select(FORECAST).where(FORECAST.c.forecast_key == key)).first()
        return None if row is None else _logged(row)

    def link(self, links: Sequence[ForecastLink]) -> None:
        """Append links to the log; all of them or none."""
        with self._store.transaction() as connection:
            for one in links:
                row = {"forecast_key": one.forecast, "platform": one.platform, "post_id": one.post_id, "way": one.way}
                connection.execute(FORECAST_LINK.insert().values(**row, linked_us=_us(one.linked_at)))

    def links(self) -> dict[int, ForecastLink]:
        """The link in force of each forecast that ever had one, by the key of the forecast."""
        table = FORECAST_LINK
        with self._store.transaction() as connection:
            rows = connection.execute(select(table).order_by(table.c.link_key)).all()
        return {
            row.forecast_key: ForecastLink(row.forecast_key, row.platform, row.post_id, row.way, instant(row.linked_us))
            for row in rows
        }

    def last_look(self) -> datetime | None:
        """When the last counters in the store were observed."""
        with self._store.transaction() as connection:
            last = connection.scalar(select(func.max(SNAPSHOT.c.observed_us)))
        return None if last is None else instant(last)


_PLAIN = (
    *("subject", "platform", "kind", "author_id", "post_id", "title", "model", "checksum", "horizon_h", "baseline"),
    *("baseline_source", "baseline_n", "naive_views", "naive_reactions", "calibrated"),
)
_CHANCES = ("beats_usual", "hit", "hit_views")
_US_PER_HOUR = 3_600_000_000


def _key(connection: Connection, row: dict[str, Any]) -> int | None:
    same = [FORECAST.c[name] == row[name] for name in ("subject", "checksum", "cutoff_hour")]
    return connection.scalar(select(FORECAST.c.forecast_key).where(*same))


def _row(one: Logged) -> dict[str, Any]:
    chances = {name: getattr(one, name) for name in _CHANCES}
    row = {name: getattr(one, name) for name in _PLAIN}
    row |= {f"{name}_us": _us(getattr(one, f"{name}_at")) for name in ("made", "published", "cutoff")}
    row |= {"cutoff_hour": row["cutoff_us"] // _US_PER_HOUR, "views": json.dumps(one.views)}
    row |= {"curve": json.dumps(one.curve), "reactions": None if one.reactions is None else json.dumps(one.reactions)}
    return row | {"chances": None if all(value is None for value in chances.values()) else json.dumps(chances)}


def _logged(row: Any) -> Logged:
    plain: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    plain |= dict.fromkeys(_CHANCES) if row.chances is None else json.loads(row.chances)
    plain |= {f"{name}_at": instant(getattr(row, f"{name}_us")) for name in ("made", "published", "cutoff")}
    low, middle, high = json.loads(row.views)
    return Logged(
        **plain,
        views=(low, middle, high),
        curve=tuple(json.loads(row.curve)),
        reactions=None if row.reactions is None else tuple(json.loads(row.reactions)),
        key=int(row.forecast_key),
    )
