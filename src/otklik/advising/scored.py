"""Many drafts by one loaded model, and what the difference of two forecasts is worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from otklik.advising.advice import HIGHER, INCOMPARABLE, LOWER, SAME, TIE, UNCALIBRATED, Entry, Progress, Versus
from otklik.dataset.reading import author_history
from otklik.models.card import ModelFolder, load
from otklik.models.forecast import Forecast, Quantity
from otklik.models.pairs import PairLaw
from otklik.scoring import from_store, score_draft, views_forecaster
from otklik.view_rules import view_rule

_EQUAL = 1e-9
"""Forecasts whose logs differ by less are the same."""


def quiet(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


def opened(model: Path | ModelFolder) -> ModelFolder:
    """A model, loaded where only its folder is named."""
    return model if isinstance(model, ModelFolder) else load(model)


def pair_law(folder: ModelFolder, platform: str) -> PairLaw | None:
    """The law of pairs that a model has kept; ``None`` where there is none, or no pair is behind it.

    A model keeps one law by platform, and one over ``all``: what a difference of forecasts is worth is not the same
    everywhere (slope 1.75 on Karelian VK, 0.61 on Korean news of YouTube).
    """
    laws = views_forecaster(folder).pairs
    law = laws.get(str(platform), laws.get("all"))
    return law if law and law.n_pairs > 0 else None


def score_all(
    entries: Sequence[Entry],
    folder: ModelFolder,
    store_url: str | None,
    zone: str,
    on_progress: Progress = quiet,
    *,
    newest: int | None = None,
) -> list[Forecast]:
    """The forecast of each draft by one loaded model; an author's history is read from the store once.

    Args:
        entries: the drafts.
        folder: the model.
        store_url: the store with the history of an author whom a draft names.
        zone: the audience's time zone.
        on_progress: called with a stage, how much is done and of how much.
        newest: how many posts of an author in the store are read; ``None`` for all.

    Raises:
        DataError: when an author is not in the store, or the model forecasts no views.
    """
    histories: dict[tuple[str, str], tuple[pd.DataFrame, pd.DataFrame]] = {}
    said = []
    for number, entry in enumerate(entries):
        on_progress("score", number, len(entries))
        author = from_store(entry.draft, store_url)
        if author and store_url and author not in histories:
            histories[author] = author_history(store_url, author, newest)
        history = histories[author] if author else None
        said.append(score_draft(folder, entry.draft, history, zone, entry.facts))
    on_progress("score", len(entries), len(entries))
    return said


def versus(one: Forecast, other: Forecast, law: PairLaw | None) -> Versus:
    """What one forecast is worth against another one for the same author."""
    d = math.log1p(one.views.p50) - math.log1p(other.views.p50)
    ratio = math.exp(d)
    if rule_of(one) != rule_of(other):
        return Versus(ratio, None, None, INCOMPARABLE)
    if abs(d) < _EQUAL:
        return Versus(1.0, None, 0.5 if law else None, SAME)
    if law is None:
        return Versus(ratio, None, None, UNCALIBRATED)
    ends = law.ratio(d)
    verdict = TIE if law.is_tie(d) else HIGHER if d > 0 else LOWER
    return Versus(ratio, Quantity(*ends) if ends else None, law.chance(d), verdict)


def rule_of(forecast: Forecast) -> str:
    """The rule by which the views of a forecast will be counted."""
    return view_rule(forecast.platform, forecast.kind, forecast.published_at)
