"""Words of a teardown: what counters, checks, rules and explanations are called, and how its numbers are written."""

from __future__ import annotations

from datetime import datetime

from otklik.language import count, factor, hours, moment, number, percent, t
from otklik.models.forecast import Note

COUNTER_WORDS = {"views": "views", "likes": "reactions", "comments": "comments", "shares": "reposts"}
"""What people call a counter."""
CHECK_WORDS = {
    "constant_rate": "growth at one even rate",
    "sudden_step": "single sudden steps",
    "night_jump": "jumps at night",
    "growth_without_reactions": "views without reactions",
    "share_jump": "jumps of reposts",
    "likes": "reactions by views",
    "comments": "comments by views",
    "comments_per_like": "comments by reactions",
}
"""What was looked for, by the kind of sign."""
RIVAL_WORDS = {
    "timing": "the time of day",
    "trend": "the author's form",
    "same_day": "a good day for all",
    "promotion": "promotion",
    "topic": "the topic alone",
}
"""What an explanation beside the content is called."""
STANCE_WORDS = {
    "for": "explains a part",
    "against": "explains nothing",
    "open": "cannot be ruled out",
    "unmeasured": "not measurable",
}
"""What the numbers say of it."""
CHANGE_WORDS = {"title": "new title", "text": "new text", "cover": "new cover"}
"""What of a post may be replaced."""
PART_WORDS = {"sign": "sign", "emotion": "emotion", "identity": "identity", "formula": "formula"}
"""The formula's parts and all of it."""


def age(value: float, lang: str) -> str:
    """An age, in minutes below one hour.

    >>> age(0.25, "en"), age(24.0, "en"), age(5.5, "en")
    ('15 min', '24 h', '5.5 h')
    """
    if abs(value) < 1:
        return t("{minutes} min", lang, minutes=round(value * 60))
    return hours(round(value, 1), lang)


def share(value: float, lang: str) -> str:
    """A share of views, with as many digits as it needs.

    >>> share(0.0652, "en"), share(0.0007, "en"), share(0.45, "en")
    ('6.5%', '0.07%', '45%')
    """
    return percent(value, lang, 0 if value >= 0.1 else 1 if value >= 0.01 else 2)


def whole(value: float, lang: str) -> str:
    """A counter as the platform shows it: every figure, since it was counted and not forecast."""
    return number(value, lang)


def say(note: Note, lang: str, zone: str) -> str:
    """A sentence with its numbers written as the language writes them.

    Names of values tell what they are: ``_n`` counts, ``_x`` multiples, ``_pct`` shares, ``_h`` ages; instants are told
    in the zone; ``counter`` and ``other`` are counters.

    >>> say(Note("{rate_n} an hour at {age_h}: {rest_x}", {"rate_n": 1234.5, "age_h": 0.5, "rest_x": 2.0}), "en", "UTC")
    '1,230 an hour at 30 min: ×2.0'
    """
    return t(note.template, lang, **{name: _value(name, value, lang, zone) for name, value in note.values.items()})


def _value(name: str, value: object, lang: str, zone: str) -> object:
    if isinstance(value, datetime):
        return moment(value, zone, lang)
    if name in ("counter", "other") and isinstance(value, str):
        return t(COUNTER_WORDS.get(value, value), lang)
    if isinstance(value, float):
        if name.endswith("_x"):
            return factor(value, lang)
        if name.endswith("_pct"):
            return share(value, lang)
        return age(value, lang) if name.endswith("_h") else count(value, lang)
    return value
