"""The fewest calls with which a cadence can be kept, reckoned from the made-up worlds and not from our calls."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from otklik.collect.cadence import STANDARD
from otklik.store.polls import EARLY
from rig import TICK

Job = tuple[int, int]
"""The ticks between which a look serves its slot: from a little early to the first tick at which it is due."""


def jobs_of(published_at: datetime, until: datetime, start: datetime, end: datetime, moved: float) -> list[Job]:
    """The looks that a post needs between two instants, the first of which comes with finding it.

    Args:
        published_at: age 0.
        until: when it was deleted, or the end.
        start: of observing, the instant of tick 0.
        end: of observing.
        moved: the post's jitter, as a share of the gap.
    """
    found, n_ticks = [], (end - start) // TICK
    for slot, gap in STANDARD.slots:
        due = published_at + timedelta(hours=slot + moved * gap)
        release = max(0, math.ceil((due - timedelta(hours=EARLY * gap) - start) / TICK))
        deadline = math.ceil((due - start) / TICK)
        if deadline > n_ticks or start + deadline * TICK > until:
            break
        found.append((release, deadline))
    return found


def fewest(jobs: Iterable[Job], size: int) -> int:
    """Calls of ``size`` ids that serve all jobs in time: wait until one is due, then fill the call with the next ones.

    For jobs of one unit this greedy rule is optimal: putting a call off never makes another one necessary, since
    all that could ride in the earlier one and is not due yet can ride in the later one.

    >>> fewest([(0, 2), (1, 2), (2, 5)], 2), fewest([(0, 2), (1, 2), (2, 5)], 3), fewest([(0, 0), (1, 1)], 50)
    (2, 1, 2)
    """
    by_release: dict[int, list[int]] = {}
    for release, deadline in jobs:
        by_release.setdefault(release, []).append(deadline)
    if not by_release:
        return 0
    waiting: list[int] = []
    calls = 0
    for tick in range(min(by_release), max(d for ds in by_release.values() for d in ds) + 1):
        for deadline in by_release.get(tick, ()):
            heapq.heappush(waiting, deadline)
        n_due = sum(1 for deadline in waiting if deadline == tick)
        if n_due:
            n = math.ceil(n_due / size)
            calls += n
            for _ in range(min(n * size, len(waiting))):
                heapq.heappop(waiting)
    return calls


def by_tick(instants: Iterable[datetime], start: datetime) -> Counter[int]:
    """How many things happened in each tick."""
    return Counter((at - start) // TICK for at in instants)


def full_calls(counts: Counter[int], size: int) -> int:
    """Calls of ``size`` that hold what falls into each tick."""
    return sum(math.ceil(n / size) for n in counts.values())
