"""Advice as frozen values: variants of a draft, hours of a week, ranked drafts, and what each lead is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from otklik.features.media import Facts
from otklik.models.forecast import Forecast, Note, Quantity
from otklik.models.pairs import PairLaw
from otklik.records import Draft

Progress = Callable[[str, int, int | None], None]

HIGHER, LOWER, TIE, SAME = "higher", "lower", "tie", "same"
UNCALIBRATED, INCOMPARABLE = "not calibrated", "not comparable"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a variant changes: the field, and its new value as it was written."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A draft to be scored: what to call it, what its file shows, what was changed in it."""

    name: str
    draft: Draft
    facts: Facts | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Versus:
    """One forecast against another one for the same author."""

    ratio: float
    """Of the views forecast in the middle."""
    interval: Quantity | None
    """Of the outcomes of two such posts; ``None`` where that is not calibrated."""
    chance: float | None
    """Of reaching more than the other, 0 to 1."""
    verdict: str
    """higher, lower, tie (no difference the model can tell), same, not calibrated or not comparable."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A variant with its forecast and what that is worth against the draft as it is."""

    name: str
    changes: tuple[Change, ...]
    forecast: Forecast
    against: Versus


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the week to come."""

    at: datetime
    """The beginning of the hour, UTC."""
    day: int
    """Of the grid, from 0."""
    hour: int
    """Of the day in the audience's zone, 0 to 23."""
    views: float
    against_best: Versus


@dataclass(frozen=True, slots=True)
class Hours:
    """The draft at every hour of a week; hours that a clock change leaves out are not there."""

    zone: str
    cells: tuple[Hour, ...]
    """In order of time."""
    best: tuple[Hour, ...]
    """Highest forecasts first, at most :data:`N_BEST`."""
    middle: float
    """Median of the forecasts."""
    most: float
    """How much more the best hour is forecast than the worst: 0.1 is 10 %."""
    n_as_good: int | None
    """Hours between which and the best one the model cannot tell; ``None`` where that is not calibrated."""

    @property
    def is_free(self) -> bool:
        """Whether any hour is as good as any other, as far as the model can tell."""
        return self.n_as_good == len(self.cells)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A draft, its variants and, where they were asked for, its hours."""

    draft: Forecast
    variants: tuple[Tried, ...]
    hours: Hours | None
    pairs: PairLaw | None
    notes: tuple[Note, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "draft": self.draft.to_dict(),
            "variants": [{**_plain(one), "forecast": one.forecast.to_dict()} for one in self.variants],
            "hours": _hours_plain(self.hours),
            "pairs": self.pairs.to_dict() if self.pairs else None,
            "notes": [str(note) for note in self.notes],
        }


@dataclass(frozen=True, slots=True)
class Ranked:
    """A draft in its place among others."""

    place: int
    """From 1; drafts that the model cannot tell from the first of their place share it."""
    is_tied: bool
    name: str
    changes: tuple[Change, ...]
    forecast: Forecast
    against_best: Versus


@dataclass(frozen=True, slots=True)
class Comparison:
    """Drafts of one author, the highest forecast first."""

    ranked: tuple[Ranked, ...]
    chances: tuple[tuple[float | None, ...], ...]
    """P(row reaches more than column), in the order of :attr:`ranked`; ``None`` where it is not told."""
    pairs: PairLaw | None
    notes: tuple[Note, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "ranked": [{**_plain(one), "forecast": one.forecast.to_dict()} for one in self.ranked],
            "chances": [list(row) for row in self.chances],
            "pairs": self.pairs.to_dict() if self.pairs else None,
            "notes": [str(note) for note in self.notes],
        }


def _plain(one: Tried | Ranked) -> dict[str, Any]:
    plain = asdict(one)
    plain["changes"] = {change.field: change.value for change in one.changes}
    return plain


def _hours_plain(hours: Hours | None) -> dict[str, Any] | None:
    if hours is None:
        return None
    plain = asdict(hours)
    for cell in (*plain["cells"], *plain["best"]):
        cell["at"] = cell["at"].isoformat()
    return {**plain, "is_free": hours.is_free}
