"""A teardown in full sentences: ten parts in their order, the same for a terminal and a page.

Everything is written from values; what was not measured is said with its reason, and nothing is filled in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from otklik.language import count, factor, moment, number, t
from otklik.models.forecast import Note
from otklik.report.page_table import Table
from otklik.report.score_page_words import RULES
from otklik.report.teardown_words import (
    CHANGE_WORDS,
    CHECK_WORDS,
    COUNTER_WORDS,
    age,
    say,
    share,
    whole,
)
from otklik.teardown.values import Change, Compared, Correction, Counters, Gap, Story, Subject, Teardown, Usual

MOST_LISTED = 5
"""Corrections, gaps and changes that are told one by one."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the ten sections, in words."""

    name: str
    title: str
    sentences: tuple[str, ...]
    """What was found."""
    missing: tuple[str, ...] = ()
    """What could not be measured, and why."""
    table: Table | None = None


def headline(found: Teardown, lang: str) -> str:
    """The result in one line: the counts and what they are a multiple of."""
    text, multiple = reached(found, lang), found.usual.multiple
    if multiple is None:
        return text
    return t("{head}: {multiple} of the author's usual", lang, head=text, multiple=factor(multiple, lang))


def reached(found: Teardown, lang: str) -> str:
    """The counts at 24 h or, where those are not known, at the last look."""
    subject = found.subject
    if subject.views is None:
        return t("The views of this post were hidden at every look", lang)
    hours, views, likes = subject.age_h, subject.views, subject.likes
    if subject.views_24h is not None:
        hours, views, likes = 24.0, subject.views_24h, subject.likes_24h
    told = {"views": whole(views, lang), "age": age(hours, lang)}
    if likes is None:
        return t("{views} views in {age}", lang, **told)
    return t("{views} views and {reactions} reactions in {age}", lang, reactions=whole(likes, lang), **told)


def about(subject: Subject, lang: str, zone: str) -> str:
    """What post it is, when it came out and until when it was looked at."""
    return t(
        "{platform} {kind} by {author}, out since {when}; {looks} looks until {last}",
        lang,
        platform=subject.platform,
        kind=t(subject.kind, lang),
        author=subject.author or subject.author_id,
        when=moment(subject.published_at, zone, lang),
        looks=subject.n_looks,
        last=moment(subject.last_look_at, zone, lang),
    )


def parts(found: Teardown, lang: str) -> tuple[Part, ...]:
    """All ten parts, in their order."""
    from otklik.report import teardown_parts as later

    return (
        counters(found, lang),
        usual(found, lang),
        rule(found, lang),
        curve(found, lang),
        later.rarity(found, lang),
        later.signals(found, lang),
        later.formula(found, lang),
        later.rivals(found, lang),
        later.comparables(found, lang),
        later.unknown(found, lang),
    )


def reasons(notes: tuple[Note, ...], lang: str, zone: str) -> tuple[str, ...]:
    """Notes as sentences."""
    return tuple(say(one, lang, zone) for one in notes)


def counters(found: Teardown, lang: str) -> Part:
    """Section 1: are the counters clean?"""
    one, zone = found.counters, found.zone
    head = t(
        "There are {looks} looks, the first at the age of {first}, the last at {last}.",
        lang,
        looks=found.subject.n_looks,
        first=age(one.first_look_h, lang),
        last=age(found.subject.age_h, lang),
    )
    told = [head]
    told += _listed(one.corrections, partial(_correction, lang=lang), lang)
    told += _listed(one.gaps, partial(_gap, lang=lang), lang)
    for sign in one.signs:
        told.append(
            t(
                "From the age of {from_age} to {to_age}: {what} This is consistent with {fits}; it proves none of "
                "them.",
                lang,
                from_age=age(sign.from_h, lang),
                to_age=age(sign.to_h, lang),
                what=say(sign.told, lang, zone),
                fits=t(sign.fits.template, lang),
            )
        )
    told += _verdict(one, lang)
    return Part("counters", t("Are the counters clean", lang), tuple(told), reasons(one.missing, lang, zone))


def _verdict(one: Counters, lang: str) -> list[str]:
    """What was looked for, and that nothing found proves nothing."""
    if not one.checks:
        return []
    checks = ", ".join(t(CHECK_WORDS[name], lang) for name in one.checks)
    if one.signs:
        return [t("Looked for: {checks}. What was found has innocent explanations too.", lang, checks=checks)]
    return [
        t(
            "Looked for and not found: {checks}. That speaks for natural growth and does not prove it.",
            lang,
            checks=checks,
        )
    ]


def _correction(one: Correction, lang: str) -> str:
    return t(
        "By the age of {age} the platform had taken back {counter}: {before} became {after}.",
        lang,
        age=age(one.age_h, lang),
        counter=t(COUNTER_WORDS[one.counter], lang),
        before=whole(one.before, lang),
        after=whole(one.after, lang),
    )


def _gap(one: Gap, lang: str) -> str:
    told = {"from_age": age(one.from_h, lang), "to_age": age(one.to_h, lang), "step": age(one.usual_step_h, lang)}
    if one.share_of_views is None:
        return t("Nobody looked from {from_age} to {to_age}; the looks around it are {step} apart.", lang, **told)
    return t(
        "Nobody looked from {from_age} to {to_age}; the looks around it are {step} apart. In that time {share} of all "
        "views came unseen.",
        lang,
        share=share(one.share_of_views, lang),
        **told,
    )


def _listed(items: tuple, tell: partial[str], lang: str) -> list[str]:  # type: ignore[type-arg]
    """The first few in sentences, the rest as a number."""
    told = [tell(one) for one in items[:MOST_LISTED]]
    if len(items) > MOST_LISTED:
        told.append(t("And more of the kind: {more}.", lang, more=len(items) - MOST_LISTED))
    return told


