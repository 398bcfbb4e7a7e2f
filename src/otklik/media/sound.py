"""The sound of a file as samples of the middle and of the sides, read in one pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from otklik.media.container import opened, packets

Samples = NDArray[np.float32]

RATE = 22_050
"""Samples a second at which sound is analysed: what is heard up to 11 kHz."""
MOST_S = 1200.0
"""So much of a sound is read: twenty minutes."""
LEAST_HOLE_S, MOST_HOLE_S = 0.15, 600.0
"""Silence that the instants of a file ask for: less is the delay of a codec, more a damaged stamp."""
MIN_RATE, MAX_RATE = 1_000, 384_000
MAX_CHANNELS = 64


@dataclass(frozen=True, slots=True)
class Sound:
    """What both ears hear together, and how many samples there are a second.

    ``samples`` is (left + right) / sqrt 2 of a sound with two channels or more, as FFmpeg mixes it down, and the
    channel itself of a sound with one. ``sides`` is (left - right) / sqrt 2: the powers of both add up to that of the
    channels.
    """

    samples: Samples
    rate: int = RATE
    sides: Samples | None = None

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate

    def between(self, start_s: float, end_s: float) -> Sound:
        """The part between two instants.

        >>> Sound(np.zeros(100, np.float32), 10).between(2, 4).duration_s
        2.0
        """
        part = slice(max(0, round(start_s * self.rate)), max(0, round(end_s * self.rate)))
        return Sound(self.samples[part], self.rate, None if self.sides is None else self.sides[part])


def read_sound(path: Path, rate: int = RATE, most_s: float = MOST_S) -> Sound | None:
    """The first audio track of a file; ``None`` when it has none that can be decoded.

    Corrupt packets are passed over: what comes after them is still read, as silence stands where they were not.

    Args:
        path: any file that FFmpeg reads.
        rate: samples a second of the result.
        most_s: so many seconds are read at most.

    Raises:
        ConfigurationError, DataError: when the file cannot be opened at all.
    """
    with opened(path) as container:
        if not container.streams.audio:
            return None
        stream = container.streams.audio[0]
        middle: list[Samples] = []
        sides: list[Samples] = []
        n, most = 0, round(most_s * rate)
        start_s = container.start_time / av.time_base if container.start_time is not None else None
        for at_s, channels in _resampled(container, stream, rate):
            silence = _silence(at_s, start_s, n, rate, most)
            if silence:
                middle.append(np.zeros(silence, np.float32))
                sides.append(middle[-1])
                n += silence
            middle.append(channels[0])
            sides.append(channels[1] if len(channels) > 1 else np.zeros_like(channels[0]))
            n += len(channels[0])
            if n >= most:
                break
    if not n:
        return None
    is_wide = any(part.any() for part in sides)
    return Sound(np.concatenate(middle)[:most], rate, np.concatenate(sides)[:most] if is_wide else None)


def _silence(at_s: float | None, start_s: float | None, n: int, rate: int, most: int) -> int:
    """Samples of silence before what comes at an instant: a sound that begins late, or a hole in the middle."""
    if at_s is None or start_s is None:
        return 0
    missing = round((at_s - start_s) * rate) - n
    return min(missing, most - n) if LEAST_HOLE_S * rate < missing < MOST_HOLE_S * rate else 0


def _resampled(
    container: av.container.InputContainer, stream: av.AudioStream, rate: int
) -> Iterator[tuple[float | None, Samples]]:
    """Samples with the instant at which the file has them, ``(1 or 2, n)``."""
    context = stream.codec_context
    resampler = None
    for packet in packets(container, stream):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        for frame in frames:
            if not isinstance(frame, av.AudioFrame):
                continue
            if not MIN_RATE <= (frame.sample_rate or 0) <= MAX_RATE or context.channels > MAX_CHANNELS:
                continue
            if resampler is None:
                layout = "mono" if frame.layout.nb_channels == 1 else "stereo"
                resampler = av.AudioResampler(format="fltp", layout=layout, rate=rate)
            try:
                for made in resampler.resample(frame):
                    yield frame.time, _middle_and_sides(made.to_ndarray())
            except (av.FFmpegError, ValueError):
                resampler = None  # the layout changed in the middle of the file
    if resampler is not None:
        try:
            for made in resampler.resample(None):
                yield None, _middle_and_sides(made.to_ndarray())
        except av.FFmpegError:
            return


def _middle_and_sides(channels: NDArray[np.float32]) -> Samples:
    """One channel as it is; of two their sum and their difference by the square root of two."""
    channels = _clean(channels)
    if len(channels) == 1:
        return channels
    both = np.stack([channels[0] + channels[1], channels[0] - channels[1]])
    return (both / np.sqrt(2)).astype(np.float32)


def _clean(samples: NDArray[np.float32]) -> Samples:
    """Samples that a damaged float stream made absurd are silence."""
    return np.nan_to_num(np.clip(samples, -8.0, 8.0), nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32, copy=False)
