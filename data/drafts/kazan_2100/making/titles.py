"""Titles: white DejaVu Sans Bold with a dark outline and a neon glow, wide margins, a bounce when they come."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from paint import Colour, Image, blurred, rgb
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf")
WIDEST = 0.84  # of the frame: the rest is margin, and the buttons of the platforms lie there
COMES, GOES = 0.22, 0.20  # s


@dataclass(frozen=True, slots=True)
class Title:
    """A text on the screen.

    Attributes:
        lines: top to bottom.
        start: s from the clip's start.
        stop: s, when nothing is left of it.
        middle: row of its middle as a share of the frame's height.
        size: height of the letters of each line in pixels of a frame 1080 wide; smaller when it would be too wide.
        glow: its colour.
    """

    lines: tuple[str, ...]
    start: float
    stop: float
    middle: float
    size: tuple[int, ...]
    glow: Colour


def need_font() -> None:
    """Stop with a sentence when the font is not there.

    Raises:
        SystemExit: the font file is missing.
    """
    if not FONT.is_file():
        raise SystemExit(f"The titles need the font {FONT}; on Debian: apt-get install fonts-dejavu-core.")


def lettered(title: Title, width: int) -> Image:
    """The title as a premultiplied picture as wide as the frame (pixels)."""
    unit, images = width / 1080, []
    for line, size in zip(title.lines, title.size, strict=True):
        images.append(_line(line, size * unit, width, unit))
    height = sum(image.shape[0] for image in images) + round(120 * unit)
    white, dark = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    top = round(60 * unit)
    for image in images:
        white[top : top + image.shape[0]] += image[..., 0]
        dark[top : top + image.shape[0]] += image[..., 1]
        top += image.shape[0]
    halo = (0.9 * blurred(white, 9 * unit) + 0.8 * blurred(white, 26 * unit))[..., None]
    shade = np.clip(dark + 0.55 * blurred(dark, 16 * unit), 0, 1)
    light = halo * rgb(title.glow) * (1 - dark[..., None]) + white[..., None]
    lit = np.where(white[..., None] > 0.98, 1.0, light)
    return np.dstack([np.clip(lit, 0, 1) * 255, np.maximum(shade, white) * 255]).astype(np.uint8)


def _line(text: str, size: float, width: int, unit: float) -> np.ndarray:
    """One line (rows, columns, 2): share of letter, share of letter or outline; both 0..1."""
    stroke = max(2, round(size * 0.055))
    font = ImageFont.truetype(str(FONT), round(size))
    while font.getlength(text) + 2 * stroke > WIDEST * width:
        size *= 0.97
        font = ImageFont.truetype(str(FONT), round(size))
    rows = round(size * 1.2)
    layers = []
    for edge in (0, stroke):
        page = Pillow.new("L", (width, rows))
        ImageDraw.Draw(page).text((width / 2, rows / 2), text, 255, font, "mm", stroke_width=edge)
        layers.append(np.asarray(page, np.float32) / 255)
    return np.stack(layers, axis=-1)


def write(frame: Image, picture: Image, title: Title, time: float) -> None:
    """Lay a lettered title over a frame at a time (s), if it is on then: it lands with a bounce and fades."""
    if not title.start <= time < title.stop:
        return
    come = min((time - title.start) / COMES, 1.0)
    go = min((title.stop - time) / GOES, 1.0)
    scale = 1 + 0.55 * (1 - come) ** 3 - 0.035 * math.sin(math.pi * come) + 0.012 * (time - title.start)
    height, width = frame.shape[:2]
    rows = picture.shape[0]
    move = np.array(
        [[scale, 0, width / 2 * (1 - scale)], [0, scale, title.middle * height - rows / 2 * scale]], np.float32
    )
    top = max(0, int(title.middle * height - rows * scale / 2) - 1)
    bottom = min(height, int(title.middle * height + rows * scale / 2) + 1)
    move[1, 2] -= top
    over = cv2.warpAffine(picture, move, (width, bottom - top), flags=cv2.INTER_LINEAR).astype(np.float32)
    over *= min(come * 1.6, 1.0) * go
    behind = frame[top:bottom]
    behind[:] = np.clip(behind * (1 - over[..., 3:] / 255) + over[..., :3], 0, 255).astype(np.uint8)
