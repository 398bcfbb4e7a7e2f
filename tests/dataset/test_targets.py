"""A label counts when looks are near enough to the horizon, and says when it became known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.dataset.cohorts import attrition
from otklik.dataset.corpus import US_PER_H, Corpus
from otklik.dataset.targets import MATURE, NEVER, VIEWS_24H, labels, reactions_beside, target_named
from otklik.errors import ConfigurationError

T0 = pd.Timestamp("2026-03-01T12:00Z")


def corpus_of(*looks: tuple[float, int]) -> Corpus:
    posts = pd.DataFrame(
        {"platform": ["vk"], "post_id": ["p"], "author_id": ["a"], "kind": ["post"], "published_at": [T0]}
    )
    snapshots = pd.DataFrame(
        {
            "platform": "vk",
            "post_id": "p",
            "observed_at": pd.to_datetime([T0 + pd.Timedelta(hours=age) for age, _ in looks], utc=True),
            "views": [views for _, views in looks],
        }
    )
    return Corpus.of(posts, snapshots)


def label_of(*looks: tuple[float, int], target=VIEWS_24H) -> pd.Series:
    return labels(corpus_of(*looks), target).iloc[0]


def test_looks_on_both_sides_at_most_nine_hours_apart_make_a_label():
    label = label_of((20, 100), (29, 200))
    assert 100 < label["value"] < 200
    assert label["width_h"] == pytest.approx(9)
    assert not np.isfinite(label_of((20, 100), (29.1, 200))["value"])


def test_a_look_within_two_hours_makes_a_label_alone():
    assert label_of((22.5, 70))["value"] == 70
    assert label_of((25.5, 90))["value"] == 90
    assert not np.isfinite(label_of((21.9, 70))["value"])
    assert not np.isfinite(label_of((26.1, 70))["value"])


def test_a_wide_bracket_with_one_near_look_is_interpolated():
    assert 50 < label_of((3, 10), (25, 60))["value"] < 60


def test_a_label_is_known_only_when_its_last_look_was_taken():
    published = int(T0.value // 1000)
    assert label_of((20, 100), (28, 200))["known_us"] == published + 28 * US_PER_H
    near = label_of((23, 100), (28, 200))
    assert near["first_known_us"] == published + 24 * US_PER_H
    assert near["first_value"] == 100
    assert label_of((5, 100))["known_us"] == NEVER


def test_a_post_seen_only_before_the_horizon_is_censored_not_labelled():
    label = label_of((5, 100), (20, 120))
    assert not label["is_matured"]
    table = attrition(corpus_of((5, 100), (20, 120)), VIEWS_24H, labels(corpus_of((5, 100), (20, 120)), VIEWS_24H))
    assert table["n_posts"].tolist() == [1, 1, 0, 0]
    assert table["removed"].sum() == 1


def test_a_mature_target_is_the_first_look_after_thirty_days():
    assert label_of((24, 5), (31 * 24, 77), (90 * 24, 80), target=MATURE)["value"] == 77
    assert not np.isfinite(label_of((24, 5), target=MATURE)["value"])


@settings(max_examples=100, deadline=None)
@given(
    looks=st.lists(st.tuples(st.floats(0.1, 60), st.integers(0, 10**6)), min_size=1, max_size=8),
    later=st.lists(st.tuples(st.floats(0.1, 40), st.integers(0, 10**6)), max_size=5),
)
def test_what_was_first_known_is_not_rewritten_by_later_looks(looks, later):
    now = label_of(*looks)
    end = max(max(age for age, _ in looks), 24.0)
    more = label_of(*looks, *((end + 0.01 + gap, views) for gap, views in later))
    if now["first_known_us"] <= int(T0.value // 1000) + int(end * US_PER_H):
        assert more["first_value"] == now["first_value"]
        assert more["first_known_us"] == now["first_known_us"]


def test_targets_are_found_by_name_and_paired_with_reactions():
    assert target_named("mature") is MATURE
    assert reactions_beside(MATURE).counter == "likes"
    with pytest.raises(ConfigurationError, match="choose one of views_24h"):
        target_named("reach")
