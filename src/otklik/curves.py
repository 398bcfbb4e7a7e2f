"""Counters of many posts at any age, all at once: numpy on sorted arrays, no loop over posts.

Looks are sorted by post and age and addressed by one integer key, so that "the last look at or before an age"
is a binary search. Functions that read a look *after* the age asked for say so: they look ahead, and only
:mod:`otklik.dataset` may call them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from otklik.errors import DataError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MS_PER_H = 3_600_000
"""Ages are compared in whole milliseconds: two ages that print alike are alike."""
_SPAN_BITS = 40
"""A post's ages fill 2^40 ms (34 years) of the key; its row fills the bits above."""
_OLDEST = (1 << _SPAN_BITS) - 1


class Looks(NamedTuple):
    """One look for each question: the count and its age in hours, NaN where there is none."""

    value: Floats
    age_h: Floats


@dataclass(frozen=True)
class Curve:
    """One counter of many posts, sorted by post and age.

    ``row`` is the number of the post (0 .. ``n_rows`` - 1), ``age_h`` the age at the look in hours, ``value`` the
    count. Looks at which the counter was not known are not in it.
    """

    row: Ints
    age_h: Floats
    value: Floats
    n_rows: int

    @classmethod
    def of(cls, row: ArrayLike, age_h: ArrayLike, value: ArrayLike, n_rows: int, *, presorted: bool = False) -> Curve:
        """A curve from looks in any order.

        Args:
            row: number of each look's post, shape ``(n,)``.
            age_h: age at each look in hours, not negative, shape ``(n,)``.
            value: count at each look, NaN where it is not known, shape ``(n,)``.
            n_rows: how many posts there are, seen or not.
            presorted: the looks are sorted by row and age, one a row and age, and none is NaN: nothing is copied.

        Raises:
            DataError: for shapes that differ, rows outside ``0 .. n_rows - 1``, negative ages, or looks that are
                not sorted although ``presorted`` says so.

        >>> Curve.of([0, 0, 1], [2.0, 1.0, 1.0], [30, 10, 5], n_rows=2).value.tolist()
        [10.0, 30.0, 5.0]
        """
        rows, ages = np.asarray(row, np.int64), np.asarray(age_h, np.float64)
        values = np.asarray(value, np.float64)
        _check(rows, ages, values, n_rows)
        if presorted:
            curve = cls(rows, ages, values, n_rows)
            if (np.diff(curve.key) <= 0).any():
                raise DataError(
                    "the looks of a curve must be sorted by post and age, each age once: pass them unsorted"
                )
            return curve
        known = np.flatnonzero(~np.isnan(values))
        # Of two looks at one age the larger count comes last, and the last is kept.
        order = known[np.lexsort((values[known], _milliseconds(ages[known]), rows[known]))]
        rows, ages, values = rows[order], ages[order], values[order]
        last = np.append(np.diff(_keys(rows, ages)) > 0, True)[: len(rows)]
        return cls(rows[last], ages[last], values[last], n_rows)

    @cached_property
    def key(self) -> Ints:
        """Row and age of each look as one ascending integer."""
        return _keys(self.row, self.age_h)

    @cached_property
    def start(self) -> Ints:
        """Index of the first look of each row, shape ``(n_rows + 1,)``."""
        return np.searchsorted(self.row, np.arange(self.n_rows + 1))

    def last(self, rows: ArrayLike, age_h: ArrayLike) -> Looks:
        """The last look at or before an age: what was known then.

        >>> Curve.of([0, 0], [1.0, 2.0], [10, 30], 1).last([0, 0], [0.5, 1.5])
        Looks(value=array([nan, 10.]), age_h=array([nan,  1.]))
        """
        row, ages = _questions(rows, age_h)
        index = self._index_last(row, ages)
        return self._take(index, index >= self.start[row])

    def next(self, rows: ArrayLike, age_h: ArrayLike) -> Looks:
        """The first look at or after an age. Looks ahead."""
        row, ages = _questions(rows, age_h)
        index = np.searchsorted(self.key, _keys(row, ages), side="left")
        return self._take(index, (index < self.start[row + 1]) & ~np.isnan(ages))

    def count(self, rows: ArrayLike, age_h: ArrayLike) -> Ints:
        """How many looks there were at or before an age."""
        row, ages = _questions(rows, age_h)
        return np.maximum(self._index_last(row, ages) + 1 - self.start[row], 0)

    def interpolate(self, rows: ArrayLike, age_h: ArrayLike) -> Floats:
        """The count at an age between two looks: linear in ``log(1 + count)`` against age. Looks ahead.

        ``log(1+v) = log(1+v0) + (a - a0) / (a1 - a0) * (log(1+v1) - log(1+v0))``; exact at a look, NaN outside.

        >>> Curve.of([0, 0], [0.0, 2.0], [0, 99], 1).interpolate([0], [1.0]).round(6)
        array([9.])
        """
        row, ages = _questions(rows, age_h)
        said = np.full(len(row), np.nan)
        if len(self.key) == 0:
            return said
        keys = _keys(row, ages)
        index = np.searchsorted(self.key, keys, side="right") - 1
        # One search serves both sides: the look after is the next one, unless the look before is at the very age.
        before, after = np.maximum(index, 0), np.minimum(index + 1, len(self.key) - 1)
        is_seen = (index >= self.start[row]) & ~np.isnan(ages)
        exact = is_seen & (self.key[before] == keys)
        inside = is_seen & (index + 1 < self.start[row + 1])
        a0, low, high = self.age_h[before], self._log[before], self._log[after]
        with np.errstate(divide="ignore", invalid="ignore"):
            between = low + (ages - a0) / (self.age_h[after] - a0) * (high - low)
        v0, v1 = self.value[before[inside]], self.value[after[inside]]
        # Rounding must not carry a count past either look.
        said[inside] = np.clip(np.expm1(between[inside]), np.minimum(v0, v1), np.maximum(v0, v1))
        said[exact] = self.value[before[exact]]
        return said

    @cached_property
    def _log(self) -> Floats:
        return np.log1p(self.value)

    def bracket_width(self, rows: ArrayLike, age_h: ArrayLike) -> Floats:
        """Hours between the looks on either side of an age, 0 at a look, NaN outside. Looks ahead."""
        return self.next(rows, age_h).age_h - self.last(rows, age_h).age_h

    def velocity(self, rows: ArrayLike, age_h: ArrayLike, window_h: float) -> Floats:
        """Count an hour over the last ``window_h`` hours, as known at an age.

        The difference of the last looks at ``age`` and at ``age - window``, by the hours between those looks;
        NaN unless they are two. A correction of the platform makes it negative.

        >>> Curve.of([0, 0], [1.0, 3.0], [10, 30], 1).velocity([0], [4.0], 2.0)
        array([10.])
        """
        row, ages = _questions(rows, age_h)
        now, then = self.last(row, ages), self.last(row, ages - window_h)
        hours = now.age_h - then.age_h
        return np.divide(now.value - then.value, hours, out=np.full(len(row), np.nan), where=hours > 0)

    def acceleration(self, rows: ArrayLike, age_h: ArrayLike, window_h: float) -> Floats:
        """Change of the velocity an hour: the velocity now and one window ago, by the window."""
        row, ages = _questions(rows, age_h)
        return (self.velocity(row, ages, window_h) - self.velocity(row, ages - window_h, window_h)) / window_h

    def plateau_h(self, rows: ArrayLike, age_h: ArrayLike) -> Floats:
        """Hours that the count has stood unchanged at the last look; 0 if it has just changed, NaN before any look.

        Platforms round what they show (1.2K, 1.2K, 1.3K): a plateau says how old the shown number may be.

        >>> Curve.of([0, 0, 0], [1.0, 2.0, 5.0], [7, 9, 9], 1).plateau_h([0, 0], [2.0, 6.0])
        array([0., 3.])
        """
        row, ages = _questions(rows, age_h)
        index = self._index_last(row, ages)
        seen = index >= self.start[row]
        stood = self.age_h - self.age_h[self._plateau_start] if len(self.age_h) else self.age_h
        return _pick(stood, index, seen)

    def n_corrections(self, rows: ArrayLike, age_h: ArrayLike) -> Ints:
        """How many times the count had gone down by an age: platforms take back views that they disown."""
        row, ages = _questions(rows, age_h)
        index = self._index_last(row, ages)
        # Falls up to and with each look, with a 0 in front; the first look of a row is no fall.
        first = np.minimum(self.start[row] + 1, len(self.value))
        return np.where(index >= self.start[row], self._falls[index + 1] - self._falls[first], 0)

    @cached_property
    def _plateau_start(self) -> Ints:
        changed = np.append(True, (np.diff(self.value) != 0) | (np.diff(self.row) != 0))[: len(self.row)]
        return np.maximum.accumulate(np.where(changed, np.arange(len(self.row)), 0))

    @cached_property
    def _falls(self) -> Ints:
        falls = (np.diff(self.value) < 0) & (np.diff(self.row) == 0)
        return np.concatenate([[0, 0], np.cumsum(falls)])[: len(self.row) + 1].astype(np.int64)

    def _index_last(self, row: Ints, ages: Floats) -> Ints:
        """Index of the last look at or before each age; below the row's start where there is none."""
        index = np.searchsorted(self.key, _keys(row, ages), side="right") - 1
        return np.where(np.isnan(ages), -1, index)

    def _take(self, index: Ints, found: NDArray[np.bool_]) -> Looks:
        return Looks(_pick(self.value, index, found), _pick(self.age_h, index, found))


