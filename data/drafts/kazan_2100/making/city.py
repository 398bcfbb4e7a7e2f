"""Everything behind and around: sky, stars, moon, far towers of glass, searchlights, haze."""

from __future__ import annotations

import cv2
import numpy as np
from paint import CYAN, GOLD, MAGENTA, VIOLET, Canvas, Colour, Floats, Image, Point, Stone, blurred, box, rgb, soft

ZENITH: Colour = (0.012, 0.012, 0.055)
UPPER_SKY: Colour = (0.055, 0.030, 0.170)
LOWER_SKY: Colour = (0.260, 0.060, 0.330)
HORIZON: Colour = (0.620, 0.160, 0.430)


def sky(width: int, height: int, horizon: float, seed: int, moon: Point | None = None, size: float = 0.155) -> Image:
    """A night sky as an opaque picture.

    Args:
        width: pixels.
        height: pixels.
        horizon: row of the horizon as a share of the height.
        seed: of the stars and the clouds.
        moon: middle of the moon as shares of width and height, if there is one.
        size: its radius as a share of the width.
    """
    rng = np.random.default_rng(seed)
    row = (np.arange(height, dtype=np.float32)[:, None] / height / horizon).clip(0, 1)
    stops = np.array([0.0, 0.45, 0.82, 1.0])
    gradient = [np.interp(row, stops, level) for level in zip(ZENITH, UPPER_SKY, LOWER_SKY, HORIZON, strict=True)]
    picture = np.repeat(np.stack(gradient, axis=-1).astype(np.float32), width, axis=1)
    clouds = _clouds(rng, width, height)
    picture += clouds[..., None] * rgb((0.20, 0.05, 0.26)) * (0.25 + row[..., None])
    veils = _clouds(rng, width, height)
    picture += veils[..., None] * rgb((0.0, 0.10, 0.16)) * (1.1 - row[..., None])
    _stars(rng, picture, horizon)
    if moon is not None:
        _moon(rng, picture, moon, size)
    noise = rng.uniform(-0.5, 0.5, (height, width, 1)).astype(np.float32)  # hides the steps of eight bits
    lit = np.round((soft(picture) * 255 + noise).clip(0, 255))
    return np.dstack([lit, np.full((height, width), 255)]).astype(np.uint8)


def _clouds(rng: np.random.Generator, width: int, height: int) -> Floats:
    """Soft bands, 0..1: octaves of smoothed noise, wider than high."""
    total = np.zeros((height, width), np.float32)
    for octave in range(4):
        cells = (3 * 2**octave, 2 * 2**octave)
        noise = rng.random((cells[0] * 2, cells[1]), dtype=np.float32)
        total += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC) * 0.5**octave
    return np.asarray(np.clip(total / 1.9 - 0.42, 0, 1) * 1.6, np.float32)


def _stars(rng: np.random.Generator, picture: Floats, horizon: float) -> None:
    """Stars of three sizes, thinning out towards the horizon's glow."""
    height, width, _ = picture.shape
    points = np.zeros_like(picture)
    count = width * height // 2600
    rows = (rng.random(count) ** 1.4 * height * horizon * 0.9).astype(int)
    columns = rng.integers(2, width - 2, count)
    force = rng.pareto(2.2, count).clip(0.08, 3.0) * 0.6
    tint = rgb(((0.8, 0.9, 1.0), (1.0, 0.9, 0.8), (0.9, 0.8, 1.0)))[rng.integers(0, 3, count)]
    points[rows, columns] = tint * force[:, None].astype(np.float32)
    picture += points + 5 * blurred(points, 1.0) + 14 * blurred(points, 4.0) * (force.max() > 1)


def _moon(rng: np.random.Generator, picture: Floats, place: Point, size: float) -> None:
    """A great moon with seas, a bright limb and a halo."""
    height, width, _ = picture.shape
    across = np.arange(width, dtype=np.float32)[None, :] - place[0] * width
    down = np.arange(height, dtype=np.float32)[:, None] - place[1] * height
    radius = size * width
    far = np.hypot(across, down)
    disc = np.clip(radius - far + 0.5, 0, 1)
    seas = np.clip(_mottled(rng, width, height, radius) * 2.4 - 0.9, 0, 1)
    round_off = np.sqrt(np.clip(1 - (far / radius) ** 2, 0, 1))
    bright = (0.72 + 0.28 * round_off) * (1 - 0.34 * seas)
    low = np.clip(0.5 + down / radius / 2, 0, 1)[..., None]  # its foot takes the colour of the haze
    face = bright[..., None] * (rgb((1.45, 1.30, 1.20)) * (1 - low) + rgb((1.30, 0.62, 0.86)) * low)
    picture *= 1 - disc[..., None]
    picture += disc[..., None] * face
    halo = np.exp(-np.clip(far - radius, 0, None) / (radius * 0.42)) * 0.32 * (1 - disc)
    picture += halo[..., None].astype(np.float32) * rgb((0.75, 0.45, 1.0))


def _mottled(rng: np.random.Generator, width: int, height: int, radius: float) -> Floats:
    """The moon's seas, 0..1: noise whose blots are a third of its radius and less."""
    total = np.zeros((height, width), np.float32)
    for octave in range(3):
        cell = radius * 0.55 * 0.5**octave
        noise = rng.random((int(height / cell) + 2, int(width / cell) + 2), dtype=np.float32)
        total += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC) * 0.55**octave
    return np.asarray(total / 1.85, np.float32)


