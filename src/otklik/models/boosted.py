"""LightGBM on lift (drafts) and on log growth (live posts), with the age of the last look as an input.

For live posts the trees start from a straight-line trend in the few inputs that growth depends on smoothly
(:mod:`otklik.models.trend`): trees are poor at slopes, and few posts are seen in their first hour.

Each of the two tasks has a *location* (what is expected) and a *spread* (how far outcomes stray from it, learned
from residuals on authors that the location had not seen). Quantiles are location + spread x a calibrated
constant (:mod:`otklik.models.conformal`), so they cannot cross.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

import lightgbm as lgb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from otklik.features import NEEDS_HISTORY, Table, names
from otklik.models.base import Floats, age_bin, growth, is_live, lift
from otklik.models.topics import NAMES, Topics
from otklik.models.trees import Trees, fit_spread
from otklik.models.trend import Trend

MANY_POSTS = 10_000
"""From so many posts on there is enough to learn finer distinctions from."""
N_FOLDS = 3
"""Folds of authors for the residuals that the spread is learned from."""
SUMMARY_EVERY = 3
"""One draft in so many also teaches what an author known only by a median is like."""
MIN_EXAMPLES = 40
"""With fewer training examples a task falls back to its constant."""
ON_REQUEST = "emotion__emb_"
"""Features by sentence embedding: a model trained with them and used without would not say so."""
MANY_FILES = 200
"""Posts whose file was looked at before what files show is learned from."""
LEAST_SPREAD = 0.02
"""Residuals below this (2 %) are measurement noise."""


@dataclass
class Task:
    """One of the two tasks: its trend and boosters, and the constants that stand in where there is too little."""

    live: bool
    files: bool = False
    """Whether what files show and sound like is among the inputs."""
    topics: Topics | None = None
    trend: Trend | None = None
    location: Trees = field(default_factory=Trees)
    spread: lgb.Booster | None = None
    centre: float = 0.0
    trust: float = 1.0
    """Share of what the trees say that holds for authors they had not seen, 0 to 1."""
    width: float = 1.0

    @property
    def features(self) -> list[str]:
        """The inputs, in the order of the boosters."""
        return [*self._told(), *(NAMES if self.topics else ())]

    def inputs(self, table: Table) -> pd.DataFrame:
        """The inputs of each example: its features, and the topics of its text."""
        X = table.X.reindex(columns=self._told())
        return (
            X
            if self.topics is None
            else pd.concat([X, self.topics.of(table.vectors, len(X)).set_index(X.index)], axis=1)
        )

    def _told(self) -> list[str]:
        """Features that a model learns from: all but those that are there only where somebody asks for them."""
        told = names(draft=not self.live, files=self.files)
        return [name for name in told if not name.startswith(ON_REQUEST)]

    def fit(self, table: Table) -> None:
        """Learn location and spread from examples of this task."""
        self.files = n_files(table) >= MANY_FILES
        target = (growth if self.live else lift)(table)
        table, target = table.at(np.isfinite(target)), target[np.isfinite(target)]
        if len(target) == 0:
            return
        self.centre = float(np.median(target))
        self.width = float(np.median(np.abs(target - self.centre))) + LEAST_SPREAD
        if not self.live:
            table, target = _with_summaries(table, target)
        self.topics = Topics.fit(_one_a_post(table))
        authors = table.meta["author"].to_numpy()
        if len(target) < MIN_EXAMPLES or len(np.unique(authors)) < 2:
            return
        weight = label_weight(table)
        line, trees = np.full(len(target), np.nan), np.full(len(target), np.nan)
        for train, held in _folds(authors):
            self._fit_location(table.at(train), target[train], weight[train])
            line[held], trees[held] = self.line_of(table.at(held)), self.trees_of(table.at(held))
        self._fit_location(table, target, weight)
        if not is_many(table, live=self.live):
            share = (weight * trees) @ (target - line) / ((weight * trees) @ trees + 1e-9)
            self.trust = float(np.clip(share, 0.0, 1.0))
        stray = np.log(np.abs(target - line - self.trust * trees) + LEAST_SPREAD)
        self.spread = fit_spread(self.inputs(table), stray, weight)

    def _fit_location(self, table: Table, target: Floats, weight: Floats) -> None:
        self.trend = Trend.fit(table, target, weight) if self.live else None
        rest = target - (self.trend.predict(table) if self.trend else 0.0)
        self.centre = float(np.median(rest))
        many = is_many(table, live=self.live)
        weight = weight * evened(table, rest) if self.live else weight
        self.location = Trees.fit(self.inputs(table), rest - self.centre, weight, live=self.live, many=many)

    def draw(self, share: float) -> None:
        """Tell only a share of what was learned, drawn to 0: to the author's baseline for a draft."""
        self.centre, self.trust = share * self.centre, share * self.trust

    def line_of(self, table: Table) -> Floats:
        """The part of the location that is no tree: the constant, and the trend for live posts."""
        return self.centre + (self.trend.predict(table) if self.trend else np.zeros(len(table)))

    def trees_of(self, table: Table) -> Floats:
        """What the trees add to the line, before trust."""
        return self.location.say(self.inputs(table)) if self.location.boosters else np.zeros(len(table))

    def centre_of(self, table: Table) -> Floats:
        """Expected lift or growth of each example."""
        said = self.line_of(table) + self.trust * self.trees_of(table)
        return np.maximum(said, 0.0) if self.live else said

    def spread_of(self, table: Table) -> Floats:
        """Expected size of the error of each example."""
        if self.spread is None:
            return np.full(len(table), self.width)
        return np.exp(np.asarray(self.spread.predict(self.inputs(table)), np.float64))


