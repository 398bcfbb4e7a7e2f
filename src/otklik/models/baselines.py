"""The forecasts to beat, as models of the same contract; none is tuned, all are published or obvious."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

import numpy as np

from otklik.features import Table
from otklik.models.base import Floats, age_bin, growth, is_live

_TASK = {False: "draft", True: "live"}

MIN_BIN = 20
"""An age bin with fewer training examples borrows the constant of all live examples."""


class Baseline(ABC):
    """What baselines share: numbers as their whole state, and the author's median for what they cannot speak of."""

    name: ClassVar[str]

    def __init__(self, state: dict[str, Any] | None = None) -> None:
        self.state: dict[str, Any] = state or {}
        """What was learned, as JSON types: a model folder keeps it in the card."""

    @property
    def overall(self) -> float:
        """The median outcome of the training examples."""
        return self.state["overall"]

    def fit(self, table: Table) -> Self:
        """Remember the median outcome, then fit what is the model's own."""
        self.state = {"overall": float(np.median(table.y_log))}
        self.state |= self._learn(table)
        return self

    def _learn(self, table: Table) -> dict[str, Any]:
        """What this baseline learns beside the median: nothing unless it says so."""
        return {}

    @abstractmethod
    def point(self, table: Table) -> Floats:
        """The forecast of each example."""

    def scale(self, table: Table) -> Floats:
        """One for every example: the conformal step finds the width by age bin."""
        return np.ones(len(table))

    def author_median(self, table: Table) -> Floats:
        """The author's as-of median, the reference group's where there is none, else the training median."""
        known = table.meta["baseline_log"].to_numpy()
        return np.where(np.isfinite(known), known, self.overall)


class GlobalMedian(Baseline):
    """The median outcome of all training posts, whatever the post."""

    name = "global_median"

    def point(self, table: Table) -> Floats:
        """One number for all."""
        return np.full(len(table), self.overall)


class AuthorMedian(Baseline):
    """The author's median as of the cutoff."""

    name = "author_median"

    def point(self, table: Table) -> Floats:
        """The as-of baseline of each example."""
        return self.author_median(table)


class FollowersOnly(Baseline):
    """A straight line in log followers."""

    name = "followers_only"

    def _learn(self, table: Table) -> dict[str, Any]:
        followers = _followers(table)
        known = np.isfinite(followers)
        return {"line": _line(followers[known], table.y_log[known], self.overall)}

    def point(self, table: Table) -> Floats:
        """The line where followers are known, the training median elsewhere."""
        intercept, slope = self.state["line"]
        said = intercept + slope * _followers(table)
        return np.where(np.isfinite(said), said, self.overall)


class SzaboHuberman(Baseline):
    """Constant scaling: views at the horizon are views now times a constant of the age (CACM 2010)."""

    name = "szabo_huberman"

    def _learn(self, table: Table) -> dict[str, Any]:
        live = table.at(is_live(table))
        return {"growth": {b: float(np.mean(g)) for b, g in _by_bin(live, growth(live)).items()}}

    def point(self, table: Table) -> Floats:
        """The counter seen times the constant of its age; the author's median for a draft."""
        constant = np.array(_of_bin(table, self.state["growth"], 0.0))
        said = np.log1p(table.meta["size"].to_numpy()) + constant
        return np.where(is_live(table), said, self.author_median(table))


class LogLinear(Baseline):
    """A straight line in the log of the counter, one an age bin (the log-linear model of CACM 2010)."""

    name = "log_linear"

    def _learn(self, table: Table) -> dict[str, Any]:
        live = table.at(is_live(table))
        pairs = np.stack([np.log1p(live.meta["size"].to_numpy()), live.y_log], axis=1)
        return {"lines": {b: _line(p[:, 0], p[:, 1], self.overall) for b, p in _by_bin(live, pairs).items()}}

    def point(self, table: Table) -> Floats:
        """The line of the look's age; the author's median for a draft."""
        lines = np.array(_of_bin(table, self.state["lines"], [0.0, 1.0])).reshape(-1, 2)
        said = lines[:, 0] + lines[:, 1] * np.log1p(table.meta["size"].to_numpy())
        return np.where(is_live(table), said, self.author_median(table))


class RidgeHistory(Baseline):
    """Ridge regression on the counter seen, its age, the author's baseline and their products."""

    name = "ridge"

    def _learn(self, table: Table) -> dict[str, Any]:
        parts = {}
        for live in (False, True):
            part = table.at(is_live(table) == live)
            if len(part) > MIN_BIN:
                parts[_TASK[live]] = _ridge(self._terms(part, live=live), part.y_log)
        return {"coefficients": parts}

    def point(self, table: Table) -> Floats:
        """The regression for drafts or for live posts, whichever the example is; the author's median untrained."""
        said = self.author_median(table)
        for live in (False, True):
            mask, line = is_live(table) == live, self.state["coefficients"].get(_TASK[live])
            if mask.any() and line is not None:
                said[mask] = line[0] + self._terms(table.at(mask), live=live) @ np.array(line[1:])
        return said

    def _terms(self, table: Table, *, live: bool) -> Floats:
        base = self.author_median(table)
        own = np.nan_to_num(table.X["author__has_own_baseline"].to_numpy())
        last = np.nan_to_num(table.X["author__last3_lift"].to_numpy())
        terms = [base, own, own * base, last]
        if live:
            size = np.log1p(table.meta["size"].to_numpy())
            age = np.log(np.maximum(table.meta["look_age_h"].to_numpy(), 0.05))
            likes = np.nan_to_num(table.X["early__likes_per_view"].to_numpy())
            terms += [size, age, size * age, age * age, base * age, likes]
        return np.stack(terms, axis=1)


BASELINES: tuple[type[Baseline], ...] = (
    GlobalMedian,
    AuthorMedian,
    FollowersOnly,
    SzaboHuberman,
    LogLinear,
    RidgeHistory,
)
"""In the order of the report."""


def _followers(table: Table) -> Floats:
    return table.X["author__followers_lift"].to_numpy() + table.meta["baseline_log"].to_numpy()


def _by_bin(table: Table, values: Floats) -> dict[str, Floats]:
    """Values split by age bin; the key ``all`` holds every one, for bins too thin to speak."""
    bins = age_bin(table)
    filled = {str(b): values[bins == b] for b in np.unique(bins) if (bins == b).sum() >= MIN_BIN}
    return {**filled, "all": values} if len(values) else {}


def _of_bin(table: Table, constants: dict[str, Any], default: Any) -> list[Any]:
    """The constant of each example's age bin."""
    overall = constants.get("all", default)
    return [constants.get(str(b), overall) for b in age_bin(table)]


def _line(x: Floats, y: Floats, overall: float) -> list[float]:
    """Least squares intercept and slope; a flat line where ``x`` does not vary."""
    if len(x) < 2 or np.ptp(x) == 0:
        return [float(np.mean(y)) if len(y) else overall, 0.0]
    slope = float(np.cov(x, y, bias=True)[0, 1] / np.var(x))
    return [float(np.mean(y) - slope * np.mean(x)), slope]


def _ridge(terms: Floats, y: Floats) -> list[float]:
    """Intercept and coefficients of a ridge regression on standardised terms, told for the raw terms."""
    # Heavy and only needed to fit: reading a model folder must stay quick.
    from sklearn.linear_model import Ridge

    centre, spread = terms.mean(axis=0), terms.std(axis=0)
    spread[spread == 0] = 1.0
    model = Ridge(alpha=1.0).fit((terms - centre) / spread, y)
    slopes = model.coef_ / spread
    return [float(model.intercept_ - slopes @ centre), *map(float, slopes)]
