"""A sheet to draw on whose height is known only at the end: what is drawn is kept in a list and painted last.

Lines and dots are painted at twice the size and made smaller, which smooths them; pictures come over them and words
over all. The boxes of words and pictures are kept, so that a test can see that nothing covers anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw

from otklik.report.sheet_text import clean, fit, font

SMOOTH = 2
"""Lines are painted at so many times the size."""
ANCHORS = {"left": "ls", "middle": "ms", "right": "rs"}
Ink = tuple[str, float]
"""A colour and how much of it covers what lies below, 0 to 1."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Face:
    """Size in pixels, weight and colour of words."""

    size: int
    ink: str
    bold: bool = False

    def width(self, text: str) -> float:
        """Pixels that a text takes as it would be drawn."""
        return font(self.size, bold=self.bold).getlength(clean(text))


@dataclass(frozen=True, slots=True)
class Box:
    """Where something was drawn, pixels; ``text`` is empty for a picture."""

    left: float
    top: float
    right: float
    bottom: float
    text: str = ""

    def meets(self, other: Box) -> bool:
        """Whether two boxes share a pixel.

        >>> Box(0, 0, 10, 10).meets(Box(9, 9, 20, 20)), Box(0, 0, 10, 10).meets(Box(10, 0, 20, 10))
        (True, False)
        """
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(slots=True)
class Canvas:
    """Shapes, pictures and words in the order of drawing; ``y`` is where the next part of the sheet begins."""

    width: int
    ground: str
    y: float = 0.0
    texts: list[Box] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    _shapes: list[Callable[[ImageDraw.ImageDraw], None]] = field(default_factory=list)
    _pasted: list[tuple[Image.Image, int, int, int]] = field(default_factory=list)
    _written: list[tuple[float, float, str, Face, str]] = field(default_factory=list)

    def line(self, points: Sequence[Point], ink: Ink, width: float = 1.0) -> None:
        """A line through points."""
        flat, colour = _scaled(points), _rgba(ink)
        wide = max(1, round(width * SMOOTH))
        self._shapes.append(lambda draw: draw.line(flat, colour, wide, joint="curve"))

    def polygon(self, points: Sequence[Point], ink: Ink) -> None:
        """A filled shape."""
        flat, colour = _scaled(points), _rgba(ink)
        self._shapes.append(lambda draw: draw.polygon(flat, colour))

    def box(self, left: float, top: float, right: float, bottom: float, ink: Ink, radius: float = 0.0) -> None:
        """A filled rectangle, at least one pixel of the large picture each way."""
        x, y, till_x, till_y = (round(one * SMOOTH) for one in (left, top, right, bottom))
        corners, colour = (x, y, max(x, till_x - 1), max(y, till_y - 1)), _rgba(ink)
        around = min(radius * SMOOTH, (corners[2] - x) / 2, (corners[3] - y) / 2)
        self._shapes.append(lambda draw: draw.rounded_rectangle(corners, around, colour))

    def dot(self, x: float, y: float, radius: float, ink: Ink) -> None:
        """A filled circle."""
        corners = _scaled(((x - radius, y - radius), (x + radius, y + radius)))
        colour = _rgba(ink)
        self._shapes.append(lambda draw: draw.ellipse(corners, colour))

    def picture(self, rgb: NDArray[np.uint8], left: float, top: float, width: float, height: float, radius: int) -> Box:
        """A picture in the middle of a frame, as large as fits, with round corners."""
        image = Image.fromarray(np.ascontiguousarray(rgb))
        scale = min(width / image.width, height / image.height)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        x, y = round(left + (width - size[0]) / 2), round(top + (height - size[1]) / 2)
        resized = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        self._pasted.append((resized, x, y, min(radius, min(size) // 2)))
        drawn = Box(x, y, x + size[0], y + size[1])
        self.pictures.append(drawn)
        return drawn

    def text(self, x: float, y: float, text: str, face: Face, width: float, side: str = "left") -> Box | None:
        """Words on a line whose foot is ``y``, cut to a width; ``None`` where nothing is left of them."""
        letters = font(face.size, bold=face.bold)
        shown = fit(clean(text), letters, width)
        if not shown:
            return None
        left, top, right, bottom = letters.getbbox(shown, anchor=ANCHORS[side])
        self._written.append((round(x), round(y), shown, face, ANCHORS[side]))
        drawn = Box(round(x) + left, round(y) + top, round(x) + right, round(y) + bottom, shown)
        self.texts.append(drawn)
        return drawn

    def paint(self) -> Image.Image:
        """The sheet as a picture, as high as ``y``."""
        height = max(1, round(self.y))
        large = Image.new("RGB", (self.width * SMOOTH, height * SMOOTH), self.ground)
        pen = ImageDraw.Draw(large, "RGBA")
        for shape in self._shapes:
            shape(pen)
        sheet = large.reduce(SMOOTH)
        for picture, x, y, radius in self._pasted:
            sheet.paste(picture, (x, y), _rounded(picture.size, radius))
        pen = ImageDraw.Draw(sheet)
        for left, foot, text, face, anchor in self._written:
            pen.text((left, foot), text, face.ink, font(face.size, bold=face.bold), anchor=anchor)
        return sheet

    def png(self) -> bytes:
        """The sheet as a PNG file: the same bytes for the same sheet."""
        file = BytesIO()
        self.paint().save(file, "PNG")
        return file.getvalue()


def _rgba(ink: Ink) -> tuple[int, ...]:
    return (*ImageColor.getrgb(ink[0])[:3], round(255 * ink[1]))


def _scaled(points: Sequence[Point]) -> list[float]:
    """Points at the size of the large picture, as one flat list."""
    return [one * SMOOTH for point in points for one in point]


def _rounded(size: tuple[int, int], radius: int) -> Image.Image:
    """A mask with smooth round corners."""
    large = Image.new("L", (size[0] * 4, size[1] * 4), 0)
    corner = (0, 0, size[0] * 4 - 1, size[1] * 4 - 1)
    ImageDraw.Draw(large).rounded_rectangle(corner, radius * 4, 255)
    return large.reduce(4)
