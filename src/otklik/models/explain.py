"""Why a forecast is what it is: contributions of groups of features, and of each feature, that sum to it.

They describe the model, not the world: a group that moves the forecast need not move what happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from otklik.features import Table
from otklik.models.base import Floats, is_live
from otklik.models.boosted import Boosted, Task, start
from otklik.models.forecast import Contribution, FeatureEffect
from otklik.models.plain_words import form_of
from otklik.models.topics import NAMES as TOPICS
from otklik.models.trend import TERMS

CALIBRATION = "calibration"
"""What the calibrated median adds to the model's own point, and the floor at what was already seen."""
TOPIC = "topic"
"""All topics together: what a text is about. One component alone has no meaning that words could tell."""
JOINED: Mapping[str, str] = {
    "calendar__hour_sin": "calendar__hour_local",
    "calendar__hour_cos": "calendar__hour_local",
    **dict.fromkeys(TOPICS, TOPIC),
}
"""Inputs that say the same as another: their effects are told as one."""
FEATURE_OF_TERM: Mapping[str, str] = {
    "gap": "early__size_lift",
    "gap_x_age": "early__size_lift",
    "has_baseline": "author__has_own_baseline",
    "has_baseline_x_age": "author__has_own_baseline",
    "age": "early__look_age_h",
    "age_squared": "early__look_age_h",
    "likes": "early__likes_per_view",
    "likes_x_age": "early__likes_per_view",
    "last_lift": "author__last3_lift",
}
"""The feature that each term of the trend is made of; of an interaction with age, the one that age weighs."""
USUAL_POSTS = 20
"""The author's usual value is told over so many of the last posts."""
LEAST_USUAL = 5
"""With fewer posts whose value is known there is no usual one."""
NEAR_HOURS = 3.0
"""Half of the posts come out within so many hours of the usual hour, or there is none."""


@dataclass(frozen=True)
class Explanation:
    """``start_log`` plus all contributions is the forecast on the scale ``log(1 + count)``."""

    start_log: float
    contributions: tuple[Contribution, ...]


def explain(model: Boosted, table: Table, point: Floats) -> list[Explanation]:
    """Contributions by group of each example, largest first (TreeSHAP of LightGBM, plus the trend's terms).

    Args:
        model: the fitted model.
        table: the examples.
        point: the calibrated forecast of each, which the contributions must sum to, shape ``(n,)``.
    """
    explanations: list[Explanation] = []
    for i in range(len(table)):
        begin, effects = _effects(model, table.at(np.array([i])), float(point[i]))
        groups = dict.fromkeys((group_of(name) for name in effects), 0.0)
        for name, effect in effects.items():
            groups[group_of(name)] += effect
        ordered = sorted(groups.items(), key=lambda item: -abs(item[1]))
        explanations.append(Explanation(begin, tuple(Contribution(*item) for item in ordered)))
    return explanations


def feature_effects(
    model: Boosted, table: Table, usual: Table | None, *, point: Floats | None = None
) -> tuple[FeatureEffect, ...]:
    """What each feature adds to the forecast of one example, largest first, with the author's usual value beside it.

    Within a group they sum to its contribution of :func:`explain` for the same ``point``. Topics are one effect, and
    so are the three ways in which the hour is told; features that moved nothing are left out.

    Args:
        model: the fitted model.
        table: one example.
        usual: earlier posts of the author as they stood at the same age
            (:func:`otklik.features.likeness.own_posts`); the last :data:`USUAL_POSTS` of them count.
        point: the calibrated forecast, shape ``(1,)``; the model's own without it.

    Raises:
        ValueError: when the table does not hold exactly one example.
    """
    if len(table) != 1:
        raise ValueError(f"expected a table of one example, but it has {len(table)}")
    said = model.point(table) if point is None else point
    effects = _effects(model, table, float(said[0]))[1]
    joined: dict[str, float] = {}
    for name, effect in effects.items():
        told = JOINED.get(name, name)
        joined[told] = joined.get(told, 0.0) + effect
    last = None if usual is None else _last(usual)
    ordered = sorted(joined.items(), key=lambda item: -abs(item[1]))
    return tuple(
        FeatureEffect(name, effect, _value(table, name), None if last is None else _usual(last, name))
        for name, effect in ordered
        if abs(effect) > 1e-12
    )


def group_of(name: str) -> str:
    """The group that a feature or a sum of effects belongs to.

    >>> group_of("early__size_lift"), group_of("topic")
    ('early', 'topic')
    """
    return name.split("__")[0]


def _effects(model: Boosted, one: Table, point: float) -> tuple[float, dict[str, float]]:
    """Where the forecast of one example starts, and what each input adds to it, calibration last."""
    task = model.tasks[bool(is_live(one)[0])]
    constant, effects = _task_effects(task, one)
    begin = float(start(one, model.overall)[0]) + constant
    effects[CALIBRATION] = point - begin - sum(effects.values())
    return begin, effects


def _task_effects(task: Task, one: Table) -> tuple[float, dict[str, float]]:
    """The constant part of a task and what each of its inputs adds to it, for a table of one example."""
    constant, effects = task.centre, dict.fromkeys(task.features, 0.0)
    if task.trend is not None:
        constant += task.trend.intercept
        for (term, group), value in zip(TERMS, task.trend.contributions(one)[0], strict=True):
            name = FEATURE_OF_TERM.get(term, "")
            name = name if group_of(name) == group else f"{group}__trend"
            effects[name] = effects.get(name, 0.0) + float(value)
    if task.location.boosters:
        shap = task.trust * task.location.contributions(task.inputs(one))[0]
        constant += float(shap[-1])
        for name, value in zip(task.features, shap, strict=False):
            effects[name] += float(value)
    return constant, effects


def _last(usual: Table) -> Table:
    """The last posts of a table by publication."""
    newest = np.argsort(usual.meta["published_us"].to_numpy(), kind="stable")[-USUAL_POSTS:]
    return usual.at(newest)


def _value(table: Table, name: str) -> float | None:
    """A feature of the example; ``None`` where it is unknown, or no feature of the catalogue."""
    value = float(table.X[name].iloc[0]) if name in table.X else float("nan")
    return value if np.isfinite(value) else None


def _usual(last: Table, name: str) -> float | None:
    """The usual value of a feature: a median; of hours and weekdays what at least half of the posts have."""
    if name not in last.X:
        return None
    known = last.X[name].to_numpy(np.float64)
    known = known[np.isfinite(known)]
    if len(known) < LEAST_USUAL:
        return None
    form = form_of(name)
    if form == "clock":
        return _usual_hour(known)
    if form == "weekday":
        days, counts = np.unique(known, return_counts=True)
        return float(days[counts.argmax()]) if counts.max() * 2 >= len(known) else None
    return float(np.median(known))


def _usual_hour(hours: Floats) -> float | None:
    """The hour that is nearest to all others on the circle of the day; ``None`` where the hours are all over it.

    >>> _usual_hour(np.array([23.5, 0.5, 23.0, 0.0, 1.0]))
    0.0
    """
    apart = np.abs(hours[:, None] - hours[None, :])
    apart = np.minimum(apart, 24 - apart)
    middle = int(apart.sum(axis=1).argmin())
    return float(hours[middle]) if (apart[middle] <= NEAR_HOURS).mean() >= 0.5 else None
