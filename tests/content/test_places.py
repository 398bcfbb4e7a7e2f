"""Which place a name means: names that are words, people, brands, streets, or several places at once."""

from __future__ import annotations

import pytest

from otklik.content.reader import read


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("Мы гуляли у Казанского собора.", ["RU-SPE"]),
        ("Приехали на Казанский вокзал.", ["RU-MOW"]),
        ("Казанский кремль зимой", ["RU-TA"]),
        ("Московский вокзал", ["RU-SPE"]),
        ("Ростов-на-Дону", ["RU-ROS"]),
        ("Ростов Великий", ["RU-YAR"]),
        ("Нижегородский кремль", ["RU-NIZ"]),
    ],
)
def test_the_longest_name_says_where_a_thing_stands(text, regions):
    assert read(text).regions == regions


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("Мир прекрасен", []),
        ("Нам нужен мир во всём мире", []),
        ("Мир, труд, май", []),
        ("Алмазы добывают в городе Мирный, это Якутия", ["RU-SA"]),
        ("Заря над рекой", []),
        ("Занимается заря", []),
        ("Кабан выбежал на дорогу", []),
        ("Дикий кабан", []),
        ("Гуляли у озера Кабан", ["RU-TA"]),
        ("Орёл парит над горой", []),
        ("Приехали в Орёл", ["RU-ORL"]),
        ("Плов в казане", []),
        ("В казани выпал снег", ["RU-TA"]),
        ("Надежда умирает последней", []),
        ("Село Надежда Ставропольского края", ["RU-STA"]),
        ("Владимир Путин приехал", []),
        ("Приехали во Владимир", ["RU-VLA"]),
    ],
)
def test_a_name_that_is_also_a_word_or_a_person_needs_a_sign_that_a_place_is_meant(text, regions):
    assert read(text).regions == regions


@pytest.mark.parametrize(
    "text",
    [
        "Moscow, Idaho",
        "Moscow, Idaho is a small town",
        "St. Petersburg, Florida",
        "Санкт-Петербург во Флориде",
        "Москва в штате Айдахо",
        "Odessa, Texas",
    ],
)
def test_a_namesake_abroad_is_abroad(text):
    found = read(text)
    assert found.regions == []
    assert found.has_foreign_place


@pytest.mark.parametrize("text", ["Лечу в Париж", "Отпуск в Париже", "Paris", "Рим, Лондон и Берлин", "Эйфелева башня"])
def test_a_capital_abroad_is_no_village_of_that_name(text):
    found = read(text)
    assert found.regions == []
    assert found.has_foreign_place


@pytest.mark.parametrize(
    "text",
    [
        "Русские горки открылись в парке",
        "Американские горки",
        "Русская рулетка",
        "По московскому времени",
        "Китайская грамота",
        "Казанская сирота",
        "Сибирская язва",
    ],
)
def test_a_set_phrase_names_no_place(text):
    found = read(text)
    assert found.regions == []
    assert not found.has_foreign_place


@pytest.mark.parametrize(
    "text",
    ["Улица Казанская", "ул. Казанская, 5", "Иду по Казанской улице", "Московский проспект", "Казанское шоссе"],
)
def test_a_street_is_not_the_town_that_it_is_called_after(text):
    assert read(text).regions == []


@pytest.mark.parametrize(
    "text",
    [
        "Холодильник «Саратов» в хорошем состоянии",
        "Ресторан «Казань» открылся",
        "Мотоцикл «Урал» на ходу",
        "Шины «Кама» на лето",
    ],
)
def test_a_name_that_fills_quotation_marks_is_a_brand(text):
    assert read(text).regions == []


def test_a_landmark_in_quotation_marks_is_still_one():
    assert read("Комплекс «Кул-Шариф»").regions == ["RU-TA"]


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("Живу в Советске", []),
        ("Советск, Калининградская область", ["RU-KGD"]),
        ("Советск Кировской области", ["RU-KIR"]),
        ("Кировск", []),
        ("Кировск Мурманской области", ["RU-MUR"]),
        ("В Заречном Пензенской области", ["RU-PNZ"]),
        ("В Троицке Челябинской области", ["RU-CHE"]),
        ("Первомайский", []),
        ("Ростов, Ярославская область", ["RU-YAR"]),
    ],
)
def test_one_name_in_several_regions_is_told_by_the_rest_of_the_text_or_not_at_all(text, regions):
    assert read(text).regions == regions


@pytest.mark.parametrize("text", ["Русский язык", "Русская зима", "Это русские люди", "Русский праздник"])
def test_russian_is_a_people_and_not_an_island_of_primorye(text):
    assert read(text).regions == []
    assert read("Остров Русский, Владивосток").regions == ["RU-PRI"]


@pytest.mark.parametrize("text", ["Урал", "Люблю Урал", "Волга", "Поволжье", "Россия", "Кама"])
def test_a_river_a_mountain_range_or_the_country_lies_in_no_one_region(text):
    assert read(text).regions == []


def test_several_places_are_all_named():
    found = read("Из Казани в Уфу, потом Красноярск и Токио")
    assert found.regions == ["RU-BA", "RU-KYA", "RU-TA"]
    assert found.has_foreign_place
    assert found.n_places == 3


@pytest.mark.parametrize(
    "text", ["Казанда яшим", "Казан шәһәре", "Татарстаныбызда", "I live in Kazan", "KAZAN", "#Казань"]
)
def test_a_place_is_found_in_tatar_english_capitals_and_hashtags(text):
    assert read(text).regions == ["RU-TA"]
