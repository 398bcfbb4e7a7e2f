"""Readings of the posts of a corpus, and facts about them as columns; a text is read once however many looks it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from otklik.content.reader import joined, read
from otklik.content.reading import Reading, Span
from otklik.content.topics import topic_vectors
from otklik.dataset.corpus import Corpus
from otklik.features.catalog import Columns, Context, Feature, Floats

Facts = dict[str, float]
Teller = Callable[[Reading, int], Facts]
"""Facts of a reading, given it and the length of the title in characters."""

_KEPT = 3
"""Corpora whose readings are kept: a backtest asks for the same ones at every age."""


@lru_cache(maxsize=_KEPT)
def readings(corpus: Corpus) -> tuple[Reading | None, ...]:
    """What each post of a corpus says, by row; ``None`` without a word, or in a language that is not read."""
    posts = corpus.posts
    parts = zip(
        *(posts[name].astype(object).where(posts[name].notna(), None) for name in ("title", "text", "tags")),
        strict=True,
    )
    texts = [joined(*one) for one in parts]
    found = [read(text) if text.strip() else None for text in texts]
    return tuple(one if one is not None and one.is_read else None for one in found)


@lru_cache(maxsize=_KEPT)
def vectors(corpus: Corpus) -> NDArray[np.float32]:
    """What the text of each post is about, shape ``(len(corpus), 300)``; NaN where that cannot be said."""
    return topic_vectors([one.text if one is not None else None for one in readings(corpus)])


@lru_cache(maxsize=_KEPT * 8)
def _facts(corpus: Corpus, tell: Teller) -> pd.DataFrame:
    titles = corpus.posts["title"].fillna("").str.len().to_numpy(np.int64)
    rows = [
        tell(one, int(title)) if one is not None else {} for one, title in zip(readings(corpus), titles, strict=True)
    ]
    return pd.DataFrame(rows, index=pd.RangeIndex(len(rows)), dtype=np.float64)


def columns_of(context: Context, features: Sequence[Feature], tell: Teller) -> Columns:
    """Facts of each example's post as columns, for the declared features that they name; NaN where nothing was read."""
    table = _facts(context.corpus, tell)
    nothing: Floats = np.full(len(context.rows), np.nan)
    names = [feature.name for feature in features]
    return {name: table[name].to_numpy()[context.rows] if name in table else nothing for name in names}


def in_title(spans: Iterable[Span], title_length: int) -> float:
    """Whether any of the spans begins in the title."""
    return float(any(span.start < title_length for span in spans))


def share_of_words(spans: Iterable[Span], n_words: int) -> float:
    """Share of the words of a text that the spans cover."""
    return min(1.0, sum(len(span.text.split()) for span in spans) / max(n_words, 1))
