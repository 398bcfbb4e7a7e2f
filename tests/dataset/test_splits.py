"""Splits are those that a forecast in use faces."""

from __future__ import annotations

import numpy as np

from otklik.dataset.corpus import US_PER_H
from otklik.dataset.splits import held_out, rolling_origin
from otklik.dataset.targets import VIEWS_24H, labels


def test_training_ends_one_horizon_before_each_fold_and_outcomes_are_known(corpus):
    label = labels(corpus, VIEWS_24H)
    rows = np.arange(len(corpus))
    folds = list(rolling_origin(corpus, label["value"].notna().to_numpy(), VIEWS_24H))
    assert len(folds) == 4
    for fold in folds:
        trains = fold.trains(rows, corpus.published_us, label["known_us"].to_numpy())
        assert trains.any()
        assert corpus.published_us[trains].max() <= fold.start_us - 24 * US_PER_H
        assert label["known_us"].to_numpy()[trains].max() < fold.start_us


def test_held_out_authors_teach_in_no_fold_and_are_tested(corpus):
    label = labels(corpus, VIEWS_24H)
    unseen = held_out(corpus)
    authors = corpus.author
    assert 0 < len(np.unique(authors[unseen])) < len(np.unique(authors))
    assert not set(authors[unseen]) & set(authors[~unseen])
    tested = np.zeros(len(corpus), bool)
    for fold in rolling_origin(corpus, label["value"].notna().to_numpy(), VIEWS_24H):
        assert not fold.trains(
            np.flatnonzero(unseen), corpus.published_us[unseen], np.zeros(unseen.sum(), np.int64)
        ).any()
        tested |= fold.tests(corpus.published_us)
    assert tested[unseen].any()


def test_folds_do_not_overlap_and_cover_the_later_part(corpus):
    labelled = labels(corpus, VIEWS_24H)["value"].notna().to_numpy()
    times = np.array([fold.tests(corpus.published_us) for fold in rolling_origin(corpus, labelled, VIEWS_24H)]).sum(
        axis=0
    )
    assert set(times) == {0, 1}
    assert abs((times[labelled] == 1).mean() - 0.4) < 0.02
