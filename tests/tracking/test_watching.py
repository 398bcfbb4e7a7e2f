"""Passes on a schedule: one after the other, until asked to stop."""

from __future__ import annotations

import threading
import time

import pytest

from otklik.errors import ConfigurationError
from otklik.tracking.watching import Stop, watch


def test_passes_never_overlap_and_end_with_the_one_in_hand():
    stop, running, made = Stop(), threading.Semaphore(1), []

    def one() -> None:
        assert running.acquire(blocking=False), "two passes at once"
        time.sleep(0.05)
        made.append(len(made))
        running.release()
        if len(made) == 4:
            stop.ask()

    watch(one, 0.02, stop)
    assert made == [0, 1, 2, 3]
    assert running.acquire(blocking=False), "the last pass was finished"


def test_a_pass_that_cannot_go_on_ends_the_watch_and_says_why():
    def one() -> None:
        raise ConfigurationError("the token is dead")

    with pytest.raises(ConfigurationError, match="the token is dead"):
        watch(one, 60, Stop())


def test_a_sandbox_s_clock_makes_the_ticks_come_faster():
    stop, made = Stop(), []

    def one() -> None:
        made.append(1)
        if len(made) == 3:
            stop.ask()

    watch(one, 300, stop, speed=6000)
    assert len(made) == 3
