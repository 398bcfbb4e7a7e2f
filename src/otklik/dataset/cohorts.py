"""Which posts may teach and be judged, and how many each rule removed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from otklik.dataset.corpus import Corpus
from otklik.dataset.targets import Target


def attrition(corpus: Corpus, target: Target, label: pd.DataFrame) -> pd.DataFrame:
    """The attrition table: how many posts and authors are left after each rule, none dropped in silence.

    Args:
        corpus: the posts.
        target: what is to be forecast.
        label: :func:`otklik.dataset.targets.labels` of the same corpus and target.

    Returns:
        Columns ``rule``, ``n_posts``, ``n_authors``, ``removed``; the first row is everything. Posts that have
        not reached the horizon are censored, not missing: they are a row of their own.
    """
    rows = np.arange(len(corpus))
    has_look = corpus.curves[target.counter].count(rows, np.inf) > 0
    reached = label["is_matured"].to_numpy() | label["value"].notna().to_numpy()
    labelled = label["value"].notna().to_numpy()
    steps = [
        ("all posts", np.ones(len(corpus), bool)),
        ("the counter was seen at least once", has_look),
        ("seen at or after the horizon (others are censored)", has_look & reached),
        ("looks close enough to the horizon for a label", labelled),
    ]
    table = pd.DataFrame(
        {
            "rule": [rule for rule, _ in steps],
            "n_posts": [int(kept.sum()) for _, kept in steps],
            "n_authors": [len(np.unique(corpus.author[kept])) for _, kept in steps],
        }
    )
    table["removed"] = -table["n_posts"].diff().fillna(0).astype(int)
    return table
