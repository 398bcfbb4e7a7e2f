"""Retraining with a trial: a challenger takes the champion's place only if it is better on posts new to both."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from otklik import evaluate as judge
from otklik import metrics
from otklik.dataset.corpus import US_PER_H, Corpus, microseconds
from otklik.dataset.targets import Target, labels, target_named
from otklik.errors import StorageError
from otklik.features import Table
from otklik.metrics import Floats
from otklik.models.card import CARD, Card, ModelFolder, load
from otklik.models.forecaster import Forecaster

NEWEST = 0.2
"""Share of the labelled posts, the newest, that judge."""
MIN_TEST = 50
"""Fewer posts new to both models decide nothing."""
MIN_TRAIN = 100
"""A challenger that learned from fewer posts is not tried."""
MIN_CLUSTERS = 10
"""With fewer authors than this, an author's weeks are drawn instead of whole authors."""
LEVEL = (0.025, 0.975)
NEAR = 0.05
"""Coverage of the 80 % interval this close to 0.80 is always well enough."""
SLACK = 0.02
"""Coverage may lie this much farther from 0.80 than the champion's."""
WEEK_US = 7 * 24 * US_PER_H

PROMOTED = "promoted"
FIRST = "there was no model"
TOO_FEW = "too few posts new to both models"
TOO_YOUNG = "too few posts to learn from before them"
TOO_ALIKE = "too few authors and weeks to tell chance from skill"
NO_TARGET = "the champion does not forecast this target"
NOT_BETTER = "not better beyond chance"
WORSE_AT = "worse beyond chance at drafts or at live posts"
COVERAGE = "its intervals are farther from their promise"
REASONS = (PROMOTED, FIRST, TOO_FEW, TOO_YOUNG, TOO_ALIKE, NO_TARGET, NOT_BETTER, WORSE_AT, COVERAGE)

