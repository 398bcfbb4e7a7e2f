"""What each group of text features adds: the same trees with and without it, on identical rows, beside each other.

A group is added alone to the author, the calendar and the plain form of the text, and left out of everything. Figures
are the accuracy of ordering two posts of one author (those at least 25 % apart), with 95 % intervals of the differences
from drawing whole authors with replacement. The second outcome is the sharing rate: reposts a view, relative to the
author's own usual rate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from otklik import metrics
from otklik.dataset.corpus import Corpus
from otklik.dataset.history import Entries
from otklik.dataset.splits import Fold, rolling_origin
from otklik.dataset.targets import NEVER, Target, labels
from otklik.errors import DataError
from otklik.evaluate import MIN_TRAIN, audit, has_words, tables
from otklik.features import CATALOG, Table
from otklik.features.author import N_HISTORY
from otklik.features.catalog import DRAFT
from otklik.models.base import Floats
from otklik.models.boosted import MANY_POSTS, label_weight
from otklik.models.topics import Topics
from otklik.models.trees import Trees

OUTCOMES = ("views", "shares_per_view")
GROUPS = ("place", "sign", "style", "emotion", "identity", "people", "precedents", "topics")
"""Groups of text features, in the order of the table."""
BASIC = "basic"
"""Author, calendar and the plain form of the text: what is there without the text layer."""
ALL = "all"
LEAST_VIEWS = 50
"""A sharing rate of fewer views is noise."""

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Ablation:
    """What an ablation found: one row a variant and outcome."""

    data: str
    rows: tuple[dict[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {"data": self.data, "rows": list(self.rows)}


@dataclass(frozen=True)
class _Task:
    """One outcome: what is learned, what is judged, and where the forecast starts from."""

    table: Table
    target: Floats
    """Relative to the start, NaN where not known."""
    start: Floats
    judged: np.ndarray


def ablation(
    corpus: Corpus, target: Target, *, data: str, zone: str, on_progress: Progress = lambda *_: None
) -> Ablation:
    """Judge every group of text features at a rolling origin, as drafts.

    Args:
        corpus: all posts.
        target: the counter of views to forecast.
        data: the name of the data for the report.
        zone: the audience's time zone.
        on_progress: called with a stage, how much is done and of how much.

    Raises:
        DataError: when no fold has enough posts with a text to learn from.
    """
    labelled = labels(corpus, target)["value"].notna().to_numpy()
    drafts, _, _ = tables(corpus, target, labelled, zone)
    audit(drafts)
    folds = list(rolling_origin(corpus, labelled, target))
    variants = _variants()
    tasks = {"views": _views(drafts), "shares_per_view": _sharing(corpus, target, drafts)}
    rows: list[dict[str, Any]] = []
    for number, (outcome, task) in enumerate(tasks.items()):
        said = {}
        for at, (name, groups) in enumerate(variants.items()):
            on_progress("ablation", number * len(variants) + at, len(tasks) * len(variants))
            said[name] = _forecast(task, folds, groups)
        rows.extend(_rows(outcome, task, said))
    on_progress("ablation", len(tasks) * len(variants), len(tasks) * len(variants))
    if not rows:
        raise DataError("an ablation needs more posts with a text: no fold has {least} to learn from", least=MIN_TRAIN)
    return Ablation(data, tuple(rows))


def _variants() -> dict[str, tuple[str, ...]]:
    added = {f"+{group}": (BASIC, group) for group in GROUPS}
    left_out = {f"-{group}": (BASIC, *(one for one in GROUPS if one != group)) for group in GROUPS}
    return {BASIC: (BASIC,), **added, ALL: (BASIC, *GROUPS), **left_out}


def group_of(name: str) -> str:
    """The group of an ablation that a feature belongs to.

    >>> group_of("text__precedent_lift"), group_of("text__n_tags"), group_of("place__level")
    ('precedents', 'basic', 'place')
    """
    group = name.split("__")[0]
    if name.startswith("text__precedent"):
        return "precedents"
    return BASIC if group in ("author", "calendar", "text") else group


def _views(drafts: Table) -> _Task:
    start = drafts.meta["baseline_log"].to_numpy()
    return _Task(drafts, drafts.y_log - start, start, has_words(drafts))


def _sharing(corpus: Corpus, target: Target, drafts: Table) -> _Task:
    """Log of reposts a view; the start is the author's mean over the last posts whose label was known at the cutoff."""
    rows = np.arange(len(corpus))
    if target.horizon_h is None:
        views, shares = (corpus.curves[name].next(rows, target.settled_h).value for name in ("views", "shares"))
    else:
        views, shares = (corpus.curves[name].interpolate(rows, target.horizon_h) for name in ("views", "shares"))
    rate = np.where(views >= LEAST_VIEWS, np.log((shares + 0.5) / (views + 1)), np.nan)
    known = np.where(np.isfinite(rate), labels(corpus, target)["known_us"].to_numpy(), NEVER)
    past = Entries.of(corpus.author, known, {"rate": rate}, int(corpus.author.max()) + 1)
    row = drafts.meta["row"].to_numpy()
    window = past.window("rate", corpus.author[row], drafts.meta["cutoff_us"].to_numpy(), N_HISTORY)
    seen = np.isfinite(window).sum(axis=1)
    start = np.divide(np.nansum(window, axis=1), seen, out=np.full(len(row), np.nan), where=seen > 0)
    return _Task(drafts, rate[row] - start, start, has_words(drafts) & np.isfinite(rate[row]))


