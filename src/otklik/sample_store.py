"""A small simulated store, made in a second: what the notebooks and ``Workspace.sandbox()`` run on.

It holds the documented example of a teardown (:mod:`otklik.teardown.example`: seven regional authors on VK, one of
them with a hit) and some authors on YouTube from :mod:`otklik.simulate`, up to the same instant. The store is marked
as simulated, and so is all that is told from it.
"""

from __future__ import annotations

from datetime import timedelta

from otklik.simulate import simulate
from otklik.store import NATURE, SIMULATED, Store, Tracks
from otklik.teardown import EXAMPLE_AT, write_example

N_AUTHORS, N_POSTS, DAYS = 12, 40, 90
"""Authors on YouTube, posts of each, and over how many days they come out."""


def write_sample(store: Store, seed: int = 0) -> None:
    """Fill an empty store; equal seeds give equal rows.

    Args:
        store: the store.
        seed: of the authors on YouTube; the example is always the same.
    """
    start = (EXAMPLE_AT - timedelta(days=DAYS)).replace(hour=0)
    span_h = (EXAMPLE_AT - start) / timedelta(hours=1)
    made = simulate(N_AUTHORS, N_POSTS, seed=seed, start=start, days=DAYS, look_every_h=2.0, until_h=span_h)
    posts = made.posts[made.posts["published_at"] <= EXAMPLE_AT]
    write_example(store)
    store.write_posts(posts.assign(text=None))
    store.write_snapshots(made.snapshots)
    Tracks(store).set_mark(NATURE, SIMULATED)