class Boosted:
    """The otklik model: one task for drafts, one for live posts."""

    name = "otklik"

    def __init__(self) -> None:
        self.tasks = {False: Task(live=False), True: Task(live=True)}
        self.overall = 0.0

    def fit(self, table: Table) -> Self:
        """Learn both tasks from examples whose label is known."""
        self.overall = float(np.median(table.y_log))
        for live, part in _by_task(table):
            self.tasks[live].fit(part)
        return self

    def point(self, table: Table) -> Floats:
        """Baseline plus expected lift for a draft; counter seen plus expected growth for a live post."""
        said = start(table, self.overall)
        for live, task in self.tasks.items():
            mask = is_live(table) == live
            if mask.any():
                said[mask] += task.centre_of(table.at(mask))
        return said

    def scale(self, table: Table) -> Floats:
        """Expected size of the error."""
        said = np.ones(len(table))
        for live, task in self.tasks.items():
            mask = is_live(table) == live
            if mask.any():
                said[mask] = task.spread_of(table.at(mask))
        return said


def start(table: Table, overall: float) -> Floats:
    """Where a forecast starts on the log scale: the counter seen, or for a draft the baseline."""
    base = table.meta["baseline_log"].to_numpy()
    base = np.where(np.isfinite(base), base, overall)
    return np.where(is_live(table), np.log1p(table.meta["size"].to_numpy()), base)


def label_weight(table: Table) -> Floats:
    """Weight of each example: a label from a wide bracket says less, and every post counts once.

    A label whose looks are 6 h apart weighs half of an exact one; a post with many looks shares its weight.
    """
    width = np.nan_to_num(table.meta["width_h"].to_numpy(), nan=9.0)
    rows = table.meta["row"].to_numpy()
    _, inverse, counts = np.unique(rows, return_inverse=True, return_counts=True)
    return 1 / (1 + width / 6) / np.sqrt(counts[inverse])


def evened(table: Table, rest: Floats) -> Floats:
    """Weights that let every age speak: one over how far outcomes typically stray at the age of the look.

    A post seen at ten minutes is off by far more than one seen at ten hours; unweighted, trees hear only the former.
    """
    bins = age_bin(table)
    overall = float(np.mean(np.abs(rest - np.median(rest))))
    stray = np.full(len(rest), overall)
    for one in np.unique(bins):
        mine = bins == one
        if mine.sum() > MIN_EXAMPLES:
            stray[mine] = np.mean(np.abs(rest[mine] - np.median(rest[mine])))
    return overall / np.maximum(stray, 0.05)


def n_files(table: Table) -> int:
    """Of how many posts it is known what their file shows."""
    if "video__aspect_log" not in table.X:
        return 0
    known = table.X[["video__aspect_log", "audio__lufs"]].notna().any(axis=1)
    return int(table.meta["row"][known].nunique())


def _one_a_post(table: Table) -> NDArray[np.float32] | None:
    """Text vectors, each post once however often it was looked at."""
    if table.vectors is None:
        return None
    _, first = np.unique(table.meta["row"].to_numpy(), return_index=True)
    return table.vectors[first]


def _by_task(table: Table) -> Iterator[tuple[bool, Table]]:
    for live in (False, True):
        part = table.at(is_live(table) == live)
        if len(part):
            yield live, part


def _with_summaries(table: Table, target: Floats) -> tuple[Table, Floats]:
    """Drafts, and every third of them once more with no more known of the author than a person would say.

    Without them a summary given on the command line would look like an author who has never posted.
    """
    told = np.flatnonzero(
        (table.meta["row"].to_numpy() % SUMMARY_EVERY == 0) & (table.X["author__has_own_baseline"].to_numpy() == 1)
    )
    X = table.X.iloc[told].copy()
    X[list(NEEDS_HISTORY)] = np.nan
    # Every second time not even the number of posts is told.
    X.loc[X.index[::2], "author__n_history"] = np.nan
    both = Table.joined(
        [table, Table(X, table.meta.iloc[told], None if table.vectors is None else table.vectors[told])]
    )
    return both, np.concatenate([target, target[told]])


def is_many(table: Table, *, live: bool) -> bool:
    """There are enough drafts to learn finer distinctions from."""
    return not live and table.meta["row"].nunique() >= MANY_POSTS


def _folds(authors: Floats) -> Iterator[tuple[Floats, Floats]]:
    n = min(N_FOLDS, len(np.unique(authors)))
    yield from GroupKFold(n).split(authors, groups=authors)