def plain(density: float, seed: int) -> tuple[Image, Point]:
    """The ground between the far towers and the kremlin's hill, seen from above: streets of lamps in the haze."""
    rng = np.random.default_rng(seed)
    canvas = Canvas(-260, 260, -240, 1.5, density)
    deep = np.linspace(0, 1, canvas.cover.shape[0], dtype=np.float32)[:, None, None]
    canvas.cover[:] = 1
    canvas.body[:] = rgb(LOWER_SKY) * 0.9 * (1 - deep) ** 3 + rgb((0.05, 0.03, 0.13))
    for _ in range(90):
        foot, top = rng.uniform(-420, 420), rng.uniform(-40, 40)
        colour = (GOLD, GOLD, CYAN, MAGENTA)[rng.integers(0, 4)]
        for t in np.cumsum(rng.uniform(0.006, 0.02, 70)):
            x, y = top + (foot - top) * (t + 0.12) * 1.6, -215 * t**1.5
            canvas.shine(box(x - 0.3 - 0.5 * t, x + 0.3 + 0.5 * t, y - 0.25, y + 0.25), colour, 0.5 + 0.5 * t)
    return canvas.bake(0.8), (canvas.left, canvas.top)


def towers(density: float, seed: int, width: float, tallest: float, haze: float) -> tuple[Image, Point]:
    """A row of glass towers of the year 2100, each with its windows and a line of light.

    Args:
        density: pixels a metre.
        seed: of their shapes and lit windows.
        width: of the row, m.
        tallest: m.
        haze: 0..1, how much the air between veils them.
    """
    rng = np.random.default_rng(seed)
    canvas = Canvas(-width / 2, width / 2, 0, tallest * 1.25, density)
    x = -width / 2 - 4
    while x < width / 2:
        broad = float(rng.uniform(0.06, 0.13)) * tallest
        high = float(rng.uniform(0.35, 1.0)) * tallest
        _glass(canvas, rng, x + broad / 2, broad, high)
        x += broad * float(rng.uniform(0.72, 1.15))
    _veil(canvas, haze)
    return canvas.bake(0.8), (canvas.left, canvas.top)


def _glass(canvas: Canvas, rng: np.random.Generator, x: float, broad: float, high: float) -> None:
    """One tower: slab, taper, dome or blade."""
    accent = (CYAN, MAGENTA, VIOLET, GOLD)[int(rng.choice(4, p=[0.4, 0.3, 0.22, 0.08]))]
    glass = Stone(colour=(0.20, 0.18, 0.38), flood=accent, reach=high * 0.2, strength=0.5, edge=0.5)
    half, kind = broad / 2, int(rng.integers(0, 4))
    if kind == 0:
        outline = [(x - half, 0), (x - half, high), (x + half, high * 0.93), (x + half, 0)]
        canvas.wall(outline, glass)
        canvas.neon(outline[1:3], accent, 0.02 * high**0.6, 0.9)
    else:
        tip = (0.92, 0.45, 0.16)[kind - 1]
        shape = [(0, half), (high * 0.55, half * 0.98), (high * 0.93, half * tip), (high, half * tip * 0.2)]
        canvas.turned(x, shape, glass, facets=8 if kind != 2 else 0)
        canvas.neon([(x, high), (x, high * 1.12)], accent, 0.01 * high**0.6, 0.9)
    _windows(canvas, rng, (x - half * 0.8, x + half * 0.8), high * 0.9, accent)


def _windows(canvas: Canvas, rng: np.random.Generator, sides: Point, high: float, accent: Colour) -> None:
    """Lit windows in rows, whole floors now and then, on what the tower covers."""
    window = canvas.window(box(*sides, 0, high))
    across, up = canvas.metres(window)
    floor, bay = high / 46, (sides[1] - sides[0]) / 7
    rows, columns = np.floor(up / floor).astype(int), np.floor((across - sides[0]) / bay).astype(int)
    lit = rng.random((64, 12)) < rng.uniform(0.12, 0.4)
    lit |= rng.random((64, 1)) < 0.05
    warm = rng.random((64, 12, 1)) < 0.6
    colours = np.where(warm, rgb(GOLD), rgb(accent)).astype(np.float32)
    r, c = rows.clip(0, 63), columns.clip(0, 11)
    pane = (np.abs(up / floor % 1 - 0.5) < 0.26) & (np.abs((across - sides[0]) / bay % 1 - 0.5) < 0.36)
    force = lit[r, c] * pane * canvas.cover[window] * 0.55
    canvas.glow[window] += colours[r, c] * force[..., None].astype(np.float32)


def _veil(canvas: Canvas, haze: float) -> None:
    """Air full of the city's light: thick at the foot, thin above."""
    height = canvas.cover.shape[0]
    thick = (haze * (0.35 + 0.65 * np.linspace(0, 1, height, dtype=np.float32) ** 1.5))[:, None, None]
    air = rgb(LOWER_SKY) * 1.1 * canvas.cover[..., None]
    canvas.body[:] = canvas.body * (1 - thick) + air * thick
    canvas.glow *= 1 - 0.75 * thick


def searchlight(density: float, accent: Colour, length: float = 150.0) -> tuple[Image, Point]:
    """One upright beam from the ground into the sky, to be turned by the camera's stage."""
    canvas = Canvas(-14, 14, -2, length, density)
    canvas.beam((0, 0), (0, length), (0.7, 5.5), accent, 0.62)
    return canvas.bake(0.2), (canvas.left, canvas.top)
