"""Passes on a schedule in one process: for a laptop; a server does better with cron or systemd."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType


class Stop:
    """Remembers that the process was asked to end; the work in hand is finished first."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def __call__(self) -> bool:
        """Whether to stop."""
        return self._event.is_set()

    def ask(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Ask for the end: a signal handler."""
        self._event.set()

    def wait(self, seconds: float) -> bool:
        """Wait, at most so long; whether to stop."""
        return self._event.wait(seconds)

    def on_signals(self) -> Stop:
        """Listen to SIGTERM and SIGINT. A second SIGINT ends the process at once."""
        signal.signal(signal.SIGTERM, self.ask)

        def interrupt(number: int, frame: FrameType | None) -> None:
            if self():
                raise KeyboardInterrupt
            self.ask()

        signal.signal(signal.SIGINT, interrupt)
        return self


def watch(one_pass: Callable[[], None], tick_s: float, stop: Stop, speed: float = 1.0) -> None:
    """Make a pass now and then every ``tick_s`` seconds until asked to stop; passes never overlap.

    Args:
        one_pass: what to do each time.
        tick_s: seconds between the beginnings of passes.
        stop: says when to end.
        speed: how many times faster than the machine's clock the ticks come, for a sandbox.
    """
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(timezone="UTC")
    failure: list[BaseException] = []

    def guarded() -> None:
        try:
            one_pass()
        except BaseException as error:
            # A pass that cannot go on ends the watch, and the caller tells why.
            failure.append(error)
            stop.ask()

    scheduler.add_job(
        guarded, "interval", seconds=tick_s / speed, max_instances=1, coalesce=True, misfire_grace_time=None
    )
    guarded()
    scheduler.start()
    try:
        while not stop():
            stop.wait(0.2)
    finally:
        scheduler.shutdown(wait=True)
    if failure:
        raise failure[0]
