"""Topics: the text vectors of a table reduced to a few stable components, fitted on training data only.

Principal components of the training posts' vectors, each with its sign fixed (its largest loading is positive), so
that the same data always gives the same topics; they are kept with the model as plain numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from otklik.models.base import Floats

N_TOPICS = 12
NAMES = tuple(f"topic__{number:02d}" for number in range(N_TOPICS))
LEAST_TEXTS = 100
"""With fewer texts there are no topics."""
LONGEST_FIT = 20_000
"""Texts that the components are fitted on, evenly spaced over the table."""


@dataclass(frozen=True)
class Topics:
    """The mean of the training vectors and the components, shape ``(N_TOPICS, d)``."""

    mean: Floats
    components: Floats

    @classmethod
    def fit(cls, vectors: NDArray[np.float32] | None) -> Topics | None:
        """Components of the vectors that are known; ``None`` when those are too few."""
        if vectors is None:
            return None
        known = vectors[np.isfinite(vectors).all(axis=1)]
        if len(known) < LEAST_TEXTS:
            return None
        step = max(1, -(-len(known) // LONGEST_FIT))
        pca = PCA(N_TOPICS, svd_solver="full").fit(known[::step].astype(np.float64))
        largest = np.abs(pca.components_).argmax(axis=1)
        signs = np.sign(pca.components_[np.arange(N_TOPICS), largest])
        return cls(pca.mean_, pca.components_ * signs[:, None])

    def of(self, vectors: NDArray[np.float32] | None, n: int) -> pd.DataFrame:
        """Topics of ``n`` texts, one row each; NaN where a text has no vector."""
        if vectors is None:
            return pd.DataFrame(np.nan, index=range(n), columns=list(NAMES))
        return pd.DataFrame((vectors - self.mean) @ self.components.T, columns=list(NAMES))

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types with five decimals: more would be noise."""
        return {"mean": np.round(self.mean, 5).tolist(), "components": np.round(self.components, 5).tolist()}

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Topics:
        """The inverse of :meth:`to_dict`."""
        return cls(np.array(plain["mean"]), np.array(plain["components"]))
