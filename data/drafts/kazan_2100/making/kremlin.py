"""The kremlin: a white wall with battlements and round towers under ornament, and the leaning stepped tower."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from mosque import crescent
from ornament import SIZE, ichigi
from paint import (
    CYAN,
    EMERALD,
    GOLD,
    MAGENTA,
    Canvas,
    Floats,
    Image,
    Point,
    Stone,
    arch,
    box,
    meridians,
    panes,
)

LIME = Stone(colour=(0.88, 0.88, 0.97), reach=9, strength=0.62, edge=0.5, flood=(0.95, 0.8, 1.0))
ROOF = Stone(colour=(0.16, 0.55, 0.40), flood=(0.8, 1.0, 0.9), base=19, reach=16, strength=0.95, edge=1.1)
BRICK = Stone(colour=(0.84, 0.40, 0.28), flood=(1.0, 0.72, 0.5), reach=17, strength=1.35, edge=0.8, course=0.62)
LEATHER = Stone(colour=(0.20, 0.10, 0.34), reach=12, strength=0.35, edge=0.5)  # the dark ground of the ornament
SPIRE = Stone(colour=(0.20, 0.50, 0.42), base=44, reach=20, strength=0.7, edge=0.9)
BAND = (2.2, 9.4)  # m: foot and top of the ornament on the wall
TIERS = (  # Söyembikä: foot, top, half-width in m, sides
    (0.0, 13.0, 9.0, 4),
    (13.0, 23.0, 7.4, 4),
    (23.0, 31.0, 6.0, 4),
    (31.0, 37.6, 4.6, 8),
    (37.6, 42.6, 3.6, 8),
    (42.6, 46.4, 2.7, 8),
    (46.4, 49.4, 1.9, 8),
)
TURN = 0.42  # radians by which the square tiers show their right side
LEAN = 0.045  # m aside a metre up: more than the real tower's, to be seen on a phone


def wall(density: float, length: float, towers: tuple[float, ...]) -> tuple[Image, Image, Point]:
    """The wall and its light as two pictures of one place, so that a wave can run through the light.

    Args:
        density: pixels a metre.
        length: of the wall, m.
        towers: where the round towers stand, m from the middle.
    """
    stone, light = (Canvas(-length / 2, length / 2, -3, 44, density) for _ in range(2))
    _curtain(stone, length)
    _band(light, length)
    for x in towers:
        _tower(stone, light, x)
    return stone.bake(0.8), light.bake(0.55), (stone.left, stone.top)


def _curtain(canvas: Canvas, length: float) -> None:
    """The straight wall, its string courses, merlons with loopholes."""
    half = length / 2
    canvas.wall(box(-half, half, -3, 11.4), LIME)
    canvas.wall(box(-half, half, BAND[0] - 0.2, BAND[1] + 0.2), LEATHER)
    for y in (1.4, 9.7):
        canvas.wall(box(-half, half, y, y + 0.5), Stone(colour=(1, 1, 1), strength=0.9, reach=14))
    dark = Stone(colour=(0.25, 0.22, 0.4), strength=0.2)
    for x in np.arange(-half + 0.4, half, 3.0):
        canvas.wall([(x, 11.4), (x + 2, 11.4), (x + 2, 13.6), (x + 1, 14.1), (x, 13.6)], LIME)
        canvas.wall(box(x + 0.8, x + 1.2, 11.9, 13.1), dark)
        canvas.neon([(x, 13.6), (x + 1, 14.1), (x + 2, 13.6)], MAGENTA, 0.16, 0.9)
    canvas.neon([(-half, 11.35), (half, 11.35)], CYAN, 0.22, 0.9)
    canvas.neon([(-half, -0.6), (half, -0.6)], CYAN, 0.3, 0.8)


def _band(canvas: Canvas, length: float) -> None:
    """Ornament along the flat wall."""
    window = canvas.window(box(-length / 2, length / 2, *BAND))
    across, up = canvas.metres(window)
    canvas.glow[window] += _woven(across + 0 * up, up + 0 * across)


def _woven(along: Floats, up: Floats) -> Floats:
    """The ornament's light at metres along a surface and metres up it."""
    side = BAND[1] - BAND[0]
    column = (along / side % 1 * SIZE).astype(np.float32)
    row = ((BAND[1] - up) / side * (SIZE - 1)).astype(np.float32)
    tile = np.concatenate([ichigi(), ichigi()[:, :1]], axis=1)
    inside = ((up > BAND[0]) & (up < BAND[1]))[..., None]
    return np.asarray(cv2.remap(tile, column, row, cv2.INTER_LINEAR) * inside, np.float32)


