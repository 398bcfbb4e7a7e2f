"""The plain form of a text: one spelling, and every letter's place in the text as written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile_texts import HOSTILE, texts
from otklik.content.plain import MOST_CHARACTERS, plain

HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\u2066\u0301"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("КАЗАНЬ", "казань"),
        ("Ёлка", "елка"),
        ("Е\u0308лка", "елка"),
        ("И\u0306ошкар", "йошкар"),
        ("Каза\u0301нь", "казань"),
        ("К\u200bаз\u2060ань\ufeff", "казань"),
        ("Ｋａｚａｎ", "kazan"),
        ("𝐊𝐚𝐳𝐚𝐧", "kazan"),
        ("Qolşärif", "qolsarif"),
        ("Йошкар‑Ола — город", "йошкар-ола - город"),
        ("&#1050;азань &amp; Уфа", "казань & уфа"),
        ("\ud83dКазань", " казань"),
    ],
)
def test_spellings_of_one_thing_are_one(written, meant):
    assert plain(written).text == meant


def test_letters_that_differ_in_tatar_stay_apart():
    assert plain("Җәйге үзән, һава ҡала ңғҙ").text == "җәйге үзән, һава ҡала ңғҙ"


@pytest.mark.parametrize("tag", ["<b>", "</b>", "<i class='x'>", "<!-- x -->", "<SPAN>"])
def test_a_tag_inside_a_word_does_not_part_it(tag):
    assert plain(f"Каз{tag}ань").text == "казань"
    assert plain(f"Каз{tag}ань").span(2, 4) == (2, 4 + len(tag))


@pytest.mark.parametrize("blank", ["<br>", "</p>", "<div class='x'>", "[club1|", "https://otklik.example/a?b=<c>"])
def test_what_no_person_reads_is_one_blank(blank):
    found = plain(f"до {blank} после")
    assert found.text == "до   после"
    assert found.span(3, 4) == (3, 3 + len(blank))


def test_no_text_is_an_empty_one():
    assert plain(None).text == plain("").text == ""
    assert plain("Казань").span(2, 2) == (0, 0)


def test_a_find_is_shown_as_it_was_written():
    written = "<i>&#1050;а\u200bза\u0301нь</i>!"
    found = plain(written)
    at = found.text.index("казань")
    start, end = found.span(at, at + len("казань"))
    assert written[start:end] == "&#1050;а\u200bза\u0301нь"


def test_the_end_of_a_very_long_text_is_not_read():
    found = plain("я" * MOST_CHARACTERS + "Казань")
    assert found.is_cut
    assert "казань" not in found.text
    assert not plain("я" * MOST_CHARACTERS).is_cut


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_every_letter_has_its_place_in_hostile_texts(text):
    check_places(text)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_every_letter_has_its_place_in_the_original(text):
    check_places(text)


def check_places(text: str) -> None:
    found = plain(text)
    assert found.original == text
    assert len(found.text) == len(found.start) == len(found.end)
    places = list(zip(found.start, found.end, strict=True))
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from(HIDDEN)), max_size=6))
def test_hidden_characters_change_nothing(put):
    written = "казань"
    for at, hidden in sorted(put, reverse=True):
        written = written[:at] + hidden + written[at:]
    assert plain(written).text == "казань"


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("АЯЁёйЙәҙҡKkazş '-—.!🔥\n"), max_size=40))
def test_plain_text_is_plain_already(text):
    once = plain(text).text
    assert plain(once).text == once
