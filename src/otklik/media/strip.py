"""Small pictures of a film in a row, as one JPEG: what is kept of a video for its contact sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from otklik.media.film import Picture, Pixels

HEIGHT = 240
"""Pixels."""
MOST = 32
QUALITY = 82


def chosen(pictures: Sequence[Picture], most: int = MOST) -> list[Picture]:
    """Pictures spread evenly over the film, in order, the first and the last among them."""
    if len(pictures) <= most:
        return list(pictures)
    return [pictures[at] for at in np.unique(np.linspace(0, len(pictures) - 1, most).round().astype(int))]


def to_strip(pictures: Sequence[Picture]) -> bytes:
    """The pictures side by side, each :data:`HEIGHT` high, as one JPEG; empty without pictures."""
    if not pictures:
        return b""
    first = pictures[0].rgb
    width = max(8, round(first.shape[1] / first.shape[0] * HEIGHT))
    whole = Image.new("RGB", (width * len(pictures), HEIGHT))
    for number, picture in enumerate(pictures):
        small = Image.fromarray(picture.rgb).resize((width, HEIGHT), Image.Resampling.LANCZOS)
        whole.paste(small, (number * width, 0))
    data = io.BytesIO()
    whole.save(data, "JPEG", quality=QUALITY, optimize=True)
    return data.getvalue()


def from_strip(data: bytes, n: int) -> list[Pixels]:
    """The ``n`` pictures of a strip, each ``(HEIGHT, w, 3)``.

    >>> one = Picture(0.0, np.zeros((90, 160, 3), np.uint8))
    >>> [picture.shape for picture in from_strip(to_strip([one, one]), 2)]
    [(240, 427, 3), (240, 427, 3)]
    """
    if not n:
        return []
    whole = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    return list(whole.reshape(HEIGHT, n, -1, 3).swapaxes(0, 1))
