"""An author with a history in a store, and experiments on it, for the tests of experiments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from otklik import experiments
from otklik.experiments.blocks import slot
from otklik.experiments.randomisation import Posts
from otklik.experiments.result import Entry, _posts
from otklik.store import Assignment, Store, Variant

START = datetime(2026, 9, 7, 9, tzinfo=UTC)
"""A Monday."""
AUTHOR = ("vk", "-1")
PAIR = (Variant("with sign"), Variant("without sign", "no place, no building"))

NAMES = ("a", "b")
"""Two variants, the first under test."""


def publish(
    store: Store,
    ids: Sequence[str],
    at: Sequence[datetime],
    views: Sequence[float],
    *,
    author: tuple[str, str] = AUTHOR,
    kind: str = "clip",
    look_h: float = 24.0,
    shares: float | None = 0.01,
) -> None:
    """Posts with one look each: views, a tenth of them likes, and a share of them reposts."""
    facts = {"platform": author[0], "author_id": author[1], "kind": kind}
    store.write_posts(pd.DataFrame({"post_id": list(ids), "published_at": pd.to_datetime(list(at)), **facts}))
    counts = np.floor(np.array(views)).astype(np.int64)
    looks = {
        "platform": author[0],
        "post_id": list(ids),
        "observed_at": pd.to_datetime([one + timedelta(hours=look_h) for one in at]),
        "views": counts,
        "likes": counts // 10,
    }
    if shares is not None:
        looks["shares"] = np.floor(counts * shares).astype(np.int64)
    store.write_snapshots(pd.DataFrame(looks))


def history(store: Store, n: int = 60, sd: float = 0.8, seed: int = 0, kind: str = "clip", per_day: int = 1) -> None:
    """An author's past: ``n`` posts, the last one a day and a half before the start."""
    at = [START - timedelta(days=1.5) - timedelta(days=number / per_day) for number in range(n)]
    views = np.exp(np.random.default_rng(seed).normal(8, sd, n))
    publish(store, [f"old{number}" for number in range(n)], at, views, kind=kind)


def wish(**said: object) -> experiments.Wish:
    """A wish for 8 posts."""
    plain = {"name": "sign", "author": AUTHOR, "variants": PAIR, "per_variant": 4, "seed": 7, "zone": "UTC"}
    return experiments.Wish(**(plain | said))


def run(
    store: Store, n: int, effect: float = 0.0, sd: float = 0.5, seed: int = 1, name: str = "sign"
) -> list[Assignment]:
    """Draw ``n`` variants a day apart and publish each an hour later."""
    rng, drawn = np.random.default_rng(seed), []
    for day in range(n):
        at = START + timedelta(days=day)
        one, _ = experiments.assign(store, name, at, title=f"clip {day}")
        views = np.exp(8 + effect * (one.variant == "with sign") + rng.normal(0, sd))
        publish(store, [f"new{day}"], [at + timedelta(hours=1)], [views])
        experiments.link(store, name, ("vk", f"new{day}"), at + timedelta(hours=2), number=one.number)
        drawn.append(one)
    return drawn


def design(seed: int, weeks: list[int], names: tuple[str, ...] = NAMES) -> list[Entry]:
    """Assignments as the tool draws them, so many a week."""
    entries = []
    for week, n in enumerate(weeks):
        for place in range(n):
            one = slot(seed, f"w{week}", place, names)
            facts = (len(entries) + 1, one.variant, None, None, None, 0.0, 1.0, None)
            entries.append(Entry(*facts, one.stratum, one.block, one.copies))
    return entries


def observed(entries: list[Entry], y: np.ndarray, effect: float = 0.0, kept: np.ndarray | None = None) -> Posts:
    """The posts of the first two variants, with an effect of the first."""
    pair = [
        replace(one, y=float(value) + effect * (one.variant == NAMES[0]))
        for number, (one, value) in enumerate(zip(entries, y, strict=True))
        if one.variant in NAMES and (kept is None or kept[number])
    ]
    return _posts(pair, NAMES[0])
