"""One data set through the bench: every forecaster on every fold, then the rows of the two tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.accuracy.bands import Band, conformal_bands
from benchmarks.accuracy.examples import Bench, Examples
from benchmarks.accuracy.judging import Pool, error_rows, width_rows
from benchmarks.accuracy.learners import LEARNERS
from benchmarks.accuracy.published import PUBLISHED
from benchmarks.accuracy.rival import Clock, Rival, Settings, run
from otklik.dataset.splits import Fold
from otklik.evaluate import MIN_TRAIN
from otklik.models.base import Floats, is_live
from otklik.models.forecaster import Forecaster, models

RIVALS: tuple[Rival, ...] = (*PUBLISHED, *LEARNERS)
CALIBRATION = "otklik, with its calibration"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How the bench is run."""

    threads: int = 1
    flaml_s: float = 60.0
    flaml_each_fold: bool = True
    only: tuple[str, ...] = ()
    """Names of rivals; all when empty."""
    quick: bool = False
    """The last fold only."""

    def wants(self, name: str) -> bool:
        return not self.only or name in self.only


@dataclass
class Result:
    """What was found on one data set."""

    data: str
    errors: list[dict[str, Any]]
    widths: list[dict[str, Any]]
    clocks: dict[str, Clock]
    missing: list[str] = field(default_factory=list)


def judge(bench: Bench, options: Options, say: Say = lambda _: None) -> Result:
    """Every forecaster that is installed and wanted, on the folds of a backtest."""
    pools = {age: Pool(age) for age in bench.tests}
    clocks: dict[str, Clock] = {}
    memory: dict[str, Any] = {}
    for fold in bench.folds[-1:] if options.quick else bench.folds:
        taught = bench.taught(fold)
        if taught.table.meta["row"].nunique() < MIN_TRAIN:
            continue
        if options.flaml_each_fold:
            memory = {}
        asked = {age: bench.asked(fold, age) for age in bench.tests}
        forecaster, said, bands = ours(bench, taught, asked, clocks)
        settings = {live: _settings(forecaster, live, options, memory) for live in (False, True)}
        for rival in RIVALS:
            if rival.is_installed and options.wants(rival.name):
                say(f"{bench.data}, fold {fold.number + 1}: {rival.name}")
                for age, point in run(rival, taught, asked, settings, clocks.setdefault(rival.name, Clock())).items():
                    said[age][rival.name] = point
        if options.wants("intervals"):
            say(f"{bench.data}, fold {fold.number + 1}: conformal rivals")
            _add_bands(taught, asked, settings, bands)
        _pool(pools, fold, asked, said, bands)
    judged = [pool for pool in pools.values() if sum(map(len, pool.tests))]
    return Result(
        bench.data,
        [row for pool in judged for row in error_rows(pool)],
        [row for pool in judged for row in width_rows(pool)],
        clocks,
        [rival.name for rival in RIVALS if not rival.is_installed and options.wants(rival.name)],
    )


def ours(
    bench: Bench, taught: Examples, asked: dict[int, Examples], clocks: dict[str, Clock]
) -> tuple[Forecaster, dict[int, dict[str, Floats]], dict[int, dict[str, Band]]]:
    """Our forecaster and the baselines as a backtest fits them; the points are timed on fits of their own."""
    whole = clocks.setdefault(CALIBRATION, Clock())
    forecaster = whole.fitting(Forecaster(bench.target).fit, taught.table)
    said: dict[int, dict[str, Floats]] = {age: {} for age in asked}
    bands: dict[int, dict[str, Band]] = {age: {} for age in asked}
    for model, again in zip(forecaster.models, models(), strict=True):
        clock = clocks.setdefault(model.name, Clock())
        clock.fitting(again.fit, taught.table)
        for age, test in asked.items():
            if not len(test):
                continue
            clock.predicting(again.point, test.table)
            forecast = forecaster.predict_by(model, test.table)
            said[age][model.name] = forecast.point
            if model is forecaster.models[0]:
                bands[age][model.name] = Band(forecast.quantile(0.1), forecast.point, forecast.quantile(0.9))
    return forecaster, said, bands


def _settings(forecaster: Forecaster, live: bool, options: Options, memory: dict[str, Any]) -> Settings:
    inputs = forecaster.ours.tasks[live].inputs
    return Settings(live, inputs, options.threads, options.flaml_s, memory=memory.setdefault(str(live), {}))


def _add_bands(
    taught: Examples,
    asked: dict[int, Examples],
    settings: dict[bool, Settings],
    bands: dict[int, dict[str, Band]],
) -> None:
    for live, told in settings.items():
        known = taught.at(is_live(taught.table) == live)
        ages = [age for age, test in asked.items() if (age > 0) == live and len(test)]
        if not ages or len(known) < MIN_TRAIN:
            continue
        for name, of in conformal_bands(known, told).items():
            for age in ages:
                bands[age][name] = of(asked[age])


def _pool(
    pools: dict[int, Pool],
    fold: Fold,
    asked: dict[int, Examples],
    said: dict[int, dict[str, Floats]],
    bands: dict[int, dict[str, Band]],
) -> None:
    for age, test in asked.items():
        if len(test):
            unseen: np.ndarray = fold.unseen[test.meta("row")]
            pools[age].add(test, unseen, said[age], bands[age])
