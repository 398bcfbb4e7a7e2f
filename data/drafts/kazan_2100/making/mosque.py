"""The mosque: a great dome between four minarets, in the manner of Kul Sharif, on a disc that hangs over the river."""

from __future__ import annotations

import math

from paint import (
    CYAN,
    EMERALD,
    GOLD,
    MAGENTA,
    TURQUOISE,
    Canvas,
    Colour,
    Image,
    Point,
    Stone,
    arch,
    box,
    meridians,
    ogee,
    panes,
)

WHITE = Stone(reach=26, strength=0.82)
FAR_WHITE = Stone(reach=30, strength=0.5, edge=0.4)
TILE = Stone(colour=TURQUOISE, flood=(0.75, 1.0, 1.0), base=26, reach=30, strength=1.0, edge=0.8)
HULL = Stone(colour=(0.30, 0.30, 0.46), flood=CYAN, base=-13, reach=8, strength=0.6, edge=0.7)


def mosque(density: float) -> tuple[Image, Point]:
    """The mosque and its disc; with the picture goes the place (m) of its upper left corner, the stairs' foot at 0."""
    canvas = Canvas(-66, 66, -34, 76, density)
    _disc(canvas)
    for x in (-19.5, 19.5):
        _minaret(canvas, x, 4, 57, 2.1, FAR_WHITE)
    _dome(canvas)
    _body(canvas)
    for x in (-33.0, 33.0):
        _minaret(canvas, x, 2, 62, 2.7, WHITE)
    return canvas.bake(), (canvas.left, canvas.top)


def _disc(canvas: Canvas) -> None:
    """The floating ground: a shallow bowl with rings of light and a beam below."""
    canvas.beam((0, -8), (0, -33), (24, 40), CYAN, 0.20)
    canvas.beam((0, -8), (0, -33), (5, 11), CYAN, 0.55)
    bowl = [(-13, 6.0), (-12, 12.0), (-9, 24), (-5, 39), (-2, 47), (0, 49.5), (0.8, 49.5)]
    canvas.turned(0, bowl, HULL, ribs=64)
    for y, r, colour in ((0.2, 49.5, CYAN), (-4.2, 41, MAGENTA), (-8.6, 25.5, CYAN), (-12.4, 9, MAGENTA)):
        bow = [(r * math.sin(a), y - 0.02 * r * math.cos(a)) for a in _turn(40)]
        canvas.neon(bow, colour, 0.5, 0.9)
    for x in range(-46, 47, 4):
        canvas.shine(box(x - 0.3, x + 0.3, 0.8, 1.9), GOLD, 1.2)


def _turn(steps: int) -> list[float]:
    """Angles of the visible half of a ring."""
    return [math.pi * (step / steps - 0.5) for step in range(steps + 1)]


def _minaret(canvas: Canvas, x: float, base: float, top: float, radius: float, stone: Stone) -> None:
    """A slender eight-sided tower with two balconies, a tiled cone and a crescent."""
    height = top - base
    low, high, cone = base + height * 0.42, base + height * 0.60, base + height * 0.70
    canvas.turned(x, [(base, radius * 1.5), (base + 5, radius * 1.42), (base + 6, radius * 1.1)], stone, facets=8)
    shaft = [(base + 6, radius * 1.05), (low, radius * 0.92)]
    canvas.turned(x, shaft, stone, facets=8, lights=panes(8, base + 9, 5, 0.28, math.pi / 8), tint=GOLD)
    canvas.turned(x, [(low, radius), (low + 1.4, radius * 1.5), (low + 2.4, radius * 1.5)], stone, ribs=32)
    canvas.turned(x, [(low + 2.4, radius * 0.84), (high, radius * 0.76)], stone, facets=8)
    canvas.turned(x, [(high, radius * 0.9), (high + 1.4, radius * 1.4), (high + 2.2, radius * 1.4)], stone, ribs=32)
    lantern = panes(8, high + 2.6, (cone - high - 3) * 0.95, 0.62)
    canvas.turned(x, [(high + 2.2, radius * 0.72), (cone, radius * 0.72)], stone, lights=lantern, tint=GOLD)
    roof = [(cone, radius * 0.98), (cone + 1, radius * 0.92), (cone + 4, radius * 0.62), (top - 2, 0.12), (top, 0.10)]
    canvas.turned(x, roof, TILE, facets=8, ribs=8)
    for y, r in ((low + 2.4, 1.5), (high + 2.2, 1.4), (cone, 1.0)):
        canvas.neon([(x - r * radius, y), (x + r * radius, y)], CYAN, 0.22, 0.9)
    crescent(canvas, x, top + 1.2, 1.15)


