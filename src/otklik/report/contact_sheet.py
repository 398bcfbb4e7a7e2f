"""A film on one picture: what it shows, when, how loud, and what was found in it.

A film is told along a time axis: thumbnails above it, lanes below. A sound alone is the same without thumbnails, and
a single still picture is a card with the picture large and the findings beside it. Nothing is measured here: the sheet
is a value, and the same value gives the same bytes.
"""

from __future__ import annotations

import math
from dataclasses import replace

from otklik.report.sheet_axis import Axis
from otklik.report.sheet_canvas import Canvas, Face
from otklik.report.sheet_colours import BRIGHT, GROUND, INK, MUTED, ROLES, RULE
from otklik.report.sheet_lanes import LABEL, PAD, draw_lanes, gutter, runs
from otklik.report.sheet_strip import draw_strip
from otklik.report.sheet_text import clean, font, wrap
from otklik.report.sheet_values import Lane, Mark, Sheet, Thumbnail, Words

__all__ = ["Lane", "Mark", "Sheet", "Thumbnail", "Words", "draw_sheet", "render_sheet"]

WIDTH = 1600
MARGIN = 56
LEFT, RIGHT = MARGIN, WIDTH - MARGIN
GAP = 34
"""Between the parts of the sheet."""
TITLE, FACTS, VALUE, NAME, NOTE = Face(42, BRIGHT, True), Face(23, INK), Face(22, INK), Face(22, MUTED), Face(19, MUTED)
LEAD = 1.4
"""Height of a line by the size of its letters."""
TITLE_LINES, FACTS_LINES, VALUE_LINES, NOTE_LINES, MOST_NOTES = 2, 2, 3, 2, 8
COLUMN_GAP = 56
MOST_NAME = 0.42
"""Share of a column that the labels of findings may take."""
NAME_GAP, ROW_PAD = 24, 9
SWATCH = 34
Findings = tuple[tuple[str, str], ...]
CARD_WIDTH, CARD_HEIGHT, MOST_GROWN = 860, 900, 3.0
"""Most that a still picture takes, and how far a small one is made larger."""
PANORAMA = 1.9
"""A still picture wider than this takes the width of the sheet, and the findings stand below it."""


def render_sheet(sheet: Sheet) -> bytes:
    r"""The contact sheet as a PNG file, 1600 pixels wide and as high as what there is to tell.

    Raises:
        ValueError: a colour of the palette is not one.

    >>> render_sheet(Sheet("Казань 2100", 18.4))[:4]
    b'\x89PNG'
    """
    return draw_sheet(sheet).png()


def draw_sheet(sheet: Sheet) -> Canvas:
    """The contact sheet before it is painted, with the boxes of its words and pictures."""
    canvas = Canvas(WIDTH, GROUND, MARGIN - 8)
    _draw_header(canvas, sheet)
    if math.isfinite(sheet.duration_s) and sheet.duration_s > 0:
        _draw_film(canvas, sheet)
    else:
        _draw_still(canvas, sheet)
    _draw_notes(canvas, sheet)
    canvas.y += MARGIN - 16
    return canvas


def _draw_film(canvas: Canvas, sheet: Sheet) -> None:
    axis = Axis(LEFT + gutter(sheet) + 2 * PAD, RIGHT - PAD, sheet.duration_s)
    draw_strip(canvas, sheet, axis, LEFT, RIGHT)
    draw_lanes(canvas, sheet, axis, LEFT)
    if sheet.palette:
        canvas.y += GAP - 14
        canvas.text(axis.left - PAD, canvas.y + SWATCH / 2 + 8, sheet.words.palette, LABEL, axis.left - LEFT, "right")
        _draw_palette(canvas, sheet, axis.left, axis.right)
    canvas.y += GAP
    half = (RIGHT - LEFT - COLUMN_GAP) / 2
    _draw_findings(canvas, sheet.findings, (LEFT, LEFT + half + COLUMN_GAP), half)


def _draw_still(canvas: Canvas, sheet: Sheet) -> None:
    """The picture large and its colours, the strengths of the lanes and the findings where there is room."""
    if not sheet.thumbnails or sheet.thumbnails[0].aspect > PANORAMA:
        _draw_card(canvas, sheet, RIGHT - LEFT)
        _draw_below(canvas, sheet)
        return
    top, strengths = canvas.y, _strengths(sheet)
    width = _draw_card(canvas, sheet, CARD_WIDTH)
    left, is_wide = LEFT + width + COLUMN_GAP, sheet.thumbnails[0].aspect > 1
    _draw_strengths(canvas, strengths if is_wide else (), LEFT, LEFT + width)
    below, canvas.y = canvas.y, top
    _draw_strengths(canvas, () if is_wide else strengths, left, RIGHT)
    _draw_findings(canvas, sheet.findings, (left,), RIGHT - left)
    canvas.y = max(canvas.y, below)


