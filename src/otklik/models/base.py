"""The contract of every model, ours and baselines alike: fit on a table, then say a point and a scale.

All numbers are on the scale ``log(1 + count)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from otklik.features import Table

Floats = NDArray[np.float64]

LEVELS: Floats = np.round(np.arange(0.05, 0.951, 0.05), 2)
"""Quantile levels of every forecast: .05 to .95."""

AGE_EDGES_H: Floats = np.array([0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 18.0, 24.0])
"""Edges of the age bins in which constants are fitted, in hours."""


class Model(Protocol):
    """What ``check_model`` in tests/laws holds every model to."""

    @property
    def name(self) -> str:
        """Short name, the key in reports."""
        ...

    def fit(self, table: Table) -> Self:
        """Learn from examples whose label is known; the table is not changed."""
        ...

    def point(self, table: Table) -> Floats:
        """The forecast of each example, shape ``(n,)``."""
        ...

    def scale(self, table: Table) -> Floats:
        """How far the outcome is expected to stray from the point, positive, shape ``(n,)``."""
        ...


@dataclass(frozen=True)
class Prediction:
    """Forecasts of a table of examples."""

    point: Floats
    """Shape ``(n,)``."""
    quantiles: Floats
    """At :data:`LEVELS`, never crossing, shape ``(n, len(LEVELS))``."""
    n_calibration: NDArray[np.int64]
    """Matured examples that each interval is calibrated on; 0 where it is not calibrated."""

    def quantile(self, level: float) -> Floats:
        """The quantile at one of :data:`LEVELS`."""
        return self.quantiles[:, int(np.flatnonzero(np.isclose(LEVELS, level))[0])]


def is_live(table: Table) -> NDArray[np.bool_]:
    """Which examples have been looked at: the others are drafts still."""
    return np.isfinite(table.meta["size"].to_numpy())


def growth(table: Table) -> Floats:
    """What a live model learns: log growth from the counter already seen, never negative."""
    return np.maximum(table.y_log - np.log1p(table.meta["size"].to_numpy()), 0.0)


def lift(table: Table) -> Floats:
    """What a draft model learns: the outcome relative to the author's baseline, in logs."""
    return table.y_log - table.meta["baseline_log"].to_numpy()


def age_bin(table: Table) -> NDArray[np.int64]:
    """Bin of the age of the last look, 0 for a draft, 1 ... for live examples."""
    age = table.meta["look_age_h"].to_numpy()
    bins = np.searchsorted(AGE_EDGES_H, np.nan_to_num(age), side="right")
    return np.where(is_live(table), np.clip(bins, 1, len(AGE_EDGES_H) - 1), 0)
