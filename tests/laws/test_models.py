"""Every model passes the same laws; ours learns what can be learned and nothing from noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from check_model import check_model

from otklik import metrics
from otklik.dataset.examples import at_age
from otklik.dataset.targets import VIEWS_24H, labels
from otklik.evaluate import concatenate, tables
from otklik.features import Table, assemble
from otklik.models.base import is_live
from otklik.models.baselines import BASELINES, AuthorMedian
from otklik.models.boosted import Boosted
from otklik.models.explain import explain
from otklik.models.forecaster import models

ZONE = "Europe/Moscow"


@pytest.fixture(scope="module")
def halves(corpus) -> tuple[Table, Table]:
    """Older half for training, newer half for testing; drafts and looks together."""
    labelled = labels(corpus, VIEWS_24H)["value"].notna().to_numpy()
    drafts, looks, _ = tables(corpus, VIEWS_24H, labelled, ZONE)
    table = concatenate([drafts, looks])
    middle = np.median(table.meta["published_us"])
    older = (table.meta["published_us"] < middle).to_numpy()
    return table.at(older), table.at(~older)


@pytest.fixture(scope="module")
def fitted(halves) -> Boosted:
    return Boosted().fit(halves[0])


@pytest.mark.parametrize("model", models(), ids=lambda model: model.name)
def test_every_model_keeps_the_contract(model, halves):
    check_model(model, *halves)


@pytest.mark.parametrize("kind", BASELINES, ids=lambda kind: kind.name)
def test_a_baseline_is_its_numbers(kind, halves):
    import json

    model = kind().fit(halves[0])
    again = kind(json.loads(json.dumps(model.state)))
    np.testing.assert_array_equal(again.point(halves[1]), model.point(halves[1]))


@pytest.mark.parametrize("kind", [Boosted, *BASELINES], ids=lambda kind: kind.name)
def test_models_fitted_on_next_to_nothing_still_forecast(kind, halves):
    few = halves[0].at(np.arange(3))
    assert np.isfinite(kind().fit(few).point(halves[1])).all()


def test_ours_beats_the_author_s_median_where_there_is_something_to_learn(fitted, halves):
    drafts = halves[1].at(~is_live(halves[1]))
    ours = metrics.log_mae(drafts.y_log, fitted.point(drafts))
    usual = metrics.log_mae(drafts.y_log, AuthorMedian().fit(halves[0]).point(drafts))
    assert ours < 0.97 * usual


def test_shuffled_outcomes_teach_nothing(halves):
    train, test = (half.at(~is_live(half)) for half in halves)
    rng = np.random.default_rng(5)
    lifts = train.y_log - train.meta["baseline_log"].to_numpy()
    noise = Table(train.X, train.meta.assign(y_log=train.meta["baseline_log"] + rng.permutation(lifts)), train.vectors)
    said = Boosted().fit(noise).point(test) - test.meta["baseline_log"].to_numpy()
    true = test.y_log - test.meta["baseline_log"].to_numpy()
    known = np.isfinite(said) & np.isfinite(true)
    correlation = metrics.spearman(true[known], said[known])
    assert np.isnan(correlation) or abs(correlation) < 0.2


def test_contributions_and_the_start_sum_to_the_forecast(fitted, halves):
    some = halves[1].at(np.arange(0, len(halves[1]), 23))
    point = fitted.point(some)
    for one, said in zip(explain(fitted, some, point), point, strict=True):
        total = one.start_log + sum(part.log_effect for part in one.contributions)
        assert total == pytest.approx(said, abs=1e-9)
        by_group = {part.group: part.log_effect for part in one.contributions}
        floor = np.maximum(0, -sum(by_group.values()))
        assert abs(by_group["calibration"]) <= 1e-6 + floor


def test_scaling_an_author_s_history_scales_the_forecast_of_a_draft(cohort, fitted):
    from otklik.dataset.corpus import Corpus

    counters = ["views", "likes", "comments", "shares"]
    said = []
    # Large counts on both sides: at a few views "one more" is not a matter of scale.
    for factor in (1_000, 1_000_000):
        looks = cohort.snapshots.copy()
        looks[counters] = looks[counters] * factor
        corpus = Corpus.of(cohort.posts.assign(followers=cohort.posts["followers"] * factor), looks)
        rows = np.arange(len(corpus) - 40, len(corpus))
        said.append(fitted.point(assemble(corpus, at_age(corpus, rows, 0.0), target=VIEWS_24H, zone=ZONE)))
    np.testing.assert_allclose(said[1] - said[0], np.log(1_000), atol=0.02)


def test_training_twice_gives_the_same_model(fitted, halves):
    again = Boosted().fit(halves[0])
    np.testing.assert_array_equal(again.point(halves[1]), fitted.point(halves[1]))


def test_the_order_of_training_examples_hardly_matters(fitted, halves):
    order = np.random.default_rng(0).permutation(len(halves[0]))
    again = Boosted().fit(halves[0].at(order))
    gap = np.abs(again.point(halves[1]) - fitted.point(halves[1]))
    assert np.median(gap) < 0.1


def test_a_table_is_not_needed_whole(fitted, halves):
    one = halves[1].at(np.array([0]))
    assert isinstance(one.meta, pd.DataFrame)
    np.testing.assert_allclose(fitted.point(one), fitted.point(halves[1])[:1])
