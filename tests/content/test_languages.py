"""Russian, Tatar, Bashkir and English are told apart, whole texts and single words."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from otklik.content.languages import language_of, token_languages
from otklik.content.plain import plain
from otklik.content.taxonomy import LANGUAGES
from otklik.content.tokens import tokens

LABELLED = Path(__file__).parent / "labelled" / "languages.tsv"
ENOUGH = 0.95


@cache
def labelled() -> dict[str, list[str]]:
    found = defaultdict(list)
    for line in LABELLED.read_text("utf-8").splitlines():
        language, text = line.split("\t", 1)
        found[language].append(text)
    return found


def language(text: str) -> str:
    return language_of(tokens(plain(text)))


def test_every_language_has_labelled_texts():
    assert set(labelled()) == set(LANGUAGES)
    assert min(map(len, labelled().values())) >= 200


@pytest.mark.parametrize("expected", LANGUAGES)
def test_texts_are_told_apart(expected):
    texts = labelled()[expected]
    wrong = [text for text in texts if language(text) != expected]
    assert 1 - len(wrong) / len(texts) >= ENOUGH, wrong


@pytest.mark.parametrize("expected", LANGUAGES)
def test_words_are_told_apart(expected):
    rows = [(tokens(plain(text)), text) for text in labelled()[expected]]
    told = [one for row, text in rows for one in token_languages(row, language_of(row))]
    assert told.count(expected) / len(told) >= ENOUGH


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Җиләк", "tt"),
        ("Ҡала", "ba"),
        ("Минем авылым матур", "tt"),
        ("Мой город", "ru"),
        ("My city", "en"),
        ("나의 도시", "other"),
        ("我的城市", "other"),
        ("مدينتي", "other"),
        ("ჩემი ქალაქი", "other"),
    ],
)
def test_letters_decide_where_they_can(text, expected):
    assert language(text) == expected


@pytest.mark.parametrize(
    "title", ["Эйфелева башня", "Улица Карла Маркса", "Флаг Татарстана", "Кузбасс", "Волга", "США", "Ура!"]
)
def test_a_short_russian_title_is_russian(title):
    assert language(title) == "ru"


def test_a_text_of_two_scripts_that_is_mostly_read_is_read():
    assert language("Казань, мой любимый город, 도시") == "ru"
    assert language("도시 나의 사랑하는 Казань") == "other"


def test_a_quoted_song_does_not_change_the_language():
    text = "Песня «Туган авылым» звучит сегодня на площади, official video"
    row = tokens(plain(text))
    assert language_of(row) == "ru"
    assert token_languages(row, "ru")[-2:] == ["en", "en"]


def test_capitals_and_stress_marks_change_no_language():
    for text in ("Минем авылым матур", "Беҙҙең ҡала матур", "Мой любимый город", "My lovely city"):
        assert language(text.upper()) == language(text)
    assert language("Мо\u0301й люби\u0301мый го\u0301род") == "ru"
