"""Words of a plain text, each with the spellings it may stand for.

Latin letters inside a Cyrillic word, digits in place of letters, stretched vowels, letters set apart and words run
together in a hashtag hide a word from a machine and from no person. A token therefore has more than one key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from otklik.content.plain import Plain

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_](?:[ .\-*_][^\W\d_]){3,}(?![^\W_])|(?:[^\W\d_]-){2,}[^\W\d_]+)")
_NUMBERED = re.compile(r"([^\W\d_]{2,})(\d{2,4})")
_CAMEL = re.compile(r"[A-ZА-ЯЁӘӨҮҖҢҺҘҪҠҒ]?[a-zа-яёәөүҗңһҙҫҡғ]+|[A-ZА-ЯЁӘӨҮҖҢҺҘҪҠҒ]+(?![a-zа-яёәөүҗңһҙҫҡғ])|\d+")
_STRETCH = re.compile(r"([^\W\d_])\1{2,}")
_SENTENCE_END = re.compile(r"[.!?…\n\"«»()|•:]")
_LATIN_LOOKALIKES = dict(zip("aceopxykmhtb", "асеорхукмнтв", strict=True)) | {"i": "і", "u": "и", "n": "п", "r": "г"}
_CYRILLIC_LOOKALIKES = dict(zip("асеорхукмнтві", "aceopxykmhtbi", strict=True))
_LEET_CYRILLIC = {"0": "о", "3": "з", "4": "ч", "6": "б", "1": "и", "@": "а"}
_LEET_VOWELS = {**_LEET_CYRILLIC, "3": "е", "4": "а"}
_LEET_LATIN = {"0": "o", "3": "e", "4": "a", "1": "i", "5": "s", "7": "t", "@": "a"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its keys (spellings to look up), its place in the plain text and how it was written."""

    keys: tuple[str, ...]
    start: int
    end: int
    is_capital: bool
    """Its first letter is a capital."""
    is_shouted: bool
    """All its letters are capitals, and there is more than one."""
    opens: bool
    """It is the first word of a sentence: a capital says nothing there."""
    in_hashtag: bool = False
    in_quotes: bool = False

    @property
    def key(self) -> str:
        """The plainest spelling."""
        return self.keys[0]


def tokens(text: Plain) -> list[Token]:
    """The words of a text in order.

    >>> from otklik.content.plain import plain
    >>> [token.key for token in tokens(plain("Казань-2100: #МояКазань и КAЗAHЬ"))]
    ['казань', '2100', 'моя', 'казань', 'и', 'казань']
    """
    found: list[Token] = []
    skip_to = 0
    spaced = {one.start(): one for one in _SPACED.finditer(text.text)}
    for match in _WORD.finditer(text.text):
        start, end = match.span()
        if start < skip_to:
            continue
        if start in spaced:
            end = skip_to = spaced[start].end()
            found.append(_token(text, start, end, re.sub(r"[ .\-*_]", "", text.text[start:end]), found))
        elif _in_hashtag(text.text, start):
            found.extend(_pieces(text, start, end, found))
        elif number := _NUMBERED.fullmatch(match[0]):
            for part in (1, 2):
                a, b = start + number.start(part), start + number.end(part)
                found.append(_token(text, a, b, number[part], found))
        else:
            end += _leet_tail(text.text, end)
            skip_to = end
            found.append(_token(text, start, end, text.text[start:end], found))
    return found


def _leet_tail(text: str, end: int) -> int:
    """How far a word goes on behind ``@`` or ``$`` that stand for letters."""
    tail = re.match(r"[@$][^\W\d_]+", text[end : end + 30])
    return tail.end() if tail and end and text[end - 1].isalpha() else 0


def _in_hashtag(text: str, start: int) -> bool:
    at = start
    while at > 0 and (text[at - 1].isalnum() or text[at - 1] == "_"):
        at -= 1
    return at > 0 and text[at - 1] == "#"


def _pieces(text: Plain, start: int, end: int, before: list[Token]) -> list[Token]:
    """Words run together in a hashtag, told apart by their capitals and digits."""
    first, last = text.span(start, end)
    written = text.original[first:last]
    if len(written) != end - start:
        return [_token(text, start, end, text.text[start:end], before, in_hashtag=True)]
    parts = [(start + one.start(), start + one.end()) for one in _CAMEL.finditer(written)] or [(start, end)]
    return [_token(text, a, b, text.text[a:b], before, in_hashtag=True) for a, b in parts]


def _token(text: Plain, start: int, end: int, key: str, before: list[Token], *, in_hashtag: bool = False) -> Token:
    first, last = text.span(start, end)
    written = text.original[first:last]
    letters = [char for char in written if char.isalpha()]
    since = before[-1].end if before else 0
    opens = not before or _SENTENCE_END.search(text.text, since, start) is not None
    is_shouted = len(letters) > 1 and all(char.isupper() or not char.islower() for char in letters)
    is_capital, quoted = bool(letters and letters[0].isupper()), _in_quotes(text.text, start)
    return Token(spellings(key), start, end, is_capital, is_shouted, opens, in_hashtag, quoted)


def _in_quotes(text: str, at: int) -> bool:
    """Between « and » (or curly quotes) that were opened at most 200 characters before."""
    before = text[max(0, at - 200) : at]
    return before.count("«") > before.count("»") or before.count("“") > before.count("”")


@lru_cache(maxsize=200_000)
def spellings(word: str) -> tuple[str, ...]:
    """What a word as typed may stand for, the most likely first.

    >>> spellings("кaзaнь"), spellings("к4зань"), spellings("урааааа")
    (('казань',), ('кчзань', 'казань', 'кзань'), ('ураа', 'ура'))
    """
    found = [word]
    if not word.isalpha():
        found = _unleeted(word)
    if any("a" <= char <= "z" for char in word) and any("\u0400" <= char <= "\u052f" for char in word):
        found = [other for one in found for other in _one_script(one)]
    if _STRETCH.search(word):
        found = [_STRETCH.sub(times, one) for one in found for times in (r"\1\1", r"\1")]
    return tuple(dict.fromkeys(found))


def _one_script(word: str) -> list[str]:
    """A word of mixed script in one script, where every foreign letter has a twin there."""
    cyrillic = "".join(_LATIN_LOOKALIKES.get(char, char) for char in word)
    latin = "".join(_CYRILLIC_LOOKALIKES.get(char, char) for char in word)
    whole = [one for one in (cyrillic, latin) if one.isascii() or not any("a" <= char <= "z" for char in one)]
    return whole or [word]


def _unleeted(word: str) -> list[str]:
    """Digits that stand between letters, read as letters; a number stays one."""
    letters = [char for char in word if char.isalpha()]
    if len(letters) < 2 or not any(char.isdigit() or char in "@$" for char in word):
        return [word]
    tables = (_LEET_CYRILLIC, _LEET_VOWELS) if any(char > "\u0400" for char in letters) else (_LEET_LATIN,)
    bare = "".join(char for char in word if char.isalpha())
    return [*("".join(table.get(char, char) for char in word) for table in tables), bare]
