"""Retries and pace."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime

import pytest

from otklik.clock import FastClock, StillClock, SystemClock
from otklik.collect.http import ATTEMPTS, Pace, with_retries
from otklik.errors import ConfigurationError, TransientError

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_fault_that_stays_is_raised_after_a_few_growing_waits():
    clock, calls = StillClock(START), []

    def ask():
        calls.append(clock.monotonic())
        raise TransientError("busy")

    with pytest.raises(TransientError, match="busy"):
        with_retries(ask, clock, random.Random(1))
    waits = [b - a for a, b in itertools.pairwise(calls)]
    assert len(calls) == ATTEMPTS
    assert all(0.5 * 2**n <= wait <= 2**n for n, wait in enumerate(waits))


def test_a_wait_that_the_platform_asks_for_is_kept_unless_it_is_too_long():
    clock, told = StillClock(START), [7.0, 3600.0]

    def ask():
        raise TransientError("slow down", retry_after_s=told[0])

    with pytest.raises(TransientError):
        with_retries(ask, clock, random.Random(1))
    assert clock.monotonic() == 7.0 * (ATTEMPTS - 1)
    told.pop(0)
    with pytest.raises(TransientError):
        with_retries(ask, clock, random.Random(1))
    assert clock.monotonic() == 7.0 * (ATTEMPTS - 1)  # not one attempt more


def test_what_will_not_mend_itself_is_not_asked_again():
    calls = []

    def ask():
        calls.append(1)
        raise ConfigurationError("bad key")

    with pytest.raises(ConfigurationError):
        with_retries(ask, StillClock(START), random.Random(1))
    assert calls == [1]


def test_a_pace_is_kept_and_a_clock_set_back_an_hour_does_not_stop_it():
    clock = StillClock(START)
    pace = Pace(3.0, clock)
    for _ in range(4):
        pace.wait()
    assert clock.monotonic() == pytest.approx(1.0)
    clock.set(datetime(2025, 12, 31, 23, tzinfo=UTC))
    pace.wait()
    assert clock.monotonic() == pytest.approx(4 / 3)


def test_clocks_go_forward():
    fast = FastClock(START, 1000.0)
    first, mono = fast.now(), fast.monotonic()
    fast.sleep(5)
    assert (fast.now() - first).total_seconds() >= 5
    assert fast.monotonic() >= mono + 5
    system = SystemClock()
    system.sleep(-1)
    assert system.now().tzinfo is UTC
    assert system.monotonic() <= system.monotonic()
