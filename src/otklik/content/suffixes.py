"""Endings of Tatar and Bashkir words: a stem of the lexicon is found under any chain of them.

Tatar builds words by adding endings in a fixed order, which agree in vowels: number, possession, case, then what makes
an adjective or a question of it (мәчет-ләр-ебез-дән, Казан-ныкы-мы). Splitting off a well-formed chain is enough to
find a stem; no dictionary of Tatar ships in any package we found.
"""

from __future__ import annotations

import re

_NUMBER = "лар|ләр|нар|нәр|тар|тәр|дар|дәр|ҙар|ҙәр"
_POSSESSION = "ыбыз|ебез|быз|без|ыбыҙ|ебеҙ|быҙ|беҙ|ыгыз|егез|гыз|гез|ығыҙ|егеҙ|ым|ем|ың|ең|сы|се|һы|һе|м|ң|ы|е"
_CASE = (
    "ның|нең|дың|дең|тың|тең|ҙың|ҙең|ныкы|неке|сына|сенә|һына|һенә|ына|енә|на|нә|га|гә|ка|кә|ға|ҡа|"
    "ны|не|ды|де|ты|те|ҙы|ҙе|ын|ен|сын|сен|н|"
    "ннан|ннән|нан|нән|дан|дән|тан|тән|ҙан|ҙән|сыннан|сеннән|ыннан|еннән|"
    "ында|ендә|сында|сендә|нда|ндә|да|дә|та|тә|ла|лә|ҙа|ҙә"
)
_DERIVED = (
    "гы|ге|кы|ке|ғы|ҡы|лык|лек|лыҡ|лы|ле|чыл|чел|чы|че|сыз|сез|һыҙ|һеҙ|"
    "ча|чә|са|сә|дыр|дер|тыр|тер|мы|ме|дай|дәй|тай|тәй|ыл"
)
CHAIN = re.compile(f"(?:{_NUMBER})?(?:{_POSSESSION})?(?:{_CASE})?(?:(?:{_DERIVED})+(?:{_NUMBER})?(?:{_CASE})?)?")
"""A well-formed chain of endings, possibly empty."""
SHORTEST_STEM = 3
_AFTER_SHORT = re.compile(
    "(?:лар|ләр|нар|нәр)?(?:ның|нең|га|гә|ка|кә|ға|ҡа|ны|не|дан|дән|тан|тән|нан|нән|да|дә|та|тә|ла|лә|лы|ле)?"
)
"""After a stem of three letters only these: a longer chain would find a word in half the dictionary."""


def stems(word: str) -> list[str]:
    """All ways to cut a chain of endings off a word, the whole word first.

    >>> stems("мәчетләребездән")[-1], "татарстан" in stems("татарстаныбызда")
    ('мәчет', True)
    """
    cuts = range(len(word), min(SHORTEST_STEM, len(word)) - 1, -1)
    return [word[:cut] for cut in cuts if (CHAIN if cut > SHORTEST_STEM else _AFTER_SHORT).fullmatch(word, cut)]


def variants(stem: str) -> list[str]:
    """A stem and what it becomes before a vowel: китап, китаб-ы; халык, халк-ы.

    >>> variants("китап"), variants("халык")
    (['китап', 'китаб'], ['халык', 'халыг', 'халк'])
    """
    found = [stem]
    if stem[-1:] in "пкҡ" and len(stem) > SHORTEST_STEM:
        found.append(stem[:-1] + {"п": "б", "к": "г", "ҡ": "ғ"}[stem[-1]])
        if stem[-2:-1] in "ые" and len(stem) > SHORTEST_STEM + 1:
            found.append(stem[:-2] + stem[-1])
    return found
