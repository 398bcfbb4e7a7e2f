"""How a video looks: colours, light, edges, neon, drawn or filmed, and its five main colours.

Every number is a plain measure of the pixels. None of them says who or what made the picture: ``rendered_look`` and
``line_art`` are weak cues and are named so wherever they are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from otklik.errors import DataError

WORK_SIDE = 320
"""Pixels of the long side at which style is measured: its cues are larger than two pixels of it."""
NEON_HUES = (165.0, 340.0)
"""Degrees: from cyan through blue and violet to magenta, the signs of a neon street."""
NEON_SATURATION, NEON_VALUE = 0.55, 0.50
"""A hue counts as neon from here on: a pale sky and a dark wall have the hue and are not neon."""
COLOURLESS = 0.08
"""Mean chroma under which a picture is nearly grey and its few hues say less."""
DARK, DARK_VALUE = 0.25, 0.5
"""Luma and value (strongest channel) under which a pixel is dark ground: luma alone would call pure blue dark."""
EDGE = 0.12
"""Step of luma per pixel (Scharr, 0..1) from which a pixel is an edge."""
FLAT = 1.5 / 255
"""Standard deviation of luma within a small window under which it is flat: half of a camera's usual noise."""
PALETTE = 5
PALETTE_BITS = 4
"""Bits a channel of the first, coarse count."""
NEAR = 30.0
"""Distance in CIE L*a*b* within which two shades are told as one colour: beyond it people name them differently."""

Picture = NDArray[np.uint8]
Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Colour:
    """One main colour and its share of the picture."""

    hex: str
    share: float


@dataclass(frozen=True, slots=True)
class Look:
    """The look of one picture, or the mean look of several; shares and scores are 0..1.

    ``neon`` and ``futuristic`` are made of the rows above them (see ``neon_of`` and ``futuristic_of``).
    """

    saturation: float
    colourfulness: float
    """Hasler and Suesstrunk (2003): 0 grey, 15 slight, 33 moderate, 59 high, 109 extreme."""
    brightness: float
    contrast: float
    """Standard deviation of luma."""
    dark_share: float
    neon_hues: float
    """Share of pixels of a saturated bright cyan, blue, violet or magenta."""
    neon_of_colour: float
    """Share of those hues among all colour of the picture, weighed by chroma."""
    neon_on_dark: float
    """Neon hues that have dark ground near them, as a share of the picture."""
    glow: float
    """Bloom: how much brighter the surroundings of saturated lights are than the picture."""
    bright_edges_on_dark: float
    """Share of edges that part a bright line from dark ground."""
    edge_density: float
    line_art: float
    """Few colours, flat areas and thin edges: a drawing. A weak cue."""
    noise: float
    """Median of what a 3 x 3 median filter takes away outside edges, in steps of 1/255."""
    n_colours: float
    """Colours (5 bits a channel) that cover 95 % of the picture."""
    flat_share: float
    rendered_look: float
    """Little noise and many flat areas: rendered or drawn, or filtered and compressed. A weak cue, never a verdict."""
    neon: float
    futuristic: float


@dataclass(frozen=True, slots=True)
class Style:
    """The style of a video: the mean look of its frames, the strongest neon among them, and its palette."""

    mean: Look
    neon_max: float
    futuristic_max: float
    glow_max: float
    saturation_max: float
    palette: tuple[Colour, ...]
    n_frames: int


def looks_of(pictures: Sequence[Picture]) -> list[Look]:
    """The look of each picture, measured at one size whatever theirs is."""
    return [look_of(_small(one)) for one in pictures]


