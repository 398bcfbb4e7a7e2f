"""Makes small real media files of every kind with PyAV, for the tests."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Painter = Callable[[float], NDArray[np.uint8]]

CONTAINERS = {
    "h264.mp4": ("libx264", "aac", {}),
    "h264_no_b.mp4": ("libx264", "aac", {"bf": "0"}),
    "hevc.mp4": ("libx265", "aac", {"x265-params": "log-level=error"}),
    "av1.mp4": ("libsvtav1", "aac", {"preset": "10", "svtav1-params": "lp=1"}),
    "h264.mkv": ("libx264", "libmp3lame", {}),
    "h264.mov": ("libx264", "aac", {}),
    "h264.ts": ("libx264", "aac", {}),
    "vp9.webm": ("libvpx-vp9", "libopus", {"deadline": "realtime", "cpu-used": "8"}),
    "vp8.webm": ("libvpx", "libopus", {"deadline": "realtime"}),
    "mpeg4.avi": ("mpeg4", "libmp3lame", {}),
    "mpeg2.mpg": ("mpeg2video", "mp2", {}),
    "mjpeg.avi": ("mjpeg", "pcm_s16le", {}),
    "h264.flv": ("libx264", "aac", {}),
}


def colours(at_s: float, size: tuple[int, int] = (320, 180)) -> NDArray[np.uint8]:
    """A moving pattern whose mean red grows with time: 20 at the start, 40 more a second."""
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    wave = 60 + 50 * np.sin(x / 17 + 4 * at_s) * np.cos(y / 11)
    red = np.full_like(wave, min(235.0, 20 + 40 * at_s))
    return np.stack([red, wave, wave[::-1]], axis=-1).astype(np.uint8)


def tone(seconds: float, rate: int = 48_000, hertz: float = 440.0, level: float = 0.3) -> NDArray[np.float32]:
    """A sine of one channel."""
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def make_film(
    path: Path,
    *,
    seconds: float = 4.0,
    fps: int = 25,
    size: tuple[int, int] = (320, 180),
    codec: str = "libx264",
    audio: str | None = "aac",
    options: dict[str, str] | None = None,
    paint: Painter | None = None,
    sounds: tuple[NDArray[np.float32], ...] | None = None,
    times: list[float] | None = None,
    pix_fmt: str | None = None,
    metadata: dict[str, str] | None = None,
    colour_trc: int | None = None,
    sound_from_s: float = 0.0,
    aspect: Fraction | None = None,
) -> Path:
    """A video with as many audio tracks as sounds are given (one sine by default); ``times`` makes the rate vary."""
    times = times if times is not None else [number / fps for number in range(round(seconds * fps))]
    clock = Fraction(1, 1000) if times and path.suffix != ".avi" and path.suffix != ".mpg" else Fraction(1, fps)
    with av.open(str(path), "w") as out:
        out.metadata.update(metadata or {})
        video = out.add_stream(codec, rate=fps, options=options or {})
        video.width, video.height = size
        video.pix_fmt = pix_fmt or ("yuvj420p" if codec == "mjpeg" else "yuv420p")
        video.codec_context.time_base = clock if codec not in ("mpeg4", "mpeg2video", "mjpeg") else Fraction(1, fps)
        if aspect is not None:
            video.sample_aspect_ratio = aspect
            video.codec_context.sample_aspect_ratio = aspect
        if colour_trc is not None:
            video.codec_context.color_trc = colour_trc
        made = sounds if sounds is not None else (tone(times[-1] + 1 / fps),) if audio else ()
        tracks = [out.add_stream(audio, rate=48_000, layout="mono") for _ in made]
        base = video.codec_context.time_base
        for at_s in times:
            frame = av.VideoFrame.from_ndarray((paint or (lambda at: colours(at, size)))(at_s), format="rgb24")
            frame.time_base, frame.pts = base, round(at_s / base)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        for track, samples in zip(tracks, made, strict=True):
            for packet in sound_packets(track, samples, sound_from_s):
                out.mux(packet)
    return path


def sound_packets(
    track: av.AudioStream, samples: NDArray[np.float32], from_s: float = 0.0
) -> Iterator[list[av.Packet]]:
    """Samples as encoded packets that begin at an instant."""
    resampler = av.AudioResampler(format=track.codec_context.format.name, layout="mono", rate=48_000)
    for start in range(0, len(samples), 4_800):
        frame = av.AudioFrame.from_ndarray(samples[None, start : start + 4_800], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, start + round(from_s * 48_000), Fraction(1, 48_000)
        for ready in resampler.resample(frame):
            yield track.encode(ready)
    yield track.encode(None)


def make_sound(path: Path, samples: NDArray[np.float32], codec: str, rate: int = 48_000) -> Path:
    """A sound file."""
    with av.open(str(path), "w") as out:
        track = out.add_stream(codec, rate=rate, layout="mono")
        for packet in sound_packets(track, samples):
            out.mux(packet)
    return path


def turned(path: Path, degrees: int) -> Path:
    """An MP4 whose header asks players to turn the picture clockwise: the matrix of the first ``tkhd`` box."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4
    matrix = at + (40 if data[at] == 0 else 52)
    one = 1 << 16
    rows = {90: (0, one, -one, 0), 180: (-one, 0, 0, -one), 270: (0, -one, one, 0)}[degrees]
    a, b, c, d = rows
    data[matrix : matrix + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(bytes(data))
    return path
