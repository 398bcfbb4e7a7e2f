"""What a media file says of itself: container, tracks, size, rate, length. Nothing is decoded."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.stream import Disposition

MOST_METADATA = 40
MOST_CHARACTERS = 500
LONGEST_S = 7 * 24 * 3600.0
"""A length beyond a week is what a damaged header says."""
FASTEST = 1000.0
"""More frames a second than this no header is believed."""
TRANSFERS = {16: "pq", 18: "hlg"}
"""Transfer characteristics of HDR video by their number in ITU-T H.273: SMPTE ST 2084 and ARIB STD-B67."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the header of a file says; ``None`` where it says nothing that can be believed."""

    kind: str
    """``video``, ``picture`` or ``sound``."""
    container: str
    size_bytes: int
    duration_s: float | None = None
    width: int | None = None
    """Pixels as shown: turned upright, with square pixels."""
    height: int | None = None
    rotation: int = 0
    """Degrees by which players turn the picture, as the file asks."""
    fps: float | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    n_video_tracks: int = 0
    n_audio_tracks: int = 0
    hdr: str | None = None
    """``pq`` or ``hlg`` for high dynamic range."""
    metadata: tuple[tuple[str, str], ...] = ()

    @property
    def shape(self) -> str | None:
        """``vertical``, ``square`` or ``wide``.

        >>> FileFacts("video", "mp4", 1, width=1080, height=1920).shape
        'vertical'
        """
        if not self.width or not self.height:
            return None
        aspect = self.width / self.height
        return "vertical" if aspect < 0.9 else "wide" if aspect > 1.1 else "square"


def picture_stream(container: av.container.InputContainer) -> av.VideoStream | None:
    """The video track to look at: the first one that is no attached cover and can be decoded."""
    streams = [one for one in container.streams.video if one.codec_context is not None]
    return next((one for one in streams if not one.disposition & Disposition.attached_pic), None)


def file_facts(container: av.container.InputContainer, path: Path) -> FileFacts:
    """The facts of an open file, before a frame of it is decoded."""
    video, sounds = picture_stream(container), list(container.streams.audio)
    context = video.codec_context if video is not None else None
    width, height = upright_size(video, 0) if video is not None else (None, None)
    return FileFacts(
        kind="video" if video is not None else "sound",
        container=container.format.name.split(",")[0],
        size_bytes=path.stat().st_size,
        duration_s=_duration_s(container, video),
        width=width,
        height=height,
        fps=_rate(video),
        video_codec=context.name if context is not None else None,
        audio_codec=sounds[0].codec_context.name if sounds and sounds[0].codec_context else None,
        n_video_tracks=len(container.streams.video),
        n_audio_tracks=len(sounds),
        hdr=TRANSFERS.get(int(context.color_trc or 0)) if context is not None else None,
        metadata=tidy(dict(container.metadata)),
    )


def upright_size(video: av.VideoStream, rotation: int) -> tuple[int | None, int | None]:
    """Width and height as a player shows them."""
    context = video.codec_context
    width, height = int(context.width or 0), int(context.height or 0)
    if not width or not height:
        return None, None
    width = max(1, round(width * pixel_ratio(video)))
    return (height, width) if rotation % 180 else (width, height)


def pixel_ratio(video: av.VideoStream) -> float:
    """Width of a pixel over its height; 1 where the file says nothing that can be believed."""
    for ratio in (video.sample_aspect_ratio, video.codec_context.sample_aspect_ratio):
        if ratio and ratio != 1 and Fraction(1, 8) <= ratio <= 8:
            return float(ratio)
    return 1.0


def tidy(metadata: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The first entries of a file's metadata, shortened: a header may hold megabytes of them."""
    entries = ((str(key)[:80], str(value)[:MOST_CHARACTERS]) for key, value in sorted(metadata.items()))
    return tuple(entry for _, entry in zip(range(MOST_METADATA), entries, strict=False))


def _duration_s(container: av.container.InputContainer, video: av.VideoStream | None) -> float | None:
    said = [container.duration / av.time_base if container.duration else None]
    if video is not None and video.duration and video.time_base:
        said.insert(0, float(video.duration * video.time_base))
    return next((one for one in said if one is not None and 0 < one < LONGEST_S), None)


def _rate(video: av.VideoStream | None) -> float | None:
    rate = float(video.average_rate) if video is not None and video.average_rate else math.nan
    return round(rate, 3) if 0 < rate <= FASTEST else None