def style_of(pictures: Sequence[Picture], looks: Sequence[Look] | None = None) -> Style:
    """The style of sampled frames.

    Args:
        pictures: RGB, each (h, w, 3) of uint8.
        looks: what :func:`looks_of` says of them, where it was asked before.

    Raises:
        DataError: when there is no picture, or one is not RGB of 8 bits.

    >>> style = style_of([np.full((36, 64, 3), (255, 0, 255), np.uint8)])
    >>> style.mean.neon_hues, round(style.mean.saturation, 3), style.palette[0].hex
    (1.0, 1.0, '#ff00ff')
    """
    if not len(pictures):
        raise DataError("style is measured on at least one picture and none was given; read the video again")
    small = [_small(one) for one in pictures]
    looks = looks if looks is not None else [look_of(one) for one in small]
    mean = Look(*(float(np.mean([getattr(one, field.name) for one in looks])) for field in fields(Look)))
    return Style(
        mean=mean,
        neon_max=max(one.neon for one in looks),
        futuristic_max=max(one.futuristic for one in looks),
        glow_max=max(one.glow for one in looks),
        saturation_max=max(one.saturation for one in looks),
        palette=palette_of(small),
        n_frames=len(looks),
    )


def look_of(rgb: Picture) -> Look:
    """The look of one picture.

    Args:
        rgb: (h, w, 3) of uint8.
    """
    luma, saturation, value, hue, chroma = _planes(rgb)
    edges = _gradient(luma)
    dark = (luma < DARK) & (value < DARK_VALUE)
    hot = _in_neon_hues(hue) & (saturation > NEON_SATURATION) & (value > NEON_VALUE)
    of_colour = float((chroma * _in_neon_hues(hue)).sum() / max(float(chroma.sum()), 1e-6))
    of_colour *= min(1.0, float(chroma.mean()) / COLOURLESS)
    on_dark = float((hot & _near(dark, luma.shape)).mean())
    glow, lines = _glow(luma, chroma, value), _bright_edges_on_dark(luma, edges)
    noise, n_colours, flat = _noise(luma, edges), _n_colours(rgb), _flat_share(luma)
    neon = neon_of(on_dark, of_colour, glow, float(dark.mean()))
    return Look(
        saturation=float(saturation.mean()),
        colourfulness=_colourfulness(rgb),
        brightness=float(luma.mean()),
        contrast=float(luma.std()),
        dark_share=float(dark.mean()),
        neon_hues=float(hot.mean()),
        neon_of_colour=of_colour,
        neon_on_dark=on_dark,
        glow=glow,
        bright_edges_on_dark=lines,
        edge_density=float((edges > EDGE).mean()),
        line_art=_line_art(flat, n_colours, edges),
        noise=noise,
        n_colours=float(n_colours),
        flat_share=flat,
        rendered_look=float(np.sqrt(_ramp(-noise, -1.0, 0.0) * _ramp(flat, 0.1, 0.6))),
        neon=neon,
        futuristic=futuristic_of(neon, lines, of_colour),
    )


def neon_of(on_dark: float, of_colour: float, glow: float, dark_share: float) -> float:
    """How neon a picture is, 0..1.

    ``neon = colour * (0.3 * ground + 0.7 * light)`` where ``colour`` is whether its colours are those of neon,
    ``ground`` whether dark ground is there and ``light`` whether saturated lights stand on it and glow. Each part is 0
    below its first threshold, 1 above its second and a straight line between; thresholds were chosen on two thirds of
    the photos named in tests/media/test_style.py and of their neon restyle, and are judged on the last third.
    """
    colour = _ramp(of_colour, 0.45, 0.85)
    ground = _ramp(dark_share, 0.15, 0.5)
    light = max(_ramp(on_dark, 0.005, 0.08), _ramp(glow, 0.05, 0.25)) * _ramp(on_dark, 0.0, 0.01)
    return colour * (0.3 * ground + 0.7 * light) * _ramp(dark_share, 0.05, 0.2)


def futuristic_of(neon: float, bright_edges_on_dark: float, of_colour: float) -> float:
    """How much of the palette and light of futuristic pictures there is, 0..1.

    ``0.6 * neon + 0.25 * (bright lines on dark ground) + 0.15 * (colours from cyan to magenta only)``: a picture
    without neon reaches 0.4 at most.
    """
    lines = _ramp(bright_edges_on_dark, 0.1, 0.5)
    return 0.6 * neon + 0.25 * lines * _ramp(of_colour, 0.3, 0.6) + 0.15 * _ramp(of_colour, 0.6, 0.95)


