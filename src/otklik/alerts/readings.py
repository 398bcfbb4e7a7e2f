"""What a rule reads of a post, and the sentence that tells it with its baseline."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from otklik.alerts.message import Message, plain, web_address
from otklik.alerts.rules import Rule
from otklik.alerts.standing import Standing, Usual, over
from otklik.language import count, factor, hours, moment, number, percent, t
from otklik.models.forecast import Forecast

UNITS = {"views": "views", "views_per_hour": "views an hour", "reactions_per_view": "reactions per view"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule found of one subject."""

    subject: str
    value: float
    """What the limit is held against: a multiple for a rule that names one."""
    is_met: bool
    baseline: float | None
    n_posts: int | None
    unit: str
    text: str
    title: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many followed posts of a platform wait for a look longer than a rule allows."""

    platform: str
    n: int
    of: int


def read_standing(rule: Rule, standing: Standing, lang: str, forecast: Forecast | None = None) -> Reading | None:
    """What a rule finds of a post; ``None`` where it cannot be told: no look, no usual, too few posts behind it."""
    if rule.platform not in (None, standing.platform) or standing.views is None or standing.age_h is None:
        return None
    if standing.views < rule.min_views:
        return None
    found = _of_forecast(forecast, lang) if rule.metric == "forecast" else _of_counter(rule, standing, lang)
    if found is None:
        return None
    value, baseline, n, unit, text = found
    if rule.is_multiple and (baseline is None or n is None or n < rule.min_posts):
        return None
    held = value / baseline if rule.is_multiple and baseline else value
    name = plain(standing.title) if standing.title else standing.key
    title = f"{name} · {plain(standing.author, 60)}" if standing.author else name
    url = web_address(standing.url)
    return Reading(standing.key, held, rule.is_met(held), baseline, n, unit, text, title, url)


def read_overdue(rule: Rule, overdue: Overdue, lang: str) -> Reading | None:
    """What a rule about collecting finds of a platform."""
    if rule.platform not in (None, overdue.platform):
        return None
    text = t(
        "{platform}: {n} of {all} followed posts have been due for a look for more than {window}. "
        "Is the timer running, is there quota? `otklik doctor` tells.",
        lang,
        platform=overdue.platform,
        n=overdue.n,
        all=number(overdue.of, lang),
        window=hours(rule.window_h, lang),
    )
    value = float(overdue.n)
    return Reading(overdue.platform, value, rule.is_met(value), None, None, t("posts", lang), text, None, None)


Found = tuple[float, float | None, int | None, str, str]


def _of_counter(rule: Rule, standing: Standing, lang: str) -> Found | None:
    age = hours(standing.age_h or 0.0, lang)
    if rule.metric == "views":
        value, usual = standing.views, standing.usual_views
        said = t(
            "{value} views at the age of {age}", lang, n=round(value or 0), value=number(value or 0, lang), age=age
        )
    elif rule.metric == "views_per_hour":
        value, usual = standing.views_per_hour, standing.usual_views_per_hour
        window = hours(round(standing.window_h or 0.0, 1), lang)
        said = t(
            "{value} views an hour over the last {window}, at the age of {age}",
            lang,
            value=number(value or 0, lang),
            window=window,
            age=age,
        )
    else:
        value, usual = standing.reactions_per_view, standing.usual_reactions_per_view
        said = t("reactions of {value} of views at the age of {age}", lang, value=percent(value or 0, lang, 1), age=age)
    if value is None:
        return None
    shown = _shown(usual, rule.metric, lang)
    text = f"{said}{_beside(value, usual, shown, lang)}"
    return value, usual.p50 if usual else None, usual.n if usual else None, t(UNITS[rule.metric], lang), text


def _shown(usual: Usual | None, metric: str, lang: str) -> str:
    if usual is None:
        return ""
    return percent(usual.p50, lang, 1) if metric == "reactions_per_view" else number(usual.p50, lang)


def _beside(value: float, usual: Usual | None, shown: str, lang: str) -> str:
    if usual is None:
        return t("; the author's usual at that age is not known: no earlier post was looked at near it.", lang)
    multiple = over(value, usual)
    if multiple is None:
        return t(
            "; usual at that age: {usual} (median of {n} earlier posts of the author).", lang, usual=shown, n=usual.n
        )
    return t(
        ", {factor} of the usual {usual} at that age (median of {n} earlier posts of the author, same kind).",
        lang,
        factor=factor(multiple, lang),
        usual=shown,
        n=usual.n,
    )


def _of_forecast(forecast: Forecast | None, lang: str) -> Found | None:
    if forecast is None or forecast.multiple is None or forecast.baseline.n_posts is None:
        return None
    values = {
        "middle": count(forecast.views.p50, lang),
        "low": count(forecast.views.p10, lang),
        "high": count(forecast.views.p90, lang),
        "factor": factor(forecast.multiple.p50, lang),
        "usual": count(forecast.baseline.value, lang),
        "n": forecast.baseline.n_posts,
        "label": forecast.model,
    }
    text = t(
        "forecast: {middle} views at 24 h ({low} – {high} for 8 of 10 posts), {factor} of the usual {usual} "
        "(median of {n} posts of the author); model {label}.",
        lang,
        **values,
    )
    return forecast.views.p50, forecast.baseline.value, forecast.baseline.n_posts, t("views", lang), text


def message_of(rule: Rule, reading: Reading, now: datetime, zone: str, lang: str, *, is_simulated: bool) -> Message:
    """The message that a reading makes. Its id is the same whenever it is made of the same facts."""
    as_of = now.replace(microsecond=0).isoformat()
    facts = f"{rule.name}|{reading.subject}|{as_of}"
    return Message(
        id=hashlib.sha256(facts.encode("utf-8", "replace")).hexdigest()[:16],
        rule=plain(rule.name),
        subject=plain(reading.subject),
        text=reading.text[:1].upper() + reading.text[1:],
        title=reading.title,
        url=reading.url,
        as_of=as_of,
        when=t("As of {at}.", lang, at=moment(now, zone, lang)),
        value=round(reading.value, 4),
        limit=rule.limit,
        metric=rule.metric,
        unit=reading.unit if not rule.is_multiple else t("times the usual", lang),
        baseline=None if reading.baseline is None else round(reading.baseline, 4),
        n_posts=reading.n_posts,
        zone=zone,
        simulated=t("Simulated data.", lang) if is_simulated else None,
    )