def _pick(values: Floats, index: Ints, found: NDArray[np.bool_]) -> Floats:
    if len(values) == 0:
        return np.full(len(index), np.nan)
    return np.where(found, values[np.where(found, index, 0)], np.nan)


def _questions(rows: ArrayLike, age_h: ArrayLike) -> tuple[Ints, Floats]:
    row, ages = np.broadcast_arrays(np.asarray(rows, np.int64), np.asarray(age_h, np.float64))
    return row.ravel(), ages.ravel()


def _milliseconds(age_h: Floats) -> Ints:
    """Whole milliseconds of each age, held inside the span of a key; ages before publication are below all looks."""
    scaled = np.rint(age_h * MS_PER_H)
    # fmin and fmax pass over NaN, which must not become an integer.
    return np.fmin(np.fmax(scaled, -1.0), _OLDEST).astype(np.int64)


def _keys(row: Ints, age_h: Floats) -> Ints:
    return (row << _SPAN_BITS) + _milliseconds(age_h)


def _check(rows: Ints, ages: Floats, values: Floats, n_rows: int) -> None:
    if not rows.shape == ages.shape == values.shape or rows.ndim != 1:
        raise DataError(
            "a curve needs rows, ages and values of one length, but got shapes {rows}, {ages} and {values}",
            rows=rows.shape,
            ages=ages.shape,
            values=values.shape,
        )
    if len(rows) and (rows.min() < 0 or rows.max() >= n_rows):
        raise DataError(
            "a curve of {n} posts has looks of post {low} to {high}: rows are counted from 0",
            n=n_rows,
            low=int(rows.min()),
            high=int(rows.max()),
        )
    if len(ages) and not ages.min() >= 0:
        raise DataError(
            "a look was taken {hours} h before its post was published: check the times of both",
            hours=round(float(-np.nanmin(ages)), 3),
        )