def _ramp(value: float, low: float, high: float) -> float:
    return float(min(1.0, max(0.0, (value - low) / (high - low))))


def _small(rgb: Picture) -> Picture:
    import cv2

    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or not rgb.size:
        raise DataError(
            "a picture is expected as rows x columns x 3 of 8 bits (RGB) and came as {shape} of {dtype}",
            shape=" x ".join(str(side) for side in rgb.shape),
            dtype=str(rgb.dtype),
        )
    scale = WORK_SIDE / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    width, height = (max(1, round(side * scale)) for side in (rgb.shape[1], rgb.shape[0]))
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _planes(rgb: Picture) -> tuple[Plane, Plane, Plane, Plane, Plane]:
    """Luma (Rec. 601), saturation, value and chroma in 0..1, and hue in degrees."""
    import cv2

    part = rgb.astype(np.float32) / 255
    hsv = cv2.cvtColor(part, cv2.COLOR_RGB2HSV)
    luma = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)
    chroma = part.max(axis=2) - part.min(axis=2)
    planes = (luma, hsv[..., 1], hsv[..., 2], hsv[..., 0], chroma)
    luma, saturation, value, hue, chroma = (np.asarray(one, np.float32) for one in planes)
    return luma, saturation, value, hue, chroma


def _in_neon_hues(hue: Plane) -> Mask:
    return (hue >= NEON_HUES[0]) & (hue <= NEON_HUES[1])


def _gradient(luma: Plane) -> Plane:
    """Step of luma per pixel: Scharr, scaled so that a hard edge between black and white is 0.5."""
    import cv2

    x = cv2.Scharr(luma, cv2.CV_32F, 1, 0)
    y = cv2.Scharr(luma, cv2.CV_32F, 0, 1)
    return np.asarray(cv2.magnitude(x, y) / 32, np.float32)


def _near(mask: Mask, shape: tuple[int, ...]) -> Mask:
    """Whether at least a third of the neighbourhood (a tenth of the long side) is of the mask."""
    import cv2

    side = max(3, max(shape) // 10)
    return np.asarray(cv2.blur(mask.astype(np.float32), (side, side)) > 1 / 3, np.bool_)


def _glow(luma: Plane, chroma: Plane, value: Plane) -> float:
    """How much brighter the ring around saturated lights is than the picture, weighed by how many lights there are."""
    import cv2

    core = ((chroma > 0.45) & (value > 0.75)).astype(np.uint8)
    if not core.any():
        return 0.0
    long_side = max(luma.shape)
    inner, outer = (cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)) for size in (3, long_side // 16 | 1))
    ring = (cv2.dilate(core, outer) > 0) & (cv2.dilate(core, inner) == 0)
    if not ring.any():
        return 0.0
    soft = ring & (_gradient(luma) < EDGE / 2)
    halo = float(np.median(value[ring])) - float(np.median(value))
    return max(0.0, halo) * float(soft.sum() / ring.sum()) * _ramp(float(core.mean()), 0.0, 0.02)


def _bright_edges_on_dark(luma: Plane, edges: Plane) -> float:
    """Share of edge pixels that have something bright within two pixels and dark ground within six."""
    import cv2

    there = edges > EDGE
    if not there.any():
        return 0.0
    bright = cv2.dilate(luma, np.ones((5, 5), np.uint8)) > 0.45
    ground = cv2.blur((luma < DARK).astype(np.float32), (13, 13)) > 0.4
    return float((there & bright & ground).sum() / there.sum()) * _ramp(float(there.mean()), 0.0, 0.01)


def _colourfulness(rgb: Picture) -> float:
    """Hasler and Suesstrunk, Measuring colourfulness in natural images (2003), equation M3."""
    red, green, blue = (rgb[..., c].astype(np.float32) for c in range(3))
    rg, yb = red - green, (red + green) / 2 - blue
    return float(np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean()))


