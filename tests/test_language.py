"""Everything that can be said in English can be said in Russian, and numbers follow the language."""

from __future__ import annotations

import string
from datetime import UTC, datetime

import pytest

from otklik.errors import DataError
from otklik.language import catalog, count, factor, hours, moment, number, percent, say, t
from templates import templates


def places(template: str) -> set[str]:
    return {name.split("!")[0] for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_sentence_has_a_translation():
    missing = {text: where for text, where in templates().items() if text not in catalog("ru")}
    assert not missing, "\n".join(f"{where}: {text}" for text, where in missing.items())


def test_no_translation_is_left_of_a_sentence_that_is_gone():
    assert not set(catalog("ru")) - set(templates())


def test_translations_keep_the_places_and_are_in_russian():
    for template, told in catalog("ru").items():
        for form in told.values() if isinstance(told, dict) else [told]:
            assert places(form) == places(template), template
    russian = [form for form in catalog("ru").values() if isinstance(form, str)]
    cyrillic = [any("а" <= char.lower() <= "я" for char in form) for form in russian]
    assert sum(cyrillic) / len(cyrillic) > 0.97


@pytest.mark.parametrize(
    ("n", "told"), [(1, "1 пост"), (3, "3 поста"), (11, "11 постов"), (21, "21 пост"), (25, "25 постов")]
)
def test_plural_forms_follow_the_number(n, told):
    assert t("{n} posts", "ru", n=n) == told


def test_an_unknown_template_stays_english_and_errors_are_told_in_both():
    assert t("no such sentence {x}", "ru", x=1) == "no such sentence 1"
    error = DataError("{n} posts", n=2)
    assert (say(error, "en"), say(error, "ru")) == ("2 posts", "2 поста")


def test_numbers_take_the_form_of_the_language():
    assert number(1234567.89, "en", 1) == "1,234,567.9"
    assert number(1234567.89, "ru", 1).replace("\xa0", " ") == "1 234 567,9"
    assert (factor(1.06, "en"), factor(0.4, "ru"), factor(120.0, "en")) == ("×1.06", "×0,40", "×120")
    assert percent(0.5, "ru") == "50\xa0%"
    assert (count(1234, "en"), count(987, "en"), count(230_456, "ru").replace("\xa0", " ")) == (
        "1,230",
        "987",
        "230 000",
    )
    assert (hours(24.0, "en"), hours(0.5, "ru")) == ("24 h", "0,5 ч")


def test_times_are_told_with_their_zone():
    at = datetime(2026, 12, 4, 16, tzinfo=UTC)
    assert moment(at, "Asia/Yekaterinburg", "en") == "4 Dec 2026, 21:00 (UTC+5)"
    assert moment(at, "UTC", "ru").endswith("16:00 (UTC+0)")


def test_english_plurals_are_of_sentences_that_are_said():
    assert not set(catalog("en")) - set(templates())
    assert t("no match among {n} sounds", "en", n=1) == "no match among 1 sound"
    assert t("no match among {n} sounds", "en", n=10) == "no match among 10 sounds"
