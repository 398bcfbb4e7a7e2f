"""Formula scores: how much sign, emotion and identity a text carries, as percentiles of a named reference corpus.

They describe the content and forecast nothing. A score of 80 says: 80 % of the reference corpus' texts carry less. The
joint score is the percentile of the geometric mean of the three, so that having all three is rewarded and one alone
cannot stand in for the others.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from otklik.content.lexicon import lexicon
from otklik.content.reading import Reading, Span

FILE = "reference.json"
SCORES = ("sign", "emotion", "identity", "formula")
AGAIN = 0.3
"""A further mention of the same thing weighs so much of the first."""
LANDMARK = 1.5
"""A named local landmark weighs more than a word for its kind."""
OWN_LANGUAGE = 1.0
LOCAL = 0.5
"""A place of Russia, or a personality of it, is a little identity by itself."""
SHORT = 12
"""Words up to which length does not matter; a text four times as long needs twice the weight."""
FLOOR = 0.05
"""A score of nothing still lets the others speak in the joint score, a little."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a score is made of: the words, what they are, and their weight."""

    text: str
    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class Formula:
    """The scores of one text, 0 to 100; ``None`` where nothing could be read."""

    sign: float | None
    emotion: float | None
    identity: float | None
    formula: float | None
    parts: dict[str, tuple[Part, ...]]
    reference: str
    """Name of the reference corpus."""
    n_reference: int
    """Texts in it."""

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        plain: dict[str, Any] = {name: _rounded(getattr(self, name)) for name in SCORES}
        return {**plain, "reference": self.reference, "n_reference": self.n_reference}

    def words(self) -> dict[str, list[list[Any]]]:
        """The words that made each score, with what they are and their weight, the heaviest first."""
        return {name: [[part.text, part.name, part.weight] for part in found] for name, found in self.parts.items()}


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 1)


def score(reading: Reading) -> Formula:
    """Formula scores of a text.

    >>> from otklik.content.reader import read
    >>> full = score(read("Мечеть Кул-Шариф в неоне. Горжусь нашим городом!"))
    >>> full.formula > 90, score(read("Расписание занятий на вторник")).formula
    (True, 0.0)
    """
    known = reference()
    if not reading.is_read:
        return Formula(None, None, None, None, {}, known["name"], known["n"])
    parts = parts_of(reading)
    raw = {name: amount(found, reading.n_words) for name, found in parts.items()}
    percentiles = {name: _percentile(name, value) for name, value in raw.items()}
    joint = _percentile("formula", together([percentiles[name] for name in SCORES[:3]]))
    ordered = {name: tuple(sorted(found, key=lambda part: -part.weight)) for name, found in parts.items()}
    sign, emotion, identity = (percentiles[name] for name in SCORES[:3])
    return Formula(sign, emotion, identity, joint, ordered, known["name"], known["n"])


def parts_of(reading: Reading) -> dict[str, list[Part]]:
    """What the three scores of a text are made of."""
    signs = [(span, span.name, LANDMARK if span.kind == "landmark" else span.weight) for span in reading.of("sign")]
    classes = lexicon().classes
    feelings = [
        (span, span.name, span.weight * (0.5 + float(classes[f"emotion/{span.name}"]["arousal"])))
        for span in reading.of("emotion")
    ]
    belonging = [(span, span.name, span.weight) for span in reading.of("identity")]
    local = [(span, span.name, LOCAL) for span in [*reading.of("place"), *reading.of("person")] if span.regions]
    identity = _parts([*belonging, *local])
    if reading.language in ("tt", "ba"):
        identity.append(Part(reading.language, "own_language", OWN_LANGUAGE))
    return {"sign": _parts(signs), "emotion": _parts(feelings), "identity": identity}


def _parts(found: Sequence[tuple[Span, str, float]]) -> list[Part]:
    """Parts of a score; of several of one name the heaviest counts in full, the others less."""
    seen: set[str] = set()
    parts = []
    for span, name, weight in sorted(found, key=lambda one: -one[2]):
        parts.append(Part(span.text, name, round(weight * (AGAIN if name in seen else 1.0), 3)))
        seen.add(name)
    return parts


def amount(parts: Sequence[Part], n_words: int) -> float:
    """Total weight relative to the square root of the length: ``sum(w) / sqrt(max(n, 12) / 12)``.

    >>> amount([Part("", "", 2.0)], 48)
    1.0
    """
    return sum(part.weight for part in parts) / float(np.sqrt(max(n_words, SHORT) / SHORT))


def together(percentiles: Sequence[float]) -> float:
    """Geometric mean of the three percentiles as shares, each lifted off zero by :data:`FLOOR`; 0 when all are 0.

    >>> together([100, 100, 0]) < together([60, 60, 60]), together([0, 0, 0])
    (True, 0.0)
    """
    if not any(percentiles):
        return 0.0
    shares = FLOOR + (1 - FLOOR) * np.array(percentiles) / 100
    return float(np.exp(np.log(shares).mean()))


def _percentile(name: str, value: float) -> float:
    """Share of the reference corpus with less, in per cent."""
    quantiles = reference()["quantiles"][name]
    return 100.0 * float(np.searchsorted(quantiles, value, side="left")) / len(quantiles) if value > 0 else 0.0


@lru_cache(maxsize=1)
def reference() -> dict[str, Any]:
    """The reference corpus that comes with the package: its name, its size and the quantiles of its raw scores."""
    return dict(json.loads(resources.files("otklik.content").joinpath(FILE).read_text(encoding="utf-8")))
