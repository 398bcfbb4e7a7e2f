"""The stage: flat pictures at their distances, one camera, water that mirrors them, and what happens to the lens."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from paint import Colour, Floats, Image, Point, rgb

WATER: Colour = (5.0, 7.0, 30.0)  # of 255: the river where nothing is mirrored
# waves, by eye: height, how many to the distance, how aslant, turns in LOOP seconds
SWELLS = ((1.0, 3.1, 1.3, 7), (0.7, 5.3, -2.2, -10), (0.45, 9.7, 3.9, 15))
LOOP = 18.0  # s: after the clip's length the water is again as it was


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the lens is, m, and how far it magnifies.

    Attributes:
        x: to the right.
        y: above the water.
        z: forwards.
        focal: pixels to which a thing of one metre at one metre is drawn, on a frame 1080 wide.
        horizon: row of the horizon as a share of the frame's height.
    """

    x: float
    y: float
    z: float
    focal: float = 1100.0
    horizon: float = 0.64


@dataclass(slots=True)
class Layer:
    """A baked picture that stands upright in the world.

    Attributes:
        picture: red green blue alpha, premultiplied.
        corner: place of its upper left corner, m from its own foot.
        density: pixels a metre.
        depth: how far from the camera's start, m.
        smaller: halves of the picture, made when first needed, so that far views do not flicker.
    """

    picture: Image
    corner: Point
    density: float
    depth: float
    smaller: list[Image] = field(default_factory=list)

    def level(self, scale: float) -> tuple[Image, float]:
        """The picture or its half or quarter, whichever suits a scale, and what is left of the scale."""
        if not self.smaller:
            self.smaller = [self.picture]
            for _ in range(2):
                last = self.smaller[-1]
                half = (max(1, last.shape[1] // 2), max(1, last.shape[0] // 2))
                self.smaller.append(np.asarray(cv2.resize(last, half, interpolation=cv2.INTER_AREA), np.uint8))
        halves = 0
        while scale < 0.6 and halves < 2:
            scale, halves = scale * 2, halves + 1
        return self.smaller[halves], scale


class Stage:
    """One frame being put together, back to front."""

    def __init__(self, width: int, height: int, camera: Camera) -> None:
        self.frame: Image = np.zeros((height, width, 3), np.uint8)
        self.camera, self.unit = camera, width / 1080

    def backdrop(self, sky: Image, drift: float = 1.0) -> None:
        """The sky, larger than the frame, hardly moved by the camera."""
        height, width, _ = self.frame.shape
        spare = (sky.shape[1] - width, sky.shape[0] - height)
        x = spare[0] / 2 + self.camera.x * drift * self.unit
        y = spare[1] / 2 - self.camera.y * drift * self.unit
        move = np.array([[1, 0, -np.clip(x, 0, spare[0])], [0, 1, -np.clip(y, 0, spare[1])]], np.float32)
        self.frame = np.asarray(cv2.warpAffine(sky, move, (width, height))[..., :3], np.uint8).copy()

    def put(
        self,
        layer: Layer,
        x: float = 0.0,
        y: float = 0.0,
        gain: float = 1.0,
        mirrored: bool = False,
        smear: int = 0,
        turn: float = 0.0,
    ) -> None:
        """Draw a layer with its foot at (x, y) metres.

        Args:
            layer: what to draw.
            x: m to the right.
            y: m above the water.
            gain: of its light; 1 leaves it.
            mirrored: left to right.
            smear: pixels of sideways motion blur.
            turn: radians about its foot.
        """
        camera, unit = self.camera, self.unit
        height, width, _ = self.frame.shape
        scale = camera.focal * unit / max(layer.depth - camera.z, 1.0)
        foot = (width / 2 + (x - camera.x) * scale, camera.horizon * height - (y - camera.y) * scale)
        picture, k = layer.level(scale / layer.density)
        share = scale / k  # pixels of that level a metre
        c, s = np.cos(turn) * k, np.sin(turn) * k
        flip = -1.0 if mirrored else 1.0
        local = np.array([[flip, 0, flip * layer.corner[0] * share], [0, 1, -layer.corner[1] * share]])
        matrix = np.array([[c, -s], [s, c]]) @ local
        matrix[:, 2] += foot
        self._blend(picture, matrix, gain, smear)

    def _blend(self, picture: Image, matrix: Floats, gain: float, smear: int) -> None:
        """Warp a premultiplied picture and lay it over the frame, where it can be seen only."""
        rows, columns = picture.shape[:2]
        corners = matrix @ np.array([[0, columns, 0, columns], [0, 0, rows, rows], [1, 1, 1, 1]], np.float64)
        low = np.floor(corners.min(axis=1) - smear - 1).astype(int).clip(0)
        high = np.ceil(corners.max(axis=1) + smear + 1).astype(int)
        high = np.minimum(high, (self.frame.shape[1], self.frame.shape[0]))
        if (high <= low).any():
            return
        matrix = np.array(matrix, np.float64)
        matrix[:, 2] -= low
        over = cv2.warpAffine(picture, matrix, tuple(int(n) for n in high - low), flags=cv2.INTER_LINEAR)
        if smear > 1:
            over = cv2.blur(over, (smear, 1))
        behind = self.frame[low[1] : high[1], low[0] : high[0]]
        veil = cv2.cvtColor(255 - over[..., 3], cv2.COLOR_GRAY2RGB)
        light = over[..., :3] if gain == 1.0 else cv2.convertScaleAbs(np.ascontiguousarray(over[..., :3]), alpha=gain)
        behind[:] = cv2.add(cv2.multiply(behind, veil, scale=1 / 255), np.ascontiguousarray(light))

    def row(self, depth: float) -> int:
        """Row where the water meets things at a depth (m)."""
        camera = self.camera
        below = camera.y * camera.focal * self.unit / max(depth - camera.z, 1.0)
        return int(np.clip(camera.horizon * self.frame.shape[0] + below, 2, self.frame.shape[0] - 2))

    def water(self, depth: float, time: float) -> None:
        """Mirror what is above the shore at a depth in the river below it, with waves that move in time (s)."""
        shore, (height, width, _) = self.row(depth), self.frame.shape
        below = np.arange(height - shore, dtype=np.float32)[:, None] / self.unit
        coarse = np.linspace(-0.5, 0.5, max(width // 4, 2), dtype=np.float32)[None, :]
        far = 900 / (below + 34)  # distance on the water, in arbitrary lengths: near rows have long waves
        waves = np.zeros((len(below), coarse.size), np.float32)
        for force, pitch, slant, turns in SWELLS:
            waves += force * np.sin(far * pitch + coarse * far * slant + 2 * np.pi * turns * time / LOOP)
        swell = cv2.resize(waves, (width, height - shore))
        calm = np.clip(below / 90, 0.12, 1)  # far waves are too small to be seen one by one
        reach = (1.0 + 0.045 * below) * calm * self.unit
        columns = np.arange(width, dtype=np.float32)[None, :] + swell * reach * 0.8
        rows = np.clip(shore - 1 - below * self.unit * 1.06 + swell * reach * 1.6, 0, shore - 1)
        rows = rows.astype(np.float32)
        mirror = cv2.remap(self.frame, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        crisp = cv2.blur(mirror, (max(1, round(3 * self.unit)), max(1, round(19 * self.unit))))
        smooth = cv2.blur(mirror, (max(1, round(11 * self.unit)), max(1, round(60 * self.unit))))
        share = np.clip(0.2 + below / 380, 0, 0.9)[..., None]
        mirror = crisp * (1 - share) + smooth * share
        dim = (0.82 - 0.40 * np.clip(below / 560, 0, 1)) * (1 + 0.20 * swell * calm)
        self.frame[shore:] = np.clip(mirror * dim[..., None] + rgb(WATER), 0, 255).astype(np.uint8)
        glint = self.frame[shore : shore + max(2, round(3 * self.unit))]
        glint[:] = cv2.add(glint, np.full_like(glint, (30, 26, 52)))


def vignette(width: int, height: int) -> Image:
    """Darkening towards the corners, to be multiplied in."""
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    light = 1 - 0.42 * np.clip((across**2 * 0.8 + down**2) / 1.8, 0, 1) ** 1.4
    return np.repeat(np.round(light * 255)[..., None], 3, axis=2).astype(np.uint8)


def flashed(frame: Image, strength: float, colour: Colour = (0.75, 0.9, 1.0)) -> Image:
    """A frame under a flash (0..1): lifted towards a colour, its red and blue parted sideways."""
    if strength < 0.01:
        return frame
    apart = round(14 * strength * frame.shape[1] / 1080)
    parted = frame.copy()
    if apart:
        parted[:, apart:, 0] = frame[:, :-apart, 0]
        parted[:, :-apart, 2] = frame[:, apart:, 2]
    lifted = cv2.convertScaleAbs(parted, alpha=1 + 0.9 * strength)
    return np.asarray(cv2.add(lifted, np.full_like(frame, [round(150 * strength**1.5 * c) for c in colour])), np.uint8)
