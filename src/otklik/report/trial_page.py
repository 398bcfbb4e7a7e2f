"""A trial as one page of HTML that needs nothing from anywhere: no script, no font, no picture.

Only effects that the ladder measured are on it. What a forecasting model leans on (SHAP, gain, partial dependence)
describes the model, inherits its confounding and is never shown as an effect.
"""

from __future__ import annotations

from html import escape

from otklik.evidence import ClaimResult, Trial
from otklik.evidence.result import FIXED
from otklik.evidence.slope import Slope
from otklik.evidence.verdict import ALPHA, LEAST_EXPOSED, LEAST_VARYING, SUPPORTED
from otklik.language import number, percent, t
from otklik.report.trial_card import LOOKS, badge, card, safe
from otklik.report.trial_plot import Scale, axis, row
from otklik.report.trial_style import STYLE
from otklik.report.trial_words import (
    CAVEAT,
    TARGET_WORDS,
    VERDICT_WORDS,
    counted,
    interval,
    named,
    of_data,
    signed,
)

Numbered = list[tuple[int, ClaimResult]]

METHODS = (
    "Raw difference: posts that have it against all others. Strong authors may simply use it more, so this is no "
    "effect; it is shown to tell how much of it is the author.",
    "With controls: the length of the text, links, hashtags, the time since the last post, followers and what the "
    "claim names are held fixed. The author is still not.",
    "Inside authors: posts of the same author are compared, week and hour of the week held fixed. The verdict stands "
    "on this. Sharing is a Poisson model of reposts with views as offset, reach a linear model of log views.",
    "Double machine learning: trees that never saw the author take out what the rest of the text tells of both, then "
    "the comparison is made again.",
    "Intervals are at the 95% level and come from leaving out one author at a time. With few authors, or one that "
    "carries everything, they are wide, and should be.",
    "Attempts to overturn it: the same posts shuffled inside their authors, the author's previous post, which cannot "
    "have an effect yet, and a look-alike that should do nothing.",
    "q is the share of false finds to expect among claims with such a q or less, over all claims of the trial "
    "(Benjamini and Hochberg).",
    "The smallest effect to see is what these posts would have shown four times out of five. Inconclusive does not "
    "mean no effect: smaller ones may be there.",
)
"""What was done, in plain words."""


def trial_page(trial: Trial, lang: str = "en", zone: str = "UTC", *, is_simulated: bool = False) -> str:
    """The whole page.

    Args:
        trial: what was found.
        lang: language of the page.
        zone: in which the hour of the week was told.
        is_simulated: whether the posts are made up, which the page then says first.
    """
    title = t("Claims on trial", lang)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(lang)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · otklik</title></head>"
        f'<body style="margin:0">{fragment(trial, lang, zone, is_simulated=is_simulated)}</body></html>\n'
    )


def fragment(trial: Trial, lang: str = "en", zone: str = "UTC", *, is_simulated: bool = False) -> str:
    """The page without its frame, to stand inside a notebook or another page."""
    numbered = list(enumerate(trial.results, 1))
    tried = [(place, one) for place, one in numbered if one.rung(FIXED) is not None]
    rest = [(place, one) for place, one in numbered if one.rung(FIXED) is None]
    return (
        f'<div class="otklik-trial" lang="{escape(lang)}"><style>{STYLE}</style><div class="page">'
        f"<header>{_head(trial, lang, is_simulated)}</header><main>"
        f"{_forest(tried, lang)}{_cards(t('Claim by claim', lang), tried, lang)}"
        f"{_cards(t('Not measurable on these data', lang), rest, lang)}</main>"
        f"<footer>{_methods(lang)}{_data(trial, lang, zone)}</footer></div></div>"
    )


def _head(trial: Trial, lang: str, is_simulated: bool) -> str:
    counts = counted(trial)
    n, supported = len(trial.results), counts[SUPPORTED]
    made = f'<p class="made">{escape(t("Simulated data.", lang))}</p>' if is_simulated else ""
    headline = t("{supported} of {all} claims are supported", lang, supported=supported, all=n)
    tiles = "".join(
        f'<li class="{LOOKS[name]}"><b>{count}</b>{escape(t(VERDICT_WORDS[name], lang))}</li>'
        for name, count in counts.items()
    )
    return (
        f'<p class="over">otklik · {escape(t("Claims on trial", lang))}</p>{made}<h1>{escape(headline)}</h1>'
        f'<p>{safe(of_data(trial, lang))}.</p><ul class="tiles">{tiles}</ul>'
        f'<p class="caveat">{_with_code(t(CAVEAT, lang))}.</p>'
    )


