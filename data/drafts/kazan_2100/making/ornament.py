"""The ornament of ichigi, the Tatar boots sewn of coloured leather: tulips, curls and drops, drawn as light.

The pattern is our own drawing in that manner, not a copy of any one pair.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from paint import CYAN, EMERALD, GOLD, MAGENTA, Colour, Floats, Point, blurred, rgb

SIZE = 192  # pixels of one tile's side: enough for a wall ten metres high seen close
SUPER = 4  # drawn that many times larger, then averaged


def ichigi() -> Floats:
    """One tile (SIZE, SIZE, 3) of light that repeats without a seam from left to right."""
    tile = np.zeros((SIZE * SUPER, SIZE * SUPER, 3), np.float32)
    for middle in (0.0, 1.0):
        _patch(tile, _petal(middle, 0.98, 0.13, 0.30, -1), MAGENTA, 0.35)
        _patch(tile, _petal(middle, 0.86, 0.07, 0.16, -1), GOLD, 0.5)
    _patch(tile, _petal(0.5, 0.34, 0.17, 0.52, 1), MAGENTA, 0.42)
    _patch(tile, _petal(0.5, 0.40, 0.10, 0.36, 1), EMERALD, 0.40)
    _patch(tile, _petal(0.5, 0.46, 0.05, 0.20, 1), GOLD, 0.9)
    for side in (-1, 1):
        _patch(tile, _leaf(side), EMERALD, 0.45)
        _thread(tile, _curl(side, 0.5, 0.34, 0.36), CYAN)
        _thread(tile, _curl(side, 0.5, 0.16, 0.24), GOLD)
        _patch(tile, _drop(0.5 + side * 0.23, 0.88, 0.035), GOLD, 0.9)
        _patch(tile, _drop(0.5 + side * 0.40, 0.52, 0.028), CYAN, 0.9)
    for y in (0.02, 0.98):
        _thread(tile, [(0.0, y), (1.0, y)], CYAN)
    small = cv2.resize(tile, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    wide = blurred(np.tile(small, (1, 3, 1)), SIZE * 0.02)[:, SIZE : 2 * SIZE]
    return np.asarray(0.8 * small + 0.35 * wide, np.float32)


def _patch(tile: Floats, outline: list[Point], colour: Colour, strength: float) -> None:
    """A piece of coloured leather: a filled outline with a brighter seam; y counts upwards from 0 to 1."""
    corners = [_pixels(tile, outline)]
    flat = np.zeros(tile.shape[:2], np.uint8)
    cv2.fillPoly(flat, corners, 255, cv2.LINE_AA)
    tile += (flat / 255.0 * strength)[..., None].astype(np.float32) * rgb(colour)
    _thread(tile, [*outline, outline[0]], colour)


def _thread(tile: Floats, line: list[Point], colour: Colour) -> None:
    """A stitched line of light."""
    flat = np.zeros(tile.shape[:2], np.uint8)
    cv2.polylines(flat, [_pixels(tile, line)], False, 255, round(0.014 * tile.shape[0]), cv2.LINE_AA)
    share = (flat / 255.0)[..., None].astype(np.float32)
    tile *= 1 - 0.9 * share
    tile += share * (0.9 * rgb(colour) + 0.15)


def _pixels(tile: Floats, line: list[Point]) -> np.ndarray:
    """Rounded pixel corners of points in 0..1, y upwards."""
    side = tile.shape[0]
    return np.round([(x * side, (1 - y) * side) for x, y in line]).astype(np.int32)


def _petal(x: float, y: float, half: float, height: float, way: int) -> list[Point]:
    """A tulip's cup from (x, y) upwards (way 1) or downwards (-1), its lips bent outwards."""
    right = []
    for step in range(25):
        t = step / 24
        wide = half * (math.sin(math.pi * t**0.75) * (1 - 0.55 * t) * 1.35)
        right.append((x + wide, y + way * height * t))
    return right + [(2 * x - px, py) for px, py in reversed(right)]


def _leaf(side: int) -> list[Point]:
    """A leaf that rises from the stem and bends to a side."""
    upper, lower = [], []
    for step in range(17):
        t = step / 16
        x, y = 0.5 + side * (0.04 + 0.30 * t), 0.30 + 0.30 * t**1.6
        wide = 0.055 * math.sin(math.pi * t)
        upper.append((x - side * wide * 0.7, y + wide))
        lower.append((x + side * wide * 0.7, y - wide))
    return upper + lower[::-1]


def _curl(side: int, x: float, y: float, size: float) -> list[Point]:
    """A shoot that leaves the stem sideways and rolls up, like a ram's horn."""
    points = []
    for step in range(49):
        t = step / 48
        angle = math.pi * (1.0 - 2.7 * t)
        radius = size * 0.5 * (1 - 0.78 * t)
        points.append((x + side * (size * 0.55 + radius * math.cos(angle)), y - 0.02 + radius * math.sin(angle) * 0.62))
    return points


def _drop(x: float, y: float, radius: float) -> list[Point]:
    """A round bead."""
    return [(x + radius * math.cos(a * math.pi / 8), y + radius * math.sin(a * math.pi / 8)) for a in range(17)]
