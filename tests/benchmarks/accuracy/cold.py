"""Cold start: how far drafts of authors with 0, 3, 10 or 30 past posts are off, and how often the interval covers.

Few-post authors are simulated by hiding. Each test post of a fold is copied with its author's last ``n`` earlier posts
of the same kind and counting rule, and with nothing else of that author; every copy is an author of its own, in one
corpus a fold. Two ways of knowing the past are told apart: *seen* (posts whose outcome was known at the cutoff, all
their looks) and *catalogue* (looks at ages of two days or more only, as of an author found late: no outcome at 24 h).

The model is taught on whole histories, as it is for use. Like :func:`otklik.scoring.forecast_one`, a copy without any
usual of its own starts from the training median of its platform and kind, and intervals rest on the scores that came
with the training alone: nothing that matures after it helps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.accuracy.judging import LEAST
from otklik import evaluate as judge
from otklik import metrics
from otklik.dataset.corpus import US_PER_H, Corpus, Ints
from otklik.dataset.examples import Examples, at_age
from otklik.dataset.splits import Fold, rolling_origin
from otklik.dataset.tables import read_tables
from otklik.dataset.targets import NEVER, Target, labels, target_named
from otklik.errors import DataError
from otklik.features import Table, assemble
from otklik.features.author import OWN_SOURCES, SOURCES
from otklik.models.baselines import FollowersOnly
from otklik.models.boosted import Boosted
from otklik.models.conformal import calibrated
from otklik.models.forecaster import Forecaster

PAST = (0, 3, 10, 30)
"""Past posts that are left to an author."""
NOTHING, SEEN, CATALOGUE, WHOLE = "nothing", "seen", "catalogue", "whole"
"""What is known of the past; ``WHOLE`` hides nothing: the post as a backtest has it, for comparison."""
KINDS = (NOTHING, SEEN, CATALOGUE, WHOLE)
LATE_H = 48.0
"""A look at a catalogue is at this age or later."""
MOST = 400
"""Test posts of a fold, drawn with a seed."""
SEED = 7
ALL = -1
"""``n_past`` of whole histories."""


@dataclass(frozen=True)
class Cold:
    """One data set read for the cold-start table."""

    data: str
    target: Target
    zone: str
    corpus: Corpus
    snapshots: pd.DataFrame
    """The looks, with the row of each one's post beside them."""
    label: pd.DataFrame
    drafts: Table
    folds: list[Fold]


@dataclass(frozen=True)
class Case:
    """One copy of a post: its row in the corpus, what is known of its author's past, and the rows of that past."""

    row: int
    known: str
    n_past: int
    past: Ints


def read(folder: Path, target: str, zone: str) -> Cold:
    """A data set of the import format with its drafts, folds and growth curves, as a backtest has them."""
    frames, goal = read_tables(folder), target_named(target)
    corpus = Corpus.of(frames.posts, frames.snapshots)
    label = labels(corpus, goal)
    labelled = label["value"].notna().to_numpy()
    folds = list(rolling_origin(corpus, labelled, goal))
    corpus = judge.grown(corpus, goal, label, folds)
    drafts = assemble(corpus, at_age(corpus, np.flatnonzero(labelled), 0.0), target=goal, zone=zone)
    rows = pd.MultiIndex.from_frame(corpus.posts[["platform", "post_id"]])
    found = rows.get_indexer(pd.MultiIndex.from_frame(frames.snapshots[["platform", "post_id"]]))
    snapshots = frames.snapshots.assign(row=found).query("row >= 0")
    return Cold(folder.resolve().name, goal, zone, corpus, snapshots, label, drafts, folds)


def known_from(cold: Cold, known: str) -> Ints:
    """The instant from which each post of the corpus counts as past, in microseconds; ``NEVER`` if it cannot."""
    if known == SEEN:
        return cold.label["first_known_us"].to_numpy()
    corpus = cold.corpus
    age = corpus.curves[cold.target.counter].next(np.arange(len(corpus)), LATE_H).age_h
    late = np.round(np.nan_to_num(age) * US_PER_H).astype(np.int64)
    return np.where(np.isfinite(age), corpus.published_us + late, NEVER)


