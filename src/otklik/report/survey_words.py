"""What a survey found in sentences, for pages and terminals alike."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from otklik.content.lexicon import lexicon
from otklik.language import count, factor, hours, number, percent, t
from otklik.models.forecast import Note
from otklik.report.score_page_words import RULES
from otklik.survey.values import (
    Band,
    BandPoint,
    Coverage,
    Effect,
    FormulaScores,
    HourCell,
    Hours,
    Recent,
    Scatter,
    Survey,
)

TARGETS = {
    "views_24h": "views at 24 h",
    "reactions_24h": "reactions at 24 h",
    "mature": "views long after publication",
    "mature_reactions": "reactions long after publication",
}
"""What is compared, by the name of the target."""
SCORE_WORDS = {"sign": "sign", "emotion": "emotion", "identity": "identity", "formula": "formula"}
"""What a score of the text is called."""
FAMILY_WORDS = {
    "kind": "kinds",
    "sign": "signs",
    "style": "styles",
    "emotion": "emotions",
    "topic": "hashtags and tags",
}
"""What groups of posts are called."""
CLUSTER_WORDS = {"author": "whole authors are drawn", "week": "whole weeks are drawn, since there is one author"}
"""Where intervals come from."""
PATTERN = (
    "A pattern, not a cause: posts that differ in this differ in much else. `otklik evidence` puts such claims on "
    "trial on the same posts, `otklik experiment` tests one cleanly."
)
SHRUNKEN = (
    "Multiples of the author's own usual. Each group is drawn towards the middle of all groups by as much as its own "
    "noise asks; 95 % intervals ({cluster}). Too few: fewer than {few} posts, or too few authors."
)
ALPHA = 0.05
N_BEST = 3


def worded(text: str, lang: str) -> str:
    """A word of ours in a language, somebody else's as it is: a brace in it is no template.

    >>> worded("short", "ru"), worded("{0}", "ru")
    ('короткое видео', '{0}')
    """
    return text if "{" in text or "}" in text else t(text, lang)


def say(note: Note, lang: str) -> str:
    """A reason in a language."""
    return t(note.template, lang, **note.values)


def day(instant: datetime, zone: str, lang: str) -> str:
    """A day in a zone.

    >>> from datetime import UTC
    >>> day(datetime(2026, 11, 23, 22, tzinfo=UTC), "Europe/Moscow", "en")
    '24 Nov 2026'
    """
    from babel.dates import format_date

    return str(format_date(instant.astimezone(ZoneInfo(zone)), "d MMM y", locale=lang))


def minute(instant: datetime, zone: str, lang: str) -> str:
    """A day and a minute in a zone that is named elsewhere; the day does not break at the end of a line.

    >>> from datetime import UTC
    >>> minute(datetime(2026, 11, 23, 22, tzinfo=UTC), "Europe/Moscow", "en").replace(chr(160), "_")
    '24_Nov_2026 01:00'
    """
    return f"{day(instant, zone, lang).replace(' ', chr(160))} {instant.astimezone(ZoneInfo(zone)):%H:%M}"


def weekday(number_: int, lang: str) -> str:
    """A day of the week in short; Monday is 0.

    >>> weekday(0, "en"), weekday(6, "ru")
    ('Mon', 'вс')
    """
    from babel.dates import get_day_names

    return str(get_day_names("abbreviated", locale=lang)[number_])


def stretch(hour: int, span_h: int) -> str:
    """Hours of a cell.

    >>> stretch(18, 3)
    '18:00–21:00'
    """
    return f"{hour:02d}:00–{hour + span_h:02d}:00"


def age(value: float | None, lang: str) -> str:
    """An age; in minutes below an hour.

    >>> age(0.25, "en"), age(24.0, "en")
    ('15 min', '24 h')
    """
    if value is None:
        return "—"
    return t("{minutes} min", lang, minutes=round(value * 60)) if value < 1 else hours(round(value, 1), lang)


def target_words(found: Survey, lang: str) -> str:
    """What is compared."""
    return t(TARGETS.get(found.target, found.target), lang)


def about(found: Survey, lang: str) -> str:
    """How much was surveyed, and of when."""
    return t(
        "Posts: {posts}, authors: {authors}, looks: {looks}; published from {first} to {last}; as known on {as_of}",
        lang,
        posts=number(found.n_posts, lang),
        authors=number(found.n_authors, lang),
        first=day(found.first, found.zone, lang),
        last=day(found.last, found.zone, lang),
        looks=number(found.n_looks, lang),
        as_of=day(found.as_of, found.zone, lang),
    )


def stratum(platform: str, kind: str, rule: str, lang: str) -> str:
    """Posts whose views are counted alike."""
    return f"{platform}, {worded(kind, lang)}: {t(RULES.get(rule, RULES['original']), lang)}"


def middle_half(point: BandPoint, lang: str) -> str:
    """The median and the middle half."""
    return t(
        "{middle} (25 to 75 %: {low} – {high}; n = {n})",
        lang,
        middle=count(point.p50, lang),
        low=count(point.p25, lang),
        high=count(point.p75, lang),
        n=point.n,
    )


def band_value(found: Survey, band: Band, lang: str) -> str:
    """What the posts of a band have at the survey's target."""
    if band.at_target is None:
        return f"{target_words(found, lang)}: {t('too few posts are known at that age', lang)}"
    return f"{target_words(found, lang)}: {middle_half(band.at_target, lang)}"


def band_sentence(found: Survey, band: Band, lang: str) -> str:
    """One band in a line."""
    return f"{stratum(band.platform, band.kind, band.rule, lang)} · {band_value(found, band, lang)}"


