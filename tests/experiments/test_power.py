"""What an experiment is said to find is what it finds, and the spread comes from the author where it can."""

from __future__ import annotations

import math

import numpy as np
import pytest

from otklik.experiments.inference import compare
from otklik.experiments.outcomes import outcomes_of
from otklik.experiments.power import TYPICAL_SD, History, history_of, posts_needed, smallest_effect, week_efficiency
from otklik.store import Store
from trial import AUTHOR, START, design, history, observed


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as opened:
        yield opened


def known(store: Store, outcome: str = "reach", **said) -> History:
    past = outcomes_of(store, AUTHOR, outcome, START)
    return history_of(past, outcome, said.get("kind"), said.get("blocks"), said.get("k", 2), "UTC", START)


def test_the_spread_is_that_of_the_author_inside_weeks(store):
    history(store, 80, sd=0.8)
    found = known(store)
    assert found.is_own
    assert (found.n, found.kind, found.blocks) == (80, "clip", "week")
    assert found.sd == pytest.approx(0.8, abs=0.15)
    assert found.per_week == pytest.approx(7, abs=0.3)


def test_an_author_with_few_posts_gets_a_typical_spread_and_it_is_said(store):
    history(store, 9)
    found = known(store)
    assert not found.is_own
    assert (found.n, found.sd) == (9, TYPICAL_SD["reach"])
    assert known(store, "sharing").sd == TYPICAL_SD["sharing"]


def test_posts_of_another_kind_and_posts_too_young_do_not_count(store):
    history(store, 30)
    assert known(store, kind="video").n == 0
    assert outcomes_of(store, AUTHOR, "reach", START).why_not.count(None) == 30


def test_weeks_with_a_post_each_are_no_blocks(store):
    assert week_efficiency([1, 1, 1], 2) == 0
    assert week_efficiency([], 2) == 0
    assert week_efficiency([3, 3], 2) < week_efficiency([9, 9], 2) <= 1


def test_more_posts_find_smaller_effects_and_the_number_needed_is_the_smallest_that_does():
    past = History(0.6, 50, "clip", 7.0, 7.0, 0.95, "week")
    found = [smallest_effect(past, n, 2) for n in (6, 10, 20, 50, 100, 200)]
    assert found == sorted(found, reverse=True)
    needed = posts_needed(past, 0.5, 2)
    assert smallest_effect(past, needed, 2) <= 0.5 < smallest_effect(past, needed - 1, 2)
    assert posts_needed(past, 0.001, 2) is None
    assert (smallest_effect(past, 5, 2), smallest_effect(past, 6, 3)) == (None, None)
    assert smallest_effect(past, 50, 3) > smallest_effect(past, 50, 2)
    assert smallest_effect(History(0.6, 50, "clip", 1.0, 1.0, 0.0, "week"), 50, 2) is None


@pytest.mark.slow
@pytest.mark.parametrize("per_variant", [10, 25, 60])
def test_four_of_five_simulated_experiments_find_the_smallest_effect(per_variant):
    sizes = [5] * (2 * per_variant // 5)
    past = History(0.8, 100, "clip", 5.0, 5.0, week_efficiency(sizes, 2), "week")
    effect = math.log1p(smallest_effect(past, per_variant, 2))
    found = []
    for seed in range(600):
        y = np.random.default_rng(seed).normal(0, 0.8, sum(sizes))
        found.append(compare(observed(design(seed, sizes), y, effect), seed=seed, n_draws=2000).p <= 0.05)
    print(f"\n{per_variant} posts of each: x{math.exp(effect):.2f} found in {np.mean(found):.1%} of {len(found)}")
    assert np.mean(found) == pytest.approx(0.8, abs=0.06)
