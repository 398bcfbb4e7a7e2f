"""Randomisation inference agrees with a slow and obvious oracle, and keeps its promises in simulated experiments."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from otklik.experiments.inference import compare
from otklik.experiments.randomisation import arrangements
from otklik.experiments.result import Entry
from trial import NAMES, design, observed


def block_orders(variants: list[str], copies: int, names: tuple[str, ...]) -> list[tuple[tuple[str, ...], int]]:
    """What the used places of a block could have held, and in how many ways; a third variant stays where it fell."""
    whole = itertools.permutations([name for name in names for _ in range(copies)])
    heads = (one[: len(variants)] for one in whole)
    fixed = [number for number, name in enumerate(variants) if name not in NAMES]
    possible = [one for one in heads if all(one[number] == variants[number] for number in fixed)]
    free = (one for one in possible if all(one[n] in NAMES for n in range(len(one)) if n not in fixed))
    return list(Counter(free).items())


def oracle_p(entries: list[Entry], y: np.ndarray, tau: float, names: tuple[str, ...] = NAMES) -> float:
    """The p value by writing every labelled permutation of every block out."""
    keys = list(dict.fromkeys((one.stratum, one.block) for one in entries))
    rows = [[n for n, one in enumerate(entries) if (one.stratum, one.block) == key] for key in keys]
    orders = [block_orders([entries[n].variant for n in some], entries[some[0]].copies, names) for some in rows]
    strata = [one.stratum for one in entries]
    real = np.array([one.variant for one in entries])
    rest = y - tau * (real == NAMES[0])
    found, ways = _statistic(real, rest, strata), {True: 0, False: 0}
    for choice in itertools.product(*orders):
        z = real.copy()
        for some, (inside, _) in zip(rows, choice, strict=True):
            z[some] = inside
        ways[_statistic(z, rest, strata) >= found - 1e-9] += math.prod(n for _, n in choice)
    return ways[True] / (ways[True] + ways[False])


def _statistic(variants: np.ndarray, y: np.ndarray, strata: list[str]) -> float:
    zy = zz = 0.0
    for name in dict.fromkeys(strata):
        inside = [n for n, one in enumerate(strata) if one == name and variants[n] in NAMES]
        z = (variants[inside] == NAMES[0]).astype(float)
        z -= z.mean() if len(z) else 0
        zy, zz = zy + z @ y[inside], zz + z @ z
    return abs(zy) / math.sqrt(zz) if zz > 0 else 0.0


@pytest.mark.parametrize("seed", range(6))
def test_the_p_value_is_that_of_all_permutations_written_out(seed):
    rng = np.random.default_rng(seed)
    entries = design(seed, [int(n) for n in rng.integers(1, 4, 3)] + [3])
    y = rng.normal(0, 1, len(entries)) + np.array([one.variant == "a" for one in entries])
    found = compare(observed(entries, y))
    assert found.is_exact
    assert found.p == pytest.approx(oracle_p(entries, y, 0.0))


@pytest.mark.parametrize("seed", range(4))
def test_with_three_variants_the_third_stays_where_it_fell(seed):
    names = ("a", "b", "c")
    entries = design(seed, [5, 4], names)
    y = np.random.default_rng(seed).normal(0, 1, len(entries))
    found = compare(observed(entries, y))
    assert found.p == pytest.approx(oracle_p(entries, y, 0.0, names))


def test_the_interval_holds_exactly_the_effects_that_are_not_rejected():
    entries = design(2, [5, 5])
    y = np.random.default_rng(2).normal(0, 0.3, len(entries)) + 2.0 * np.array([one.variant == "a" for one in entries])
    alpha = 0.1
    found = compare(observed(entries, y), alpha)
    assert found.low is not None
    assert found.high is not None
    for end, outwards in ((found.low, -1e-6), (found.high, 1e-6)):
        assert oracle_p(entries, y, end - outwards) > alpha
        assert oracle_p(entries, y, end + outwards) <= alpha


def test_the_levels_of_weeks_do_not_matter_and_a_true_effect_only_moves_the_interval():
    entries = design(5, [6, 7, 5])
    y = np.random.default_rng(5).normal(0, 1, len(entries))
    plain = compare(observed(entries, y), n_draws=3000)
    level = np.array([{"w0": 3.0, "w1": -2.0, "w2": 0.5}[one.stratum] for one in entries])
    moved = compare(observed(entries, y + level, effect=0.7), n_draws=3000)
    assert moved.effect == pytest.approx(plain.effect + 0.7)
    assert (moved.low, moved.high) == pytest.approx((plain.low + 0.7, plain.high + 0.7))


def test_to_swap_the_variants_turns_the_effect_round():
    entries = design(5, [6, 4])
    posts = observed(entries, np.random.default_rng(1).normal(0, 1, len(entries)))
    there, back = compare(posts), compare(replace(posts, is_first=~posts.is_first))
    assert there.is_exact
    assert (back.effect, back.low, back.high) == pytest.approx((-there.effect, -there.high, -there.low))
    assert back.p == pytest.approx(there.p)


def test_drawn_arrangements_say_what_all_of_them_say():
    entries = design(8, [6, 6, 6])
    posts = observed(entries, np.random.default_rng(8).normal(0, 1, len(entries)), effect=0.8)
    drawn, other = compare(posts, n_draws=2000), compare(posts, n_draws=2000, seed=1)
    whole = compare(posts, n_draws=500_000)
    assert (drawn.is_exact, whole.is_exact) == (False, True)
    assert drawn.n_arrangements == 2001
    assert drawn.p == pytest.approx(whole.p, abs=0.03)
    assert (drawn.low, drawn.high) == pytest.approx((whole.low, whole.high), abs=0.15)
    assert drawn == compare(posts, n_draws=2000)
    assert drawn != other


def test_probabilities_of_arrangements_sum_to_one_and_leave_the_design_alone():
    posts = observed(design(4, [5, 6]), np.zeros(11))
    found = arrangements(posts)
    assert found.weight.sum() == pytest.approx(1)
    assert found.zz.max() <= 11 / 4


def test_too_few_posts_bound_nothing_and_say_so():
    entries = design(1, [2])
    found = compare(observed(entries, np.array([1.0, 2.0])))
    if found.effect is not None:
        assert (found.low, found.high, found.p) == (None, None, 1.0)
    none = compare(observed(entries, np.zeros(2), kept=np.array([True, False])))
    assert (none.effect, none.p, none.detectable) == (None, None, None)
    empty = compare(observed([], np.zeros(0)))
    assert (empty.n_first, empty.n_other, empty.effect) == (0, 0, None)


def simulated(seed: int, effect: float, n_draws: int) -> tuple[bool, bool]:
    """One experiment of some 40 posts, heavy tails, unequal weeks, a tenth lost: (rejects zero, covers the truth)."""
    rng = np.random.default_rng(seed)
    entries = design(seed, [int(n) for n in rng.poisson(5, 8)])
    level = {f"w{week}": rng.normal(0, 1) for week in range(8)}
    y = 0.7 * rng.standard_t(4, len(entries)) + np.array([level[one.stratum] for one in entries])
    found = compare(observed(entries, y, effect, rng.random(len(entries)) > 0.1), seed=seed, n_draws=n_draws)
    assert found.p is not None
    low, high = found.low, found.high
    covers = (low is None or low <= effect) and (high is None or effect <= high)
    return found.p <= 0.05, covers


def test_few_experiments_without_an_effect_find_one():
    rejected = [simulated(seed, 0.0, 400)[0] for seed in range(200)]
    assert sum(rejected) <= 18  # 99 % of binomial(200, 0.05)


@pytest.mark.slow
@pytest.mark.parametrize("effect", [0.0, 0.3])
def test_promises_are_kept_in_a_thousand_experiments(effect):
    runs = [simulated(seed, effect, 20_000) for seed in range(1000)]
    rejected, covered = (float(np.mean(column)) for column in zip(*runs, strict=True))
    print(f"\neffect {effect}: rejects zero in {rejected:.1%}, covers in {covered:.1%} of {len(runs)} experiments")
    assert covered >= 0.93
    if effect == 0:
        assert rejected <= 0.05 + 2.6 * math.sqrt(0.05 * 0.95 / len(runs))
