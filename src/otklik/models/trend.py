"""The straight-line part of growth: how a counter that stands so far below the author's usual grows at its age.

Every term is free of scale, so that the trend learned on some authors holds for others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from otklik.features import Table
from otklik.models.base import Floats

TERMS = (
    ("gap", "early"),
    ("gap_x_age", "early"),
    ("has_baseline", "author"),
    ("has_baseline_x_age", "author"),
    ("age", "early"),
    ("age_squared", "early"),
    ("likes", "early"),
    ("likes_x_age", "early"),
    ("last_lift", "author"),
)
"""Name of each term and the group of features that its contribution is counted to."""

RIDGE = 1.0
"""Penalty on standardised coefficients."""


@dataclass(frozen=True)
class Trend:
    """Intercept and coefficients of standardised terms."""

    intercept: float
    slopes: Floats
    centre: Floats
    """Mean of each term in training: contributions are told relative to it."""

    @classmethod
    def fit(cls, table: Table, y: Floats, weight: Floats) -> Trend:
        """Weighted ridge regression of ``y`` (log growth) on the terms, in closed form."""
        values = terms(table)
        centre = np.average(values, axis=0, weights=weight)
        spread = np.sqrt(np.average((values - centre) ** 2, axis=0, weights=weight))
        spread[spread == 0] = 1.0
        Z, intercept = (values - centre) / spread, float(np.average(y, weights=weight))
        gram = Z.T @ (Z * weight[:, None]) + RIDGE * np.eye(len(TERMS))
        slopes = np.linalg.solve(gram, Z.T @ (weight * (y - intercept))) / spread
        return cls(intercept, slopes, centre)

    def contributions(self, table: Table) -> Floats:
        """What each term adds to the intercept, shape ``(n, len(TERMS))``."""
        return (terms(table) - self.centre) * self.slopes

    def predict(self, table: Table) -> Floats:
        """Log growth by the straight line, shape ``(n,)``."""
        return self.intercept + self.contributions(table).sum(axis=1)

    def to_dict(self) -> dict[str, Any]:
        """As JSON types."""
        return {
            "terms": [name for name, _ in TERMS],
            "intercept": self.intercept,
            "slopes": self.slopes.tolist(),
            "centre": self.centre.tolist(),
        }

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Trend:
        """The inverse of :meth:`to_dict`."""
        return cls(plain["intercept"], np.array(plain["slopes"]), np.array(plain["centre"]))


def terms(table: Table) -> Floats:
    """The terms of each live example, shape ``(n, len(TERMS))``; an unknown input counts as no deviation."""
    base = table.meta["baseline_log"].to_numpy()
    gap = np.nan_to_num(base - np.log1p(table.meta["size"].to_numpy()))
    known = np.isfinite(base).astype(np.float64)
    age = np.log(np.maximum(table.meta["look_age_h"].to_numpy(), 0.05))
    likes = np.log(np.nan_to_num(table.X["early__likes_per_view"].to_numpy()) + 0.01)
    last = np.nan_to_num(table.X["author__last3_lift"].to_numpy())
    return np.stack([gap, gap * age, known, known * age, age, age * age, likes, likes * age, last], axis=1)
