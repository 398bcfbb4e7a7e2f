"""From the store, or a folder of files, to the table that is exported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

import otklik
from otklik import evaluate as judge
from otklik.dataset.corpus import Corpus, Media
from otklik.dataset.tables import read_tables
from otklik.dataset.targets import target_named
from otklik.errors import DataError
from otklik.evaluate import Evaluation
from otklik.exporting.columns import definitions
from otklik.exporting.sheet import About, Sheet
from otklik.features import build
from otklik.models.card import load
from otklik.store import NATURE, SIMULATED, PostFiles, Store, Tracks
from otklik.units import utc

Progress = Callable[[str, int, int | None], None]
WHAT = ("posts", "snapshots", "features", "evaluation")
"""What can be exported."""
STORE = "the store"
_NAMED = ("platform", "post_id", "author_id", "kind", "published_at")
"""Columns that tell which post a row of features is of."""


def quiet(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to export, and from where.

    ``as_of`` is the instant whose knowledge is exported, ``None`` for now; ``data`` a folder in place of the store;
    ``model`` the model that an evaluation judges, ``None`` to train and test at a rolling origin instead.
    """

    what: str
    store: str
    zone: str
    lang: str = "en"
    as_of: datetime | None = None
    data: Path | None = None
    target: str = "views_24h"
    model: Path | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Posts and looks as they were known at an instant."""

    posts: pd.DataFrame
    snapshots: pd.DataFrame
    files: Media | None
    name: str
    is_simulated: bool

    def corpus(self) -> Corpus:
        """The same as curves."""
        return Corpus.of(self.posts, self.snapshots, self.files)


def sheet_of(asked: Asked, on_progress: Progress = quiet) -> Sheet:
    """The table that was asked for.

    Raises:
        DataError: when there are no posts, or not enough of them for an evaluation.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    as_of = now if asked.as_of is None else utc(asked.as_of)
    rows = rows_of(asked.data, asked.store, as_of)
    about = About(rows.name, now, as_of, otklik.__version__, asked.zone, asked.lang, rows.is_simulated)
    if asked.what == "posts":
        return _sheet("posts", rows.posts, about)
    if asked.what == "snapshots":
        return _sheet("snapshots", rows.snapshots, about)
    if asked.what == "features":
        return _sheet("features", features_of(rows, as_of, asked.zone), about)
    found = evaluation_of(rows, asked, on_progress)
    return _sheet("evaluation", pd.DataFrame([_flat(row) for row in found.to_dict()["rows"]]), about)


def rows_of(data: Path | None, store: str, as_of: datetime) -> Rows:
    """What a folder, or the store, knows at an instant.

    Raises:
        DataError: when it knows of no post.
    """
    if data is not None:
        read = read_tables(data)
        posts = read.posts[read.posts["published_at"] <= as_of].reset_index(drop=True)
        looks = read.snapshots[read.snapshots["observed_at"] <= as_of].reset_index(drop=True)
        rows = Rows(posts, looks, None, data.resolve().name, False)
    else:
        with Store.open(store) as opened:
            nature, files = Tracks(opened).mark(NATURE), PostFiles(opened).facts()
            found = opened.posts(as_of=as_of), opened.snapshots(as_of=as_of)
        rows = Rows(*found, files or None, STORE, nature == SIMULATED)
    if rows.posts.empty:
        raise DataError("{data} holds no posts at that time: import or collect some first", data=rows.name)
    return rows


def features_of(rows: Rows, as_of: datetime, zone: str) -> pd.DataFrame:
    """One row a post: which post it is, the instant, its age in hours then, and every feature."""
    found = build(rows.posts, rows.snapshots, as_of, zone=zone, files=rows.files)
    at = pd.Series([pd.Timestamp(as_of)] * len(rows.posts)).astype("datetime64[us, UTC]")
    age = (at - rows.posts["published_at"]).dt.total_seconds() / 3600
    named = rows.posts[list(_NAMED)].assign(as_of=at, age_h=age)
    return pd.concat([named, found.reset_index(drop=True)], axis=1)


def evaluation_of(rows: Rows, asked: Asked, on_progress: Progress = quiet) -> Evaluation:
    """A model judged on the posts, or without one a backtest on them."""
    if asked.model is None:
        goal = target_named(asked.target)
        return judge.backtest(rows.corpus(), goal, data=rows.name, zone=asked.zone, on_progress=on_progress)
    return judge.evaluate(load(asked.model), rows.corpus(), target_named(asked.target), data=rows.name)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row of an evaluation with the parts of its comparisons as columns of their own."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        parts = {f"{name}_{part}": one for part, one in value.items()} if isinstance(value, dict) else {name: value}
        flat |= parts
    return flat


def _sheet(what: str, frame: pd.DataFrame, about: About) -> Sheet:
    simulated = about.is_simulated or _is_made_up(frame)
    return Sheet(what, frame, definitions(what, frame.columns), replace(about, is_simulated=simulated))


def _is_made_up(frame: pd.DataFrame) -> bool:
    """Whether the looks say themselves that they are simulated."""
    return "source" in frame and bool(frame["source"].astype("str").str.startswith("simulated").any())
