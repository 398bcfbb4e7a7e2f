"""Slovnet's tagger of names, for people that no list holds; in Russian text only, and only where it is there.

The wheel of natasha carries the weights (navec vectors and a 2.5 MB tagger, MIT); natasha's own code is not used, since
it does not run on a current Python. Tatar names it takes for people at random (measured), so it is never shown any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from otklik.content.morphology import morphology

DATA = "natasha"
"""The package whose wheel carries the weights."""
VECTORS = "data/emb/navec_news_v1_1B_250K_300d_100q.tar"
TAGGER = "data/model/slovnet_ner_news_v1.tar"


@dataclass(frozen=True, slots=True)
class Name:
    """A name found in a text."""

    start: int
    end: int
    kind: str
    """PER, LOC or ORG."""


def why_not() -> str | None:
    """Why the tagger is not available, or ``None`` when it is."""
    for package in (DATA, "slovnet", "navec"):
        if find_spec(package) is None:
            return f"the package {package} is not installed"
    return None


def weights(path: str) -> Path:
    """A file of weights in natasha's wheel; natasha is located, not imported."""
    origin = getattr(find_spec(DATA), "origin", None)
    return Path(str(origin)).parent / path


def names(texts: Sequence[str]) -> list[list[Name]]:
    """Names in Russian texts, in the order of each; empty lists when the tagger is not available."""
    if why_not() is not None:
        return [[] for _ in texts]
    return [[Name(span.start, span.stop, span.type) for span in markup.spans] for markup in _tagger().map(list(texts))]


def normal(name: str) -> str:
    """A person's name in the nominative, as far as the dictionary goes.

    >>> normal("Рустама Минниханова")
    'Рустам Минниханов'
    """
    words = name.split()
    found = [_nominative(word) for word in words]
    return " ".join(found)


def _nominative(word: str) -> str:
    for parse in morphology().parse(word):
        if any(kind in parse.tag for kind in ("Name", "Surn", "Patr")) and "sing" in parse.tag:
            nominative = parse.inflect({"nomn"})
            if nominative is not None:
                return "-".join(part.capitalize() for part in str(nominative.word).split("-"))
    return word


def is_name_of_person(words: Iterable[str]) -> bool:
    """At least one of the words can be a first name, a surname or a patronymic, and all begin with a capital."""
    listed = list(words)
    capital = all(word[:1].isupper() for word in listed)
    return capital and any(
        kind in parse.tag for word in listed for parse in morphology().parse(word) for kind in ("Name", "Surn", "Patr")
    )


@lru_cache(maxsize=1)
def _tagger() -> Any:
    from slovnet import NER

    return NER.load(weights(TAGGER)).navec(word_vectors())


@lru_cache(maxsize=1)
def word_vectors() -> Any:
    """Navec: 250,000 Russian words in 300 dimensions."""
    from navec import Navec

    return Navec.load(weights(VECTORS))
