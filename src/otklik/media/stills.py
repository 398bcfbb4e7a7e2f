"""Pictures that are files of their own: a cover, a frame, an animated GIF or WebP."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, ImageSequence

from otklik.errors import DataError
from otklik.media.container import MOST_PIXELS, check_file, unreadable
from otklik.media.file_facts import FileFacts, tidy
from otklik.media.film import (
    EVERY_S,
    LARGE_SIDE,
    MOST_LARGE,
    MOST_PICTURES,
    PICTURE_SIDE,
    SMALL_SIDE,
    Film,
    Picture,
    Pixels,
)

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
"""What is read here, by content and whatever the file is called; all else is taken for video or sound."""
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif")
MOST_FRAMES = 600
LEAST_FRAME_S = 0.02
"""Browsers show frames of less than this for a tenth of a second (https://webkit.org/b/14413)."""


def read_still(path: Path) -> Film | None:
    """A picture, or the frames of an animated one, as a film; ``None`` when the file is of another kind.

    Raises:
        ConfigurationError, DataError: the file cannot be opened, is damaged, or is too large a picture.
    """
    check_file(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own about sizes and odd metadata: both are looked at here
        try:
            image = Image.open(path, formats=FORMATS)
        except Image.DecompressionBombError:
            raise _too_large(path, None) from None
        except (OSError, ValueError, SyntaxError, TypeError, EOFError, OverflowError):
            return None
        with image:
            if image.width * image.height > MOST_PIXELS:
                raise _too_large(path, image.size)
            try:
                return _film(image, path)
            except Image.DecompressionBombError:
                raise _too_large(path, image.size) from None
            except (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, OverflowError,
                    MemoryError) as error:  # fmt: skip
                raise unreadable(path, error) from None


def shrunk(image: Image.Image, side: int) -> Pixels:
    """A picture with its long side at most so many pixels, as ``(h, w, 3)``."""
    scale = min(1.0, side / max(image.size))
    size = (max(2, round(image.width * scale)), max(2, round(image.height * scale)))
    return np.asarray(image if size == image.size else image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0))


def _film(image: Image.Image, path: Path) -> Film:
    times: list[float] = []
    small: list[Pixels] = []
    pictures: list[Picture] = []
    large: list[Picture] = []
    n_frames = int(getattr(image, "n_frames", 1))
    size = None
    for at_s, frame in _frames(image):
        little = shrunk(frame, SMALL_SIDE)
        size = size or (frame.size, little.shape)
        if little.shape != size[1]:
            continue
        times.append(at_s)
        small.append(little)
        if len(pictures) < MOST_PICTURES and (not pictures or at_s - pictures[-1].at_s >= EVERY_S):
            pictures.append(Picture(at_s, shrunk(frame, PICTURE_SIDE)))
            if len(large) < MOST_LARGE:
                large.append(Picture(at_s, shrunk(frame, LARGE_SIDE)))
    if size is None:
        raise DataError("no frame of {path} can be decoded: export it again, for example as JPEG", path=path)
    is_moving = len(times) > 1
    facts = FileFacts(
        kind="video" if is_moving else "picture",
        container=str(image.format).lower(),
        size_bytes=path.stat().st_size,
        duration_s=times[-1] + times[1] - times[0] if is_moving else None,
        width=size[0][0],
        height=size[0][1],
        fps=round((len(times) - 1) / times[-1], 3) if is_moving and times[-1] > 0 else None,
        video_codec=str(image.format).lower(),
        n_video_tracks=1,
        metadata=tidy({str(key): value for key, value in image.info.items() if isinstance(value, str)}),
    )
    is_cut = n_frames > MOST_FRAMES
    return Film(
        facts, np.array(times), np.stack(small), tuple(pictures), tuple(large),
        sampled_from_s=times[-1] if is_cut else None,
    )  # fmt: skip


def _frames(image: Image.Image) -> Iterator[tuple[float, Image.Image]]:
    at_s = 0.0
    for number, frame in enumerate(ImageSequence.Iterator(image)):
        if number == MOST_FRAMES:
            return
        frame.load()  # WebP tells how long a frame stands only then
        duration = float(frame.info.get("duration") or 0) / 1000
        yield at_s, _opaque(ImageOps.exif_transpose(frame))
        at_s += duration if duration >= LEAST_FRAME_S else 0.1


def _opaque(image: Image.Image) -> Image.Image:
    """In colours, on white where it is transparent: so a site shows it."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        ground = Image.new("RGBA", clear.size, (255, 255, 255, 255))
        return Image.alpha_composite(ground, clear).convert("RGB")
    if image.mode.startswith("I") or image.mode == "F":
        # 16 and 32 bits of grey: Pillow's own conversion cuts them off at 255.
        values = np.asarray(image, dtype=np.float64)
        top = 65535 if image.mode.startswith("I") else max(1.0, float(np.nanmax(values)))
        return Image.fromarray(np.uint8(np.clip(values / top, 0, 1) * 255)).convert("RGB")
    return image.convert("RGB")


def _too_large(path: Path, size: tuple[int, int] | None) -> DataError:
    width, height = size or ("?", "?")
    return DataError(
        "the picture of {path} is {width} x {height}: at most {most} million pixels are read",
        path=path,
        width=width,
        height=height,
        most=MOST_PIXELS // 1_000_000,
    )
