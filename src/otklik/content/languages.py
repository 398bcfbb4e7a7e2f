"""Russian, Tatar, Bashkir and English told apart: letters, then words and endings, then py3langid.

Letters that only one of the languages has decide; where a text has none (Татар халкы бара), small words and endings do;
what is left goes to py3langid, held to the four. Korean, Chinese, Arabic and the like are "other": they are not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from otklik.content.morphology import morphology
from otklik.content.rules import words
from otklik.content.taxonomy import LANGUAGES, OTHER_LANGUAGE
from otklik.content.tokens import Token

_BASHKIR = re.compile("[ҙҫҡғ]")
_TATAR = re.compile("[җ]")
_TURKIC = re.compile("[әөүңһ]")
_RUSSIAN_ENDINGS = re.compile(
    r"(?:ого|его|ому|ему|ыми|ими|ться|ешь|ишь|ости|ение|ения|ский|ская|ское|ских|ый|ий|ая|яя|ое|ее|ую|юю|ях|ами|ями|ует|ают|яют)$"
)
_TURKIC_ENDINGS = re.compile(
    r"(?:лар|ларны|ларда|лары|ның|дан|тан|нан|быз|ыбыз|ган|кан|магыз|мый|асы|рга|лык|ларга|лыкка|дык|тык|бар|ам|ым|ныкы|гыз|бызда|быздан|бызга|бызны|бызның)$"
)
_CYRILLIC_LANGUAGES = ("ru", "tt", "ba")
_LATIN_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "tr", "pl", "fi")
_ENOUGH = 1.2
"""How far ahead the words of one language must be to decide without py3langid."""
_LANGID_WEIGHT = 1.5
_RUSSIAN_WEIGHT = 2.0
"""What it says for Russian that the Russian dictionary knows every word; half of them known says nothing."""
_EVIDENT, _FEW = 0.5, 2
"""Evidence for Tatar or Bashkir that so few words need."""
_QUOTED_WEIGHT = 0.4
"""Words in quotation marks are often a name in another language."""
_LONG, _NO_BASHKIR_LETTER = 4, 0.3
"""In so many words Bashkir would have shown a letter of its own: each Turkic word then speaks for Tatar by so much."""


def language_of(row: Sequence[Token]) -> str:
    """The main language of a text: ``ru``, ``tt``, ``ba`` or ``en``; ``other``: no word, or a script not read.

    Args:
        row: tokens of the text.

    >>> from otklik.content.plain import plain
    >>> from otklik.content.tokens import tokens
    >>> [language_of(tokens(plain(text))) for text in ("Минем авылым матур", "Мой город", "My city", "나의 도시")]
    ['tt', 'ru', 'en', 'other']
    """
    cyrillic = sum(_is_cyrillic(token.key) for token in row)
    latin = sum("a" <= token.key[0] <= "z" for token in row)
    foreign = sum(token.key[0].isalpha() for token in row) - cyrillic - latin
    if foreign > cyrillic + latin:
        return OTHER_LANGUAGE
    if not cyrillic and not latin:
        return OTHER_LANGUAGE
    if latin > 1.5 * cyrillic and not _wordy_turkic(row):
        return "en" if _is_english(tuple(token.key for token in row)) else OTHER_LANGUAGE
    scores = dict.fromkeys(("ru", "tt", "ba"), 0.0)
    spoken = [token for token in row if _is_cyrillic(token.key)]
    for token in spoken:
        for lang, score in _score(token.key):
            scores[lang] += score * (_QUOTED_WEIGHT if token.in_quotes else 1.0)
    if len(spoken) >= _LONG and not any(_BASHKIR.search(token.key) for token in spoken):
        scores["tt"] += _NO_BASHKIR_LETTER * sum(bool(_TURKIC.search(token.key)) for token in spoken)
    best, second = sorted(scores.values(), reverse=True)[:2]
    evidence = dict(scores)
    if best - second < _ENOUGH and spoken:
        scores["ru"] += _RUSSIAN_WEIGHT * _russian_share(tuple(token.key for token in spoken))
        best, second = sorted(scores.values(), reverse=True)[:2]
    if best - second < _ENOUGH:
        text = " ".join(token.key for token in spoken)
        guess = _langid(text)
        if guess in scores:
            scores[guess] += _LANGID_WEIGHT
    best_of_all = max(scores, key=lambda lang: scores[lang])
    # A word or two that no dictionary knows is slang before it is Tatar: Tatar takes a letter, a word or an ending.
    is_evident = max(evidence["tt"], evidence["ba"]) >= _EVIDENT or len(spoken) > _FEW
    return best_of_all if is_evident else "ru"


def token_languages(row: Sequence[Token], main: str) -> list[str]:
    """The language of each token: its own where its letters or the word tell, else the text's.

    >>> from otklik.content.plain import plain
    >>> from otklik.content.tokens import tokens
    >>> token_languages(tokens(plain("Песня «Туган авылым», official video, белән")), "ru")
    ['ru', 'ru', 'ru', 'en', 'en', 'tt']
    """
    return [_own(token.key, main) for token in row]


def _own(word: str, main: str) -> str:
    if "a" <= word[0] <= "z":
        return "en"
    if not _is_cyrillic(word):
        return main
    if _BASHKIR.search(word):
        return "ba"
    if _TATAR.search(word) or _TURKIC.search(word):
        return main if main in ("tt", "ba") else "tt"
    return main if main != "en" else "ru"


@lru_cache(maxsize=100_000)
def _score(word: str) -> tuple[tuple[str, float], ...]:
    """What one Cyrillic word says for each language."""
    found = dict.fromkeys(("ru", "tt", "ba"), 0.0)
    if _BASHKIR.search(word):
        found["ba"] += 3.0
    elif _TATAR.search(word):
        found["tt"] += 3.0
    elif _TURKIC.search(word):
        found["tt"] += 1.2
        found["ba"] += 2.2 if word.startswith(("һ", "йә", "йе")) else 1.2
    for lang in (said := [lang for lang in LANGUAGES if word in words(f"language_{lang}")]):
        if lang in found:
            found[lang] += 1.5 / len(said)
    if len(word) > 3 and not any(found.values()):
        if _RUSSIAN_ENDINGS.search(word) or re.search("[щъ]", word):
            found["ru"] += 1.0
        elif _TURKIC_ENDINGS.search(word):
            found["tt"] += 0.6
            found["ba"] += 0.6 if "ч" not in word else 0.0
        elif "ч" in word:
            found["tt"] += 0.3
    return tuple((lang, score) for lang, score in found.items() if score)


def _wordy_turkic(row: Sequence[Token]) -> bool:
    return sum(bool(_TURKIC.search(token.key) or _BASHKIR.search(token.key)) for token in row) > len(row) / 3


def _is_cyrillic(word: str) -> bool:
    return "\u0400" <= word[0] <= "\u052f"


@lru_cache(maxsize=50_000)
def _russian_share(said: tuple[str, ...]) -> float:
    """How far more than half of the words the Russian dictionary knows, 0 to 1; words of two letters do not count."""
    longer = [word for word in said if len(word) > 2]
    if not longer:
        return 0.0
    known = sum(bool(morphology().word_is_known(word)) for word in longer) / len(longer)
    return max(0.0, 2 * known - 1)


@lru_cache(maxsize=50_000)
def _is_english(said: tuple[str, ...]) -> bool:
    """A text in Latin letters is taken for English unless it is long enough for py3langid to say otherwise."""
    latin = [word for word in said if "a" <= word[0] <= "z"]
    if len(latin) < _LONG or any(word in words("language_en") for word in latin):
        return True
    return str(_identifier(_LATIN_LANGUAGES).classify(" ".join(latin))[0]) == "en"


@lru_cache(maxsize=2)
def _identifier(languages: tuple[str, ...]) -> Any:
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(f"{MODEL_DIR}/{MODEL_FILE}")
    identifier.set_languages(list(languages))
    return identifier


@lru_cache(maxsize=50_000)
def _langid(text: str) -> str:
    return str(_identifier(_CYRILLIC_LANGUAGES).classify(text)[0])
