"""Simulated rows look like real ones, and their truth is the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd

from otklik.dataset.corpus import Corpus
from otklik.dataset.targets import VIEWS_24H, labels
from otklik.schema import POSTS, SNAPSHOTS, check_frame
from otklik.simulate import simulate


def test_rows_keep_the_laws_of_the_import_format_and_say_what_they_are():
    made = simulate(10, 10)
    check_frame(made.posts, POSTS)
    check_frame(made.snapshots, SNAPSHOTS)
    assert set(made.snapshots["source"]) == {"simulated"}
    assert len(made.truth) == len(made.posts)


def test_equal_seeds_give_equal_rows_and_others_do_not():
    first, again, other = simulate(5, 5, seed=1), simulate(5, 5, seed=1), simulate(5, 5, seed=2)
    pd.testing.assert_frame_equal(first.snapshots, again.snapshots)
    assert not first.truth.equals(other.truth)


def test_counters_only_grow_unless_the_platform_corrects_them():
    def n_falls(rate: float) -> int:
        looks = simulate(10, 10, correction_rate=rate).snapshots.sort_values(["post_id", "observed_at"])
        return int((looks.groupby("post_id")["views"].diff() < 0).sum())

    assert n_falls(0.0) == 0
    assert n_falls(0.2) > 20


def test_labels_from_dense_looks_are_the_true_views():
    made = simulate(10, 10, look_every_h=1.0, miss_rate=0.0, correction_rate=0.0)
    corpus = Corpus.of(made.posts, made.snapshots)
    label = labels(corpus, VIEWS_24H).set_axis(corpus.posts["post_id"])
    truth = made.truth["views_24h"].to_numpy()
    error = np.abs(np.log1p(label.loc[made.posts["post_id"], "value"].to_numpy()) - np.log1p(truth))
    assert np.nanmedian(error) < 0.01


def test_observation_ends_when_it_is_said_to_end():
    made = simulate(10, 10, days=10, until_h=100)
    assert made.snapshots["observed_at"].max() <= pd.Timestamp("2026-01-05T00:00Z") + pd.Timedelta(hours=100)
    assert len(made.posts) == 100