def _tower(stone: Canvas, light: Canvas, x: float) -> None:
    """A round tower: ornament around its foot, a lit gallery, a tented roof with a lantern."""
    stone.turned(x, [(-3, 7.6), (1, 7.2), (14, 6.8)], LIME)
    stone.turned(x, [(BAND[0] - 0.3, 7.2), (BAND[1] + 0.3, 7.0)], LEATHER)
    corbels = panes(40, 14.2, 1.6, 0.5)
    stone.turned(x, [(14, 6.9), (15.6, 7.9), (19.6, 7.9)], LIME, lights=corbels, tint=MAGENTA)
    gallery = panes(24, 16.3, 2.6, 0.5)
    stone.turned(x, [(15.9, 7.92), (19.6, 7.92)], LIME, lights=gallery, tint=GOLD)
    tent = [(19.6, 8.5), (20.2, 8.5), (22, 7.0), (34, 1.3), (34.6, 1.2)]
    stone.turned(x, tent, ROOF, 16, 32, lights=meridians(16, 20, 60), tint=EMERALD)
    stone.turned(x, [(34.6, 1.1), (37, 1.1)], LIME, lights=panes(8, 34.8, 1.9, 0.6), tint=GOLD)
    stone.turned(x, [(37, 1.5), (41, 0.1), (43, 0.08)], ROOF, facets=8)
    for y, r, colour in ((14.0, 6.9, CYAN), (19.7, 8.3, CYAN), (1.2, 7.2, MAGENTA)):
        stone.neon([(x - r, y), (x + r, y)], colour, 0.25, 0.9)
    _wrapped(light, x, 7.05)


def _wrapped(light: Canvas, x: float, radius: float) -> None:
    """Ornament bent round a tower."""
    window = light.window(box(x - radius, x + radius, *BAND))
    across, up = light.metres(window)
    share = np.clip((across - x) / radius, -1, 1)
    inside = np.clip((1 - np.abs(share)) * 30, 0, 1)[..., None]
    along = np.arcsin(share) * radius + (BAND[1] - BAND[0]) / 2
    light.glow[window] = _woven(along + 0 * up, up + 0 * across) * inside


def stepped_tower(density: float) -> tuple[Image, Point]:
    """The leaning tower of seven tiers with its spire and crescent."""
    canvas = Canvas(-24, 24, -2, 70, density)
    for low, high, half, sides in TIERS:
        _tier(canvas, low, high, half, sides)
    canvas.turned(0, [(49.4, 2.0), (50.0, 2.1), (51.4, 1.5), (61, 0.12), (62, 0.1)], SPIRE, facets=8, ribs=8)
    canvas.turned(0, [(61.6, 0.1), (62.1, 0.55), (62.6, 0.1)], Stone(GOLD, strength=1.5, reach=90))
    crescent(canvas, 0, 64.4, 1.5)
    gate = arch(-1.2, 0, 5.0, 8.6)
    canvas.wall(gate, Stone(colour=(0.3, 0.2, 0.3), strength=0.5, reach=6))
    canvas.shine(arch(-1.2, 0, 3.6, 7.0), GOLD, 1.0, fall=0.7)
    canvas.neon(gate, CYAN, 0.25, 1.0)
    return _leaning(canvas.bake(0.8), canvas), (canvas.left, canvas.top)


def _tier(canvas: Canvas, low: float, high: float, half: float, sides: int) -> None:
    """One storey: brick, windows, white pilasters on its edges, a lit cornice and a parapet."""
    turn = TURN if sides == 4 else 0.2
    tall = high - low
    count = 20 if sides == 4 else 8
    phase = 0.0 if sides == 4 else np.pi / 8 - turn
    pattern = panes(count, low + tall * 0.3, tall * 0.42, 0.34, phase)
    brick = replace(BRICK, base=low, reach=tall * 0.9)
    canvas.turned(0, [(low, half), (high - 1.2, half)], brick, sides, turn=turn, lights=pattern, tint=GOLD)
    pale = Stone(colour=(0.95, 0.86, 0.80), reach=40, strength=0.75, edge=0.7)
    r = half * 1.05
    canvas.turned(0, [(high - 1.5, half), (high - 1.2, r), (high, r)], pale, sides, ribs=60, turn=turn)
    canvas.neon([(-r, high), (r, high)], CYAN if sides == 4 else EMERALD, 0.22, 1.0)
    canvas.neon([(-half, low + tall * 0.2), (half, low + tall * 0.2)], MAGENTA, 0.14, 0.8)
    edge = half * np.sin(turn)
    canvas.neon([(edge, low), (edge, high - 1.2)], MAGENTA, 0.16, 0.9)
    for side in (-1, 1):
        canvas.neon([(side * half, low), (side * half, high - 1.2)], CYAN if side < 0 else MAGENTA, 0.14, 0.7)


def _leaning(picture: Image, canvas: Canvas) -> Image:
    """The picture sheared about the tower's foot, to the left as seen from the river."""
    foot = canvas.top * canvas.density
    shear = np.array([[1, LEAN, -LEAN * foot], [0, 1, 0]], np.float32)
    return np.asarray(cv2.warpAffine(picture, shear, picture.shape[1::-1], flags=cv2.INTER_LINEAR), np.uint8)
