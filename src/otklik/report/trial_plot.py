"""Effects with their intervals as inline SVG that stretches with the page: positions are per cent of the width.

The axis is the log scale, on which twice as much and half as much are equally far from nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from otklik.evidence.slope import Slope
from otklik.report.trial_words import signed

LEAST_REACH = math.log(1.25)
"""The axis goes at least so far to each side."""
MOST_REACH = math.log(3.0)
"""And no farther for the sake of an interval; a difference itself is always inside."""
MARGIN = 0.06
TICKS = (0.0, 1.0, -0.5, 0.25, -0.25, 0.5, 0.1, -0.1, 2.0, -0.75, 4.0, 0.05, -0.05, 9.0, -0.9, 0.02, -0.02)
"""Effects that may be written at the axis, the more welcome first."""
APART = 20.0
"""Per cent of the width between two ticks: less and they touch in a card or on a phone."""
HEIGHT = 28


@dataclass(frozen=True, slots=True)
class Scale:
    """The ends of an axis, on the log scale."""

    lo: float
    hi: float

    @classmethod
    def of(cls, slopes: Sequence[Slope]) -> Scale:
        """An axis for slopes, with nothing always on it.

        >>> Scale.of([]).at(0.0)
        50.0
        """
        points = [one.log for one in slopes if math.isfinite(one.log)]
        farthest = max([MOST_REACH, *(abs(one) for one in points)])
        ends = [max(-farthest, min(farthest, end)) for one in slopes for end in (one.lo, one.hi) if not math.isnan(end)]
        lo, hi = min([-LEAST_REACH, *points, *ends]), max([LEAST_REACH, *points, *ends])
        wide = (hi - lo) * MARGIN
        return cls(lo - wide, hi + wide)

    def at(self, log: float) -> float:
        """Where a difference lies, in per cent of the width, at most at either end."""
        inside = max(self.lo, min(self.hi, log))
        return round(100 * (inside - self.lo) / (self.hi - self.lo), 2)

    @property
    def ticks(self) -> list[float]:
        """Effects to write at the axis, as shares, in their order."""
        kept: list[float] = []
        for effect in TICKS:
            at = self.at(math.log1p(effect))
            if 4 < at < 96 and all(abs(at - self.at(math.log1p(one))) >= APART for one in kept):
                kept.append(effect)
        return sorted(kept)


def axis(scale: Scale, lang: str) -> str:
    """The numbers of an axis."""
    marks = "".join(
        f'<text x="{scale.at(math.log1p(one))}%" y="13" text-anchor="middle">'
        f"{escape(signed(one, lang) if one else '0')}</text>"
        for one in scale.ticks
    )
    return f'<svg class="axis" width="100%" height="18" aria-hidden="true">{marks}</svg>'


def row(slope: Slope, scale: Scale, label: str, *, look: str, expected: int = 0) -> str:
    """One difference with its interval.

    Args:
        slope: what is drawn.
        scale: of the axis.
        label: the same in words, for those who do not see it.
        look: class of the mark.
        expected: the side that was expected, which is tinted; 0 tints none.
    """
    inside = [
        _tint(scale, expected),
        *(_upright("zero" if one == 0 else "grid", scale.at(math.log1p(one))) for one in scale.ticks),
    ]
    if not math.isnan(slope.log):
        inside += [_whisker(slope, scale), _mark(scale.at(slope.log), look)]
    return (
        f'<svg class="bar" width="100%" height="{HEIGHT}" role="img" aria-label="{escape(label)}">'
        f"{''.join(inside)}</svg>"
    )


def _tint(scale: Scale, expected: int) -> str:
    if expected == 0:
        return ""
    zero = scale.at(0.0)
    x, width = (zero, 100 - zero) if expected > 0 else (0.0, zero)
    return f'<rect class="expected" x="{x}%" y="0" width="{width:.2f}%" height="{HEIGHT}"/>'


def _upright(kind: str, at: float) -> str:
    return f'<line class="{kind}" x1="{at}%" x2="{at}%" y1="0" y2="{HEIGHT}"/>'


def _whisker(slope: Slope, scale: Scale) -> str:
    middle = HEIGHT // 2
    if math.isnan(slope.lo) or math.isnan(slope.hi):
        return ""
    left, right = scale.at(slope.lo), scale.at(slope.hi)
    line = f'<line class="ci" x1="{left}%" x2="{right}%" y1="{middle}" y2="{middle}"/>'
    return line + _end(left, -1, slope.lo < scale.lo) + _end(right, 1, slope.hi > scale.hi)


def _end(at: float, side: int, is_cut: bool) -> str:
    """A cap, or an arrow where the interval goes on."""
    middle = HEIGHT // 2
    back = -7 * side
    path = f"M{back} {middle - 5}L0 {middle}L{back} {middle + 5}" if is_cut else f"M0 {middle - 4}V{middle + 4}"
    return f'<svg x="{at}%" overflow="visible"><path class="ci" d="{path}"/></svg>'


def _mark(at: float, look: str) -> str:
    return f'<circle class="dot {escape(look)}" cx="{at}%" cy="{HEIGHT // 2}" r="5"/>'
