"""Belonging: we, our and home of a community, and not the "we" of a company."""

from __future__ import annotations

import pytest

from otklik.content.reader import read


@pytest.mark.parametrize(
    "text",
    [
        "Наш город",
        "В нашем любимом городе",
        "Our city",
        "Моя родная Казань",
        "Казань моя",
        "Я из Казани",
        "Кто из Челнов?",
        "Мы татары",
        "Земляки!",
        "Челнинцы, внимание!",
        "Здесь все свои",
        "Узнаёшь свой город?",
    ],
)
def test_our_city_is_ours(text):
    assert read(text).has_identity


@pytest.mark.parametrize("text", ["Шәһәребез матур", "Халкыбыз", "Авылым", "Безнең авыл", "Минем халкым", "Үзебезнеке"])
def test_tatar_says_our_by_an_ending(text):
    assert read(text).has_identity


@pytest.mark.parametrize(
    "text",
    [
        "Наша компания рада предложить скидки",
        "Мы предлагаем услуги нашей компании жителям города",
        "Наш магазин открыт",
        "Мы открыли новый магазин",
        "Наша доставка работает по всему городу",
        "Наши цены ниже",
        "Our company is hiring",
        "Our team",
        "Я из дома не выхожу",
        "Расписание занятий на вторник",
    ],
)
def test_a_company_s_we_is_not_ours(text):
    assert not read(text).has_identity


@pytest.mark.parametrize("text", ["Казань. Мой отпуск начался", "Был в Казани. Наш автобус опоздал"])
def test_a_full_stop_parts_a_place_from_the_next_sentence_s_my(text):
    assert not read(text).has_identity


@pytest.mark.parametrize("text", ["Казань. Мой отпуск", "Наш город", "Мы татары, наш язык — татарча", "Шәһәребез"])
def test_no_expression_of_belonging_runs_over_a_full_stop(text):
    assert not [span.text for span in read(text).of("identity") if "." in span.text]


def test_russian_words_that_end_like_tatar_ones_are_not_possessed():
    assert not read("Озноб и колбаса").has_identity
    assert not read("Городничий без городка").has_identity
