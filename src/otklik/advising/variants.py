"""A draft and its variants: the same post with one thing changed, or several."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from otklik.advising.advice import Entry, Progress, Tried, WhatIf
from otklik.advising.hours import best_hours
from otklik.advising.remarks import ALONE, notes_of
from otklik.advising.scored import opened, pair_law, quiet, score_all, versus
from otklik.models.card import ModelFolder
from otklik.models.forecast import Note


def what_if(
    entries: Sequence[Entry],
    model: Path | ModelFolder,
    store_url: str | None,
    zone: str,
    *,
    hours: bool = False,
    now: datetime | None = None,
    on_progress: Progress = quiet,
) -> WhatIf:
    """A draft (the first entry) and its variants.

    Args:
        entries: the draft as it is, then its variants.
        model: a trained model, or its folder.
        store_url: the store with the author's history, where the draft names an author.
        zone: the audience's time zone.
        hours: whether to score the draft at every hour of a week too (:func:`week`).
        now: the grid of hours begins after it (default: now).
        on_progress: called with a stage, how much is done and of how much.

    Raises:
        DataError: when the author is not in the store, or the model forecasts no views.
    """
    folder = opened(model)
    law = pair_law(folder, entries[0].draft.platform)
    forecasts = score_all(entries, folder, store_url, zone, on_progress)
    base = forecasts[0]
    tried = tuple(
        Tried(entry.name, entry.changes, said, versus(said, base, law))
        for entry, said in zip(entries[1:], forecasts[1:], strict=True)
    )
    grid = best_hours(entries[0], folder, store_url, zone, now or datetime.now(UTC), on_progress) if hours else None
    notes = notes_of(folder, law, entries, forecasts)
    return WhatIf(base, tried, grid, law, (*notes, Note(ALONE)) if hours else notes)
