"""The words and numbers of a trial in the reader's language, for the terminal and the page alike."""

from __future__ import annotations

import math

from otklik.evidence import ClaimResult, Trial
from otklik.evidence.falsification import PERMUTATION, PLACEBO, PREVIOUS, Falsification
from otklik.evidence.result import CONTROLS, DOUBLE, FIXED, RAW
from otklik.evidence.slope import Slope
from otklik.evidence.verdict import CONTRADICTED, INCONCLUSIVE, NOT_MEASURABLE, SUPPORTED
from otklik.language import number, percent, t
from otklik.models.forecast import Note

DASH = "—"
MOST = 10.0
"""A share above this is told as more than it: an interval that wide says nothing."""
VERDICT_WORDS = {
    SUPPORTED: "supported",
    CONTRADICTED: "contradicted",
    INCONCLUSIVE: "inconclusive",
    NOT_MEASURABLE: "not measurable",
}
OUTCOME_WORDS = {"sharing": "reposts a view", "reach": "views", "first_hour": "views in the first hour"}
RUNG_WORDS = {
    RAW: "raw difference",
    CONTROLS: "with controls",
    FIXED: "inside authors",
    DOUBLE: "double machine learning",
}
TARGET_WORDS = {"views_24h": "views at 24 h", "mature": "views after 30 days"}
TRIED_WORDS = {
    PERMUTATION: "shuffled inside authors it does as well in {p} of draws",
    PREVIOUS: "on the author's previous post {effect} ({interval})",
    PLACEBO: "its placebo {effect} ({interval}); decides nothing",
}
STORE = "the store"
"""What :mod:`otklik.trying` calls posts that lie in no folder."""
NAMES_CLAIM = "claim {claim}: "
"""How errors about a claim begin."""
CAVEAT = "Associations inside authors, not proof of cause; the clean test is an experiment: `otklik experiment new`"


def signed(share: float | None, lang: str) -> str:
    """A difference as per cent with its sign; tenths only where they say something.

    >>> signed(0.042, "en"), signed(-0.31, "en"), signed(0.0001, "en"), signed(40.0, "en"), signed(None, "en")
    ('+4.2%', '−31%', '0.0%', '> +1,000%', '—')
    """
    if share is None or math.isnan(share):
        return DASH
    if share > MOST:
        return "> +" + percent(MOST, lang)
    shown = percent(abs(share), lang, 1 if abs(share) < 0.0995 else 0)
    return shown if abs(share) < 0.0005 else ("−" if share < 0 else "+") + shown


def size(share: float | None, lang: str) -> str:
    """A share without a sign, such as the smallest effect that can be found.

    >>> size(0.042, "en"), size(float("inf"), "en")
    ('4.2%', '> 1,000%')
    """
    told = signed(None if share is None else abs(share), lang)
    return told.replace("+", "")


def chance(p: float | None, lang: str) -> str:
    """A probability with no more digits than it deserves; tiny ones as a power of ten, so that ``q =`` can precede.

    >>> chance(0.214, "en"), chance(0.0312, "en"), chance(2.2e-7, "en"), chance(0.0, "en")
    ('0.21', '0.031', '2·10⁻⁷', '0')
    """
    if p is None or math.isnan(p):
        return DASH
    if p == 0:
        return "0"
    if p >= 0.001:
        return number(p, lang, 2 if p >= 0.1 else 3)
    digit, _, power = f"{p:.0e}".partition("e")
    return f"{digit}·10" + str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def span(lo: float, hi: float, lang: str) -> str:
    """Both ends of an interval of shares."""
    return t("{lo} to {hi}", lang, lo=signed(lo, lang), hi=signed(hi, lang))


def interval(slope: Slope, lang: str) -> str:
    """The 95 % interval of a slope, as per cent."""
    return span(slope.effect_lo, slope.effect_hi, lang)


def sentence(one: ClaimResult, lang: str) -> str:
    """The plain sentence of a result, its numbers formatted and its claim in the language."""
    return _told(one.sentence, one, lang)


def reason(one: ClaimResult, lang: str) -> str | None:
    """Why a result is inconclusive or not measurable; ``None`` where it is neither."""
    if one.reason is None:
        return None
    told = _told(one.reason, one, lang)
    if one.reason.template.startswith(NAMES_CLAIM):
        # An error names its claim first; beside the claim that would be said twice.
        told = told.partition(f"{one.claim.id}: ")[2] or told
    return told[:1].upper() + told[1:].removesuffix(".") + "."


def _told(note: Note, one: ClaimResult, lang: str) -> str:
    values = {name: _value(name, value, lang) for name, value in note.values.items()}
    values |= {"claim": one.claim.said(lang)} if values.get("claim") == one.claim.said("en") else {}
    return t(note.template, lang, **values)


def _value(name: str, value: object, lang: str) -> object:
    """Values with a known meaning get its form; whole numbers named ``n`` stay, since plurals lean on them."""
    if isinstance(value, float):
        if name in ("effect", "lo", "hi"):
            return signed(value, lang)
        return size(value, lang) if name == "mde" else chance(value, lang)
    return number(value, lang) if isinstance(value, int) and name.startswith("n_") else value


def attempt(one: Falsification, lang: str) -> str:
    """What came of one attempt to overturn a claim."""
    found = one.slope
    effect = DASH if found is None else signed(found.effect, lang)
    told = DASH if found is None else interval(found, lang)
    return t(TRIED_WORDS[one.name], lang, p=percent(one.p, lang, 1 if one.p < 0.1 else 0), effect=effect, interval=told)


def counted(trial: Trial) -> dict[str, int]:
    """How many claims got each verdict, every verdict named.

    >>> sum(counted(Trial("", "", 0, 0, 0, ())).values())
    0
    """
    verdicts = [one.verdict for one in trial.results]
    return {name: verdicts.count(name) for name in VERDICT_WORDS}


def named(trial: Trial, lang: str) -> str:
    """The name of the data; folders keep theirs, whatever it is.

    >>> named(Trial("{data}", "", 0, 0, 0, ()), "ru"), named(Trial("", "", 0, 0, 0, ()), "en")
    ('{data}', '—')
    """
    return t(STORE, lang) if trial.data == STORE else trial.data or DASH


def of_data(trial: Trial, lang: str) -> str:
    """The posts that the trial is about, in one line."""
    return t(
        "{name}: {n_posts} posts of {n_authors} authors, outcome {target}",
        lang,
        name=named(trial, lang),
        n_posts=number(trial.n_posts, lang),
        n_authors=number(trial.n_authors, lang),
        target=t(TARGET_WORDS.get(trial.target, trial.target), lang),
    )
