"""Rows of letters painted on a picture, found by their looks, without reading them.

A title is a row of thin shapes of one colour that part sharply from what lies behind them. The picture is cut at
several levels of brightness, its connected shapes are sieved by size and contrast, and what stands in a row is judged
by how even, how regular and how much alone it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
Plane = NDArray[np.uint8]
Reals = NDArray[np.float64]

FIND_SIDE = 640
"""Long side in pixels at which rows are looked for."""
CUTS = (
    ("max", 245, False),
    ("max", 200, False),
    ("max", 30, True),
    ("max", 80, True),
    ("min", 225, False),
    ("min", 160, False),
    ("min", 100, False),
)
"""Letters are what is above a level of brightness, or below it (dark). By the strongest channel yellow and cyan letters
are as bright as white ones; by the weakest one the pale core of a neon letter parts from its saturated halo."""
LEAST_HEIGHT, MOST_HEIGHT = 0.014, 0.2
"""Height of a letter as a share of the long side: 9 pixels of 640 is the least that can be read."""
MOST_SHAPES = 400
"""Shapes of one cut that are looked at: a forest has thousands, a title some tens."""
LEAST_LETTERS = 3
LEAST_CONTRAST = 30.0
"""Steps of 255 by which a letter parts from what is around it, on average along its border."""
WEIGHTS = (1.766, -4.526, -0.632, 2.652, -1.665, 2.958, -9.067, 2.344, -2.003, -5.279, 5.635)
BIAS = -7.273
"""Logistic regression (scikit-learn, C = 1) on 2,197 rows of the development part of tests/media/test_overlay.py, for:
log of the number of shapes; distance of their bottoms from one line, spread of heights, median width, spread of gaps,
all in heights of a letter; how full their boxes are; share of what is not of the row around it; contrast / 100; spread
of brightness inside / 10; relative spread of the stroke; height as a share of the long side."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of letters found in a frame; sides in pixels of the plane it was found in.

    ``boxes`` are (n, 4) left, top, width, height of its shapes; ``cut`` says how they were cut.
    """

    boxes: NDArray[np.int64]
    cut: tuple[str, int, bool]
    score: float
    """Probability that it is text, 0..1."""

    @property
    def frame(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom."""
        low, high = self.boxes[:, :2].min(axis=0), (self.boxes[:, :2] + self.boxes[:, 2:]).max(axis=0)
        return int(low[0]), int(low[1]), int(high[0]), int(high[1])

    @property
    def worth(self) -> float:
        """How sure it is, less for few letters: a halo or an outline of whole words is a row of two or three shapes."""
        return self.score * (1 - 1 / len(self.boxes))

    @property
    def height(self) -> float:
        """Height of its letters."""
        return float(np.median(self.boxes[:, 3]))


def text_likelihood(rgb: Frame) -> float:
    """How likely there is painted text in a frame, 0..1, without reading it.

    Args:
        rgb: (h, w, 3) or grey (h, w) of uint8.

    >>> text_likelihood(np.zeros((90, 160, 3), np.uint8))
    0.0
    """
    return max((row.score for row in rows_of(rgb)), default=0.0)


def rows_of(rgb: Frame) -> list[Row]:
    """Rows of letters in a frame of any size, the surest first; of rows that overlap the worthiest is kept."""
    planes = planes_of(rgb, FIND_SIDE)
    found = [row for cut in CUTS for row in _rows_at(planes[cut[0]], cut)]
    kept: list[Row] = []
    for row in sorted(found, key=lambda one: -one.worth):
        if not any(_overlap(row, other) for other in kept):
            kept.append(row)
    return sorted(kept, key=lambda one: -one.score)


def _overlap(row: Row, other: Row) -> bool:
    (a, b, c, d), (e, f, g, h) = row.frame, other.frame
    return min(c, g) > max(a, e) and min(d, h) - max(b, f) > 0.25 * min(row.height, other.height)


@dataclass(frozen=True, slots=True)
class _Shapes:
    """Connected shapes of one cut that may be letters: each row of each array is one shape."""

    boxes: NDArray[np.int64]
    area: Reals
    contrast: Reals
    spread: Reals
    stroke: Reals
    """Width of the stroke in pixels: twice the area over the length of the border."""

    def of(self, members: NDArray[np.int64]) -> _Shapes:
        """Some of the shapes, by their numbers."""
        return _Shapes(*(getattr(self, name)[members] for name in ("boxes", "area", "contrast", "spread", "stroke")))


def _rows_at(plane: Plane, cut: tuple[str, int, bool]) -> list[Row]:
    _, level, dark = cut
    mask = (plane <= level if dark else plane >= level).astype(np.uint8)
    shapes = _shapes(plane, mask, dark)
    if shapes is None:
        return []
    rows = []
    for members in _chains(shapes.boxes):
        if len(members) >= LEAST_LETTERS:
            one = shapes.of(members)
            rows.append(Row(one.boxes, cut, _score(_measures(one, mask))))
    return rows


