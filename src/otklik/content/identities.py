"""Belonging: we, our and home of a community; not the "we" of a company.

Words of belonging are in the lexicon; these rules find it where it is built: "наш город", "шәһәребез", "я из Казани",
"кто из Челнов?", "мы татары".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from otklik.content.lexicon import Lexicon, Match, in_set_phrase
from otklik.content.places import is_written_right
from otklik.content.rules import words
from otklik.content.suffixes import stems
from otklik.content.tokens import Token

_POSSESSED = re.compile(r"(?:лар|ләр|нар|нәр)?(?:ыбыз|ебез|быз|без|ыбыҙ|ебеҙ|быҙ|беҙ)\w*")
_MINE = re.compile(r"(?:лар|ләр|нар|нәр)?(?:ым|ем|м)(?:а|ә|ны|не|нан|нән|да|дә|нең|ның)?")
_PAUSE = re.compile(r"[.!?…;:,\n]")
_INHABITANTS = re.compile("(?:инцы|овцы|евцы|енцы|анцы|ярцы|цы|чане|жане|яне|лылар|леләр|ныкылар|некеләр)$")
_PLURAL = ("цы", "не", "ки", "яки", "лар", "ләр", "ичи", "чи")
FULL = 1.0


def identities(
    lexicon: Lexicon,
    matches: Sequence[Match],
    places: Sequence[Match],
    row: Sequence[Token],
    turkic: Sequence[bool],
    text: str,
) -> Iterator[tuple[int, int, str, float]]:
    """Expressions of belonging as (first token, one behind the last, class, weight)."""
    company = [one for one in matches if one.entry.group == "company_we"]
    for one in matches:
        if (
            one.entry.group == "identity"
            and is_written_right(one, row)
            and not in_set_phrase(one, f"identity/{one.entry.classes[0]}", matches)
        ):
            yield one.start, one.end, one.entry.classes[0], FULL
    community = {one.start: one.end for one in matches if one.entry.group == "community"}
    shared = lexicon.stems_of("community")
    named = {one.start: one.end for one in places if one.entry.kind not in ("adjective", "demonym", "nowhere")}
    people = {one.start: one for one in places if one.entry.kind == "demonym"}
    yield from _possessives(row, community, named, people, company, text)
    yield from _origins(row, named, people)
    yield from _addresses(row, people, text)
    yield from _ours(row, named, text)
    yield from _endings(shared, row, turkic, community)


def _addresses(row: Sequence[Token], people: dict[int, Match], text: str) -> Iterator[tuple[int, int, str, float]]:
    """People of a place addressed: "Челнинцы, ...", "Ростовчане!"; "мы, местные,"."""
    for at, token in enumerate(row):
        before, after = text[: token.start].rstrip()[-1:], text[token.end : token.end + 1]
        is_people = at in people or (token.is_capital and _INHABITANTS.search(token.key) is not None)
        if is_people and token.key.endswith(_PLURAL) and after in (",", "!", "?") and (token.opens or before == ","):
            yield at, at + 1, "people_group", FULL
        elif (
            token.key in ("мы", "без")
            and after == ","
            and at + 1 < len(row)
            and row[at + 1].key not in words("identities_parentheses")
        ):
            yield at, at + 2, "people_group", FULL
        elif token.key == "нас" and _is_with_us_in(row, at):
            yield at - 1, at + 3, "we_home", FULL


def _is_with_us_in(row: Sequence[Token], at: int) -> bool:
    """Around "нас" stands "у нас в" and a name."""
    if at == 0 or at + 2 >= len(row):
        return False
    return row[at - 1].key == "у" and row[at + 1].key in ("в", "на", "во") and row[at + 2].is_capital


def _ours(row: Sequence[Token], named: dict[int, int], text: str) -> Iterator[tuple[int, int, str, float]]:
    """Our own without a noun: "своих узнаем", "үзебезнең", "Казань моя родная", "наш Циолковский"."""
    for at, token in enumerate(row):
        if token.key in words("identities_ourselves"):
            yield at, at + 1, "belonging", FULL
        elif token.key in words("identities_own") and at and row[at - 1].key in words("identities_own_before"):
            yield at - 1, at + 1, "belonging", FULL
        elif token.key in words("identities_our") and not token.is_shouted and _goes_on(row, at, text):
            yield at, at + 2, "we_home", FULL
    for start, end in named.items():
        is_mine = end < len(row) and row[end].key in words("identities_mine_after")
        if is_mine and not _PAUSE.search(text, row[end - 1].end, row[end].start):
            yield start, end + 1, "we_home", FULL


def _goes_on(row: Sequence[Token], at: int, text: str) -> bool:
    """A name follows without a pause."""
    return at + 1 < len(row) and row[at + 1].is_capital and not _PAUSE.search(text, row[at].end, row[at + 1].start)


def _possessives(
    row: Sequence[Token],
    community: dict[int, int],
    named: dict[int, int],
    people: dict[int, Match],
    company: Sequence[Match],
    text: str,
) -> Iterator[tuple[int, int, str, float]]:
    """An "our" or "my" before what a community shares, one word between them at most."""
    for at, token in enumerate(row):
        is_our, is_mine = token.key in words("identities_our"), token.key in words("identities_my")
        if not is_our and not is_mine:
            continue
        for head in (at + 1, at + 2, at + 3):
            if head < len(row) and _PAUSE.search(text, token.end, row[head].start):
                break
            end = community.get(head) or named.get(head) or (people[head].end if head in people else None)
            if (
                end is None
                or any(one.start <= head < one.end for one in company)
                or any(at < one.start <= head for one in company)
            ):
                continue
            if head == at + 3 and not is_our:
                continue
            yield at, end, "we_home", FULL
            break


def _origins(
    row: Sequence[Token], named: dict[int, int], people: dict[int, Match]
) -> Iterator[tuple[int, int, str, float]]:
    """Where one is from: "я из Казани", "кто из Челнов", "мы татары", "who is from Kazan"."""
    for at, token in enumerate(row):
        if token.key in ("из", "from", "с") and at + 1 in named:
            before = [one.key for one in row[max(0, at - 2) : at]]
            if any(word in words("identities_i") for word in before):
                yield max(0, at - 1), named[at + 1], "belonging", FULL
        if token.key in words("identities_we") | {"я", "мин", "i"}:
            for head in (at + 1, at + 2):
                if head in people:
                    yield at, people[head].end, "people_group", FULL
                    break


def _endings(
    shared: frozenset[str], row: Sequence[Token], turkic: Sequence[bool], community: dict[int, int]
) -> Iterator[tuple[int, int, str, float]]:
    """Tatar says "our" by an ending: шәһәребез, халкыбыз, авылым."""
    for at in community:
        if not turkic[at]:
            continue
        word = row[at].key
        for stem in stems(word)[1:]:
            if stem in shared and (_POSSESSED.fullmatch(word, len(stem)) or _MINE.fullmatch(word, len(stem))):
                yield at, at + 1, "we_home", FULL
                break
