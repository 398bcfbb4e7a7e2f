"""The looks at one post as arrays, and the steps between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from otklik.curves import MS_PER_H
from otklik.dataset.corpus import Corpus
from otklik.schema import COUNTERS

Floats = NDArray[np.float64]

TINY_H = 0.5 / MS_PER_H


@dataclass(frozen=True)
class Series:
    """All looks at one post in their order; a counter that a look does not hold is NaN.

    ``age_h`` has the shape ``(n,)``, and so has every counter.
    """

    age_h: Floats
    counters: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.age_h)

    @property
    def views(self) -> Floats:
        """Views at each look."""
        return self.counters["views"]

    def known(self, *names: str) -> Series:
        """The looks that hold all of these counters."""
        held = np.ones(len(self), dtype=bool)
        for name in names:
            held &= np.isfinite(self.counters[name])
        return Series(self.age_h[held], {name: values[held] for name, values in self.counters.items()})

    def last(self, name: str) -> float | None:
        """The last known value of a counter."""
        found = self.counters[name][np.isfinite(self.counters[name])]
        return float(found[-1]) if len(found) else None


@dataclass(frozen=True)
class Steps:
    """What was counted between looks that stand far enough apart; every array has the shape ``(n,)``."""

    from_h: Floats
    to_h: Floats
    grown: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.from_h)

    @property
    def hours(self) -> Floats:
        """Length of each step."""
        return self.to_h - self.from_h

    @property
    def views(self) -> Floats:
        """Views counted in each step; below 0 where the platform took some back."""
        return self.grown["views"]

    @property
    def per_h(self) -> Floats:
        """Views an hour in each step."""
        return self.views / self.hours


def series_of(corpus: Corpus, row: int) -> Series:
    """The looks at one post of a corpus."""
    inside = slice(int(corpus.looks.start[row]), int(corpus.looks.start[row + 1]))
    ages = corpus.looks.age_h[inside]
    counters = {}
    for name in COUNTERS:
        curve = corpus.curves[name]
        own = slice(int(curve.start[row]), int(curve.start[row + 1]))
        values = np.full(len(ages), np.nan)
        # Two looks within one millisecond are one to a curve: the nearest look holds what it kept.
        values[np.minimum(np.searchsorted(ages, curve.age_h[own] - TINY_H), len(ages) - 1)] = curve.value[own]
        counters[name] = values
    return Series(ages, counters)


def steps(series: Series, *, least_h: float = 0.5, least_share: float = 0.08) -> Steps:
    """The steps of a series, looks that stand closer than that left out.

    Steps over which a counter had fallen below what it had shown before are left out too: what was counted in them
    cannot be told from what was taken back.

    A counter that stood still and caught up makes one long step: platforms hold counts back and release them.

    Args:
        series: looks that hold views.
        least_h: hours that a step has at least.
        least_share: or so much of the age at its beginning, if that is more: later, counters move slowly.

    >>> one = Series(np.array([1.0, 1.2, 2.0]), {"views": np.array([10.0, 13.0, 30.0])})
    >>> found = steps(one)
    >>> found.from_h.tolist(), found.to_h.tolist(), found.views.tolist()
    ([1.0], [2.0], [20.0])
    """
    fallen = _fallen(series)
    kept: list[int] = []
    for i in np.flatnonzero(~fallen):
        start = series.age_h[kept[-1]] if kept else -np.inf
        if kept and series.views[i] == series.views[kept[-1]]:
            continue
        if series.age_h[i] - start >= max(least_h, least_share * max(start, 0.0)) - 1e-9:
            kept.append(int(i))
    at = np.array(kept, dtype=np.int64)
    counted = np.concatenate([[0], np.cumsum(fallen)])
    whole = np.diff(counted[at]) == 0
    grown = {name: np.diff(values[at])[whole] for name, values in series.counters.items()}
    return Steps(series.age_h[at][:-1][whole], series.age_h[at][1:][whole], grown)


def _fallen(series: Series) -> NDArray[np.bool_]:
    """Looks at which some counter stands below what it had shown before."""
    fallen = np.zeros(len(series), dtype=bool)
    for values in series.counters.values():
        filled = np.where(np.isfinite(values), values, -np.inf)
        fallen |= np.isfinite(values) & (filled < np.maximum.accumulate(filled)) if len(values) else False
    return fallen
