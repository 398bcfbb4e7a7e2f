"""A store on each of the two databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from otklik.store import Store

T0 = pd.Timestamp("2026-03-01T10:00Z")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """The same laws on both databases."""
    where = tmp_path / "store.sqlite" if request.param == "sqlite" else request.getfixturevalue("new_database")()
    with Store.open(where) as opened:
        yield opened


@pytest.fixture
def many() -> Callable[[Store, int], list[tuple[str, str]]]:
    """Writes posts ``0`` ... ``n - 1`` of one author and returns their keys."""

    def write(store: Store, n: int) -> list[tuple[str, str]]:
        ids = [str(number) for number in range(n)]
        facts = {"platform": "vk", "author_id": "a", "kind": "post", "published_at": T0}
        store.write_posts(pd.DataFrame({"post_id": ids, **facts}))
        return [("vk", post_id) for post_id in ids]

    return write
