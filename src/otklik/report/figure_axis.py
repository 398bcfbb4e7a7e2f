"""Ticks of an axis with the numbers written as the language writes them: plotly knows no Russian by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MOST_TICKS = 6


def even_ticks(top: float, most: int = MOST_TICKS) -> list[float]:
    """Round numbers from 0 up to ``top``, evenly apart.

    >>> even_ticks(930.0)
    [0.0, 200.0, 400.0, 600.0, 800.0]
    """
    if not top > 0:
        return [0.0]
    power = 10.0 ** math.floor(math.log10(top / (most - 1)))
    step = next(power * one for one in STEPS if top / (power * one) <= most - 1 + 1e-9)
    return [step * number for number in range(int(top / step + 1e-9) + 1)]


def log_ticks(low: float, high: float, most: int = MOST_TICKS) -> list[float]:
    """Round numbers between two positive ones, for a log scale: 1, 2, 5 where there is room, else fewer.

    >>> log_ticks(90.0, 5200.0), log_ticks(0.3, 4.0)
    ([100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0], [0.5, 1.0, 2.0])
    """
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks: list[float] = []
    for heads in ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
        ticks = [head * 10.0**power for power in powers for head in heads if low <= head * 10.0**power <= high]
        if len(ticks) <= most:
            break
    return ticks[:: -(-len(ticks) // most)] if ticks else [float(np.sqrt(low * high))]


def written(ticks: Sequence[float], told: Callable[[float], str]) -> dict[str, Any]:
    """Ticks as plotly takes them.

    >>> written([0.5], str)
    {'tickmode': 'array', 'tickvals': [0.5], 'ticktext': ['0.5']}
    """
    return {"tickmode": "array", "tickvals": list(ticks), "ticktext": [told(one) for one in ticks]}
