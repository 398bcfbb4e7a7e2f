"""Precedents: what the author's earlier posts most alike in words had reached.

A text is a bag of word beginnings, weighted by how rare each was among the author's posts until then, so that nothing
later than a post enters its vector. A post is compared with those of its author whose outcome was known at the cutoff;
their lifts are averaged by the square of the likeness and drawn to 0. Works in any language, and needs no model.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from scipy import sparse

from otklik.content.plain import plain
from otklik.dataset.corpus import Corpus, Ints
from otklik.features.catalog import Columns, Context, Feature, Floats
from otklik.features.prestige import past_lifts

FEATURES = (
    Feature(
        "text__precedent_lift", "log", "Mean lift of the author's earlier posts, by likeness of words, drawn to 0."
    ),
    Feature("text__precedent_top_lift", "log", "The same over the five most alike."),
    Feature("text__precedent_first_lift", "log", "Lift of the one most alike."),
    Feature("text__precedent_likeness", "0..1", "How alike that one is."),
)
HISTORY = tuple(feature.name for feature in FEATURES)
STEM = 5
"""Letters of a word that count: endings of Russian and Tatar words change, beginnings hardly."""
HASHED = 1 << 18
PRIOR = 0.3
"""Likeness squared that stands for posts of no lift in every mean."""
TOP = 5
WINDOW = 2_000
"""Earlier posts of the author, the last, that a post is compared with."""
BLOCK = 256
_WORD = re.compile(r"#?[^\W\d_]{3,}")


def compute(context: Context) -> Columns:
    """Precedent features of each example; NaN for a post without words or an author without precedents."""
    corpus, lift = context.corpus, past_lifts(context)
    known = context.label["first_known_us"].to_numpy()
    found = np.full((len(FEATURES), len(context.rows)), np.nan)
    vectors, order = _vectors(corpus)
    position = np.full(len(corpus), -1)
    position[order] = np.arange(len(order))
    asked = np.flatnonzero(position[context.rows] >= 0)
    asked = asked[np.lexsort((context.cutoff_us[asked], corpus.author[context.rows[asked]]))]
    author = corpus.author[order]
    for block in _blocks(corpus.author[context.rows[asked]]):
        examples = asked[block]
        rows, cutoff = context.rows[examples], context.cutoff_us[examples]
        mine = position[rows]
        first, last = np.searchsorted(author, (author[mine[0]], author[mine[0]] + 1))
        near = np.arange(max(first, int(mine.min()) - WINDOW), last)
        near = near[np.isfinite(lift[order[near]])]
        if len(near) == 0:
            continue
        past = order[near]
        like = (_own_vectors(corpus, vectors, mine, rows, cutoff) @ vectors[near].T).toarray()
        is_past = (known[past][None, :] <= cutoff[:, None]) & (past[None, :] != rows[:, None])
        is_near = near[None, :] >= mine[:, None] - WINDOW
        found[:, examples] = _summary(np.where(is_past & is_near, like, 0.0), np.clip(lift[past], -3, 3))
    return dict(zip(HISTORY, found, strict=True))


def _own_vectors(corpus: Corpus, vectors: sparse.csr_matrix, mine: Ints, rows: Ints, cutoff: Ints) -> sparse.csr_matrix:
    """The vectors of the examples' own posts; of a post planned for later, by what was out at the cutoff."""
    planned = np.flatnonzero(cutoff < corpus.published_us[rows])
    own = vectors[mine]
    if len(planned) == 0:
        return own
    own = own.tolil()
    for i in planned:
        earlier = np.flatnonzero((corpus.author == corpus.author[rows[i]]) & (corpus.published_us <= cutoff[i]))
        bags = _bags(corpus)
        seen = Counter(word for row in earlier if row != rows[i] for word in bags[row])
        n_seen = sum(bool(bags[row]) for row in earlier if row != rows[i])
        words, weight = _weighted(bags[rows[i]], seen, n_seen)
        own[i] = 0
        own[i, words] = weight
    return own.tocsr()


def _summary(like: Floats, lift: Floats) -> Floats:
    """The four features of each example from its likeness to earlier posts, shape ``(n, k)``, and their lifts."""
    weight = like**2
    mean = (weight @ lift) / (weight.sum(axis=1) + PRIOR)
    k = min(TOP, like.shape[1])
    newest_first = like + 1e-9 * np.arange(like.shape[1]) * (like > 0)  # equally alike: the newest
    top = np.argpartition(-newest_first, k - 1, axis=1)[:, :k]
    top_like = np.take_along_axis(like, top, axis=1)
    first = newest_first.argmax(axis=1)
    best = top_like.max(axis=1)
    total = top_like.sum(axis=1)
    top_mean = np.divide((top_like * lift[top]).sum(axis=1), total, out=np.zeros(len(like)), where=total > 0)
    said = np.stack([mean, top_mean, lift[first], best])
    said[:, best <= 0] = np.nan
    return said


def _blocks(author: Ints) -> list[Ints]:
    """Runs of examples of one author, at most :data:`BLOCK` long."""
    edges = np.flatnonzero(np.diff(author)) + 1
    runs = np.split(np.arange(len(author)), edges)
    return [run[i : i + BLOCK] for run in runs for i in range(0, len(run), BLOCK)]


@lru_cache(maxsize=3)
def _bags(corpus: Corpus) -> tuple[dict[int, int], ...]:
    posts = corpus.posts
    return tuple(_bag(text) for text in posts["title"].fillna("") + "\n" + posts["text"].fillna(""))


def _weighted(bag: dict[int, int], seen: Mapping[int, int], n_seen: int) -> tuple[Ints, Floats]:
    """Words of a bag and their weights as a vector of length 1: by how rare each was among ``n_seen`` earlier posts."""
    words = np.array(sorted(bag), np.int64)
    rare = np.log((n_seen + 2) / (np.array([seen.get(word, 0) for word in words.tolist()]) + 1))
    weight = (1 + np.log([bag[word] for word in words.tolist()])) * rare
    length = float(np.sqrt((weight**2).sum()))
    return words, weight / length if length > 0 else weight


@lru_cache(maxsize=3)
def _vectors(corpus: Corpus) -> tuple[sparse.csr_matrix, Ints]:
    """One vector of length 1 a post with words, and the rows of those posts, by author and time of publication."""
    bags = _bags(corpus)
    order = np.lexsort((corpus.published_us, corpus.author))
    order = order[[bool(bags[row]) for row in order]].astype(np.int64)
    data, indices, starts = [np.empty(0)], [np.empty(0, np.int64)], [0]
    author, seen, n_seen = -1, Counter[int](), 0
    for row in order:
        if corpus.author[row] != author:
            author, seen, n_seen = int(corpus.author[row]), Counter[int](), 0
        words, weight = _weighted(bags[row], seen, n_seen)
        data.append(weight)
        indices.append(words)
        starts.append(starts[-1] + len(words))
        n_seen += 1
        seen.update(bags[row].keys())
    shape = (len(order), HASHED)
    return sparse.csr_matrix((np.concatenate(data), np.concatenate(indices), np.array(starts)), shape=shape), order


def _bag(text: str) -> dict[int, int]:
    """Word beginnings of a text, hashed, with how often each stands there.

    >>> len(_bag("Казань, казани! #Казань 2100"))
    2
    """
    bag: dict[int, int] = {}
    for word in _WORD.findall(plain(text).text):
        number = zlib.crc32(word[: STEM + word.startswith("#")].encode()) % HASHED
        bag[number] = bag.get(number, 0) + 1
    return bag
