"""The rivals' bench is fair and says what is true: its pure parts, and a small run on simulated posts."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.accuracy import __main__ as command
from benchmarks.accuracy import million, running, tables
from benchmarks.accuracy.bands import Band, conformal_bands, equal_factor, rolling_quantile, stretched
from benchmarks.accuracy.examples import Bench, read
from benchmarks.accuracy.learners import LEARNERS, on_ours, on_raw
from benchmarks.accuracy.published import best, by_age, pinto_ml, pinto_mrbf, svr
from benchmarks.accuracy.rival import Clock, Rival, Settings, run
from otklik.errors import ConfigurationError
from otklik.models.base import is_live
from otklik.simulate import simulate

TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = simulate(24, 16, seed=5, look_every_h=3.0)
    where = tmp_path_factory.mktemp("bench")
    made.posts.to_parquet(where / "posts.parquet")
    made.snapshots.to_parquet(where / "snapshots.parquet")
    return where


@pytest.fixture(scope="module")
def bench(folder) -> Bench:
    return read(folder, "views_24h", "Europe/Moscow")


def told(live: bool) -> Settings:
    return Settings(live, lambda table: table.X)


def test_equal_factor_covers_as_much_as_asked_and_no_more():
    rng = np.random.default_rng(0)
    y, centre = rng.normal(0, 2, 500), np.zeros(500)
    band, floor = Band(centre - 1, centre, centre + 1), np.full(500, -np.inf)
    factor = equal_factor(y, band, floor, 0.8)
    fair = stretched(band, factor, floor)
    assert np.mean((y >= fair.low) & (y <= fair.high)) == pytest.approx(0.8)
    narrower = stretched(band, factor * 0.999, floor)
    assert np.mean((y >= narrower.low) & (y <= narrower.high)) < 0.8


def test_the_factor_of_a_band_does_not_depend_on_the_width_that_it_came_with():
    rng = np.random.default_rng(1)
    y, half, floor = rng.normal(0, 1, 200), rng.uniform(0.5, 2, 200), np.full(200, -np.inf)
    once, thrice = (Band(-k * half, np.zeros(200), k * half) for k in (1, 3))
    assert equal_factor(y, once, floor, 0.7) == pytest.approx(3 * equal_factor(y, thrice, floor, 0.7))


def test_an_outcome_below_the_counter_seen_is_covered_by_no_factor():
    band = Band(np.zeros(2), np.ones(2), np.full(2, 2.0))
    assert equal_factor(np.array([0.5, 1.5]), band, np.full(2, 1.0), 1.0) == np.inf
    assert (stretched(band, 10.0, np.full(2, 1.0)).low == 1.0).all()


def test_a_rolling_quantile_knows_only_scores_that_were_known_by_then():
    known, scores = np.arange(200), np.concatenate([np.zeros(100), np.full(100, 9.0)])
    assert rolling_quantile(scores, known, np.array([30, 99, 199])).tolist() == [0.0, 0.0, 9.0]


def test_raw_columns_know_nothing_after_the_cutoff(folder, bench):
    cut = pd.read_parquet(folder / "posts.parquet")["published_at"].max() - pd.Timedelta(hours=48)
    looks = pd.read_parquet(folder / "snapshots.parquet")
    early = looks["observed_at"] <= cut
    later = looks.assign(views=looks["views"].where(early, looks["views"] * 7))
    where = folder / "later"
    where.mkdir(exist_ok=True)
    pd.read_parquet(folder / "posts.parquet").to_parquet(where / "posts.parquet")
    later.to_parquet(where / "snapshots.parquet")
    changed = read(where, "views_24h", "Europe/Moscow")
    us = cut.value // 1000
    for age, test in bench.tests.items():
        before, again = (one.at(one.meta("cutoff_us") <= us) for one in (test, changed.tests[age]))
        assert len(before) > 30
        pd.testing.assert_frame_equal(before.raw, again.raw)
        np.testing.assert_array_equal(before.early, again.early)


def test_drafts_have_no_counter_and_early_counts_never_exceed_the_last_look(bench):
    assert bench.tests[0].raw[["views_log", "likes_log", "look_age_h"]].isna().all().all()
    assert (bench.tests[0].early == 0).all()
    live = bench.tests[6]
    assert (live.early <= np.log1p(live.meta("size"))[:, None] + 1e-12).all()


def test_training_rows_are_those_of_a_backtest(bench):
    for fold in bench.folds:
        taught = bench.taught(fold)
        assert (taught.meta("known_us") < fold.start_us).all()
        assert not fold.unseen[taught.meta("row")].any()
        assert (bench.asked(fold, 6).meta("published_us") >= fold.start_us).all()


@pytest.mark.parametrize("learn", [pinto_ml, pinto_mrbf, svr])
def test_published_methods_beat_the_median_of_all(bench, learn):
    fold = bench.folds[-1]
    taught, asked = bench.taught(fold), bench.asked(fold, 12)
    known = taught.at(is_live(taught.table))
    said = learn(known, told(live=True))(asked)
    assert np.isfinite(said).all()
    assert np.abs(asked.y - said).mean() < 0.6 * np.abs(asked.y - np.median(known.y)).mean()


def test_a_thin_age_bin_borrows_the_model_of_all(bench):
    known = bench.train.at(is_live(bench.train.table)).at(np.arange(10))
    assert (by_age(known, lambda part: lambda X: np.full(len(X), float(len(part))))(known) == 10).all()


def test_the_best_option_is_judged_on_the_newest_fifth():
    y = np.concatenate([np.zeros(80), np.ones(20)])
    assert best((0.0, 1.0), lambda option, _: lambda X: np.full(len(X), option), y[:, None], y) == 1.0


def test_a_learner_of_our_target_that_learns_nothing_says_the_usual(bench):
    class Nothing:
        def predict(self, X: pd.DataFrame) -> np.ndarray:
            return np.zeros(len(X))

    drafts = bench.train.at(~is_live(bench.train.table))
    said = on_ours(lambda *_: Nothing())(drafts, told(live=False))(drafts)
    lift = said - drafts.meta("baseline_log")
    assert np.ptp(lift[np.isfinite(lift)]) == pytest.approx(0, abs=1e-9)
    assert on_raw(lambda *_: Nothing())(drafts, told(live=False))(drafts) == pytest.approx(np.median(drafts.y))


def test_no_rival_is_made_to_fall_below_the_counter_already_seen(bench):
    low = Rival("low", lambda known, settings: lambda asked: np.full(len(asked), -5.0), "raw", drafts=False)
    asked = {age: bench.tests[age] for age in (0, 6)}
    said = run(low, bench.train, asked, {live: told(live) for live in (False, True)}, Clock())
    assert set(said) == {6}
    np.testing.assert_array_equal(said[6], np.log1p(asked[6].meta("size")))


def test_a_rival_that_is_not_installed_is_a_row_and_no_crash(bench, monkeypatch):
    absent = Rival("absent", lambda *_: pytest.fail("must not run"), "raw", "no_such_package_at_all")
    monkeypatch.setattr(running, "RIVALS", (*running.RIVALS, absent))
    last = replace(bench, tests={age: bench.tests[age] for age in (0, 6)})
    result = running.judge(last, running.Options(quick=True, only=("pinto_ml", "absent")))
    assert result.missing == ["absent"]
    text = "\n".join(tables.report(result))
    assert "not installed" in text
    rows = pd.DataFrame(result.errors)
    assert {"otklik", "ridge", "pinto_ml"} <= set(rows["model"])
    assert "pinto_ml" not in set(rows.loc[rows["age_h"] == 0, "model"])
    for _, part in rows.groupby(["age_h", "group"]):
        assert part["n"].nunique() == 1
        mine = part.loc[part["model"] == "otklik", "log_mae"].iloc[0]
        np.testing.assert_allclose(part["ratio"], mine / part["log_mae"])
    assert rows.loc[rows["model"] == "otklik", ["ratio", "ratio_lo", "ratio_hi"]].eq(1).all().all()


def test_losses_say_a_tie_as_a_tie():
    def row(model: str, ratio: float) -> dict[str, object]:
        return {"age_h": 6, "group": "all", "n": 50, "model": model, "ratio": ratio, "ratio_lo": 0.9, "ratio_hi": 1.1}

    assert list(tables.losses([row("otklik", 1.0), row("svr_rbf", 0.9)])) == []
    assert "a tie with flaml" in next(tables.losses([row("otklik", 1.0), row("flaml", 1.005)]))
    assert "behind flaml" in next(tables.losses([row("otklik", 1.0), row("flaml", 1.05), row("ebm", 1.02)]))


def test_the_summary_measures_ours_against_the_best_of_each_kind():
    def row(model: str, error: float) -> dict[str, object]:
        ends = {"ratio": 1 / error, "ratio_lo": 0.9, "ratio_hi": 1.1}
        return {"age_h": 6, "group": "all", "n": 50, "model": model, "log_mae": error, **ends}

    lines = list(tables.summary([row("otklik", 1.0), row("ridge", 2.0), row("svr_rbf", 1.5), row("flaml", 1.2)]))
    assert [line.split()[-5:-2] for line in lines[:2]] == [
        ["baseline", "ridge", "0.500"],
        ["published", "svr_rbf", "0.667"],
    ]
    assert sum("flaml" in line for line in lines) == 2


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ConfigurationError):
        read(tmp_path / "nowhere", "views_24h", "UTC")


@pytest.mark.parametrize(("said", "word"), [([], "--data"), (["--data", ".", "--only", "oracle"], "oracle")])
def test_the_command_names_what_it_needs(said, word, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["accuracy", *said])
    with pytest.raises(SystemExit, match="2"):
        command.main()
    assert word in capsys.readouterr().err


def test_bad_data_is_told_without_a_traceback(tmp_path, monkeypatch, capsys):
    (tmp_path / "posts.csv").write_text("platform\nyoutube\n", "utf-8")
    monkeypatch.setattr(sys, "argv", ["accuracy", "--data", str(tmp_path)])
    assert command.main() == 1
    assert capsys.readouterr().err.strip()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("rival", LEARNERS, ids=lambda rival: rival.name)
def test_every_learner_that_is_installed_learns(bench, rival):
    if not rival.is_installed:
        pytest.skip(f"{rival.package} is not installed")
    taught, asked = bench.taught(bench.folds[-1]), bench.asked(bench.folds[-1], 12)
    known = taught.at(is_live(taught.table))
    said = rival.learn(known, replace(told(live=True), flaml_s=3.0))(asked)
    assert np.abs(asked.y - said).mean() < 0.6 * np.abs(asked.y - np.median(known.y)).mean()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_conformal_rivals_that_are_installed_cover(bench):
    taught, asked = bench.taught(bench.folds[0]), bench.tests[12]
    found = conformal_bands(taught.at(is_live(taught.table)), told(live=True))
    assert "rolling_cqr" in found
    for name, of in found.items():
        band = of(asked)
        assert (band.low <= band.high + 1e-9).all(), name
        assert 0.5 < np.mean((asked.y >= band.low) & (asked.y <= band.high)) <= 1.0, name


@pytest.mark.slow
def test_the_peak_of_a_child_is_its_own(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    held = np.ones(60_000_000)
    row = million.in_child("lightgbm", 20_000, 10, 5, 1)
    assert row["peak_mb"] < million.held_mb("VmHWM") - 0.5 * held.nbytes / 2**20
    assert row["before_mb"] <= row["peak_mb"]
    assert million.in_child("nonsense", 10, 1, 1, 1) == {"model": "nonsense", "error": "not installed"}
