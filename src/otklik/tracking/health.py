"""How well collecting goes: which posts miss their 24-hour label and why, and how far apart the looks are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from otklik.dataset.corpus import US_PER_H, Corpus
from otklik.dataset.targets import VIEWS_24H, labels

TIGHT_H = 2.0
"""A bracket around 24 h no wider than this is as good as one can wish."""
GAPS_H = (1 / 12, 0.25, 0.5, 1.0, 2.0, 6.0)
"""Edges of the histogram of gaps between looks."""
LATE_H = 24.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """The 24-hour labels of one platform's collected posts."""

    platform: str
    n_posts: int
    """Posts first seen before they were 24 h old, and old enough by now to have a label."""
    n_gone: int
    """Of these, posts that were deleted before 24 h: no label can exist."""
    n_labelled: int
    n_tight: int
    """Labels whose bracket is at most two hours wide."""
    reasons: dict[str, int]
    """Why posts that were alive have no label."""
    worst: tuple[str, ...]
    """Some of them."""
    gaps: dict[str, int]
    """Gaps between looks of posts younger than 24 h, by size."""
    n_backfilled: int
    """Posts found too late for a label."""
    n_young: int
    """Posts too young for a label yet."""

    @property
    def alive(self) -> int:
        """Posts that could have a label."""
        return self.n_posts - self.n_gone

    @property
    def share_tight(self) -> float | None:
        """Share of posts alive at 24 h that have a tight label."""
        return self.n_tight / self.alive if self.alive else None


NO_COUNTER = "the platform hides the views"
NO_LATER = "no look after 24 h: collecting stopped, or fell behind"
NO_EARLIER = "no look before 24 h close enough: collecting paused"
TOO_WIDE = "the looks around 24 h are too far apart"
REASONS = (NO_COUNTER, NO_LATER, NO_EARLIER, TOO_WIDE)


def coverage(posts: pd.DataFrame, snapshots: pd.DataFrame, now: datetime) -> list[Coverage]:
    """The state of the labels of collected posts, one entry a platform.

    Args:
        posts: of the store.
        snapshots: of the store, known by now; imported ones are left out by the caller.
        now: the instant.
    """
    corpus = Corpus.of(posts, snapshots)
    label = labels(corpus, VIEWS_24H)
    found = []
    for platform in sorted(set(corpus.posts["platform"])):
        rows = np.flatnonzero((corpus.posts["platform"] == platform).to_numpy())
        found.append(_platform(str(platform), corpus, label, rows, now))
    return found


def _platform(platform: str, corpus: Corpus, label: pd.DataFrame, rows: np.ndarray, now: datetime) -> Coverage:
    now_us = int(pd.Timestamp(now).value // 1000)
    age = (now_us - corpus.published_us[rows]) / US_PER_H
    first = corpus.looks.next(rows, 0.0).age_h
    seen = np.isfinite(first)
    is_late = seen & (first >= LATE_H)
    # An hour's grace: the look after 24 h may be the next one.
    is_young = seen & ~is_late & (age < LATE_H + 1)
    is_judged = seen & ~is_late & ~is_young
    gone_at = corpus.posts["gone_at"].iloc[rows]
    gone_age = (gone_at - corpus.posts["published_at"].iloc[rows]).dt.total_seconds().to_numpy() / 3600
    is_gone = is_judged & (np.nan_to_num(gone_age, nan=1e9) < LATE_H)
    value, width = label["value"].to_numpy()[rows], label["width_h"].to_numpy()[rows]
    is_labelled = is_judged & ~is_gone & np.isfinite(value)
    without = rows[is_judged & ~is_gone & ~np.isfinite(value)]
    why = [_why(corpus, int(row)) for row in without]
    return Coverage(
        platform=platform,
        n_posts=int(is_judged.sum()),
        n_gone=int(is_gone.sum()),
        n_labelled=int(is_labelled.sum()),
        n_tight=int((is_labelled & (width <= TIGHT_H)).sum()),
        reasons={reason: why.count(reason) for reason in REASONS if reason in why},
        worst=tuple(str(one) for one in corpus.posts["post_id"].iloc[without[:5]]),
        gaps=_gaps(corpus, rows),
        n_backfilled=int(is_late.sum()),
        n_young=int(is_young.sum()),
    )


def _why(corpus: Corpus, row: int) -> str:
    curve, at = corpus.curves["views"], np.array([row])
    before, after = curve.last(at, LATE_H).age_h[0], curve.next(at, LATE_H).age_h[0]
    if not np.isfinite(before) and not np.isfinite(after):
        return NO_COUNTER
    if not np.isfinite(after):
        return NO_LATER
    return NO_EARLIER if not np.isfinite(before) or LATE_H - before > after - LATE_H else TOO_WIDE


def _gaps(corpus: Corpus, rows: np.ndarray) -> dict[str, int]:
    """A histogram of the hours between neighbouring looks of young posts."""
    looks = corpus.looks
    is_mine = np.isin(looks.row, rows) & (looks.age_h < LATE_H)
    row, age = looks.row[is_mine], looks.age_h[is_mine]
    gap = np.diff(age)[np.diff(row) == 0] if len(row) > 1 else np.empty(0)
    # A tick later than due is still on time: edges lie a little above the steps.
    edges = [0.0, *(edge * 1.34 for edge in GAPS_H), np.inf]
    counts, _ = np.histogram(gap, bins=edges)
    names = [*(_minutes(edge) for edge in GAPS_H), "more"]
    return {name: int(n) for name, n in zip(names, counts, strict=True) if n}


def _minutes(hours: float) -> str:
    return f"{round(hours * 60)} min" if hours < 1 else f"{round(hours)} h"
