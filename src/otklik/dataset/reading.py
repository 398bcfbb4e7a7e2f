"""All posts and looks of some folders or of a store, as one corpus: where training, testing and trials begin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from otklik.dataset.corpus import Corpus
from otklik.dataset.tables import read_tables
from otklik.errors import ConfigurationError, DataError
from otklik.store import PostFiles, Store


def read_corpus(data: Sequence[Path], store_url: str | None = None) -> Corpus:
    """The corpus of some folders, or of the store when none is named; of the store with what its files show.

    Args:
        data: folders in the import format.
        store_url: the store, as of now.

    Raises:
        ConfigurationError: when there is neither.
    """
    if data:
        tables = [read_tables(folder) for folder in data]
        return Corpus.of(
            pd.concat([table.posts for table in tables], ignore_index=True),
            pd.concat([table.snapshots for table in tables], ignore_index=True),
        )
    if store_url is None:
        raise ConfigurationError("name a folder with posts and snapshots, or a workspace with a store")
    with Store.open(store_url) as store:
        return Corpus.of(store.posts(), store.snapshots(as_of=datetime.now(UTC)), PostFiles(store).facts())


def author_history(
    store_url: str, author: tuple[str, str], newest: int | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the store knows of an author's posts as of now: posts and looks in the import format.

    Args:
        store_url: the store.
        author: platform and id.
        newest: how many posts, the newest; ``None`` for all.

    Raises:
        DataError: when the author has no posts there.
    """
    with Store.open(store_url) as store:
        past = store.posts(authors=[author])
        if past.empty:
            raise DataError(
                "the author {author} has no posts in the store: import or collect them, give the author's history "
                "in the draft, or say --author-median and --author-posts",
                author=":".join(author),
            )
        past = past if newest is None else past.nlargest(newest, "published_at")
        keys = list(past[["platform", "post_id"]].itertuples(index=False, name=None))
        return past, store.snapshots(as_of=datetime.now(UTC), posts=keys)
