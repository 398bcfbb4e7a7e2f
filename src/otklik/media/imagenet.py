"""What ImageNet's thousand classes see in a picture: EfficientNet-Lite0 on ONNX Runtime, weights shipped.

Tan and Le 2019, https://arxiv.org/abs/1905.11946. Where the file in ``weights/`` comes from is told in its README;
its SHA-256 is checked before it is used. The 1280 pooled features go out as well: a user's own labels are learnt on
them (:mod:`otklik.media.symbol_probe`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from otklik.errors import ConfigurationError

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]

WEIGHTS = Path(__file__).parent / "weights" / "efficientnet_lite0.onnx"
SHA256 = "2f9c2c8e8730014ed8bdf8ef5d07e95c6597f6547fc8fec49316029caa1f623b"
INPUT, LOGITS, POOLED = "pictures", "logits", "pooled"
SIDE = 224
"""Pixels of a side of what the network sees."""
MARGIN = 32
"""The published evaluation takes ``224 / (224 + 32)`` of the shorter side and scales that to 224."""
MEAN, SPREAD = 0.498, 0.502
"""(x / 255 - 127 / 255) / (128 / 255): how the published network wants its numbers."""
CLASSES, FEATURES = 1000, 1280
LONG = 1.4
"""A picture longer than this in proportion is looked at in several squares: 9:16 would lose 44 % in one."""
MOST_CROPS = 3
CLAHE_LIMIT, CLAHE_TILES = 2.0, (8, 8)
"""OpenCV's usual tiles; a limit that lifts neon lines out of the dark without drawing noise."""


@dataclass(frozen=True, slots=True)
class Classified:
    """What the network says of ``n`` pictures.

    Attributes:
        probabilities: shape (n, 1000), of ImageNet-1k's classes in their usual order; where a picture was looked at
            in several squares the greatest of each class, so that a row may sum to more than 1.
        embeddings: shape (n, 1280), pooled features; the mean over everything that was looked at.
    """

    probabilities: Floats
    embeddings: Floats

    def __len__(self) -> int:
        return len(self.probabilities)


def classify(pictures: Sequence[Picture], *, grey_too: bool = True) -> Classified:
    """Look at pictures.

    Each square is seen twice, as it is and as a grey one of evened contrast, and the two opinions are averaged: neon
    on a dark ground takes colour and contrast away from what the network learnt (`make bench` measures what it helps).

    Args:
        pictures: RGB, each of shape (height, width, 3); they may differ in size.
        grey_too: take the second look.

    Raises:
        ConfigurationError: when the weights are missing or damaged, or ONNX Runtime is not installed.
        ValueError: for an array of another shape or type.
    """
    probabilities = np.empty((len(pictures), CLASSES), np.float32)
    embeddings = np.empty((len(pictures), FEATURES), np.float32)
    for row, picture in enumerate(pictures):
        small = [shrunk(square) for square in squares(picture)]
        seen, pooled = _run(np.stack([*map(normal, small), *(normal(grey(one)) for one in small if grey_too)]))
        looks = 2 if grey_too else 1
        probabilities[row] = seen.reshape(looks, len(small), CLASSES).mean(axis=0).max(axis=0)
        embeddings[row] = pooled.mean(axis=0)
    return Classified(probabilities, embeddings)


def squares(picture: Picture) -> Iterator[Picture]:
    """The squares of a picture that are looked at: the middle one, or several along a long side.

    >>> [square.shape for square in squares(np.zeros((90, 160, 3), np.uint8))]
    [(90, 90, 3), (90, 90, 3), (90, 90, 3)]
    """
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or 0 in picture.shape:
        raise ValueError(f"expected an RGB picture (height, width, 3) of uint8, got {picture.dtype}{picture.shape}")
    height, width = picture.shape[:2]
    side, spare = min(height, width), max(height, width) - min(height, width)
    crops = MOST_CROPS if max(height, width) > LONG * side else 1
    for place in range(crops):
        at = round(spare * (place / (crops - 1) if crops > 1 else 0.5))
        yield picture[at : at + side] if height > width else picture[:, at : at + side]


def shrunk(square: Picture) -> Picture:
    """The middle of a square at the network's size, shape (224, 224, 3)."""
    from PIL import Image

    side = len(square)
    cut = side * MARGIN / (SIDE + MARGIN) / 2
    box = (cut, cut, side - cut, side - cut)
    small = Image.fromarray(np.ascontiguousarray(square)).resize((SIDE, SIDE), Image.Resampling.BICUBIC, box)
    return np.asarray(small)


def grey(picture: Picture) -> Picture:
    """The picture in grey, its contrast evened from place to place (CLAHE, Zuiderveld 1994)."""
    import cv2

    evened = cv2.createCLAHE(CLAHE_LIMIT, CLAHE_TILES).apply(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
    return np.asarray(np.repeat(evened[:, :, None], 3, axis=2), np.uint8)


def normal(picture: Picture) -> Floats:
    """A picture in the network's numbers: shape (3, 224, 224), about -1..1."""
    numbers = (picture.astype(np.float32) / 255.0 - MEAN) / SPREAD
    return np.ascontiguousarray(numbers.transpose(2, 0, 1), np.float32)


def _run(batch: Floats) -> tuple[Floats, Floats]:
    logits, pooled = _session().run([LOGITS, POOLED], {INPUT: batch})
    return softmax(logits), pooled


def softmax(logits: Floats) -> Floats:
    """Probabilities from logits, along the last axis.

    >>> softmax(np.log(np.array([1.0, 3.0], np.float32))).round(2).tolist()
    [0.25, 0.75]
    """
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def why_not() -> str | None:
    """Why pictures cannot be classified here, or ``None`` when they can."""
    try:
        _session()
    except ConfigurationError as error:
        return str(error)
    return None


@lru_cache(maxsize=1)
def _session() -> Any:
    return opened(WEIGHTS)


def opened(file: Path, sha256: str = SHA256) -> Any:
    """A session of ONNX Runtime on one thread, for weights that are what they should be.

    Raises:
        ConfigurationError: when the file is missing or another one, or ONNX Runtime is not installed.
    """
    try:
        data = file.read_bytes()
    except OSError:
        raise ConfigurationError(MISSING, path=file) from None
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise ConfigurationError(DAMAGED, path=file, found=found[:12], expected=sha256[:12])
    try:
        import onnxruntime
    except ImportError:
        raise ConfigurationError("pictures are classified by ONNX Runtime: pip install onnxruntime") from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


MISSING = (
    "the weights of the picture classifier are not at {path}: install otklik again, "
    "or make them with `python -m otklik.media.export_weights`"
)
DAMAGED = (
    "the weights of the picture classifier at {path} are damaged (SHA-256 {found}, expected {expected}): "
    "install otklik again, or make them with `python -m otklik.media.export_weights`"
)
