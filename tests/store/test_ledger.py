"""The ledger knows of every call before it is sent, and of no limit passed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from otklik.errors import QuotaExhausted
from otklik.store import Booking, Ledger, Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def booking(limit: int | None = 10, slot: datetime = NOW, since: datetime | None = None) -> Booking:
    return Booking("youtube", "stats", slot, since or slot, limit, NOW + timedelta(hours=20))


def test_a_bucket_gives_its_limit_and_not_one_more(store):
    ledger = Ledger(store)
    for _ in range(10):
        ledger.spend(booking(), NOW)
    with pytest.raises(QuotaExhausted) as told:
        ledger.spend(booking(), NOW)
    assert told.value.reset_at == NOW + timedelta(hours=20)
    assert ledger.spent(booking()) == 10, "what was refused is not booked"


def test_a_bucket_without_a_limit_is_counted_too(store):
    Ledger(store).spend(booking(None), NOW, 1000)
    assert Ledger(store).spent(booking(None)) == 1000


def test_slots_of_before_count_as_long_as_the_window_reaches(store):
    ledger, hour = Ledger(store), timedelta(hours=1)
    for number in range(4):
        ledger.spend(booking(100, NOW + number * hour), NOW, 5)
    assert ledger.spent(booking(100, NOW + 3 * hour, NOW + 2 * hour)) == 10
    ledger.forget(NOW + 3 * hour)
    assert ledger.spent(booking(100, NOW + 3 * hour, NOW)) == 5


def test_a_closed_bucket_gives_nothing_until_it_opens(store):
    ledger, until = Ledger(store), NOW + timedelta(hours=1)
    ledger.close(booking(), until, "it said so")
    with pytest.raises(QuotaExhausted, match="has closed"):
        ledger.spend(booking(), NOW)
    assert ledger.closed_until(booking(), NOW) == until
    assert ledger.closed_until(booking(), until) is None
    ledger.spend(booking(), until)


def test_projects_and_buckets_do_not_pay_for_each_other(store):
    Ledger(store).spend(booking(), NOW, 10)
    Ledger(store, "another").spend(booking(), NOW, 10)
    other = Booking("youtube", "search", NOW, NOW, 10, NOW)
    Ledger(store).spend(other, NOW, 10)
    assert Ledger(store).spent(booking()) == 10


def test_two_collectors_cannot_both_take_the_last_call(new_database):
    where = new_database()

    def spend(number: int) -> int:
        with Store.open(where) as store:
            taken = 0
            for _ in range(40):
                try:
                    Ledger(store).spend(booking(100), NOW)
                except QuotaExhausted:
                    break
                taken += 1
            return taken

    with Store.open(where):
        pass
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(spend, range(4)))
    assert sum(taken) == 100
    with Store.open(where) as store:
        assert Ledger(store).spent(booking(100)) == 100
