"""Every feature has plain words in both languages, and its value is written as a person writes it."""

from __future__ import annotations

import pytest

from otklik.features import CATALOG, media
from otklik.models.explain import CALIBRATION, JOINED, TOPIC
from otklik.models.forecast import FeatureEffect
from otklik.models.plain_words import book, effect_words, feature_words, group_words, value_words

NAMES = sorted({feature.name for feature in (*CATALOG, *media.FEATURES)})


def test_every_feature_has_words_in_both_languages_and_a_form():
    told = book()
    assert not set(NAMES) - set(told.features), "add a line to models/plain_words.yaml"
    for name in (*NAMES, TOPIC, CALIBRATION):
        english, russian = told.features[name].phrase
        assert told.features[name].form in told.forms, name
        assert any("а" <= char <= "я" for char in russian.lower()), name
        assert not any("а" <= char <= "я" for char in english.lower()), name
        assert max(len(english), len(russian)) <= 80, name


def test_every_group_has_words_in_both_languages():
    groups = {name.split("__")[0] for name in (*NAMES, *JOINED.values(), CALIBRATION)}
    assert groups <= set(book().groups)
    assert (group_words("topic", "en"), group_words("topic", "ru")) == ("what it is about", "о чём он")


def test_no_words_are_left_of_a_feature_that_is_gone():
    assert not set(book().features) - set(NAMES) - {TOPIC, CALIBRATION}


def test_no_two_features_of_a_group_are_told_by_the_same_words():
    for which in (0, 1):
        told = [(name.split("__")[0], book().features[name].phrase[which]) for name in NAMES]
        assert len(set(told)) == len(told), sorted(one for one in told if told.count(one) > 1)


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("value", [0.0, 1.0, -0.3, 0.04, 7.5, 60.0, 1e6, -1e6])
def test_any_value_of_any_feature_can_be_written(lang, value):
    for name in NAMES:
        told = value_words(name, value, lang)
        assert told.strip(), name
        assert not told.startswith("-0") or any(digit in told for digit in "123456789"), (name, told)


@pytest.mark.parametrize(
    ("name", "value", "english", "russian"),
    [
        ("calendar__hour_local", 23.999, "0:00", "0:00"),
        ("calendar__weekday", 4.0, "Friday", "пятница"),
        ("calendar__is_weekend", 0.0, "no", "нет"),
        ("calendar__is_weekend", 0.5, "every second time", "через раз"),
        ("text__title_n_words", 7.5, "7.5", "7,5"),
        ("text__text_n_chars_log", 7.6014, "2,000", "2 000"),
        ("text__duration_s_log", 5.416, "3 min 44 s", "3 мин 44 с"),
        ("text__title_capitals_share", 0.12, "12%", "12 %"),
        ("early__likes_per_view", 0.042, "4.2%", "4,2 %"),
        ("author__last_lift", 0.6931, "×2.0", "×2,0"),
        ("author__hours_since_last_log", 5.48, "10 d", "10 дн."),
        ("author__hours_since_last_log", 1.386, "3 h", "3 ч"),
        ("place__level", 4.0, "a town or village", "город или село"),
        ("place__home_km_log", 6.1, "445 km", "445 км"),
        ("audio__lufs", -14.04, "-14.0 LUFS", "-14,0 LUFS"),
        ("hook__speech_from_s", 0.4, "0.4 s", "0,4 с"),
    ],
)
def test_values_have_the_unit_and_form_of_the_language(name, value, english, russian):
    assert value_words(name, value, "en") == english
    assert value_words(name, value, "ru").replace("\xa0", " ") == russian


def test_an_effect_is_told_beside_the_usual_value_where_that_is_known():
    assert (
        effect_words(FeatureEffect("text__title_n_words", 0.1, 9.0, 5.0), "en") == "words in the title: 9 (usually 5)"
    )
    assert effect_words(FeatureEffect("text__title_n_words", 0.1, 9.0, None), "ru") == "слов в заголовке: 9"
    assert effect_words(FeatureEffect("text__n_tags", 0.1, None, 3.0), "en") == "tags: not known (usually 3)"


def test_a_feature_without_words_is_called_by_its_name():
    assert feature_words("early__new_thing", "ru") == "early__new_thing"
    assert value_words("early__new_thing", 0.25, "en") == "0.25"
    assert group_words("weather", "ru") == "weather"
