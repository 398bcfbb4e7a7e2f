"""A reading: what a text says, as spans of the text and the facts that follow from them. A frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from otklik.content.taxonomy import EMOTIONS, SIGNS, TOLD_STYLES


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text that says something."""

    start: int
    """First character in the text as written."""
    end: int
    """One behind the last character."""
    text: str
    group: str
    """One of :data:`otklik.content.taxonomy.GROUPS`."""
    name: str
    """The class within the group; for places and people the name."""
    label: str
    """How to call it."""
    weight: float = 1.0
    """How much it counts; below 0 it is denied."""
    regions: tuple[str, ...] = ()
    kind: str = ""
    """For places: country, macro, region, adjective, demonym, district, town, settlement or landmark."""
    source: str = "lexicon"
    """lexicon, rule, or the name of a model such as slovnet."""

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "group": self.group,
            "class": self.name,
            "weight": round(self.weight, 3),
            "regions": list(self.regions),
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says."""

    text: str
    language: str
    """ru, tt, ba, en, or ``other``: then nothing was read and every fact is "not available"."""
    n_words: int
    spans: tuple[Span, ...]
    """In the order of the text."""
    word_languages: dict[str, int] = field(default_factory=dict)
    """Words by language."""
    is_cut: bool = False
    """Only the beginning was read."""
    has_irony: bool = False
    n_places: int = 0
    """Places meant, one for each different place."""

    @property
    def is_read(self) -> bool:
        """The language is one that is read, or emoji alone say something."""
        return self.language != "other" or bool(self.spans)

    def of(self, group: str) -> list[Span]:
        """The spans of a group that are not denied."""
        return [span for span in self.spans if span.group == group and span.weight > 0]

    @property
    def regions(self) -> list[str]:
        """ISO 3166-2 codes of the regions of Russia that the text refers to."""
        return sorted({code for span in self.of("place") for code in span.regions})

    @property
    def has_foreign_place(self) -> bool:
        """A place outside Russia is referred to."""
        return bool(self.of("foreign"))

    @property
    def signs(self) -> list[str]:
        """Classes of sign that the text is about: named once, or twice in passing."""
        total: dict[str, float] = {}
        for span in self.of("sign"):
            total[span.name] = total.get(span.name, 0.0) + span.weight
        return [name for name in SIGNS if total.get(name, 0.0) >= ENOUGH_SIGN]

    @property
    def styles(self) -> list[str]:
        """Classes of style."""
        return _in_order(TOLD_STYLES, self.of("style"))

    @property
    def emotions(self) -> list[str]:
        """Emotions expressed strongly enough to be said."""
        total = self.emotion_weights()
        return [name for name in EMOTIONS if total.get(name, 0.0) >= ENOUGH_EMOTION]

    def emotion_weights(self) -> dict[str, float]:
        """Summed weight of each emotion."""
        total: dict[str, float] = {}
        for span in self.of("emotion"):
            total[span.name] = total.get(span.name, 0.0) + span.weight
        return total

    @property
    def has_identity(self) -> bool:
        """The text appeals to belonging."""
        return sum(span.weight for span in self.of("identity")) >= ENOUGH_IDENTITY

    @property
    def people(self) -> list[str]:
        """Personalities by name, in the order of the text."""
        return list(dict.fromkeys(span.label for span in self.of("person")))


ENOUGH_SIGN = 0.95
ENOUGH_EMOTION = 0.95
"""One word that expresses an emotion, or two that suggest it."""
ENOUGH_IDENTITY = 0.95


def _in_order(classes: tuple[str, ...], spans: list[Span]) -> list[str]:
    found = {span.name for span in spans}
    return [name for name in classes if name in found]
