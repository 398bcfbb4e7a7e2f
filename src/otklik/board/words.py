"""Words, numbers and instants of the board as HTML; what others have written is escaped and cannot turn the page."""

from __future__ import annotations

from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from otklik.alerts.message import plain, web_address
from otklik.alerts.standing import FEW_POSTS, Standing, Usual
from otklik.board.state import ABOVE, BELOW, WITHIN
from otklik.language import count, factor, hours, number, t

PLACES = {ABOVE: "above the usual band", WITHIN: "within the usual band", BELOW: "below the usual band"}
KINDS = {"video": "video", "short": "short", "clip": "clip", "live": "live", "post": "post"}


def safe(text: str, longest: int = 160) -> str:
    r"""Somebody else's words as HTML: escaped, on one line, in one direction.

    >>> safe("<b>\u202ehi")
    '&lt;b&gt;hi'
    """
    return escape(plain(text, longest))


def title(post: Standing) -> str:
    """The title, leading to the post where its address is one of the web."""
    words = safe(post.title) if post.title else safe(post.key)
    url = web_address(post.url)
    if url is None:
        return words
    name = escape(post.key, quote=True)
    return f'<a id="{name}" href="{escape(url, quote=True)}" rel="noreferrer noopener" target="_blank">{words}</a>'


def clock(at: datetime, zone: str) -> str:
    """Hours and minutes with the zone.

    >>> from datetime import UTC
    >>> clock(datetime(2026, 11, 23, 15, 30, tzinfo=UTC), "Europe/Moscow")
    '18:30 (UTC+3)'
    """
    local = at.astimezone(ZoneInfo(zone))
    offset = local.utcoffset()
    ahead = offset.total_seconds() / 3600 if offset else 0.0
    return f"{local:%H:%M} (UTC{ahead:+g})"


def day_clock(at: datetime, zone: str, lang: str) -> str:
    """Day, hours and minutes, for spans that may begin yesterday; the zone stands beside them once."""
    from babel.dates import format_datetime

    return str(format_datetime(at.astimezone(ZoneInfo(zone)), "d MMM, HH:mm", locale=lang))


def age(value_h: float, lang: str) -> str:
    """An age: minutes below an hour, days from two on.

    >>> age(0.5, "en"), age(7.26, "en"), age(50, "en")
    ('30 min', '7.3 h', '2.1 d')
    """
    if value_h < 1:
        return t("{n} min", lang, n=round(value_h * 60))
    return hours(round(value_h, 1), lang) if value_h < 48 else t("{value} d", lang, value=number(value_h / 24, lang, 1))


def rate(value: float, lang: str) -> str:
    """Views an hour: whole numbers, one digit below ten."""
    return number(value, lang, 0 if value >= 10 or value == int(value) else 1)


def beside(usual: Usual | None, lang: str, *, is_rate: bool) -> str:
    """The usual with the number of posts behind it, and a word where they are too few for a multiple."""
    if usual is None:
        return t("usual not known", lang)
    shown = rate(usual.p50, lang) if is_rate else number(usual.p50, lang)
    if usual.n < FEW_POSTS:
        return t("usual {value} (n = {n}, too few for a multiple)", lang, value=shown, n=usual.n)
    return t("usual {value} (n = {n})", lang, value=shown, n=usual.n)


def times(value: float, lang: str) -> str:
    """A multiple of the usual."""
    return factor(value, lang)


def span(low: float, high: float, lang: str) -> str:
    """A range of views that promises no more figures than it has."""
    return f"{count(low, lang)} – {count(high, lang)}"
