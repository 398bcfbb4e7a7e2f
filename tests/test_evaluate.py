"""Evaluations judge every model on identical rows and say how sure they are."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from otklik import metrics, workflows
from otklik.errors import DataError
from otklik.evaluate import Evaluation
from otklik.models.baselines import BASELINES
from otklik.simulate import simulate

KEYS = {
    "task", "prediction_age_h", "stratum", "model", "n", "n_authors", "log_mae", "log_mae_lo", "log_mae_hi",
    "vs_best_baseline", "vs_author_median", "bias", "mdape", "within_x2", "spearman", "spearman_lift", "pair_accuracy",
    "coverage_50", "coverage_80", "coverage_90", "width_80", "crps",
    "ece_beats_usual", "brier_beats_usual", "share_beats_usual", "n_beats_usual",
}  # fmt: skip


@pytest.fixture(scope="module")
def found(data_dir, model_dir) -> Evaluation:
    return workflows.evaluate(model_dir, data_dir)


def test_rows_have_the_stable_shape_and_survive_json(found):
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["target"] == "views_24h"
    for row in plain["rows"]:
        assert set(row) - {"reliability_beats_usual"} == KEYS
        assert row["task"] == ("draft" if row["prediction_age_h"] == 0 else "live")
        assert {"baseline", "ratio", "lo", "hi"} == set(row["vs_best_baseline"])
    assert {row["prediction_age_h"] for row in plain["rows"]} == {0, 1, 2, 3, 6, 12}


def test_every_model_is_judged_on_identical_rows(found):
    frame = pd.DataFrame(found.rows)
    models = {"otklik", *(kind.name for kind in BASELINES)}
    for _, part in frame.groupby(["task", "prediction_age_h", "stratum"]):
        assert set(part["model"]) == models
        assert part["n"].nunique() == 1


def test_the_best_baseline_is_never_ours_and_ratios_follow_from_errors(found):
    for row in found.rows:
        assert row["vs_best_baseline"]["baseline"] != "otklik"
        assert row["log_mae_lo"] <= row["log_mae"] <= row["log_mae_hi"]
        assert row["vs_best_baseline"]["lo"] <= row["vs_best_baseline"]["ratio"] <= row["vs_best_baseline"]["hi"]


def test_authors_of_the_training_data_are_known_and_others_are_not(found, model_dir, tmp_path):
    assert not any(row["stratum"] == "unseen_authors" for row in found.rows)
    other = simulate(12, 12, seed=77, look_every_h=4.0)
    other.posts.assign(author_id=other.posts["author_id"] + "_new").to_parquet(tmp_path / "posts.parquet")
    other.snapshots.to_parquet(tmp_path / "snapshots.parquet")
    fresh = workflows.evaluate(model_dir, tmp_path)
    assert not any(row["stratum"] == "known_authors" for row in fresh.rows)
    live = next(row for row in fresh.rows if row["model"] == "otklik" and row["prediction_age_h"] == 12)
    assert live["spearman"] > 0.8


def test_a_live_row_counts_only_posts_that_were_looked_at_by_then(found):
    n = {row["prediction_age_h"]: row["n"] for row in found.rows if row["stratum"] == "all"}
    assert n[1] < n[3] < n[12] <= n[0]


def test_the_backtest_in_the_card_has_the_same_shape(model_dir):
    from otklik.models.card import load

    assert all(set(row) - {"reliability_beats_usual"} == KEYS for row in load(model_dir).card.metrics)


def test_data_without_labels_are_refused_with_the_reason(model_dir, tmp_path):
    early = simulate(3, 4, seed=1, look_until_h=6.0)
    early.posts.to_parquet(tmp_path / "posts.parquet")
    early.snapshots.to_parquet(tmp_path / "snapshots.parquet")
    with pytest.raises(DataError, match=r"no post of .* has a label for views_24h"):
        workflows.evaluate(model_dir, tmp_path)
    with pytest.raises(DataError, match="a backtest needs more posts with a label: 0"):
        workflows.backtest(tmp_path, "views_24h", "UTC")
    with pytest.raises(DataError, match="0 posts have a label for views_24h: a model needs at least 100"):
        workflows.train([tmp_path], "", "views_24h", "UTC", tmp_path / "model")


def test_a_model_is_not_asked_for_what_it_was_not_trained_for(model_dir, data_dir):
    with pytest.raises(DataError, match="forecasts views_24h, reactions_24h, shares_24h, not mature"):
        workflows.evaluate(model_dir, data_dir, "mature")


def test_the_bootstrap_draws_whole_authors():
    rng = np.random.default_rng(0)
    author = np.repeat(np.arange(40), 25)
    errors = np.abs(rng.normal(0, 1, 40)[author])
    by_author = metrics.cluster_bootstrap(errors, np.ones(1000), author)
    by_row = metrics.cluster_bootstrap(errors, np.ones(1000), np.arange(1000))
    assert by_author.std() > 3 * by_row.std()
    assert by_author.mean() == pytest.approx(errors.mean(), abs=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["yt_shorts_6h", "yt_trending_1h", "tg_ru_1h"])
def test_every_real_set_goes_through_the_same_backtest(shared_data, name):
    found = workflows.backtest(shared_data / name, "views_24h", "Asia/Seoul")
    ours = [row for row in found.rows if row["model"] == "otklik" and row["stratum"] == "all"]
    assert {row["prediction_age_h"] for row in ours} == {0, 1, 2, 3, 6, 12}


@pytest.mark.slow
def test_the_claim_of_the_readme_holds_on_real_news(shared_data):
    found = workflows.backtest(shared_data / "yt_news_6h", "views_24h", "Asia/Seoul")
    row = {(one["prediction_age_h"], one["stratum"]): one for one in found.rows if one["model"] == "otklik"}
    live, draft = row[6, "all"], row[0, "all"]
    assert live["log_mae"] <= 0.53
    assert live["vs_best_baseline"]["ratio"] <= 0.95
    assert live["vs_best_baseline"]["hi"] < 1
    assert draft["vs_author_median"]["hi"] < 1
    for one in (live, draft, row[6, "last_weeks"], row[0, "last_weeks"]):
        assert 0.76 <= one["coverage_80"] <= 0.84
    assert all(one["coverage_80"] >= 0.70 for one in row.values() if one["n"] >= 200)
