"""An explanation: a reading with its formula scores, as a value that a terminal, a page or a JSON file can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from otklik.content import embedding, formula, names
from otklik.content.formula import Formula
from otklik.content.reader import read, with_names
from otklik.content.reading import Reading, Span
from otklik.content.taxonomy import EMOTIONS, GROUPS

NO_TEXT = "there is no text"
NOT_READ = "the language is not one that is read (ru, tt, ba, en)"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one text says, and its scores."""

    reading: Reading
    formula: Formula

    @property
    def why_not(self) -> str | None:
        """Why nothing is told, or ``None``."""
        if self.reading.is_read:
            return None
        return NOT_READ if any(char.isalpha() for char in self.reading.text) else NO_TEXT

    def to_dict(self, text_id: Any = None) -> dict[str, Any]:
        """As plain JSON types; unread, lists are empty and the rest is ``None``; ``not_available`` tells why."""
        one, why = self.reading, self.why_not
        known = why is None
        return {
            "id": text_id,
            "language": None if why == NO_TEXT or not one.n_words else one.language,
            "regions": one.regions,
            "foreign_place": one.has_foreign_place if known else None,
            "signs": one.signs,
            "style": one.styles,
            "emotions": one.emotions,
            "identity": one.has_identity if known else None,
            "people": one.people,
            "scores": {**self.formula.to_dict(), "words": self.formula.words()},
            "spans": [span.to_dict() for span in one.spans],
            "emotions_by_embedding": embedded(one.text),
            "emotions_by_embedding_not_available": embedding.why_not(),
            "more_people_not_available": names.why_not(),
            "is_cut": one.is_cut,
            "not_available": why,
        }


def embedded(text: str) -> dict[str, float] | None:
    """Likeness of a text to each emotion by sentence embedding, a second opinion; ``None`` when not available."""
    found = embedding.emotion_likeness([text])
    if found is None or not text.strip():
        return None
    return {name: round(float(value), 3) for name, value in zip(EMOTIONS, found[0], strict=True)}


def explain(texts: Sequence[str], *, tag_names: bool = True) -> list[Explanation]:
    """What texts say, in their order.

    Args:
        texts: as written.
        tag_names: whether Slovnet, where it is installed, looks for people in Russian texts that no list holds.

    >>> explain(["Казанский собор"])[0].to_dict()["regions"]
    ['RU-SPE']
    """
    readings = [read(text) for text in texts]
    if tag_names and names.why_not() is None:
        readings = with_names(readings)
    return [Explanation(one, formula.score(one)) for one in readings]


def layers(spans: Sequence[Span], length: int) -> list[tuple[int, int, tuple[Span, ...]]]:
    """A text cut where spans begin and end: each piece with the spans over it, in the order of the groups.

    Returns:
        Pieces ``(start, end, spans)`` that cover ``[0, length)`` without a gap.
    """
    edges = sorted({0, length, *(edge for span in spans for edge in (span.start, span.end) if 0 < edge < length)})
    pieces = []
    for start, end in pairwise(edges):
        over = [span for span in spans if span.start <= start and end <= span.end]
        pieces.append((start, end, tuple(sorted(over, key=lambda span: GROUPS.index(span.group)))))
    return pieces