def _noise(luma: Plane, edges: Plane) -> float:
    import cv2

    plane = (luma * 255).astype(np.uint8)
    quiet = (edges < EDGE / 4) & (plane > 8) & (plane < 247)
    if quiet.mean() < 0.01:
        return 0.0
    return float(np.mean(cv2.absdiff(plane, cv2.medianBlur(plane, 3))[quiet]))


def _n_colours(rgb: Picture) -> int:
    coarse = (rgb >> 3).astype(np.int64)
    counts = np.bincount(((coarse[..., 0] << 10) | (coarse[..., 1] << 5) | coarse[..., 2]).ravel(), minlength=1 << 15)
    sums = np.cumsum(np.sort(counts)[::-1])
    return int(np.searchsorted(sums, 0.95 * sums[-1]) + 1)


def _flat_share(luma: Plane) -> float:
    import cv2

    mean = cv2.blur(luma, (5, 5))
    variance = cv2.blur(luma * luma, (5, 5)) - mean * mean
    return float((variance < FLAT**2).mean())


def _line_art(flat: float, n_colours: int, edges: Plane) -> float:
    """Product of flatness, fewness of colours and thinness of edges."""
    import cv2

    there = (edges > EDGE).astype(np.uint8)
    if not there.any():
        return 0.0
    thick = cv2.morphologyEx(there, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    thin = 1 - float(thick.sum() / there.sum())
    return _ramp(flat, 0.3, 0.8) * _ramp(-n_colours, -120, -12) * thin


def palette_of(pictures: Sequence[Picture], n: int = PALETTE) -> tuple[Colour, ...]:
    """The main colours, the most frequent first; their shares are those of all pixels nearest to them and sum to 1.

    The most frequent shade takes all shades within ``NEAR`` of it, then the most frequent of what is left, and so on.

    Args:
        pictures: RGB, each (h, w, 3) of uint8.
        n: how many colours at most.

    >>> palette_of([np.array([[[255, 0, 0], [255, 0, 0], [0, 0, 255]]], np.uint8)])
    (Colour(hex='#ff0000', share=0.6666666666666666), Colour(hex='#0000ff', share=0.3333333333333333))
    """
    counts, colours = _shades(pictures)
    lab = _lab(colours)
    left = counts.copy()
    seeds: list[int] = []
    while len(seeds) < n and left.any():
        seed = int(left.argmax())
        seeds.append(seed)
        left[np.linalg.norm(lab - lab[seed], axis=1) < NEAR] = 0
    nearest = np.linalg.norm(lab[:, None] - lab[seeds][None], axis=2).argmin(axis=1)
    made = []
    for k in range(len(seeds)):
        weight = np.where(nearest == k, counts, 0)
        red, green, blue = np.rint(np.average(colours, axis=0, weights=weight)).astype(int)
        made.append(Colour(f"#{red:02x}{green:02x}{blue:02x}", float(weight.sum() / counts.sum())))
    return tuple(sorted(made, key=lambda one: (-one.share, one.hex)))


def _shades(pictures: Sequence[Picture]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Number of pixels (k,) and mean colour (k, 3) of each coarse shade that occurs."""
    pixels = np.concatenate([one.reshape(-1, 3) for one in pictures])
    coarse = (pixels >> (8 - PALETTE_BITS)).astype(np.int64)
    key = (coarse[:, 0] << 2 * PALETTE_BITS) | (coarse[:, 1] << PALETTE_BITS) | coarse[:, 2]
    size = 1 << 3 * PALETTE_BITS
    counts = np.bincount(key, minlength=size).astype(np.float64)
    sums = np.stack([np.bincount(key, pixels[:, c].astype(np.float64), size) for c in range(3)], axis=1)
    there = counts > 0
    return counts[there], sums[there] / counts[there][:, None]


def _lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE L*a*b* (D65) of sRGB colours (k, 3) in 0..255."""
    part = rgb / 255
    linear = np.where(part > 0.04045, ((part + 0.055) / 1.055) ** 2.4, part / 12.92)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ to_xyz.T / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = root.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)
