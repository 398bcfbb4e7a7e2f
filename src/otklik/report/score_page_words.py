"""Sentences of the score page: the usual, the reason why there is no multiple, what groups of features are called."""

from __future__ import annotations

from otklik.language import count, factor, t
from otklik.models.forecast import Baseline, Forecast, Quantity

USUAL = {
    "given": "usual: {value} views, as given, over {n} posts",
    "author": "usual: {value} views, median of the author's last posts of this kind (n = {n})",
    "author_looks": "usual: about {value} views, from {n} looks at the author's posts at other ages",
    "author_other_kind": "usual: {value} views, median of the author's last posts of other kinds (n = {n})",
    "reference": "not the author's own: {n} posts by others, median {value}",
}
"""What a baseline is, by its source."""
RULES = {
    "original": "as the platform has counted from the beginning",
    "starts_2025": "every start or replay counts (since 31 March 2025)",
    "autoplay_2026": "starts by autoplay and on hovering count too (since 24 August 2026)",
    "five_s_2026": "a view counts after five seconds (since 3 February 2026)",
}
"""What counts as a view, by the name of the rule (:mod:`otklik.view_rules`)."""
FEW_POSTS = 10
"""With fewer posts behind the usual there may be no multiple."""


def usual(base: Baseline, lang: str) -> str:
    """What the usual is and how it is known."""
    if base.n_posts is None:
        return t("usual: {value} views, as given", lang, value=count(base.value, lang))
    return t(USUAL.get(base.source, USUAL["author"]), lang, value=count(base.value, lang), n=base.n_posts)


def why_no_multiple(forecast: Forecast, lang: str) -> str:
    """Why the forecast is told in views and not against the usual."""
    base = forecast.baseline
    if base.source == "reference":
        return t(
            "There is no multiple: nothing is known of this author's posts, and the median of posts by others "
            "(n = {n}) says nothing of a usual.",
            lang,
            n=base.n_posts or 0,
        )
    if base.n_posts is not None and base.n_posts < FEW_POSTS:
        return t(
            "There is no multiple: the usual would be a median of few posts (n = {n}; {few} are needed). "
            "The band of views is what can be said.",
            lang,
            n=base.n_posts,
            few=FEW_POSTS,
        )
    return t("There is no multiple: the usual is not known well enough. The band of views is what can be said.", lang)


def between(quantity: Quantity, lang: str) -> str:
    """The 80 % interval of a count; nothing where it is an outcome.

    >>> between(Quantity(1.0, 2.0, 30.0), "en")
    '1 – 30'
    """
    low, high = count(quantity.p10, lang), count(quantity.p90, lang)
    return "" if low == high else f"{low} – {high}"


def multiples(quantity: Quantity, lang: str) -> str:
    """The 80 % interval of a multiple."""
    low, high = factor(quantity.p10, lang), factor(quantity.p90, lang)
    return "" if low == high else f"{low} – {high}"
