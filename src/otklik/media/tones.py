"""High dynamic range brought down to what a screen and our measures expect."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WHITE_NITS = 203.0
"""Where diffuse white stands in HDR (ITU-R BT.2408)."""
_FROM_2020 = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]])
"""BT.2020 primaries to BT.709 (ITU-R BT.2087)."""


def to_sdr(rgb: NDArray[np.uint8], transfer: str | None) -> NDArray[np.uint8]:
    """A picture of HDR video as it would look in SDR; other pictures as they are.

    Args:
        rgb: ``(h, w, 3)``, values as the file codes them.
        transfer: ``pq``, ``hlg`` or ``None``.

    >>> grey = np.full((1, 1, 3), 128, np.uint8)
    >>> to_sdr(grey, None) is grey, bool(to_sdr(grey, "pq")[0, 0, 0] > 128)
    (True, True)
    """
    if transfer is None:
        return rgb
    light = _TABLES[transfer][rgb] @ _FROM_2020.T
    # Reinhard's curve by luminance: what is brighter than white keeps its colour and is held below the top.
    luminance = np.maximum(light @ np.array([0.2126, 0.7152, 0.0722]), 1e-6)
    mapped = light * ((luminance * (1 + luminance / 16)) / (1 + luminance) * 1.6 / luminance)[..., None]
    return np.round(np.clip(mapped, 0, 1) ** (1 / 2.4) * 255).astype(np.uint8)


def _pq() -> NDArray[np.float64]:
    """Light relative to white by code value (SMPTE ST 2084)."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    power = (np.arange(256) / 255) ** (1 / m2)
    return (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1) * 10_000 / WHITE_NITS


def _hlg() -> NDArray[np.float64]:
    """Light relative to white by code value (ARIB STD-B67), on a screen of 1000 nits."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    code = np.arange(256) / 255
    scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
    return scene**1.2 * 1000 / WHITE_NITS


_TABLES = {"pq": _pq(), "hlg": _hlg()}
