"""When a post is due next: a pure function of its age and its last look.

Looks are wanted at fixed ages, its *slots*. A look that comes when a slot is due, or later, serves that slot; one
that is taken early, to fill a call with room left, serves the slot that it was taken for, and adds no look.
"""

from __future__ import annotations

import bisect
import re
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from otklik import units
from otklik.errors import ConfigurationError

DEFAULT = "5min to 1h, 15min to 6h, 30min to 24h, 1h to 72h, at 7d, at 30d"
APART = 0.5
"""Two looks are at least this share of the gap apart, however late the first one came."""
JITTER = 0.1
"""The share of its gap by which a post's slots are moved, so that posts of one minute do not march in step."""
LONE_GAP_H = 24.0
"""The gap that counts for a look on its own, such as the one at seven days."""
BURST_EVERY_H = 0.25
BURST_FOR_H = 6.0
"""After a title or cover has changed: a look every 15 minutes for 6 hours."""
BACK_OFF_H = 1 / 12
BACK_OFF_CAP_H = 6.0
AUDIT_SHARE = 50
"""One post in so many is an audit sample: it is never thinned out when quota is short."""
_STEP = re.compile(r"\s*(?:(?P<every>[^,]+?)\s+to\s+(?P<until>[^,]+?)|at\s+(?P<at>[^,]+?))\s*")


@dataclass(frozen=True)
class Cadence:
    """At which ages a post is looked at."""

    steps: tuple[tuple[float, float], ...]
    """Hours between looks and the age in hours up to which that holds, ages rising."""
    lone: tuple[float, ...] = ()
    """Ages in hours of single looks after that."""

    @cached_property
    def slots(self) -> tuple[tuple[float, float], ...]:
        """Every slot: its age in hours and the gap before it."""
        found, age = [], 0.0
        for every, until in self.steps:
            while age + every <= until + 1e-9:
                age += every
                found.append((age, every))
        return (*found, *((at, LONE_GAP_H) for at in self.lone))

    @cached_property
    def ages(self) -> tuple[float, ...]:
        """The age of each slot."""
        return tuple(age for age, _ in self.slots)

    @property
    def until_h(self) -> float:
        """The age at which following ends."""
        return self.slots[-1][0]

    def looks_before(self, age_h: float) -> int:
        """How many looks a post takes up to an age."""
        return sum(age <= age_h for age, _ in self.slots)


@dataclass(frozen=True, slots=True)
class Due:
    """When a post is due, and the gap that its lateness is measured against."""

    at: datetime
    gap_h: float


def parse(text: str) -> Cadence:
    """A cadence from text such as ``5min to 1h, 30min to 24h, at 7d``.

    Raises:
        ConfigurationError: when it is not of that form, or its ages do not rise.

    >>> parse("5min to 1h, 15min to 6h, 30min to 24h").looks_before(24)
    68
    >>> parse("1h to 3h, at 7d").slots
    ((1.0, 1.0), (2.0, 1.0), (3.0, 1.0), (168.0, 24.0))
    """
    steps: list[tuple[float, float]] = []
    lone: list[float] = []
    last = 0.0
    for part in text.split(","):
        match = _STEP.fullmatch(part)
        if match is None:
            raise ConfigurationError(
                "expected a cadence such as {example!r}, but got {text!r}", example=DEFAULT, text=text
            )
        age = units.parse_duration(match["until"] or match["at"])
        every = units.parse_duration(match["every"]) if match["every"] else LONE_GAP_H
        if age <= last or every <= 0 or (match["every"] and lone):
            raise ConfigurationError("the ages of a cadence must rise, but in {text!r} they do not", text=text)
        if match["every"]:
            steps.append((every, age))
        else:
            lone.append(age)
        last = age
    return Cadence(tuple(steps), tuple(lone))


STANDARD = parse(DEFAULT)


def next_due(
    published_at: datetime,
    last_look: datetime | None,
    now: datetime,
    cadence: Cadence = STANDARD,
    *,
    name: str = "",
    served: datetime | None = None,
    failures: int = 0,
    changed_at: datetime | None = None,
    starts_at: datetime | None = None,
) -> Due | None:
    """When a post should be looked at next; ``None`` when it has been followed to its end.

    Args:
        published_at: age 0.
        last_look: the newest look that brought counters, if any.
        now: the instant; a wait after failures counts from it.
        cadence: the slots.
        name: the post's id, from which its jitter is drawn.
        served: what the last look was due, where that look came earlier.
        failures: questions in a row that got no answer.
        changed_at: when a change of title or cover was noticed: a burst of looks follows.
        starts_at: announced beginning of a premiere or live stream, which is not looked at before.

    >>> from datetime import UTC
    >>> t0 = datetime(2026, 11, 23, tzinfo=UTC)
    >>> (next_due(t0, t0 + timedelta(minutes=5), t0 + timedelta(minutes=5)).at - t0).total_seconds() / 60
    10.0
    >>> next_due(t0, t0 + timedelta(days=31), t0 + timedelta(days=31)) is None
    True
    """
    if starts_at is not None and starts_at > now:
        return Due(starts_at, cadence.slots[0][1])
    due = _by_age(published_at, last_look, served, cadence, name)
    if changed_at is not None and last_look is not None and now < changed_at + timedelta(hours=BURST_FOR_H):
        burst = Due(last_look + timedelta(hours=BURST_EVERY_H), BURST_EVERY_H)
        due = burst if due is None or burst.at < due.at else due
    if due is not None and failures:
        wait = min(BACK_OFF_CAP_H, BACK_OFF_H * 2 ** min(failures - 1, 10))
        due = Due(max(due.at, now + timedelta(hours=wait)), due.gap_h)
    return due


def _by_age(
    published_at: datetime, last_look: datetime | None, served: datetime | None, cadence: Cadence, name: str
) -> Due | None:
    if last_look is None:
        return Due(published_at, cadence.slots[0][1])
    age = (max(last_look, served or last_look) - published_at).total_seconds() / 3600
    # Half a second, so that a look on the very edge of a slot serves it.
    number = bisect.bisect_right(cadence.ages, age + 0.5 / 3600)
    if number == len(cadence.slots):
        return None
    slot, gap = cadence.slots[number]
    moved = JITTER * gap * (zlib.crc32(name.encode()) % 1000) / 1000 if name else 0.0
    at = published_at + timedelta(hours=slot + moved)
    return Due(max(at, last_look + timedelta(hours=APART * gap)), gap)


def is_audit(platform: str, post_id: str) -> bool:
    """Whether a post belongs to the random sample that is never thinned out; the same answer every time.

    >>> sum(is_audit("youtube", str(number)) for number in range(10_000)) // 10
    21
    """
    return zlib.crc32(f"audit:{platform}:{post_id}".encode()) % AUDIT_SHARE == 0
