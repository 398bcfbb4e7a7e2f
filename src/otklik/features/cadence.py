"""How often and how densely the author posts, from the instants of publication before this post's own."""

from __future__ import annotations

import numpy as np

from otklik.dataset.corpus import US_PER_H, Ints
from otklik.dataset.history import publications
from otklik.features.catalog import Columns, Context, Feature, Floats
from otklik.units import DAY, WEEK

FEATURES = (
    Feature("author__hours_since_last_log", "log h", "Hours since the author's previous post, log(1 + h)."),
    Feature("author__minutes_since_last_log", "log min", "The same in minutes: posts of one burst lie seconds apart."),
    Feature("author__minutes_since_fifth_log", "log min", "Minutes since the fifth last post of the author."),
    Feature("author__n_posts_1h", "posts", "Posts by the author in the hour before."),
    Feature("author__n_posts_3h", "posts", "Posts by the author in the 3 hours before."),
    Feature("author__n_posts_24h", "posts", "Posts by the author in the 24 hours before."),
    Feature("author__n_posts_7d", "posts", "Posts by the author in the 7 days before."),
    Feature("author__n_posts_30d", "posts", "Posts by the author in the 30 days before."),
)
SPANS_H = {"1h": 1, "3h": 3, "24h": DAY, "7d": WEEK, "30d": 30 * DAY}
LEAST_MIN = 0.1
"""Posts closer than six seconds came out together."""


def compute(context: Context) -> Columns:
    """Cadence features of each example."""
    corpus, rows = context.corpus, context.rows
    posts = publications(corpus, corpus.author)
    published, author = corpus.published_us[rows], corpus.author[rows]
    just_before = published - 1000
    earlier = posts.window("published_us", author, just_before, 5)
    n_before = posts.known(author, just_before)
    return {
        "author__hours_since_last_log": np.log1p((published - earlier[:, -1]) / US_PER_H),
        "author__minutes_since_last_log": _minutes_log(published, earlier[:, -1]),
        "author__minutes_since_fifth_log": _minutes_log(published, earlier[:, 0]),
        **{
            f"author__n_posts_{name}": (n_before - posts.known(author, published - int(span * US_PER_H))).astype(float)
            for name, span in SPANS_H.items()
        },
    }


def _minutes_log(now: Ints, then: Floats) -> Floats:
    return np.log(np.maximum((now - then) / US_PER_H * 60, LEAST_MIN))
