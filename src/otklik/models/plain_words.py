"""Plain words for the features of a model, in English and Russian, and how the value of each is written.

They stand in ``plain_words.yaml``: a new feature needs one line there, or none where a family of names covers it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from otklik.language import LANGUAGES, factor, hours, number, percent, t
from otklik.models.forecast import FeatureEffect

FILE = "plain_words.yaml"
MOST_LOG = 50.0
"""Logs beyond it are told as this: no count is as large."""
LONG_S = 60.0
"""From so many seconds on a length is told in minutes."""
LONG_H = 72.0
"""From so many hours on an age is told in days."""

Pair = tuple[str, str]
"""A phrase in each of :data:`otklik.language.LANGUAGES`."""


@dataclass(frozen=True, slots=True)
class Form:
    """How the value of a feature is written."""

    kind: str = "number"
    log1p: bool = False
    """The feature is ``log(1 + n)``: ``n`` is told."""
    log: bool = False
    """The feature is ``log(n)``: ``n`` is told."""
    digits: int | None = None
    """After the point; ``None``: as many as the size of the number asks for."""
    unit: Pair | None = None
    choices: Mapping[float, Pair] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """A short noun phrase for a feature, and the name of its form."""

    phrase: Pair
    form: str


@dataclass(frozen=True, slots=True)
class Book:
    """All words, as the file tells them; families are spelt out."""

    forms: Mapping[str, Form]
    groups: Mapping[str, Pair]
    features: Mapping[str, Words]


@cache
def book() -> Book:
    """The words of the package."""
    import yaml

    plain = yaml.safe_load(resources.files("otklik.models").joinpath(FILE).read_text(encoding="utf-8"))
    forms = {name: _form(one or {}) for name, one in plain["forms"].items()}
    features = {
        name: Words((english, russian), form)
        for name, (english, russian, form) in {**_spelt_out(plain), **plain["sums"], **plain["features"]}.items()
    }
    return Book(forms, {name: _pair(pair) for name, pair in plain["groups"].items()}, features)


def _form(plain: dict[str, Any]) -> Form:
    choices = {float(value): _pair(pair) for value, pair in plain.get("choices", {}).items()}
    unit = _pair(plain["unit"]) if "unit" in plain else None
    return Form(
        plain.get("kind", "number"),
        plain.get("log1p", False),
        plain.get("log", False),
        plain.get("digits"),
        unit,
        choices,
    )


def _pair(plain: list[str]) -> Pair:
    english, russian = plain
    return english, russian


def _spelt_out(plain: dict[str, Any]) -> dict[str, list[str]]:
    """Every name of every family: a name of a class in place of the braces, its words in the phrase."""
    return {
        name.format(one): [
            *(phrase.format(words[i]) for i, phrase in enumerate(family["words"][:2])),
            family["words"][2],
        ]
        for name, family in plain["families"].items()
        for one, words in plain["classes"][family["of"]].items()
    }


def feature_words(name: str, lang: str) -> str:
    """A short noun phrase for a feature; one without any is called by its name.

    >>> feature_words("calendar__hour_local", "en"), feature_words("sign__mosque", "ru")
    ('hour of publication', 'упоминания знаков: мечеть')
    """
    found = book().features.get(name)
    return name if found is None else found.phrase[LANGUAGES.index(lang)]


def group_words(group: str, lang: str) -> str:
    """Plain words for a group of features; one without any is called by its name.

    >>> group_words("calendar", "en"), group_words("calendar", "ru")
    ('timing', 'время выхода')
    """
    found = book().groups.get(group)
    return group if found is None else found[LANGUAGES.index(lang)]


def form_of(name: str) -> str:
    """Name of the form in which the value of a feature is written; ``count`` for one without words."""
    found = book().features.get(name)
    return "count" if found is None else found.form


def value_words(name: str, value: float | None, lang: str) -> str:
    """The value of a feature as a person writes it, with its unit; an unknown one is said to be so.

    >>> value_words("calendar__hour_local", 19.5, "en"), value_words("text__duration_s_log", 4.078, "en")
    ('19:30', '58 s')
    >>> value_words("author__last_lift", 0.26, "ru"), value_words("place__in_title", 1.0, "ru")
    ('×1,3', 'да')
    """
    if value is None or not math.isfinite(value):
        return t("not known", lang)
    form = book().forms[form_of(name)]
    if form.log1p or form.log:
        value = (math.expm1 if form.log1p else math.exp)(min(value, MOST_LOG))
    return _WRITERS[form.kind](value, form, lang)


def effect_words(effect: FeatureEffect, lang: str) -> str:
    """A feature in plain words with its value, and with the author's usual one where that is known.

    >>> effect_words(FeatureEffect("calendar__hour_local", 0.1, 19.0, 12.5), "en")
    'hour of publication: 19:00 (usually 12:30)'
    >>> effect_words(FeatureEffect("topic", 0.1, None, None), "en")
    'what it is about'
    """
    what = feature_words(effect.name, lang)
    if form_of(effect.name) == "none":
        return what
    value = value_words(effect.name, effect.value, lang)
    if effect.usual is None:
        return f"{what}: {value}"
    usual = value_words(effect.name, effect.usual, lang)
    return t("{what}: {value} (usually {usual})", lang, what=what, value=value, usual=usual)


def _number(value: float, form: Form, lang: str) -> str:
    digits = _digits(value) if form.digits is None else form.digits
    told = number(round(value, digits) + 0.0, lang, digits)  # plus zero: no "-0"
    return told if form.unit is None else f"{told} {form.unit[LANGUAGES.index(lang)]}"


def _digits(value: float) -> int:
    """Digits after the point: none for whole and large numbers, enough to tell small ones from 0."""
    size = abs(value)
    return 0 if size >= 100 or abs(value - round(value)) < 1e-6 else 1 if size >= 1 else 2


def _share(value: float, form: Form, lang: str) -> str:
    return percent(value, lang, 1 if 0 < value < 0.095 else 0)


def _factor(value: float, form: Form, lang: str) -> str:
    return factor(math.exp(min(value, MOST_LOG)), lang)


def _ratio(value: float, form: Form, lang: str) -> str:
    return number(math.exp(min(value, MOST_LOG)), lang, 2)


def _clock(value: float, form: Form, lang: str) -> str:
    minutes = round(value * 60) % (24 * 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def _seconds(value: float, form: Form, lang: str) -> str:
    minute, second = ("min", "s") if lang == "en" else ("мин", "с")
    if value < LONG_S:
        return f"{number(value, lang, 0 if value >= 10 or value == int(value) else 1)} {second}"
    whole = round(value)
    return f"{number(whole // 60, lang)} {minute}" + (f" {whole % 60} {second}" if whole % 60 else "")


def _hours(value: float, form: Form, lang: str) -> str:
    if value < LONG_H:
        return hours(round(value, 1), lang)
    return f"{number(value / 24, lang)} {'d' if lang == 'en' else 'дн.'}"


def _choice(value: float, form: Form, lang: str) -> str:
    nearest = min(form.choices, key=lambda one: (abs(one - value), one))
    return form.choices[nearest][LANGUAGES.index(lang)]


_WRITERS: dict[str, Callable[[float, Form, str], str]] = {
    "number": _number,
    "share": _share,
    "factor": _factor,
    "ratio": _ratio,
    "clock": _clock,
    "seconds": _seconds,
    "hours": _hours,
    "choice": _choice,
    "none": lambda value, form, lang: "",
}
