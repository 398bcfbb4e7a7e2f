"""Nearest precedents: the author's own earlier posts most like a post, with what became of them.

Only posts whose outcome was known at the subject's cutoff are told. They are examples to look at, not the forecast.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from otklik.dataset.corpus import Corpus, Ints
from otklik.dataset.examples import Examples
from otklik.dataset.targets import Target, labels
from otklik.features import Table
from otklik.features.author import OWN_SOURCES, SOURCES, baselines
from otklik.features.catalog import Context
from otklik.features.likeness import likeness
from otklik.models.base import Floats
from otklik.models.forecast import Precedent
from otklik.units import zone

MOST = 5
LEAST_LIKE = 0.1
"""Posts less like the subject are no precedents."""
LEAST_BEHIND = 3
"""Posts that the usual of the time must be a median of, for a multiple of it to be told."""
OWN = tuple(SOURCES.index(name) for name in OWN_SOURCES)
"""Sources of a baseline that are the author's own."""
LONGEST = 100
"""Characters of a title."""


def precedents(
    corpus: Corpus, own: Table | None, subject: Table, target: Target, *, most: int = MOST
) -> tuple[Precedent, ...]:
    """The author's earlier posts most like one post, most alike first; of equally alike ones the newest first.

    Args:
        corpus: the posts that both tables are of.
        own: the author's earlier posts (:func:`otklik.features.likeness.own_posts`); ``None`` without any.
        subject: a table of one example.
        target: whose outcome is told.
        most: so many at most.
    """
    if own is None or len(own) == 0:
        return ()
    label = labels(corpus, target)
    rows, row = own.meta["row"].to_numpy(np.int64), int(subject.meta["row"].iloc[0])
    known = label["first_known_us"].to_numpy()[rows] <= int(subject.meta["cutoff_us"].iloc[0])
    known &= np.isfinite(label["first_value"].to_numpy(np.float64)[rows]) & (rows != row)
    if not known.any():
        return ()
    own, rows = own.at(known), rows[known]
    like = likeness(corpus, own, subject)
    near = np.flatnonzero(np.nan_to_num(like) >= LEAST_LIKE)
    near = near[np.lexsort((-rows[near], -corpus.published_us[rows[near]], -like[near]))][:most]
    views = label["first_value"].to_numpy(np.float64)[rows[near]]
    multiple = _multiples(corpus, rows[near], views, label, target)
    told = zip(rows[near], views, multiple, like[near], strict=True)
    return tuple(_precedent(corpus.posts.iloc[one], *rest) for one, *rest in told)


def _multiples(corpus: Corpus, rows: Ints, views: Floats, label: pd.DataFrame, target: Target) -> Floats:
    """What each post reached as a multiple of the author's usual at its publication; NaN where there was none."""
    base = baselines(Context(corpus, Examples(rows, corpus.published_us[rows]), target, label, zone("UTC")))
    usual = np.expm1(base.log)
    is_own = np.isin(base.source, OWN) & (base.n_posts >= LEAST_BEHIND) & (usual >= 1)
    return np.divide(views, usual, out=np.full(len(rows), np.nan), where=is_own)


def _precedent(post: pd.Series, views: float, multiple: float, like: float) -> Precedent:
    return Precedent(
        post_id=str(post["post_id"]),
        title=_title(post),
        published_at=post["published_at"].to_pydatetime(),
        url=None if pd.isna(post["url"]) else str(post["url"]),
        views=float(views),
        multiple=float(multiple) if np.isfinite(multiple) else None,
        likeness=float(like),
    )


def _title(post: pd.Series) -> str:
    """The title, else the beginning of the text, on one line; empty without either."""
    texts = (" ".join(str(post[name]).split()) for name in ("title", "text") if pd.notna(post[name]))
    return next((text[:LONGEST] for text in texts if text), "")
