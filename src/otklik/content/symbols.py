"""Signs and styles among what the lexicon found: set phrases and names that only look like one are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from otklik.content.lexicon import INCIDENTAL, Match, in_set_phrase
from otklik.content.places import is_written_right
from otklik.content.rules import words
from otklik.content.tokens import Token

FUTURE_FROM, FUTURE_UNTIL = 2040, 2999
"""A number between these that stands for a year is a text about the future."""
_NUMBER = re.compile(r"\d{4}")
HALF = 0.5
"""Weight of a word that is mostly named in passing."""
IN_PASSING = {"nature": 0.34}
"""Weather and light are in every second text: it takes three words of them."""
FEW_WORDS = 5
"""In a text so short every word is what it is about."""
_COMMON_CLASSES = ("nature", "food", "ornament_script", "animal_myth", "industry_tech", "dress")
_GENITIVES = ("ов", "ев", "ем", "ей", "ий", "ц", "ок", "ек", "мы", "ы", "и", "ек", "ств", "ний")
_UNSIGNED_KINDS = ("landmark", "nowhere", "macro")


def signs(matches: Sequence[Match], row: Sequence[Token]) -> Iterator[tuple[Match, str, float]]:
    """Each sign meant, with its class and weight; a landmark is one by its name.

    A word that is mostly named in passing (a tram, tea, snow) weighs less: two or three of a class make the sign, or
    one in a text of a few words.
    """
    landmarks = [one for one in matches if one.entry.group == "place" and is_written_right(one, row)]
    named = [one for one in landmarks if one.entry.kind in _UNSIGNED_KINDS]
    names = [one for one in matches if one.entry.group == "person" or one.entry.kind in ("town", "settlement")]
    for one in landmarks:
        if row[one.start].in_quotes and one.length == 1:
            continue  # a tyre or a car is called so
        for name in one.entry.classes:
            if not _is_blocked(one, name, "sign", matches) and not _hides(one, name, named):
                yield one, name, 1.0
    generic = [one for one in matches if one.entry.group == "sign" and is_written_right(one, row)]
    in_passing = {(one.start, one.end, one.entry.classes) for one in generic if one.entry.kind == INCIDENTAL}
    for one in generic:
        name = one.entry.classes[0]
        if _is_blocked(one, name, "sign", matches) or _hides(one, name, named) or _is_part(one, generic):
            continue
        if _is_denied(one, row) or _is_name(one, name, row, names) or _is_metaphor(one, name, row):
            continue
        is_light = (one.start, one.end, one.entry.classes) in in_passing and len(row) > FEW_WORDS
        yield one, name, IN_PASSING.get(name, HALF) if is_light else 1.0


def _is_denied(match: Match, row: Sequence[Token]) -> bool:
    """Not there: "ни неона, ни нейросетей", "без ковров", "no robots"."""
    return match.start > 0 and row[match.start - 1].key in words("symbols_without")


def _is_part(match: Match, generic: Sequence[Match]) -> bool:
    """It is the first word of a longer sign: речной in "речной вокзал"."""
    return any(one.covers(match) and one.start == match.start for one in generic)


def _is_name(match: Match, name: str, row: Sequence[Token], names: Sequence[Match]) -> bool:
    """A common word with a capital inside a sentence is somebody's or some place's name: Гончаров, Овсянка."""
    first = row[match.start]
    if any(one.covers(match) for one in names):
        return True
    is_name = (
        first.is_capital and not first.opens and not first.is_shouted and not first.in_hashtag and not first.in_quotes
    )
    return is_name and match.length == 1 and name in _COMMON_CLASSES and not "a" <= first.key[0] <= "z"


def _is_metaphor(match: Match, name: str, row: Sequence[Token]) -> bool:
    """A sea of letters, mountains of reports: nature of what nature has none of."""
    if (
        name != "nature"
        or match.length > 1
        or row[match.start].key not in words("symbols_heaps")
        or match.end >= len(row)
    ):
        return False
    after = row[match.end]
    return not after.is_capital and after.key.endswith(_GENITIVES) and after.key not in words("symbols_natural")


def _hides(match: Match, name: str, landmarks: Sequence[Match]) -> bool:
    """It lies in the name of something that is no such sign: a team, a street, a theatre."""
    around = [one for one in landmarks if one.covers(match) or (one.start, one.end) == (match.start, match.end)]
    return bool(around) and not any(name in one.entry.classes for one in around)


def styles(matches: Sequence[Match], row: Sequence[Token]) -> Iterator[tuple[Match, str]]:
    """Each word of style, with its class."""
    for one in matches:
        if one.entry.group == "style" and is_written_right(one, row):
            name = one.entry.classes[0]
            short = one.length == 1 and len(row[one.start].key) <= 2
            if _is_denied(one, row):
                continue
            if not _is_blocked(one, name, "style", matches) and not (short and not row[one.start].is_shouted):
                yield one, name


def bronze_people(row: Sequence[Token]) -> Iterator[int]:
    """Positions of "бронзовый" before a name: a monument."""
    for at, (token, after) in enumerate(pairwise(row)):
        if token.key.startswith("бронзов") and after.is_capital and not after.opens and not after.is_shouted:
            yield at


def future_years(row: Sequence[Token]) -> Iterator[int]:
    """Positions of numbers that are years to come."""
    for at, token in enumerate(row):
        if not _NUMBER.fullmatch(token.key) or not FUTURE_FROM <= int(token.key) <= FUTURE_UNTIL:
            continue
        after = row[at + 1].key if at + 1 < len(row) else ""
        if after not in words("symbols_no_year") and not after.isdigit():
            yield at


def _is_blocked(match: Match, name: str, group: str, matches: Sequence[Match]) -> bool:
    """A set phrase stands there; one that names no place tells of no animal, food or the like either."""
    if in_set_phrase(match, f"{group}/{name}", matches):
        return True
    longer = [one for one in matches if one.length > match.length]
    return name in _COMMON_CLASSES and in_set_phrase(match, "place", longer)
