"""What an author's earlier posts had reached by the cutoff; everything scale-like is relative to the baseline.

The baseline is the median, on the log scale, of the author's last posts of the same kind and counting rule
whose outcome was known at the cutoff. An author without any falls back to what looks at earlier posts, early or
late, say once carried to the horizon (:mod:`otklik.dataset.growth`), then to the author's posts of other kinds, then
to a reference group: recent posts of the same platform, kind and rule by anybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from otklik.dataset.corpus import US_PER_H, Ints
from otklik.dataset.history import Entries, first_looks, outcomes
from otklik.features.catalog import Columns, Context, Feature, Floats
from otklik.view_rules import view_rules

N_HISTORY = 20
"""How many of the author's last matured posts the baseline is a median of."""
N_REFERENCE = 300
"""How many recent posts of the reference group its median is taken over."""
SOURCES = ("author", "author_looks", "author_other_kind", "reference", "none")
"""Where a baseline comes from, in order of preference."""
OWN_SOURCES = SOURCES[:3]
"""Those that speak of the author."""
LEAST_LOOKS = 3
"""Fewer earlier posts seen at other ages than the horizon make no baseline."""
FOR_A_HIT = 10
"""With fewer posts nobody can say what nine of ten stay below."""

FEATURES = (
    Feature("author__n_history", "posts", f"Matured posts behind the baseline, at most {N_HISTORY}."),
    Feature("author__has_own_baseline", "0/1", "The baseline is the author's own, of the same kind and rule."),
    Feature("author__spread_log", "log", "Interquartile range of the author's last outcomes."),
    Feature("author__skew_log", "log", "Mean minus median of the author's last outcomes."),
    Feature("author__last_lift", "log", "Lift of the author's last matured post."),
    Feature("author__last3_lift", "log", "Mean lift of the author's last three matured posts."),
    Feature("author__trend_lift", "log", "Mean of the last five outcomes minus the mean of those before."),
    Feature("author__best_lift", "log", "Best of the author's last outcomes."),
    Feature("author__worst_lift", "log", "Worst of the author's last outcomes."),
    Feature(
        "author__other_kind_lift",
        "log",
        "Median of the author's posts of every kind, relative to the baseline.",
    ),
    Feature("author__looks_lift", "log", "Median of first looks at the author's last posts, carried to 24 h."),
    Feature("author__looks_mean_lift", "log", "Mean of those."),
    Feature("author__looks_last5_lift", "log", "Mean of the last five of those."),
    Feature(
        "author__looks_any_kind_lift",
        "log",
        "Median of first looks at the author's last posts of every kind.",
    ),
    Feature("author__looks_spread_log", "log", "Standard deviation of first looks carried to 24 h."),
    Feature("author__n_looks", "posts", f"How many first looks those are taken over, at most {N_HISTORY}."),
    Feature("author__looks_stray_log", "log", "How far such looks typically stray from the outcome, by their ages."),
    Feature("author__has_looks_baseline", "0/1", "The baseline comes from looks at other ages than the horizon."),
    Feature("author__followers_lift", "log", "Followers relative to the baseline."),
)

SUMMARY = ("author__n_history", "author__has_own_baseline", "author__followers_lift")
"""What a person can say of an author in a word: a median over so many posts, and followers."""
BEYOND_SUMMARY = tuple(feature.name for feature in FEATURES if feature.name not in SUMMARY)
"""What is not known of an author of whom only a summary is given."""


@dataclass(frozen=True)
class Baselines:
    """The baseline of each example on the log scale, and how it is known."""

    log: Floats
    source: Ints
    """Index into :data:`SOURCES`."""
    n_posts: Ints
    """Posts that the median is taken over."""
    window: Floats
    """The author's last outcomes of the same kind and rule, newest last, shape ``(n, N_HISTORY)``."""
    any_kind: Floats
    """Median over the author's posts of every kind; NaN without any."""
    quarters: Floats
    """What a quarter, three quarters and nine of ten of the posts behind it stay below, shape ``(3, n)``; NaN where
    the baseline is not made of posts of this kind, and the last with fewer than :data:`FOR_A_HIT`."""


def baselines(context: Context) -> Baselines:
    """The as-of baseline of every example."""
    corpus, rows, at = context.corpus, context.rows, context.cutoff_us
    window = _window(context, corpus.stratum, N_HISTORY)
    any_kind_window = _window(context, corpus.author, N_HISTORY)
    group = _reference_group(context)
    reference = outcomes(corpus, context.label, group)
    looks = looks_before(context, corpus.stratum, N_HISTORY)
    n_looks = np.isfinite(looks).sum(axis=1)
    own, any_kind = _median(window), _median(any_kind_window)
    by_looks = np.where(n_looks >= LEAST_LOOKS, _median(looks), np.nan)
    fallback = _reference_median(reference, group[rows], at)
    choices = np.stack([own, by_looks, any_kind, fallback])
    source = np.where(np.isfinite(choices).any(axis=0), np.isfinite(choices).argmax(axis=0), len(SOURCES) - 1)
    counts = np.stack(
        [
            np.isfinite(window).sum(axis=1),
            n_looks,
            np.isfinite(any_kind_window).sum(axis=1),
            np.minimum(reference.known(group[rows], at), N_REFERENCE),
            np.zeros(len(rows), dtype=np.int64),
        ]
    )
    picked = np.concatenate([choices, np.full((1, len(rows)), np.nan)])
    each = np.arange(len(rows))
    made_of = np.where((source == 0)[:, None], window, np.where((source == 1)[:, None], looks[:, -N_HISTORY:], np.nan))
    return Baselines(picked[source, each], source, counts[source, each], window, any_kind, _quarters(made_of))


