"""Quota days, daylight saving time included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from otklik.collect.quota import PACIFIC, Bucket, Window, allowance, first_slot, resets_at, slot_of

instants = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
DAY = Bucket("youtube", "stats", 10_000, Window.PACIFIC_DAY, "test")
ROLLING = Bucket("vk", "wall.get", 5_000, Window.ROLLING_DAY, "test")


@given(instants)
def test_a_pacific_day_begins_and_ends_at_midnight_in_los_angeles(now):
    begin, end = slot_of(Window.PACIFIC_DAY, now), resets_at(Window.PACIFIC_DAY, now)
    assert begin <= now < end
    assert begin.astimezone(PACIFIC).hour == end.astimezone(PACIFIC).hour == 0
    assert end - begin in (timedelta(hours=23), timedelta(hours=24), timedelta(hours=25))


def test_the_days_of_the_clock_change_have_23_and_25_hours():
    spring, autumn = datetime(2026, 3, 8, 12, tzinfo=UTC), datetime(2026, 11, 1, 12, tzinfo=UTC)
    for now, hours in ((spring, 23), (autumn, 25)):
        length = resets_at(Window.PACIFIC_DAY, now) - slot_of(Window.PACIFIC_DAY, now)
        assert length == timedelta(hours=hours)


@given(instants, st.floats(0, 86_399))
def test_a_call_counts_in_a_rolling_day_for_at_least_24_hours(now, later):
    slot, after = slot_of(Window.ROLLING_DAY, now), now + timedelta(seconds=later)
    assert slot >= first_slot(Window.ROLLING_DAY, after)
    assert resets_at(Window.ROLLING_DAY, now) >= now + timedelta(days=1)


@given(instants, st.integers(0, 12_000), st.floats(1 / 60, 24))
def test_a_slice_never_passes_what_is_left_and_keeps_the_reserve(now, spent, tick):
    for bucket in (DAY, ROLLING):
        slice_ = allowance(bucket, spent, now, tick)
        assert 0 <= slice_ <= max(0, bucket.limit * 0.95 - spent)
    assert allowance(DAY, 9_600, now, tick) == 0
    assert allowance(DAY, 9_600, now, 24.0, is_reserve_open=True) > 0


def test_a_day_of_greedy_passes_spends_the_bucket_but_not_the_reserve():
    now, spent = datetime(2026, 11, 23, 8, tzinfo=UTC), 0
    for _ in range(288):
        spent += allowance(DAY, spent, now, 1 / 12)
        now += timedelta(minutes=5)
    assert 9_400 <= spent <= 9_500
