"""Make the sample draft's clip: `python data/drafts/kazan_2100/make_video.py` writes video.mp4 and cover.jpg.

Everything is computed: shapes, light, water, letters and music. Nothing is read but the font of the titles. Two runs
with the same packages give the same pictures and the same sound.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import music
import numpy as np
from paint import Floats, Image
from shots import DISSOLVE, DURATION, HIT_FORCE, HITS, SHOTS, TITLES, Shot, World
from stage import flashed, vignette
from titles import lettered, need_font, write

FOLDER = Path(__file__).resolve().parents[1]
RATE = 30  # frames a second: fifteen to a beat
SIZE = (720, 1280)  # at 1080 the same look needs about 5 MB
COVER_SIZE = (1080, 1920)
LARGEST = 3_000_000  # bytes: what the repository allows the clip
COVER_AT = 2.2  # s
# mbtree is off because with it two encodings of the same pictures differ in their first 150 frames (x264 in PyAV 18.1)
X264 = {"crf": "28", "preset": "veryslow", "tune": "animation", "aq-mode": "3", "g": "150", "mbtree": "0"}
BT709 = 1  # its number in H.264: primaries, transfer and matrix; without it players guess the colours


def frames(width: int, height: int, times: list[float]) -> Iterator[Image]:
    """Finished frames at rising times (s); each shot is built when first seen and forgotten after its last."""
    world, edge = World(width, height), vignette(width, height)
    letters = [lettered(title, width) for title in TITLES]
    ready: dict[int, Shot] = {}
    for time in times:
        seen = [k for k, (start, stop, _) in enumerate(SHOTS) if start <= time < stop]
        ready = {k: ready[k] if k in ready else SHOTS[k][2](world) for k in seen}
        frame = mixed([ready[k](time) for k in seen], time)
        frame = np.asarray(cv2.multiply(frame, edge, scale=1 / 255), np.uint8)
        frame = flashed(frame, flash(time))
        for title, picture in zip(TITLES, letters, strict=True):
            write(frame, picture, title, time)
        yield frame


def mixed(pictures: list[Image], time: float) -> Image:
    """One picture, or two in the dissolve."""
    if len(pictures) == 1:
        return pictures[0]
    share = (time - DISSOLVE[0]) / (DISSOLVE[1] - DISSOLVE[0])
    return np.asarray(cv2.addWeighted(pictures[0], 1 - share, pictures[1], share, 0), np.uint8)


def flash(time: float) -> float:
    """Strength of the flash at a time (s): each hit jumps up and is gone in a third of a second."""
    late = [(time - hit, force) for hit, force in zip(HITS, HIT_FORCE, strict=True) if 0 <= time - hit < 0.34]
    return max((force * (1 - since / 0.34) ** 2 for since, force in late), default=0.0)


def encode(path: Path, width: int, height: int, sound: Floats) -> None:
    """Write H.264 and AAC into an MP4 file.

    Args:
        path: of the file.
        width: of the picture, pixels.
        height: of the picture, pixels.
        sound: (2, samples) at `music.RATE`.
    """
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", rate=RATE, options=X264)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        codec = video.codec_context
        codec.thread_count = 1  # the same bytes on every machine
        codec.colorspace = codec.color_primaries = codec.color_trc = BT709
        audio = container.add_stream("aac", rate=music.RATE, layout="stereo")
        audio.bit_rate = 128_000
        times = [k / RATE for k in range(round(DURATION * RATE))]
        for k, picture in enumerate(frames(width, height, times)):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709")
            frame.pts, frame.time_base = k, Fraction(1, RATE)
            container.mux(video.encode(frame))
        container.mux(video.encode())
        spoken = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound), format="fltp", layout="stereo")
        spoken.sample_rate, spoken.pts, spoken.time_base = music.RATE, 0, Fraction(1, music.RATE)
        container.mux(audio.encode(spoken))
        container.mux(audio.encode())


def save(picture: Image, path: Path, quality: int = 90) -> None:
    """Write one picture as PNG or JPEG, by its name."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality] if path.suffix == ".jpg" else []
    cv2.imwrite(str(path), np.ascontiguousarray(picture[..., ::-1]), options)


def main() -> None:
    """Read the command line; make the clip, or stills of it.

    Raises:
        SystemExit: the font is missing, or the clip came out larger than allowed.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--width", type=int, default=SIZE[0], help="pixels; the height follows (default 720)")
    parser.add_argument("--stills", type=float, nargs="+", metavar="S", help="only write frames at these seconds")
    parser.add_argument("--to", type=Path, default=FOLDER, help="folder to write into (default: beside the script)")
    choice = parser.parse_args()
    need_font()
    width, height = choice.width, choice.width * SIZE[1] // SIZE[0]
    if choice.stills:
        times = sorted(choice.stills)
        for time, picture in zip(times, frames(width, height, times), strict=True):
            save(picture, choice.to / f"still_{time:05.2f}.png")
        return
    path = choice.to / "video.mp4"
    encode(path, width, height, music.compose())
    save(next(frames(*COVER_SIZE, [COVER_AT])), choice.to / "cover.jpg")
    size = path.stat().st_size
    sys.stdout.write(f"{path}: {DURATION:g} s, {width}x{height}, {size:,} bytes\n")
    if size > LARGEST:
        raise SystemExit(f"The clip may hold {LARGEST:,} bytes at most: raise crf in X264 or lower --width.")


if __name__ == "__main__":
    main()
