"""Cohorts with a known truth, in the shape of real rows: for tests, benchmarks and the sandbox.

A post's views at 24 h are ``exp(author level + what the draft shows + luck)``; they are reached along a curve
``share(a) = a^s / (a^s + h^s)`` with a half-age ``h`` and a speed ``s`` of its own, scaled to 1 at 24 h, and the
looks are taken at a schedule with jitter, misses and corrections. Simulated rows say ``source = "simulated"``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from otklik.schema import POSTS, SNAPSHOTS, conform

Floats = NDArray[np.float64]

HORIZON_H = 24.0
_FIRST = ("Утро", "Ночь", "Сказка", "Тайна", "Песня", "Огни", "Дорога", "Зима", "Вкус", "Голос")
_SECOND = ("над рекой", "старого города", "нашего двора", "без людей", "в тумане", "у вокзала", "на крыше")
_START = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Simulated:
    """Simulated posts and snapshots in the import format, and the truth behind them."""

    posts: pd.DataFrame
    snapshots: pd.DataFrame
    truth: pd.DataFrame
    """One row a post: views_24h, author_log (the author's level), visible_log (the part that the draft shows)."""


def simulate(
    n_authors: int = 40,
    posts_per_author: int = 25,
    *,
    seed: int = 0,
    start: datetime = _START,
    days: float = 60.0,
    look_every_h: float = 6.0,
    look_until_h: float = 48.0,
    until_h: float | None = None,
    platform: str = "youtube",
    kinds: tuple[str, ...] = ("short",),
    visible: float = 0.4,
    luck: float = 0.6,
    miss_rate: float = 0.1,
    correction_rate: float = 0.01,
) -> Simulated:
    """A cohort.

    Args:
        n_authors: how many authors.
        posts_per_author: posts of each.
        seed: equal seeds give equal rows.
        start: first possible instant of publication.
        days: over how many days the posts come out.
        look_every_h: hours between looks, each moved by up to a quarter of it.
        look_until_h: age of the last look.
        until_h: hours after ``start`` at which observation ends: younger posts are censored.
        platform: name of the platform.
        kinds: kinds that the posts take in turn.
        visible: log effect of what the draft shows (evening, question mark): the part that can be learned.
        luck: standard deviation of what nobody can know, in logs.
        miss_rate: share of looks that are missing.
        correction_rate: share of looks at which the platform takes back some views.
    """
    rng = np.random.default_rng(seed)
    n = n_authors * posts_per_author
    author = np.repeat(np.arange(n_authors), posts_per_author)
    level = rng.normal(7.5, 1.2, n_authors)
    hour = rng.integers(0, 24, n)
    day = rng.integers(0, max(1, int(days)), n)
    question = rng.random(n) < 0.4
    shown = visible * (np.where(hour >= 17, 1.0, -0.5) + np.where(question, 0.6, -0.4))
    views = np.floor(np.exp(level[author] + shown + rng.normal(0, luck, n)))
    published = pd.Timestamp(start) + pd.to_timedelta(day * 24 * 60 + hour * 60 + rng.integers(0, 60, n), unit="min")
    posts = pd.DataFrame(
        {
            "platform": platform,
            "post_id": [f"sim{seed}_{i:06d}" for i in range(n)],
            "author_id": [f"author_{a:04d}" for a in author],
            "kind": np.resize(np.array(kinds), n),
            "published_at": published.astype("datetime64[us, UTC]"),
            "title": _titles(rng, n, question),
            "text": "",
            "duration_s": rng.integers(10, 60, n),
            "followers": np.floor(np.exp(level + 1.5))[author].astype(np.int64),
        }
    )
    truth = pd.DataFrame({"views_24h": views, "author_log": level[author], "visible_log": shown})
    looks = _looks(rng, posts, views, look_every_h, look_until_h, miss_rate, correction_rate)
    if until_h is not None:
        looks = looks[looks["observed_at"] <= pd.Timestamp(start) + pd.Timedelta(hours=until_h)]
    return Simulated(conform(posts, POSTS), conform(looks, SNAPSHOTS), truth)


def _titles(rng: np.random.Generator, n: int, question: NDArray[np.bool_]) -> list[str]:
    first, second = rng.integers(0, len(_FIRST), n), rng.integers(0, len(_SECOND), n)
    return [f"{_FIRST[a]} {_SECOND[b]}{'?' if q else ''}" for a, b, q in zip(first, second, question, strict=True)]


def _looks(
    rng: np.random.Generator,
    posts: pd.DataFrame,
    views: Floats,
    every_h: float,
    until_h: float,
    miss_rate: float,
    correction_rate: float,
) -> pd.DataFrame:
    n, n_looks = len(posts), max(1, int(until_h / every_h))
    # Everybody's first look falls somewhere inside one step, as with a collector that runs round the clock.
    ages = (np.arange(n_looks) + rng.random((n, 1))) * every_h
    ages = np.maximum(ages + rng.uniform(-0.25, 0.25, ages.shape) * every_h, 0.02)
    half, speed = np.exp(rng.normal(2.0, 0.3, (n, 1))), np.exp(rng.normal(0.3, 0.15, (n, 1)))
    counts = views[:, None] * share(ages, half, speed) / share(np.full((n, 1), HORIZON_H), half, speed)
    counts = np.floor(np.maximum.accumulate(np.sort(counts, axis=1), axis=1))
    ages = np.sort(ages, axis=1)
    corrected = rng.random(counts.shape) < correction_rate
    counts = np.where(corrected, np.floor(counts * 0.97), counts)
    rates = {
        "likes": rng.normal(-3.0, 0.3, n),
        "comments": rng.normal(-5.5, 0.5, n),
        "shares": rng.normal(-5.0, 0.6, n),
    }
    kept = rng.random(counts.shape) >= miss_rate
    post = np.broadcast_to(np.arange(n)[:, None], counts.shape)[kept]
    at = pd.DatetimeIndex(posts["published_at"])[post] + pd.to_timedelta(ages[kept] * 3600, unit="s").round("ms")
    return pd.DataFrame(
        {
            "platform": posts["platform"].to_numpy()[post],
            "post_id": posts["post_id"].to_numpy()[post],
            "observed_at": at.astype("datetime64[us, UTC]"),
            "views": counts[kept].astype(np.int64),
            **{name: np.floor(counts * np.exp(rate)[:, None])[kept].astype(np.int64) for name, rate in rates.items()},
            "source": "simulated",
        }
    ).drop_duplicates(["platform", "post_id", "observed_at"])


def share(age_h: Floats, half_h: Floats, speed: Floats) -> Floats:
    """Log-logistic growth: the share of all views ever reached at an age, half of it at ``half_h``.

    >>> share(np.array([8.0]), np.array([8.0]), np.array([1.3])).tolist()
    [0.5]
    """
    powered = np.power(age_h / half_h, speed)
    return powered / (1 + powered)
