"""The river station with its spire, now a port of flying boats; the boats; the pads they land on."""

from __future__ import annotations

import math

from paint import (
    CYAN,
    EMERALD,
    GOLD,
    MAGENTA,
    VIOLET,
    Canvas,
    Colour,
    Image,
    Point,
    Stone,
    box,
    panes,
    round_arch,
)

PLASTER = Stone(colour=(0.95, 0.88, 0.84), flood=(1.0, 0.84, 0.66), reach=14, strength=0.8, edge=0.5)
UPPER = Stone(colour=(0.95, 0.90, 0.92), flood=(1.0, 0.78, 0.86), base=14, reach=20, strength=0.75, edge=0.6)
NEEDLE = Stone(colour=(0.80, 0.86, 1.0), flood=(0.8, 0.9, 1.0), base=40, reach=34, strength=0.8, edge=0.9)
PILLAR = Stone(colour=(1.0, 0.97, 0.95), flood=(1.0, 0.92, 0.85), reach=22, strength=0.95, edge=0.9)
STEEL = Stone(colour=(0.30, 0.32, 0.48), flood=CYAN, base=-2, reach=2, strength=0.5, edge=0.8)
HULL = Stone(colour=(0.86, 0.90, 1.0), flood=(0.5, 0.85, 1.0), base=-1, reach=3.2, strength=0.7, edge=0.6)


def station(density: float) -> tuple[Image, Point]:
    """The station seen from the water: colonnade, stepped middle, spire with a star, quay with lamps."""
    canvas = Canvas(-72, 72, -4, 104, density)
    _quay(canvas)
    for side in (-1, 1):
        _rotunda(canvas, side * 54)
    _colonnade(canvas, 50, 1.5, 11, 26)
    _storey(canvas, 30, 12.4, 19.5, 18)
    _storey(canvas, 17, 20.5, 27, 10)
    _clock_tower(canvas)
    return canvas.bake(), (canvas.left, canvas.top)


def _quay(canvas: Canvas) -> None:
    """Granite steps down to the water with a line of lamps."""
    for level in range(3):
        granite = Stone(colour=(0.5, 0.5, 0.66), strength=0.35 + 0.15 * level, reach=6, base=-3)
        canvas.wall(box(-72, 72, -4, -1.6 + level * 1.1), granite)
    canvas.neon([(-72, 1.2), (72, 1.2)], CYAN, 0.28, 0.9)
    canvas.neon([(-72, -2.0), (72, -2.0)], MAGENTA, 0.22, 0.7)
    for x in range(-68, 69, 8):
        canvas.wall(box(x - 0.12, x + 0.12, 0.6, 4.6), STEEL)
        canvas.shine(box(x - 0.35, x + 0.35, 4.2, 5.0), GOLD, 1.5)


def _rotunda(canvas: Canvas, x: float) -> None:
    """A round pavilion at the end of the colonnade, under a shallow dome."""
    canvas.turned(x, [(0.6, 10), (13, 10)], PLASTER, lights=panes(22, 2, 9.4, 0.62), tint=GOLD)
    canvas.turned(x, [(13, 10.8), (14.4, 10.8)], PLASTER, ribs=80)
    dome = [(14.4 + 5.4 * math.sin(a), 9.4 * math.cos(a) + 0.02) for a in (math.pi / 24 * k for k in range(13))]
    canvas.turned(x, dome, Stone(colour=(0.2, 0.5, 0.62), base=14, reach=9, strength=0.8, edge=0.9), ribs=32)
    canvas.turned(x, [(19.6, 0.8), (22.6, 0.7), (23, 0.1), (27, 0.08)], NEEDLE)
    canvas.neon([(x - 10.8, 14.4), (x + 10.8, 14.4)], CYAN, 0.28, 1.0)
    canvas.neon([(x - 10, 1.6), (x + 10, 1.6)], MAGENTA, 0.22, 0.9)


