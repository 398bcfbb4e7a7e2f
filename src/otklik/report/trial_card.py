"""One claim of a trial as a card: the verdict, its sentence, every rung beside the others, and what may overturn it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from otklik.evidence import ClaimResult
from otklik.evidence.result import FIXED, RAW
from otklik.evidence.verdict import CONTRADICTED, INCONCLUSIVE, NOT_MEASURABLE, SUPPORTED
from otklik.language import number, percent, t
from otklik.report.explained_text import GROUP_NAMES
from otklik.report.trial_plot import Scale, axis, row
from otklik.report.trial_words import (
    OUTCOME_WORDS,
    RUNG_WORDS,
    VERDICT_WORDS,
    attempt,
    chance,
    interval,
    reason,
    sentence,
    signed,
    size,
    span,
)

LOOKS = {SUPPORTED: "yes", CONTRADICTED: "no", INCONCLUSIVE: "open", NOT_MEASURABLE: "none"}
"""Classes of the verdicts in the style sheet."""
NEEDED_EFFECT = 0.1
"""The effect for which a result says how many posts it would take (``needed_10``)."""
_TURNS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def safe(text: str) -> str:
    r"""Somebody else's words as HTML: escaped, and without what would turn the direction of writing around them.

    >>> safe("a<b>\u202e")
    'a&lt;b&gt;'
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return escape("".join(char for char in whole if char not in _TURNS))


def badge(verdict: str, lang: str) -> str:
    """A verdict as a coloured word."""
    return f'<span class="badge {LOOKS[verdict]}">{escape(t(VERDICT_WORDS[verdict], lang))}</span>'


def card(one: ClaimResult, number_: int, lang: str) -> str:
    """The card of one claim.

    Args:
        one: what was found of it.
        number_: its place among the claims, from 1; the page's links lead to it.
        lang: language.
    """
    why = reason(one, lang)
    told = f'<p class="said">{safe(sentence(one, lang))}{"" if why is None else " " + safe(why)}</p>'
    body = (
        "" if one.rung(FIXED) is None else f'<div class="two"><div>{_ladder(one, lang)}</div>{_facts(one, lang)}</div>'
    )
    return (
        f'<article class="card {LOOKS[one.verdict]}" id="claim-{number_}">'
        f"<header>{badge(one.verdict, lang)}<h3>{safe(one.claim.said(lang))}</h3>{_terms(one, lang)}</header>"
        f"{told}{body}</article>"
    )


def _terms(one: ClaimResult, lang: str) -> str:
    """What was written down before anybody looked."""
    direction = t("expected: more", lang) if one.claim.expected > 0 else t("expected: less", lang)
    fixed = t("written down on {date}", lang, date=one.claim.fixed_on.isoformat())
    outcome = t(OUTCOME_WORDS[one.claim.outcome], lang)
    words = (outcome, direction, fixed)
    return f'<p class="terms">{" · ".join(escape(word) for word in words)} · <code>{safe(one.claim.id)}</code></p>'


def _ladder(one: ClaimResult, lang: str) -> str:
    scale = Scale.of([slope for _, slope in one.rungs])
    rows = "".join(_rung(one, name, scale, lang) for name, _ in one.rungs)
    raw, found = one.rung(RAW), one.rung(FIXED)
    moved = ""
    if raw is not None and found is not None:
        words = t(
            "{raw} between all posts, {found} inside authors",
            lang,
            raw=signed(raw.effect, lang),
            found=signed(found.effect, lang),
        )
        moved = f"<figcaption>{escape(words)}</figcaption>"
    return (
        f'<figure class="ladder">{moved}{rows}<div class="rung"><span></span>{axis(scale, lang)}<span></span></div>'
        f"</figure>{_attempts(one, lang)}"
    )


def _attempts(one: ClaimResult, lang: str) -> str:
    """What was tried to overturn it."""
    items = ""
    for each in one.falsifications:
        look, sign, word = ("pass", "✓", t("passed", lang)) if each.passed else ("fail", "✗", t("failed", lang))
        mark = f'<span class="{look}" role="img" aria-label="{escape(word)}">{sign}</span>'
        items += f"<li>{mark}<span>{escape(attempt(each, lang))}</span></li>"
    return f'<h4>{escape(t("Attempts to overturn it", lang))}</h4><ul class="tries">{items}</ul>' if items else ""


