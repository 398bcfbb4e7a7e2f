"""The lexicon: what the sources say, compiled into one file, and finding its terms in a row of tokens.

A *lexeme* is a word with all its forms (or a stem that takes endings, or a beginning that takes anything); a *term* is
a row of lexemes that stands for an *entry*. Terms lie in a trie over lexemes, so that a phrase is found in any case and
number without listing the combinations.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from otklik.content.suffixes import stems as stems_of_word
from otklik.content.tokens import Token

FILE = "lexicon.json.gz"
FORM, PREFIX, STEM = 0, 1, 2
"""Kinds of lexeme: its forms are listed; any word that begins so; a Tatar stem with any endings."""
CAPITAL, COMMON, PERSONAL = 1, 2, 4
"""Flags of a term: it needs a capital letter; it is also a common word; it is also a person's name."""
INCIDENTAL = "incidental"
"""Kind of a sign that is mostly named in passing."""
_END = -1
"""The key in the trie under which the terms that end there lie."""

Trie = dict[int, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a term stands for."""

    group: str
    """place, foreign, person, sign, style, emotion, identity, or a helper such as negator or never."""
    classes: tuple[str, ...]
    """Classes within the group: of a landmark the signs that it is, of a person the English and Tatar names."""
    label: str
    """How to call it: a name, or the class."""
    regions: tuple[str, ...] = ()
    kind: str = ""
    weight: float = 1.0
    lat: float = float("nan")
    lon: float = float("nan")
    population: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """A term found in tokens ``[start, end)``."""

    start: int
    end: int
    entry: Entry
    flags: int
    is_literal: bool
    """It was found as a listed form, not as a Tatar stem."""

    @property
    def length(self) -> int:
        """How many tokens it covers."""
        return self.end - self.start

    def covers(self, other: Match) -> bool:
        """It covers the other's tokens and more."""
        return self.start <= other.start and other.end <= self.end and self.length > other.length

    def overlaps(self, other: Match) -> bool:
        """They share a token."""
        return self.start < other.end and other.start < self.end


@dataclass
class Lexicon:
    """Compiled terms, ready to be looked up."""

    classes: dict[str, dict[str, Any]]
    """``group/class`` -> its titles by language, and for emotions arousal and valence."""
    regions: dict[str, dict[str, Any]]
    """ISO 3166-2 code -> names, capital's coordinates."""
    emoji: dict[str, tuple[str, ...]]
    """Emoji -> the emotions that it carries."""
    entries: list[Entry]
    forms: dict[str, tuple[int, ...]]
    prefixes: dict[str, tuple[int, ...]]
    stems: dict[str, tuple[int, ...]]
    trie: Trie
    _stems_of: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _seen: dict[tuple[str, bool], tuple[tuple[int, ...], tuple[int, ...]]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Lexicon:
        """The lexicon of its compiled form (see :mod:`otklik.content.building`)."""
        tables: tuple[dict[str, list[int]], ...] = ({}, {}, {})
        for number, (kind, stem, paradigm) in enumerate(plain["lexemes"]):
            for ending in plain["paradigms"][paradigm]:
                tables[kind].setdefault(stem + ending, []).append(number)
        entries = [
            Entry(group, tuple(classes), label, tuple(places), *rest)
            for group, classes, label, places, *rest in plain["entries"]
        ]
        forms, prefixes, stems = ({word: tuple(numbers) for word, numbers in table.items()} for table in tables)
        emoji = {char: tuple(names) for char, names in plain["emoji"].items()}
        return cls(plain["classes"], plain["regions"], emoji, entries, forms, prefixes, stems, _trie(plain["terms"]))

    def matches(self, row: Sequence[Token], turkic: Sequence[bool]) -> list[Match]:
        """Every term found in a row of tokens, in the order of its first token, longer ones first.

        Args:
            row: the tokens.
            turkic: whether each token may carry Tatar endings.
        """
        found: list[Match] = []
        known = [self._lexemes(token, is_turkic) for token, is_turkic in zip(row, turkic, strict=True)]
        for start in range(len(row)):
            if known[start][0]:
                ends = sorted(self._walk(known, start), key=lambda one: -one[0])
                found.extend(
                    Match(start, end, self.entries[entry], flags, is_literal) for end, entry, flags, is_literal in ends
                )
        return list(dict.fromkeys(found))

    def stems_of(self, group: str) -> frozenset[str]:
        """Tatar stems of four letters and more that are one-word terms of a group."""
        if group not in self._stems_of:
            ends = {
                number
                for number, node in self.trie.items()
                for entry, _ in node.get(_END, ())
                if self.entries[entry].group == group
            }
            self._stems_of[group] = frozenset(
                stem for stem, numbers in self.stems.items() if len(stem) > 3 and ends & set(numbers)
            )
        return self._stems_of[group]

    def _walk(
        self, known: list[tuple[tuple[int, ...], tuple[int, ...]]], start: int
    ) -> Iterator[tuple[int, int, int, bool]]:
        nodes, at, is_literal = [self.trie], start, True
        while nodes and at < len(known):
            lexemes, listed = known[at]
            nodes = [node[lexeme] for node in nodes for lexeme in lexemes if lexeme in node]
            is_literal = is_literal and bool(listed)
            at += 1
            for node in nodes:
                for entry, flags in node.get(_END, ()):
                    yield at, entry, flags, is_literal

    def _lexemes(self, token: Token, is_turkic: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """All lexemes that a token may be, and those whose forms are listed."""
        key = (" ".join(token.keys), is_turkic)
        if key not in self._seen:
            if len(self._seen) > 300_000:
                self._seen.clear()
            listed = [number for word in token.keys for number in self.forms.get(word, ())]
            open_ended = [
                number
                for word in token.keys
                for cut in range(3, len(word) + 1)
                for number in self.prefixes.get(word[:cut], ())
            ]
            if is_turkic:
                open_ended += [
                    n for word in token.keys for stem in stems_of_word(word) for n in self.stems.get(stem, ())
                ]
            self._seen[key] = (tuple(dict.fromkeys(listed + open_ended)), tuple(listed))
        return self._seen[key]


def in_set_phrase(match: Match, scope: str, matches: Sequence[Match]) -> bool:
    """It stands in a set phrase that looks like a hit of a group or class and is none: "русские горки"."""
    return any(
        other.entry.group == "never"
        and scope in other.entry.classes
        and other.start <= match.start
        and match.end <= other.end
        for other in matches
    )


def _trie(terms: list[list[Any]]) -> Trie:
    root: Trie = {}
    for entry, flags, lexemes in terms:
        node = root
        for lexeme in lexemes:
            node = node.setdefault(lexeme, {})
        node.setdefault(_END, []).append((entry, flags))
    return root


def _plain() -> dict[str, Any]:
    return dict(json.loads(gzip.decompress(resources.files("otklik.content").joinpath(FILE).read_bytes())))


@lru_cache(maxsize=1)
def classes() -> dict[str, dict[str, Any]]:
    """Titles and figures of the classes, by ``group/name``: without the terms, which take ten times as long to read.

    >>> classes()["sign/mosque"]["title"]["en"]
    'Mosque'
    """
    return dict(_plain()["classes"])


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon that comes with the package, read once."""
    return Lexicon.of(_plain())
