"""Intervals hold what they promise, from outcomes that were known, and say so when they cannot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from otklik.dataset.targets import NEVER
from otklik.features import Table
from otklik.metrics import coverage
from otklik.models.base import LEVELS
from otklik.models.conformal import MIN_SCORES, Scores, calibrated, strata

DAY_US = 24 * 3_600_000_000


def table_of(y: np.ndarray, cutoff_us: np.ndarray, *, size: float = np.nan, look_age_h: float = np.nan) -> Table:
    n = len(y)
    meta = pd.DataFrame(
        {
            "row": np.arange(n),
            "platform": "youtube",
            "kind": "short",
            "cutoff_us": cutoff_us,
            "known_us": cutoff_us + DAY_US,
            "size": np.full(n, size),
            "look_age_h": np.full(n, look_age_h),
            "y_log": y,
        }
    )
    return Table(pd.DataFrame(index=range(n)), meta)


def stream(n: int = 3000, drift: float = 0.0, widening: float = 0.0, seed: int = 0) -> Table:
    """Outcomes around 10, one every half hour, whose level and spread move with time."""
    rng = np.random.default_rng(seed)
    time = np.arange(n) / n
    y = 10 + drift * time + rng.normal(0, 1 + widening * time, n)
    return table_of(y, np.arange(n) * 1_800_000_000)


def predicted(table: Table, scores: Scores | None = None):
    point, scale = np.full(len(table), 10.0), np.ones(len(table))
    scores = Scores.of(table, point, scale) if scores is None else scores
    return calibrated(table, point, scale, scores, is_median=True)


@pytest.mark.parametrize(("drift", "widening"), [(0.0, 0.0), (2.0, 0.0), (0.0, 1.5)])
def test_coverage_is_near_nominal_even_when_the_world_drifts(drift, widening):
    table = stream(drift=drift, widening=widening)
    said, late = predicted(table), slice(500, None)
    for level in (0.5, 0.8, 0.9):
        low, high = said.quantile(round(0.5 - level / 2, 2)), said.quantile(round(0.5 + level / 2, 2))
        assert coverage(table.y_log[late], low[late], high[late]) == pytest.approx(level, abs=0.04)


def test_an_interval_uses_only_outcomes_known_before_its_cutoff():
    table = stream(n=600)
    told = predicted(table)
    after = table.meta["known_us"].to_numpy() > table.meta["cutoff_us"].to_numpy()[400]
    garbled = Table(table.X, table.meta.assign(y_log=np.where(after, 1000.0, table.y_log)))
    np.testing.assert_array_equal(predicted(garbled).quantiles[:401], told.quantiles[:401])


def test_too_few_outcomes_are_called_uncalibrated_and_get_a_wider_interval():
    table = stream(n=400)
    said = predicted(table)
    matured = np.searchsorted(table.meta["known_us"].to_numpy(), table.meta["cutoff_us"].to_numpy(), side="right")
    assert ((said.n_calibration == 0) == (matured < MIN_SCORES)).all()
    width = said.quantile(0.9) - said.quantile(0.1)
    assert width[0] > np.median(width[said.n_calibration > 0])


def test_outcomes_that_are_not_known_calibrate_nothing():
    table = stream(n=300)
    unknown = Table(table.X, table.meta.assign(y_log=np.nan, known_us=NEVER))
    assert len(Scores.of(unknown, np.zeros(300), np.ones(300))) == 0
    assert (predicted(unknown).n_calibration == 0).all()


def test_strata_part_platforms_kinds_and_ages_of_the_last_look():
    draft, early, late = (
        strata(table_of(np.zeros(1), np.zeros(1, np.int64), size=size, look_age_h=age))[0]
        for size, age in ((np.nan, np.nan), (5.0, 0.5), (5.0, 7.0))
    )
    assert len({draft, early, late}) == 3
    other = table_of(np.zeros(1), np.zeros(1, np.int64))
    assert strata(Table(other.X, other.meta.assign(kind="video")))[0] != draft


def test_scores_are_kept_by_stratum_newest_first_to_stay():
    scores = Scores(np.arange(10.0), np.array([0, 1] * 5), np.zeros(10, np.int64), np.arange(10))
    kept = scores.newest(2)
    assert sorted(kept.z.tolist()) == [6.0, 7.0, 8.0, 9.0]
    assert len(LEVELS) == 19


def test_many_looks_at_one_post_count_once():
    table = table_of(np.zeros(30), np.arange(30) * 1_000_000, size=5.0, look_age_h=2.5)
    few = Table(table.X, table.meta.assign(row=np.arange(30) // 10))
    scores = Scores.of(few, np.arange(30.0), np.ones(30))
    assert scores.z.tolist() == [-9.0, -19.0, -29.0]
