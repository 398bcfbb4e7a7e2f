"""Every region of Russia is found by name, adjective, capital, towns and landmarks, in several grammatical cases."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pymorphy3
import pytest
import yaml

import otklik.content
from otklik.content.reader import read

SOURCES = Path(otklik.content.__file__).parent / "sources"
N_REGIONS = 83
"""ISO 3166-2:RU has 83 subdivisions."""
# Sentences that ask for a case: genitive, locative, instrumental.
CASES = {"gent": "Приехали из {}, устали.", "loct": "Побывали в {}, довольны.", "ablt": "Полюбовались {} и уехали."}


@cache
def regions() -> dict:
    plain = yaml.safe_load((SOURCES / "regions.yaml").read_text("utf-8"))
    return {code: one for code, one in plain.items() if code.startswith("RU-")}


@cache
def landmarks() -> list[dict]:
    return [one for file in SOURCES.glob("landmarks*.yaml") for one in yaml.safe_load(file.read_text("utf-8"))]


@cache
def morphology():
    return pymorphy3.MorphAnalyzer()


def in_cases(phrase: str) -> Iterator[str]:
    """A name in three cases by pymorphy3, whatever the lexicon was built by: what agrees with the head changes."""
    for case, sentence in CASES.items():
        words, is_open = [], True
        for word in phrase.split():
            parses = [one for one in morphology().parse(word) if "nomn" in one.tag and one.tag.POS in ("NOUN", "ADJF")]
            parses.sort(key=lambda one: "Geox" not in one.tag)
            inflected = parses[0].inflect({case}) if parses and is_open else None
            words.append(inflected.word if inflected else word)
            is_open = is_open and bool(parses) and parses[0].tag.POS == "ADJF"
        shown = " ".join(word.capitalize() if phrase.split()[i][0].isupper() else word for i, word in enumerate(words))
        yield sentence.format(shown)


def bare(term: str) -> str:
    return term.lstrip("=^")


def is_plain(term: str) -> bool:
    """A name that the dictionary can put into cases: not one that the sources write out form by form."""
    return not term.startswith(("=", "^")) and "-" not in term and "." not in term and not term.isupper()


def missing(names: list[str], code: str) -> list[str]:
    return [text for name in names for text in in_cases(name) if code not in read(text).regions]


def test_there_are_all_83():
    assert len(regions()) == N_REGIONS


@pytest.mark.parametrize("code", sorted(regions()))
def test_a_region_is_found_in_three_cases_by_name_capital_three_towns_and_a_landmark(code):
    region = regions()[code]
    assert not missing([region["short"]["ru"]], code)
    assert not missing([region["name"]["ru"]], code)
    capital = region["capital"]["ru"]
    spelled = [f"город {capital}"] if "ru" in region["capital"].get("terms", {}) else [capital]
    assert not missing(spelled, code)
    towns = [town["ru"] for town in region["towns"] if is_plain(town["ru"])]
    found = [town for town in towns if not missing([town], code)]
    assert len(found) >= 3, (towns, found)
    own = [one for one in landmarks() if one["region"] == code]
    names = [term for one in own for term in one.get("ru", ()) if is_plain(term)]
    assert any(not missing([name], code) for name in names), names


@pytest.mark.parametrize("code", sorted(regions()))
def test_a_region_is_found_by_an_adjective_in_three_cases(code):
    region = regions()[code]
    adjectives = [*region.get("adjectives", ()), *region.get("capital_adjectives", ())]
    adjectives += [word for town in region["towns"] for word in town.get("adjectives", ())]
    frames = ("{} праздник", "{} праздника", "{} праздником")
    for adjective in adjectives:
        parse = next((one for one in morphology().parse(adjective) if one.tag.POS == "ADJF"), None)
        if parse is None:
            continue
        forms = [parse.inflect({"masc", "sing", case}).word for case in ("nomn", "gent", "ablt")]
        texts = [frame.format(form) for frame, form in zip(frames, forms, strict=True)]
        if all(code in read("Это был " + text + ".").regions for text in texts):
            return
    raise AssertionError(f"no adjective of {code} is found: {adjectives}")
