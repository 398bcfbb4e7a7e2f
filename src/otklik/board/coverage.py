"""How well collecting keeps up: which looks the cadence asked for were taken, and when nobody was collecting."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from otklik.board.state import Gap
from otklik.collect.cadence import JITTER, Cadence
from otklik.store import PassRecord, Store
from otklik.store.polls import EARLY
from otklik.store.tables import POLL, POST, SNAPSHOT

BACK_H = 24.0
LATE = 1.0 + JITTER
"""A look serves its slot when it comes at most so many gaps after it."""
US_PER_H = 3.6e9
Floats = NDArray[np.float64]


def looks_taken(store: Store, cadence: Cadence, now: datetime) -> dict[str, tuple[int, int]]:
    """By platform: looks that the cadence asked for in the last 24 hours, and how many of them were taken.

    A look is asked for at each age of the cadence since the post was first seen; those that are not overdue yet do
    not count, nor do looks at 7 and 30 days, nor posts that are gone.
    """
    begin_us = _us(now - timedelta(hours=BACK_H))
    oldest = _us(now - timedelta(hours=BACK_H + max((age for _, age in cadence.steps), default=0.0)))
    followed = select(POST.c.post_key, POST.c.platform, POST.c.published_us, POST.c.first_seen_us)
    followed = followed.join(POLL, POLL.c.post_key == POST.c.post_key)
    followed = followed.where(POST.c.published_us >= oldest, POST.c.gone_us.is_(None))
    keys = followed.with_only_columns(POST.c.post_key)
    seen = select(SNAPSHOT.c.post_key, SNAPSHOT.c.observed_us)
    seen = seen.where(SNAPSHOT.c.post_key.in_(keys), SNAPSHOT.c.observed_us >= begin_us - int(US_PER_H))
    looks: dict[int, list[int]] = defaultdict(list)
    with store.transaction() as connection:
        posts = connection.execute(followed).all()
        for key, at in connection.execute(seen):
            looks[key].append(at)
    slots = np.array([(age, gap) for age, gap in cadence.slots if age not in cadence.lone]).reshape(-1, 2)
    found: dict[str, tuple[int, int]] = {}
    for key, platform, published, first in posts:
        since = max(begin_us, first if first is not None else published)
        window = (since - published) / US_PER_H, (_us(now) - published) / US_PER_H
        times = np.sort(np.array(looks[key], dtype=np.float64) - published) / US_PER_H
        expected, taken = _served(slots, times, *window)
        before = found.get(platform, (0, 0))
        found[platform] = (before[0] + expected, before[1] + taken)
    return found


def _served(slots: Floats, looks_h: Floats, since_h: float, now_h: float) -> tuple[int, int]:
    """How many slots have had their time between two ages, and how many a look served.

    >>> _served(np.array([(1.0, 1.0), (2.0, 1.0), (3.0, 1.0)]), np.array([1.0, 3.1]), 0.0, 5.0)
    (3, 2)
    """
    age, gap = slots[:, 0], slots[:, 1]
    is_due = (age >= since_h) & (age + LATE * gap <= now_h)
    begin, end = (age - EARLY * gap)[is_due], (age + LATE * gap)[is_due]
    is_taken = np.searchsorted(looks_h, end, side="left") > np.searchsorted(looks_h, begin, side="left")
    return int(is_due.sum()), int(is_taken.sum())


def gaps(passes: Sequence[PassRecord], now: datetime, longest_h: float) -> tuple[Gap, ...]:
    """Times of the last 24 hours in which no pass was made for longer than ``longest_h`` hours, newest first.

    Args:
        passes: newest first.
        now: the instant.
        longest_h: what still counts as going on.
    """
    begin = now - timedelta(hours=BACK_H)
    inside = [one.started_at for one in passes if begin <= one.started_at <= now]
    earlier = [one.started_at for one in passes if one.started_at < begin]
    times = sorted([*earlier[:1], *inside])
    limit = timedelta(hours=longest_h)
    found = [Gap(first, then) for first, then in itertools.pairwise(times) if then - first > limit]
    if times and now - times[-1] > limit:
        found.append(Gap(times[-1], None))
    return tuple(reversed(found))


def _us(at: datetime) -> int:
    return int(at.timestamp() * 1e6)
