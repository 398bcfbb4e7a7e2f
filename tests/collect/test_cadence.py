"""When a post is due next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.collect.cadence import BURST_EVERY_H, STANDARD, next_due, parse
from otklik.errors import ConfigurationError

T0 = datetime(2026, 11, 23, tzinfo=UTC)
ages = st.floats(0, 800, allow_nan=False)


def at(age_h: float) -> datetime:
    return T0 + timedelta(hours=age_h)


def test_the_standard_cadence_is_dense_early_and_ends_after_thirty_days():
    assert STANDARD.looks_before(1) == 12
    assert STANDARD.looks_before(6) == 12 + 20
    assert STANDARD.looks_before(24) == 68
    assert STANDARD.looks_before(72) == 68 + 48
    assert STANDARD.until_h == 720


def test_a_post_that_was_never_seen_is_due_since_its_publication():
    assert next_due(T0, None, at(5)).at == T0


@given(ages)
def test_the_next_look_lies_after_the_last_one_by_at_least_half_its_gap(age):
    due = next_due(T0, at(age), at(age))
    if due is None:
        assert age > 720 - 0.01
    else:
        assert due.at > at(age)
        assert (due.at - at(age)).total_seconds() / 3600 >= 0.49 * due.gap_h


@given(ages, st.floats(0, 100))
def test_a_look_at_any_age_serves_all_slots_before_it(age, later):
    first, second = next_due(T0, at(age), at(age)), next_due(T0, at(age + later), at(age + later))
    assert second is None or (first is not None and second.at >= first.at)


@given(st.text(min_size=1), ages)
def test_jitter_never_moves_a_look_by_more_than_a_tenth_of_its_gap(name, age):
    plain, moved = next_due(T0, at(age), at(age)), next_due(T0, at(age), at(age), name=name)
    assert (plain is None) == (moved is None)
    if plain is not None:
        assert 0 <= (moved.at - plain.at).total_seconds() / 3600 <= 0.1 * plain.gap_h + 1e-6


def test_looking_at_every_due_time_takes_exactly_the_slots_of_the_cadence():
    looked, looks = None, 0
    while (due := next_due(T0, looked, looked or T0, name="abc")) is not None:
        looked, looks = max(due.at, T0), looks + 1
    assert looks == len(STANDARD.slots) + 1  # the first look is at age 0


def test_looks_on_a_grid_as_wide_as_the_gap_serve_every_slot_and_not_every_other_one():
    tick, published = timedelta(minutes=5), T0 - timedelta(minutes=2, seconds=34)
    ages, due, now = [], T0, T0
    while now < T0 + timedelta(hours=1):
        if due <= now:
            ages.append((now - published).total_seconds() / 60)
            due = next_due(published, now, now, served=due, name="x").at
        now += tick
    assert len(ages) == 12


def test_a_look_taken_early_serves_the_slot_it_was_taken_for():
    due = next_due(T0, at(2.0), at(2.0))
    assert due.at == at(2.25)
    assert next_due(T0, at(2.15), at(2.15), served=due.at).at == at(2.5)
    assert next_due(T0, at(2.15), at(2.15)).at == at(2.15 + 0.125), "a look for nothing in particular serves no slot"


def test_a_look_that_came_late_skips_the_slots_it_has_missed():
    assert next_due(T0, at(3.0), at(3.0)).at == at(3.25)


def test_failures_push_the_next_look_back_and_the_wait_grows_to_six_hours():
    waits = [(next_due(T0, at(1), at(1), failures=n).at - at(1)).total_seconds() / 60 for n in (1, 2, 3, 12)]
    assert waits == [15, 15, 20, 360]


def test_a_changed_title_brings_a_burst_of_looks_that_ends():
    due = next_due(T0, at(100), at(100), changed_at=at(100))
    assert (due.at - at(100)).total_seconds() / 3600 == BURST_EVERY_H
    later = next_due(T0, at(107), at(107), changed_at=at(100))
    assert later.at == at(168)


def test_a_premiere_is_left_alone_until_it_begins():
    assert next_due(at(5), None, T0, starts_at=at(5)).at == at(5)


@pytest.mark.parametrize(
    "text", ["", "often", "5min", "5min to", "at", "1h to 5h, 5min to 2h", "at 7d, 1h to 200h", "0h to 3h"]
)
def test_a_cadence_that_makes_no_sense_is_refused(text):
    with pytest.raises(ConfigurationError, match=r"cadence|rise|duration"):
        parse(text)
