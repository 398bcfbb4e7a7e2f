"""How well the posts were seen: labels, the looks around the target, stretches without any look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from otklik.dataset.cohorts import attrition
from otklik.dataset.corpus import US_PER_H, Corpus, Ints
from otklik.dataset.targets import Target
from otklik.models.forecast import Note
from otklik.survey.values import Coverage, Gap, Part

GAP_H = 12.0
"""A stretch without any look at any post is a gap from so many hours on."""
N_GAPS = 5


def coverage(corpus: Corpus, target: Target, label: pd.DataFrame, as_of: datetime) -> Coverage:
    """How well the posts were seen by an instant.

    Args:
        corpus: the posts, with looks by that instant only.
        target: whose labels are counted.
        label: :func:`otklik.dataset.targets.labels` of both.
        as_of: the instant.
    """
    table = attrition(corpus, target, label)
    rows = np.arange(len(corpus))
    looks = corpus.looks.count(rows, np.inf)
    missing = []
    gaps: list[Gap] = []
    if target.horizon_h is None:
        missing.append(Note("Gaps of collection are not told: these posts were looked at long after they came out."))
    else:
        gaps = _gaps(corpus)
    return Coverage(
        parts=tuple(_parts(corpus, target, label, as_of)),
        looks_per_post=float(np.median(looks[looks > 0])) if (looks > 0).any() else None,
        n_gaps=len(gaps),
        gaps=tuple(sorted(gaps, key=lambda one: -one.hours)[:N_GAPS]),
        gap_h=GAP_H,
        attrition=tuple(
            (str(one.rule), int(one.n_posts), int(one.n_authors), int(one.removed)) for one in table.itertuples()
        ),
        missing=tuple(missing),
    )


def _parts(corpus: Corpus, target: Target, label: pd.DataFrame, as_of: datetime) -> list[Part]:
    now = int(as_of.timestamp() * 1e6)
    due = corpus.published_us + int(target.wait_h * US_PER_H) <= now
    value, width = label["value"].notna().to_numpy(), label["width_h"].to_numpy()
    groups = corpus.posts.groupby(["platform", "kind"], sort=True).indices
    return [_part(str(p), str(k), rows, due, value, width, target) for (p, k), rows in groups.items()]


def _part(
    platform: str, kind: str, rows: Ints, due: np.ndarray, value: np.ndarray, width: np.ndarray, target: Target
) -> Part:
    told = width[rows][value[rows]]
    told = told[np.isfinite(told)] if target.horizon_h is not None else told[:0]
    p50, p90 = (float(one) for one in np.quantile(told, (0.5, 0.9))) if len(told) else (None, None)
    return Part(platform, kind, len(rows), int(due[rows].sum()), int(value[rows].sum()), p50, p90)


def _gaps(corpus: Corpus) -> list[Gap]:
    """Stretches without any look at any post, between the first look and the last."""
    instants = np.unique(corpus.looks.value.astype(np.int64))
    apart = np.diff(instants) / US_PER_H
    return [
        Gap(_instant(int(instants[at])), _instant(int(instants[at + 1])), float(apart[at]))
        for at in np.flatnonzero(apart >= GAP_H).tolist()
    ]


def _instant(us: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=us)
