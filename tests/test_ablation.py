"""An ablation finds the group that the outcome was made from, and no other."""

from __future__ import annotations

import json

import numpy as np
import pytest

from otklik.ablation import ALL, BASIC, GROUPS, ablation, group_of
from otklik.dataset.corpus import Corpus
from otklik.dataset.targets import VIEWS_24H
from otklik.errors import DataError
from otklik.features import CATALOG
from otklik.models.topics import N_TOPICS, Topics

# Of equal length and form, so that the plain form of the text tells nothing.
SIGNED, PLAIN = "Старая мечеть и минарет, шамаиль и ичиги", "Вторая лекция и семинар, реферат и отзыв"


@pytest.fixture(scope="module")
def written(cohort) -> Corpus:
    """The simulated cohort with texts: every second post names signs, and has twice the views for it."""
    posts = cohort.posts.sort_values("post_id", ignore_index=True)
    signed = np.random.default_rng(5).random(len(posts)) < 0.5
    posts = posts.assign(text=np.where(signed, SIGNED, PLAIN), title=None)
    factor = cohort.snapshots["post_id"].map(dict(zip(posts["post_id"], np.where(signed, 3.0, 1.0), strict=True)))
    views = (cohort.snapshots["views"].astype(float) * factor).round()
    return Corpus.of(posts, cohort.snapshots.assign(views=views.astype("Int64")))


def test_the_group_that_makes_the_outcome_is_told_from_those_that_do_not(written):
    found = ablation(written, VIEWS_24H, data="simulated", zone="UTC")
    rows = {row["variant"]: row for row in found.rows if row["outcome"] == "views"}
    assert set(rows) == {BASIC, ALL, *(f"+{one}" for one in GROUPS), *(f"-{one}" for one in GROUPS)}
    assert rows["+sign"]["difference_lo"] > 0.02
    assert rows["+sign"]["pair_accuracy"] > rows["+people"]["pair_accuracy"] + 0.02
    assert abs(rows["+people"]["difference"]) < 0.02
    assert rows[BASIC]["difference"] == 0.0
    json.dumps(found.to_dict(), allow_nan=False)


def test_without_texts_there_is_nothing_to_tell(cohort):
    bare = Corpus.of(cohort.posts.assign(title=None, text=None), cohort.snapshots)
    with pytest.raises(DataError, match="needs more posts with a text"):
        ablation(bare, VIEWS_24H, data="none", zone="UTC")


def test_every_feature_known_before_publication_belongs_to_one_group():
    groups = {group_of(one.name) for one in CATALOG if one.known_from_h == 0}
    assert groups == {BASIC, *GROUPS} - {"topics"}


def test_topics_are_the_same_for_the_same_texts_and_missing_for_none():
    vectors = np.random.default_rng(1).normal(size=(400, 300)).astype(np.float32)
    vectors[::7] = np.nan
    topics = Topics.fit(vectors)
    again = Topics.from_dict(json.loads(json.dumps(topics.to_dict())))
    told = topics.of(vectors, 400)
    assert told.shape == (400, N_TOPICS)
    assert told[::7].isna().all(axis=None)
    np.testing.assert_allclose(again.of(vectors, 400), told, atol=1e-2)
    assert Topics.fit(vectors[:50]) is None
    assert topics.of(None, 3).isna().all(axis=None)
