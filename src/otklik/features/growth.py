"""A rough, fixed growth curve: what a count at some age says of the count at 24 h.

Most earlier posts of an author were seen, but few at the right ages for a label. Their first looks still tell
the author's level, once put on one age. The curve only makes those looks comparable; the models learn how far
to trust them.
"""

from __future__ import annotations

import numpy as np

from otklik.features.catalog import Floats

TYPICAL_AGE_H: Floats = np.array([0.1, 0.4, 0.75, 1.25, 2.5, 3.5, 5.0, 7.0, 10.0, 15.0, 24.0, 42.0, 72.0, 720.0])
"""Ages of the points of the curve, in hours."""
TYPICAL_GROWTH_LOG: Floats = np.array([4.4, 2.8, 2.2, 1.75, 1.4, 1.2, 0.85, 0.55, 0.32, 0.13, 0.0, -0.2, -0.4, -0.7])
"""Typical ``log views at 24 h - log views`` at those ages: medians over small YouTube channels, 2025-26, rounded."""


def at_24h(count: Floats, age_h: Floats) -> Floats:
    """log(1 + count) carried to 24 h along the typical curve; any shape.

    >>> float(at_24h(np.array([99.0]), np.array([24.0]))[0].round(3))
    4.605
    """
    return np.log1p(count) + np.interp(age_h, TYPICAL_AGE_H, TYPICAL_GROWTH_LOG)
