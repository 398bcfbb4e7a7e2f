"""What has worked lately: the highest multiples, and kinds, signs, styles, emotions and topics by shrunken lift."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
import pandas as pd

from otklik.content.explanation import Explanation
from otklik.dataset.corpus import Corpus, microseconds
from otklik.models.forecast import Note
from otklik.survey.hours import effect
from otklik.survey.lifts import FEW_HISTORY, Lifts
from otklik.survey.pooling import pool
from otklik.survey.values import Effect, Family, Hit, Recent

WINDOW_DAYS = 30
N_HITS = 10
LEAST_LISTED = 3
"""A group with fewer posts is not listed."""
MOST_LISTED = 10
"""Groups of a family that are listed, those with the most posts."""
FEW = 10
"""With fewer posts a group says too little."""
HASHTAG = re.compile(r"#(\w{2,40})")


def recent(corpus: Corpus, found: Lifts, read: dict[int, Explanation], *, is_author: bool, seed: int = 0) -> Recent:
    """The last days before the newest post with a label.

    Args:
        corpus: the posts.
        found: those with a lift.
        read: what the texts say, by row; rows that are not in it were not read.
        is_author: whether all are of one author; weeks are then drawn in place of authors.
        seed: of the draws.
    """
    published = corpus.posts["published_at"]
    until = published.iloc[int(found.rows.max())] if len(found) else published.max()
    since = until - pd.Timedelta(days=WINDOW_DAYS)
    part = found.at(corpus.published_us[found.rows] >= microseconds(pd.Series([since]))[0])
    missing = []
    if len(part) < FEW:
        missing.append(Note("Posts of these days with a multiple: {n}. Too few to say what works.", {"n": len(part)}))
    return Recent(
        since=_instant(since),
        until=_instant(until),
        n=len(part),
        n_authors=len(np.unique(part.author)),
        middle=float(np.exp(np.mean(part.lift))) if len(part) else None,
        hits=tuple(_hits(corpus, part)),
        families=tuple(_families(corpus, part, read, is_author=is_author, seed=seed)),
        missing=tuple(missing),
    )


def _instant(at: pd.Timestamp) -> datetime:
    told = at.to_pydatetime()
    assert isinstance(told, datetime)
    return told


def _hits(corpus: Corpus, part: Lifts) -> Iterable[Hit]:
    sure = part.at((part.n_usual >= FEW_HISTORY) & (part.lift > 0))
    for at in np.argsort(-sure.lift, kind="stable")[:N_HITS].tolist():
        post = corpus.posts.iloc[int(sure.rows[at])]
        usual, multiple = float(sure.usual[at]), float(np.exp(sure.lift[at]))
        yield Hit(
            platform=str(post["platform"]),
            post_id=str(post["post_id"]),
            author_id=str(post["author_id"]),
            kind=str(post["kind"]),
            title=title_of(post),
            url=None if pd.isna(post["url"]) else str(post["url"]),
            published_at=_instant(post["published_at"]),
            views=(usual + 1) * multiple - 1,
            usual=usual,
            n_usual=int(sure.n_usual[at]),
            multiple=multiple,
        )


def title_of(post: pd.Series) -> str:
    """What a post is called: its title, else the first line of its text, else its id."""
    for name in ("title", "text"):
        value = post[name]
        line = "" if pd.isna(value) else str(value).strip().split("\n")[0].strip()
        if line:
            return line
    return f"{post['platform']}:{post['post_id']}"


def _families(
    corpus: Corpus, part: Lifts, read: dict[int, Explanation], *, is_author: bool, seed: int
) -> Iterable[Family]:
    posts = [corpus.posts.iloc[int(row)] for row in part.rows]
    said = [read.get(int(row)) for row in part.rows]
    readings = [None if one is None else one.reading for one in said]
    named: dict[str, list[Sequence[str]]] = {
        "kind": [[f"{post['platform']} {post['kind']}"] for post in posts],
        "sign": [[] if one is None else one.signs for one in readings],
        "style": [[] if one is None else one.styles for one in readings],
        "emotion": [[] if one is None else one.emotions for one in readings],
        "topic": [_topics(post) for post in posts],
    }
    for name, groups in named.items():
        effects = _effects(part, groups, is_author=is_author, seed=seed)
        if effects:
            yield Family(name, effects)


def _topics(post: pd.Series) -> list[str]:
    """Hashtags and tags, in lower case."""
    words = [str(post[name]) for name in ("title", "text") if not pd.isna(post[name])]
    told = [one.casefold() for text in words for one in HASHTAG.findall(text)]
    tags = "" if pd.isna(post["tags"]) else str(post["tags"])
    return sorted({*told, *(one.strip().casefold() for one in tags.split(",") if one.strip())})


def _effects(part: Lifts, groups: Sequence[Sequence[str]], *, is_author: bool, seed: int) -> tuple[Effect, ...]:
    pairs = [(at, name) for at, names in enumerate(groups) for name in dict.fromkeys(names)]
    counts = pd.Series([name for _, name in pairs], dtype="str").value_counts()
    listed = sorted((str(name) for name, n in counts.items() if n >= LEAST_LISTED), key=lambda one: (-counts[one], one))
    listed = listed[:MOST_LISTED]
    number = {name: at for at, name in enumerate(listed)}
    kept = [(at, number[name]) for at, name in pairs if name in number]
    if not kept:
        return ()
    at, group = (np.array(side, np.int64) for side in zip(*kept, strict=True))
    cluster = part.week if is_author else part.author
    pooled = pool(part.lift[at], group, cluster[at], len(listed), seed=seed)
    # Four weeks make few clusters of one author: posts alone say then whether a group is too small.
    least = 1 if is_author else 3
    effects = [effect(pooled, one, name, FEW, least) for one, name in enumerate(listed)]
    return tuple(sorted(effects, key=lambda one: (one.is_few, -one.factor, one.name)))
