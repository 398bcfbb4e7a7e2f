"""Every way into a text survives whatever text it is given, and disguises hide no city."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile_texts import HOSTILE, texts
from otklik.content.explanation import explain
from otklik.content.reader import joined, read
from otklik.content.topics import topic_vectors
from otklik.report.explained_text import fragment


def check(text: str, *, tag_names: bool) -> None:
    (found,) = explain([text], tag_names=tag_names)
    assert found.reading.text == text
    for span in found.reading.spans:
        assert span.text == text[span.start : span.end] != ""
    json.dumps(found.to_dict())
    for lang in ("en", "ru"):
        fragment(found, lang).encode()


@pytest.mark.parametrize("tag_names", [False, True])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_is_read_explained_and_shown(text, tag_names):
    check(text, tag_names=tag_names)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_any_text_is_read_explained_and_shown(text):
    check(text, tag_names=False)


@settings(max_examples=40, deadline=None)
@given(texts)
def test_any_text_may_be_shown_to_the_tagger(text):
    check(text, tag_names=True)


@settings(max_examples=50, deadline=None)
@given(st.none() | texts, st.none() | texts, st.none() | texts)
def test_any_part_of_a_post_may_be_missing(title, text, tags):
    whole = joined(title, text, tags)
    assert isinstance(whole, str)
    read(whole)


def test_missing_parts_leave_no_trace():
    assert joined(None, None, None) == joined("", "", "") == joined(None, None, " , ,") == ""
    assert joined("а", None) == "а"
    assert joined(None, "б", "в, г д") == "б\n#в #г_д"


@settings(max_examples=50, deadline=None)
@given(texts)
def test_reading_is_the_same_every_time(text):
    first = read(text)
    read.cache_clear()
    assert read(text) == first


def test_topics_of_hostile_texts_are_vectors_or_not_available():
    found = topic_vectors([None, *HOSTILE.values()])
    assert found.shape == (len(HOSTILE) + 1, 300)


@pytest.mark.parametrize(
    "text",
    [
        "КАЗАНЬ",
        "казань",
        "Каза\u0301нь",
        "К\u200bа\u200bз\u200bа\u200bн\u200bь",
        "\ufeffКазань\u00ad",
        "Ка\u2060зань",
        "Kaзaнь",
        "КAЗAHЬ",
        "Кaзaнью",
        "К4з4нь",
        "к@зань",
        "Ka3aнь",
        "КА3АНЬ",
        "Казааань",
        "К а з а н ь",
        "К-а-з-а-н-ь",
        "К.А.З.А.Н.Ь",
        "&#1050;азань",
        "<b>Казань</b>",
        "\u202eКазань\u202c",
        "[club1|Казань]",
        "Казань🔥",
        "Казань\x00",
        "\ud83dКазань",
        "Ｋａｚａｎ",
        "𝐊𝐚𝐳𝐚𝐧",
        "k4zan",
        "#МояКазань",
        "Казань_2100",
    ],
)
def test_kazan_is_found_in_any_disguise(text):
    assert read(text).regions == ["RU-TA"]
    assert read(f"Вчера ночью {text} спала").regions == ["RU-TA"]


@pytest.mark.parametrize("text", ["Приехали в Орёл", "Приехали в Орел", "Приехали в Оре\u0308л", "ПРИЕХАЛИ В ОРЁЛ"])
def test_yo_may_be_written_in_any_way(text):
    assert read(text).regions == ["RU-ORL"]


def test_what_stands_in_tags_and_addresses_is_not_read():
    for text in ("<a title='Казань'>здесь</a>", "https://x.example/Казань", "<!-- Казань --> тут"):
        assert read(text).regions == []