def _colonnade(canvas: Canvas, half: float, low: float, high: float, count: int) -> None:
    """White columns before a lit hall, an entablature, a balustrade."""
    canvas.wall(box(-half, half, 0.6, high + 1.4), PLASTER)
    canvas.wall(box(-half + 1, half - 1, low, high), Stone(colour=(0.4, 0.26, 0.2), strength=0.4, base=low, reach=5))
    canvas.shine(box(-half + 1, half - 1, low, high), (1.0, 0.50, 0.20), 0.62, fall=0.75)
    for k in range(count):
        x = -half + 1.6 + (2 * half - 3.2) * k / (count - 1)
        canvas.turned(x, [(low, 1.0), (low + 0.5, 0.78), (high - 0.8, 0.66), (high, 1.1)], PILLAR)
    canvas.wall(box(-half - 0.8, half + 0.8, high, high + 1.6), PLASTER)
    canvas.neon([(-half - 0.8, high + 1.6), (half + 0.8, high + 1.6)], CYAN, 0.28, 1.0)
    canvas.neon([(-half - 0.8, high + 0.1), (half + 0.8, high + 0.1)], MAGENTA, 0.16, 0.8)


def _storey(canvas: Canvas, half: float, low: float, high: float, count: int) -> None:
    """A set-back storey with arched windows, urns on its corners."""
    canvas.wall(box(-half, half, low - 1, high), UPPER)
    for k in range(count):
        x = -half + 2.2 + (2 * half - 4.4) * k / (count - 1)
        canvas.wall(round_arch(x, low + 0.4, 2.3, (high - low) * 0.86), PLASTER)
        glass = round_arch(x, low + 0.7, 1.6, (high - low) * 0.74)
        canvas.shine(glass, GOLD if k % 3 else (1.0, 0.5, 0.5), 0.95, fall=0.5)
    canvas.wall(box(-half - 0.7, half + 0.7, high - 0.4, high + 0.9), UPPER)
    canvas.neon([(-half - 0.7, high + 0.9), (half + 0.7, high + 0.9)], CYAN, 0.26, 1.0)
    for side in (-1, 1):
        canvas.turned(side * (half - 0.6), [(high + 0.9, 0.9), (high + 2, 0.5), (high + 4.4, 0.06)], NEEDLE)


def _clock_tower(canvas: Canvas) -> None:
    """The stepped tower over the middle: great arch, clock, lantern, needle and star."""
    canvas.wall(box(-9, 9, 0.6, 38), UPPER)
    for x in (-8.2, -6.8, 6.8, 8.2):
        canvas.turned(x, [(0.6, 0.7), (1.6, 0.5), (35.6, 0.5), (37, 0.8)], UPPER)
    canvas.wall(round_arch(0, 1.2, 12, 25), PLASTER)
    canvas.shine(round_arch(0, 1.4, 9.6, 22.5), GOLD, 0.95, fall=0.6)
    canvas.neon(round_arch(0, 1.2, 11, 24)[1:-1], CYAN, 0.35, 1.1)
    for x in (-3.0, -1.0, 1.0, 3.0):
        canvas.wall(box(x - 0.14, x + 0.14, 1.4, 20 - abs(x)), STEEL)
    for y in (6, 10.5, 15):
        canvas.wall(box(-4.8, 4.8, y - 0.14, y + 0.14), STEEL)
    ring = [(3.1 * math.cos(k * math.pi / 24), 31.8 + 3.1 * math.sin(k * math.pi / 24)) for k in range(49)]
    canvas.wall(ring, Stone(colour=(0.1, 0.08, 0.2)))
    canvas.neon(ring, CYAN, 0.4, 1.2)
    canvas.neon([(0, 33.9), (0, 31.8), (1.5, 31.0)], GOLD, 0.3, 1.2)
    for half, low, high in ((9.8, 37, 38.4), (7, 38.4, 45), (7.6, 44.4, 45.6), (5, 45.6, 51), (5.5, 50.4, 51.6)):
        canvas.turned(0, [(low, half), (high, half)], UPPER, 4, turn=0.62, lights=panes(20, low + 1.2, 4.2, 0.4))
        canvas.neon([(-half, high), (half, high)], MAGENTA if half in (7, 5) else CYAN, 0.25, 1.0)
    canvas.turned(0, [(51.6, 3.2), (56.5, 3.0), (57.2, 3.6), (57.8, 2.6)], NEEDLE, 8, lights=panes(8, 52, 4, 0.6))
    canvas.turned(0, [(57.8, 2.6), (60, 1.7), (66, 1.1), (96, 0.14), (97, 0.1)], NEEDLE, 8)
    canvas.neon([(0, 59), (0, 95)], CYAN, 0.2, 0.7)
    points = ((k * math.pi / 5, 2.3 if k % 2 == 0 else 0.95) for k in range(10))
    star = [(radius * math.sin(angle), 98.5 + radius * math.cos(angle)) for angle, radius in points]
    canvas.shine(star, (1.0, 0.45, 0.75), 1.8)


