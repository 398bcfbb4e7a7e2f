"""Posts and their looks as sorted arrays: the one shape that targets and features are computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from otklik.curves import Curve
from otklik.dataset.growth import Growth
from otklik.schema import COUNTERS, POSTS, SNAPSHOTS, conform
from otklik.view_rules import view_rules

Ints = NDArray[np.int64]
Media = Mapping[tuple[str, str], Mapping[str, float | None]]
"""Features of the files of posts: by platform and post id, then by the name of the feature."""

US_PER_H = 3_600_000_000
"""Microseconds in an hour: instants are kept as integer microseconds since 1970, UTC."""


def microseconds(instants: pd.Series) -> Ints:
    """Instants as integer microseconds since 1970, UTC.

    >>> microseconds(pd.Series(pd.to_datetime(["1970-01-01T01:00Z"]))).tolist()
    [3600000000]
    """
    return instants.astype("datetime64[us, UTC]").astype("int64").to_numpy()


@dataclass(frozen=True, eq=False)
class Corpus:
    """All posts of a data set, numbered by time of publication, with one curve a counter.

    Two corpora are the same only if they are one object: what is derived from one can be kept beside it.

    ``posts`` has the index 0..n-1 (the *row* of a post); the arrays beside it are aligned with it.
    """

    posts: pd.DataFrame
    curves: dict[str, Curve]
    looks: Curve
    """Every look, whichever counters it holds; the value is the instant in microseconds."""
    published_us: Ints
    author: Ints
    """Number of the author, one a post."""
    stratum: Ints
    """Number of the author x kind x counting rule at publication: posts whose views are comparable."""
    media: Media | None = None
    """What the files of posts show and sound like, for those whose file was looked at."""
    growth: Growth = field(default_factory=Growth)
    """How looks are carried to the horizon: learned where the model was trained."""

    def __len__(self) -> int:
        return len(self.posts)

    @classmethod
    def of(cls, posts: pd.DataFrame, snapshots: pd.DataFrame, media: Media | None = None) -> Corpus:
        """The corpus of two frames in the import format; snapshots of posts that are not there are left out."""
        posts = conform(posts, POSTS).sort_values(["published_at", "platform", "post_id"], ignore_index=True)
        snapshots = conform(snapshots, SNAPSHOTS)
        row = _row_of(posts, snapshots)
        snapshots, row = snapshots[row >= 0], row[row >= 0]
        published = microseconds(posts["published_at"])
        observed = microseconds(snapshots["observed_at"])
        order = np.lexsort((observed, row))
        row, observed, snapshots = row[order], observed[order], snapshots.iloc[order]
        age_h = (observed - published[row]) / US_PER_H
        n = len(posts)
        counters = {name: snapshots[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in COUNTERS}
        author = posts.groupby(["platform", "author_id"], sort=False).ngroup().to_numpy(dtype=np.int64)
        rules = view_rules(posts["platform"], posts["kind"], posts["published_at"])
        stratum = pd.DataFrame({"author": author, "kind": posts["kind"], "rule": rules})
        return cls(
            posts=posts,
            curves={name: Curve.of(row, age_h, values, n) for name, values in counters.items()},
            looks=Curve.of(row, age_h, observed.astype(np.float64), n),
            published_us=published,
            author=author,
            stratum=stratum.groupby(list(stratum.columns), sort=False).ngroup().to_numpy(dtype=np.int64),
            media=media or None,
        )

    def age_h(self, rows: Ints, at_us: Ints) -> NDArray[np.float64]:
        """Ages in hours of posts at instants, shape of the broadcast of both."""
        return (at_us - self.published_us[rows]) / US_PER_H


def _row_of(posts: pd.DataFrame, snapshots: pd.DataFrame) -> Ints:
    """The row of each snapshot's post, -1 for an unknown post."""
    index = pd.MultiIndex.from_frame(posts[["platform", "post_id"]])
    return index.get_indexer(pd.MultiIndex.from_frame(snapshots[["platform", "post_id"]])).astype(np.int64)
