"""What was known of an author's earlier posts at a cutoff: windows over entries that have an instant each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from otklik.dataset.corpus import US_PER_H, Corpus, Ints
from otklik.dataset.growth import post_kinds
from otklik.dataset.targets import NEVER

Floats = NDArray[np.float64]

_SHIFT = np.int64(1) << 42
"""Keys are group x 2^42 + milliseconds: 139 years, and two million groups in an int64."""


@dataclass(frozen=True)
class Entries:
    """Facts with a group and the instant from which each is known, sorted by both."""

    key: Ints
    group_start: Ints
    """First entry of each group; one longer than the number of groups."""
    values: dict[str, Floats]

    @classmethod
    def of(cls, group: Ints, known_us: Ints, values: dict[str, Floats], n_groups: int) -> Entries:
        """Sort facts by group and instant; facts that are never known are left out."""
        kept = np.flatnonzero(known_us < NEVER)
        order = kept[np.lexsort((known_us[kept], group[kept]))]
        key = _key(group[order], known_us[order])
        start = np.searchsorted(group[order], np.arange(n_groups + 1))
        return cls(key, start, {name: column[order] for name, column in values.items()})

    def known(self, group: Ints, at_us: Ints) -> Ints:
        """How many entries of each group are known at each instant (at or before it)."""
        end = np.searchsorted(self.key, _key(group, at_us), side="right")
        return np.maximum(end - self.group_start[group], 0)

    def window(self, name: str, group: Ints, at_us: Ints, size: int) -> Floats:
        """The last ``size`` values known at each instant, newest last, NaN in front where there are fewer.

        Returns:
            Shape ``(len(group), size)``.
        """
        n = self.known(group, at_us)
        back = np.arange(size - 1, -1, -1)
        at = self.group_start[group][:, None] + n[:, None] - 1 - back
        inside = back < n[:, None]
        column = self.values[name]
        if len(column) == 0:
            return np.full(at.shape, np.nan)
        return np.where(inside, column[np.where(inside, at, 0)], np.nan)


def _key(group: Ints, at_us: Ints) -> Ints:
    return group * _SHIFT + np.clip(at_us // 1000, 0, _SHIFT - 1)


def outcomes(corpus: Corpus, label: pd.DataFrame, group: Ints) -> Entries:
    """What earlier posts had reached at the horizon, from the instant their first label was known.

    Args:
        corpus: the posts.
        label: :func:`otklik.dataset.targets.labels` of the corpus.
        group: number of the group that each post's outcome belongs to (its author, its stratum ...), one a post.
    """
    return Entries.of(
        group,
        label["first_known_us"].to_numpy(),
        {
            "log": np.log1p(label["first_value"].to_numpy()),
            "published_us": corpus.published_us.astype(np.float64),
        },
        _n_groups(group),
    )


def first_looks(corpus: Corpus, counter: str, group: Ints) -> Entries:
    """The first look at each post, from the instant it was taken.

    Its row, what it says of the count at the horizon (``carried``, log scale), how far such a look strays (``spread``).
    """
    curve = corpus.curves[counter]
    first = np.flatnonzero(np.diff(curve.row, prepend=-1) != 0)
    row, age_h = curve.row[first], curve.age_h[first]
    known = corpus.published_us[row] + np.round(age_h * US_PER_H).astype(np.int64)
    names = post_kinds(corpus.posts).take(row).reset_index(drop=True)
    values = {
        "row": row.astype(np.float64),
        "carried": corpus.growth.carry(curve.value[first], age_h, names),
        "spread": corpus.growth.spread(age_h, names),
    }
    return Entries.of(group[row], known, values, _n_groups(group))


def publications(corpus: Corpus, group: Ints) -> Entries:
    """The posts themselves, from the instant of publication."""
    return Entries.of(
        group, corpus.published_us, {"published_us": corpus.published_us.astype(np.float64)}, _n_groups(group)
    )


def _n_groups(group: Ints) -> int:
    return int(group.max()) + 1 if len(group) else 0
