"""Personalities: people whom a text is about, and not what is called after them."""

from __future__ import annotations

import pytest

from otklik.content import names
from otklik.content.explanation import explain
from otklik.content.reader import read

tagged = pytest.mark.skipif(names.why_not() is not None, reason=str(names.why_not()))


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Габдулла Тукай родился в ауле", ["Габдулла Тукай"]),
        ("Стихи Мусы Джалиля", ["Муса Джалиль"]),
        ("Рустам Минниханов открыл мост", ["Рустам Минниханов"]),
        ("Читаем Тукая и Мусу Джалиля", ["Габдулла Тукай", "Муса Джалиль"]),
        ("Тукай шигырьләре", ["Габдулла Тукай"]),
        ("Расписание на вторник", []),
    ],
)
def test_a_person_is_found_in_any_case_and_called_by_name(text, people):
    assert read(text).people == people


@pytest.mark.parametrize(
    "text",
    [
        "На площади Тукая открыли фонтан",
        "Площадь Габдуллы Тукая",
        "Улица Тукая",
        "Улица Габдуллы Тукая",
        "Станция метро «Габдуллы Тукая»",
        "Театр имени Мусы Джалиля",
        "Проспект Ленина",
        "Габдулла Тукай музее",
        "Тукай урамы",
    ],
)
def test_what_is_called_after_a_person_is_not_the_person(text):
    assert read(text).people == []


def test_a_person_who_is_named_twice_is_one():
    assert read("Тукай! Габдулла Тукай! Тукай!").people == ["Габдулла Тукай"]


def test_a_person_is_called_by_the_name_of_the_text_s_language():
    assert read("Gabdulla Tukay was a poet").people[0].isascii()


@tagged
@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Вчера приехал Иван Петров из Рязани.", ["Иван Петров"]),
        ("Кино с Тимуром Бекмамбетовым", ["Тимур Бекмамбетов"]),
        ("Вчера приехал\u200b Иван Петров.", ["Иван Петров"]),
        ("Вчера приехал Ива\u0301н Петро\u0301в.", ["Иван Петров"]),
    ],
)
def test_a_person_whom_no_list_holds_is_found_by_the_tagger(text, people):
    assert explain([text])[0].reading.people == people
    assert explain([text], tag_names=False)[0].reading.people == []


@tagged
@pytest.mark.parametrize("before", ["", "Чай &amp; кофе. ", "<b>Внимание!</b> ", "Ва\u0301жно! "])
def test_a_prize_is_not_the_person_whatever_stands_before(before):
    assert explain([before + "Премия Сергея Кузнецова вручена."])[0].reading.people == []


@tagged
def test_the_tagger_is_shown_no_tatar():
    assert explain(["Минем авылым матур, Илсур Хәбибуллин белән барабыз"])[0].reading.people == []


@tagged
def test_the_tagger_doubles_nobody_whom_the_lexicon_knows():
    spans = explain(["Президент Рустам Минниханов открыл мост."])[0].reading.of("person")
    assert [span.source for span in spans] == ["lexicon"]