def _quarters(posts: Floats) -> Floats:
    quarters = _quantiles(posts, (0.25, 0.75, 0.9))
    quarters[2, np.isfinite(posts).sum(axis=1) < FOR_A_HIT] = np.nan
    return quarters


def compute(context: Context, base: Baselines) -> Columns:
    """Author features of each example."""
    own = base.source == 0
    lifts = np.where(own[:, None], base.window - base.log[:, None], np.nan)
    followers = np.log1p(context.column("followers").to_numpy(np.float64, na_value=np.nan))
    return {
        "author__n_history": np.isfinite(base.window).sum(axis=1).astype(np.float64),
        "author__has_own_baseline": own.astype(np.float64),
        **_shape(lifts),
        "author__other_kind_lift": base.any_kind - base.log,
        **_looks(context, base),
        "author__has_looks_baseline": (base.source == 1).astype(np.float64),
        "author__followers_lift": followers - base.log,
    }


def _shape(lifts: Floats) -> Columns:
    """Level, spread and drift of the author's last lifts, shape ``(n, N_HISTORY)``, newest last."""
    n = np.isfinite(lifts).sum(axis=1)
    quartiles = _quantiles(lifts, (0.25, 0.75))
    recent, before = _mean(lifts[:, -5:]), _mean(lifts[:, :-5])
    return {
        "author__spread_log": np.where(n >= 3, quartiles[1] - quartiles[0], np.nan),
        "author__skew_log": _mean(lifts),
        "author__last_lift": lifts[:, -1],
        "author__last3_lift": _mean(lifts[:, -3:]),
        "author__trend_lift": recent - before,
        "author__best_lift": np.fmax.reduce(lifts, axis=1),
        "author__worst_lift": np.fmin.reduce(lifts, axis=1),
    }


def _looks(context: Context, base: Baselines) -> Columns:
    """The author's level by the first looks at earlier posts, whether or not those have a label yet."""
    own = looks_before(context, context.corpus.stratum, N_HISTORY)
    any_kind = looks_before(context, context.corpus.author, N_HISTORY)
    stray = looks_before(context, context.corpus.stratum, N_HISTORY, what="spread")
    mean = _mean(own)
    return {
        "author__looks_lift": _median(own) - base.log,
        "author__looks_mean_lift": mean - base.log,
        "author__looks_last5_lift": _mean(own[:, -5:]) - base.log,
        "author__looks_any_kind_lift": _median(any_kind) - base.log,
        "author__looks_spread_log": np.sqrt(_mean((own - mean[:, None]) ** 2)),
        "author__looks_stray_log": _mean(stray),
        "author__n_looks": np.isfinite(own).sum(axis=1).astype(np.float64),
    }


def looks_before(context: Context, group: Ints, size: int, what: str = "carried") -> Floats:
    """First looks at the last posts of each example's group, carried to the horizon; the post's own is left out.

    Args:
        context: the examples.
        group: number of the group of each post of the corpus.
        size: how many posts to look back on.
        what: ``carried``, or ``spread`` for how far each such look typically strays.

    Returns:
        Shape ``(n, size + 1)``, newest last, NaN where there are fewer.
    """
    entries, mine = first_looks(context.corpus, context.target.counter, group), group[context.rows]
    value, row = (entries.window(name, mine, context.cutoff_us, size + 1) for name in (what, "row"))
    return np.where(row == context.rows[:, None], np.nan, value)


def _window(context: Context, group: Ints, size: int) -> Floats:
    entries = outcomes(context.corpus, context.label, group)
    return entries.window("log", group[context.rows], context.cutoff_us, size)


def _reference_group(context: Context) -> Ints:
    posts = context.corpus.posts
    rules = view_rules(posts["platform"], posts["kind"], posts["published_at"])
    groups = pd.DataFrame({"platform": posts["platform"], "kind": posts["kind"], "rule": rules})
    return groups.groupby(list(groups.columns), sort=False).ngroup().to_numpy(dtype=np.int64)


def _reference_median(reference: Entries, group: Ints, at: Ints) -> Floats:
    """Median of the reference group as of the hour of each example: many examples share one."""
    hours = np.stack([group, at // US_PER_H])
    unique, inverse = np.unique(hours, axis=1, return_inverse=True)
    window = reference.window("log", unique[0], unique[1] * US_PER_H, N_REFERENCE)
    return _median(window)[inverse.ravel()]


def _median(values: Floats) -> Floats:
    return _quantiles(values, (0.5,))[0]


def _quantiles(values: Floats, levels: tuple[float, ...]) -> Floats:
    """Quantiles along rows, shape ``(len(levels), n)``; NaN where a row is all NaN."""
    result = np.full((len(levels), len(values)), np.nan)
    filled = np.isfinite(values).any(axis=1)
    if filled.any():
        result[:, filled] = np.nanquantile(values[filled], levels, axis=1)
    return result


def _mean(values: Floats) -> Floats:
    n = np.isfinite(values).sum(axis=1)
    return np.divide(np.nansum(values, axis=1), n, out=np.full(len(values), np.nan), where=n > 0)
