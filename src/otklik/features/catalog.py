"""What a feature is: a name, a group, a unit, the age from which it is known, and a sentence.

A feature that is not declared here or in its group's file cannot enter a model.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from otklik.dataset.corpus import Corpus, Ints
from otklik.dataset.examples import Examples
from otklik.dataset.targets import Target

Floats = NDArray[np.float64]
Columns = dict[str, Floats]

DRAFT = 0.0
"""Known from age 0: before publication."""
AFTER = 1e-9
"""Known only once the post is out and was seen."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One declared feature, named ``<group>__<what>``."""

    name: str
    unit: str
    doc: str
    known_from_h: float = DRAFT

    @property
    def group(self) -> str:
        """The part of the name before the double underscore."""
        return self.name.split("__")[0]


@dataclass(frozen=True)
class Context:
    """What a group of features is computed from: posts, cutoffs, and the histories as of each cutoff."""

    corpus: Corpus
    examples: Examples
    target: Target
    label: pd.DataFrame
    """Targets of the whole corpus; features read them only through the instant at which each became known."""
    zone: ZoneInfo
    """The audience's time zone."""

    @property
    def rows(self) -> Ints:
        """Row of each example's post."""
        return self.examples.rows

    @property
    def cutoff_us(self) -> Ints:
        """Cutoff of each example in microseconds since 1970, UTC."""
        return self.examples.cutoff_us

    @property
    def age_h(self) -> Floats:
        """Age of each example's post at its cutoff, in hours."""
        return self.corpus.age_h(self.rows, self.cutoff_us)

    def column(self, name: str) -> pd.Series:
        """A column of the posts, one value an example."""
        return self.corpus.posts[name].take(self.rows).reset_index(drop=True)

    def local_time(self) -> pd.Series:
        """The instant of publication in the audience's zone."""
        return self.column("published_at").dt.tz_convert(self.zone)


def utc_offset_h(zone: ZoneInfo, at: pd.Timestamp) -> float:
    """Hours that a zone is ahead of UTC at an instant.

    >>> utc_offset_h(ZoneInfo("Europe/Moscow"), pd.Timestamp("2026-01-01", tz="UTC"))
    3.0
    """
    return (at.tz_convert(zone).utcoffset() or timedelta()) / timedelta(hours=1)
