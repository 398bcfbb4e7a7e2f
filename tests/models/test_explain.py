"""Reasons sum to the forecast, feature by feature, and stand beside what is usual for the author."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from otklik.dataset.examples import Examples, at_age
from otklik.dataset.targets import VIEWS_24H, labels
from otklik.features import CATALOG, Table, assemble
from otklik.features.likeness import own_posts
from otklik.models.boosted import Boosted
from otklik.models.explain import FEATURE_OF_TERM, JOINED, explain, feature_effects, group_of
from otklik.models.trend import TERMS

ZONE = "Europe/Moscow"
NAMES = {feature.name for feature in CATALOG}


@pytest.fixture(scope="module")
def table(corpus) -> Table:
    """Drafts and looks at two ages."""
    rows = np.flatnonzero(labels(corpus, VIEWS_24H)["value"].notna().to_numpy())
    parts = [at_age(corpus, rows, age_h) for age_h in (0.0, 5.0, 12.0)]
    return Table.joined([assemble(corpus, one, target=VIEWS_24H, zone=ZONE) for one in parts])


@pytest.fixture(scope="module")
def fitted(table) -> Boosted:
    return Boosted().fit(table)


def one_of(table: Table, *, live: bool, number: int = -1) -> Table:
    found = np.flatnonzero(table.meta["size"].notna().to_numpy() == live)
    return table.at(found[[number]])


@pytest.mark.parametrize("live", [False, True])
def test_effects_of_features_sum_to_their_groups_and_to_the_forecast(fitted, table, live):
    for number in (-1, -30, 5):
        one = one_of(table, live=live, number=number)
        point = fitted.point(one) + 0.1
        why, effects = explain(fitted, one, point)[0], feature_effects(fitted, one, None, point=point)
        for group in why.contributions:
            told = sum(effect.log_effect for effect in effects if group_of(effect.name) == group.group)
            assert told == pytest.approx(group.log_effect, abs=1e-9), group.group
        total = why.start_log + sum(effect.log_effect for effect in effects)
        assert total == pytest.approx(float(point[0]), abs=1e-9)


def test_effects_are_told_largest_first_by_names_of_the_catalogue(fitted, table):
    effects = feature_effects(fitted, one_of(table, live=True), None)
    sizes = [abs(effect.log_effect) for effect in effects]
    assert sizes == sorted(sizes, reverse=True)
    assert {effect.name for effect in effects} <= NAMES | {"topic", "calibration"}
    assert not any(effect.name in JOINED for effect in effects)
    assert all(effect.usual is None for effect in effects)


def test_every_term_of_the_trend_is_told_by_a_feature_of_its_group():
    assert dict(TERMS) == {term: group_of(name) for term, name in FEATURE_OF_TERM.items()}
    assert set(FEATURE_OF_TERM.values()) <= NAMES


def test_the_usual_value_is_that_of_the_author_s_earlier_posts_at_the_same_age(corpus, fitted, table):
    subject = one_of(table, live=True, number=-1)
    own = own_posts(corpus, subject, target=VIEWS_24H, zone=ZONE)
    assert own is not None
    told = {effect.name: effect for effect in feature_effects(fitted, subject, own)}
    shown = told["early__size_lift"]
    assert shown.value == pytest.approx(float(subject.X["early__size_lift"].iloc[0]))
    assert shown.usual == pytest.approx(float(np.nanmedian(own.X["early__size_lift"].to_numpy()[-20:])))


def stood_at(hours: list[float], days: list[float]) -> Table:
    X = pd.DataFrame({"calendar__hour_local": hours, "calendar__weekday": days})
    return Table(X, pd.DataFrame({"published_us": np.arange(len(hours))}))


@pytest.mark.parametrize(
    ("hours", "usual"),
    [
        ([23.5, 0.5, 23.0, 0.0, 1.0], 0.0),  # a median of numbers would say 1:00 or noon
        ([0.0, 5.0, 10.0, 15.0, 20.0], None),
        ([12.0] * 4, None),  # too few posts
    ],
)
def test_the_usual_hour_is_on_the_circle_of_the_day_or_there_is_none(fitted, table, hours, usual):
    subject = one_of(table, live=False, number=-3)
    effects = feature_effects(fitted, subject, stood_at(hours, [4.0] * len(hours)))
    told = {effect.name: effect.usual for effect in effects}
    assert told["calendar__hour_local"] == usual


def test_a_weekday_is_usual_only_when_most_posts_come_out_on_it(fitted, table):
    subject = one_of(table, live=False, number=-3)
    for days, usual in (([4.0, 4.0, 4.0, 0.0, 6.0], 4.0), ([0.0, 1.0, 2.0, 3.0, 4.0], None)):
        told = {one.name: one.usual for one in feature_effects(fitted, subject, stood_at([12.0] * 5, days))}
        assert told["calendar__weekday"] == usual


def test_a_value_that_is_not_known_stays_so_and_later_looks_change_nothing(corpus, fitted, table):
    subject = one_of(table, live=False)
    told = feature_effects(fitted, subject, None)
    for effect in told:
        if effect.name in subject.X:
            value = float(subject.X[effect.name].iloc[0])
            assert (effect.value is None) == math.isnan(value)
    assert told == feature_effects(fitted, subject, None)


def test_more_than_one_example_is_refused(fitted, table):
    with pytest.raises(ValueError, match="one example, but it has 2"):
        feature_effects(fitted, table.at(np.arange(2)), None)


def test_an_untrained_model_has_no_reasons(corpus):
    rows = np.array([len(corpus) - 1])
    one = assemble(corpus, Examples(rows, corpus.published_us[rows]), target=VIEWS_24H, zone=ZONE)
    assert feature_effects(Boosted(), one, None) == ()
