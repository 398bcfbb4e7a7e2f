"""The draw is balanced, unforeseeable without the seed, and the same for whoever has it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from otklik.experiments.blocks import LARGEST, order, slot, week_of

NAMES = ("a", "b", "c")


@pytest.mark.parametrize("n_variants", [2, 3, 8])
def test_every_finished_block_holds_every_variant_equally_often(n_variants):
    names = [str(number) for number in range(n_variants)]
    blocks: dict[int, list[str]] = {}
    drawn = [slot(3, "2026-W01", n, names) for n in range(200)]
    for n, one in enumerate(drawn):
        blocks.setdefault(one.block, []).append(one.variant)
        assert one.place == len(blocks[one.block]) - 1, n
    for number, inside in list(blocks.items())[:-1]:
        copies = next(one.copies for one in drawn if one.block == number)
        assert Counter(inside) == dict.fromkeys(names, copies)
    assert {one.copies for one in drawn} == set(range(1, LARGEST + 1))


def test_the_same_seed_draws_the_same_and_another_seed_or_week_does_not():
    def sequence(seed: int, stratum: str) -> list[str]:
        return [slot(seed, stratum, n, NAMES).variant for n in range(60)]

    assert sequence(1, "2026-W01") == sequence(1, "2026-W01")
    assert sequence(1, "2026-W01") != sequence(2, "2026-W01")
    assert sequence(1, "2026-W01") != sequence(1, "2026-W02")


def test_every_order_of_a_block_is_as_likely_as_any_other():
    counts = Counter(tuple(order(seed, "w", 0, "aabb")) for seed in range(6000))
    assert len(counts) == 6
    assert all(abs(n - 1000) < 4 * (1000 * 5 / 6) ** 0.5 for n in counts.values())


def test_weeks_begin_on_monday_where_the_audience_lives():
    late_sunday = datetime(2026, 12, 27, 22, 30, tzinfo=UTC)
    assert week_of(late_sunday, "UTC") == "2026-W52"
    assert week_of(late_sunday, "Europe/Moscow") == "2026-W53"
