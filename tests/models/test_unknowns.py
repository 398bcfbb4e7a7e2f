"""What the model cannot know is said where it is true of the post, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from otklik.dataset.corpus import Corpus
from otklik.dataset.examples import Examples
from otklik.dataset.targets import VIEWS_24H
from otklik.features import assemble
from otklik.models.card import Card
from otklik.models.unknowns import unknowns

AT = datetime(2026, 11, 20, 16, tzinfo=UTC)
ALWAYS = "Paid promotion"


def card(n: int = 5000) -> Card:
    return Card(
        name="c", made_at=AT, trained_until=AT, zone="UTC", trained_on=(), metrics=(), must_not=(), version="1",
        reference={"views_24h": {"vk/post": [7.0, n], "all": [7.0, n]}}, authors=frozenset(),
    )  # fmt: skip


def notes(
    title: str | None = "Казань 2100", *, ago_days: float = 1.5, ahead_days: float = 0.0, followers=1000, n: int = 5000
) -> str:
    """Notes on a post of an author whose other post came out so long before now."""
    published = [AT - timedelta(days=ago_days), AT + timedelta(days=ahead_days)]
    posts = pd.DataFrame(
        {"platform": "vk", "post_id": ["h", "p"], "author_id": "a", "kind": "post", "published_at": published,
         "title": pd.Series(["Мечеть", title], dtype="str"), "followers": followers}
    )  # fmt: skip
    looks = pd.DataFrame(
        {"platform": "vk", "post_id": ["h"], "observed_at": [published[0] + timedelta(hours=24)], "views": [900]}
    )
    corpus = Corpus.of(posts, looks)
    cutoff = np.array([pd.Timestamp(published[1]).value // 1000])
    table = assemble(corpus, Examples(np.array([1]), cutoff), target=VIEWS_24H, zone="UTC")
    return "\n".join(map(str, unknowns(card(n), "views_24h", corpus, table, made_at=AT)))


def test_an_ordinary_post_has_only_what_no_model_knows():
    told = notes()
    assert told.startswith(ALWAYS)
    assert "\n" not in told


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"n": 12}, "few posts of this kind (post on vk, n = 12)"),
        ({"title": None}, "neither a title nor a text"),
        ({"title": "  "}, "neither a title nor a text"),
        ({"title": "韓国の夜"}, "a language that is not read"),
        ({"ahead_days": 5.2}, "comes out in 5 days"),
        ({"ago_days": 90.0}, "90 days older"),
        ({"ago_days": 0.5, "followers": None}, "How many followers"),
    ],
)
def test_what_is_missing_is_said_before_what_always_is(changes, said):
    first, last = notes(**changes).split("\n")
    assert said in first
    assert last.startswith(ALWAYS)


def test_the_wait_for_a_planned_post_is_no_silence_of_the_author():
    assert "older" not in notes(ahead_days=90.0)


def test_a_title_of_pictures_alone_is_in_no_language():
    assert "not read" not in notes(title="🌙🌙 2100")


def test_many_posts_of_the_kind_are_not_called_few():
    assert "few posts" not in notes(n=300)
