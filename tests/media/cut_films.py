"""Films with known cuts: real clips, Debian's photographs and drawn scenes spliced at random known times, with traps.

A film is wholly told by its number. Films whose number divides by three are held out: nothing was tuned on them, and
their photographs are others than those of the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from media.cut_scenes import HELD, Scene, Trap, scene_of, trap_of

SIZES = ((256, 144), (144, 256), (256, 144), (192, 192))
RATES = (25, 30, 24, 60, 0)
"""Frames a second; 0 is a variable rate."""
FILMS = 72
LOOKS = (
    ("clip", "photo", "drawn", "neon"),
    ("photo",),
    ("drawn", "drawn", "photo"),
    ("neon", "neon", "photo"),
    ("clip",),
    ("slide", "slide", "photo"),
    ("traps",),
    ("photo", "clip", "neon"),
)


@dataclass(frozen=True)
class TrueCut:
    """A cut as it was made: a hard one has no length."""

    kind: str
    at_s: float
    until_s: float


@dataclass(frozen=True)
class Film:
    """A film to be made: its cuts, and the picture of any instant."""

    number: int
    duration_s: float
    cuts: tuple[TrueCut, ...]
    traps: tuple[str, ...]
    picture: Callable[[float], np.ndarray]

    @property
    def is_held(self) -> bool:
        return self.number % HELD == 0

    @property
    def is_trap_only(self) -> bool:
        return not self.cuts


@dataclass
class _Shot:
    scene: Scene
    start: float
    end: float
    traps: list[Trap]

    def at(self, t: float) -> np.ndarray:
        picture = self.scene(t - self.start)
        for trap in self.traps:
            picture = trap(picture, t - self.start)
        return picture


def film_of(number: int) -> Film:
    """The film of a number: cuts at random times, one look, at most one handicap (dark, letterboxed, grainy)."""
    rng = np.random.default_rng(20_000 + number)
    size = SIZES[number // 5 % 4]
    look = LOOKS[number % 8]
    if look == ("traps",):
        shots, cuts = _one_long_shot(rng, size, number)
    else:
        shots, cuts = _spliced(rng, size, look, number)
    finish = _finish(rng, number)

    def picture(t: float) -> np.ndarray:
        return finish(_mixed(shots, cuts, t))

    names = tuple(trap.name for shot in shots for trap in shot.traps)
    return Film(number, shots[-1].end, tuple(cut for cut, _ in cuts), names, picture)


def _one_long_shot(rng, size, number):
    kind = ("photo", "clip", "drawn", "neon")[number // 8 % 4]
    scene = scene_of(kind, rng, size, number, 15.0)
    traps, at = [], 0.8
    while at < 13.0:
        trap = trap_of(rng, size, at)
        traps.append(trap)
        at += trap.length_s + rng.uniform(0.6, 1.2)
    return [_Shot(scene, 0.0, 15.0, traps)], []


def _spliced(rng, size, looks, number):
    shots, cuts, t = [], [], 0.0
    gradual = 0.75 if number % 8 == 7 else 0.05 if number % 16 == 1 else 0.3
    while t < 13.0:
        lead = cuts[-1][0].until_s - t if cuts else 0.0
        shortest, longest = (0.2, 0.6) if number % 16 == 1 else (0.5, 4.0)
        length = lead + float(np.exp(rng.uniform(np.log(shortest), np.log(longest))))
        kind, transition, colour = _transition(rng, gradual)
        length += 0.3 if transition else 0.0
        scene = scene_of(str(rng.choice(looks)), rng, size, number, length + transition + 0.5)
        traps = []
        if length - lead > 1.8 and rng.random() < 0.45:
            trap = trap_of(rng, size, lead + 0.4)
            traps = [trap] if lead + 0.4 + trap.length_s < length - 0.35 else []
        end = t + length
        shots.append(_Shot(scene, t, end + transition, traps))
        cuts.append((TrueCut(kind, end, end + transition), colour))
        t = end
    return shots, cuts[:-1]


def _transition(rng, gradual):
    if rng.random() > gradual:
        return "hard", 0.0, None
    if rng.random() < 0.7:
        return "dissolve", float(rng.uniform(0.3, 1.5)), None
    return "fade", float(rng.uniform(0.6, 1.6)), 255.0 if rng.random() < 0.3 else 0.0


def _mixed(shots, cuts, t):
    """The picture at an instant: one shot, or two in transition."""
    here = [i for i, shot in enumerate(shots) if shot.start <= t < shot.end] or [len(shots) - 1]
    if len(here) == 1:
        return shots[here[0]].at(t)
    first, second = shots[here[-2]], shots[here[-1]]
    cut, colour = cuts[here[-2]]
    part = (t - cut.at_s) / (cut.until_s - cut.at_s)
    if colour is None:
        return _blend(first.at(t), second.at(t), part)
    black = np.full_like(first.at(t), colour)
    if part < 0.45:
        return _blend(first.at(t), black, part / 0.45)
    return black if part < 0.55 else _blend(black, second.at(t), (part - 0.55) / 0.45)


def _blend(first, second, part):
    return (first * (1 - part) + second * part).astype(np.float32)


def _finish(rng, number):
    dark, boxed, grain = number % 11 == 3, number % 10 == 4, number % 4 == 1
    noise = rng.normal(0, 5, (8, 256, 256, 1)).astype(np.float32)

    def finish(picture: np.ndarray) -> np.ndarray:
        h, w = picture.shape[:2]
        out = picture.astype(np.float32) * (0.22 if dark else 1.0)
        if grain:
            out = out + noise[int(picture.sum()) % 8, :h, :w]
        if boxed:
            bar = h // 8
            out[:bar] = out[-bar:] = 0
        return np.clip(out, 0, 255).astype(np.uint8)

    return finish


def write_film(film: Film, path: Path) -> None:
    """Encode a film by x264 with B-frames into an MP4 file."""
    times = _times(film)
    w, h = SIZES[film.number // 5 % 4]
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATES[film.number % 5] or 30)
        stream.width, stream.height, stream.pix_fmt = w, h, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "25", "bf": str((3, 2, 5, 3)[film.number % 4])}
        stream.codec_context.time_base = Fraction(1, 12_000)
        for t in times:
            frame = av.VideoFrame.from_ndarray(film.picture(t), format="rgb24")
            frame.pts, frame.time_base = round(t * 12_000), Fraction(1, 12_000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def _times(film: Film) -> np.ndarray:
    rate = RATES[film.number % 5]
    if rate:
        return np.arange(0, film.duration_s, 1 / rate)
    rng = np.random.default_rng(film.number)
    gaps = rng.choice([1 / 60, 1 / 30, 1 / 25, 1 / 15], 2_000, p=[0.3, 0.4, 0.2, 0.1])
    times = np.concatenate([[0.0], np.cumsum(gaps)])
    return times[times < film.duration_s]


def read_small(path: Path, whole_s: float = 3.0, skip: str = "NONREF") -> tuple[np.ndarray, np.ndarray]:
    """Times and small frames as the house's decoder gives them: all of the first seconds, then what others refer to."""
    times, small = [], []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        w, h = stream.codec_context.width, stream.codec_context.height
        scale = 64 / max(w, h)
        for frame in container.decode(stream):
            times.append(float(frame.time))
            made = frame.reformat(width=round(w * scale), height=round(h * scale), format="rgb24", interpolation="AREA")
            small.append(made.to_ndarray())
            if frame.time >= whole_s:
                stream.codec_context.skip_frame = skip
    return np.array(times), np.array(small)
