"""The compiled lexicon is what its sources say, and terms are found in all their forms."""

from __future__ import annotations

from pathlib import Path

import otklik.content
from otklik.content.building.compile import compiled
from otklik.content.lexicon import FILE, lexicon
from otklik.content.plain import plain
from otklik.content.taxonomy import EMOTIONS, IDENTITIES, SIGNS, STYLES
from otklik.content.tokens import tokens

FOLDER = Path(otklik.content.__file__).parent


def found(text: str, *, turkic: bool = False) -> set[tuple[str, str]]:
    row = tokens(plain(text))
    return {(one.entry.group, one.entry.label) for one in lexicon().matches(row, [turkic] * len(row))}


def test_the_file_in_the_package_is_made_from_the_sources_beside_it():
    assert compiled(FOLDER / "sources") == (FOLDER / FILE).read_bytes(), (
        "run `make lexicon` after a change of the sources"
    )


def test_every_class_has_titles_in_both_languages_and_terms():
    groups = {"sign": SIGNS, "style": STYLES, "emotion": EMOTIONS, "identity": IDENTITIES}
    names = {f"{group}/{name}" for group, classes in groups.items() for name in classes}
    assert set(lexicon().classes) == names
    assert all(one["title"]["ru"] and one["title"]["en"] for one in lexicon().classes.values())
    said = {f"{one.group}/{name}" for one in lexicon().entries for name in one.classes if one.group in groups}
    assert names <= said


def test_a_phrase_is_found_in_any_case_and_a_stem_under_any_endings():
    for text in ("Казанский кремль", "у Казанского кремля", "с казанским кремлём"):
        assert ("place", "Казанский кремль") in found(text)
    for text in ("мәчет", "мәчетләребездән", "мәчетнең"):
        assert any(group == "sign" for group, _ in found(text, turkic=True))
        assert not any(group == "sign" for group, _ in found(text))


def test_arousal_and_valence_are_apart():
    anger, sadness, joy = (lexicon().classes[f"emotion/{name}"] for name in ("anger", "sadness", "joy"))
    assert anger["valence"] < 0 < joy["valence"]
    assert anger["arousal"] > sadness["arousal"]
