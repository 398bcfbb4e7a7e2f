"""A photograph restyled as neon: what AI-made clips of cities look like, roughly, and without any model.

Dark blue ground with the light of the photograph in a magenta-to-cyan duotone, bright lines on its edges (cyan for
lines that lie, magenta for those that stand) and a glow around them.
"""

from __future__ import annotations

import cv2
import numpy as np

MILD, STRONG = 0.55, 1.0
"""How much of the photograph's own colour gives way."""
GROUND = np.array([10, 6, 30], np.float32)
MAGENTA, CYAN = np.array([255, 20, 200], np.float32), np.array([0, 240, 255], np.float32)
LONGEST = 720


def neon(picture: np.ndarray, strength: float = STRONG) -> np.ndarray:
    """The picture in neon; uint8 RGB, at most :data:`LONGEST` pixels long."""
    scale = min(1.0, LONGEST / max(picture.shape[:2]))
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (0, 0), 1.2).astype(np.float32) / 255
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    edge = np.clip(np.hypot(across, down) / (np.percentile(np.hypot(across, down), 98) + 1e-6), 0, 1) ** 1.3
    standing = (np.abs(across) / (np.abs(across) + np.abs(down) + 1e-6))[..., None]
    line = standing * MAGENTA + (1 - standing) * CYAN
    tone = (grey[..., None] ** 1.6) * (grey[..., None] * CYAN + (1 - grey[..., None]) * MAGENTA) * 0.45
    lit = edge[..., None] * line
    glow = cv2.GaussianBlur(lit, (0, 0), 6) * 0.9
    restyled = GROUND + tone + lit + glow
    dimmed = small.astype(np.float32) * (0.75 if strength < 1 else 0.0)
    return np.clip(strength * restyled + (1 - strength) * dimmed, 0, 255).astype(np.uint8)