def cases(cold: Cold, rows: Ints) -> Iterator[Case]:
    """The copies of some posts: one without a past, and one for each number of past posts that the author has."""
    corpus = cold.corpus
    # A target without a horizon is read whenever it is settled: a late look is its outcome, not a stand-in for it.
    kinds = (SEEN, CATALOGUE) if cold.target.horizon_h is not None else (SEEN,)
    since = {known: known_from(cold, known) for known in kinds}
    mates = pd.Series(np.arange(len(corpus))).groupby(corpus.stratum).indices
    for row in rows:
        yield Case(int(row), NOTHING, 0, np.empty(0, np.int64))
        at = corpus.published_us[row]
        own = mates[corpus.stratum[row]]
        own = own[corpus.published_us[own] < at]
        for known, from_us in since.items():
            past = own[from_us[own] <= at]
            yield from (Case(int(row), known, n, past[-n:]) for n in PAST if 0 < n <= len(past))


def copied(cold: Cold, asked: list[Case]) -> tuple[Corpus, Ints]:
    """The corpus of all copies, each an author of its own, and the row of each copy's test post in it."""
    whole = [np.append(one.past, one.row) for one in asked]
    row, case = np.concatenate(whole), np.repeat(np.arange(len(asked)), [len(rows) for rows in whole])
    mark = pd.Series(case).astype("str")
    posts = cold.corpus.posts.take(row).reset_index(drop=True)
    posts = posts.assign(post_id=posts["post_id"] + "#" + mark, author_id=posts["author_id"] + "#" + mark)
    is_late_only = np.array([one.known == CATALOGUE for one in asked])[case]
    is_late_only &= row != np.array([one.row for one in asked])[case]
    pieces = pd.DataFrame({"row": row, "name": posts["post_id"], "is_late_only": is_late_only})
    looks = pieces.merge(cold.snapshots.drop(columns="post_id"), on="row").rename(columns={"name": "post_id"})
    since = cold.corpus.posts["published_at"].take(looks["row"]).reset_index(drop=True)
    looks = looks[~looks["is_late_only"] | (looks["observed_at"] - since >= pd.Timedelta(hours=LATE_H))]
    corpus = replace(Corpus.of(posts, looks), growth=cold.corpus.growth)
    ids = posts["post_id"].to_numpy()[np.cumsum([len(rows) for rows in whole]) - 1]
    return corpus, pd.Index(corpus.posts["post_id"]).get_indexer(ids).astype(np.int64)


def on_reference(table: Table, taught: Table, followers: np.ndarray) -> Table:
    """Drafts of which the author's own usual is not known, relative to the training median of platform and kind."""
    names = taught.meta["platform"] + "/" + taught.meta["kind"]
    known = pd.Series(taught.y_log).groupby(names.to_numpy()).median()
    level = (table.meta["platform"] + "/" + table.meta["kind"]).map(known).fillna(np.median(taught.y_log)).to_numpy()
    source = table.meta["baseline_source"].to_numpy()
    lost = ~np.isin(source, [SOURCES.index(name) for name in OWN_SOURCES])
    base = np.where(lost, level, table.meta["baseline_log"].to_numpy())
    X = table.X.assign(author__followers_lift=np.log1p(followers) - base)
    hit = np.where(lost, np.nan, table.meta["hit_log"].to_numpy())
    return Table(X, table.meta.assign(baseline_log=base, hit_log=hit), table.vectors)


def followers_of(corpus: Corpus, table: Table) -> np.ndarray:
    """Followers of each draft's author, NaN where not known."""
    known = corpus.posts["followers"].to_numpy(np.float64, na_value=np.nan)
    return known[table.meta["row"].to_numpy()]


def taught_on(cold: Cold, fold: Fold) -> Table:
    """The drafts that a fold may learn from."""
    meta = cold.drafts.meta
    teaches = fold.trains(*(meta[name].to_numpy() for name in ("row", "published_us", "known_us")))
    return cold.drafts.at(teaches & np.isfinite(cold.drafts.y_log))


