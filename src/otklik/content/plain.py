"""Text as people type it, made plain: one spelling, no hidden characters, and every letter's place in the original.

Case, ё and е, stress marks, zero-width characters, HTML, full-width and mathematical letters do not change what a
text says, so they are gone in the plain form; a span found there can still be shown in the text as it was written.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MOST_CHARACTERS = 20_000
"""Longer texts are read up to here: a description of 100,000 characters says by then what it says."""

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>|<!--.{0,2000}?-->", re.DOTALL)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|em|font|i|mark|s|small|span|strong|sub|sup|tt|u)(?:\s[^<>]*)?/?>|<!--.*", re.I | re.S
)
"""Tags and comments that part no word: <b>Ка</b>зань is one."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,10});")
_VK_LINK = re.compile(r"\[(?:(?:id|club|public|event)\d+|https?://[^|\]\s]+|#[^|\]\s]+)\|")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_BLANK = re.compile("|".join(f"(?:{one.pattern})" for one in (_TAG, _VK_LINK, _ADDRESS)), re.DOTALL)
_MARK = re.compile("[\u0300-\u036f\u0483-\u0487\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
"""A mark that stands on the letter before it."""
_AWKWARD = re.compile(f"{_MARK.pattern}|[<&\\[]|://|www")
"""Where none of these is, every character is a letter of its own."""
_STRESS = {"\u0300", "\u0301", "\u0341"}
"""Grave and acute: marks of stress on Cyrillic vowels, not parts of a letter there."""
_SAME = str.maketrans(
    {
        "ё": "е",
        "ә": "ә",
        "ҽ": "ә",
        "ӊ": "ң",
        "ґ": "г",
        "’": "'",
        "ʼ": "'",
        "`": "'",
        "‑": "-",
        "‐": "-",
        "–": "-",
        "—": "-",
    }
)


@dataclass(frozen=True, slots=True)
class Plain:
    """A text in plain form.

    ``text[i]`` stands for ``original[start[i]:end[i]]``; both lists are as long as ``text``.
    """

    original: str
    text: str
    start: Sequence[int]
    end: Sequence[int]
    is_cut: bool = False
    """Only the first :data:`MOST_CHARACTERS` were read."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of a stretch of the plain text."""
        return (self.start[start], self.end[end - 1]) if end > start else (0, 0)


def plain(text: str | None) -> Plain:
    r"""The plain form of a text; ``None`` is an empty one.

    >>> plain("Каза\u0301нь — моЯ <b>Любо\u200bвь</b> &amp; её город").text
    'казань - моя любовь & ее город'
    """
    original = text or ""
    source = original[:MOST_CHARACTERS]
    is_cut = len(original) > MOST_CHARACTERS
    if not _AWKWARD.search(source):
        folded = "".join(map(_FOLDED.__getitem__, source))
        if len(folded) == len(source):
            return Plain(original, folded, range(len(source)), range(1, len(source) + 1), is_cut)
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for blank in [*_BLANK.finditer(source), None]:
        _read(source, at, blank.start() if blank else len(source), letters, places)
        if blank:
            if not _INLINE.fullmatch(blank[0]):
                letters.append(" ")
                places.append(blank.span())
            at = blank.end()
    starts, ends = tuple(start for start, _ in places), tuple(end for _, end in places)
    return Plain(original, "".join(letters), starts, ends, is_cut)


def _read(source: str, at: int, stop: int, letters: list[str], places: list[tuple[int, int]]) -> None:
    """Plain letters of ``source[at:stop]``, cluster by cluster: a letter and the marks that stand on it."""
    while at < stop:
        entity = _ENTITY.match(source, at, stop) if source[at] == "&" else None
        end = entity.end() if entity else at + 1
        cluster = html.unescape(source[at:end]) if entity else source[at]
        while end < stop and _MARK.match(source, end):
            cluster += source[end]
            end += 1
        for letter in _FOLDED[cluster]:
            letters.append(letter)
            places.append((at, end))
        at = end


def fold(cluster: str) -> str:
    r"""One letter with its marks in the one plain spelling; hidden characters vanish, control characters are spaces.

    >>> fold("И\u0306"), fold("Ё"), fold("\u200b"), fold("Ş"), fold("\ud83d")
    ('й', 'е', '', 's', ' ')
    """
    if len(cluster) == 1 and cluster.isascii():
        return cluster.lower() if cluster.isprintable() or cluster == "\n" else " "
    shown = "".join(char for char in cluster if char not in _STRESS or not _is_cyrillic(cluster[0]))
    shown = unicodedata.normalize("NFKC", shown).lower()
    kept = [char for char in shown if unicodedata.category(char) != "Cf"]
    spaced = "".join(" " if unicodedata.category(char) in ("Cc", "Cs", "Zs") else char for char in kept)
    return _without_latin_marks(spaced.translate(_SAME))


class _Folded(dict[str, str]):
    """Clusters folded before."""

    def __missing__(self, cluster: str) -> str:
        folded = fold(cluster)
        if len(self) < 100_000:
            self[cluster] = folded
        return folded


_FOLDED = _Folded()


def _is_cyrillic(char: str) -> bool:
    return "\u0400" <= char <= "\u052f"


def _without_latin_marks(text: str) -> str:
    """Qolşärif and Qolsharif differ in marks only by habit: Latin letters lose theirs, Cyrillic ones keep them."""
    if text.isascii() or all(_is_cyrillic(char) or char in "'- " for char in text):
        return text.replace("ё", "е")
    bare, stands_on = [], ""
    for char in unicodedata.normalize("NFD", text.replace("ı", "i")):
        if not unicodedata.combining(char):
            stands_on = char
        if char == stands_on or not "a" <= stands_on <= "z":
            bare.append(char)
    return unicodedata.normalize("NFC", "".join(bare)).translate(_SAME)
