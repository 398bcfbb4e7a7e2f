"""Which post came of a draft: by author, title and time, where nobody has said it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta

import pandas as pd

from otklik.memory.outcomes import Post, target_of
from otklik.store import ForecastLink, Logged, Store

LINK_WITHIN = timedelta(days=3)
"""A post this far from the planned instant may be the draft's, if author and title are the same."""


def normalised(title: str | None) -> str:
    """A title as it is compared: its words, in small letters.

    >>> normalised("Казань 2100: Кремль в неоне 🌙 Ещё?"), normalised(None)
    ('казань 2100 кремль в неоне еще', '')
    """
    plain = unicodedata.normalize("NFKC", title or "").casefold().replace("ё", "е")
    return " ".join(re.findall(r"\w+", plain)) or "".join(plain.split())


def matches(forecasts: Sequence[Logged], taken: dict[int, ForecastLink], titles: pd.DataFrame) -> dict[int, Post]:
    """Posts that came of drafts: of the same author, by the same title, at most three days from the plan.

    Of plans of one draft by one model only the nearest to the publication gets the post.

    Args:
        forecasts: all that is remembered.
        taken: links that exist already, by the key of the forecast.
        titles: columns platform, post_id, author_id, published_at and title, several rows a post where it had
            several titles.

    Returns:
        Platform and id of the post, by the key of the forecast.
    """
    known = titles.assign(words=titles["title"].fillna("").map(normalised))
    groups = dict(list(known[known["words"] != ""].groupby(["platform", "author_id", "words"])))
    done = {(one.subject, one.checksum, taken[one.key].post) for one in forecasts if one.key in taken}
    best: dict[tuple[str, str, Post | None], tuple[timedelta, int]] = {}
    for one in forecasts:
        if one.post_id is not None or one.author_id is None or one.key in taken:
            continue
        part = groups.get((one.platform, one.author_id, normalised(one.title)))
        near = _nearest(one, part) if part is not None else None
        if near is None:
            continue
        name = (one.subject, one.checksum, near[1])
        if name not in done and near[0] < best.get(name, (timedelta.max, 0))[0]:
            best[name] = (near[0], one.key)
    return {key: post for (_, _, post), (_, key) in best.items() if post is not None}


def _nearest(one: Logged, posts: pd.DataFrame) -> tuple[timedelta, Post] | None:
    """The post nearest to the plan that may have come of a draft, and how far from the plan it is."""
    found = None
    over = timedelta(hours=target_of(one.horizon_h).wait_h)
    for platform, post_id, at in posts[["platform", "post_id", "published_at"]].itertuples(index=False, name=None):
        published = at.to_pydatetime()
        gap = abs(published - one.published_at)
        if gap <= LINK_WITHIN and published + over > one.made_at and (found is None or gap < found[0]):
            found = gap, (platform, post_id)
    return found


def titles(store: Store, posts: pd.DataFrame) -> pd.DataFrame:
    """All titles that posts have had; of a post without a title the first line of its text.

    Args:
        store: where the posts are.
        posts: the posts.

    Returns:
        Columns platform, post_id, author_id, published_at and title.
    """
    first_line = posts["text"].map(lambda text: None if pd.isna(text) else str(text).split("\n", 1)[0]).astype("str")
    now = posts.assign(title=posts["title"].where(posts["title"].notna(), first_line))
    before = store.post_versions()[["platform", "post_id", "title"]]
    old = posts.drop(columns="title").merge(before, on=["platform", "post_id"])
    names = ["platform", "post_id", "author_id", "published_at", "title"]
    return pd.concat([now[names], old[names]], ignore_index=True)
