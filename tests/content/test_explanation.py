"""Explanations: spans that lie in the text as written, layers without a gap, and "not available" that is not zero."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile_texts import texts
from otklik.content.explanation import NO_TEXT, NOT_READ, explain, layers
from otklik.content.reading import Span
from otklik.content.taxonomy import EMOTIONS, GROUPS, SIGNS, TOLD_STYLES

LENGTH = 30


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(st.integers(0, LENGTH - 1))
    end = draw(st.integers(start + 1, LENGTH))
    return Span(start, end, "x" * (end - start), draw(st.sampled_from(GROUPS)), "name", "label")


@settings(max_examples=200, deadline=None)
@given(st.lists(spans(), max_size=8))
def test_layers_cover_the_text_without_a_gap(found):
    at = 0
    for start, end, over in layers(found, LENGTH):
        assert start == at < end
        assert set(over) == {span for span in found if span.start < end and start < span.end}
        order = [GROUPS.index(span.group) for span in over]
        assert order == sorted(order)
        at = end
    assert at == LENGTH


def test_an_empty_text_has_no_layer():
    assert layers([], 0) == []
    assert layers([], 3) == [(0, 3, ())]


@settings(max_examples=300, deadline=None)
@given(texts)
def test_spans_lie_in_the_text_as_written(text):
    (found,) = explain([text], tag_names=False)
    starts = [span.start for span in found.reading.spans]
    assert starts == sorted(starts)
    for span in found.reading.spans:
        assert 0 <= span.start < span.end <= len(text)
        assert span.text == text[span.start : span.end]
        assert span.group in GROUPS
    pieces = layers(found.reading.spans, len(text))
    assert "".join(text[start:end] for start, end, _ in pieces) == text


def test_an_explanation_as_plain_types_survives_json():
    told = explain(["Мечеть Кул-Шариф в неоне: горжусь нашим городом! Тукай"])[0].to_dict("a")
    assert json.loads(json.dumps(told)) == told
    assert told["id"] == "a"
    assert told["regions"] == ["RU-TA"]
    assert set(told["signs"]) <= set(SIGNS)
    assert set(told["style"]) <= set(TOLD_STYLES)
    assert set(told["emotions"]) <= set(EMOTIONS)
    assert told["identity"] is True
    assert told["people"] == ["Габдулла Тукай"]
    assert told["not_available"] is None


@pytest.mark.parametrize("text", ["나의 도시", "我的城市很美"])
def test_what_was_not_read_is_not_available_and_not_false(text):
    told = explain([text])[0].to_dict()
    assert told["not_available"] == NOT_READ
    assert told["foreign_place"] is told["identity"] is told["scores"]["formula"] is None


@pytest.mark.parametrize("text", ["", " \n", "...", "\u200b"])
def test_no_text_says_so(text):
    told = explain([text])[0].to_dict()
    assert told["not_available"] == NO_TEXT
    assert told["language"] is told["identity"] is told["scores"]["formula"] is None


def test_texts_are_explained_in_their_order_and_alone():
    many = ["Казань", "나의 도시", "", "Париж и Уфа", "Приехал Иван Петров"]
    together = [one.to_dict() for one in explain(many)]
    assert together == [explain([text])[0].to_dict() for text in many]


def test_a_cut_text_says_so():
    assert explain(["Казань " * 5_000])[0].to_dict()["is_cut"] is True
    assert explain(["Казань"])[0].to_dict()["is_cut"] is False
