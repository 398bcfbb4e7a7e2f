"""The time axis of the sheet: where a second stands, which seconds are written, and how."""

from __future__ import annotations

import math
from dataclasses import dataclass

from otklik.report.sheet_values import Words

STEPS_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200)
"""Steps that a person counts in; a longer film doubles the last one."""
MOST_TICKS = 11
BEYOND = 0.02
"""A time beyond the end by this share of the film is put on the end: streams of one file end at different times."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Pixels from ``left`` to ``right`` for the seconds from 0 to ``duration_s``, which is above 0."""

    left: float
    right: float
    duration_s: float

    def x(self, at_s: float) -> float:
        """Where a second stands; what is outside stands on the end.

        >>> Axis(100, 200, 10).x(2.5)
        125.0
        """
        return self.left + (self.right - self.left) * min(max(at_s / self.duration_s, 0.0), 1.0)

    def holds(self, at_s: float) -> bool:
        """Whether a second belongs to the film.

        >>> axis = Axis(100, 200, 10)
        >>> axis.holds(10.1), axis.holds(11), axis.holds(float("nan"))
        (True, False, False)
        """
        return -BEYOND * self.duration_s <= at_s <= (1 + BEYOND) * self.duration_s

    def ticks(self) -> tuple[float, ...]:
        """Seconds to write under the axis, from 0.

        >>> Axis(0, 1, 18.4).ticks()
        (0, 2, 4, 6, 8, 10, 12, 14, 16, 18)
        >>> Axis(0, 1, 1200).ticks()[-1]
        1200
        """
        step = next((step for step in STEPS_S if self.duration_s / step < MOST_TICKS), None)
        if step is None:
            step = STEPS_S[-1] * 2 ** math.ceil(math.log2(self.duration_s / STEPS_S[-1] / (MOST_TICKS - 1)))
        return tuple(round(step * index, 2) for index in range(math.floor(self.duration_s / step + 1e-9) + 1))

    def told(self, at_s: float, words: Words) -> str:
        """A second as it is written: plain in a film under a minute, as on a clock in a longer one.

        >>> Axis(0, 1, 18.4).told(3.5, Words(s="с", decimal=",")), Axis(0, 1, 0.4).told(0.05, Words())
        ('3,5 с', '0.05 s')
        >>> Axis(0, 1, 1200).told(65.2, Words()), Axis(0, 1, 36000).told(3725, Words())
        ('1:05', '1:02:05')
        """
        if self.duration_s < 60:
            digits = 2 if self.duration_s < 2 else 1
            return f"{round(at_s, digits):g} {words.s}".replace(".", words.decimal, 1)
        whole = round(at_s)
        if self.duration_s < 3600:
            return f"{whole // 60}:{whole % 60:02d}"
        return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
