"""English and Russian: sentences by template, numbers and instants in the form of the language.

The English template is the key of its translation in ``locale/ru.json``; ``locale/en.json`` holds plural forms of
English. A translation may be a mapping of plural forms (one, few, many, other), chosen by the value ``n``. Babel is
imported when first needed: help must be quick.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from otklik.errors import OtklikError

LANGUAGES = ("en", "ru")


@cache
def catalog(lang: str) -> dict[str, Any]:
    """Translations by English template; for English only sentences that differ with the number in them."""
    return json.loads(files("otklik").joinpath(f"locale/{lang}.json").read_text(encoding="utf-8"))


def t(template: str, lang: str, /, **values: Any) -> str:
    """A sentence in a language; one without a translation stays English.

    >>> t("{n} posts", "ru", n=3)
    '3 поста'
    """
    found = catalog(lang).get(template, template)
    if isinstance(found, dict):
        from babel import Locale

        count = values.get("n", 0)
        form = Locale(lang).plural_form(count) if isinstance(count, int | float) else "other"
        found = found.get(form, found["other"])
    told = {name: value if name in THEIRS else _inside(value, lang) for name, value in values.items()}
    return found.format(**told)


THEIRS = frozenset({"name", "path", "file", "folder", "title", "text", "got", "post", "author", "label", "labels"})
"""Places of a sentence that hold what others have named: a sound called "music" keeps its name."""


def _inside(value: Any, lang: str) -> Any:
    """Values inside a sentence: whole numbers get the grouping of the language, words of ours are translated."""
    if isinstance(value, int) and abs(value) >= 10_000:
        return number(value, lang)
    told = catalog(lang).get(value) if isinstance(value, str) else None
    return told if isinstance(told, str) else value


def say(error: OtklikError, lang: str, zone: str = "UTC") -> str:
    """What an error says, in a language; instants in it are told in a zone."""
    told = {name: moment(one, zone, lang) if isinstance(one, datetime) else one for name, one in error.values.items()}
    return t(error.template, lang, **told)


def number(value: float, lang: str, digits: int = 0) -> str:
    """A number with grouped thousands.

    >>> number(12345.678, "en", 1), number(12345.678, "ru", 1).replace(chr(160), " ")
    ('12,345.7', '12 345,7')
    """
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(round(value, digits), format=pattern, locale=lang)


def count(value: float, lang: str) -> str:
    """A forecast count: three significant figures, since more would pretend.

    >>> count(123456, "en"), count(42.4, "en")
    ('123,000', '42')
    """
    size = len(str(int(abs(value))))
    return number(round(value, -(size - 3)) if size > 3 else value, lang)


def factor(value: float, lang: str) -> str:
    """A multiple.

    >>> factor(1.44, "en"), factor(1.44, "ru"), factor(25.2, "en")
    ('×1.4', '×1,4', '×25')
    """
    digits = 2 if value < 1.2 else 1 if value < 10 else 0
    return "×" + number(value, lang, digits)


def percent(value: float, lang: str, digits: int = 0) -> str:
    """A share as per cent.

    >>> percent(0.805, "en", 1), percent(0.805, "ru", 1).replace(chr(160), " ")
    ('80.5%', '80,5 %')
    """
    from babel.numbers import format_percent

    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_percent(value, format=pattern + ("%" if lang == "en" else "\xa0%"), locale=lang)


def moment(instant: datetime, zone: str, lang: str) -> str:
    """An instant in a zone, with the zone.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 11, 23, 15, 30, tzinfo=UTC), "Europe/Moscow", "en")
    '23 Nov 2026, 18:30 (UTC+3)'
    """
    from babel.dates import format_datetime

    local = instant.astimezone(ZoneInfo(zone))
    offset = local.utcoffset()
    hours = offset.total_seconds() / 3600 if offset else 0.0
    return f"{format_datetime(local, 'd MMM y, HH:mm', locale=lang)} (UTC{hours:+g})"


def hours(value: float, lang: str) -> str:
    """An age or a span.

    >>> hours(1.5, "en"), hours(30.0, "ru")
    ('1.5 h', '30 ч')
    """
    digits = 0 if value >= 10 or value == int(value) else 1
    return f"{number(value, lang, digits)} {'h' if lang == 'en' else 'ч'}"
