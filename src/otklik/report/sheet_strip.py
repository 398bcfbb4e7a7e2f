"""The strip of thumbnails: how many are shown, how large and where, and the threads to their seconds on the axis."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.report.sheet_axis import Axis
from otklik.report.sheet_canvas import Box, Canvas, Face, Point
from otklik.report.sheet_colours import ACCENT, MUTED, RULE, THREAD
from otklik.report.sheet_values import Sheet, Thumbnail

GAP = 14
WIDE, TALL = 1.25, 0.8
"""Shapes above the first are laid in two rows when there are many, shapes below the second fit ten into a row."""
MOST_WIDE, MOST_WIDE_ROW, MOST_SQUARE, MOST_TALL = 11, 5, 8, 10
"""Thumbnails that stay legible at half the size of the sheet, for each shape."""
HIGHEST_ROW, HIGHEST_OF_TWO = 300, 190
TIME_ROW, FAN = 34, 58
"""Heights of the times under a row and of the threads to the axis."""
TIME, TIME_IN_HOOK = Face(20, MUTED), Face(20, ACCENT, bold=True)


@dataclass(frozen=True, slots=True)
class Cell:
    """Frame of one thumbnail: its middle, the top counted from that of the strip, its size and its row."""

    middle: float
    top: float
    width: float
    height: float
    row: int


def chosen(thumbnails: tuple[Thumbnail, ...]) -> tuple[Thumbnail, ...]:
    """As many thumbnails as their shape allows, evenly spread, with the first and the last."""
    aspect = shape_of(thumbnails)
    most = MOST_WIDE if aspect > WIDE else MOST_SQUARE if aspect > TALL else MOST_TALL
    n = len(thumbnails)
    if n <= most:
        return thumbnails
    return tuple(thumbnails[round(index * (n - 1) / (most - 1))] for index in range(most))


def shape_of(thumbnails: tuple[Thumbnail, ...]) -> float:
    """The middle one of the aspects: a film may change its shape."""
    aspects = sorted(one.aspect for one in thumbnails)
    return aspects[len(aspects) // 2]


def cells(n: int, aspect: float, left: float, right: float) -> tuple[Cell, ...]:
    """Frames for so many thumbnails between two edges: one row, or two laid like bricks for many wide ones.

    In two rows every second thumbnail stands below, so that their order is that of their middles from left to right
    and the threads of the upper row pass between those below.

    >>> [(cell.row, round(cell.middle)) for cell in cells(7, 16 / 9, 0, 800)]
    [(0, 95), (1, 196), (0, 298), (1, 400), (0, 502), (1, 604), (0, 705)]
    >>> {cell.row for cell in cells(10, 9 / 16, 0, 800)}
    {0}
    """
    rows = 2 if aspect > WIDE and n > MOST_WIDE_ROW else 1
    unit = (right - left + GAP) * rows / (n + rows - 1)
    width = min(unit - GAP, (HIGHEST_OF_TWO if rows == 2 else HIGHEST_ROW) * aspect)
    height = min(width / aspect, HIGHEST_OF_TWO if rows == 2 else HIGHEST_ROW)
    return tuple(
        Cell(
            middle=left - GAP / 2 + unit * (0.5 + index / rows),
            top=(index % rows) * (height + TIME_ROW + GAP / 2),
            width=width,
            height=height,
            row=index % rows,
        )
        for index in range(n)
    )


def draw_strip(canvas: Canvas, sheet: Sheet, axis: Axis, left: float, right: float) -> None:
    """The thumbnails in order of time, the second under each and a thread to where it stands on the axis below."""
    placed = sorted((one for one in sheet.thumbnails if axis.holds(one.at_s)), key=lambda one: one.at_s)
    if not placed:
        return
    shown = chosen(tuple(placed))
    frames = cells(len(shown), shape_of(shown), left, right)
    room = (right - left) * (1 + max(cell.row for cell in frames)) / (len(shown) + 1) - 8
    foot = canvas.y + max(cell.top + cell.height for cell in frames) + TIME_ROW
    for thumbnail, cell in zip(shown, frames, strict=True):
        is_hook = thumbnail.at_s < sheet.hook_s
        _frame(canvas, thumbnail, cell, is_hook)
        below = canvas.y + cell.top + cell.height
        told = axis.told(min(max(thumbnail.at_s, 0.0), axis.duration_s), sheet.words)
        canvas.text(cell.middle, below + 25, told, TIME_IN_HOOK if is_hook else TIME, room, "middle")
        ink = ACCENT if is_hook else THREAD
        _thread(canvas, (cell.middle, below + TIME_ROW), foot, (axis.x(thumbnail.at_s), foot + FAN), ink)
    canvas.y = foot + FAN


def _frame(canvas: Canvas, thumbnail: Thumbnail, cell: Cell, is_hook: bool) -> Box:
    left, top = cell.middle - cell.width / 2, canvas.y + cell.top
    box = canvas.picture(thumbnail.rgb, left, top, cell.width, cell.height, 6)
    edge = 3 if is_hook else 1
    ink = (ACCENT if is_hook else RULE, 1.0)
    canvas.box(box.left - edge, box.top - edge, box.right + edge, box.bottom + edge, ink, 6 + edge)
    return box


def _thread(canvas: Canvas, start: Point, foot: float, end: Point, ink: str) -> None:
    """Straight down to the foot of the strip, then a smooth curve to the axis (a cubic of Bezier)."""
    points = [start]
    half = (end[1] - foot) * 0.6
    for index in range(33):
        at = index / 32
        weights = ((1 - at) ** 3, 3 * at * (1 - at) ** 2, 3 * at**2 * (1 - at), at**3)
        xs, ys = (start[0], start[0], end[0], end[0]), (foot, foot + half, end[1] - half, end[1])
        points.append((_dot(weights, xs), _dot(weights, ys)))
    canvas.line(points, (ink, 0.9), 1.5)
    canvas.dot(*end, 3.5, (ink, 1.0))


def _dot(weights: tuple[float, ...], values: tuple[float, ...]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))
