"""A file as frames: one pass, every frame of the first seconds, then what no other frame depends on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from otklik.errors import DataError
from otklik.media.container import MOST_PIXELS, opened, packets, unreadable
from otklik.media.file_facts import FileFacts, file_facts, picture_stream, pixel_ratio, upright_size
from otklik.media.tones import to_sdr

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]

HOOK_S = 3.0
"""So much of the beginning is decoded frame by frame: what decides whether somebody stays."""
EVERY_S = 0.5
"""Gap between the pictures that are looked at closely."""
MOST_PICTURES = 160
"""So many of them at most: longer videos are looked at more sparsely."""
DETAIL_S = 180.0
"""After three minutes only keyframes are decoded."""
LONGEST_S = 1200.0
"""After twenty minutes a video is only sampled, at so many places:"""
N_PLACES = 60
SMALL_SIDE, PICTURE_SIDE, LARGE_SIDE = 64, 640, 1280
"""Long sides in pixels: for motion and cuts; for symbols, style and faces; for text."""
LARGE_AT_S = (0.3, 1.0, 2.0)
"""Instants of the hook at which a large picture is kept; later ones are spread evenly."""
MOST_LARGE = 12
LEAST_FPS = 12.0
HELD_S = 0.2
"""A frame that is shown for longer than this is there more than once for the measures of motion and cuts."""
LATE_S = (0.2, 60.0)
"""A picture that begins so much after the sound begins so late; by less it is rounding, by more nonsense."""
MOST_FRAMES = 40_000
"""A guard against streams with absurd rates: 180 s at 60 frames a second are 10,800."""


@dataclass(frozen=True)
class Picture:
    """A frame that is looked at closely."""

    at_s: float
    rgb: Pixels
    """Shape ``(h, w, 3)``, upright, in SDR."""


@dataclass(frozen=True)
class Film:
    """What one pass over a file gave."""

    facts: FileFacts
    times: Floats
    """Instant of each decoded frame in seconds from the first, shape ``(n,)``, increasing."""
    small: Pixels
    """Each decoded frame with a long side of 64 pixels, shape ``(n, h, w, 3)``."""
    pictures: tuple[Picture, ...]
    large: tuple[Picture, ...]
    n_corrupt: int = 0
    """Packets or frames that could not be decoded."""
    keyframes_from_s: float | None = None
    """From here on only keyframes were decoded."""
    sampled_from_s: float | None = None
    """From here on the video was only sampled."""

    @property
    def seen_s(self) -> float:
        """End of the last frame that was decoded."""
        return float(self.times[-1]) + 1 / (self.facts.fps or 25.0) if len(self.times) else 0.0

    @property
    def duration_s(self) -> float:
        """Length: what the header says, or where the last frame stands."""
        last = float(self.times[-1]) if len(self.times) else 0.0
        return max(self.facts.duration_s or last, last)


def read_film(path: Path, *, fast: bool = False) -> Film:
    """The frames of a video: all of the first three seconds, then without those that only refine others.

    Later than :data:`DETAIL_S` only keyframes are decoded, as everywhere with ``fast``; later than
    :data:`LONGEST_S` the video is sampled at evenly spread places.

    Raises:
        ConfigurationError, DataError: the file cannot be opened, has no picture, or a picture too large.
    """
    with opened(path) as container:
        stream = picture_stream(container)
        facts = file_facts(container, path)
        if stream is None:
            return Film(facts, np.empty(0), np.empty((0, 1, 1, 3), np.uint8), (), ())
        _check_size(stream, path)
        _set_up(stream)
        pass_ = _Pass(facts, fast)
        try:
            pass_.run(container, stream)
        except MemoryError as error:
            raise unreadable(path, error) from None
        film = pass_.film(stream)
    if not len(film.times):
        raise DataError(
            "no frame of {path} can be decoded ({codec}): export it again, for example as MP4 with H.264",
            path=path,
            codec=facts.video_codec,
        )
    return film


def _check_size(stream: av.VideoStream, path: Path) -> None:
    context = stream.codec_context
    if (context.width or 0) * (context.height or 0) > MOST_PIXELS:
        raise DataError(
            "the picture of {path} is {width} x {height}: at most {most} million pixels are read",
            path=path,
            width=context.width,
            height=context.height,
            most=MOST_PIXELS // 1_000_000,
        )


def _set_up(stream: av.VideoStream) -> None:
    context = stream.codec_context
    # Threads that each hold a whole frame are dear in 8K.
    is_huge = (context.width or 0) * (context.height or 0) > 4096 * 2304
    context.thread_count = 2
    stream.thread_type = "SLICE" if is_huge else "AUTO"
    context.options = {**context.options, "max_pixels": str(MOST_PIXELS)}


@dataclass
class _Pass:
    """One pass over a file, and what it has gathered so far."""

    facts: FileFacts
    fast: bool
    times: list[float] = field(default_factory=list)
    small: list[Pixels] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    large: list[Picture] = field(default_factory=list)
    n_corrupt: int = 0
    pixel_ratio: float = 1.0
    """Width of a pixel over its height."""
    rotation: int = 0
    start_s: float | None = None
    """When the file begins, with picture or sound, on the clock of its packets."""
    origin_s: float | None = None
    stamps: list[float] = field(default_factory=list)
    """Instants of all frames of the file so far, decoded or not, on the same clock."""
    keyframes_from_s: float | None = None
    sampled_from_s: float | None = None
    _small_size: tuple[int, int] | None = None

    def run(self, container: av.container.InputContainer, stream: av.VideoStream) -> None:
        """Decode from the beginning on, ever more sparsely."""
        context = stream.codec_context
        self.pixel_ratio = pixel_ratio(stream)
        if self.fast:
            context.skip_frame = "NONKEY"
            self.keyframes_from_s = 0.0
        self.start_s = container.start_time / av.time_base if container.start_time is not None else None
        # Where frames are few, each is shown for long and none may be skipped.
        may_skip = (self.facts.fps or 25.0) >= LEAST_FPS
        for packet in packets(container, stream):
            if packet.pts is not None and packet.time_base is not None:
                self.stamps.append(float(packet.pts * packet.time_base))
            self._take(packet.decode, stream)
            at_s = self.times[-1] if self.times else 0.0
            if at_s >= LONGEST_S or len(self.times) >= MOST_FRAMES:
                self.sampled_from_s = at_s
                break
            if not self.fast and at_s >= DETAIL_S:
                context.skip_frame = "NONKEY"
                self.keyframes_from_s = self.keyframes_from_s or at_s
            elif not self.fast and at_s >= HOOK_S:
                context.skip_frame = "NONREF" if may_skip else "DEFAULT"
        if self.sampled_from_s is not None:
            self._sample(container, stream)

    def _sample(self, container: av.container.InputContainer, stream: av.VideoStream) -> None:
        """A few frames of the rest of a very long video, by seeking."""
        end = self.facts.duration_s
        if end is None or end <= self.times[-1]:
            return
        for at_s in np.linspace(self.times[-1], end, N_PLACES + 1)[1:]:
            try:
                container.seek(round((at_s + (self.origin_s or 0.0)) * av.time_base))
            except av.FFmpegError:
                return
            for n_tried, packet in enumerate(packets(container, stream)):
                before = len(self.times)
                self._take(packet.decode, stream)
                if len(self.times) > before or n_tried > 200:
                    break

    def _take(self, decode: Callable[[], list[av.VideoFrame]], stream: av.VideoStream) -> None:
        try:
            frames = decode()
        except (av.FFmpegError, ValueError):
            self.n_corrupt += 1
            return
        for frame in frames:
            at_s = self._time_of(frame, stream)
            if at_s is None:
                continue
            try:
                self._keep(frame, at_s)
            except (av.FFmpegError, ValueError):
                self.n_corrupt += 1

    def _time_of(self, frame: av.VideoFrame, stream: av.VideoStream) -> float | None:
        """Seconds from the first frame; where a file gives no times or goes back, one frame after the last."""
        step = 1 / (self.facts.fps or 25.0)
        last = self.times[-1] if self.times else -step
        if frame.pts is None:
            return last + step
        raw = float(frame.pts * (frame.time_base or stream.time_base or Fraction(1, 25)))
        if self.origin_s is None:
            is_late = self.start_s is not None and LATE_S[0] < raw - self.start_s < LATE_S[1]
            self.origin_s = self.start_s if is_late and self.start_s is not None else raw
        at_s = raw - self.origin_s
        limit = (self.facts.duration_s or 0.0) + 60.0
        if last - 1.0 < at_s <= last:
            return last + 1e-3  # a stamp twice, or out of order by a little
        if at_s <= last or at_s > max(limit, last + 3600):
            # Absurd: go on from the last frame, and count from here.
            self.origin_s = raw - (last + step)
            return last + step
        return at_s

    def _keep(self, frame: av.VideoFrame, at_s: float) -> None:
        self.rotation = int(frame.rotation or 0) % 360
        small = self._picture(frame, SMALL_SIDE)
        if self._small_size is None:
            self._small_size = small.shape[:2]
        if small.shape[:2] == self._small_size:
            self.times.append(at_s)
            self.small.append(small)
        is_due = not self.pictures or at_s - self.pictures[-1].at_s >= self._every_s() - 0.02
        if is_due and len(self.pictures) < MOST_PICTURES + N_PLACES:
            self.pictures.append(Picture(at_s, self._picture(frame, PICTURE_SIDE)))
        if len(self.large) < MOST_LARGE and at_s >= self._next_large_s():
            self.large.append(Picture(at_s, self._picture(frame, LARGE_SIDE)))

    def _held(self) -> tuple[Floats, Pixels]:
        """The frames, and copies of each that is shown for long: where a file's own stamps say that none follows.

        Files of variable rate, such as screen recordings, leave out frames that do not change.
        """
        if not self.times:
            return np.empty(0), np.empty((0, 1, 1, 3), np.uint8)
        stamps = np.sort(np.array(self.stamps)) - (self.origin_s or 0.0)
        dense_until = self.keyframes_from_s if self.keyframes_from_s is not None else np.inf
        times, small = [self.times[0]], [self.small[0]]
        for number in range(1, len(self.times)):
            before, after = self.times[number - 1], self.times[number]
            if after - before > HELD_S and after <= dense_until:
                first, last = np.searchsorted(stamps, [before + 0.01, after - 0.01])
                if first == last:
                    held = np.append(np.arange(before + HELD_S, after - 0.06, HELD_S), after - 0.04)
                    times += held.tolist()
                    small += [self.small[number - 1]] * len(held)
            times.append(after)
            small.append(self.small[number])
        return np.array(times), np.stack(small)

    def _every_s(self) -> float:
        return max(EVERY_S, min(self.facts.duration_s or 0.0, LONGEST_S) / MOST_PICTURES)

    def _next_large_s(self) -> float:
        """Three in the hook, the others spread over the rest."""
        n = len(self.large)
        if n < len(LARGE_AT_S):
            return LARGE_AT_S[n] if n or not self.fast else 0.0
        rest = (min(self.facts.duration_s or 0.0, LONGEST_S) - HOOK_S) / (MOST_LARGE - len(LARGE_AT_S))
        return HOOK_S + max(1.0, rest) * (n - len(LARGE_AT_S) + 0.5)

    def _picture(self, frame: av.VideoFrame, side: int) -> Pixels:
        width, height = frame.width * self.pixel_ratio, frame.height
        scale = min(1.0, side / max(width, height))
        made = frame.reformat(
            width=max(2, round(width * scale)),
            height=max(2, round(height * scale)),
            format="rgb24",
            interpolation=Interpolation.AREA if side == SMALL_SIDE else Interpolation.FAST_BILINEAR,
        ).to_ndarray()
        return to_sdr(np.ascontiguousarray(np.rot90(made, self.rotation // 90)), self.facts.hdr)

    def film(self, stream: av.VideoStream) -> Film:
        """What was gathered."""
        width, height = upright_size(stream, self.rotation)
        times, small = self._held()
        return Film(
            facts=replace(self.facts, width=width, height=height, rotation=self.rotation),
            times=times,
            small=small,
            pictures=tuple(self.pictures),
            large=tuple(self.large),
            n_corrupt=self.n_corrupt,
            keyframes_from_s=self.keyframes_from_s,
            sampled_from_s=self.sampled_from_s,
        )
