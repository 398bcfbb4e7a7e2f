"""The rungs against second computations of the same thing, and against the truth of simulated cohorts."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pyfixest
import pytest

from otklik.errors import DataError
from otklik.evidence import house_claims
from otklik.evidence.double_ml import double_ml
from otklik.evidence.falsification import permutation, placebo, previous_post
from otklik.evidence.fixed import excess, partialled, raw, with_controls, within
from otklik.evidence.interaction import interaction
from otklik.evidence.measurement import corrected
from otklik.evidence.mediation import mediation
from otklik.evidence.panel import panel_of
from otklik.evidence.simulated import simulated_frame
from otklik.evidence.slope import slope

HOUSE = {one.id: one for one in house_claims()}
REACH, SHARING = HOUSE["sign_reach"], HOUSE["sign_sharing"]
TRUE = float(np.log1p(0.1))


@pytest.fixture(scope="module")
def frame():
    return simulated_frame(4000, effect=0.1, seed=3)


def as_table(panel):
    table = pd.DataFrame(panel.controls, columns=[f"c{i}" for i in range(panel.controls.shape[1])])
    table["x"], table["y"], table["offset"] = panel.x, panel.y, panel.offset
    table["author"], table["week"], table["hour"] = panel.author, panel.week, panel.hour
    return table, " + ".join(["x", *(f"c{i}" for i in range(panel.controls.shape[1]))])


def test_the_fixed_effects_rung_of_reach_is_that_of_pyfixest(frame):
    panel = panel_of(frame, REACH)
    table, right = as_table(panel)
    found, _ = within(panel, "it")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = pyfixest.feols(f"y ~ {right} | author + week + hour", table, vcov={"CRV1": "author"})
    assert found.log == pytest.approx(other.coef()["x"], abs=1e-7)
    assert found.se == pytest.approx(other.se()["x"], rel=0.1)


def test_the_fixed_effects_rung_of_sharing_is_the_weighted_poisson_model_of_pyfixest(frame):
    panel = panel_of(frame, SHARING)
    table, right = as_table(panel)
    formula = f"y ~ {right} | author + week + hour"
    found, _ = within(panel, "it")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = pyfixest.fepois(formula, table, offset="offset")
        fitted = plain.predict(type="response")
        table["trust"] = 1 / (1 + excess(panel.y, fitted) * fitted)
        other = pyfixest.fepois(formula, table, vcov={"CRV1": "author"}, offset="offset", weights="trust")
    assert found.log == pytest.approx(other.coef()["x"], abs=1e-5)
    assert found.se == pytest.approx(other.se()["x"], rel=0.15)


def test_the_jackknife_leaves_each_author_out():
    rng = np.random.default_rng(0)
    author = np.repeat(np.arange(12), rng.integers(3, 30, 12))
    n = len(author)
    x, weight = rng.normal(size=n), rng.uniform(0.5, 2, n)
    y = 0.3 * x + rng.normal(size=n) + 0.5 * rng.normal(size=12)[author]
    found = slope(x, y, weight, author)
    moved = []
    for one in range(12):
        kept = author != one
        moved.append((weight * x * y)[kept].sum() / (weight * x * x)[kept].sum() - found.log)
    assert found.se == pytest.approx(np.sqrt(11 / 12 * np.sum(np.square(moved))), rel=1e-12)
    assert found.effective < 12


def test_one_author_alone_has_no_error_that_can_be_told():
    x = np.array([1.0, -1.0, 1.0, -1.0])
    assert np.isinf(slope(x, x, np.ones(4), np.zeros(4, np.int64)).se)


@pytest.mark.parametrize("claim", [REACH, SHARING], ids=["reach", "sharing"])
def test_raw_and_controlled_differences_are_fooled_and_the_upper_rungs_are_not(frame, claim):
    panel = panel_of(frame, claim)
    found, _ = within(panel, "it")
    double = double_ml(panel, seed=0, sensitivity=False).slope
    for fooled in (raw(panel), with_controls(panel)):
        assert fooled.lo > TRUE
    for honest in (found, double):
        assert honest.lo <= TRUE <= honest.hi
        assert abs(honest.log - TRUE) < 0.06


def test_holding_the_mediator_fixed_loses_part_of_the_effect(frame):
    total, _ = within(panel_of(frame, REACH), "it")
    less, _ = within(panel_of(frame, replace(REACH, controls=(*REACH.controls, REACH.mediator), mediator=None)), "it")
    assert less.log < total.log - 0.02


def test_the_mediated_half_is_found_and_adds_up(frame):
    panel = panel_of(frame, REACH)
    total, taken = within(panel, "it")
    found = mediation(frame, REACH, panel, taken, seed=0)
    assert found.indirect + found.direct == pytest.approx(total.log, abs=1e-9)
    assert found.lo <= TRUE / 2 <= found.hi
    assert found.lo > 0
    assert found == mediation(frame, REACH, panel, taken, seed=0)


def test_text_topics_that_confound_are_seen_by_the_partially_linear_rung_only():
    frame = simulated_frame(6000, effect=0.0, seed=5, topic_confounding=0.5)
    panel = panel_of(frame, REACH)
    found, _ = within(panel, "it")
    double = double_ml(panel, seed=0)
    assert found.lo > 0.1
    assert abs(double.slope.log) < 0.5 * found.log
    assert double.like_topics_lo < double.slope.log < double.like_topics_hi


def test_a_stronger_effect_needs_a_stronger_hidden_confounder():
    values = [
        double_ml(panel_of(simulated_frame(3000, effect=effect, seed=2), REACH), seed=0).robustness
        for effect in (0.05, 0.4)
    ]
    assert 0 <= values[0] < values[1] < 1


def test_shuffled_exposures_of_a_real_effect_do_worse_and_of_none_as_well(frame):
    assert permutation(panel_of(frame, REACH), seed=0, draws=99).passed
    nothing = panel_of(simulated_frame(2000, seed=8), REACH)
    assert permutation(nothing, seed=0, draws=99).p == permutation(nothing, seed=0, draws=99).p
    assert not permutation(nothing, seed=0, draws=99).passed


def test_the_previous_post_gives_away_an_author_who_uses_signs_after_a_success():
    frame = simulated_frame(4000, seed=4)
    assert previous_post(panel_of(frame, REACH)).passed
    ordered = frame.sort_values(["author", "published_us"])
    before = ordered.groupby("author")["reach"].shift(1) - ordered.groupby("author")["reach"].transform("mean")
    ordered["sign__n_classes"] = (before.fillna(0) + np.random.default_rng(0).normal(0, 0.5, len(frame)) > 0).astype(
        float
    )
    assert not previous_post(panel_of(ordered, REACH)).passed


def test_a_placebo_of_foreign_places_does_nothing(frame):
    found = placebo(frame, REACH)
    assert found.slope.lo < 0 < found.slope.hi
    assert not found.decides
    assert placebo(frame, HOUSE["emotion_reach"]) is None


def test_the_joint_test_sees_parts_that_add_something_together():
    frame = simulated_frame(6000, seed=6)
    claim = HOUSE["synergy_reach"]

    def wald(table):
        panel = panel_of(table, claim)
        found, taken = within(panel, "it")
        return found, interaction(table, claim, panel, taken, found.df)

    _, nothing = wald(frame)
    assert nothing.terms == 4
    assert nothing.p > 0.01
    whole = claim.exposure.of(frame)
    found, there = wald(frame.assign(reach=frame["reach"] + 0.5 * whole))
    assert there.p < 1e-4
    assert found.lo < 0.5 < found.hi


def test_a_detector_that_errs_draws_the_effect_to_0_and_the_correction_takes_it_back(frame):
    rng = np.random.default_rng(0)
    truth = frame["sign__n_classes"].to_numpy() > 0
    strong = frame.assign(reach=frame["reach"] + 0.4 * truth)
    seen = np.where(truth, rng.random(len(frame)) < 0.87, rng.random(len(frame)) < 0.2)
    panel = panel_of(strong.assign(sign__n_classes=seen.astype(float)), REACH)
    found, _ = within(panel, "it")
    better = corrected(REACH, panel, found)
    assert abs(better.log - (0.4 + TRUE)) < abs(found.log - (0.4 + TRUE))
    assert better.lo < better.log < better.hi


def test_posts_that_cannot_be_compared_are_left_out_until_nothing_changes(frame):
    lonely = pd.concat([frame, frame.iloc[[0]].assign(author=9999, unit=9999)], ignore_index=True)
    assert 9999 not in panel_of(lonely, REACH).author
    silent = frame.assign(shares=np.where(frame["author"] == 3, 0, frame["shares"]))
    assert 3 not in panel_of(silent, SHARING).author


@pytest.mark.parametrize(
    ("change", "claim", "told"),
    [
        ({"shares": 0.0}, SHARING, "the outcome is zero for all"),
        ({"reach": 5.0}, REACH, "the outcome is the same for all"),
        ({"sign__n_classes": 1.0}, REACH, "the exposure does not vary inside any author"),
        ({"author": 0}, REACH, "posts of 1 authors can be compared"),
        ({"sign__n_classes": lambda one: one["author"] % 2.0}, REACH, "the exposure does not vary inside any author"),
    ],
)
def test_a_panel_that_cannot_tell_anything_says_why(frame, change, claim, told):
    with pytest.raises(DataError, match=told):
        panel_of(frame.assign(**change), claim)


def test_an_exposure_that_is_its_own_control_is_told(frame):
    with pytest.raises(DataError, match="collinear with its controls"):
        within(panel_of(frame, replace(REACH, controls=(REACH.exposure,))), "mine")


def test_without_the_exposure_nothing_of_the_controls_is_left(frame):
    null = partialled(panel_of(frame, SHARING), exposed=False)
    assert np.abs((null.weight * null.x) @ null.controls).max() < 1e-5
    assert np.abs((null.weight * null.y) @ null.controls).max() < 1e-5
