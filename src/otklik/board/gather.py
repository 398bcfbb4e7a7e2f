"""The state of the board put together from the store, a model and a clock; read anew when there is something new."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from otklik.alerting import forecast_of
from otklik.alerts import Standing, Watched
from otklik.board.coverage import BACK_H, gaps, looks_taken
from otklik.board.reading import open_readonly
from otklik.board.state import FAILED, NO_MODEL, PAST, READY, SOON, Bucket, Gap, Looks, Row, State
from otklik.clock import Clock
from otklik.collect.cadence import STANDARD, Cadence
from otklik.errors import OtklikError
from otklik.models.card import ModelFolder, load
from otklik.models.forecast import Forecast
from otklik.store import NATURE, SIMULATED, Ledger, PassRecord, Polls, Store, Tracks
from otklik.tracking.budget import Budget, booking_of
from otklik.tracking.sources import BUCKETS

UNTIL_H = 72.0
MOST_ROWS = 40
MOST_FORECASTS = 6
"""New forecasts in one refresh: each takes about a tenth of a second, and a page should not wait for them."""
LATE_TICKS = 3
AGES = (0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 21, 24, 30, 36, 42, 48, 54, 60, 66, 72)
"""Hours at which the small pictures are drawn."""
KEEP_S, KEEP_CAP_S, KEEP_TIMES = 5.0, 60.0, 10.0
"""A state is shown to everybody who asks within so many seconds, or ten times as many as it took to make: a page left
open on a large store must not keep the machine busy."""


@dataclass(frozen=True)
class Source:
    """What a board is made from."""

    store: str
    zone: str
    model: Path | None = None
    project: str = "default"
    cadence: Cadence = STANDARD
    tick_h: float = 1 / 12
    until_h: float = UNTIL_H


@dataclass
class Gatherer:
    """Makes states, one at a time; what a forecast has cost once is kept while the post has no new look."""

    source: Source
    clock: Clock
    _state: State | None = None
    _until: float = 0.0
    _model: ModelFolder | None = None
    _forecasts: dict[tuple[str, datetime | None], Forecast | None] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def state(self) -> State:
        """The state now, or that of a few seconds ago.

        Raises:
            OtklikError: when the store cannot be read.
        """
        with self._lock:
            if self._state is None or time.monotonic() > self._until:
                began = time.monotonic()
                with open_readonly(self.source.store) as store:
                    self._state = self.read(store)
                done = time.monotonic()
                self._until = done + min(KEEP_CAP_S, max(KEEP_S, KEEP_TIMES * (done - began)))
            return self._state

    def read(self, store: Store) -> State:
        """The state of an open store."""
        now, tracks = self.clock.now(), Tracks(store)
        passes = tracks.passes(int(BACK_H / self.source.tick_h) + LATE_TICKS)
        limit = timedelta(hours=LATE_TICKS * self.source.tick_h)
        watched = Watched.read(store, now, self.source.until_h)
        posts = watched.standings() if watched is not None else []
        rows = sorted((Row(one, None, SOON) for one in posts), key=_order)[:MOST_ROWS]
        if watched is not None:
            rows = [Row(watched.pictured(row.post, AGES), None, SOON) for row in rows]
        return State(
            as_of=now,
            zone=self.source.zone,
            is_simulated=tracks.mark(NATURE) == SIMULATED,
            last_pass=passes[0].started_at if passes else None,
            is_stale=not passes or now - passes[0].started_at > limit,
            until_h=self.source.until_h,
            n_posts=len(posts),
            rows=tuple(self._with_forecasts(store, rows, now)),
            looks=self._looks(store, now),
            gaps=self._gaps(passes, now),
            buckets=self._buckets(store, now),
            model=self._model.card.name if self._model is not None else None,
        )

    def _gaps(self, passes: list[PassRecord], now: datetime) -> tuple[Gap, ...]:
        return gaps(passes, now, LATE_TICKS * self.source.tick_h)

    def _looks(self, store: Store, now: datetime) -> tuple[Looks, ...]:
        taken, counts = looks_taken(store, self.source.cadence, now), Polls(store).counts(now)
        return tuple(
            Looks(name, one["followed"], one["due"], one["late"], *taken.get(name, (0, 0)))
            for name, one in sorted(counts.items())
        )

    def _buckets(self, store: Store, now: datetime) -> tuple[Bucket, ...]:
        """The quotas of the platforms that something is followed on; no key is needed to read them."""
        platforms = {one.platform for one in Tracks(store).all()}
        ledger, found = Ledger(store, self.source.project), []
        for platform in sorted(platforms & set(BUCKETS)):
            spent = Budget(BUCKETS[platform], ledger, self.clock, self.source.tick_h).spent()
            for bucket in BUCKETS[platform]:
                used, limit, closed = spent[bucket.name]
                resets = booking_of(bucket, now).resets_at
                found.append(Bucket(platform, bucket.name, used, limit, resets, closed))
        return tuple(found)

    # -- forecasts -----------------------------------------------------------------------------------------

    def _with_forecasts(self, store: Store, rows: list[Row], now: datetime) -> list[Row]:
        """The rows with the forecasts that are there, and a few new ones; the others come with the next refreshes."""
        model = self._loaded()
        if model is None:
            folder = self.source.model
            why = FAILED if folder is not None and (folder / "card.json").is_file() else NO_MODEL
            return [Row(row.post, None, why) for row in rows]
        horizon = max((one.target.horizon_h or 0.0 for one in model.forecasters.values()), default=0.0)
        left, told = MOST_FORECASTS, []
        for row in rows:
            key = (row.post.key, row.post.looked_at)
            if (now - row.post.published_at).total_seconds() >= horizon * 3600 or row.post.views is None:
                told.append(Row(row.post, None, PAST))
                continue
            if key not in self._forecasts and left:
                left -= 1
                self._forecasts[key] = self._forecast(store, model, row.post, now)
            made = self._forecasts.get(key)
            told.append(Row(row.post, made, READY if made else FAILED if key in self._forecasts else SOON))
        shown = {(row.post.key, row.post.looked_at) for row in rows}
        self._forecasts = {key: one for key, one in self._forecasts.items() if key in shown}
        return told

    def _forecast(self, store: Store, model: ModelFolder, post: Standing, now: datetime) -> Forecast | None:
        try:
            return forecast_of(store, model, post, now, self.source.zone)
        except OtklikError:
            return None

    def _loaded(self) -> ModelFolder | None:
        """The model, read once; a board without one shows everything else."""
        folder = self.source.model
        if self._model is None and folder is not None and (folder / "card.json").is_file():
            try:
                self._model = load(folder)
            except OtklikError:
                return None
        return self._model


def _order(row: Row) -> tuple[int, float, float, str]:
    """Those that rise most beside their usual first; then those without a usual to rise beside, by pace."""
    multiple, pace = row.pace_multiple, row.post.views_per_hour
    return (0 if multiple is not None else 1, -(multiple or 0.0), -(pace or 0.0), row.post.key)