def _with_code(text: str) -> str:
    """Commands between backquotes as such."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))


def _forest(tried: Numbered, lang: str) -> str:
    slopes = [(place, one, found) for place, one in tried if (found := one.rung(FIXED)) is not None]
    if not slopes:
        return ""
    scale = Scale.of([found for _, _, found in slopes])
    rows = "".join(_row(place, one, found, scale, lang) for place, one, found in slopes)
    hint = t(
        "Difference inside authors with its 95% interval; the tinted side was expected, an arrow says that the "
        "interval goes on.",
        lang,
    )
    return (
        f'<section><h2>{escape(t("All effects at a glance", lang))}</h2><p class="hint">{escape(hint)}</p>'
        f'<ol class="forest"><li class="scale" aria-hidden="true"><span></span>{axis(scale, lang)}<span></span></li>'
        f"{rows}</ol></section>"
    )


def _row(place: int, one: ClaimResult, found: Slope, scale: Scale, lang: str) -> str:
    told = f"{signed(found.effect, lang)} ({interval(found, lang)})"
    label = f"{t(VERDICT_WORDS[one.verdict], lang)}: {told}"
    plot = row(found, scale, label, look=LOOKS[one.verdict], expected=one.claim.expected)
    return (
        f'<li><a href="#claim-{place}">{safe(one.claim.said(lang))}</a>{plot}<span class="figure">'
        f"<b>{escape(signed(found.effect, lang))}</b> {badge(one.verdict, lang)}"
        f"<small>{escape(interval(found, lang))}</small></span></li>"
    )


def _cards(title: str, results: Numbered, lang: str) -> str:
    cards = "".join(card(one, place, lang) for place, one in results)
    return f"<section><h2>{escape(title)}</h2>{cards}</section>" if results else ""


def _methods(lang: str) -> str:
    steps = "".join(f"<li>{escape(t(one, lang))}</li>" for one in METHODS)
    rule = t(
        "Supported means: the expected sign inside authors with q below {alpha}, the same side after the text is taken "
        "out, shuffled posts that rarely do as well, no effect on the previous post, and at least {varying} authors "
        "with posts of both kinds. Contradicted means the same with the other sign. Everything else is inconclusive. "
        "With fewer than {exposed} posts of one kind a claim is not measurable. These rules stood before any verdict "
        "on real posts; that a claim needs so many posts of one kind, and how errors are computed, was settled after a "
        "first pass over one set of posts in which nothing was decided.",
        lang,
        alpha=percent(ALPHA, lang),
        varying=LEAST_VARYING,
        exposed=LEAST_EXPOSED,
    )
    never = t(
        "What a forecasting model leans on is not shown here: it describes the model and is no effect of a post.", lang
    )
    return (
        f'<section class="prose"><h2>{escape(t("How it was tried", lang))}</h2><ul>{steps}</ul>'
        f"<p>{escape(rule)}</p><p>{escape(never)}</p></section>"
    )


def _data(trial: Trial, lang: str, zone: str) -> str:
    dates = sorted({one.claim.fixed_on.isoformat() for one in trial.results})
    pairs = [
        (t("data", lang), safe(named(trial, lang))),
        (t("outcome", lang), escape(t(TARGET_WORDS.get(trial.target, trial.target), lang))),
        (t("posts", lang), number(trial.n_posts, lang)),
        (t("authors", lang), number(trial.n_authors, lang)),
        (t("claims written down on", lang), ", ".join(dates)),
        (t("time zone", lang), safe(zone)),
        (t("seed", lang), str(trial.seed)),
        *((t("left out", lang), f"{number(n, lang)}: {escape(t(why, lang))}") for why, n in trial.left_out if n),
    ]
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in pairs)
    return f'<section class="prose"><h2>{escape(t("The data", lang))}</h2><dl class="facts">{rows}</dl></section>'
