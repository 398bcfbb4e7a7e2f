"""All forms of a term, from how the sources write it; Russian by pymorphy3's dictionary."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from otklik.content.lexicon import FORM, PREFIX, STEM
from otklik.content.morphology import morphology
from otklik.content.plain import plain
from otklik.content.suffixes import variants

Word = tuple[int, tuple[str, ...]]
"""A kind of lexeme (see :mod:`otklik.content.lexicon`) and its forms."""

_BRACES = re.compile(r"\{([^{}]*)\}")
_PIECES = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_ADJECTIVES = ("ADJF", "PRTF")
_NAMES = ("Geox", "Name", "Surn", "Patr", "Orgn", "Abbr", "Init")


def pieces(text: str) -> list[str]:
    """The words of a term as the reader of texts would see them.

    >>> pieces("Кул-Шариф, Қазан")
    ['кул', 'шариф', 'қазан']
    """
    return _PIECES.findall(plain(text).text)


def russian(term: str) -> list[Word]:
    """A Russian term as lexemes: adjectives and the noun they stand before are inflected, what follows is fixed.

    >>> [len(forms) > 1 for _, forms in russian("башня Сююмбике")]
    [True, False]
    >>> "казанским" in russian("Казанский кремль")[0][1]
    True
    """
    words, parts = pieces(term), re.split(r"\s+", plain(term).text.strip())
    found: list[Word] = []
    is_open = True
    for part in parts:
        inner = pieces(part)
        if is_open and len(inner) > 1 and (whole := _hyphenated(part, len(inner))):
            found.extend((FORM, forms) for forms in whole)
            is_open = False
            continue
        for number, word in enumerate(inner):
            is_last = number == len(inner) - 1
            if not is_open or (len(inner) > 1 and word in ("на", "он", "де", "ла", "эль", "аль")):
                found.append((FORM, (word,)))
                is_open = is_open and len(inner) == 1
                continue
            forms, is_adjective = _agreeing(word, is_alone=len(words) == 1)
            found.append((FORM, tuple(dict.fromkeys((word, *forms)))))
            if is_last and not is_adjective:
                is_open = False
    return found


def _hyphenated(part: str, n: int) -> list[tuple[str, ...]]:
    """Forms of each piece of a name with hyphens that the dictionary knows as one word: Йошкар-Ола."""
    for parse in morphology().parse(part):
        if parse.tag.POS == "NOUN" and "nomn" in parse.tag and "Geox" in parse.tag:
            rows = [pieces(form.word) for form in parse.lexeme]
            if all(len(row) == n for row in rows):
                return [tuple(dict.fromkeys(column)) for column in zip(*rows, strict=True)]
    return []


@lru_cache(maxsize=100_000)
def _agreeing(word: str, *, is_alone: bool) -> tuple[tuple[str, ...], bool]:
    """Forms of a word that may head a phrase, and whether it is an adjective, so that the head is still to come."""
    parses = morphology().parse(word)
    for parse in parses:
        pos = parse.tag.POS
        if pos in _ADJECTIVES and "nomn" in parse.tag:
            if is_alone and parse.normal_form.replace("ё", "е") != word:
                continue
            return _lexeme(parse), True
        if pos == "NOUN" and "nomn" in parse.tag:
            return _lexeme(parse, number="plur" if "plur" in parse.tag else None), False
        if pos in ("INFN", "ADVB", "NUMR", "NPRO"):
            return _lexeme(parse), False
    return (word,), False


def _lexeme(parse: Any, number: str | None = None) -> tuple[str, ...]:
    forms = parse.lexeme
    if number is not None and parse.normal_form.replace("ё", "е") != parse.word.replace("ё", "е"):
        forms = [form for form in forms if number in form.tag]
    return tuple(dict.fromkeys(form.word.replace("ё", "е") for form in forms))


def settlement(name: str) -> list[Word]:
    """The name of a town in its cases: an adjective keeps its gender, a known toponym its own paradigm.

    >>> "елабуге" in settlement("Елабуга")[0][1], "мирному" in settlement("Мирный")[0][1]
    (True, True)
    """
    words = russian(name)
    return [(FORM, _settlement_forms(pieces(name)[0]))] if len(words) == 1 else words


def person(name: str) -> list[Word]:
    """A person's name in its cases, every part of it.

    >>> [forms[1] for _, forms in person("Габдулла Тукай")]
    ['габдуллы', 'тукая']
    """
    return [(FORM, _person_forms(word)) for word in pieces(name)]


_NAME_ENDINGS = (
    ("ия", "ии ию ией"),
    ("а", "ы и е у ой ою"),
    ("я", "и е ю ей"),
    ("ий", "ого ому им ом ия ию ием ии"),
    ("й", "я ю ем е"),
    ("ь", "я ю ем е и ью"),
)


@lru_cache(maxsize=50_000)
def _person_forms(word: str) -> tuple[str, ...]:
    """Cases of one part of a name: by the dictionary, else by its ending."""
    for parse in morphology().parse(word):
        if (
            "nomn" in parse.tag
            and any(kind in parse.tag for kind in ("Name", "Surn", "Patr"))
            and morphology().word_is_known(word)
        ):
            forms = [form.word.replace("ё", "е") for form in parse.lexeme if "sing" in form.tag]
            return tuple(dict.fromkeys((word, *forms)))
    for ending, others in _NAME_ENDINGS:
        if word.endswith(ending):
            return (word, *(word[: -len(ending)] + other for other in others.split()))
    return (word, *(word + other for other in ("а", "у", "ом", "ым", "е"))) if word[-1:] not in "оеиуюэ" else (word,)


@lru_cache(maxsize=50_000)
def _settlement_forms(word: str) -> tuple[str, ...]:
    parses = [one for one in morphology().parse(word) if "nomn" in one.tag and one.tag.POS in ("NOUN", *_ADJECTIVES)]
    parses.sort(key=lambda one: "Geox" not in one.tag)
    if not parses:
        return (word, *_plural_town(word))
    best = parses[0]
    same = [
        form
        for form in best.lexeme
        if form.tag.number == best.tag.number and form.tag.gender in (best.tag.gender, None)
    ]
    return tuple(dict.fromkeys((word, *(form.word.replace("ё", "е") for form in same), *_plural_town(word))))


def _plural_town(word: str) -> tuple[str, ...]:
    """Cases of a town whose name is a plural that the dictionary does not know as one: Тетюши, из Тетюш, в Тетюшах."""
    if not word.endswith(("ы", "и")) or len(word) < 5 or "Geox" in morphology().parse(word)[0].tag:
        return ()
    stem, soft = word[:-1], word[-2] not in "гкхжшщч" and word[-1] == "и"
    return (stem, *(stem + ending for ending in (("ей", "ям", "ями", "ях") if soft else ("ов", "ам", "ами", "ах"))))


def adjectives_of(name: str) -> list[str]:
    """Adjectives of a town's name that the dictionary knows: Елабуга, елабужский.

    >>> adjectives_of("Елабуга"), adjectives_of("Арск"), adjectives_of("Мир")
    (['елабужский'], ['арский'], [])
    """
    word = pieces(name)[-1] if pieces(name) else ""
    if len(word) < 4 or word.endswith(("ий", "ый", "ой", "ая", "ое", "ые", "ие")):
        return []
    bare = word.rstrip("аеёиоуыэюяйь")
    soft = {"г": "ж", "к": "ч", "х": "ш", "ц": "ч"}.get(bare[-1:], "")
    stems = {bare, bare[:-1] + soft if soft else bare, bare.removesuffix("ск")}
    candidates = [
        stem + ending for stem in sorted(stems) for ending in ("ский", "инский", "енский", "овский", "евский")
    ]
    candidates += [word.removesuffix("к") + "кий"] if word.endswith("ск") else []
    return [one for one in dict.fromkeys(candidates) if _is_adjective(one)]


def _is_adjective(word: str) -> bool:
    analyser = morphology()
    return bool(analyser.word_is_known(word)) and any(
        p.tag.POS == "ADJF" and p.normal_form == word for p in analyser.parse(word)
    )


def ambiguity(forms: tuple[str, ...]) -> tuple[bool, bool]:
    """Whether any of the forms is a common word too, and whether any is a person's name.

    >>> ambiguity(("мир", "мира")), ambiguity(("казань", "казани")), ambiguity(("владимир",))
    ((True, False), (False, False), (False, True))
    """
    common = personal = False
    for form in forms:
        if not morphology().word_is_known(form):
            continue
        for parse in morphology().parse(form):
            tags = [name for name in _NAMES if name in parse.tag]
            personal = personal or any(name in ("Name", "Surn", "Patr") for name in tags)
            common = common or (not tags and parse.score > 0.05)
    return common, personal


def english(term: str) -> list[Word]:
    """An English term: the last word takes a plural and a possessive.

    >>> english("Kul Sharif Mosque")[-1][1]
    ('mosque', 'mosques', "mosque's")
    """
    *fixed, last = pieces(term) or [""]
    return [*((FORM, (word,)) for word in fixed), (FORM, _plural(last))]


def _plural(word: str) -> tuple[str, ...]:
    if len(word) < 4 or word.isdigit():
        return (word,)
    if word.endswith(("s", "x", "ch", "sh")):
        return (word, word + "es", word + "'s")
    if word.endswith("y") and word[-2] not in "aeiou":
        return (word, word[:-1] + "ies", word + "'s")
    return (word, word + "s", word + "'s")


def tatar(term: str) -> list[Word]:
    """A Tatar term: the last word is a stem that takes endings, one of those before it a possessive at most.

    >>> tatar("Кол Шәриф")
    [(0, ('кол',)), (2, ('шәриф',))]
    """
    *before, last = pieces(term) or [""]
    return [*((FORM, (word,)) for word in before), (STEM, tuple(variants(last))) if len(last) > 2 else (FORM, (last,))]


def alternatives(term: str) -> list[str]:
    """A term of the sources with each choice of what stands in braces.

    >>> alternatives("={забываю|забыл} {как |}дышать")
    ['=забываю как дышать', '=забываю дышать', '=забыл как дышать', '=забыл дышать']
    """
    found = _BRACES.search(term)
    if found is None:
        return [term]
    chosen = (term[: found.start()] + one + term[found.end() :] for one in found[1].split("|"))
    return [last for one in chosen for last in alternatives(one)]


def written(term: str, language: str) -> tuple[list[Word], bool]:
    """A term of the sources as lexemes, and whether it needs a capital letter.

    ``=`` stands before what is taken literally, ``^`` before what needs a capital, ``*`` behind a beginning.

    >>> written("^Казанка", "ru")[1], written("нейросет*", "ru")[0], written("=отметь земляка", "ru")[0][0]
    (True, [(1, ('нейросет',))], (0, ('отметь',)))
    """
    text = str(term).strip()
    needs_capital = "^" in text[:2]
    is_literal = "=" in text[:2]
    text = text.lstrip("^=")
    if text.endswith("*"):
        *before, last = pieces(text[:-1]) or [""]
        return [*((FORM, (word,)) for word in before), (PREFIX, (last,))], needs_capital
    if is_literal:
        return [(FORM, (word,)) for word in pieces(text)], needs_capital
    return {"ru": russian, "en": english, "tt": tatar}[language](text), needs_capital