def said_of(forecaster: Forecaster, taught: Table, table: Table, followers: np.ndarray) -> pd.DataFrame:
    """What ours and the baselines say of drafts, as logs; intervals by the training scores alone."""
    table = on_reference(table, taught, followers)
    ours, by_followers = forecaster.ours, forecaster.named(FollowersOnly.name)
    point, scale = ours.point(table), ours.scale(table)
    said = calibrated(table, point, scale, forecaster.scores[ours.name], is_median=True)
    heard = np.isfinite(followers)
    return pd.DataFrame(
        {
            "y": table.y_log,
            "ours": said.point,
            "low": said.quantile(0.1),
            "high": said.quantile(0.9),
            "median": table.meta["baseline_log"].to_numpy(),
            "followers": np.where(heard, by_followers.point(table), np.nan),
            "global": np.median(taught.y_log),
            "source": [SOURCES[code] for code in table.meta["baseline_source"]],
        }
    )


def drawn(cold: Cold, fold: Fold, most: int) -> Table:
    """The test drafts of a fold; of more than ``most`` a seeded draw, in order of publication."""
    tests = np.flatnonzero(fold.tests(cold.drafts.meta["published_us"].to_numpy()) & np.isfinite(cold.drafts.y_log))
    if len(tests) > most:
        tests = np.sort(np.random.default_rng(SEED + fold.number).choice(tests, most, replace=False))
    return cold.drafts.at(tests)


def of_fold(cold: Cold, fold: Fold, most: int = MOST) -> pd.DataFrame:
    """Every copy of a fold's test posts with what was said of it and what happened; empty if too few posts teach.

    Columns: those of :func:`said_of`, and ``fold, row, author, is_unseen, known, n_past``.
    """
    taught, tests = taught_on(cold, fold), drawn(cold, fold, most)
    if len(taught) < judge.MIN_TRAIN or not len(tests):
        return pd.DataFrame()
    # Drafts alone: the live task shares nothing with them, and takes most of the time.
    forecaster = Forecaster(cold.target, [Boosted(), FollowersOnly()]).fit(taught)
    asked = list(cases(cold, tests.meta["row"].to_numpy()))
    corpus, rows = copied(cold, asked)
    table = assemble(corpus, Examples(rows, corpus.published_us[rows]), target=cold.target, zone=cold.zone)
    parts = [
        said_of(forecaster, taught, table, followers_of(corpus, table)).assign(
            row=[one.row for one in asked], known=[one.known for one in asked], n_past=[one.n_past for one in asked]
        ),
        said_of(forecaster, taught, tests, followers_of(cold.corpus, tests)).assign(
            row=tests.meta["row"], known=WHOLE, n_past=ALL
        ),
    ]
    found = pd.concat(parts, ignore_index=True)
    row = found["row"].to_numpy()
    return found.assign(fold=fold.number, author=cold.corpus.author[row], is_unseen=fold.unseen[row])


def cold_start(cold: Cold, most: int = MOST, *, quick: bool = False) -> pd.DataFrame:
    """:func:`of_fold` over all folds, or over the last only (``quick``).

    Raises:
        DataError: when no fold has enough posts to learn from.
    """
    found = [of_fold(cold, fold, most) for fold in (cold.folds[-1:] if quick else cold.folds)]
    found = [part for part in found if len(part)]
    if not found:
        raise DataError(
            "a cold-start table needs more posts with a label: {n} of {data} have one for {target}",
            n=len(cold.drafts),
            data=cold.data,
            target=cold.target.name,
        )
    return pd.concat(found, ignore_index=True)


def groups(found: pd.DataFrame) -> dict[str, np.ndarray]:
    """Flags of the posts that are told apart: all, those of authors never trained on, and one and the same posts."""
    told = {"all test posts": np.ones(len(found), bool), "authors never trained on": found["is_unseen"].to_numpy()}
    for known in (SEEN, CATALOGUE):
        sizes = found.loc[found["known"] == known, "n_past"].value_counts()
        most = max(sizes.index[sizes >= LEAST], default=0)
        if most:
            have = found["row"][(found["known"] == known) & (found["n_past"] == most)]
            name = f"the same posts throughout: those with {most} past posts {known}"
            told[name] = (found["row"].isin(have) & (found["n_past"] <= most)).to_numpy()
    return told


