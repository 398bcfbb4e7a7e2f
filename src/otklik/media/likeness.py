"""How like two small pictures are, whatever the light: by the colours of their blocks and by edges that stay.

Two measures, since each is blind where the other sees. The correlation of block colours does not mind brightness
(its mean and gain cancel) nor small movement, but a line of large letters breaks it. The share of edges that stay
does not mind what is laid over a part of the picture, but needs edges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from otklik.errors import DataError

Floats = NDArray[np.float32]
Pictures = NDArray[np.uint8]

BLOCK = 4
"""Pixels a side of a block: 16 x 9 blocks of a picture 64 pixels wide, so that noise and small movement average out."""
NOISE = 2.0
"""Levels of 255: differences of blocks below it are what x264 leaves of a still picture."""
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Weights of red, green and blue (ITU-R BT.601)."""
BAR_LUMA, BAR_SPREAD = 20.0, 4.0
"""A row or column darker and steadier than this all through a film is a bar of letterboxing."""
MOST_LOOKED_AT = 60
"""Pictures from which bars are told."""
EDGE = 4.0
"""Levels a pixel: weaker gradients are no edges."""
EDGE_SHARE = 60
"""Per cent of pixels that are never edges, so that grain all over a picture is none."""
FEWEST_EDGES = 20
"""Fewer edge pixels say nothing."""
EDGE_ERROR = 0.35
"""An edge stays when its gradient changes by less than this part of it."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """A film without its bars, as block colours.

    Attributes:
        pictures: (n, h, w, 3), the small pictures without bars.
        colours: (n, k), mean red, green and blue of every block, 0..255.
        spread: (n,), standard deviation of those colours: 0 for a blank picture.
    """

    pictures: Pictures
    colours: Floats
    spread: Floats

    def correlation(self, first: slice, second: slice) -> Floats:
        """Correlation of block colours of every picture of one stretch with every one of another.

        Colours of the three channels are taken together, so that a change of hue counts; a blank picture
        correlates with nothing.

        Returns:
            (i, j) numbers in -1..1.
        """
        a, b = _centred(self.colours[first]), _centred(self.colours[second])
        floor = a.shape[1] * NOISE**2
        norm = np.sqrt(np.outer((a * a).sum(1) + floor, (b * b).sum(1) + floor))
        return np.asarray((a @ b.T) / norm, np.float32)

    def most_alike(self, before: slice, after: slice) -> tuple[float, int, int]:
        """The two pictures of two stretches that correlate best: their correlation and their numbers."""
        correlation = self.correlation(before, after)
        i, j = np.unravel_index(int(correlation.argmax()), correlation.shape)
        return float(correlation[i, j]), before.start + int(i), after.start + int(j)

    def edges_kept(self, i: int, j: int) -> float:
        """The larger share of edges of one picture that are in the other at the same place, give or take a pixel."""
        return _edges_kept(self.pictures[i] @ LUMA, self.pictures[j] @ LUMA)

    def edges_moved(self, i: int, j: int) -> float:
        """The same where the whole picture may have moved by up to a third: a pan, a shaken camera."""
        a, b = self.pictures[i] @ LUMA, self.pictures[j] @ LUMA
        down, right = shift_between(a, b)
        kept = _edges_kept(a, b)
        if (down, right) == (0, 0) or abs(down) > a.shape[0] // 3 or abs(right) > a.shape[1] // 3:
            return kept
        return max(kept, _edges_kept(*overlap(a, b, down, right)))

    def still(self, i: int, j: int) -> float:
        """Share of blocks whose colour is the same in two pictures."""
        change = np.abs(self.colours[i] - self.colours[j]).reshape(-1, 3).max(1)
        return float((change < 4 * NOISE).mean())


def blocks_of(small: Pictures) -> Blocks:
    """Block colours of the pictures of a film, bars of letterboxing cut away.

    Args:
        small: (n, h, w, 3) red, green, blue.

    Raises:
        DataError: when the array is of another shape.

    >>> blocks_of(np.full((2, 36, 64, 3), 100, np.uint8)).colours.shape
    (2, 432)
    """
    if small.ndim != 4 or small.shape[3] != 3 or 0 in small.shape:
        raise DataError(
            "expected small pictures as (n, height, width, 3), but got {shape}: shrink every decoded frame to RGB",
            shape=str(small.shape),
        )
    (top, bottom), (left, right) = _inside_of_bars(small)
    pictures = small[:, top:bottom, left:right]
    colours = _means(pictures)
    return Blocks(pictures, colours, colours.std(1))


def _means(pictures: Pictures) -> Floats:
    n, h, w, _ = pictures.shape
    size = min(BLOCK, h, w)
    rows, columns = h // size, w // size
    cut = pictures[:, : rows * size, : columns * size]
    summed = cut.reshape(n, rows, size, columns, size, 3).sum((2, 4), dtype=np.uint32)
    return (summed / np.float32(size * size)).reshape(n, -1).astype(np.float32)


def _inside_of_bars(small: Pictures) -> tuple[tuple[int, int], tuple[int, int]]:
    luma = small[:: max(1, len(small) // MOST_LOOKED_AT)] @ LUMA
    rows = (luma.mean((0, 2)) < BAR_LUMA) & (luma.std((0, 2)) < BAR_SPREAD)
    columns = (luma.mean((0, 1)) < BAR_LUMA) & (luma.std((0, 1)) < BAR_SPREAD)
    return _span(~rows), _span(~columns)


def _span(used: NDArray[np.bool_]) -> tuple[int, int]:
    """From the first to the last used line; all of them when less than a third would be left: that is no bar."""
    at = np.flatnonzero(used)
    if len(at) == 0 or at[-1] + 1 - at[0] < len(used) / 3:
        return 0, len(used)
    return int(at[0]), int(at[-1]) + 1


def _centred(colours: Floats) -> Floats:
    return colours - colours.mean(1, keepdims=True)


def shift_between(a: Floats, b: Floats) -> tuple[int, int]:
    """By how many pixels, down and to the right, the picture ``b`` has to be moved to lie on ``a``.

    Phase correlation (Kuglin and Hines 1975) of the strength of gradients, which light does not change.

    Args:
        a: (h, w) luma.
        b: (h, w) luma.

    >>> picture = np.random.default_rng(0).uniform(0, 255, (36, 64)).astype(np.float32)
    >>> shift_between(picture, np.roll(picture, (2, -5), (0, 1)))
    (-2, 5)
    """
    window = np.outer(np.hanning(a.shape[0]), np.hanning(a.shape[1]))
    ours, theirs = (np.hypot(*_gradient(one)) for one in (a, b))
    cross = np.fft.rfft2((ours - ours.mean()) * window) * np.conj(np.fft.rfft2((theirs - theirs.mean()) * window))
    size = np.abs(cross)
    peaks = np.fft.irfft2(cross / (size + 1e-3 * size.max() + 1e-9), a.shape)
    down, right = np.unravel_index(int(peaks.argmax()), a.shape)
    h, w = a.shape
    return int(down - h if down > h // 2 else down), int(right - w if right > w // 2 else right)


def overlap(a: Floats, b: Floats, down: int, right: int) -> tuple[Floats, Floats]:
    """What both pictures show once the second is moved by so many pixels down and to the right."""
    h, w = a.shape
    ours = a[max(0, down) : h + min(0, down), max(0, right) : w + min(0, right)]
    theirs = b[max(0, -down) : h + min(0, -down), max(0, -right) : w + min(0, -right)]
    return ours, theirs


def _edges_kept(a: Floats, b: Floats) -> float:
    """The larger share of edges of one that are in the other."""
    return max(_share_kept(a, b), _share_kept(b, a))


def _share_kept(a: Floats, b: Floats) -> float:
    if min(a.shape) < 8:
        return 0.0
    ours, theirs = _gradient(a), _gradient(b)
    size = np.hypot(ours[0], ours[1])
    is_edge = size > max(EDGE, float(np.percentile(size, EDGE_SHARE)))
    is_edge[[0, 1, -2, -1]] = False
    is_edge[:, [0, 1, -2, -1]] = False
    if is_edge.sum() < FEWEST_EDGES:
        return 0.0
    bound = EDGE_ERROR * size[is_edge]
    best = 0.0
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            change = (np.roll(theirs, (dy, dx), (1, 2)) - ours)[:, is_edge]
            best = max(best, float((np.hypot(change[0], change[1]) < bound).mean()))
    return best


def gradient(values: Floats, axis: int) -> Floats:
    """Change from pixel to pixel along an axis; 0 along one that is a single pixel wide.

    >>> gradient(np.array([[1.0, 3.0, 5.0]]), 1).tolist(), gradient(np.array([[1.0, 3.0]]), 0).tolist()
    ([[2.0, 2.0, 2.0]], [[0.0, 0.0]])
    """
    return np.zeros_like(values) if values.shape[axis] < 2 else np.asarray(np.gradient(values, axis=axis))


def _gradient(luma: Floats) -> Floats:
    down, right = gradient(luma, 0), gradient(luma, 1)
    return np.stack([down, right])
