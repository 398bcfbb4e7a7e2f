"""Personalities: from the lexicon everywhere, from Slovnet's tagger in Russian text where it is asked for.

A person's name in the name of a street, a church or a prize is not about the person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from otklik.content.lexicon import Match, in_set_phrase
from otklik.content.places import is_written_right
from otklik.content.rules import words
from otklik.content.tokens import Token


def people(matches: Sequence[Match], places: Sequence[Match], row: Sequence[Token]) -> Iterator[Match]:
    """Persons that the text is about, the longest name where several overlap."""
    kept: list[Match] = []
    taken: list[Match] = []
    candidates = [one for one in matches if one.entry.group == "person" and is_written_right(one, row)]
    for one in sorted(candidates, key=lambda match: (-match.length, match.start)):
        if any(other.overlaps(one) for other in taken) or not row[one.start].is_capital:
            continue
        # What bears the whole name is no person by the surname alone either.
        taken.append(one)
        if not is_named_after(row, one.start, one.end) and not _is_blocked(one, matches, places):
            kept.append(one)
    yield from sorted(kept, key=lambda match: match.start)


def name_in(match: Match, row: Sequence[Token]) -> str:
    """The person's name in the language in which the text names them."""
    english, tatar = match.entry.classes
    if "a" <= row[match.start].key[0] <= "z":
        return english or match.entry.label
    is_tatar = not match.is_literal or any(
        letter in token.key for token in row[match.start : match.end] for letter in "әөүҗңһ"
    )
    return tatar if is_tatar and tatar else match.entry.label


def is_named_after(row: Sequence[Token], start: int, end: int) -> bool:
    """The words around say that something bears the name."""
    before = row[start - 1].key if start else ""
    after = row[end].key if end < len(row) else ""
    return before in words("people_named_after") or after in words("people_named_before")


def _is_blocked(match: Match, matches: Sequence[Match], places: Sequence[Match]) -> bool:
    return in_set_phrase(match, "person", matches) or any(place.covers(match) for place in places)