def _rung(one: ClaimResult, name: str, scale: Scale, lang: str) -> str:
    slope = dict(one.rungs)[name]
    title, told = t(RUNG_WORDS[name], lang), f"{signed(slope.effect, lang)} ({interval(slope, lang)})"
    deciding = name == FIXED
    look = LOOKS[one.verdict] if deciding else "beside"
    plot = row(slope, scale, f"{title}: {told}", look=look, expected=one.claim.expected)
    mark = " deciding" if deciding else ""
    return (
        f'<div class="rung"><span class="name{mark}">{escape(title)}</span>{plot}<span class="figure{mark}">'
        f"<b>{escape(signed(slope.effect, lang))}</b> <small>{escape(interval(slope, lang))}</small></span></div>"
    )


def _facts(one: ClaimResult, lang: str) -> str:
    pairs = [*_sizes(one, lang), *_doubts(one, lang), *_beside(one, lang)]
    told = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in pairs)
    return f'<dl class="facts">{told}</dl>'


def _sizes(one: ClaimResult, lang: str) -> Iterator[tuple[str, str]]:
    exposed, n = number(one.n_exposed, lang), number(one.n_posts, lang)
    binary = one.claim.exposure.is_binary
    yield (
        t("posts", lang),
        escape(
            t("{all}, of them {exposed} with it", lang, all=n, exposed=exposed)
            if binary
            else t("{all}, of them {exposed} with more than the mean", lang, all=n, exposed=exposed)
        ),
    )
    authors, varying = number(one.n_authors, lang), number(one.n_varying, lang)
    yield (
        t("authors", lang),
        escape(t("{all}, of them {varying} with posts of both kinds", lang, all=authors, varying=varying)),
    )
    yield t("q over all claims", lang), escape(chance(one.q, lang))
    goal = percent(NEEDED_EFFECT, lang)
    needed = (
        "" if one.needed_10 is None else t("; {effect} would take about {n} posts", lang, effect=goal, n=one.needed_10)
    )
    yield t("smallest effect to see", lang), escape(size(one.mde, lang) + needed)


def _doubts(one: ClaimResult, lang: str) -> Iterator[tuple[str, str]]:
    """What else the text or a hidden cause may do."""
    if one.double is None:
        return
    yield t("left after reading the text", lang), escape(percent(min(one.double.left, 1.0), lang))
    if one.double.robustness is not None:
        yield (
            t("robustness value", lang),
            escape(
                t(
                    "{value}: a hidden cause of that share of what is left of both would bring it to nothing",
                    lang,
                    value=percent(one.double.robustness, lang, 1),
                )
            ),
        )
    lo, hi = one.double.like_topics_lo, one.double.like_topics_hi
    if lo is not None and hi is not None:
        yield t("with a hidden cause like the topics", lang), escape(_span(lo, hi, lang))


def _beside(one: ClaimResult, lang: str) -> Iterator[tuple[str, str]]:
    """What is told beside the verdict and never decides it."""
    if one.mediation is not None and one.claim.mediator is not None:
        groups = one.claim.mediator.groups
        yield (
            t("through: {mediator}", lang, mediator=", ".join(t(GROUP_NAMES.get(one_, one_), lang) for one_ in groups)),
            escape(
                t(
                    "{through} ({interval}); directly {direct}",
                    lang,
                    through=_signed(one.mediation.indirect, lang),
                    interval=_span(one.mediation.lo, one.mediation.hi, lang),
                    direct=_signed(one.mediation.direct, lang),
                )
            ),
        )
    if one.wald is not None:
        yield (
            t("all interactions together", lang),
            escape(f"F({one.wald.terms}, {number(one.wald.df, lang, 1)}) = {number(one.wald.f, lang, 2)}, p = ")
            + escape(chance(one.wald.p, lang)),
        )
    if one.corrected is not None:
        yield (
            t("with a detector that never errs", lang),
            escape(f"{_signed(one.corrected.log, lang)} ({_span(one.corrected.lo, one.corrected.hi, lang)})"),
        )


def _signed(log: float, lang: str) -> str:
    return signed(_share(log), lang)


def _span(lo: float, hi: float, lang: str) -> str:
    return span(_share(lo), _share(hi), lang)


def _share(log: float) -> float:
    """A difference on the log scale as a share; too large for a number is without end."""
    return math.expm1(min(log, 700.0))
