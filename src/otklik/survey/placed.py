"""An author's last posts, each against the author's others of the same kind and counting rule at the same age."""

from __future__ import annotations

import numpy as np
import pandas as pd

from otklik.dataset.corpus import Corpus, Ints
from otklik.dataset.targets import Target
from otklik.models.forecast import Note
from otklik.survey.bands import at_age, point, strata
from otklik.survey.lifts import FEW_HISTORY, Floats
from otklik.survey.recent import title_of
from otklik.survey.values import BandPoint, Placed

N_POSTS = 20
"""Posts that are listed."""


def placed(corpus: Corpus, target: Target, label: pd.DataFrame) -> tuple[Placed, ...]:
    """The last posts of a corpus of one author, newest first."""
    of = {int(row): (rule, rows) for (_, _, rule), rows in strata(corpus) for row in rows}
    newest = range(len(corpus) - 1, max(len(corpus) - 1 - N_POSTS, -1), -1)
    return tuple(_placed(corpus, target, label["value"].to_numpy(), row, *of[row]) for row in newest)


def _placed(corpus: Corpus, target: Target, label: Floats, row: int, rule: str, rows: Ints) -> Placed:
    post, curve = corpus.posts.iloc[row], corpus.curves[target.counter]
    last = curve.last([row], np.inf)
    seen_age, seen = _known(last.age_h[0]), _known(last.value[0])
    others = rows[rows != row]
    if target.horizon_h is None:
        compare, own, beside = None, _known(label[row]), label[others]
    else:
        compare, own = _own(corpus, target, row, target.horizon_h)
        beside = np.empty(0) if compare is None else at_age(curve, others, compare)
    usual = point(compare, beside)
    missing = _missing(own, usual)
    sure = not missing and usual is not None and own is not None
    return Placed(
        platform=str(post["platform"]),
        post_id=str(post["post_id"]),
        kind=str(post["kind"]),
        rule=rule,
        title=title_of(post),
        url=None if pd.isna(post["url"]) else str(post["url"]),
        published_at=post["published_at"].to_pydatetime(),
        seen_age_h=seen_age,
        seen_views=seen,
        compare_h=compare,
        views=own,
        usual=usual,
        multiple=(own + 1) / (usual.p50 + 1) if sure and usual is not None and own is not None else None,
        vph=own / compare if own is not None and compare else None,
        missing=missing,
    )


def _own(corpus: Corpus, target: Target, row: int, horizon_h: float) -> tuple[float | None, float | None]:
    """The age at which a post is compared and its count then: the horizon, or its last look before."""
    curve = corpus.curves[target.counter]
    at = float(at_age(curve, np.array([row], np.int64), horizon_h)[0])
    if np.isfinite(at):
        return horizon_h, at
    last = curve.last([row], horizon_h)
    age = _known(last.age_h[0])
    return (age, _known(last.value[0])) if age else (None, None)


def _missing(own: float | None, usual: BandPoint | None) -> tuple[Note, ...]:
    if own is None:
        return (Note("no look at its counter that could be compared"),)
    if usual is None:
        return (Note("too few other posts are known at this age"),)
    if usual.n < FEW_HISTORY:
        return (Note("too few other posts for a usual (n = {n})", {"n": usual.n}),)
    return ()


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
