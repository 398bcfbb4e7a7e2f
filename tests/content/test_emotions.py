"""Emotions: expressed, strengthened, denied, drawn, and turned round by irony."""

from __future__ import annotations

import pytest

from otklik.content.lexicon import lexicon
from otklik.content.reader import read


def weight(text: str, name: str) -> float:
    return read(text).emotion_weights().get(name, 0.0)


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("Горжусь!", "pride"),
        ("Минем халкым белән горурланам", "pride"),
        ("Дух захватывает", "awe"),
        ("УРА! Наш город победил", "joy"),
        ("Я люблю Казань", "love"),
        ("Яратам", "love"),
        ("I love this city", "love"),
        ("Не перестаю удивляться", "surprise"),
        ("Мне страшно", "fear"),
        ("Грустно", "sadness"),
        ("Позор!", "anger"),
    ],
)
def test_an_emotion_is_found(text, emotion):
    assert emotion in read(text).emotions


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("Не горжусь этим городом", "pride"),
        ("Мне не страшно", "fear"),
        ("Я НЕ люблю зиму", "love"),
        ("I don't love this city", "love"),
        ("Яратмыйм", "love"),
        ("Никогда не боюсь", "fear"),
    ],
)
def test_a_denied_emotion_is_not_expressed(text, emotion):
    assert emotion not in read(text).emotions


def test_a_denied_emotion_is_shown_and_does_not_count():
    (span,) = [one for one in read("Не горжусь").spans if one.group == "emotion"]
    assert span.weight < 0
    assert read("Не горжусь").of("emotion") == []


@pytest.mark.parametrize("text", ["Не только люблю, но и горжусь", "Не люблю, а обожаю", "Нет! Люблю!"])
def test_a_negation_of_something_else_denies_nothing(text):
    assert "love" in read(text).emotions


@pytest.mark.parametrize(
    ("word", "name"), [("горжусь", "pride"), ("люблю", "love"), ("боюсь", "fear"), ("грустно", "sadness")]
)
def test_words_and_marks_make_an_emotion_stronger_or_weaker(word, name):
    usual = weight(f"Мне {word}", name)
    assert weight(f"Мне очень {word}", name) > usual
    assert weight(f"Мне {word}!", name) > usual
    assert weight(f"Мне {word.upper()}", name) > usual
    assert 0 < weight(f"Мне немного {word}", name) < usual


def test_a_strengthening_word_of_another_clause_changes_nothing():
    assert weight("Очень. Я горжусь", "pride") == weight("Я горжусь", "pride")


@pytest.mark.parametrize("emoji", lexicon().emoji)
def test_an_emoji_carries_its_emotions(emoji):
    assert set(read(f"город {emoji}").emotion_weights()) == set(lexicon().emoji[emoji])


def test_a_row_of_emoji_carries_little_more_than_two():
    assert weight("😍" * 40, "love") == weight("😍" * 4, "love") <= 1.5
    assert read("😍😍").emotions == ["awe", "love"]


@pytest.mark.parametrize(
    "text",
    [
        "Ну спасибо, просто прекрасно: опять яма на дороге 🤡",
        "Спасибо мэрии за лужи",
        "Люблю 🤡",
    ],
)
def test_praise_that_means_its_opposite_is_anger(text):
    found = read(text)
    assert found.has_irony
    assert found.emotions == ["anger"]


@pytest.mark.parametrize("text", ["Спасибо маме за пирог", "Люблю Казань", "🤡"])
def test_praise_without_a_grievance_is_no_irony(text):
    assert not read(text).has_irony


def test_a_text_without_feeling_has_none():
    assert read("Расписание занятий на вторник").emotions == []