def _shapes(plane: Plane, mask: Plane, dark: bool) -> _Shapes | None:
    import cv2

    n, found, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    labels = np.asarray(found, np.int32)
    width, height, area = (stats[:, k].astype(np.float64) for k in (2, 3, 4))
    long_side = max(plane.shape)
    fill = area / np.maximum(width * height, 1)  # a ground that is nowhere has no size
    fits = (height >= LEAST_HEIGHT * long_side) & (height <= MOST_HEIGHT * long_side)
    fits &= (width >= 0.08 * height) & (width <= 2.5 * height) & (fill > 0.12)
    fits[0] = False
    if not LEAST_LETTERS <= fits.sum() <= MOST_SHAPES:
        return None
    contrast, spread, stroke = _borders(plane, mask, labels, n, dark)
    fits &= contrast > LEAST_CONTRAST
    if fits.sum() < LEAST_LETTERS:
        return None
    return _Shapes(stats[fits, :4].astype(np.int64), area[fits], contrast[fits], spread[fits], stroke[fits])


def _borders(plane: Plane, mask: Plane, labels: NDArray[np.int32], n: int, dark: bool) -> tuple[Reals, Reals, Reals]:
    """Of each shape: mean step from its border to what is within two pixels outside, spread of its inside, stroke."""
    import cv2

    inside = cv2.erode(mask, np.ones((3, 3), np.uint8)) > 0
    border = (mask > 0) & ~inside
    wide = np.ones((5, 5), np.uint8)
    step = cv2.absdiff(plane, cv2.dilate(plane, wide) if dark else cv2.erode(plane, wide))
    at = labels[border]
    length = np.maximum(np.bincount(at, minlength=n), 1)
    contrast = np.bincount(at, step[border].astype(np.float64), n) / length
    stroke = 2 * np.bincount(labels[mask > 0], minlength=n) / length
    at, values = labels[inside], plane[inside].astype(np.float64)
    count = np.maximum(np.bincount(at, minlength=n), 1)
    mean = np.bincount(at, values, n) / count
    spread = np.sqrt(np.maximum(0.0, np.bincount(at, values * values, n) / count - mean * mean))
    return contrast, spread, stroke


def _measures(shapes: _Shapes, mask: Plane) -> tuple[float, ...]:
    """What tells a row of letters from a row of leaves, windows or bricks, in the order of ``WEIGHTS``."""
    left, top, width, height = shapes.boxes.T.astype(np.float64)
    tall = float(np.median(height))
    order = np.argsort(left)
    gaps = (left[order][1:] - (left + width)[order][:-1]) / tall
    off = float(np.mean(np.minimum(np.abs(top + height - _line(left, top + height)), 0.5 * tall))) / tall
    pad = round(0.4 * tall)
    a, b, c, d = (int(one) for one in (left.min(), top.min(), (left + width).max(), (top + height).max()))
    around = mask[max(0, b - pad) : d + pad, max(0, a - pad) : c + pad]
    foreign = max(0.0, float(around.sum()) - float(shapes.area.sum())) / around.size
    return (
        float(np.log(len(left))),
        off,
        float(np.std(height) / tall),
        float(np.median(width / height)),
        float(np.std(gaps)),
        float(np.mean(shapes.area / (width * height))),
        foreign,
        float(np.mean(shapes.contrast)) / 100,
        float(np.mean(shapes.spread)) / 10,
        float(np.std(shapes.stroke) / np.mean(shapes.stroke)),
        tall / max(mask.shape),
    )


def _line(x: Reals, y: Reals) -> Reals:
    """The bottoms of a row: a level line through their median, slightly inclined where that fits better."""
    level = np.full_like(y, np.median(y))
    if len(x) < 5:
        return level
    inclined = np.polyval(np.polyfit(x, y, 1), x)
    return np.asarray(inclined if np.abs(y - inclined).sum() < 0.7 * np.abs(y - level).sum() else level, np.float64)


def _score(measures: tuple[float, ...]) -> float:
    return float(1 / (1 + np.exp(-(BIAS + np.dot(WEIGHTS, measures)))))


def _chains(boxes: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Members of each row: neighbours are near, of like height and on one level."""
    from scipy.sparse.csgraph import connected_components

    left, top, width, height = boxes.T.astype(np.float64)
    tall = np.maximum(height[:, None], height[None])
    gap = np.maximum(left[:, None], left[None]) - np.minimum((left + width)[:, None], (left + width)[None])
    centre = top + height / 2
    near = (gap < 0.9 * tall) & (gap > -0.3 * tall)
    level = (np.abs(centre[:, None] - centre[None]) < 0.35 * tall) & (
        np.abs((top + height)[:, None] - (top + height)[None]) < 0.45 * tall
    )
    like = np.minimum(height[:, None], height[None]) > 0.5 * tall
    n, of = connected_components(near & level & like, directed=False)
    return [np.flatnonzero(of == k) for k in range(n)]


def planes_of(rgb: Frame, side: int) -> dict[str, Plane]:
    """The strongest and the weakest channel, at most ``side`` pixels long; of a grey picture both are the picture."""
    import cv2

    scale = side / max(rgb.shape[:2])
    if scale < 1:
        width, height = (max(1, round(length * scale)) for length in (rgb.shape[1], rgb.shape[0]))
        rgb = np.asarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    if rgb.ndim == 2:
        strongest = weakest = rgb
    else:
        red, green, blue = cv2.split(rgb)
        strongest = np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)
        weakest = np.asarray(cv2.min(cv2.min(red, green), blue), np.uint8)
    return {"max": strongest, "min": weakest}
