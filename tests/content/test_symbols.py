"""Signs and styles: what is one, and what only looks like one."""

from __future__ import annotations

import pytest

from otklik.content.reader import read


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Мечеть Кул-Шариф", "mosque"),
        ("Мәчетләребездән азан тавышы", "mosque"),
        ("The old mosque", "mosque"),
        ("У Казанского собора", "church"),
        ("Казанский кремль", "kremlin_fortress"),
        ("Минарет", "tower_minaret"),
        ("Речной вокзал", "station_port"),
        ("Казанский вокзал", "station_port"),
        ("Чак-чак на столе", "food"),
        ("Калфак и ичиги", "dress"),
        ("Сабантуй", "holiday_rite"),
        ("Гора Эльбрус", "nature"),
        ("Флаг Татарстана", "state_symbol"),
        ("Зилант", "animal_myth"),
        ("КАМАЗ", "industry_tech"),
    ],
)
def test_a_sign_is_found(text, sign):
    assert sign in read(text).signs


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Гора отчётов на столе", "nature"),
        ("Море писем в ящике", "nature"),
        ("Выступил Гончаров", "ornament_script"),
        ("Иван Медведев выступил", "animal_myth"),
        ("Улица Кремлёвская", "kremlin_fortress"),
        ("Шины «Кама» уже в продаже", "bridge_river"),
        ("Русские горки открылись", "nature"),
        ("Расписание занятий на вторник", "holiday_rite"),
    ],
)
def test_what_only_looks_like_a_sign_is_none(text, sign):
    assert sign not in read(text).signs


def test_a_word_named_in_passing_is_a_sign_only_when_it_is_named_twice_or_alone():
    assert read("Трамвай").signs == ["industry_tech"]
    assert read("Ехал трамвай по улице и остановился у дома").signs == []
    assert read("Ехал трамвай по улице, за ним второй трамвай у дома").signs == ["industry_tech"]


def test_a_sign_is_counted_once_where_words_overlap():
    spans = [span.text for span in read("Старый речной вокзал").of("sign")]
    assert spans == ["речной вокзал"]


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        ("Казань 2100", ["futuristic"]),
        ("Город в 2077 году", ["futuristic"]),
        ("Кремль в неоне", ["neon_cyberpunk"]),
        ("Нарисовано нейросетью", ["ai_made"]),
        ("AI art", ["ai_made"]),
        ("Ретро", ["retro"]),
        ("Расписание на вторник", []),
    ],
)
def test_a_style_is_found(text, styles):
    assert read(text).styles == styles


@pytest.mark.parametrize(
    "text",
    [
        "Цена 2500 рублей",
        "2077 рублей",
        "Высота 2500 метров",
        "Собрали 2100 лайков",
        "Основан в 1005 году",
        "В 2024 году",
    ],
)
def test_a_number_that_is_no_year_to_come_is_no_future(text):
    assert read(text).styles == []


@pytest.mark.parametrize("text", ["ai", "Он сказал: аи", "Said ai am"])
def test_two_letters_are_a_style_only_in_capitals(text):
    assert read(text).styles == []