def _forecast(task: _Task, folds: list[Fold], groups: tuple[str, ...]) -> Floats:
    """The forecast of each test row of any fold by trees that see only some groups; NaN elsewhere."""
    meta = task.table.meta
    row, published, known = (meta[name].to_numpy() for name in ("row", "published_us", "known_us"))
    columns = [one.name for one in CATALOG if one.known_from_h == DRAFT and group_of(one.name) in groups]
    said = np.full(len(meta), np.nan)
    for fold in folds:
        taught = fold.trains(row, published, known) & np.isfinite(task.target) & task.judged
        tested = fold.tests(published) & task.judged & np.isfinite(task.start)
        if taught.sum() < MIN_TRAIN or not tested.any():
            continue
        X = task.table.X[columns]
        topics = Topics.fit(None if task.table.vectors is None else task.table.vectors[taught])
        if "topics" in groups and topics is not None:
            X = pd.concat([X, topics.of(task.table.vectors, len(X))], axis=1)
        centre = float(np.median(task.target[taught]))
        weight = label_weight(task.table.at(taught))
        trees = Trees.fit(X[taught], task.target[taught] - centre, weight, live=False, many=taught.sum() >= MANY_POSTS)
        said[tested] = task.start[tested] + centre + trees.say(X[tested])
    return said


def _rows(outcome: str, task: _Task, said: dict[str, Floats]) -> list[dict[str, Any]]:
    tested = np.isfinite(said[ALL]) & np.isfinite(task.target)
    if not tested.any():
        return []
    y, author = (task.target + task.start)[tested], task.table.meta["author"].to_numpy()[tested]
    counts = {name: metrics.pair_counts(y, one[tested], author) for name, one in said.items()}
    names = list(said)
    right = np.stack([counts[name][0] for name in names], axis=1)
    total = counts[ALL][1]
    if total.sum() == 0:
        return []
    draws = metrics.cluster_bootstrap(right, total, np.arange(len(total)))
    rows = []
    for i, name in enumerate(names):
        against = ALL if name.startswith("-") else BASIC
        other = names.index(against)
        low, high = np.nanquantile(draws[:, i] - draws[:, other], [0.025, 0.975])
        rows.append(
            {
                "outcome": outcome,
                "variant": name,
                "n": int(tested.sum()),
                "n_authors": int((total > 0).sum()),
                "n_pairs": int(total.sum()),
                "log_mae": float(np.mean(np.abs(y - said[name][tested]))),
                "pair_accuracy": float(right[:, i].sum() / total.sum()),
                "against": against,
                "difference": float((right[:, i] - right[:, other]).sum() / total.sum()),
                "difference_lo": float(low),
                "difference_hi": float(high),
            }
        )
    return rows
