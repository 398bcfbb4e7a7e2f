"""What the counters of the post itself say at the last look before the cutoff.

Only looks at or before the cutoff are read. The target's own counter is told as ``size``, so that one set of
names serves views and reactions.
"""

from __future__ import annotations

import numpy as np

from otklik.features.author import Baselines
from otklik.features.catalog import AFTER, Columns, Context, Feature, Floats

FEATURES = tuple(
    Feature(f"early__{what}", unit, doc, AFTER)
    for what, unit, doc in (
        ("look_age_h", "h", "Age of the post at its last look."),
        ("n_looks", "looks", "Looks so far."),
        ("size_log", "log", "The target's counter at the last look, log(1 + n): small counts are noisy."),
        ("size_lift", "log", "The target's counter at the last look relative to the author's baseline."),
        ("pace_lift", "log", "Count an hour since publication, relative to the author's baseline."),
        (
            "velocity_lift",
            "log",
            "Count an hour between the last two looks, relative to the author's baseline.",
        ),
        (
            "velocity_change_log",
            "log",
            "Velocity between the last two looks relative to the pace before them.",
        ),
        ("carried_lift", "log", "The last look carried to the horizon, relative to the author's baseline."),
        ("carried_looks_lift", "log", "The same relative to the author's level by first looks."),
        ("step_log", "log", "Growth between the last two looks."),
        ("step_h", "h", "Hours between the last two looks."),
        ("plateau_h", "h", "Hours that the counter has stood still."),
        ("n_corrections", "1", "Times the counter went down."),
        ("likes_per_view", "1", "Likes a view at the last look."),
        ("comments_per_view", "1", "Comments a view at the last look."),
        ("shares_per_view", "1", "Shares a view at the last look."),
        ("comments_per_like", "1", "Comments a like at the last look."),
        ("views_log", "log", "Views at the last look, log(1 + n)."),
        ("look_hour_local", "h", "Hour of the day of the last look in the audience's zone."),
    )
)


def last_size(context: Context) -> tuple[Floats, Floats]:
    """The target's counter at the last look before each cutoff, and the age at that look in hours."""
    return context.corpus.curves[context.target.counter].last(context.rows, context.age_h)


def compute(context: Context, base: Baselines, looks_level_lift: Floats) -> Columns:
    """Early features of each example; NaN for a draft, and wherever the platform hides a counter.

    Args:
        context: the examples.
        base: the baseline of each.
        looks_level_lift: ``author__looks_level_lift`` of each.
    """
    curve, rows, age = context.corpus.curves[context.target.counter], context.rows, context.age_h
    size, look_age = last_size(context)
    n_looks = curve.count(rows, age).astype(np.float64)
    seen = np.isfinite(size)
    carried = context.corpus.growth.carry(size, look_age, context.column("platform") + "/" + context.column("kind"))
    return {
        "early__look_age_h": look_age,
        "early__n_looks": np.where(seen, n_looks, np.nan),
        "early__size_log": np.log1p(size),
        "early__size_lift": np.log1p(size) - base.log,
        "early__pace_lift": np.log((size + 1) / np.maximum(look_age, 0.01)) - base.log,
        "early__carried_lift": carried - base.log,
        "early__carried_looks_lift": carried - base.log - np.nan_to_num(looks_level_lift),
        **_steps(context, size, look_age, base),
        "early__plateau_h": curve.plateau_h(rows, age),
        "early__n_corrections": np.where(seen, curve.n_corrections(rows, age), np.nan),
        **_rates(context),
        "early__look_hour_local": _hour_at(context, look_age),
    }


def _steps(context: Context, size: Floats, look_age: Floats, base: Baselines) -> Columns:
    """The step between the last two looks; NaN with fewer than two."""
    curve, rows = context.corpus.curves[context.target.counter], context.rows
    before = curve.last(rows, look_age - 1e-6)
    hours = look_age - before.age_h
    rising = np.maximum(size - before.value, 0) + 1
    velocity = np.log(rising / np.maximum(hours, 1 / 60))
    pace_before = np.log((before.value + 1) / np.maximum(before.age_h, 0.01))
    return {
        "early__velocity_lift": velocity - base.log,
        "early__velocity_change_log": velocity - pace_before,
        "early__step_log": np.log1p(size) - np.log1p(before.value),
        "early__step_h": hours,
    }


def _rates(context: Context) -> Columns:
    curves, rows, age = context.corpus.curves, context.rows, context.age_h
    views, likes, comments, shares = (
        curves[name].last(rows, age).value for name in ("views", "likes", "comments", "shares")
    )
    return {
        "early__likes_per_view": _rate(likes, views),
        "early__comments_per_view": _rate(comments, views),
        "early__shares_per_view": _rate(shares, views),
        "early__comments_per_like": _rate(comments, likes),
        "early__views_log": np.log1p(views),
    }


def _rate(part: Floats, whole: Floats) -> Floats:
    """Part of the whole, with one added below so that a post with no view yet has a small rate, not a huge one."""
    return part / (whole + 1)


def _hour_at(context: Context, look_age: Floats) -> Floats:
    local = context.local_time()
    return ((local.dt.hour + local.dt.minute / 60).to_numpy(np.float64) + look_age) % 24
