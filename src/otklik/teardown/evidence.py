"""Section 7: the formula's three parts, read from the text and, where it was looked at, from the file."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from otklik.content.explanation import explain
from otklik.content.formula import SCORES, score
from otklik.content.reader import joined, read
from otklik.dataset.corpus import Corpus
from otklik.teardown.usual import Peers
from otklik.teardown.values import Evidence

MOST = 60
"""Other posts of the author, the last, whose scores are compared."""
LEAST = 5


def evidence(peers: Peers, facts: Mapping[str, float | None] | None, *, tag_names: bool = False) -> Evidence:
    """What the post's text carries, against the author's other posts of this kind.

    Args:
        peers: the post and those it is compared with.
        facts: features of its file (:class:`otklik.store.PostFiles`), if somebody has shown it.
        tag_names: whether people that no list holds are looked for.
    """
    mine = explain([_text(peers.corpus, peers.row)], tag_names=tag_names)[0]
    others = [score(read(_text(peers.corpus, int(row)))) for row in peers.same[-MOST:]]
    read_ones = [one for one in others if one.formula is not None]
    usual = {}
    if len(read_ones) >= LEAST:
        usual = {name: float(np.median([getattr(one, name) for one in read_ones])) for name in SCORES}
    known = None if facts is None else {name: value for name, value in facts.items() if value is not None}
    return Evidence(mine, usual, len(read_ones), known or None)


def _text(corpus: Corpus, row: int) -> str:
    post = corpus.posts.iloc[row]
    title, text, tags = (post[name] if isinstance(post[name], str) else None for name in ("title", "text", "tags"))
    return joined(title, text, tags)
