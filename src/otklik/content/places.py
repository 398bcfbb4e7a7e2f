"""Which of the places found in a text are meant: names that are common words, people or several places at once.

A rule each, in the order of use: set phrases that name no place; the longest name wins; a namesake abroad; a name that
is also a word or a person needs a sign that a place is meant; several places of one name are told apart by the regions
that the rest of the text names, then by size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from otklik.content.lexicon import CAPITAL, COMMON, PERSONAL, Match, in_set_phrase
from otklik.content.rules import words
from otklik.content.tokens import Token

_CERTAIN = ("region", "town", "landmark", "elsewhere", "district", "demonym", "adjective")
KNOWN = 15_000
"""A town so large is known outside its region."""
_HEADING = frozenset(":.")
_ALONE = frozenset(",:.—-–|\n")
LARGE = 100_000
"""A town so large is meant by its bare name even where the name is a word too, if it is written with a capital."""
DOMINANT = 5.0
"""One place so many times larger than its namesakes is meant."""
_LEVEL = {
    "nowhere": 0,
    "country": 0,
    "macro": 1,
    "region": 2,
    "adjective": 2,
    "demonym": 2,
    "district": 3,
    "town": 4,
    "settlement": 4,
    "landmark": 5,
    "elsewhere": 5,
}


def level(kind: str) -> int:
    """How specific a kind of place is: 0 the country, 5 a landmark."""
    return _LEVEL.get(kind, 0)


def resolve(
    matches: list[Match], row: Sequence[Token], turkic: Sequence[bool], text: str
) -> tuple[list[Match], list[Match]]:
    """The places in Russia and the places abroad that a text refers to.

    Args:
        matches: everything that the lexicon found.
        row: the tokens of the text.
        turkic: whether each token is Tatar or Bashkir: a place there has a capital letter.
        text: the plain text, for what stands between them.

    Returns:
        Matches of group ``place`` and of group ``foreign``, none inside another; a place of several regions of one
        name is there once for each.
    """
    everything = [
        one
        for one in matches
        if one.entry.group in ("place", "foreign")
        and not in_set_phrase(one, one.entry.group, matches)
        and is_written_right(one, row)
        and (row[one.start].is_capital or not turkic[one.start] or one.entry.kind in ("landmark", "macro", "nowhere"))
    ]
    everything = _longest(everything)
    abroad = [one for one in everything if one.entry.group == "foreign"]
    states = [one for one in matches if one.entry.group == "us_state" and row[one.start].is_shouted]
    places = [one for one in everything if one.entry.group == "place" and not _is_namesake(one, abroad + states, row)]
    if any(_is_namesake(one, states, row) for one in everything if one.entry.group == "place"):
        abroad += states[:1]
    persons = [one for one in matches if one.entry.group == "person" and one.length > 1]
    places = [one for one in places if not any(one.overlaps(person) for person in persons) or one.length > 2]
    sure = Counter(code for one in places if not one.flags & (COMMON | PERSONAL) for code in set(one.entry.regions))
    places = [one for one in places if _is_meant(one, row, text, sure)]
    return _one_of_each_name(places, row), _dominated(abroad, places)


def _same(one: Match, other: Match) -> bool:
    return (one.start, one.end) == (other.start, other.end)


def is_written_right(match: Match, row: Sequence[Token]) -> bool:
    """A term that needs a capital letter has one: not merely because a sentence begins or all is in capitals."""
    if not match.flags & CAPITAL:
        return True
    first = row[match.start]
    if not first.is_capital:
        return False
    return not first.opens or not match.flags & COMMON or match.length > 1 or first.in_hashtag or _latin(first)


def _latin(token: Token) -> bool:
    return "a" <= token.key[0] <= "z"


def _longest(matches: list[Match]) -> list[Match]:
    """Without those that a longer one covers or cuts into."""
    kept: list[Match] = []
    for one in sorted(matches, key=lambda match: (-match.length, match.start)):
        if not any(other.overlaps(one) and other.length > one.length for other in kept):
            kept.append(one)
    kept = [one for one in kept if one.entry.kind != "nowhere"]
    return sorted(kept, key=lambda match: (match.start, -match.length))


def _is_namesake(match: Match, abroad: Iterable[Match], row: Sequence[Token]) -> bool:
    """A place abroad stands right behind: "Moscow, Idaho", «Санкт-Петербург во Флориде»."""
    near = row[match.end : match.end + 2]
    for other in abroad:
        gap = other.start - match.end
        if other.entry.kind in ("us_state", "") and gap == 0 and _latin(row[match.start]):
            return True
        if (
            other.entry.kind == "us_state"
            and 0 <= gap <= 2
            and all(token.key in ("штат", "штата", "штате", "во", "в", "in", "state") for token in near[:gap])
        ):
            return True
    return False


def _is_meant(match: Match, row: Sequence[Token], text: str, sure: Counter[str]) -> bool:
    """Whether a name that may be something else is a place here."""
    if _is_brand(match, row, text):
        return False
    stands_alone = text[row[match.end - 1].end : row[match.end - 1].end + 1] in _ALONE
    kind, flags = match.entry.kind, match.flags
    before = row[match.start - 1] if match.start else None
    after = row[match.end] if match.end < len(row) else None
    if kind == "adjective" and after is not None and after.key in words("places_district"):
        return True
    if kind in ("adjective", "demonym") and _is_surname(match, row):
        return False
    if kind in ("settlement", "adjective") and before is not None and before.key in words("places_street"):
        return False
    if kind == "adjective" and after is not None and after.key in words("places_street") and match.entry.population:
        return False
    if not flags & (COMMON | PERSONAL):
        return kind != "settlement" or match.length > 1 or _is_plausible(match, row, sure)
    first = row[match.start]
    if not first.is_capital or kind == "adjective":
        return False
    if before is not None and before.key in words("places_types"):
        return True
    placed = before is not None and before.key in words("places_prepositions")
    in_region = any(code in sure for code in match.entry.regions)
    if flags & PERSONAL:
        return match.entry.population >= LARGE and (
            placed or (first.opens and text[row[match.end - 1].end : row[match.end - 1].end + 1] in _HEADING)
        )
    if match.entry.population >= LARGE:
        return placed or not first.opens or stands_alone
    return in_region and placed


def _is_plausible(match: Match, row: Sequence[Token], sure: Counter[str]) -> bool:
    """A small settlement needs a capital letter and a sign that it is meant, or the text to speak of its region."""
    first = row[match.start]
    before = row[match.start - 1].key if match.start else ""
    if match.entry.population >= LARGE or any(code in sure for code in match.entry.regions):
        return True
    if not first.is_capital and not first.in_hashtag:
        return False
    return match.entry.population >= KNOWN or before in words("places_prepositions") or before in words("places_types")


def _is_surname(match: Match, row: Sequence[Token]) -> bool:
    """A capital inside a sentence behind a first name: Виктор Пермяков."""
    if not match.start or match.length > 1:
        return False
    first, before = row[match.start], row[match.start - 1]
    return first.is_capital and not first.opens and not first.is_shouted and before.is_capital and not before.is_shouted


def _is_brand(match: Match, row: Sequence[Token], text: str) -> bool:
    """The name fills quotation marks: a car, a tyre, a restaurant is called so."""
    if match.entry.kind in ("landmark", "elsewhere", "district") or not row[match.start].in_quotes:
        return False
    opens, closes = (
        text[row[match.start].start - 1 : row[match.start].start],
        text[row[match.end - 1].end : row[match.end - 1].end + 1],
    )
    return opens in ("«", "“", '"') and closes in ("»", "”", '"')


def _one_of_each_name(places: list[Match], row: Sequence[Token]) -> list[Match]:
    """Of several places with one name the one that is meant; where that cannot be said, none of their regions."""
    at: dict[tuple[int, int], list[Match]] = {}
    for one in places:
        at.setdefault((one.start, one.end), []).append(one)
    named = Counter(
        code
        for group in at.values()
        for code in {c for one in group for c in one.entry.regions}
        if len(_codes(group)) == 1
    )
    found: list[Match] = []
    for group in at.values():
        found.extend(_meant_of(group, named, row))
    return found


def _codes(group: list[Match]) -> set[str]:
    return {code for one in group for code in one.entry.regions}


def _meant_of(group: list[Match], named: Counter[str], row: Sequence[Token]) -> list[Match]:
    macro = [one for one in group if one.entry.kind == "macro"]
    if macro:
        return macro[:1]
    if len(_codes(group)) <= 1:
        return [max(group, key=lambda one: (level(one.entry.kind), len(one.entry.regions)))]
    told = [one for one in group if one.entry.kind in _CERTAIN and not one.entry.population]
    told = told or [one for one in group if one.entry.kind != "settlement" and not one.entry.population]
    if told:
        group = told
    if len(_codes(group)) <= 1:
        return group[:1]
    mentioned = [one for one in group if any(code in named for code in one.entry.regions)]
    if mentioned:
        return mentioned[:1]
    by_size = sorted(group, key=lambda one: -one.entry.population)
    if len(by_size) == 1:
        return by_size
    if (
        by_size[0].entry.population > DOMINANT * by_size[1].entry.population
        and by_size[0].entry.population >= LARGE / 4
    ):
        return by_size[:1]
    return [] if by_size[0].entry.kind == "settlement" or by_size[0].entry.population else group


def _dominated(abroad: list[Match], places: list[Match]) -> list[Match]:
    """Places abroad that are not also places here at the same words."""
    return [one for one in abroad if not any(_same(one, place) for place in places)]