def table_rows(found: pd.DataFrame) -> list[dict[str, Any]]:
    """One row a group, way of knowing and number of past posts; figures are absent below :data:`LEAST` posts."""
    rows: list[dict[str, Any]] = []
    for group, flags in groups(found).items():
        mine = found[flags]
        n_asked = mine["row"].nunique()
        parts = dict(iter(mine.groupby(["known", "n_past"])))
        for known, n_past in sorted(parts, key=lambda key: (KINDS.index(key[0]), key[1])):
            part = parts[known, n_past]
            row = {"group": group, "known": known, "n_past": int(n_past), "n": len(part)}
            row |= {"n_left_out": n_asked - len(part), "n_authors": part["author"].nunique()}
            rows.append({**row, **(figures(part) if len(part) >= LEAST else {})})
    return rows


def figures(part: pd.DataFrame) -> dict[str, float]:
    """Errors, coverage and width over some copies, with 95 % intervals over authors drawn again.

    ``ratio`` is our error over that of the author's median (the training median where nothing is known), paired.
    """
    y = part["y"].to_numpy()
    errors = {name: np.abs(y - part[name].to_numpy()) for name in ("ours", "median", "followers", "global")}
    inside = ((y >= part["low"]) & (y <= part["high"])).to_numpy(np.float64)
    drawn = metrics.cluster_bootstrap(
        np.stack([errors["ours"], errors["median"], inside], axis=1), np.ones(len(y)), part["author"].to_numpy()
    )
    ends = {
        name: np.quantile(draws, [0.025, 0.975])
        for name, draws in (("ours", drawn[:, 0]), ("ratio", drawn[:, 0] / drawn[:, 1]), ("coverage", drawn[:, 2]))
    }
    return {
        **{name: float(error.mean()) for name, error in errors.items()},
        "ratio": float(errors["ours"].mean() / errors["median"].mean()),
        "coverage": float(inside.mean()),
        "width": metrics.width(part["low"].to_numpy(), part["high"].to_numpy()),
        **{f"{name}_{end}": float(at) for name, two in ends.items() for end, at in zip(("lo", "hi"), two, strict=True)},
    }


def report(data: str, target: str, rows: list[dict[str, Any]]) -> Iterator[str]:
    """The table in plain text, a block a group."""
    yield f"== {data}, cold start: drafts for {target}, log-MAE by how many past posts are known"
    yield "ratio = ours / the author's median of the same past posts (of nothing: the training median), paired"
    for group in dict.fromkeys(row["group"] for row in rows):
        yield f"\n{group}"
        yield (
            f"  {'known':9} {'past':>4} {'n':>5} {'left out':>8} {'authors':>7} {'ours':>6} {'95 %':^15} {'median':>6} "
            f"{'follow':>6} {'global':>6} {'ratio':>6} {'95 %':^15} {'80 % covers':>11} {'95 %':^15} {'width':>6}"
        )
        yield from (_line(row) for row in rows if row["group"] == group)


def _line(row: dict[str, Any]) -> str:
    past = "all" if row["n_past"] == ALL else row["n_past"]
    head = f"  {row['known']:9} {past:>4} {row['n']:5} {row['n_left_out']:8} {row['n_authors']:7} "
    if "ours" not in row:
        return f"{head}  fewer than {LEAST} posts"

    def ends(name: str) -> str:
        return f"[{row[f'{name}_lo']:.3f}, {row[f'{name}_hi']:.3f}]"

    followers = f"{row['followers']:6.3f}" if np.isfinite(row["followers"]) else f"{'-':>6}"
    return (
        f"{head}{row['ours']:6.3f} {ends('ours')} {row['median']:6.3f} {followers} {row['global']:6.3f} "
        f"{row['ratio']:6.3f} {ends('ratio')} {row['coverage']:11.3f} {ends('coverage')} {row['width']:6.3f}"
    )
