"""Agreement with labels given by hand: what is counted, and when there is nothing to count."""

from __future__ import annotations

from math import isnan

import pytest

from otklik.content.agreement import GROUPS, agreement, checked, labelled, said
from otklik.content.reader import read
from otklik.errors import DataError

TEXT = "Мечеть Кул-Шариф в неоне: горжусь нашим городом! Читаю Тукая"
LABEL = {
    "regions": ["RU-TA"],
    "foreign_place": False,
    "signs": ["mosque"],
    "style": ["neon_cyberpunk"],
    "emotions": ["pride"],
    "identity": True,
    "people": ["Габдулла Тукай"],
}


def counts(text: str, label: dict) -> dict[str, tuple[int, int, int]]:
    return {one.group: (one.right, one.found, one.labelled) for one in agreement([read(text)], [label])}


def test_a_reading_that_says_what_the_label_says_is_right_in_every_group():
    found = agreement([read(TEXT)], [LABEL])
    assert [one.group for one in found] == list(GROUPS)
    assert [(one.precision, one.recall) for one in found] == [(1.0, 1.0)] * len(GROUPS)


def test_a_false_find_costs_precision_and_a_miss_costs_recall():
    found = counts("Мечеть и церковь", {"signs": ["mosque", "food"]})
    assert found["sign"] == (1, 2, 2)
    (sign,) = [one for one in agreement([read("Мечеть и церковь")], [{"signs": ["mosque"]}]) if one.group == "sign"]
    assert (sign.precision, sign.recall) == (0.5, 1.0)


def test_a_text_without_labels_still_counts_against_what_was_found():
    assert counts("Мечеть в Казани", {})["place"] == (0, 1, 0)


def test_where_nothing_was_found_or_labelled_there_is_no_share():
    (place, *_rest) = agreement([read("Расписание на вторник")], [{}])
    assert isnan(place.precision)
    assert isnan(place.recall)


def test_counts_are_pooled_over_texts():
    texts, labels = (
        ["Казань", "Уфа", "Вторник"],
        [{"regions": ["RU-TA"]}, {"regions": ["RU-SVE"]}, {"regions": ["RU-BA"]}],
    )
    place = agreement([read(text) for text in texts], labels)[0]
    assert (place.right, place.found, place.labelled) == (1, 2, 3)


def test_a_place_abroad_is_a_place():
    assert said(read("Лечу в Токио"))["place"] == {"foreign"} == labelled({"foreign_place": True})["place"]


def test_people_are_the_same_by_their_last_name():
    assert (
        labelled({"people": ["Тукай", "Габдулла Тукай"]})["people"] == said(read("Стихи Тукая"))["people"] == {"тукай"}
    )


def test_as_many_labels_as_readings_are_needed():
    with pytest.raises(ValueError, match="shorter"):
        agreement([read("а"), read("б")], [{}])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"text": "Казань"}, "no text has a label"),
        ({"regions": None}, "text 1: regions should be a list of words, but is None"),
        ({"regions": "RU-TA"}, "text 1: regions should be a list of words, but is RU-TA"),
        ({"signs": [["mosque"]]}, "signs should be a list of words"),
        ({"identity": "yes"}, "identity should be true or false"),
    ],
)
def test_labels_of_another_kind_are_refused_and_named(line, message):
    with pytest.raises(DataError, match=message):
        checked([line])
