"""Material for the tests of looks: real photographs of a Debian package, a neon restyle, night skylines, titles."""

from __future__ import annotations

import io
import struct
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Picture = NDArray[np.uint8]

RCC = Path("/usr/share/gcompris-qt/rcc")
FONTS = Path("/usr/share/fonts/truetype/dejavu")
BOOKS = ("clickgame", "details", "erase", "explore_farm_animals", "explore_monuments", "explore_world_animals")
PAINTINGS = frozenset({f"details_{n:03d}" for n in (1, 3, 6, 7, 9, 11, 14, 17)})
"""Paintings among the photographs (looked at by eye)."""
PEOPLE = frozenset({f"explore_monuments_{n:03d}" for n in (26, 28, 32, 38)})
"""Faces of stone, and statues of people (looked at by eye)."""


@cache
def photos(side: int = 640) -> tuple[tuple[str, Picture], ...]:
    """Photographs without people, RGB, numbered in a steady order: number n is held out when n % 3 == 0."""
    if not (RCC / "explore_monuments.rcc").exists():
        pytest.skip("the photographs come from the Debian package gcompris-qt-data")
    names = [(f"{book}_{k:03d}", one) for book in BOOKS for k, one in enumerate(_pictures(book))]
    return tuple(
        (name, _shrunk(one, side)) for name, one in sorted(names) if name not in PAINTINGS and name not in PEOPLE
    )


def _pictures(book: str) -> list[Image.Image]:
    data, at, found = (RCC / f"{book}.rcc").read_bytes(), 0, []
    while (at := data.find(b"RIFF", at)) >= 0:
        if data[at + 8 : at + 12] == b"WEBP":
            size = struct.unpack("<I", data[at + 4 : at + 8])[0] + 8
            one = Image.open(io.BytesIO(data[at : at + size]))
            if max(one.size) >= 480 and min(one.size) >= 300:
                found.append(one.convert("RGB"))
        at += 4
    return found


def _shrunk(one: Image.Image, side: int) -> Picture:
    copy = one.copy()
    copy.thumbnail((side, side))
    return np.asarray(copy, np.uint8)


def neon_restyled(rgb: Picture, seed: int) -> Picture:
    """The picture at night in neon: darkened, tinted from blue to magenta, its edges drawn as glowing tubes."""
    rng = np.random.default_rng(seed)
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    first, second = (np.array(one, np.float32) for one in rng.permutation(_TUBES)[:2])
    ground = (grey.astype(np.float32) / 255)[..., None] ** rng.uniform(1.2, 2.2)
    base = ground * (np.array([60, 30, 120], np.float32) + rng.uniform(-20, 20, 3).astype(np.float32))
    edges = cv2.Canny(cv2.GaussianBlur(grey, (0, 0), 1.5), 60, 150).astype(np.float32) / 255
    edges = cv2.dilate(edges, np.ones((2, 2)))
    mix = np.linspace(0, 1, rgb.shape[1], dtype=np.float32)[None, :, None]
    tube = first * (1 - mix) + second * mix
    strength = rng.uniform(0.6, 1.2)
    halo = sum(cv2.GaussianBlur(edges, (0, 0), sigma) * weight for sigma, weight in ((3, 0.9), (9, 0.8), (20, 0.6)))
    lit = base + tube * (edges[..., None] + strength * np.asarray(halo)[..., None])
    return np.clip(lit + rng.normal(0, 2, rgb.shape), 0, 255).astype(np.uint8)


_TUBES = ((255, 30, 220), (0, 240, 255), (150, 60, 255), (40, 90, 255))


