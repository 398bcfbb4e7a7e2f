"""Emotion: what a text expresses by our own lexicon, arousal and valence apart; embeddings as second columns."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from otklik.content.embedding import emotion_likeness
from otklik.content.lexicon import lexicon
from otklik.content.reading import Reading
from otklik.content.taxonomy import EMOTIONS
from otklik.dataset.corpus import Corpus
from otklik.features.catalog import Columns, Context, Feature, Floats
from otklik.features.readings import Facts, columns_of, in_title, readings

_TOLD = (
    *(
        Feature(f"emotion__{name}", "weight", f"Weight of words and emoji that express {name}, log(1 + weight).")
        for name in EMOTIONS
    ),
    Feature("emotion__n", "emotions", "Different emotions expressed."),
    Feature("emotion__arousal", "0..1", "Mean arousal of what is expressed, by weight; how stirred, not how pleased."),
    Feature("emotion__valence", "-1..1", "Mean valence of what is expressed, by weight; how pleased, not how stirred."),
    Feature("emotion__total", "weight", "Weight of all emotion words and emoji, log(1 + weight)."),
    Feature("emotion__n_denied", "1", "Emotion words that are denied."),
    Feature("emotion__has_irony", "0/1", "Praise that means its opposite."),
    Feature("emotion__in_title", "0/1", "An emotion is expressed in the title."),
)
_EMBEDDED = tuple(
    Feature(
        f"emotion__emb_{name}",
        "cosine",
        f"Likeness of the text to phrases of {name} by sentence embedding; NaN unless asked for.",
    )
    for name in EMOTIONS
)
FEATURES = _TOLD + _EMBEDDED


def facts(reading: Reading, title_length: int) -> Facts:
    """What a reading says of emotion."""
    weights = reading.emotion_weights()
    total = sum(weights.values())
    classes = lexicon().classes
    arousal = sum(weight * classes[f"emotion/{name}"]["arousal"] for name, weight in weights.items())
    valence = sum(weight * classes[f"emotion/{name}"]["valence"] for name, weight in weights.items())
    return {
        **{f"emotion__{name}": float(np.log1p(weights.get(name, 0.0))) for name in EMOTIONS},
        "emotion__n": float(len(reading.emotions)),
        "emotion__arousal": arousal / total if total else 0.0,
        "emotion__valence": valence / total if total else 0.0,
        "emotion__total": float(np.log1p(total)),
        "emotion__n_denied": float(sum(span.group == "emotion" and span.weight < 0 for span in reading.spans)),
        "emotion__has_irony": float(reading.has_irony),
        "emotion__in_title": in_title(reading.of("emotion"), title_length),
    }


def compute(context: Context) -> Columns:
    """Emotion features of each example."""
    embedded = _likeness(context.corpus)
    nothing: Floats = np.full(len(context.rows), np.nan)
    columns = {
        feature.name: nothing if embedded is None else embedded[context.rows, i] for i, feature in enumerate(_EMBEDDED)
    }
    return {**columns_of(context, _TOLD, facts), **columns}


@lru_cache(maxsize=3)
def _likeness(corpus: Corpus) -> Floats | None:
    """Likeness of every post to each emotion, shape ``(n, len(EMOTIONS))``; ``None`` where it is switched off."""
    return emotion_likeness([one.text if one is not None else None for one in readings(corpus)])