Progress = Callable[[str, int, int | None], None]
Fit = Callable[[Path], Card]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Error of the challenger over that of the champion, with its 95 % interval over paired draws."""

    name: str
    """``all``, ``draft`` or ``live``."""
    n: int
    """Examples."""
    challenger: float
    """log-MAE."""
    champion: float
    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Trial:
    """What a comparison of two models found."""

    reason: str
    """One of :data:`REASONS`."""
    n_posts: int = 0
    """Posts that judged, all new to both models."""
    n_authors: int = 0
    n_train: int = 0
    """Posts that the challenger learned from for the trial."""
    since: datetime | None = None
    """Publication of the first post that judged."""
    drawn: str = "authors"
    """What the interval is drawn over: ``authors``, or their ``weeks`` where authors are few."""
    ratios: tuple[Ratio, ...] = ()
    coverage_challenger: float | None = None
    """Of the 80 % interval."""
    coverage_champion: float | None = None

    @property
    def is_promoted(self) -> bool:
        """Whether the champion gives way."""
        return self.reason in (PROMOTED, FIRST)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        since = None if self.since is None else self.since.isoformat()
        return asdict(self) | {"promoted": self.is_promoted, "since": since}


def if_better(
    corpus: Corpus, target_name: str, zone: str, out: Path, fit: Fit, on_progress: Progress = lambda *_: None
) -> tuple[Trial, Card | None]:
    """Try a challenger against the model in a folder and, if it is better, train it on everything and put it there.

    Args:
        corpus: all posts.
        target_name: what to forecast.
        zone: the audience's time zone.
        out: folder of the champion, where the winner will be.
        fit: trains a model on everything into a folder of the name of ``out`` and gives its card.
        on_progress: called with a stage, how much is done and of how much.

    Returns:
        The trial, and the card of the new model if there is one.
    """
    if not (out / CARD).is_file():
        return Trial(FIRST), fit(out)
    found = trial(corpus, target_named(target_name), zone, load(out), on_progress)
    return found, promoted(out, fit) if found.is_promoted else None


def trial(
    corpus: Corpus, target: Target, zone: str, champion: ModelFolder, on_progress: Progress = lambda *_: None
) -> Trial:
    """Judge a challenger and a champion on the newest posts that neither learned from.

    The challenger learns from what was published one horizon before the first of these posts and known by then.
    Errors are paired by example and drawn by author.
    """
    if target.name not in champion.forecasters:
        return Trial(NO_TARGET)
    labelled = labels(corpus, target)["value"].notna().to_numpy()
    tests = newest(corpus, labelled, champion.card.trained_until)
    if len(tests) < MIN_TEST:
        return Trial(TOO_FEW, n_posts=len(tests))
    start = int(corpus.published_us[tests].min())
    since = pd.Timestamp(start, unit="us", tz="UTC").to_pydatetime()
    drafts, looks, live = judge.tables(corpus, target, labelled, zone)
    train = judge.concatenate([drafts, looks])
    known = (train.meta["known_us"] < start) & (train.meta["published_us"] <= start - int(target.wait_h * US_PER_H))
    taught = train.at(known.to_numpy())
    n_train, n_authors = int(taught.meta["row"].nunique()), len(np.unique(corpus.author[tests]))
    if n_train < MIN_TRAIN:
        return Trial(TOO_YOUNG, len(tests), n_authors, n_train, since)
    on_progress("train", 0, 1)
    challenger = Forecaster(target).fit(taught)
    on_progress("train", 1, 1)
    parts = [table.at(table.meta["row"].isin(tests).to_numpy()) for table in (drafts, *live.values())]
    pairs = [_errors(challenger, champion.forecasters[target.name], part) for part in parts if len(part)]
    return verdict(Examples.joined(pairs), corpus, n_train)


def newest(corpus: Corpus, labelled: np.ndarray, trained_until: datetime) -> np.ndarray:
    """Rows of the newest fifth of the labelled posts, at least 50, as far as the champion has not learned from them."""
    rows = np.flatnonzero(labelled)  # in order of publication
    rows = rows[-max(MIN_TEST, int(np.ceil(NEWEST * len(rows)))) :]
    until = int(microseconds(pd.Series([pd.Timestamp(trained_until)]))[0])
    return rows[corpus.published_us[rows] > until]


@dataclass(frozen=True)
class Examples:
    """Test examples as both models forecast them; all arrays have one entry an example."""

    row: np.ndarray
    is_live: np.ndarray
    errors: Floats
    """``|y - point|`` of the challenger and the champion, shape ``(n, 2)``."""
    inside: Floats
    """1 where the outcome lies in the 80 % interval, shape ``(n, 2)``."""

    @classmethod
    def joined(cls, parts: list[Examples]) -> Examples:
        """All examples of several tables."""
        names = cls.__dataclass_fields__
        return cls(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def _errors(challenger: Forecaster, champion: Forecaster, table: Table) -> Examples:
    said = [one.predict_by(one.ours, table) for one in (challenger, champion)]
    y = table.y_log
    return Examples(
        table.meta["row"].to_numpy(),
        np.isfinite(table.meta["size"].to_numpy()),
        np.stack([np.abs(y - one.point) for one in said], axis=1),
        np.stack([(y >= one.quantile(0.1)) & (y <= one.quantile(0.9)) for one in said], axis=1).astype(np.float64),
    )


def verdict(found: Examples, corpus: Corpus, n_train: int) -> Trial:
    """Whether the challenger is better.

    Args:
        found: the examples on which both were tried.
        corpus: the posts, for their authors and weeks.
        n_train: how many posts the challenger learned from.
    """
    rows = np.unique(found.row)
    author, published = corpus.author[found.row], corpus.published_us[found.row]
    n_authors = len(np.unique(author))
    cluster, drawn = author, "authors"
    if n_authors < MIN_CLUSTERS:
        weeks = (published - published.min()) // WEEK_US
        cluster, drawn = author * (weeks.max() + 1) + weeks, "weeks"
    since = pd.Timestamp(int(published.min()), unit="us", tz="UTC").to_pydatetime()
    if len(np.unique(cluster)) < MIN_CLUSTERS:
        return Trial(TOO_ALIKE, len(rows), n_authors, n_train, since, drawn)
    masks = {"all": np.ones(len(author), bool), "draft": ~found.is_live, "live": found.is_live}
    ratios = tuple(_ratio(name, found.errors[mask], cluster[mask]) for name, mask in masks.items() if mask.any())
    ours, theirs = (float(share) for share in found.inside.mean(axis=0))
    reason = PROMOTED
    if ratios[0].high >= 1:
        reason = NOT_BETTER
    elif any(one.low > 1 for one in ratios):
        reason = WORSE_AT
    elif abs(ours - 0.8) > max(NEAR, abs(theirs - 0.8) + SLACK):
        reason = COVERAGE
    return Trial(reason, len(rows), n_authors, n_train, since, drawn, ratios, ours, theirs)


def _ratio(name: str, errors: Floats, cluster: np.ndarray) -> Ratio:
    draws = metrics.cluster_bootstrap(errors, np.ones(len(errors)), cluster)
    low, high = np.quantile(draws[:, 0] / draws[:, 1], LEVEL)
    ours, theirs = errors.mean(axis=0)
    return Ratio(name, len(errors), float(ours), float(theirs), float(ours / theirs), float(low), float(high))


def promoted(out: Path, fit: Fit) -> Card:
    """Train into a folder beside the champion's and change places: the old one stays as ``<name>.previous``.

    Raises:
        StorageError: when the folder cannot be written; the champion is in its place then.
    """
    previous = out.with_name(out.name + ".previous")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as beside:
            fresh = Path(beside) / out.name
            card = fit(fresh)
            load(fresh)  # what cannot be read must not take the place of what can
            if previous.exists():
                shutil.rmtree(previous)
            out.rename(previous)
            try:
                fresh.rename(out)
            except OSError:
                previous.rename(out)
                raise
    except OSError as error:
        raise StorageError("the model cannot be written to {folder}: {why}", folder=out, why=error.strerror) from None
    return card
