"""What a text is about as a vector: the mean of its words' navec vectors, 300 numbers, for Russian words.

A model reduces these to a few stable components that it fits on its own training data (see
:mod:`otklik.models.topics`); here nothing is learned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from otklik.content.names import VECTORS, weights, word_vectors
from otklik.content.plain import plain

DIMENSIONS = 300
MOST_WORDS = 150
"""Words of a text that are read: the beginning says what it is about."""
LEAST_WORDS = 3
"""A text with fewer known words has no topic."""
_WORD = re.compile(r"[а-я]{3,}")


def why_not() -> str | None:
    """Why there are no word vectors, or ``None`` when there are."""
    from importlib.util import find_spec

    for package in ("natasha", "navec"):
        if find_spec(package) is None:
            return f"the package {package} is not installed"
    return None if weights(VECTORS).is_file() else "natasha's wheel holds no vectors"


def topic_vectors(texts: Sequence[str | None]) -> NDArray[np.float32]:
    """A unit vector a text, shape ``(len(texts), 300)``; NaN where fewer than three words are known."""
    found = np.full((len(texts), DIMENSIONS), np.nan, np.float32)
    if why_not() is not None:
        return found
    for row, text in enumerate(texts):
        vectors = (
            [one for word in _WORD.findall(plain(text).text)[:MOST_WORDS] if (one := _vector(word)) is not None]
            if text
            else []
        )
        if len(vectors) >= LEAST_WORDS:
            mean = np.mean(vectors, axis=0)
            found[row] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return found


@lru_cache(maxsize=100_000)
def _vector(word: str) -> Any:
    known = word_vectors()
    return known.get(word)