def _draw_below(canvas: Canvas, sheet: Sheet) -> None:
    """Strengths and findings in two columns."""
    half = (RIGHT - LEFT - COLUMN_GAP) / 2
    second, strengths, top = LEFT + half + COLUMN_GAP, _strengths(sheet), canvas.y
    split = -(-len(strengths) // 2)
    _draw_strengths(canvas, strengths[split:], second, RIGHT)
    canvas.y = top
    _draw_strengths(canvas, strengths[:split], LEFT, LEFT + half)
    _draw_findings(canvas, sheet.findings, (LEFT, second), half)


def _draw_card(canvas: Canvas, sheet: Sheet, most: float) -> float:
    """A still picture and its colours; the width that they take comes back."""
    room = most
    if sheet.thumbnails:
        height, width = sheet.thumbnails[0].rgb.shape[:2]
        scale = min(most / width, CARD_HEIGHT / height, MOST_GROWN)
        room = max(width * scale, CARD_WIDTH / 3)
        canvas.picture(sheet.thumbnails[0].rgb, LEFT, canvas.y, width * scale, height * scale, 10)
        canvas.y += height * scale + 20
    if sheet.palette:
        _draw_palette(canvas, sheet, LEFT, LEFT + room)
        canvas.y += 16
    return room


def _draw_header(canvas: Canvas, sheet: Sheet) -> None:
    _draw_lines(canvas, clean(sheet.title), TITLE, TITLE_LINES)
    told = " · ".join(fact for fact in map(clean, sheet.facts) if fact)
    _draw_lines(canvas, told, FACTS, FACTS_LINES)
    canvas.y += GAP - 8


def _draw_lines(
    canvas: Canvas, text: str, face: Face, most: int, left: float = LEFT, width: float = RIGHT - LEFT
) -> None:
    """Words in lines from ``canvas.y`` down."""
    for line in wrap(text, font(face.size, bold=face.bold), width, most):
        canvas.text(left, canvas.y + face.size * 1.05, line, face, width)
        canvas.y += face.size * LEAD


def _draw_palette(canvas: Canvas, sheet: Sheet, left: float, right: float) -> None:
    """The colours as a strip, as wide as their shares, which are written below where there is room."""
    shares = [(colour, share) for colour, share in sheet.palette if math.isfinite(share) and share > 0]
    whole = max(1.0, sum(share for _, share in shares))
    x, foot = left, canvas.y + SWATCH + 25
    for colour, share in shares:
        end = x + (right - left) * share / whole
        canvas.box(x, canvas.y, max(end - 3, x + 1), canvas.y + SWATCH, (colour, 1.0), 5)
        told = f"{100 * share:.0f} %"
        if NOTE.width(told) + 8 < end - x:
            canvas.text((x + end - 3) / 2, foot, told, NOTE, end - x, "middle")
        x = end
    canvas.y += SWATCH + 32


def _strengths(sheet: Sheet) -> tuple[tuple[Lane, float], ...]:
    """The lanes of a still picture with the greatest value of each; a lane without a known value is left out."""
    values = [(lane, [piece.value for run in runs(lane, Axis(0, 1, 1.0)) for piece in run]) for lane in sheet.lanes]
    return tuple((lane, max(known)) for lane, known in values if known)


def _draw_strengths(canvas: Canvas, strengths: tuple[tuple[Lane, float], ...], left: float, right: float) -> None:
    """A bar for each."""
    room = min(max((LABEL.width(lane.label) for lane, _ in strengths), default=0.0), (right - left) * MOST_NAME)
    start = left + room + PAD
    for lane, value in strengths:
        foot = canvas.y + 27
        canvas.text(left, foot, lane.label, LABEL, room)
        canvas.box(start, foot - 15, right, foot - 1, (RULE, 1.0), 7)
        if value > 0:
            canvas.box(start, foot - 15, start + (right - start) * value, foot - 1, (ROLES[lane.role], 1.0), 7)
        canvas.y += 42
    canvas.y += 24 if strengths else 0


def _draw_findings(canvas: Canvas, findings: Findings, lefts: tuple[float, ...], width: float) -> None:
    """Labels and values in one or two columns read downwards, a thin rule above each row."""
    room = min(max((NAME.width(label) for label, _ in findings), default=0.0), width * MOST_NAME)
    heights = [_row_height(value, width - room - NAME_GAP) for _, value in findings]
    split = _halved(heights) if len(lefts) > 1 else len(findings)
    top = canvas.y
    for left, part in zip(lefts, (findings[:split], findings[split:]), strict=False):
        canvas.y = top
        for label, value in part:
            canvas.line(((left, canvas.y), (left + width, canvas.y)), (RULE, 1.0), 1.5)
            canvas.y += ROW_PAD
            start = canvas.y
            canvas.text(left, start + NAME.size * 1.05, label, NAME, room)
            _draw_lines(canvas, clean(value), VALUE, VALUE_LINES, left + room + NAME_GAP, width - room - NAME_GAP)
            canvas.y = max(canvas.y, start + VALUE.size * LEAD) + ROW_PAD
    canvas.y = top + max(sum(heights[:split]), sum(heights[split:]))


def _row_height(value: str, width: float) -> float:
    lines = len(wrap(clean(value), font(VALUE.size, bold=VALUE.bold), width, VALUE_LINES))
    return max(1, lines) * VALUE.size * LEAD + 2 * ROW_PAD


def _halved(heights: list[float]) -> int:
    """How many rows stand in the first of two columns so that the higher one is as low as can be.

    >>> _halved([60, 30, 30, 30]), _halved([30, 30, 30]), _halved([])
    (2, 2, 0)
    """
    return min(range(len(heights), -1, -1), key=lambda at: max(sum(heights[:at]), sum(heights[at:])))


def _draw_notes(canvas: Canvas, sheet: Sheet) -> None:
    """What was not looked at, small, at the bottom."""
    notes = [note for note in map(clean, sheet.notes) if note]
    if not notes:
        return
    canvas.y += GAP - 12
    _draw_lines(canvas, clean(sheet.words.notes), replace(NOTE, bold=True), 1)
    for note in notes[:MOST_NOTES]:
        canvas.dot(LEFT + 5, canvas.y + 13, 2.5, (MUTED, 1.0))
        _draw_lines(canvas, note, NOTE, NOTE_LINES, LEFT + 20, RIGHT - LEFT - 20)
    if len(notes) > MOST_NOTES:
        _draw_lines(canvas, f"… +{len(notes) - MOST_NOTES}", NOTE, 1, LEFT + 20)
