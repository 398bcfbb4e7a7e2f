"""Many drafts by one loaded model, and what the difference of two forecasts is worth."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from otklik.advising.advice import HIGHER, INCOMPARABLE, LOWER, SAME, TIE, UNCALIBRATED, Entry, Progress, Versus
from otklik.errors import DataError
from otklik.models.card import ModelFolder, load
from otklik.models.forecast import Forecast, Quantity
from otklik.models.pairs import PairLaw
from otklik.scoring import DRAFT_ID, Given, draft_frames, forecast_one
from otklik.store import Store
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

    A model keeps one law, or one by platform with the rest under ``all``: what a difference of forecasts is worth
    is not the same everywhere (slope 1.75 on Karelian VK, 0.61 on Korean news of YouTube).
    """
    law = getattr(folder.forecasters[views_of(folder)], "pairs", None)
    if isinstance(law, Mapping):
        law = law.get(str(platform), law.get("all"))
    return law if isinstance(law, PairLaw) and law.n_pairs > 0 else None


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
        draft, author = entry.draft, entry.draft.author
        posts, looks = draft_frames(draft)
        if author.author_id and store_url and not author.history:
            key = (str(draft.platform), author.author_id)
            if key not in histories:
                histories[key] = _history(store_url, key, newest)
            past, seen = histories[key]
            posts, looks = (pd.concat(pair, ignore_index=True) for pair in ((posts, past), (looks, seen)))
        subject = (str(draft.platform), DRAFT_ID)
        given = Given(author.median_views, author.median_reactions, author.n_posts)
        files = {subject: entry.facts} if entry.facts is not None else None
        said.append(forecast_one(folder, posts, looks, subject, draft.publish_at, zone=zone, given=given, files=files))
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


def views_of(folder: ModelFolder) -> str:
    """The forecaster of views that a draft is scored by."""
    name = next((one for one in ("views_24h", "mature") if one in folder.forecasters), None)
    if name is None:
        raise DataError(
            "the model {model} forecasts {targets} and no views: train one with --target views_24h",
            model=folder.card.name,
            targets=", ".join(folder.forecasters),
        )
    return name


def rule_of(forecast: Forecast) -> str:
    """The rule by which the views of a forecast will be counted."""
    return view_rule(forecast.platform, forecast.kind, forecast.published_at)


def _history(store_url: str, author: tuple[str, str], newest: int | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the store knows of an author as of now; later looks than a draft's own time change nothing in it."""
    with Store.open(store_url) as store:
        past = store.posts(authors=[author])
        if past.empty:
            raise DataError(
                "the author {author} has no posts in the store: import or collect them, give the author's history "
                "in the draft, or say --author-median and --author-posts",
                author=":".join(author),
            )
        past = past if newest is None else past.nlargest(newest, "published_at")
        keys = list(past[["platform", "post_id"]].itertuples(index=False, name=None))
        return past, store.snapshots(as_of=datetime.now(UTC), posts=keys)
