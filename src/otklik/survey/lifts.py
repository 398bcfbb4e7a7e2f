"""Each post's outcome against what was usual for its author when it came out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from otklik import units
from otklik.dataset.corpus import US_PER_H, Corpus, Ints
from otklik.dataset.history import outcomes
from otklik.features.author import N_HISTORY
from otklik.units import WEEK

Floats = NDArray[np.float64]

LEAST_HISTORY = 5
"""Earlier posts behind the usual, at least, for a post to be told as a multiple of it."""
FEW_HISTORY = 10
"""With fewer a single post's multiple is not shown, as in `otklik score`."""


@dataclass(frozen=True)
class Lifts:
    """Posts with a label and a usual of their author's own, by time of publication; arrays of one length."""

    rows: Ints
    """Of the corpus."""
    lift: Floats
    """``log(1 + views) - log(1 + usual)``."""
    usual: Floats
    """A count: the median of the author's earlier posts of the same kind and counting rule, known at publication."""
    n_usual: Ints
    author: Ints
    week: Ints
    """Number of the week of publication."""
    hour_of_week: Ints
    """In the audience's zone: 0 is Monday midnight."""
    day: Ints
    """Number of the local day."""

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, index: NDArray[np.bool_] | Ints) -> Lifts:
        """The posts that an index or a mask picks."""
        return Lifts(*(getattr(self, name)[index] for name in self.__dataclass_fields__))


def lifts(corpus: Corpus, label: pd.DataFrame, zone: str) -> Lifts:
    """The lift of every post whose author's usual was known when it came out.

    Args:
        corpus: the posts.
        label: :func:`otklik.dataset.targets.labels` of the corpus.
        zone: the audience's time zone.
    """
    rows = np.flatnonzero(label["value"].notna().to_numpy())
    entries = outcomes(corpus, label, corpus.stratum)
    earlier = entries.window("log", corpus.stratum[rows], corpus.published_us[rows], N_HISTORY)
    n_usual = np.isfinite(earlier).sum(axis=1)
    own = n_usual >= LEAST_HISTORY
    usual = np.nanmedian(earlier[own], axis=1)
    kept = rows[own]
    local = _local(corpus, kept, zone)
    return Lifts(
        rows=kept,
        lift=np.log1p(label["value"].to_numpy()[kept]) - usual,
        usual=np.expm1(usual),
        n_usual=n_usual[own].astype(np.int64),
        author=corpus.author[kept],
        week=corpus.published_us[kept] // int(WEEK * US_PER_H),
        hour_of_week=(local.dt.day_of_week * 24 + local.dt.hour).to_numpy(np.int64),
        day=local.dt.normalize().dt.tz_localize(None).astype("datetime64[us]").astype("int64").to_numpy(),
    )


def _local(corpus: Corpus, rows: Ints, zone: str) -> pd.Series:
    times = corpus.posts["published_at"].take(rows).reset_index(drop=True)
    return times.dt.tz_convert(units.zone(zone))
