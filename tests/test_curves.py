"""Curves agree with the slow oracle, and know nothing of the future unless they say so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import curve_oracle as oracle
from otklik.curves import Curve
from otklik.errors import DataError

N_ROWS = 4
AGES = st.integers(0, 72 * 60).map(lambda minutes: minutes / 60)
VALUES = st.one_of(st.integers(0, 30).map(float), st.integers(0, 10**9).map(float), st.just(float("nan")))
LOOKS = st.lists(st.tuples(st.integers(0, N_ROWS - 1), AGES, VALUES), max_size=40)


def curve_of(raw):
    row, age, value = zip(*raw, strict=True) if raw else ((), (), ())
    return Curve.of(row, age, value, N_ROWS)


@settings(max_examples=150, deadline=None)
@given(raw=LOOKS, age=AGES, window=st.sampled_from([0.5, 3.0, 24.0]))
def test_every_reading_equals_the_slow_obvious_one(raw, age, window):
    curve, rows = curve_of(raw), np.arange(N_ROWS)
    last, following = curve.last(rows, age), curve.next(rows, age)
    for row in rows:
        looks = oracle.looks_of(raw, row)
        expected = {
            "last": (oracle.last(looks, age), (last.age_h[row], last.value[row])),
            "next": (oracle.following(looks, age), (following.age_h[row], following.value[row])),
            "count": (oracle.count(looks, age), curve.count(rows, age)[row]),
            "interpolate": (oracle.interpolate(looks, age), curve.interpolate(rows, age)[row]),
            "velocity": (oracle.velocity(looks, age, window), curve.velocity(rows, age, window)[row]),
            "plateau": (oracle.plateau(looks, age), curve.plateau_h(rows, age)[row]),
            "corrections": (oracle.corrections(looks, age), curve.n_corrections(rows, age)[row]),
        }
        for name, (wanted, got) in expected.items():
            np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-9, err_msg=name)


@settings(max_examples=80, deadline=None)
@given(raw=LOOKS, later=LOOKS, age=AGES)
def test_readings_as_of_an_age_ignore_every_later_look(raw, later, age):
    future = [(row, age + 0.01 + more, value) for row, more, value in later]
    now, then = curve_of(raw), curve_of(raw + future)
    past_now = curve_of([look for look in raw if look[1] <= age])
    rows = np.arange(N_ROWS)
    for curve in (then, past_now):
        np.testing.assert_array_equal(curve.last(rows, age).value, now.last(rows, age).value)
        np.testing.assert_array_equal(curve.count(rows, age), now.count(rows, age))
        np.testing.assert_array_equal(curve.velocity(rows, age, 3.0), now.velocity(rows, age, 3.0))
        np.testing.assert_array_equal(curve.acceleration(rows, age, 3.0), now.acceleration(rows, age, 3.0))
        np.testing.assert_array_equal(curve.plateau_h(rows, age), now.plateau_h(rows, age))
        np.testing.assert_array_equal(curve.n_corrections(rows, age), now.n_corrections(rows, age))


@settings(max_examples=80, deadline=None)
@given(raw=LOOKS, age=AGES)
def test_an_interpolated_count_lies_between_its_two_looks(raw, age):
    curve, rows = curve_of(raw), np.arange(N_ROWS)
    low, high = curve.last(rows, age).value, curve.next(rows, age).value
    said = curve.interpolate(rows, age)
    inside = np.isfinite(said)
    assert (said[inside] >= np.fmin(low, high)[inside]).all()
    assert (said[inside] <= np.fmax(low, high)[inside]).all()
    assert (np.isfinite(curve.bracket_width(rows, age)) == inside).all()


def test_acceleration_is_the_change_of_velocity_by_the_window():
    curve = Curve.of([0] * 3, [1.0, 2.0, 3.0], [0, 10, 40], 1)
    assert curve.acceleration([0], [3.0], 1.0).tolist() == [20.0]


def test_sorted_looks_are_taken_as_they_are_and_give_the_same_curve():
    rng = np.random.default_rng(0)
    row, age = np.repeat(np.arange(50), 8), rng.random(400) * 48
    mixed = Curve.of(row, age, np.arange(400.0), 50)
    again = Curve.of(mixed.row, mixed.age_h, mixed.value, 50, presorted=True)
    np.testing.assert_array_equal(again.last(np.arange(50), 24.0).value, mixed.last(np.arange(50), 24.0).value)


@pytest.mark.parametrize(
    ("row", "age", "value", "sorted_already", "message"),
    [
        ([0, 1], [1.0], [5.0], False, "of one length"),
        ([-1], [1.0], [5.0], False, "rows are counted from 0"),
        ([7], [1.0], [5.0], False, "rows are counted from 0"),
        ([0], [-0.5], [5.0], False, "0.5 h before its post"),
        ([1, 0], [1.0, 1.0], [5.0, 6.0], True, "must be sorted"),
    ],
)
def test_looks_that_cannot_be_are_refused(row, age, value, sorted_already, message):
    with pytest.raises(DataError, match=message):
        Curve.of(row, age, value, 2, presorted=sorted_already)


def test_a_question_about_no_age_has_no_answer():
    curve = Curve.of([0], [1.0], [5.0], 1)
    assert np.isnan(curve.last([0], [np.nan]).value).all()
    assert np.isnan(curve.next([0], [np.nan]).value).all()
    assert curve.last([0], [np.inf]).value.tolist() == [5.0]
