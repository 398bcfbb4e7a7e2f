"""Emotions among what the lexicon found: denied, strengthened, weakened, turned round by irony.

A word that expresses an emotion weighs 1, one that suggests it 0.5, an emoji a little more than that. A denied word
weighs its negative: it is shown and does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from otklik.content.lexicon import Match, in_set_phrase
from otklik.content.places import is_written_right
from otklik.content.plain import Plain
from otklik.content.rules import words
from otklik.content.taxonomy import WARM
from otklik.content.tokens import Token

INTENSIFIED, WEAKENED, SHOUTED, EXCLAIMED = 1.9, 0.5, 1.2, 1.4
EMOJI, MOST_EMOJI = 1.0, 1.5
"""Weight of an emoji, shared among the emotions that it carries, and of all that carry one emotion."""
REACH = 3
"""How many words before an emotion a negation or intensifier acts over."""
_BREAK = re.compile(r"[.!?…;:\n()«»\"]|,|\s-\s")
_SCARE = re.compile(r"[«\"“](\w+)[»\"”]")
CLOWN = "🤡"
_HANDS = ("👏", "👍", "🙄", "🤦", "😒", "😑")


@dataclass(frozen=True, slots=True)
class Felt:
    """One expression of an emotion in the plain text."""

    start: int
    end: int
    name: str
    weight: float


def emotions(
    matches: Sequence[Match], row: Sequence[Token], text: Plain, emoji: Mapping[str, Sequence[str]]
) -> tuple[list[Felt], bool]:
    """Expressions of emotion in the order of the text, and whether the text is ironic."""
    spoken = [_weighted(one, matches, row, text) for one in _kept(matches, row)]
    signs = list(_emoji(text, emoji))
    felt = spoken + signs
    ironic = list(_irony(matches, row, text, felt))
    if ironic:
        felt = [Felt(one.start, one.end, one.name, -abs(one.weight)) if one.name in WARM else one for one in felt]
    return sorted(felt + ironic, key=lambda one: one.start), bool(ironic)


def _kept(matches: Sequence[Match], row: Sequence[Token]) -> list[Match]:
    """Matches of emotions, the longest where they overlap, the strongest where they are equal."""
    candidates = [
        one
        for one in matches
        if one.entry.group == "emotion"
        and is_written_right(one, row)
        and not in_set_phrase(one, f"emotion/{one.entry.classes[0]}", matches)
    ]
    kept: list[Match] = []
    for one in sorted(candidates, key=lambda match: (-match.length, -match.entry.weight, match.start)):
        if not any(other.overlaps(one) for other in kept):
            kept.append(one)
    return kept


def _weighted(match: Match, matches: Sequence[Match], row: Sequence[Token], text: Plain) -> Felt:
    start, end = row[match.start].start, row[match.end - 1].end
    weight = match.entry.weight
    before = _near(matches, row, text, match)
    if "intensifier" in before:
        weight *= INTENSIFIED
    if "weakener" in before:
        weight *= WEAKENED
    if any(token.is_shouted for token in row[match.start : match.end]) and not all(token.is_shouted for token in row):
        weight *= SHOUTED
    if re.match(r"[^.?…\n]{0,30}!", text.text[end : end + 32]):
        weight *= EXCLAIMED
    if _is_denied(match, matches, row, text):
        weight = -weight
    return Felt(start, end, match.entry.classes[0], weight)


def _near(matches: Sequence[Match], row: Sequence[Token], text: Plain, match: Match) -> set[str]:
    """Groups of helper words that stand at most two words before, in the same stretch of the sentence."""
    return {
        one.entry.group
        for one in matches
        if one.entry.group in ("intensifier", "weakener")
        and (
            match.covers(one)
            or (
                0 <= match.start - one.end <= 1
                and not _BREAK.search(text.text, row[one.end - 1].end, row[match.start].start)
            )
        )
    }


def _is_denied(match: Match, matches: Sequence[Match], row: Sequence[Token], text: Plain) -> bool:
    for one in matches:
        if one.entry.group == "negator" and 0 <= match.start - one.end < REACH:
            between = row[one.end : match.start]
            if _BREAK.search(text.text, row[one.end - 1].end, row[match.start].start):
                continue
            following = row[one.end].key if one.end < len(row) else ""
            if following not in words("emotions_still_said") and not any(
                token.key in ("а", "но", "but") for token in between
            ):
                return True
        if one.entry.group == "negator_after" and 0 <= one.start - match.end <= 1:
            return not _BREAK.search(text.text, row[match.end - 1].end, row[one.start].start)
    before = row[match.start - 1].key if match.start else ""
    return before.endswith("n't")


def _emoji(text: Plain, table: Mapping[str, Sequence[str]]) -> Iterator[Felt]:
    """Emoji that carry an emotion, each emotion at most :data:`MOST_EMOJI` in all."""
    total: dict[str, float] = {}
    for found in _pattern(tuple(table)).finditer(text.text):
        carried = table[found[0]]
        for name in carried:
            weight = min(EMOJI / len(carried), MOST_EMOJI - total.get(name, 0.0))
            if weight > 0:
                total[name] = total.get(name, 0.0) + weight
                yield Felt(found.start(), found.end(), name, weight)


@lru_cache(maxsize=4)
def _pattern(emoji: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(one) for one in sorted(emoji, key=lambda one: (-len(one), one))) or r"(?!)")


def _irony(matches: Sequence[Match], row: Sequence[Token], text: Plain, felt: Sequence[Felt]) -> Iterator[Felt]:
    """Anger in the clothes of praise: a set phrase, or praise beside a grievance with a clown or scare quotes."""
    for one in matches:
        if one.entry.group == "irony":
            yield Felt(row[one.start].start, row[one.end - 1].end, "anger", 1.0)
            return
    has_blame = any(one.entry.group == "blame" for one in matches)
    praise = [one for one in felt if one.name in WARM and one.weight > 0]
    clown = text.text.find(CLOWN)
    if clown >= 0 and (has_blame or praise):
        yield Felt(clown, clown + 1, "anger", 1.0)
    elif has_blame and praise:
        scare = next(
            (
                m
                for m in _SCARE.finditer(text.text)
                if any(one.start >= m.start(1) and one.end <= m.end(1) for one in praise)
            ),
            None,
        )
        hand = next((at for sign in _HANDS[2:] if (at := text.text.find(sign)) >= 0), None)
        if scare:
            yield Felt(*scare.span(1), "anger", 1.0)
        elif hand is not None:
            yield Felt(hand, hand + 1, "anger", 1.0)
