"""Sections 5 to 10 of a teardown in words."""

from __future__ import annotations

from otklik.content.lexicon import lexicon
from otklik.language import count, factor, moment, number, t
from otklik.models.forecast import Note
from otklik.report.page_table import Table
from otklik.report.page_text import plain
from otklik.report.teardown_text import Part, compared, placed, reasons
from otklik.report.teardown_words import COUNTER_WORDS, PART_WORDS, RIVAL_WORDS, STANCE_WORDS, age, say, share
from otklik.teardown.values import Compared, Teardown

SCORE_NAMES = ("sign", "emotion", "identity", "formula")
MOST_WORDS = 6
LEAST_SEEN = 0.5
"""Score of a sign in the pictures from which on it is told."""


def rarity(found: Teardown, lang: str) -> Part:
    """Section 5: how unusual."""
    one, told = found.rarity, []
    if one.views is not None:
        told.append(_rank(one.views, lang))
    if one.vph_mean_value is not None:
        text = "Views an hour, average since publication until the age of {age}: {value}{beside}."
        told.append(_pace(text, one.vph_mean_value, one.vph_mean, found.compare_h, lang))
    if one.vph_now_value is not None:
        text = "Views an hour now, over the last looks until the age of {age}: {value}{beside}."
        told.append(_pace(text, one.vph_now_value, one.vph_now, found.subject.age_h, lang))
    return Part("rarity", t("How unusual", lang), tuple(told), reasons(one.missing, lang, found.zone))


def _rank(one: Compared, lang: str) -> str:
    if one.multiple is None:
        return t("At the age of {age} it had {place}.", lang, age=age(one.age_h, lang), place=placed(one, lang))
    return t(
        "At the age of {age} it had {place} at the same age, and {multiple} of their median ({beside}).",
        lang,
        age=age(one.age_h, lang),
        place=placed(one, lang),
        multiple=factor(one.multiple, lang),
        beside=compared(one, lang),
    )


def _pace(text: str, value: float, one: Compared | None, until_h: float, lang: str) -> str:
    beside = "" if one is None else f" ({compared(one, lang)}; {placed(one, lang)})"
    return t(text, lang, age=age(until_h, lang), value=count(value, lang), beside=beside)


def signals(found: Teardown, lang: str) -> Part:
    """Section 6: the early signals, and rates."""
    one, told = found.signals, []
    if one.first is not None:
        text = "At the first look, {age} after publication, it had {views} views: {place} ({beside})."
        told.append(
            t(
                text,
                lang,
                age=age(one.first.age_h, lang),
                views=count(one.first.value, lang),
                place=placed(one.first, lang),
                beside=compared(one.first, lang),
            )
        )
    told += [_rate(rate, lang) for rate in one.rates]
    return Part("signals", t("The early signals", lang), tuple(told), reasons(one.missing, lang, found.zone))


def _rate(one: Compared, lang: str) -> str:
    name = t(COUNTER_WORDS[one.name.removesuffix("_per_view")], lang)
    side = "above" if one.value > one.p75 else "below" if one.value < one.p25 else "inside"
    templates = {
        "above": "At {age} {counter} were {value} of views, above the author's middle half ({beside}).",
        "below": "At {age} {counter} were {value} of views, below the author's middle half ({beside}).",
        "inside": "At {age} {counter} were {value} of views, inside the author's middle half ({beside}).",
    }
    told = {"counter": name, "value": share(one.value, lang), "beside": compared(one, lang)}
    return t(templates[side], lang, age=age(one.age_h, lang), **told)


def formula(found: Teardown, lang: str) -> Part:
    """Section 7: the formula's three parts with the words, and what the file shows."""
    one, told = found.evidence, []
    known, why = one.explanation.formula, one.explanation.why_not
    missing = [] if why is None else [t("The formula is not measurable: {why}.", lang, why=t(why, lang))]
    for name in SCORE_NAMES if why is None else ():
        score = getattr(known, name) or 0.0
        words = ", ".join(plain(part.text, 60) for part in known.parts.get(name, ())[:MOST_WORDS])
        told.append(_scored(name, score, one.usual.get(name), words, one.n_usual, lang))
    told += [] if why else [scores_note(found, lang)]
    told += _file(one.facts, lang)
    if one.facts is None:
        missing.append(t("What the video shows is not measurable: its file was not looked at.", lang))
    return Part("formula", t("Sign, emotion, identity", lang), tuple(told), tuple(missing))


