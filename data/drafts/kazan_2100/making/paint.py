"""Paint: a canvas measured in metres, lit stone, turned solids, neon and its bloom.

A canvas holds three pictures of one building: what its surfaces send back (`body`), how much of what is behind
they hide (`cover`), and what shines by itself (`glow`). `Canvas.bake` adds them and the bloom into one picture with
premultiplied alpha: a pixel with light and no cover adds itself to what is behind, which is what a glow does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Image = NDArray[np.uint8]
Colour = tuple[float, float, float]
Point = tuple[float, float]
Window = tuple[slice, slice]
Pattern = Callable[[Floats, Floats], Floats]  # (angle in radians, height in m) -> strength 0..1

CYAN: Colour = (0.10, 0.85, 1.00)
MAGENTA: Colour = (1.00, 0.16, 0.72)
VIOLET: Colour = (0.50, 0.22, 1.00)
GOLD: Colour = (1.00, 0.70, 0.28)
EMERALD: Colour = (0.12, 1.00, 0.62)
MARBLE: Colour = (0.92, 0.94, 1.00)
TURQUOISE: Colour = (0.10, 0.62, 0.78)
NIGHT: Colour = (0.16, 0.13, 0.34)  # what the sky itself sends to every surface

SUBPIXEL = 4  # bits after the point in OpenCV's polygon coordinates
BLOOM = ((0.25, 0.55), (0.9, 0.32), (3.2, 0.22))  # (radius in m at reach 1, share), near to far, by eye


def rgb(colour: Colour | tuple[Colour, ...]) -> Floats:
    """A colour, or rows of them, ready to be multiplied into a picture."""
    return np.asarray(colour, np.float32)


@dataclass(frozen=True, slots=True)
class Stone:
    """A surface at night: floodlit from its foot, edged by cyan from the left and magenta from the right.

    Attributes:
        colour: share of light sent back, red green blue.
        flood: colour of the floodlights.
        base: height in m at which the floodlights stand.
        reach: m over which their light falls to 37 %.
        strength: of the floodlights; 1 is bright.
        edge: of the two coloured side lights.
        course: height in m of a row of bricks, 0 for a smooth face.
    """

    colour: Colour = MARBLE
    flood: Colour = (1.0, 0.86, 0.74)
    base: float = 0.0
    reach: float = 18.0
    strength: float = 0.75
    edge: float = 0.55
    course: float = 0.0

    def shade(self, height: Floats, nx: Floats, ny: Floats, nz: Floats) -> Floats:
        """Colour of points at a height (m) whose outward normal is (nx, ny, nz), z towards the viewer."""
        flood = np.exp(-np.clip(height - self.base, 0, None) / self.reach) * self.strength * (0.3 + 0.7 * nz)
        left = np.clip(-0.9 * nx + 0.15 * nz, 0, 1) * self.edge
        right = np.clip(0.9 * nx + 0.15 * nz, 0, 1) * self.edge
        lamps = ((flood, self.flood), (left, CYAN), (right, MAGENTA), (0.8 + 0.4 * ny, NIGHT))
        light = sum(np.asarray(s, np.float32)[..., None] * rgb(c) for s, c in lamps)
        if self.course:
            light = light * np.where(height / self.course % 1 < 0.2, 0.72, 1.0)[..., None]
        return np.asarray(light * rgb(self.colour), np.float32)


class Canvas:
    """A picture of `left..right` by `bottom..top` metres at `density` pixels a metre, y upwards."""

    def __init__(self, left: float, right: float, bottom: float, top: float, density: float) -> None:
        self.left, self.top, self.bottom, self.density = left, top, bottom, density
        shape = (math.ceil((top - bottom) * density), math.ceil((right - left) * density))
        self.body: Floats = np.zeros((*shape, 3), np.float32)
        self.cover: Floats = np.zeros(shape, np.float32)
        self.glow: Floats = np.zeros((*shape, 3), np.float32)

    def place(self, points: Sequence[Point]) -> Floats:
        """Pixel coordinates (column, row) of points in metres."""
        metres = np.asarray(points, np.float32)
        return np.stack([metres[:, 0] - self.left, self.top - metres[:, 1]], axis=1) * self.density

    def window(self, points: Sequence[Point], margin: float = 0.0) -> Window:
        """The rows and columns of the canvas that hold all the points and a margin in m."""
        places, room = self.place(points), margin * self.density + 2
        low = np.clip(np.floor(places.min(axis=0) - room), 0, None).astype(int)
        high = np.clip(np.ceil(places.max(axis=0) + room), 0, self.cover.shape[::-1]).astype(int)
        return slice(low[1], max(high[1], low[1])), slice(low[0], max(high[0], low[0]))

    def metres(self, window: Window) -> tuple[Floats, Floats]:
        """Metres across (1, columns) and metres up (rows, 1) of the pixels of a window."""
        rows, columns = window
        across = self.left + (np.arange(columns.start, columns.stop, dtype=np.float32)[None, :] + 0.5) / self.density
        up = self.top - (np.arange(rows.start, rows.stop, dtype=np.float32)[:, None] + 0.5) / self.density
        return across, up

    def mask(self, points: Sequence[Point], window: Window, width: float | None = None) -> Floats:
        """Coverage 0..1 of a polygon (or, with a width in m, of an open line) over a window."""
        rows, columns = window
        picture = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.uint8)
        places = (self.place(points) - (columns.start, rows.start)) * 2**SUBPIXEL
        corners = [np.round(places).astype(np.int32)]
        if width is None:
            cv2.fillPoly(picture, corners, 255, cv2.LINE_AA, SUBPIXEL)
        else:
            thick = max(1, round(width * self.density))
            cv2.polylines(picture, corners, False, 255, thick, cv2.LINE_AA, SUBPIXEL)
        return picture.astype(np.float32) / 255

    def lay(self, window: Window, mask: Floats, colour: Floats) -> None:
        """Cover a window by a colour where the mask says so; what shone behind is hidden."""
        veil = 1 - mask[..., None]
        self.body[window] = self.body[window] * veil + colour * mask[..., None]
        self.glow[window] *= veil
        self.cover[window] = self.cover[window] * veil[..., 0] + mask

    def wall(self, points: Sequence[Point], stone: Stone) -> None:
        """A flat face turned to the viewer."""
        window = self.window(points)
        mask = self.mask(points, window)
        _, up = self.metres(window)
        flat = np.zeros_like(mask)
        self.lay(window, mask, stone.shade(up + flat, flat, flat, flat + 1))

    def shine(self, points: Sequence[Point], colour: Colour, strength: float = 1.0, fall: float = 0.0) -> None:
        """A lit pane; with `fall` its light weakens upwards by that share."""
        window = self.window(points)
        _, up = self.metres(window)
        low, high = min(y for _, y in points), max(y for _, y in points)
        weaker = 1 - fall * np.clip((up - low) / max(high - low, 1e-6), 0, 1)
        self.glow[window] += (self.mask(points, window) * weaker)[..., None] * rgb(colour) * strength

    def neon(self, points: Sequence[Point], colour: Colour, width: float = 0.25, strength: float = 1.0) -> None:
        """A tube of light along an open line, its core whiter than its edge."""
        window = self.window(points, width)
        self.glow[window] += self.mask(points, window, width)[..., None] * rgb(colour) * strength
        core = self.mask(points, window, width * 0.4)[..., None]
        self.glow[window] += core * np.float32(0.55 * strength)

    def beam(self, start: Point, end: Point, widths: Point, colour: Colour, strength: float = 1.0) -> None:
        """A shaft of light that widens from `start` to `end` (m) and fades to nothing at its end.

        Args:
            start: where the lamp is, m.
            end: where no light is left, m.
            widths: half-widths at the start and at the end, m.
            colour: of the light.
            strength: at the lamp.
        """
        along, reach = np.subtract(end, start), math.dist(start, end)
        window = self.window([start, end], 2.2 * max(widths))
        across, up = self.metres(window)
        dx, dy = across - start[0], up - start[1]
        t = (dx * along[0] + dy * along[1]) / reach**2
        aside = (dx * along[1] - dy * along[0]) / reach
        width = widths[0] + (widths[1] - widths[0]) * np.clip(t, 0, 1)
        light = np.exp(-((aside / width) ** 2)) * np.clip(1 - t, 0, 1) ** 1.5 * (t > 0) * strength
        self.glow[window] += light[..., None].astype(np.float32) * rgb(colour)

    def turned(
        self,
        x: float,
        profile: Sequence[Point],
        stone: Stone,
        facets: int = 0,
        ribs: int = 0,
        turn: float = 0.0,
        lights: Pattern | None = None,
        tint: Colour = GOLD,
    ) -> None:
        """A solid of revolution (or a prism of `facets` sides) about the upright axis at `x`.

        Args:
            x: the axis, m.
            profile: (height, radius) in m, heights rising.
            stone: what it is made of.
            facets: flat sides of the full turn; 0 is round.
            ribs: grooves of the full turn.
            turn: rotation of the facets, radians.
            lights: pattern of (angle, height) that shines in the colour `tint`.
            tint: colour of the lights.
        """
        heights, radii = (np.asarray(column, np.float32) for column in zip(*profile, strict=True))
        widest = float(radii.max())
        window = self.window([(x - widest, heights[0]), (x + widest, heights[-1])])
        across, up = self.metres(window)
        radius = np.interp(up, heights, radii, left=0, right=0).astype(np.float32)
        slope = np.interp(up, heights, np.gradient(radii, heights + np.arange(len(heights)) * 1e-4))
        edge = (radius - np.abs(across - x)) / np.sqrt(1 + slope**2)
        mask = (np.clip(edge * self.density + 0.5, 0, 1) * (radius > 0)).astype(np.float32)
        angle = np.arcsin(np.clip((across - x) / np.maximum(radius, 1e-3), -1, 1))
        facing = angle
        if facets:
            side = 2 * np.pi / facets
            facing = (np.floor((angle - turn) / side) + 0.5) * side + turn
        lean = np.clip(-slope, -3, 3).astype(np.float32)
        length = np.sqrt(1 + lean**2)
        colour = stone.shade(up + 0 * angle, np.sin(facing) / length, lean / length, np.cos(facing) / length)
        if ribs:
            colour *= (0.72 + 0.28 * np.abs(np.cos(angle * ribs / 2)) ** 0.5)[..., None]
        self.lay(window, mask, colour)
        if lights is not None:
            self.glow[window] += (lights(angle, up + 0 * angle) * mask)[..., None] * rgb(tint)

    def bake(self, reach: float = 1.0) -> Image:
        """The finished picture, (rows, columns, 4), red green blue premultiplied by alpha, with bloom.

        Args:
            reach: how far the bloom goes; 1 suits a building seen whole.
        """
        light = self.body + self.glow
        for radius, share in BLOOM:
            light += blurred(self.glow, radius * reach * self.density) * share
        return np.dstack([np.round(soft(light) * 255), np.round(np.clip(self.cover, 0, 1) * 255)]).astype(np.uint8)


def blurred(light: Floats, radius: float) -> Floats:
    """Gaussian blur of a given radius in pixels; a wide one is made on a smaller picture."""
    step = max(1, int(radius / 3))
    size = (max(1, light.shape[1] // step), max(1, light.shape[0] // step))
    small = cv2.resize(light, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), max(radius / step, 0.4), borderType=cv2.BORDER_CONSTANT)
    return np.asarray(cv2.resize(small, light.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def hazed(baked: tuple[Image, Point], radius: float) -> tuple[Image, Point]:
    """A baked picture and its place, softened by a radius in pixels: far things, and fewer bytes in the clip."""
    picture, corner = baked
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), max(radius, 0.3)), np.uint8), corner


def soft(light: Floats, knee: float = 0.62) -> Floats:
    """Light of any strength pressed into 0..1: unchanged below the knee, ever closer to 1 above it."""
    room = 1 - knee
    return np.asarray(np.where(light < knee, light, knee + room * (1 - np.exp(-(light - knee) / room))), np.float32)


def arch(x: float, y: float, width: float, height: float, steps: int = 8) -> list[Point]:
    """Outline in m of a pointed arch standing at (x, y), middle of its sill."""
    half, spring = width / 2, height * 0.58
    rise = height - spring
    right = [(x + half * math.cos(a) ** 0.8, y + spring + rise * (a / (math.pi / 2))) for a in _quarter(steps)]
    left = [(2 * x - px, py) for px, py in reversed(right)]
    return [(x + half, y), *right, *left, (x - half, y)]


def round_arch(x: float, y: float, width: float, height: float, steps: int = 8) -> list[Point]:
    """Outline in m of a round-headed arch standing at (x, y), middle of its sill."""
    half = width / 2
    head = [(x + half * math.cos(2 * a), y + height - half + half * math.sin(2 * a)) for a in _quarter(2 * steps)]
    return [(x + half, y), *head, (x - half, y)]


def _quarter(steps: int) -> list[float]:
    """Angles from 0 to a right angle."""
    return [math.pi / 2 * step / steps for step in range(steps + 1)]


def box(left: float, right: float, bottom: float, top: float) -> list[Point]:
    """Corners of an upright rectangle."""
    return [(left, bottom), (right, bottom), (right, top), (left, top)]


def ogee(base: float, radius: float, height: float, bulge: float = 1.08, steps: int = 24) -> list[Point]:
    """Profile (height, radius) of an onion-shoulder dome that ends in a point.

    The curve swells to `bulge` radii at a fifth of its height and then closes as a cosine with a drawn-out tip.
    """
    profile = []
    for step in range(steps + 1):
        t = step / steps
        swell = 1 + (bulge - 1) * math.sin(math.pi * min(t / 0.45, 1.0))
        close = math.cos(math.pi / 2 * t) ** 0.9 * (1 - 0.22 * math.sin(math.pi * t) ** 2 * t)
        profile.append((base + height * t, max(radius * swell * close, 0.02)))
    return profile


def panes(count: int, bottom: float, height: float, fill: float = 0.5, phase: float = 0.0) -> Pattern:
    """Pointed windows around a turned solid: `count` of the full turn, of a height in m."""

    def pattern(angle: Floats, up: Floats) -> Floats:
        along = np.abs(((angle + phase) * count / (2 * np.pi)) % 1 - 0.5) * 2 / fill
        t = (up - bottom) / height
        narrow = np.sqrt(np.clip(1 - np.clip((t - 0.6) / 0.4, 0, 1) ** 1.6, 0, 1))
        inside = np.clip((narrow - along) * 6, 0, 1) * ((t > 0) & (t < 1))
        return np.asarray(inside * (1 - 0.4 * np.clip(t, 0, 1)), np.float32)

    return pattern


def meridians(count: int, low: float, high: float) -> Pattern:
    """Thin lines of light along a dome from a height to a height (m), weaker towards the top."""

    def pattern(angle: Floats, up: Floats) -> Floats:
        along = np.abs(((angle + np.pi / count) * count / (2 * np.pi)) % 1 - 0.5) * 2
        climb = np.clip((high - up) / (high - low), 0, 1)
        return np.asarray(np.exp(-((along / 0.10) ** 2)) * (0.25 + 0.75 * climb), np.float32)

    return pattern
