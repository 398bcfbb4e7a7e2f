"""A simulated corpus surveyed once, for tests of surveys and of the pages that tell them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from otklik.dataset.corpus import Corpus
from otklik.simulate import Simulated, simulate
from otklik.survey import Survey, author_of, survey

START = datetime(2026, 3, 2, tzinfo=UTC)
AS_OF = datetime(2026, 5, 4, tzinfo=UTC)
ZONE = "Europe/Moscow"


@cache
def made(visible: float = 0.6, seed: int = 5) -> Simulated:
    """1,200 posts of 24 authors over 60 days; evenings reach more with ``visible``."""
    return simulate(
        24, 50, seed=seed, start=START, look_every_h=4.0, look_until_h=36.0, kinds=("short", "video"), visible=visible
    )


@cache
def of_corpus(visible: float = 0.6, seed: int = 5) -> Survey:
    """The survey of all of it."""
    rows = made(visible, seed)
    corpus = Corpus.of(rows.posts, rows.snapshots)
    return survey(corpus, data="simulated", as_of=AS_OF, zone=ZONE, is_simulated=True)


@cache
def of_author() -> Survey:
    """The survey of its first author."""
    rows = made()
    name = f"{rows.posts['platform'].iloc[0]}:{rows.posts['author_id'].iloc[0]}"
    corpus = Corpus.of(*author_of(rows.posts, rows.snapshots, name))
    return survey(corpus, data="simulated", as_of=AS_OF, zone=ZONE, author=name, is_simulated=True)
