"""What every forecaster of the bench gets: identical rows, the folds of a backtest, and three sets of columns.

*Ours* are the features of :mod:`otklik.features` (in the table), *raw* what a person would give a learner, *early* the
counter at a grid of ages, as the published methods take it. All three know only what was seen by the cutoff.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from otklik import evaluate as judge
from otklik.dataset.corpus import Corpus
from otklik.dataset.examples import LOOK_GRID_H
from otklik.dataset.splits import Fold, rolling_origin
from otklik.dataset.tables import read_tables
from otklik.dataset.targets import Target, labels, target_named
from otklik.features import Table
from otklik.models.base import Floats
from otklik.schema import COUNTERS
from otklik.units import zone as zone_named


@dataclass(frozen=True)
class Examples:
    """Examples with all their columns, row by row."""

    table: Table
    raw: pd.DataFrame
    early: Floats
    """log(1 + counter) at each age of ``LOOK_GRID_H`` as last seen by then and by the cutoff; 0 before any look."""

    def __len__(self) -> int:
        return len(self.table)

    def at(self, mask: np.ndarray) -> Examples:
        return Examples(self.table.at(mask), self.raw.loc[mask].reset_index(drop=True), self.early[mask])

    @property
    def y(self) -> Floats:
        return self.table.y_log

    def meta(self, name: str) -> np.ndarray:
        return self.table.meta[name].to_numpy()


@dataclass(frozen=True)
class Bench:
    """One data set, ready: training examples of all times, tests by age (0: drafts), and the folds."""

    data: str
    target: Target
    train: Examples
    tests: dict[int, Examples]
    folds: list[Fold]

    def taught(self, fold: Fold) -> Examples:
        """The training rows of a fold: those of :func:`otklik.evaluate.backtest`."""
        meta = (self.train.meta(name) for name in ("row", "published_us", "known_us"))
        return self.train.at(fold.trains(*meta) & np.isfinite(self.train.y))

    def asked(self, fold: Fold, age: int) -> Examples:
        test = self.tests[age]
        return test.at(fold.tests(test.meta("published_us")))


def read(folder: Path, target: str, zone: str) -> Bench:
    """A data set of the import format as a bench."""
    frames, goal = read_tables(folder), target_named(target)
    corpus = Corpus.of(frames.posts, frames.snapshots)
    label = labels(corpus, goal)
    labelled = label["value"].notna().to_numpy()
    folds = list(rolling_origin(corpus, labelled, goal))
    corpus = judge.grown(corpus, goal, label, folds)
    drafts, looks, live = judge.tables(corpus, goal, labelled, zone)
    tests = {0: drafts, **live}
    return Bench(
        folder.resolve().name,
        goal,
        with_columns(corpus, judge.concatenate([drafts, looks]), goal, zone),
        {age: with_columns(corpus, table, goal, zone) for age, table in tests.items()},
        folds,
    )


def with_columns(corpus: Corpus, table: Table, target: Target, zone: str) -> Examples:
    """A table with raw and early columns beside its features."""
    return Examples(table, raw_columns(corpus, table, zone), early_counts(corpus, table, target))


def raw_columns(corpus: Corpus, table: Table, zone: str) -> pd.DataFrame:
    """What a person would give a learner, counts in logs, NaN where not known."""
    rows, age = table.meta["row"].to_numpy(), table.meta["age_h"].to_numpy()
    posts = corpus.posts.take(rows).reset_index(drop=True)
    local = posts["published_at"].dt.tz_convert(zone_named(zone))
    counters = {f"{name}_log": np.log1p(corpus.curves[name].last(rows, age).value) for name in COUNTERS}
    # Of a draft no look can be there, even where a counter was read at the very instant of publication.
    is_draft = ~np.isfinite(table.meta["size"].to_numpy())
    base = table.meta["baseline_log"].to_numpy()
    return pd.DataFrame(
        {
            **{name: np.where(is_draft, np.nan, column) for name, column in counters.items()},
            "look_age_h": np.where(is_draft, np.nan, table.meta["look_age_h"].to_numpy()),
            "followers_log": table.X["author__followers_lift"].to_numpy() + base,
            "duration_s": posts["duration_s"].to_numpy(np.float64, na_value=np.nan),
            "hour": (local.dt.hour + local.dt.minute / 60).to_numpy(np.float64),
            "weekday": local.dt.day_of_week.to_numpy(np.float64),
            "title_n_chars": posts["title"].str.len().fillna(0).to_numpy(np.float64),
            "text_n_chars": posts["text"].str.len().fillna(0).to_numpy(np.float64),
            "kind": pd.factorize(posts["kind"], sort=True)[0].astype(np.float64),
            "author_median_log": base,
        }
    )


def early_counts(corpus: Corpus, table: Table, target: Target) -> Floats:
    """The target's counter at a grid of ages, shape ``(n, len(LOOK_GRID_H))``."""
    rows, age = table.meta["row"].to_numpy(), table.meta["age_h"].to_numpy()
    curve = corpus.curves[target.counter]
    seen = np.stack([curve.last(rows, np.minimum(age, at)).value for at in LOOK_GRID_H], axis=1)
    return np.log1p(np.nan_to_num(seen))
