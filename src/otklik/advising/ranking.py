"""Drafts of one author against each other: an order with its ties, and the chance that one beats another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from otklik.advising.advice import SAME, TIE, Comparison, Entry, Progress, Ranked
from otklik.advising.remarks import notes_of
from otklik.advising.scored import opened, pair_law, quiet, score_all, versus
from otklik.errors import ConfigurationError
from otklik.models.card import ModelFolder
from otklik.models.forecast import Forecast
from otklik.models.pairs import PairLaw
from otklik.records import DraftAuthor


def compare(
    entries: Sequence[Entry],
    model: Path | ModelFolder,
    store_url: str | None,
    zone: str,
    *,
    on_progress: Progress = quiet,
) -> Comparison:
    """Drafts of one author against each other.

    Args:
        entries: the drafts; one that says nothing of its author takes that of the first that does.
        model: a trained model, or its folder.
        store_url: the store with the author's history, where a draft names an author.
        zone: the audience's time zone.
        on_progress: called with a stage, how much is done and of how much.

    Raises:
        ConfigurationError: when there are fewer than two drafts, or they are of different authors or platforms.
        DataError: when the author is not in the store, or the model forecasts no views.
    """
    entries = _of_one_author(entries)
    folder = opened(model)
    law = pair_law(folder, entries[0].draft.platform)
    forecasts = score_all(entries, folder, store_url, zone, on_progress)
    # Equal forecasts stay in the order in which they were named.
    order = sorted(range(len(entries)), key=lambda i: -forecasts[i].views.p50)
    best = forecasts[order[0]]
    said = [(entries[i], forecasts[i], versus(forecasts[i], best, law)) for i in order]
    places = _places([one for _, one, _ in said], law)
    ranked = tuple(
        Ranked(place, places.count(place) > 1, entry.name, entry.changes, one, against)
        for place, (entry, one, against) in zip(places, said, strict=True)
    )
    chances = tuple(tuple(versus(a.forecast, b.forecast, law).chance for b in ranked) for a in ranked)
    return Comparison(ranked, chances, law, notes_of(folder, law, entries, forecasts))


def _places(forecasts: Sequence[Forecast], law: PairLaw | None) -> list[int]:
    """Places of forecasts in falling order: those that cannot be told from the first of a place share it."""
    places: list[int] = []
    first = 0
    for i, one in enumerate(forecasts):
        if i and versus(one, forecasts[first], law).verdict in (TIE, SAME):
            places.append(first + 1)
        else:
            first = i
            places.append(i + 1)
    return places


def _of_one_author(entries: Sequence[Entry]) -> list[Entry]:
    """The entries; one that says nothing of its author takes that of the first that does."""
    if len(entries) < 2:
        raise ConfigurationError("name at least two drafts to compare, or --draft and a --title other than its own")
    known = next((one.draft.author for one in entries if one.draft.author != DraftAuthor()), DraftAuthor())
    same = []
    for entry in entries:
        author = known if entry.draft.author == DraftAuthor() else entry.draft.author
        if author != known or entry.draft.platform != entries[0].draft.platform:
            raise ConfigurationError(
                "{name} is of another author or platform than {file}: only drafts of one author can be compared",
                name=entry.name,
                file=entries[0].name,
            )
        same.append(replace(entry, draft=replace(entry.draft, author=author)))
    return same
