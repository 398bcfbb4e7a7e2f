"""The frame of a trial: one row a post with its outcomes, what is held fixed, and what its draft showed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from otklik import units
from otklik.dataset.corpus import US_PER_H, Corpus
from otklik.dataset.examples import at_age
from otklik.dataset.targets import Target, labels
from otklik.errors import DataError
from otklik.evidence.claims import Claim
from otklik.features import Table, assemble
from otklik.models.topics import Topics
from otklik.units import WEEK

FIRST_HOUR_TARGET = Target("views_1h", "views", horizon_h=1.0, max_bracket_h=1.0, near_h=0.25)
"""The views an hour after publication, from looks at most an hour apart around it."""
BASE = (
    "row", "published_us", "author", "unit", "week", "hour_of_week",
    "followers_log", "reach", "first_hour", "shares", "log_views",
)  # fmt: skip
"""Columns of every frame beside the features of the claims and the topics of the texts (``topic__00`` ...).

``row`` is that of the corpus; ``unit`` is the author by kind and counting rule; ``reach`` and ``first_hour`` are
log(1 + views); ``shares`` is a count and ``log_views`` its offset, both of one look; NaN where not known."""
LEAST_POSTS = 100
"""With fewer posts nothing is put on trial."""
LEAST_AUTHORS = 2


@dataclass(frozen=True)
class Attrition:
    """How many posts one rule left out, and why: an English template, the key of its translation."""

    reason: str
    n_posts: int

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {"reason": self.reason, "n_posts": self.n_posts}


@dataclass(frozen=True)
class Evidence:
    """Posts ready for a trial: ``frame`` has the columns :data:`BASE`, the claims' features and topics."""

    frame: pd.DataFrame
    left_out: tuple[Attrition, ...]


def analysis_frame(corpus: Corpus, target: Target, zone: str, claims: Sequence[Claim]) -> Evidence:
    """The posts with a label and what their drafts showed.

    Args:
        corpus: all posts; what an author did before is known as of each publication.
        target: the counter of views whose label is the reach; sharing is read at the same look.
        zone: the audience's time zone, in which the hour of the week is told.
        claims: whose features are wanted.

    Raises:
        DataError: with fewer than :data:`LEAST_AUTHORS` authors or :data:`LEAST_POSTS` posts.
    """
    label = labels(corpus, target)
    labelled = label["value"].notna().to_numpy()
    rows = np.flatnonzero(labelled)
    check_size(len(rows), len(np.unique(corpus.author[rows])))
    table = assemble(corpus, at_age(corpus, rows, 0.0), target=target, zone=zone)
    wanted = dict.fromkeys(name for claim in claims for name in claim.features)
    told = [name for name in wanted if name in table.X and name not in BASE]
    frame = pd.concat([_base(corpus, table, target, zone), table.X[told], _topics(table)], axis=1)
    unread = np.logical_and.reduce([np.isnan(claim.exposure.of(frame)) for claim in claims])
    left_out = (
        Attrition("no label for the target", int((~labelled).sum())),
        Attrition("no text that can be read, and no file that was looked at", int(unread.sum())),
    )
    return Evidence(frame, left_out)


def check_size(n_posts: int, n_authors: int) -> None:
    """Refuse what is too small for any comparison inside authors.

    Raises:
        DataError: telling what is needed.
    """
    if n_authors < LEAST_AUTHORS:
        raise DataError(
            "a trial compares posts inside authors and needs at least {least} authors with a label; got {n}: "
            "collect more authors, or randomise your own posts with an experiment",
            least=LEAST_AUTHORS,
            n=n_authors,
        )
    if n_posts < LEAST_POSTS:
        raise DataError(
            "a trial needs at least {least} posts with a label; got {n}: collect longer", least=LEAST_POSTS, n=n_posts
        )


def _base(corpus: Corpus, table: Table, target: Target, zone: str) -> pd.DataFrame:
    row, published = table.meta["row"].to_numpy(), table.meta["published_us"].to_numpy()
    local = pd.Series(pd.to_datetime(published, unit="us", utc=True)).dt.tz_convert(units.zone(zone))
    views, shares = (_counter(corpus, name, row, target) for name in (target.counter, "shares"))
    first = labels(corpus, FIRST_HOUR_TARGET)["value"].to_numpy()[row]
    followers = corpus.posts["followers"].to_numpy(np.float64, na_value=np.nan)[row]
    return pd.DataFrame(
        {
            "row": row,
            "published_us": published,
            "author": corpus.author[row],
            "unit": corpus.stratum[row],
            "week": published // int(WEEK * US_PER_H),
            "hour_of_week": (local.dt.day_of_week * 24 + local.dt.hour).to_numpy(np.int64),
            "followers_log": np.log1p(followers),
            "reach": table.meta["y_log"].to_numpy(),
            "first_hour": np.log1p(first),
            "shares": np.where(views >= 1, np.round(shares), np.nan),
            "log_views": np.log(np.where(views >= 1, views, np.nan)),
        }
    )


def _counter(corpus: Corpus, name: str, row: np.ndarray, target: Target) -> np.ndarray:
    """A counter at the moment of the target; between looks at a horizon, after it has settled otherwise."""
    curve = corpus.curves[name]
    if target.horizon_h is None:
        return curve.next(row, target.settled_h).value
    return curve.interpolate(row, target.horizon_h)


def _topics(table: Table) -> pd.DataFrame:
    topics = Topics.fit(table.vectors)
    return pd.DataFrame(index=table.X.index) if topics is None else topics.of(table.vectors, len(table))
