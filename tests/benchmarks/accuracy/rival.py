"""The contract of a rival, the run of one over the folds, and the clock that it runs against."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.accuracy.examples import Examples
from otklik.features import Table
from otklik.models.base import Floats, is_live

Said = Callable[[Examples], Floats]
"""A fitted rival: the forecast of each example, log(1 + count)."""


@dataclass(frozen=True)
class Settings:
    """What a rival is told beside the examples."""

    live: bool
    inputs: Callable[[Table], pd.DataFrame]
    """Our features, as our own trees get them."""
    threads: int = 1
    flaml_s: float = 60.0
    seed: int = 7
    memory: dict[str, Any] = field(default_factory=dict)
    """Kept from fold to fold: what a search has found on the first is used on the later ones."""


@dataclass(frozen=True)
class Rival:
    """A named way to learn; ``package`` is what must be installed."""

    name: str
    learn: Callable[[Examples, Settings], Said]
    columns: str
    package: str | None = None
    drafts: bool = True

    @property
    def is_installed(self) -> bool:
        return self.package is None or importlib.util.find_spec(self.package) is not None


@dataclass
class Clock:
    """Seconds spent."""

    fit_s: float = 0.0
    predict_s: float = 0.0

    def fitting(self, work: Callable[..., Any], *given: Any) -> Any:
        began = time.perf_counter()
        answer = work(*given)
        self.fit_s += time.perf_counter() - began
        return answer

    def predicting(self, work: Callable[..., Any], *given: Any) -> Any:
        began = time.perf_counter()
        answer = work(*given)
        self.predict_s += time.perf_counter() - began
        return answer


def run(rival: Rival, taught: Examples, asked: dict[int, Examples], settings: dict[bool, Settings], clock: Clock):
    """Forecasts of one fold by age; drafts and live posts are learned apart, as ours are.

    No forecast of a live post lies below the counter already seen: every rival is given that much.
    """
    said: dict[int, Floats] = {}
    for live, told in settings.items():
        ages = [age for age, test in asked.items() if (age > 0) == live and len(test)]
        known = taught.at(is_live(taught.table) == live)
        if not ages or not len(known) or not (live or rival.drafts):
            continue
        fitted = clock.fitting(rival.learn, known, told)
        for age in ages:
            point = clock.predicting(fitted, asked[age])
            said[age] = np.maximum(point, np.log1p(np.nan_to_num(asked[age].meta("size"))))
    return said