def boat(density: float, accent: Colour = CYAN) -> tuple[Image, Point]:
    """A flying boat 24 m long, its bow to the right: hydrofoil lines, lit saloon, glowing keel, a wake of light."""
    canvas = Canvas(-46, 20, -9, 10, density)
    canvas.beam((-10, 0.6), (-45, 1.2), (0.9, 2.2), accent, 0.55)
    canvas.beam((0, -1.4), (0, -8.5), (6.5, 8), accent, 0.35)
    hull = [(-12, 1.0), (-11.2, -0.6), (-8, -1.5), (6, -1.5), (10, -0.5), (13.4, 1.7), (9, 1.9), (-12, 1.9)]
    canvas.wall(hull, HULL)
    cabin = [(-9.6, 1.9), (-8.6, 4.0), (-2, 4.5), (5, 4.1), (9.4, 1.9)]
    canvas.wall(cabin, HULL)
    for k in range(9):
        x = -7.6 + 1.5 * k
        canvas.shine([(x, 2.5), (x + 1.05, 2.5), (x + 1.1, 3.6), (x + 0.1, 3.6)], GOLD, 1.1, fall=0.2)
    canvas.shine([(6.4, 2.4), (8.3, 2.4), (6.0, 3.5), (5.6, 3.6)], CYAN, 0.9)
    fin = [(-11.6, 1.9), (-12.8, 6.2), (-10.2, 5.6), (-7.4, 3.2), (-7.2, 1.9)]
    canvas.wall(fin, HULL)
    canvas.neon([(-11.6, 1.9), (-12.8, 6.2), (-10.2, 5.6)], MAGENTA, 0.2, 1.0)
    canvas.neon([(-11.6, 0.7), (10.2, 0.7), (13.2, 1.6)], MAGENTA, 0.22, 1.0)
    canvas.neon([(-9, -1.9), (7, -1.9)], accent, 0.55, 1.2)
    for x, colour in ((13.2, (1.0, 1.0, 1.0)), (-12.8, (1.0, 0.2, 0.2))):
        canvas.shine([(x - 0.4, 1.4), (x + 0.4, 1.4), (x + 0.4, 2.2), (x - 0.4, 2.2)], colour, 1.6)
    return canvas.bake(0.7), (canvas.left, canvas.top)


def pad(density: float) -> tuple[Image, Point]:
    """A round landing place on a shaft of light, rimmed with lamps."""
    canvas = Canvas(-22, 22, -44, 12, density)
    canvas.beam((0, -2), (0, -42), (2.5, 6), VIOLET, 0.7)
    canvas.turned(0, [(-4.4, 1.6), (-3.6, 5), (-1.2, 13), (0, 14.5), (0.5, 14.5)], STEEL, ribs=40)
    for y, r, colour in ((0.3, 14.5, EMERALD), (-2.4, 9.0, CYAN)):
        canvas.neon([(-r, y), (0, y - 0.02 * r), (r, y)], colour, 0.4, 1.0)
    for x in range(-13, 14, 2):
        canvas.shine(box(x - 0.22, x + 0.22, 0.5, 1.2), GOLD if x % 4 else MAGENTA, 1.5)
    return canvas.bake(0.8), (canvas.left, canvas.top)
