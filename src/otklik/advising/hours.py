"""The hours of a week: the draft as it is, at each of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from otklik import units
from otklik.advising.advice import SAME, TIE, Entry, Hour, Hours, Progress
from otklik.advising.scored import pair_law, score_all, versus
from otklik.models.card import ModelFolder
from otklik.scoring import views_forecaster

N_DAYS = 7
"""Days of the grid: each hour of the week once."""
N_BEST = 5
"""Hours that are named."""
MOST_POSTS = 500
"""Of an author in the store, behind a grid of hours: with tens of thousands it would take minutes."""


def week(planned: datetime, zone: str, now: datetime) -> list[tuple[int, int, datetime]]:
    """The hours of seven whole days in a zone: day, hour of the day, and the instant in UTC.

    They begin with tomorrow, or with the day for which the draft is planned where that is more than a week away.
    An hour that a clock change leaves out is left out here.

    >>> now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    >>> hours = week(now, "Europe/Moscow", now)
    >>> len(hours), hours[0][2].isoformat()
    (168, '2026-11-24T21:00:00+00:00')
    """
    local = units.zone(zone)
    far = planned - now > timedelta(days=N_DAYS)
    first = planned.astimezone(local).date() if far else now.astimezone(local).date() + timedelta(days=1)
    found = []
    for day in range(N_DAYS):
        date = first + timedelta(days=day)
        for hour in range(24):
            wall = datetime(date.year, date.month, date.day, hour, tzinfo=local)
            at = wall.astimezone(UTC)
            if at.astimezone(local).hour == hour:
                found.append((day, hour, at))
    return found


def best_hours(
    entry: Entry, folder: ModelFolder, store_url: str | None, zone: str, now: datetime, on_progress: Progress
) -> Hours:
    """The draft at every hour of a week; only views are forecast, the rest would take as long again."""
    times = week(entry.draft.publish_at, zone, now)
    of_views = views_forecaster(folder)
    only_views = ModelFolder(folder.card, {of_views.target.name: of_views})
    entries = [replace(entry, draft=replace(entry.draft, publish_at=at)) for _, _, at in times]
    law, said = (
        pair_law(folder, entry.draft.platform),
        score_all(entries, only_views, store_url, zone, on_progress, newest=MOST_POSTS),
    )
    best = max(said, key=lambda one: one.views.p50)
    cells = tuple(
        Hour(at, day, hour, one.views.p50, versus(one, best, law))
        for (day, hour, at), one in zip(times, said, strict=True)
    )
    views = sorted(cell.views for cell in cells)
    as_good = sum(cell.against_best.verdict in (TIE, SAME) for cell in cells)
    return Hours(
        zone=zone,
        cells=cells,
        best=tuple(sorted(cells, key=lambda cell: -cell.views)[:N_BEST]),
        middle=views[len(views) // 2],
        most=(views[-1] + 1) / (views[0] + 1) - 1,
        n_as_good=as_good if law else None,
    )