def usual(found: Teardown, lang: str) -> Part:
    """Section 2: against which baseline."""
    one, zone = found.usual, found.zone
    told = []
    if one.views is not None and one.p25 is not None and one.p75 is not None:
        told.append(_usual(one, lang, zone))
    if one.multiple is not None and found.subject.views_24h is not None:
        told.append(
            t(
                "This post had {views} views at 24 h, {multiple} of that.",
                lang,
                views=whole(found.subject.views_24h, lang),
                multiple=factor(one.multiple, lang),
            )
        )
    return Part("usual", t("Against which baseline", lang), tuple(told), reasons(one.missing, lang, zone))


def _usual(one: Usual, lang: str, zone: str) -> str:
    templates = {
        "author": "Usual for the author are {views} views at 24 h, the middle half from {low} to {high}: the median of "
        "the last posts of this kind whose outcome was known when this one came out (n = {n}), published from "
        "{first} to {last}.",
        "author_other_kind": "Usual for the author are {views} views at 24 h, the middle half from {low} to {high}: "
        "the median of the last posts of other kinds or rules, since none of this kind was known (n = {n}), "
        "published from {first} to {last}.",
        "author_later": "Usual for the author are {views} views at 24 h, the middle half from {low} to {high}: the "
        "median of posts that became known only after this one came out (n = {n}), published from {first} to {last}.",
    }
    return t(
        templates[one.source],
        lang,
        views=count(one.views or 0.0, lang),
        low=count(one.p25 or 0.0, lang),
        high=count(one.p75 or 0.0, lang),
        n=one.n,
        first=moment(one.first_at, zone, lang) if one.first_at else "",
        last=moment(one.last_at, zone, lang) if one.last_at else "",
    )


def rule(found: Teardown, lang: str) -> Part:
    """Section 3: which counting rule."""
    one = found.rule
    told = [t("What counts as a view: {rule}.", lang, rule=t(RULES.get(one.name, one.name), lang))]
    told.append(
        t(
            "Other posts of the author of this kind that were counted the same way: {same}; left out because they were "
            "counted otherwise: {other}.",
            lang,
            same=one.n_same,
            other=one.n_other,
        )
    )
    if one.changed_at is not None:
        text = (
            "The rule changed on {when}, while this post was looked at: later views count otherwise than earlier ones."
        )
        told.append(t(text, lang, when=moment(one.changed_at, found.zone, lang)))
    return Part("rule", t("By which counting rule", lang), tuple(told))


def curve(found: Teardown, lang: str) -> Part:
    """Section 4: the curve with its moments."""
    one, zone = found.story, found.zone
    told = [*_band(one, lang)]
    told += [
        t(
            "At the age of {age} growth turned faster: from {before} views an hour to {after}; {views} views came in "
            "that stretch.",
            lang,
            age=age(turn.age_h, lang),
            before=count(turn.before_per_h, lang),
            after=count(turn.after_per_h, lang),
            views=count(turn.views, lang),
        )
        for turn in sorted(one.turns, key=lambda turn: turn.age_h)
    ]
    told += _listed(one.changes, partial(_change, lang=lang, zone=zone), lang)
    return Part("curve", t("The curve and its moments", lang), tuple(told), reasons(one.missing, lang, zone))


def _band(one: Story, lang: str) -> list[str]:
    if one.side is None:
        return []
    last = one.band[-1]
    told = {"age": age(last.age_h, lang), "low": count(last.p25, lang), "high": count(last.p75, lang), "n": last.n}
    typical = t(
        "The typical band at {age} goes from {low} to {high} views (25 to 75 % of n = {n} posts).", lang, **told
    )
    if one.left_band_h is not None and one.left_band_h <= one.points[0][0] + 1e-9:
        text = "It lay above the typical band from the first look on, at {age}, and stayed there."
        return [typical, t(text, lang, age=age(one.left_band_h, lang))]
    if one.left_band_h is not None:
        text = "It left the typical band upwards by the age of {age} and stayed above it."
        return [typical, t(text, lang, age=age(one.left_band_h, lang))]
    if one.side == "below":
        return [typical, t("At the last comparable look it lies below the typical band.", lang)]
    return [
        typical,
        t("At the last comparable look it lies inside the typical band: no hit by the author's measure.", lang),
    ]


def _change(one: Change, lang: str, zone: str) -> str:
    told = {"age": age(one.age_h, lang), "when": moment(one.at, zone, lang), "what": t(CHANGE_WORDS[one.what], lang)}
    if one.what == "title":
        text = "At the age of {age} ({when}) a change was noticed: {what}, “{got}” instead of “{title}”."
        return t(text, lang, title=_cut(one.before), got=_cut(one.after), **told)
    return t("At the age of {age} ({when}) a change was noticed: {what}.", lang, **told)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else line[:99] + "…"


def compared(one: Compared, lang: str) -> str:
    """The others' side of a comparison: median, middle half and how many."""
    rate = one.name.endswith("_per_view")
    low, usual_, high = (share(x, lang) if rate else count(x, lang) for x in (one.p25, one.usual, one.p75))
    return t("usual {usual}, middle half {low} to {high}, n = {n}", lang, usual=usual_, low=low, high=high, n=one.n)


def placed(one: Compared, lang: str) -> str:
    """Where a number lies among the others'."""
    if one.below == one.n:
        return t("more than all {n} others", lang, n=one.n)
    return t("more than {below} of {n} others", lang, below=number(one.below, lang), n=one.n)
