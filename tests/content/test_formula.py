"""Formula scores: more of what counts never scores less, all three beat two, and nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.content.formula import SCORES, Formula, Part, amount, reference, score, together
from otklik.content.reader import read

FILLERS = ("слово", "вторник", "таблица", "список", "пункт")
SIGNS = ("мечеть", "церковь", "кремль", "минарет", "памятник", "чак-чак", "орнамент", "калфак", "завод", "сабантуй")


def scores(text: str) -> Formula:
    return score(read(text))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(FILLERS + SIGNS), min_size=1, max_size=20), st.sampled_from(SIGNS), st.data())
def test_a_sign_in_place_of_another_word_never_lowers_the_sign_score(words, sign, data):
    words = [*words, "слово"]
    fillers = [at for at, word in enumerate(words) if word in FILLERS]
    at = data.draw(st.sampled_from(fillers))
    more = [*words[:at], sign, *words[at + 1 :]]
    assert scores(", ".join(more)).sign >= scores(", ".join(words)).sign


@pytest.mark.parametrize("light", ["снег", "лес"])
def test_a_light_sign_before_a_landmark_of_its_class_lowers_nothing(light):
    words = "слово, слово, слово, слово, слово, гора Эльбрус"
    assert scores(words.replace("слово", light, 1)).sign >= scores(words).sign


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=3, max_size=3), st.integers(0, 2), st.floats(0, 100))
def test_the_joint_score_never_falls_when_one_of_the_three_rises(percentiles, which, more):
    raised = [max(value, more) if at == which else value for at, value in enumerate(percentiles)]
    assert together(raised) >= together(percentiles) - 1e-12


def test_all_three_beat_any_two():
    whole = scores("Мечеть Кул-Шариф. Горжусь нашим городом!").formula
    for two in (
        "Мечеть Кул-Шариф. Горжусь работой!",
        "Мечеть на холме. В нашем городе тихо!",
        "Горжусь нашим городом!",
    ):
        assert whole > scores(two).formula
    assert together([60, 60, 60]) > together([100, 100, 0]) > together([100, 0, 0]) > together([0, 0, 0]) == 0


def test_scores_are_percentiles_of_a_named_corpus():
    found = scores("Мечеть Кул-Шариф. Горжусь нашим городом!")
    assert all(0 <= getattr(found, name) <= 100 for name in SCORES)
    assert (found.reference, found.n_reference) == (reference()["name"], reference()["n"])
    assert all(list(one) == sorted(one) for one in reference()["quantiles"].values())


def test_a_text_that_says_nothing_scores_nothing():
    found = scores("Расписание занятий на вторник")
    assert [getattr(found, name) for name in SCORES] == [0, 0, 0, 0]


@pytest.mark.parametrize("text", ["나의 도시", "我的城市很美", "مدينتي الجميلة"])
def test_a_language_that_is_not_read_has_no_score(text):
    found = scores(text)
    assert [getattr(found, name) for name in SCORES] == [None] * 4
    assert found.parts == {}
    assert found.to_dict()["formula"] is None


def test_a_score_tells_the_words_that_made_it_heaviest_first():
    parts = scores("Мечеть, мечеть и церковь. Горжусь нашим городом!").parts
    assert {part.text for part in parts["sign"]} == {"Мечеть", "мечеть", "церковь"}
    for found in parts.values():
        weights = [part.weight for part in found]
        assert weights == sorted(weights, reverse=True)


def test_repeating_a_sign_adds_less_than_another_sign():
    again, other = scores("мечеть, мечеть, слово").parts["sign"], scores("мечеть, церковь, слово").parts["sign"]
    assert amount(again, 3) < amount(other, 3)


def test_a_denied_emotion_adds_nothing():
    assert scores("Не горжусь").emotion == 0
    assert scores("Горжусь").emotion > 0


def test_length_dilutes_only_long_texts():
    parts = [Part("мечеть", "mosque", 1.0)]
    assert amount(parts, 1) == amount(parts, 12) > amount(parts, 48) == 0.5


def test_tatar_is_identity_by_itself():
    assert scores("Бүген көн бик матур булды").identity > 0