def scores_note(found: Teardown, lang: str) -> str:
    """What the scores are percentiles of."""
    known = found.evidence.explanation.formula
    return t(
        "Scores are percentiles among {n} texts ({reference}): they describe the content and forecast nothing.",
        lang,
        n=known.n_reference,
        reference=known.reference,
    )


def _scored(name: str, score: float, usual: float | None, words: str, n: int, lang: str) -> str:
    head = {"part": t(PART_WORDS[name], lang).capitalize(), "score": number(score, lang)}
    beside = "" if usual is None else t(" (the author's usual {usual}, n = {n})", lang, usual=number(usual, lang), n=n)
    if not words:
        return t("{part}: {score} of 100{beside}.", lang, beside=beside, **head)
    return t("{part}: {score} of 100{beside}, made of: {text}.", lang, beside=beside, text=words, **head)


def _file(facts: dict[str, float] | None, lang: str) -> list[str]:
    if facts is None:
        return []
    seen = {name.removeprefix("sign__seen_"): value for name, value in facts.items() if name.startswith("sign__seen_")}
    strong = sorted((name for name, value in seen.items() if value >= LEAST_SEEN), key=lambda name: -seen[name])
    told = (
        [t("In the pictures of the file: {signs}.", lang, signs=", ".join(_sign_words(one, lang) for one in strong))]
        if strong
        else []
    )
    if not strong:
        told.append(t("In the pictures of the file no sign was seen with certainty.", lang))
    reuse = facts.get("audio__reuse")
    if reuse is not None:
        told.append(
            t("Its sound matches one of the library: it is not new.", lang)
            if reuse
            else t("Its sound matches none of the library.", lang)
        )
    return told


def _sign_words(name: str, lang: str) -> str:
    known = lexicon().classes.get(f"sign/{name}")
    return str(known["title"].get(lang, known["title"]["en"])) if known else name.replace("_", " ")


def rivals(found: Teardown, lang: str) -> Part:
    """Section 8: rival explanations side by side."""
    zone = found.zone
    rows = tuple(
        (
            t(RIVAL_WORDS[one.name], lang),
            t(STANCE_WORDS[one.stance], lang),
            _joined(one.speaks_for, lang, zone),
            _joined(one.speaks_against, lang, zone),
        )
        for one in found.rivals
    )
    caption = t("Explanations beside the content, and what the numbers say", lang)
    head = (t("explanation", lang), t("result", lang), t("speaks for it", lang), t("speaks against it", lang))
    told = t("These are measured one by one and may overlap; none of them is a proof.", lang)
    return Part("rivals", t("Rival explanations", lang), (told,), (), Table(caption, head, rows, words=(0, 1, 2, 3)))


def _joined(notes: tuple[Note, ...], lang: str, zone: str) -> str:
    return " ".join(say(one, lang, zone) for one in notes) or "—"


def comparables(found: Teardown, lang: str) -> Part:
    """Section 9: the author's posts most alike, with their outcome."""
    title = t("Posts most like it", lang)
    if not found.comparables:
        why = t("Not measurable: no other post of the author is alike in words and known at the same age.", lang)
        return Part("comparables", title, (), (why,))
    rows = tuple(
        (
            one.title,
            moment(one.published_at, found.zone, lang),
            count(one.views, lang),
            "—" if one.multiple is None else factor(one.multiple, lang),
            number(one.likeness, lang, 2),
        )
        for one in found.comparables
    )
    caption = t("The author's posts most alike in words, with views at {age}", lang, age=age(found.compare_h, lang))
    heads = ("post", "published", "views", "of the usual", "likeness")
    table = Table(caption, tuple(t(one, lang) for one in heads), rows, words=(0, 1))
    return Part("comparables", title, (), (), table)


def unknown(found: Teardown, lang: str) -> Part:
    """Section 10: what is not known."""
    return Part("unknown", t("What is not known", lang), (), reasons(found.unknown, lang, found.zone))
