"""Section 9: the author's posts most alike in words, with what became of them.

A text is a bag of word beginnings, weighted by how rare each is among the author's posts; likeness is the cosine.
"""

from __future__ import annotations

import math
import re
from collections import Counter

import numpy as np

from otklik.content.plain import plain
from otklik.dataset.corpus import Corpus, Ints
from otklik.models.forecast import Precedent
from otklik.teardown.series import Floats

STEM = 5
"""Letters of a word that count: endings of Russian and Tatar words change, beginnings hardly."""
LEAST_LIKENESS = 0.05
"""Below this two texts share nothing but common words."""
SHOWN = 5
_WORD = re.compile(r"[^\W\d_]{3,}")


def likenesses(corpus: Corpus, row: int, rows: Ints) -> Floats:
    """How alike the texts of posts are to that of one, 0 to 1; NaN where either has no words."""
    bags = [_bag(corpus, int(one)) for one in (row, *rows)]
    seen = Counter(word for bag in bags for word in bag)
    vectors = [_weighted(bag, seen, len(bags)) for bag in bags]
    mine = vectors[0]
    return np.array([_cosine(mine, other) if mine and other else np.nan for other in vectors[1:]])


def _bag(corpus: Corpus, row: int) -> Counter[str]:
    post = corpus.posts.iloc[row]
    text = "\n".join(str(post[name]) for name in ("title", "text") if isinstance(post[name], str))
    return Counter(word[:STEM] for word in _WORD.findall(plain(text).text))


def _weighted(bag: Counter[str], seen: Counter[str], n: int) -> dict[str, float]:
    return {word: (1 + math.log(count)) * math.log((n + 1) / seen[word]) for word, count in bag.items()}


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    lengths = math.sqrt(sum(value**2 for value in one.values()) * sum(value**2 for value in other.values()))
    return sum(value * other.get(word, 0.0) for word, value in one.items()) / lengths if lengths > 0 else 0.0


def comparables(corpus: Corpus, row: int, rows: Ints, views: Floats, usual: float | None) -> tuple[Precedent, ...]:
    """The posts most alike whose outcome is known, most alike first.

    Args:
        corpus: the posts.
        row: the post that is taken apart.
        rows: the author's other posts, by time of publication.
        views: what each of them had at the age of comparison, NaN where that is not known.
        usual: what is usual at that age, of which multiples are told.
    """
    rows, views = rows[np.isfinite(views)], views[np.isfinite(views)]
    like = np.nan_to_num(likenesses(corpus, row, rows)) if len(rows) else np.empty(0)
    order = np.lexsort((-corpus.published_us[rows], -like))
    return tuple(
        _precedent(corpus, int(rows[i]), float(views[i]), float(like[i]), usual)
        for i in order[:SHOWN]
        if like[i] >= LEAST_LIKENESS
    )


def _precedent(corpus: Corpus, row: int, views: float, like: float, usual: float | None) -> Precedent:
    post = corpus.posts.iloc[row]
    named = [str(post[name]) for name in ("title", "text") if isinstance(post[name], str) and post[name].strip()]
    return Precedent(
        post_id=str(post["post_id"]),
        title=" ".join(named[0].split())[:100] if named else str(post["post_id"]),
        published_at=post["published_at"].to_pydatetime(),
        url=post["url"] if isinstance(post["url"], str) else None,
        views=views,
        multiple=views / usual if usual is not None and usual >= 1 else None,
        likeness=round(like, 3),
    )
