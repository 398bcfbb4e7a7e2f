"""Permuted blocks: which variant comes next, drawn so that anyone can draw it again from the seed.

A block holds every variant once or twice (at random, so that its end cannot be foretold from its length) in a random
order; blocks follow each other inside a stratum - a calendar week, or a kind of post. The orders come from SHA-256
and not from a generator of a library, whose streams may change between versions in the middle of an experiment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

WEEK: Final = "week"
KIND: Final = "kind"
STRATA: Final = (WEEK, KIND)
LARGEST: Final = 2
"""A block holds every variant at most so many times: longer blocks balance worse inside a week."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a permuted block."""

    stratum: str
    block: int
    """Number of the block inside its stratum, from 0."""
    place: int
    """Place inside the block, from 0."""
    copies: int
    """How often each variant stands in the block."""
    variant: str


def slot(seed: int, stratum: str, n_before: int, variants: Sequence[str]) -> Slot:
    """The place of the next post of a stratum.

    Args:
        seed: of the experiment.
        stratum: the week or the kind.
        n_before: how many places of the stratum are taken.
        variants: labels, two or more.

    >>> drawn = [slot(7, "2026-W48", n, ["with", "without"]) for n in range(6)]
    >>> [one.variant for one in drawn], [one.copies for one in drawn]
    (['without', 'with', 'without', 'with', 'without', 'with'], [1, 1, 1, 1, 1, 1])
    """
    block, place = 0, n_before
    while place >= (length := copies(seed, stratum, block) * len(variants)):
        block, place = block + 1, place - length
    n = copies(seed, stratum, block)
    return Slot(stratum, block, place, n, order(seed, stratum, block, list(variants) * n)[place])


def copies(seed: int, stratum: str, block: int) -> int:
    """How often each variant stands in a block: 1 to :data:`LARGEST`, each as likely as the other."""
    return 1 + int(_digest(seed, stratum, block, "copies")[:8], 16) % LARGEST


def order(seed: int, stratum: str, block: int, places: Sequence[str]) -> list[str]:
    """The places of a block in random order: sorted by a hash of their numbers."""
    numbers = sorted(range(len(places)), key=lambda number: _digest(seed, stratum, block, str(number)))
    return [places[number] for number in numbers]


def week_of(at: datetime, zone: str) -> str:
    """The calendar week of an instant where the audience lives: ISO year and week.

    >>> from datetime import UTC
    >>> week_of(datetime(2026, 11, 22, 22, tzinfo=UTC), "Europe/Moscow")
    '2026-W48'
    """
    year, week, _ = at.astimezone(ZoneInfo(zone)).isocalendar()
    return f"{year}-W{week:02d}"


def _digest(seed: int, stratum: str, block: int, what: str) -> str:
    return hashlib.sha256(f"{seed}|{stratum}|{block}|{what}".encode()).hexdigest()
