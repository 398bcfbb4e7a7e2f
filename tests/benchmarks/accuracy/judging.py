"""From forecasts to rows of a table: error with its interval, and ours over each rival on identical rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.accuracy.bands import Band, equal_factor, stretched
from benchmarks.accuracy.examples import Examples
from otklik import metrics
from otklik.evaluate import OURS
from otklik.models.base import Floats

LOOKS_H = ((0, 1), (1, 2), (2, 3), (3, 4), (4, 6), (6, 12))
"""Bins of the age of the last look, in which live posts of one age are judged apart."""
LEAST = 30
"""A group with fewer posts gives no row."""


@dataclass
class Pool:
    """Test examples of one age, fold after fold, with what every forecaster said of them."""

    age: int
    tests: list[Examples] = field(default_factory=list)
    unseen: list[np.ndarray] = field(default_factory=list)
    said: dict[str, list[Floats]] = field(default_factory=dict)
    bands: dict[str, list[Band]] = field(default_factory=dict)

    def add(self, test: Examples, unseen: np.ndarray, said: dict[str, Floats], bands: dict[str, Band]) -> None:
        """One fold; a forecaster that says nothing of a fold is left out of the table."""
        self.tests.append(test)
        self.unseen.append(unseen)
        for name, point in said.items():
            self.said.setdefault(name, []).append(point)
        for name, band in bands.items():
            self.bands.setdefault(name, []).append(band)

    def column(self, name: str) -> np.ndarray:
        return np.concatenate([test.meta(name) for test in self.tests])

    def points(self) -> dict[str, Floats]:
        return {name: np.concatenate(p) for name, p in self.said.items() if len(p) == len(self.tests)}

    def groups(self) -> dict[str, np.ndarray]:
        """Flags of the groups that are judged apart."""
        unseen, look = np.concatenate(self.unseen), self.column("look_age_h")
        found = {"all": np.ones(len(unseen), bool), "known_authors": ~unseen, "unseen_authors": unseen}
        if self.age:
            found |= {f"look_{low}_{high}h": (look >= low) & (look < high) for low, high in LOOKS_H if low < self.age}
        return {name: flags for name, flags in found.items() if flags.sum() >= LEAST}


def error_rows(pool: Pool) -> Iterator[dict[str, Any]]:
    """One row a group and forecaster."""
    y, author, points = pool.column("y_log"), pool.column("author"), pool.points()
    for group, flags in pool.groups().items():
        errors = {name: np.abs(y - point)[flags] for name, point in points.items()}
        names, mine = list(errors), author[flags]
        draws = metrics.cluster_bootstrap(np.stack(list(errors.values()), axis=1), np.ones(len(mine)), mine)
        drawn = dict(zip(names, draws.T, strict=True))
        for name in names:
            yield {
                "age_h": pool.age,
                "group": group,
                "model": name,
                "n": int(flags.sum()),
                "n_authors": len(np.unique(mine)),
                "log_mae": float(errors[name].mean()),
                "log_mae_lo": float(np.quantile(drawn[name], 0.025)),
                "log_mae_hi": float(np.quantile(drawn[name], 0.975)),
                **_ratio(errors[OURS], errors[name], drawn[OURS] / drawn[name]),
                "pair_accuracy": metrics.pair_accuracy(y[flags], points[name][flags], mine) if not pool.age else None,
            }


def width_rows(pool: Pool) -> Iterator[dict[str, Any]]:
    """One row a conformal rival: its width beside ours when its factor makes it cover as much as ours."""
    if OURS not in pool.bands:
        return
    y, author, size = pool.column("y_log"), pool.column("author"), pool.column("size")
    floor = np.where(np.isfinite(size), np.log1p(np.nan_to_num(size)), 0.0)
    ours = Band.joined(pool.bands[OURS])
    coverage = metrics.coverage(y, ours.low, ours.high)
    for name, parts in pool.bands.items():
        if len(parts) < len(pool.tests) or len(y) < LEAST:
            continue
        band = Band.joined(parts)
        own = stretched(band, 1.0, floor)
        factor = 1.0 if name == OURS else equal_factor(y, band, floor, coverage)
        fair = ours if name == OURS else stretched(band, factor, floor)
        widths = np.stack([ours.high - ours.low, fair.high - fair.low], axis=1)
        draws = metrics.cluster_bootstrap(widths, np.ones(len(y)), author)
        yield {
            "age_h": pool.age,
            "model": name,
            "n": len(y),
            "coverage_as_said": metrics.coverage(y, own.low, own.high),
            "width_as_said": metrics.width(own.low, own.high),
            "factor": factor,
            "coverage": metrics.coverage(y, fair.low, fair.high),
            "width": metrics.width(fair.low, fair.high),
            **_ratio(widths[:, 0], widths[:, 1], draws[:, 0] / draws[:, 1]),
        }


def _ratio(ours: Floats, other: Floats, drawn: Floats) -> dict[str, float]:
    """Mean of ours over mean of the other, with the 95 % interval of paired draws of authors."""
    low, high = np.quantile(drawn, [0.025, 0.975])
    return {"ratio": float(ours.mean() / other.mean()), "ratio_lo": float(low), "ratio_hi": float(high)}
