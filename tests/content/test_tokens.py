"""Words of a text, and what each may stand for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile_texts import HOSTILE, texts
from otklik.content.plain import plain
from otklik.content.tokens import Token, spellings, tokens

TWINS = dict(zip("асеорхукмнтв", "aceopxykmhtb", strict=True))


def words(text: str) -> list[Token]:
    return tokens(plain(text))


def keys(text: str) -> list[str]:
    return [word.key for word in words(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Мой город, моя Казань!", ["мой", "город", "моя", "казань"]),
        ("#МояКазань2100", ["моя", "казань", "2100"]),
        ("#моя_казань", ["моя", "казань"]),
        ("Казань-2100 Казань2100", ["казань", "2100", "казань", "2100"]),
        ("К а з а н ь", ["казань"]),
        ("К-А-З-А-Н-Ь", ["казань"]),
        ("I don't", ["i", "don't"]),
        ("2100", ["2100"]),
        ("🔥🔥", []),
    ],
)
def test_words_are_told_apart_as_a_person_would(text, found):
    assert keys(text) == found


@pytest.mark.parametrize("written", ["Kaзaнь", "К4з4нь", "к@зань", "Казааань", "K4зaнь", "Ka3aнь"])
def test_a_disguised_word_is_still_looked_up(written):
    (word,) = words(written)
    assert "казань" in word.keys


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["казань", "москва", "татарстан", "мечеть", "кремль"]), st.data())
def test_latin_letters_in_a_cyrillic_word_hide_nothing(word, data):
    twins = [at for at, letter in enumerate(word) if letter in TWINS]
    swapped = data.draw(st.sets(st.sampled_from(twins)))
    if len(swapped) == len(word):
        swapped = set()
    written = "".join(TWINS[letter] if at in swapped else letter for at, letter in enumerate(word))
    assert word in spellings(written)


@pytest.mark.parametrize("number", ["2100", "7", "3000000", "404"])
def test_a_number_stays_a_number(number):
    assert spellings(number) == (number,)


def test_a_word_knows_how_it_was_written():
    first, second, third, fourth = words("Город. КАЗАНЬ и «Кама»")
    assert first.is_capital
    assert first.opens
    assert second.is_shouted
    assert second.opens
    assert not third.is_capital
    assert not third.opens
    assert fourth.is_capital
    assert fourth.in_quotes
    assert not fourth.is_shouted
    assert words("#Казань")[0].in_hashtag
    assert not words("№ Казань")[0].in_hashtag


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_words_of_hostile_texts_lie_in_order(text):
    check_order(text)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_words_lie_in_order_and_share_no_letter(text):
    check_order(text)


def check_order(text: str) -> None:
    flat = plain(text)
    before = 0
    for word in tokens(flat):
        assert before <= word.start < word.end <= len(flat.text)
        assert word.keys
        assert all(word.keys)
        before = word.end


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("аезoka034@$1я'"), min_size=1, max_size=12))
def test_a_word_has_few_spellings_and_each_once(word):
    found = spellings(word)
    assert 1 <= len(found) <= 12
    assert len(set(found)) == len(found)