def crescent(canvas: Canvas, x: float, y: float, size: float) -> None:
    """A golden crescent, open upwards to the right, of a radius in m."""
    outer = [(x + size * math.cos(a), y + size * math.sin(a)) for a in _arc(0.30, 1.86)]
    x, y, size = x + 0.26 * size, y + 0.2 * size, 0.78 * size
    inner = [(x + size * math.cos(a), y + size * math.sin(a)) for a in _arc(0.20, 1.96)]
    canvas.shine(outer + inner[::-1], (1.0, 0.82, 0.4), 1.5)


def _arc(start: float, stop: float, steps: int = 24) -> list[float]:
    """Angles in radians from and to shares of a half turn, counted from a quarter turn onwards."""
    return [math.pi * (0.5 + start + (stop - start) * step / steps) for step in range(steps + 1)]


def _dome(canvas: Canvas) -> None:
    """The drum with its ring of windows and the ribbed turquoise dome with lit ribs."""
    canvas.turned(0, [(14, 17.5), (23, 17.5), (23.6, 18.2), (24.4, 18.2)], WHITE, facets=16)
    canvas.turned(0, [(24.4, 15.8), (30, 15.8)], WHITE, lights=panes(28, 25.0, 4.4, 0.5), tint=GOLD)
    canvas.turned(0, [(30, 16.8), (31.1, 17.0), (31.7, 16.6)], WHITE, ribs=96)
    canvas.turned(0, ogee(31.7, 15.8, 24.5), TILE, ribs=24, lights=meridians(16, 32, 55), tint=CYAN)
    canvas.turned(0, [(55.2, 0.7), (56.4, 0.9), (57.4, 0.25), (61, 0.2)], Stone(GOLD, strength=1.4, reach=80))
    for y, r in ((24.4, 18.2), (31.6, 16.8)):
        canvas.neon([(-r, y), (r, y)], CYAN, 0.3, 0.9)
    crescent(canvas, 0, 63.2, 2.3)


def _gable(canvas: Canvas, x: float, base: float, width: float, height: float, colour: Colour) -> None:
    """A pointed portal: white frame, a niche, a great window of coloured glass with its lattice."""
    canvas.wall(arch(x, base, width, height), WHITE)
    canvas.neon(arch(x, base, width, height)[1:-1], colour, 0.32, 1.0)
    canvas.wall(arch(x, base, width * 0.78, height * 0.86), Stone((0.34, 0.36, 0.55), strength=0.5, base=base, reach=9))
    glass = arch(x, base + 1.2, width * 0.64, height * 0.74)
    canvas.shine(glass, GOLD, 0.85, fall=0.55)
    canvas.shine(arch(x, base + 1.2, width * 0.34, height * 0.6), (1.0, 0.55, 0.35), 0.5, fall=0.4)
    canvas.neon(glass[1:-1], CYAN, 0.2, 0.8)


def _lattice(canvas: Canvas, x: float, base: float, width: float, height: float) -> None:
    """Dark glazing bars: uprights and a star-like weave."""
    bar = Stone((0.2, 0.2, 0.34), strength=0.25)
    for share in (-0.3, -0.1, 0.1, 0.3):
        middle = x + share * width
        canvas.wall(box(middle - 0.12, middle + 0.12, base, base + height * (0.92 - abs(share))), bar)
    for level in range(1, 6):
        y = base + height * level / 8
        canvas.wall(box(x - width / 2, x + width / 2, y - 0.1, y + 0.1), bar)


def _body(canvas: Canvas) -> None:
    """Side wings, corner domes, the middle block with three gables, the stairs."""
    for side in (-1, 1):
        canvas.wall(box(min(side * 14, side * 31), max(side * 14, side * 31), 1, 15), FAR_WHITE)
        canvas.turned(side * 26.5, [(15, 4.6), (17.5, 4.6)], WHITE, lights=panes(20, 15.3, 1.9, 0.5))
        canvas.turned(side * 26.5, ogee(17.5, 4.7, 8.4), TILE, ribs=16, lights=meridians(10, 17, 26), tint=CYAN)
        crescent(canvas, side * 26.5, 27.0, 0.9)
        for x in (21.5, 26.5, 31.0):
            _gable(canvas, side * x, 1, 5.2, 12.5, MAGENTA if x == 26.5 else EMERALD)
        canvas.neon([(side * 14, 15), (side * 31, 15)], CYAN, 0.25, 0.9)
    canvas.wall(box(-18, 18, 1, 19), WHITE)
    canvas.neon([(-18, 19), (18, 19)], CYAN, 0.25, 0.9)
    for x in (-13.6, 13.6):
        _gable(canvas, x, 1, 8, 21, MAGENTA)
    _gable(canvas, 0, 1, 18, 27, CYAN)
    _lattice(canvas, 0, 2.4, 11.2, 19.5)
    for step in range(4):
        half = 13 + 2.5 * (3 - step)
        canvas.wall(box(-half, half, 0.6 + step * 0.55, 1.15 + step * 0.55), Stone(strength=0.55 + 0.1 * step, reach=4))
