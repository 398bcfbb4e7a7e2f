"""pymorphy3's analyser of Russian words, loaded once for everything that asks it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1)
def morphology() -> Any:
    """The analyser; its dictionary takes a tenth of a second to open."""
    import pymorphy3

    return pymorphy3.MorphAnalyzer()
