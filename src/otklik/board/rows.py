"""The posts of the board as HTML: pace beside the usual, views beside the band, the forecast, a small picture."""

from __future__ import annotations

from html import escape

from otklik.board import words
from otklik.board.picture import picture
from otklik.board.state import FAILED, NO_MODEL, PAST, READY, SOON, Row, State
from otklik.language import count, number, t

UNFORECAST = {
    SOON: "with one of the next refreshes",
    PAST: "the post is older",
    NO_MODEL: "there is no model",
    FAILED: "could not be made",
}
"""Why there is no forecast."""


def posts(state: State, lang: str) -> str:
    """The list of posts, or a sentence where there is none."""
    head = f'<h2 id="posts">{escape(t("Rising now", lang))}</h2>'
    if not state.rows:
        empty = t(
            "No followed post is younger than {hours} h and has been looked at: `otklik track add` follows authors, "
            "`otklik collect` looks.",
            lang,
            hours=number(state.until_h, lang),
        )
        return f'<section aria-labelledby="posts">{head}<p class="empty">{_code(empty)}</p></section>'
    told = t(
        "Views an hour now against the author's usual at the same age; posts up to {hours} h old.",
        lang,
        hours=number(state.until_h, lang),
    )
    rest = state.n_posts - len(state.rows)
    more = t("{n} more posts are not shown.", lang, n=rest) if rest else ""
    items = "".join(_item(row, state, lang) for row in state.rows)
    return (
        f'<section aria-labelledby="posts">{head}<p class="hint">{escape(told)}</p><ol class="posts">{items}</ol>'
        f'<p class="hint">{escape(more)}</p></section>'
    )


def _item(row: Row, state: State, lang: str) -> str:
    post = row.post
    now_h = (state.as_of - post.published_at).total_seconds() / 3600
    kind = t(words.KINDS[post.kind], lang) if post.kind in words.KINDS else words.safe(post.kind, 20)
    who = [
        words.safe(post.author, 60) if post.author else words.safe(post.author_id, 60),
        words.safe(post.platform, 20),
    ]
    facts = " · ".join([*who, kind, escape(words.age(now_h, lang))])
    place = f'<span class="place {row.place}">{escape(t(words.PLACES[row.place], lang))}</span>' if row.place else ""
    return (
        f'<li class="post"><div class="what"><h3 dir="auto">{words.title(post)}</h3>'
        f'<p class="facts">{facts}</p>{place}</div>'
        f"{_pace(row, lang)}{_views(row, lang)}{_forecast(row, lang)}"
        f'<div class="curve">{picture(row, _label(row, lang))}</div></li>'
    )


def _cell(name: str, main: str, *rest: str) -> str:
    lines = "".join(f"<small>{one}</small>" for one in rest if one)
    return f'<div class="cell"><span class="name">{name}</span><b>{main}</b>{lines}</div>'


def _pace(row: Row, lang: str) -> str:
    post, name = row.post, escape(t("pace", lang))
    if post.views_per_hour is None:
        return _cell(name, "—", escape(t("needs two looks", lang)))
    said = escape(t("{value} views an hour", lang, value=words.rate(post.views_per_hour, lang)))
    beside = escape(words.beside(post.usual_views_per_hour, lang, is_rate=True))
    if row.pace_multiple is None:
        return _cell(name, said, beside)
    return _cell(name, f'<span class="times">{escape(words.times(row.pace_multiple, lang))}</span>', said, beside)


def _views(row: Row, lang: str) -> str:
    post, name = row.post, escape(t("views", lang))
    if post.views is None or post.age_h is None:
        return _cell(name, "—", escape(t("not shown by the platform, or not looked at yet", lang)))
    multiple = f" <i>{escape(words.times(row.multiple, lang))}</i>" if row.multiple is not None else ""
    beside = escape(words.beside(post.usual_views, lang, is_rate=False))
    seen = escape(t("at the age of {age}", lang, age=words.age(post.age_h, lang)))
    return _cell(name, f"{number(post.views, lang)}{multiple}", beside, seen)


def _forecast(row: Row, lang: str) -> str:
    made = row.forecast
    horizon = made.horizon_h if made is not None and made.horizon_h is not None else 24.0
    name = escape(t("forecast for {n} h", lang, n=round(horizon)))
    if row.forecast_state != READY or made is None:
        return _cell(name, "—", escape(t(UNFORECAST[row.forecast_state], lang)))
    told = escape(words.span(made.views.p10, made.views.p90, lang))
    share = t("8 of 10 posts", lang) if made.calibrated else t("not calibrated", lang)
    return _cell(name, escape(count(made.views.p50, lang)), told, escape(share))


def _label(row: Row, lang: str) -> str:
    """The picture in words."""
    post = row.post
    told = t(
        "Views by age: {views} at the last look, {usual}.",
        lang,
        views=number(post.views or 0, lang),
        usual=words.beside(post.usual_views, lang, is_rate=False),
    )
    return told if row.place is None else f"{told} {t(words.PLACES[row.place], lang)}."


def _code(text: str) -> str:
    """Commands between backquotes as such."""
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(escape(text).split("`")))
