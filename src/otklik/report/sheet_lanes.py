"""What happens along the time axis: its seconds, the hook, the changes of shot, and a lane for each measure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from otklik.report.sheet_axis import Axis
from otklik.report.sheet_canvas import Canvas, Face
from otklik.report.sheet_colours import ACCENT, BRIGHT, INK, MUTED, PANEL, ROLES, RULE, THREAD
from otklik.report.sheet_values import Lane, Mark, Sheet

LABEL, TICK, LEGEND, HOOK = Face(21, INK), Face(20, MUTED), Face(20, MUTED), Face(21, ACCENT, bold=True)
PAD = 18
"""Between the panel and what stands on it, and between the labels and the axis."""
MOST_LABEL, LEAST_LABEL = 340, 120
TICK_ROW, CUT_HEIGHT, LANE_HEIGHT, CURVE_HEIGHT, LANE_GAP = 40, 34, 34, 62, 12
TALL_CURVE_HEIGHT = 130
"""A sound alone has room for its curves."""
LEAST_WEDGE, LEAST_BAR, TICK_GAP = 12.0, 3.0, 6
BIN = 3.0
"""Pixels within which only the greatest value of a lane is drawn: a peak is never hidden, a crowd never smears."""
DOT_BIN = 16.0
FEW_CUTS = 60
"""So many changes of shot are also drawn as faint lines through the lanes; more would be a curtain."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A value, the second it belongs to and the stretch that it stands for."""

    at_s: float
    value: float
    from_s: float
    until_s: float


def runs(lane: Lane, axis: Axis) -> tuple[tuple[Piece, ...], ...]:
    """The known values of a lane in order of time, cut where a value is not known.

    >>> lane = Lane("motion", ((0, 0.5), (1, 0.7), (2, None), (3, 2.0)), "curve")
    >>> [[(piece.value, piece.from_s, piece.until_s) for piece in run] for run in runs(lane, Axis(0, 1, 4.0))]
    [[(0.5, 0.0, 0.5), (0.7, 0.5, 1.5)], [(1.0, 2.5, 3.5)]]
    >>> lane = Lane("speech", ((0.0, 0.0), (1.0, 1.0), (3.0, 0.0)), "bars")
    >>> [[(piece.value, piece.from_s, piece.until_s) for piece in run] for run in runs(lane, Axis(0, 1, 4.0))]
    [[(0.0, 0.0, 1.0), (1.0, 1.0, 3.0), (0.0, 3.0, 4.0)]]
    """
    points = sorted(((at, _known(value)) for at, value in lane.points if math.isfinite(at)), key=lambda one: one[0])
    found: list[tuple[Piece, ...]] = []
    run: list[Piece] = []
    for index, (at_s, value) in enumerate(points):
        before = at_s - points[index - 1][0] if index else None
        after = points[index + 1][0] - at_s if index + 1 < len(points) else None
        from_s, until_s = _stretch(lane, axis, at_s, before, after)
        if math.isnan(value):
            found.append(tuple(run))
            run = []
        elif axis.holds(at_s) or (lane.kind == "bars" and from_s < axis.duration_s and until_s > 0):
            run.append(Piece(at_s, value, max(from_s, 0.0), min(until_s, axis.duration_s)))
    return tuple(one for one in (*found, tuple(run)) if one)


def _stretch(lane: Lane, axis: Axis, at_s: float, before: float | None, after: float | None) -> tuple[float, float]:
    """From when until when a value stands, by the seconds to its neighbours.

    A bar stands until the next one and the last as long as the one before it. A value of a curve stands from and to
    the middle between neighbours, the first and the last for as much again on their other side. A lane of single
    sightings is known up to the ends of the film.
    """
    if lane.kind == "bars":
        return at_s, at_s + (after if after is not None else before or 0.0)
    if lane.kind == "dots":
        return (
            0.0 if before is None else at_s - before / 2,
            axis.duration_s if after is None else at_s + after / 2,
        )
    ahead, behind = before if before is not None else after, after if after is not None else before
    return at_s - (ahead or 0.0) / 2, at_s + (behind or 0.0) / 2


def _known(value: float | None) -> float:
    """A value between 0 and 1; what is not known is not a number."""
    return min(max(float(value), 0.0), 1.0) if value is not None and math.isfinite(value) else math.nan


