"""The author's level over several spans of memory, by the clock, and how the author's posts grow.

A median of the last twenty posts is a steady baseline, but it is late when an author rises or falls, and blind to
the hour. Here the same outcomes are averaged with weights that halve every so many posts, near the same hour of the
day and on the same weekday; what is scarce is drawn to no deviation.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from otklik.dataset.corpus import Ints
from otklik.dataset.history import Entries, first_looks, outcomes
from otklik.features.author import Baselines, looks_before
from otklik.features.catalog import Columns, Context, Feature, Floats

MEMORY = 200
"""Earlier posts that are looked back on."""
HALF_LIVES = (2, 6, 20, 60)
"""Posts after which the weight of an outcome has halved."""
LOOKS_HALF_LIFE = 20
NEAR_H = 1.5
"""Width of the neighbourhood of an hour of the day, in hours."""
HOUR_PRIOR, WEEKDAY_PRIOR, HABIT_PRIOR = 2.0, 4.0, 2.0
"""Posts without deviation that are averaged in."""
HABIT_POSTS = 30
FARTHEST = 3.0
"""One runaway hit (a factor of twenty) counts no more than this."""

FEATURES = (
    *(
        Feature(f"author__level{n}_lift", "log", f"Mean outcome of the author, weights halving every {n} posts.")
        for n in HALF_LIVES
    ),
    Feature("author__looks_level_lift", "log", "Mean of first looks carried to 24 h, weights halving every 20 posts."),
    Feature("author__n_known_log", "log posts", f"Outcomes of the author known, log(1 + n), at most {MEMORY}."),
    Feature("author__hour_lift", "log", "How the author's posts near this hour of the day do beside the others."),
    Feature("author__weekday_lift", "log", "How the author's posts on this weekday do beside the others."),
    Feature("author__growth_habit_log", "log", "How much more the author's posts grow after a look than is typical."),
)
HISTORY = tuple(feature.name for feature in FEATURES)


def compute(context: Context, base: Baselines) -> Columns:
    """Level features of each example."""
    corpus, cutoff = context.corpus, context.cutoff_us
    group = corpus.stratum[context.rows]
    past = outcomes(corpus, context.label, corpus.stratum)
    known = past.window("log", group, cutoff, MEMORY)
    published = past.window("published_us", group, cutoff, MEMORY)
    levels = {n: _fading_mean(known, n) for n in HALF_LIVES}
    deviation = np.clip(known - levels[20][:, None], -FARTHEST, FARTHEST)
    return {
        **{f"author__level{n}_lift": level - base.log for n, level in levels.items()},
        "author__looks_level_lift": _fading_mean(looks_before(context, corpus.stratum, 100), LOOKS_HALF_LIFE)
        - base.log,
        "author__n_known_log": np.log1p(np.isfinite(known).sum(axis=1)),
        **_by_clock(context, deviation, published),
        "author__growth_habit_log": _habit(context, group),
    }


def _by_clock(context: Context, deviation: Floats, published: Floats) -> Columns:
    """Mean deviation of the posts near the example's hour of the day, and of those on its weekday."""
    seen = np.isfinite(deviation) & np.isfinite(published)
    hour, weekday = _clock(context, np.where(seen, published, 0.0))
    own_hour, own_weekday = _clock(context, context.corpus.published_us[context.rows][:, None].astype(np.float64))
    apart = np.abs(hour - own_hour)
    near = np.exp(-((np.minimum(apart, 24 - apart) / NEAR_H) ** 2) / 2)
    weight = _fading(MEMORY, 60) * seen
    return {
        "author__hour_lift": _drawn_mean(deviation, near * weight, HOUR_PRIOR),
        "author__weekday_lift": _drawn_mean(deviation, (weekday == own_weekday) * weight, WEEKDAY_PRIOR),
    }


def _clock(context: Context, at_us: Floats) -> tuple[Floats, Floats]:
    """Hour of the day and weekday of instants in the audience's zone, each of the shape given."""
    instants = pd.to_datetime(pd.Series(at_us.ravel().astype(np.int64)), unit="us", utc=True)
    local = instants.dt.tz_convert(context.zone)
    hour = (local.dt.hour + local.dt.minute / 60).to_numpy(np.float64)
    return hour.reshape(at_us.shape), local.dt.day_of_week.to_numpy(np.float64).reshape(at_us.shape)


def _habit(context: Context, group: Ints) -> Floats:
    """Mean of outcome minus carried first look over the author's last posts, drawn to 0; NaN without any."""
    corpus = context.corpus
    looks = first_looks(corpus, context.target.counter, np.zeros(len(corpus), np.int64)).values
    carried = np.full(len(corpus), np.nan)
    carried[looks["row"].astype(np.int64)] = looks["carried"]
    grown = np.log1p(context.label["first_value"].to_numpy(np.float64)) - carried
    usable = np.isfinite(grown)
    entries = Entries.of(
        corpus.stratum[usable],
        context.label["first_known_us"].to_numpy()[usable],
        {"grown": np.clip(grown[usable], -FARTHEST, FARTHEST)},
        int(corpus.stratum.max(initial=-1)) + 1,
    )
    past = entries.window("grown", group, context.cutoff_us, HABIT_POSTS)
    n = np.isfinite(past).sum(axis=1)
    return np.where(n > 0, np.nansum(past, axis=1) / (n + HABIT_PRIOR), np.nan)


def _fading(size: int, half_life: float) -> Floats:
    """Weights of a window, newest last, halving every so many places."""
    return 0.5 ** (np.arange(size - 1, -1, -1) / half_life)


def _fading_mean(window: Floats, half_life: float) -> Floats:
    """Weighted mean along rows, newest last; NaN for a row without any."""
    weight = _fading(window.shape[1], half_life) * np.isfinite(window)
    total = weight.sum(axis=1)
    return np.divide(
        (np.nan_to_num(window) * weight).sum(axis=1), total, out=np.full(len(window), np.nan), where=total > 0
    )


def _drawn_mean(values: Floats, weight: Floats, prior: float) -> Floats:
    """Weighted mean along rows, with ``prior`` values of 0 averaged in."""
    return (np.nan_to_num(values) * weight).sum(axis=1) / (weight.sum(axis=1) + prior)
