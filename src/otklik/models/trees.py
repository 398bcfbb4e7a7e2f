"""The trees of a location: boosters for several losses, averaged.

The Huber loss hears how far a forecast is off, the absolute loss only on which side; their errors differ, and their
mean is steadier than either. What they say is the mean of what each says, and so are the contributions of features.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd

from otklik.models.base import Floats

COMMON: dict[str, Any] = {
    "learning_rate": 0.04,
    "num_leaves": 15,
    "min_data_in_leaf": 30,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "verbosity": -1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 7,
}
LOSSES: dict[str, dict[str, Any]] = {
    "huber": {"objective": "huber", "alpha": 0.7},
    "l1": {"objective": "regression_l1", "seed": 8},
}
"""By the name of the file that each is kept in."""
ROUNDS = {False: 180, True: 300}
"""Trees for drafts and for live posts."""
FEW_EXAMPLES = 2000
"""Below so many examples a coarser pace says the same in half of the time."""
FEW: dict[str, Any] = {"learning_rate": 0.06}
FEW_ROUNDS = {False: 100, True: 170}
MANY: dict[str, Any] = {"num_leaves": 31, "learning_rate": 0.02}
MANY_ROUNDS = 700
"""Larger and more trees, for many posts."""
SPREAD: dict[str, Any] = {**COMMON, "objective": "regression", "learning_rate": 0.03, "num_leaves": 7,
                          "min_data_in_leaf": 100}  # fmt: skip
SPREAD_ROUNDS = 60


@dataclass(frozen=True)
class Trees:
    """One booster a loss, by its name."""

    boosters: Mapping[str, lgb.Booster] = field(default_factory=dict)

    @classmethod
    def fit(cls, X: pd.DataFrame, y: Floats, weight: Floats, *, live: bool, many: bool) -> Trees:
        """Learn what is left of a target around 0.

        Args:
            X: the inputs, shape ``(n, k)``.
            y: what to learn, shape ``(n,)``.
            weight: of each example, shape ``(n,)``.
            live: the task: it sets the number of trees.
            many: there are enough examples for finer distinctions.
        """
        data = lgb.Dataset(X, y, weight=weight, free_raw_data=False)
        size, rounds = _pace(len(y), live=live, many=many)
        return cls({name: lgb.train({**COMMON, **size, **loss}, data, rounds) for name, loss in LOSSES.items()})

    def say(self, X: pd.DataFrame) -> Floats:
        """The mean of what the boosters say, shape ``(n,)``; zeros without any."""
        said = [np.asarray(one.predict(X), np.float64) for one in self.boosters.values()]
        return np.mean(said, axis=0) if said else np.zeros(len(X))

    def contributions(self, X: pd.DataFrame) -> Floats:
        """What each feature adds (TreeSHAP), and last the constant, shape ``(n, k + 1)``; they sum to :meth:`say`."""
        told = [np.asarray(one.predict(X, pred_contrib=True), np.float64) for one in self.boosters.values()]
        return np.mean(told, axis=0)


def _pace(n: int, *, live: bool, many: bool) -> tuple[dict[str, Any], int]:
    """What differs from :data:`COMMON`, and the number of trees."""
    if many:
        return MANY, MANY_ROUNDS
    return (FEW, FEW_ROUNDS[live]) if n < FEW_EXAMPLES else ({}, ROUNDS[live])


def fit_spread(X: pd.DataFrame, y: Floats, weight: Floats) -> lgb.Booster:
    """The booster of a spread: few and shallow trees on logs of absolute errors."""
    return lgb.train(SPREAD, lgb.Dataset(X, y, weight=weight, free_raw_data=True), SPREAD_ROUNDS)