def skyline(seed: int, size: tuple[int, int] = (360, 640)) -> Picture:
    """A night town with lit windows, domes, a river and neon signs that glow."""
    rng = np.random.default_rng(seed)
    height, width = size
    sky = np.linspace(0, 1, height)[:, None, None] * np.array([40, 10, 70]) + np.array([8, 6, 22])
    image = Image.fromarray(np.broadcast_to(sky, (height, width, 3)).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    lights = Image.new("RGB", image.size)
    glow = ImageDraw.Draw(lights)
    x = 0
    while x < width:
        w, h = int(rng.integers(24, 80)), int(rng.integers(height // 5, height * 2 // 3))
        top = height - h
        draw.rectangle((x, top, x + w, height), fill=tuple(int(v) for v in rng.integers(8, 34, 3)))
        colour = tuple(int(v) for v in _TUBES[int(rng.integers(len(_TUBES)))])
        if rng.random() < 0.4:
            draw.pieslice((x, top - w // 2, x + w, top + w // 2), 180, 360, fill=(20, 14, 44))
            glow.arc((x, top - w // 2, x + w, top + w // 2), 180, 360, fill=colour, width=3)
        glow.rectangle((x + w // 4, top + 8, x + w // 2, top + 12), fill=colour)
        glow.line((x, top, x, height), fill=colour, width=2)
        for _ in range(int(rng.integers(4, 14))):
            a, b = int(rng.integers(x, x + w)), int(rng.integers(top, height))
            draw.rectangle((a, b, a + 3, b + 4), fill=(240, 220, 150))
        x += w + int(rng.integers(0, 10))
    plane = np.asarray(image, np.float32) + np.asarray(lights, np.float32)
    for radius, weight in ((4, 0.9), (14, 0.8)):
        plane += weight * np.asarray(lights.filter(ImageFilter.GaussianBlur(radius)), np.float32)
    return np.clip(plane, 0, 255).astype(np.uint8)


def titled(rgb: Picture, text: str, style: str, y: float = 0.5, share: float = 0.075) -> Picture:
    """The picture with lines of text painted on it.

    Args:
        rgb: the ground.
        text: one line or several, parted by line feeds.
        style: white, outlined, yellow, cyan (neon with a halo), magenta (the same), black (on a white plate), thin.
        y: centre of the text as a share of the height.
        share: height of the letters as a share of the picture's height.
    """
    image = Image.fromarray(rgb)
    name = "DejaVuSans.ttf" if style == "thin" else "DejaVuSans-Bold.ttf"
    size = max(10, round(share * rgb.shape[0] * 1.35))
    while size > 10:
        font = ImageFont.truetype(str(FONTS / name), size)
        box = ImageDraw.Draw(image).multiline_textbbox((0, 0), text, font=font, anchor=None, align="center")
        if box[2] - box[0] <= 0.94 * image.width:
            break
        size -= 2
    at = ((image.width - (box[2] - box[0])) / 2 - box[0], y * image.height - (box[3] - box[1]) / 2 - box[1])
    colours = {"yellow": (255, 225, 40), "cyan": (120, 250, 255), "magenta": (255, 120, 240), "black": (15, 15, 15)}
    colour = colours.get(style, (255, 255, 255))
    if style in ("cyan", "magenta"):
        halo = Image.new("RGB", image.size)
        tone = (0, 200, 255) if style == "cyan" else (255, 0, 200)
        ImageDraw.Draw(halo).multiline_text(at, text, font=font, fill=tone, align="center", stroke_width=2)
        plane = np.asarray(image, np.float32) * 0.75
        for radius in (size / 10, size / 4):
            plane += 0.9 * np.asarray(halo.filter(ImageFilter.GaussianBlur(radius)), np.float32)
        image = Image.fromarray(np.clip(plane, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    if style == "black":
        pad = size // 3
        left, top, right, bottom = draw.multiline_textbbox(at, text, font=font, align="center")
        draw.rectangle((left - pad, top - pad, right + pad, bottom + pad), fill=(250, 250, 250))
    outline = {"outlined": max(2, size // 12), "yellow": max(1, size // 16)}.get(style, 0)
    draw.multiline_text(at, text, font=font, fill=colour, align="center", stroke_width=outline, stroke_fill=(0, 0, 0))
    return np.asarray(image, np.uint8)
