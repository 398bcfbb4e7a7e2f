"""The rivals' bench is fair and says what is true: its pure parts, and a small run on simulated posts."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.accuracy import __main__ as command
from benchmarks.accuracy import cold, million, running, tables
from benchmarks.accuracy.bands import Band, conformal_bands, equal_factor, rolling_quantile, stretched
from benchmarks.accuracy.examples import Bench, read
from benchmarks.accuracy.learners import LEARNERS, on_ours, on_raw
from benchmarks.accuracy.published import best, by_age, pinto_ml, pinto_mrbf, svr
from benchmarks.accuracy.rival import Clock, Rival, Settings, run
from otklik.dataset.examples import Examples as Asked
from otklik.errors import ConfigurationError, DataError
from otklik.features import assemble
from otklik.features.author import SOURCES
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


@pytest.fixture(scope="module")
def start(tmp_path_factory) -> cold.Cold:
    made = simulate(12, 20, seed=5, look_until_h=72.0)
    where = tmp_path_factory.mktemp("cold")
    made.posts.to_parquet(where / "posts.parquet")
    made.snapshots.to_parquet(where / "snapshots.parquet")
    return cold.read(where, "views_24h", "Europe/Moscow")


def with_all_pasts(start: cold.Cold, *, least: int = 10) -> int:
    """A late post whose author has at least so many past posts of both ways of knowing."""
    for row in start.drafts.meta["row"].to_numpy()[::-1]:
        found = {(one.known, one.n_past) for one in cold.cases(start, np.array([row]))}
        if {(cold.SEEN, least), (cold.CATALOGUE, least)} <= found:
            return int(row)
    raise AssertionError("the simulated set must have such a post")


def features_of(start: cold.Cold, case: cold.Case):
    corpus, rows = cold.copied(start, [case])
    return assemble(corpus, Asked(rows, corpus.published_us[rows]), target=start.target, zone=start.zone)


def test_a_copy_has_its_last_posts_of_known_outcome_and_nothing_else_of_its_author(start):
    row = with_all_pasts(start)
    asked = [one for one in cold.cases(start, np.array([row])) if one.known != cold.CATALOGUE]
    assert [one.n_past for one in asked] == [0, 3, 10]
    corpus, rows = cold.copied(start, asked)
    table = assemble(corpus, Asked(rows, corpus.published_us[rows]), target=start.target, zone=start.zone)
    assert len(corpus) == 3 + 13
    assert corpus.posts["author_id"].nunique() == 3
    assert table.X["author__n_history"].tolist() == [0, 3, 10]
    at = start.corpus.published_us[row]
    label = start.label.assign(published=start.corpus.published_us, stratum=start.corpus.stratum)
    past = label[(label["stratum"] == label["stratum"][row]) & (label["first_known_us"] <= at)].sort_values("published")
    for one, said in zip(asked[1:], table.meta["baseline_log"][1:], strict=True):
        assert said == pytest.approx(np.median(np.log1p(past["first_value"].to_numpy()[-one.n_past :])))
    assert table.y_log == pytest.approx(np.full(3, np.log1p(start.label["value"][row])))


def test_a_catalogue_tells_no_outcome_and_is_carried_from_late_looks(start):
    row = with_all_pasts(start)
    case = next(one for one in cold.cases(start, np.array([row])) if (one.known, one.n_past) == (cold.CATALOGUE, 3))
    corpus, rows = cold.copied(start, [case])
    curve = corpus.curves["views"]
    assert (curve.age_h[curve.row != rows[0]] >= cold.LATE_H).all()
    table = features_of(start, case)
    assert SOURCES[table.meta["baseline_source"][0]] == "author_looks"
    assert table.meta["baseline_n"].tolist() == [3]
    assert table.X["author__n_history"].tolist() == [0]


def test_what_is_hidden_or_later_changes_nothing_in_a_copy(start):
    row = with_all_pasts(start)
    at = start.corpus.posts["published_at"][row]
    for case in cold.cases(start, np.array([row])):
        looks = start.snapshots
        shown = looks["row"].isin(case.past) & (looks["observed_at"] <= at)
        changed = replace(start, snapshots=looks.assign(views=looks["views"].where(shown, looks["views"] * 9)))
        pd.testing.assert_frame_equal(features_of(start, case).X, features_of(changed, case).X)


def test_without_a_past_a_draft_starts_from_the_training_median_of_its_kind_and_keeps_its_followers(start):
    taught = start.drafts.at(np.arange(100))
    table = features_of(start, cold.Case(int(start.drafts.meta["row"].iloc[-1]), cold.NOTHING, 0, np.empty(0, int)))
    assert SOURCES[table.meta["baseline_source"][0]] == "none"
    moved = cold.on_reference(table, taught, np.array([5000.0]))
    mine = (taught.meta["kind"] == table.meta["kind"][0]).to_numpy()
    base = np.median(taught.y_log[mine])
    assert moved.meta["baseline_log"].tolist() == [base]
    assert moved.X["author__followers_lift"].tolist() == [np.log1p(5000) - base]
    elsewhere = replace(table, meta=table.meta.assign(kind="never met"))
    level = cold.on_reference(elsewhere, taught, np.array([np.nan])).meta["baseline_log"]
    assert level.tolist() == [np.median(taught.y_log)]


def test_an_author_with_a_usual_is_not_moved(start):
    table = start.drafts.at(np.flatnonzero(start.drafts.meta["baseline_source"] == 0))
    moved = cold.on_reference(table, start.drafts, cold.followers_of(start.corpus, table))
    pd.testing.assert_series_equal(moved.meta["baseline_log"], table.meta["baseline_log"])
    np.testing.assert_allclose(moved.X["author__followers_lift"], table.X["author__followers_lift"])


def test_test_posts_beyond_the_cap_are_drawn_alike_every_time(start):
    fold = start.folds[-1]
    once, again, whole = (cold.drawn(start, fold, most).meta["row"].tolist() for most in (9, 9, 9999))
    assert once == again == sorted(once)
    assert len(once) == 9
    assert set(once) < set(whole)


def found_by_hand() -> pd.DataFrame:
    """Forty posts by twenty authors without a past, thirty of them with three posts, and all of them whole."""
    rows = [(cold.NOTHING, 0, row) for row in range(40)] + [(cold.SEEN, 3, row) for row in range(30)]
    rows += [(cold.SEEN, 10, row) for row in range(5)] + [(cold.WHOLE, cold.ALL, row) for row in range(40)]
    found = pd.DataFrame(rows, columns=["known", "n_past", "row"])
    off = np.where(found["n_past"] == 0, 2.0, 1.0)
    said = {"ours": off, "low": off - 1.5, "high": off + 1.5, "median": 2 * off, "followers": np.nan, "global": 4.0}
    return found.assign(y=0.0, author=found["row"] // 2, is_unseen=found["row"] < 10, **said)


def test_the_cold_table_counts_who_is_left_out_and_compares_with_the_same_past():
    rows = {(row["group"], row["known"], row["n_past"]): row for row in cold.table_rows(found_by_hand())}
    nothing, three = (rows["all test posts", *key] for key in ((cold.NOTHING, 0), (cold.SEEN, 3)))
    assert (nothing["n"], nothing["n_left_out"], nothing["n_authors"]) == (40, 0, 20)
    assert (three["n"], three["n_left_out"], three["n_authors"]) == (30, 10, 15)
    assert (nothing["ours"], nothing["coverage"], nothing["width"]) == (2.0, 0.0, 3.0)
    assert (three["ours"], three["coverage"], three["global"]) == (1.0, 1.0, 4.0)
    assert nothing["ratio"] == nothing["ratio_lo"] == nothing["ratio_hi"] == 0.5
    assert np.isnan(three["followers"])
    same = "the same posts throughout: those with 3 past posts seen"
    assert rows[same, cold.NOTHING, 0]["n"] == rows[same, cold.WHOLE, cold.ALL]["n"] == 30
    assert (same, cold.SEEN, 10) not in rows


def test_the_cold_table_says_nothing_of_too_few_posts():
    rows = cold.table_rows(found_by_hand())
    few = next(row for row in rows if row["n_past"] == 10)
    assert "ours" not in few
    text = "\n".join(cold.report("made up", "views_24h", rows))
    assert "fewer than 30 posts" in text
    assert "nan" not in text


def test_a_cold_start_table_of_too_few_posts_is_told(start):
    with pytest.raises(DataError, match="more posts with a label"):
        cold.cold_start(replace(start, drafts=start.drafts.at(np.arange(20))))


def test_bad_data_for_the_cold_start_is_told_without_a_traceback(tmp_path, monkeypatch, capsys):
    (tmp_path / "posts.csv").write_text("platform\nyoutube\n", "utf-8")
    monkeypatch.setattr(sys, "argv", ["accuracy", "--cold", "--data", str(tmp_path)])
    assert command.main() == 1
    assert capsys.readouterr().err.strip()


@pytest.mark.slow
def test_the_more_past_posts_are_known_the_smaller_the_error(folder, tmp_path, monkeypatch, capsys):
    where = tmp_path / "rows.json"
    told = ["--cold", "--quick", "--zone", "Europe/Moscow", "--data", str(folder), "--json", str(where)]
    monkeypatch.setattr(sys, "argv", ["accuracy", *told])
    assert command.main() == 0
    assert "cold start" in capsys.readouterr().out
    rows = {(r["group"], r["known"], r["n_past"]): r for r in json.loads(where.read_text("utf-8"))[0]["cold"]}
    nothing, ten = (rows["all test posts", *key] for key in ((cold.NOTHING, 0), (cold.SEEN, 10)))
    assert ten["ours"] < nothing["ours"]
    assert ten["width"] < nothing["width"]
    assert 0.5 < ten["coverage"] <= 1


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
