"""Groups are drawn towards the middle by their noise, and their intervals cover."""

from __future__ import annotations

import numpy as np

from otklik.survey.pooling import pool


def drawn(seed: int, n_groups: int, each: int, tau: float, sd: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.normal(0, tau, n_groups)
    group = np.repeat(np.arange(n_groups), each)
    return truth, rng.normal(truth[group], sd), group


def test_small_groups_are_drawn_further_than_large_ones():
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1, 2, 3], [4, 200, 100, 100])
    value = np.array([1.0, 1.0, 0.0, 0.0])[group] + rng.normal(0, 1, len(group))
    value[:4] += 1.0 - value[:4].mean()
    value[4:204] += 1.0 - value[4:204].mean()
    found = pool(value, group, np.arange(len(group)), 4)
    assert found.shrunken[0] < found.shrunken[1] < 1.0
    assert found.high[0] - found.low[0] > 2 * (found.high[1] - found.low[1])


def test_groups_that_are_alike_end_in_the_middle_with_an_interval_that_is_not_nothing():
    _, value, group = drawn(1, 40, 12, tau=0.0, sd=1.0)
    found = pool(value, group, np.arange(len(group)), 40)
    assert np.abs(found.shrunken).max() < np.abs(found.mean).max() / 2
    assert (found.high - found.low > 0.02).all()


def test_intervals_cover_the_truth_where_clusters_share_their_luck():
    inside, total = 0, 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        truth = rng.normal(0, 0.3, 24)
        cluster = np.repeat(np.arange(40), 30)
        group = rng.integers(0, 24, len(cluster))
        luck = rng.normal(0, 0.4, (40, 24))[cluster, group]
        value = truth[group] + luck + rng.normal(0, 0.6, len(cluster))
        found = pool(value, group, cluster, 24, seed=seed)
        inside += int(((truth >= found.low) & (truth <= found.high)).sum())
        total += 24
    assert 0.90 <= inside / total <= 0.99


def test_one_author_alone_says_little_however_steady_he_is():
    group, cluster = np.repeat([0, 1], 50), np.repeat([0, 1], 50)
    value = np.concatenate([np.full(50, 0.5), np.random.default_rng(0).normal(0, 1, 50)])
    found = pool(value, group, cluster, 2)
    assert found.n_clusters.tolist() == [1, 1]
    assert found.high[0] - found.low[0] > 0.1


def test_a_group_without_posts_is_not_a_number_and_equal_seeds_give_equal_answers():
    value, group = np.array([0.1, 0.2, 0.4]), np.array([0, 0, 2])
    first, second = (pool(value, group, np.arange(3), 4, seed=7) for _ in range(2))
    assert np.isnan(first.shrunken[[1, 3]]).all()
    np.testing.assert_array_equal(first.low, second.low)
    assert pool(np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64), 3).tau == 0.0