def effect_words(one: Effect, lang: str) -> str:
    """A multiple with its interval and n."""
    return t(
        "{factor} ({low} – {high}; n = {n})",
        lang,
        factor=factor(one.factor, lang),
        low=factor(one.low, lang),
        high=factor(one.high, lang),
        n=one.n,
    )


def hours_sentence(found: Hours, lang: str) -> str:
    """Whether hours differ at all."""
    if found.p_value is None or found.spread is None:
        return " ".join(say(one, lang) for one in found.missing)
    least = 1 / (found.n_shuffles + 1)
    p = number(found.p_value, lang, 3)
    told = {
        "p": f"p ≤ {p}" if found.p_value <= least + 1e-9 else f"p = {p}",
        "n": found.n,
        "spread": percent(found.spread, lang, 0 if found.spread >= 0.1 else 1),
        "shuffles": found.n_shuffles,
    }
    if found.p_value < ALPHA:
        return t(
            "Hours differ ({p}, {shuffles} shuffles inside authors, n = {n}): the typical true difference between "
            "cells of the week is about {spread}.",
            lang,
            **told,
        )
    return t(
        "It is not shown that hours differ ({p}, {shuffles} shuffles inside authors, n = {n}); if they do, then by "
        "about {spread}.",
        lang,
        **told,
    )


def best_hours(found: Hours, lang: str) -> str:
    """The highest cells that stand out, where hours were shown to differ; else nothing is named."""
    if found.p_value is None or found.p_value >= ALPHA:
        return ""
    sure = [one for one in found.cells if not one.effect.is_few and one.effect.low > 1]
    sure = sorted(sure, key=lambda one: -one.effect.factor)[:N_BEST]
    told = "; ".join(f"{cell_name(one, found, lang)} {effect_words(one.effect, lang)}" for one in sure)
    if not sure:
        return t("Which hours are better cannot be told yet: no cell's interval lies above the author's mean.", lang)
    return t("Cells whose interval lies above the author's mean, the highest first: {cells}.", lang, cells=told)


def cell_name(one: HourCell, found: Hours, lang: str) -> str:
    """Day and hours of a cell."""
    return f"{weekday(one.weekday, lang)} {stretch(one.hour, found.span_h)}"


def scatter_sentence(one: Scatter, lang: str) -> str:
    """One score's rank correlation."""
    name = t(SCORE_WORDS[one.score], lang)
    if one.spearman is None:
        return t("{part}: the same in all {n} posts, nothing to compare", lang, part=name, n=one.n)
    between = t("too few authors or weeks for an interval", lang)
    if one.low is not None and one.high is not None:
        between = t("95 % interval {low} to {high}", lang, low=_rank(one.low, lang), high=_rank(one.high, lang))
    return t(
        "{part}: rank correlation with the multiple {rank} ({between}; n = {n}, authors: {authors})",
        lang,
        part=name,
        rank=_rank(one.spearman, lang),
        between=between,
        n=one.n,
        authors=one.n_authors,
    )


def _rank(value: float, lang: str) -> str:
    """A correlation; what rounds to nothing has no sign."""
    return number(round(value, 2) + 0.0, lang, 2).replace("-", "−")


def formula_sentence(found: FormulaScores, lang: str) -> str:
    """What the scores are and of how many posts."""
    if not found.scatters:
        return " ".join(say(one, lang) for one in found.missing)
    return t(
        "Texts of the newest posts with a multiple: {asked}, of which {n} can be read. Scores are percentiles among "
        "{reference_n} texts ({reference}).",
        lang,
        asked=number(found.n_asked, lang),
        n=found.n_read,
        reference_n=number(found.n_reference, lang),
        reference=found.reference,
    )


def recent_sentence(found: Recent, zone: str, lang: str) -> str:
    """The window and its middle."""
    told = {"since": day(found.since, zone, lang), "until": day(found.until, zone, lang), "n": found.n}
    if found.middle is None:
        return t("From {since} to {until}: no post with a multiple.", lang, **told)
    return t(
        "From {since} to {until}: posts with a multiple: {n} (authors: {authors}), typically {factor} of the usual.",
        lang,
        **told,
        authors=found.n_authors,
        factor=factor(found.middle, lang),
    )


def group_name(family: str, name: str, lang: str) -> str:
    """What a group is called; hashtags are somebody else's words."""
    if family == "topic":
        return name
    if family == "kind":
        platform, _, kind = name.partition(" ")
        return f"{platform}, {worded(kind, lang)}"
    known = lexicon().classes.get(f"{family}/{name}")
    titles = known["title"] if known else {}
    return str(titles.get(lang) or titles.get("en") or name.replace("_", " "))


def coverage_sentence(found: Survey, lang: str) -> str:
    """The share of posts with a label."""
    parts = found.coverage.parts
    n, labelled, due = (sum(getattr(one, name) for one in parts) for name in ("n_posts", "n_labelled", "n_due"))
    share = percent(min(labelled / due, 1.0), lang) if due else "—"
    return t(
        "Labelled ({what}): {labelled} of {due} posts that are old enough, {share}; {young} are too young.",
        lang,
        what=target_words(found, lang),
        labelled=number(labelled, lang),
        due=number(due, lang),
        share=share,
        young=number(n - due, lang),
    )


def gaps_sentence(found: Coverage, lang: str) -> str:
    """How often nobody looked at anything."""
    if found.missing:
        return " ".join(say(one, lang) for one in found.missing)
    if not found.n_gaps:
        return t("There was no stretch of {age} or more without any look.", lang, age=hours(found.gap_h, lang))
    return t(
        "Stretches of {age} or more without any look: {n}, the longest {longest}.",
        lang,
        age=hours(found.gap_h, lang),
        n=found.n_gaps,
        longest=hours(found.gaps[0].hours, lang),
    )