def thinned(run: tuple[Piece, ...], axis: Axis, width: float) -> tuple[Piece, ...]:
    """The greatest value within each so many pixels, standing for all of them.

    >>> run = tuple(Piece(at, at / 4, at - 0.5, at + 0.5) for at in (0.5, 1.5, 2.5, 3.5))
    >>> thinned(run, Axis(0, 4, 4), 2)
    (Piece(at_s=1.5, value=0.375, from_s=0.0, until_s=2.0), Piece(at_s=3.5, value=0.875, from_s=2.0, until_s=4.0))
    """
    kept: list[Piece] = []
    place = None
    for piece in run:
        here = int((axis.x(piece.at_s) - axis.left) // width)
        if here != place:
            kept.append(piece)
            place = here
            continue
        last = kept[-1]
        greater = piece if piece.value > last.value else last
        kept[-1] = replace(greater, from_s=last.from_s, until_s=piece.until_s)
    return tuple(kept)


def gutter(sheet: Sheet) -> float:
    """Width of the labels left of the axis."""
    labels = [lane.label for lane in sheet.lanes] + [sheet.words.cuts if sheet.cuts else "", sheet.words.palette]
    widest = max(LABEL.width(label) for label in labels)
    return min(max(widest, HOOK.width(hook_label(sheet)), LEAST_LABEL), MOST_LABEL)


def hook_label(sheet: Sheet) -> str:
    """The word for the hook with its seconds."""
    return f"{sheet.words.hook} {sheet.hook_s:g} {sheet.words.s}".replace(".", sheet.words.decimal)


def draw_lanes(canvas: Canvas, sheet: Sheet, axis: Axis, left: float) -> None:
    """The axis at the top of a panel, the cuts and the lanes below it, and a legend of the cuts."""
    top, curve = canvas.y, CURVE_HEIGHT if sheet.thumbnails else TALL_CURVE_HEIGHT
    heights = [curve if lane.kind == "curve" else LANE_HEIGHT for lane in sheet.lanes]
    cuts_row = CUT_HEIGHT + LANE_GAP if sheet.cuts else 0
    bottom = top + TICK_ROW + cuts_row + sum(height + LANE_GAP for height in heights) + PAD - LANE_GAP / 2
    canvas.box(left, top, axis.right + PAD, bottom, (PANEL, 1.0), 10)
    _ground(canvas, sheet, axis, bottom)
    _text(canvas, hook_label(sheet), HOOK, axis, left, top + 29)
    canvas.y = top + TICK_ROW
    if sheet.cuts:
        _text(canvas, sheet.words.cuts, LABEL, axis, left, canvas.y + CUT_HEIGHT / 2 + 8)
        _draw_cuts(canvas, sheet.cuts, axis)
        canvas.y += CUT_HEIGHT + LANE_GAP
    for lane, height in zip(sheet.lanes, heights, strict=True):
        _text(canvas, lane.label, LABEL, axis, left, canvas.y + height / 2 + 8)
        _draw_lane(canvas, lane, axis, height)
        canvas.y += height + LANE_GAP
    canvas.y = bottom
    _draw_legend(canvas, sheet, axis)


def _text(canvas: Canvas, text: str, face: Face, axis: Axis, left: float, foot: float) -> None:
    """A label at the right edge of the gutter."""
    canvas.text(axis.left - PAD, foot, text, face, axis.left - left - 2 * PAD, "right")


def _ground(canvas: Canvas, sheet: Sheet, axis: Axis, bottom: float) -> None:
    """The seconds, their faint lines, the band of the hook and the lines of the cuts through all lanes."""
    top, end = canvas.y, axis.x(min(max(sheet.hook_s, 0.0), axis.duration_s))
    if end > axis.left:
        canvas.box(axis.left, top, max(end, axis.left + 2), bottom, (ACCENT, 0.065))
        canvas.line(((end, top), (end, bottom)), (ACCENT, 0.4), 1.5)
    free = axis.left
    for at_s in axis.ticks():
        x = axis.x(at_s)
        canvas.line(((x, top + TICK_ROW - 4), (x, bottom)), (RULE, 1.0))
        free = _tick(canvas, axis.told(at_s, sheet.words), x, top + 29, free, axis.right)
    for mark in sheet.cuts if len(sheet.cuts) <= FEW_CUTS else ():
        if axis.holds(mark.at_s):
            x = axis.x((mark.at_s + mark.until_s) / 2)
            canvas.line(((x, top + TICK_ROW), (x, bottom)), (BRIGHT, 0.13))
    canvas.line(((axis.left, top), (axis.right, top)), (THREAD, 1.0), 2)
    if end > axis.left:
        canvas.line(((axis.left, top), (max(end, axis.left + 3), top)), (ACCENT, 1.0), 5)


def _tick(canvas: Canvas, text: str, x: float, foot: float, free: float, right: float) -> float:
    """A second in the middle of its line, or moved away from the one before it and from the end of the axis.

    Where the next one may begin comes back; one that would have to be moved further than to its line is left out.
    """
    half = TICK.width(text) / 2
    middle = min(max(x, free + TICK_GAP + half), right + PAD - TICK_GAP - half)
    if middle - half < free or middle - half > x + 2 * TICK_GAP:
        return free
    canvas.text(middle, foot, text, TICK, 2 * half, "middle")
    return middle + half


def _draw_cuts(canvas: Canvas, cuts: tuple[Mark, ...], axis: Axis) -> None:
    """A line where the shot changes at once, two wedges that meet for a dissolve, one that shrinks for a fade."""
    top, bottom = canvas.y, canvas.y + CUT_HEIGHT
    dense = max(0.35, min(1.0, 150 / len(cuts)))
    for mark in cuts:
        if axis.holds(mark.at_s):
            _draw_mark(canvas, mark.kind, axis.x(mark.at_s), axis.x(max(mark.until_s, mark.at_s)), top, bottom, dense)


def _draw_mark(
    canvas: Canvas, kind: str, start: float, end: float, top: float, bottom: float, dense: float = 1.0
) -> None:
    """One change of shot between two places; the shapes of the legend are the same."""
    middle, half = (start + end) / 2, max(end - start, LEAST_WEDGE) / 2
    start, end, foot = middle - half, middle + half, (top + bottom) / 2
    if kind == "hard":
        canvas.line(((middle, top), (middle, bottom)), (BRIGHT, dense), 2.5)
    elif kind == "dissolve":
        canvas.polygon(((start, top), (middle, foot), (start, bottom)), (BRIGHT, 0.75 * dense))
        canvas.polygon(((end, top), (middle, foot), (end, bottom)), (BRIGHT, 0.75 * dense))
    else:
        canvas.polygon(((start, top), (end, foot), (start, bottom)), (BRIGHT, 0.75 * dense))


def _draw_legend(canvas: Canvas, sheet: Sheet, axis: Axis) -> None:
    """Names of the kinds of change that occur, below the panel."""
    kinds = [kind for kind in ("hard", "dissolve", "fade") if any(mark.kind == kind for mark in sheet.cuts)]
    if not kinds:
        return
    x, foot = axis.left, canvas.y + 32
    for kind in kinds:
        _draw_mark(canvas, kind, x + 2, x + 2 if kind == "hard" else x + 22, foot - 17, foot + 2)
        drawn = canvas.text(x + (16 if kind == "hard" else 34), foot, getattr(sheet.words, kind), LEGEND, 320)
        x = drawn.right + 36 if drawn else x + 60
    canvas.y += 40


def _draw_lane(canvas: Canvas, lane: Lane, axis: Axis, height: float) -> None:
    """A lane by its kind; where nothing is known not even its foot is drawn."""
    colour, bottom = ROLES[lane.role], canvas.y + height
    for run in runs(lane, axis):
        left, right = axis.x(run[0].from_s), axis.x(run[-1].until_s)
        if lane.kind == "dots":
            canvas.line(((left, bottom - height / 2), (right, bottom - height / 2)), (RULE, 1.0), 1.5)
            _draw_dots(canvas, thinned(run, axis, DOT_BIN), axis, height, colour)
            continue
        canvas.box(left, bottom - 1, max(right, left + 2), bottom, (colour, 0.45))
        draw = _draw_bars if lane.kind == "bars" else _draw_curve
        draw(canvas, thinned(run, axis, BIN), axis, height, colour)


def _draw_dots(canvas: Canvas, run: tuple[Piece, ...], axis: Axis, height: float, colour: str) -> None:
    middle = canvas.y + height / 2
    for piece in run:
        if piece.value > 0:
            canvas.dot(axis.x(piece.at_s), middle, 3 + 8 * piece.value, (colour, 0.45 + 0.55 * piece.value))


def _draw_bars(canvas: Canvas, run: tuple[Piece, ...], axis: Axis, height: float, colour: str) -> None:
    bottom = canvas.y + height
    for piece in run:
        left, right = axis.x(piece.from_s), axis.x(piece.until_s)
        if piece.value > 0:
            right = max(right, left + LEAST_BAR) if len(run) == 1 else right
            canvas.box(left, bottom - max(height * piece.value, 2), right, bottom, (colour, 0.75))


def _draw_curve(canvas: Canvas, run: tuple[Piece, ...], axis: Axis, height: float, colour: str) -> None:
    bottom = canvas.y + height
    line = [(axis.x(piece.at_s), bottom - (height - 2) * piece.value) for piece in run]
    left, right = axis.x(run[0].from_s), max(axis.x(run[-1].until_s), axis.x(run[0].from_s) + 2)
    line = [(left, line[0][1]), *line, (right, line[-1][1])]
    canvas.polygon([(left, bottom), *line, (right, bottom)], (colour, 0.28))
    canvas.line(line, (colour, 1.0), 2)
