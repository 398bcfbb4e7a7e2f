"""Every detector finds what was done to a curve, says it with numbers, and is silent on growth that was left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.models.forecast import Note
from otklik.teardown import signs
from otklik.teardown.counters import corrections, examine, gaps
from otklik.teardown.series import Series, steps
from teardown.growing import counted, organic, organic_curve, with_block

EVENING = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""18:00 in Moscow: the first night of the post begins at the age of 7 h."""
ZONE = "Europe/Moscow"


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def log_rates(n: int = 30) -> dict[str, np.ndarray]:
    chance = rng()
    return {
        "likes": np.log(0.05) + chance.normal(0, 0.3, n),
        "comments": np.log(0.005) + chance.normal(0, 0.5, n),
        "comments_per_like": np.log(0.1) + chance.normal(0, 0.5, n),
    }


def kinds(series: Series, others: dict[str, np.ndarray] | None = None) -> set[str]:
    found = examine(series, EVENING, ZONE, log_rates() if others is None else others)
    assert all(isinstance(one.told, Note) and str(one.told) and str(one.fits) for one in found.signs)
    return {one.kind for one in found.signs}


def test_growth_that_is_left_alone_is_clean_and_everything_was_looked_for():
    found = examine(organic(rng()), EVENING, ZONE, log_rates())
    assert found.is_clean
    assert set(found.checks) == set(signs.KINDS)
    assert found.missing == ()


@settings(max_examples=120, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    log_views=st.floats(np.log(300), np.log(2e6)),
    half=st.floats(1.0, 20.0),
    speed=st.floats(0.8, 2.0),
    every=st.sampled_from([0.25, 0.5, 1.0, 3.0, 6.0]),
    hour=st.integers(0, 23),
)
def test_no_clean_curve_is_accused(seed, log_views, half, speed, every, hour):
    series = organic(np.random.default_rng(seed), float(np.exp(log_views)), half, speed, every)
    found = examine(series, EVENING.replace(hour=hour), ZONE, {})
    assert found.signs == ()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), daily=st.floats(0.1, 0.7), wave=st.floats(0.0, 3.0), at=st.floats(2.0, 20.0))
def test_neither_day_and_night_nor_a_second_wave_is_a_sign(seed, daily, wave, at):
    chance = np.random.default_rng(seed)
    ages = np.arange(1, 97) * 0.5
    curve = organic_curve(ages, 20_000, 6.0, 1.2)
    second = 20_000 * wave * np.where(ages > at, 1 - np.exp(-np.maximum(ages - at, 0) / 5.0), 0.0)
    grown = np.diff(curve + second, prepend=0.0)
    local = (18 + ages) % 24
    grown = grown * (1 - daily * np.exp(-(((local - 4) % 24 - 0) ** 2) / 8))
    found = examine(counted(chance, grown, ages), EVENING, ZONE, {})
    # A strong wave may begin at night: only that much may be said of it.
    assert {one.kind for one in found.signs} <= {"night_jump"}


def test_false_flags_on_a_thousand_simulated_posts_are_rare(corpus):
    """The cohort has misses, jitter and corrections; like rates are each post's own."""
    from otklik.teardown.series import series_of
    from otklik.teardown.usual import Peers, log_rates

    flagged, asked = [], range(0, len(corpus), 4)
    for row in asked:
        series = series_of(corpus, row)
        if len(series):
            published = corpus.posts["published_at"].iloc[row].to_pydatetime()
            found = examine(series, published, ZONE, log_rates(Peers.of(corpus, row), float(series.age_h[-1])))
            flagged += [one.kind for one in found.signs]
    assert len(flagged) <= 0.02 * len(asked), flagged


def test_bought_views_are_growth_without_reactions_with_its_numbers():
    series = with_block(organic(rng()), 12.0, 15.0, 15_000)
    (found,) = [one for one in examine(series, EVENING, ZONE, {}).signs if one.kind == "growth_without_reactions"]
    assert 11.5 <= found.from_h <= 12.5
    assert 14.5 <= found.to_h <= 15.5
    assert found.told.values["views_n"] == pytest.approx(15_000 + 1_500, rel=0.15)
    assert found.seen < 0.25 * found.expected


def test_views_that_bring_their_reactions_are_no_growth_without_them():
    series = with_block(organic(rng()), 12.0, 15.0, 15_000, likes_rate=0.05)
    assert "growth_without_reactions" not in kinds(series)


def test_likes_that_lag_a_step_behind_are_no_sign():
    series = organic(rng())
    late = Series(series.age_h, {**series.counters, "likes": np.concatenate([[0.0], series.counters["likes"][:-1]])})
    stalled = late.counters["likes"].copy()
    stalled[20] = stalled[19]
    assert kinds(Series(series.age_h, {**late.counters, "likes": stalled}), {}) == set()


def test_an_order_delivered_evenly_is_a_constant_rate():
    found = [
        one
        for one in examine(with_block(organic(rng()), 10.0, 16.0, 60_000), EVENING, ZONE, {}).signs
        if one.kind == "constant_rate"
    ]
    assert len(found) == 1
    assert found[0].seen == pytest.approx(10_000, rel=0.15)
    assert found[0].seen > 2.5 * found[0].expected


def test_recommendations_that_rise_and_fade_are_no_constant_rate():
    ages = np.arange(1, 97) * 0.5
    wave = 60_000 * (1 - np.exp(-np.maximum(ages - 10, 0) / 4))
    grown = np.diff(organic_curve(ages, 20_000, 6.0, 1.3) + wave, prepend=0.0)
    assert "constant_rate" not in {one.kind for one in examine(counted(rng(), grown, ages), EVENING, ZONE, {}).signs}


def test_a_block_in_one_step_is_sudden_and_a_counter_that_catches_up_is_not():
    series = organic(rng())
    assert "sudden_step" in kinds(with_block(series, 14.0, 14.5, 12_000, 0.05), {})
    for name in ("views", "likes", "shares"):
        held = series.counters[name].copy()
        held[14:22] = held[13]
        assert kinds(Series(series.age_h, {**series.counters, name: held}), {}) == set(), name


def test_a_jump_at_night_is_found_by_the_audience_s_clock():
    series = with_block(organic(rng()), 8.0, 11.0, 12_000, 0.05)
    assert "night_jump" in kinds(series, {})
    noon = examine(series, EVENING.replace(hour=6), ZONE, {})
    assert "night_jump" not in {one.kind for one in noon.signs}


def test_a_post_that_saw_no_night_is_not_checked_for_one():
    found = examine(organic(rng(), every_h=0.5, until_h=6.0), EVENING, ZONE, {})
    assert "night_jump" not in found.checks


def test_reposts_by_a_big_community_are_a_jump_of_shares():
    series = organic(rng())
    shares = series.counters["shares"] + np.where(series.age_h >= 13, 150.0, 0.0)
    (found,) = [
        one
        for one in examine(Series(series.age_h, {**series.counters, "shares": shares}), EVENING, ZONE, {}).signs
        if one.kind == "share_jump"
    ]
    assert found.from_h < 13 <= found.to_h
    assert found.told.values["shares_n"] >= 150


@pytest.mark.parametrize(("times", "kind"), [(6.0, "likes"), (1 / 6, "likes"), (12.0, "comments")])
def test_a_rate_that_the_author_s_posts_do_not_have_is_a_sign(times, kind):
    series = organic(rng())
    changed = np.round(series.counters[kind] * times)
    found = kinds(Series(series.age_h, {**series.counters, kind: changed}))
    assert kind in found


def test_the_author_s_own_rate_is_what_counts():
    series = organic(rng())
    liked = Series(series.age_h, {**series.counters, "likes": series.counters["likes"] * 6})
    others = {**log_rates(), "likes": log_rates()["likes"] + np.log(6), "comments_per_like": np.empty(0)}
    assert "likes" not in kinds(liked, others)


def test_every_fall_of_every_counter_is_a_correction_and_growth_over_it_no_sign():
    series = organic(rng())
    views = series.views - np.where(series.age_h >= 20, 0.05 * series.views[39], 0.0)
    found = examine(Series(series.age_h, {**series.counters, "views": views}), EVENING, ZONE, log_rates())
    (one,) = found.corrections
    assert (one.counter, one.age_h) == ("views", 20.0)
    assert one.after < one.before
    assert found.signs == ()


def test_two_looks_missing_in_a_row_are_a_gap_and_a_cadence_that_widens_is_none():
    series = organic(rng(), every_h=1.0)
    kept = ~np.isin(series.age_h, (10.0, 11.0))
    holed = Series(series.age_h[kept], {name: values[kept] for name, values in series.counters.items()})
    (gap,) = gaps(holed)
    assert (gap.from_h, gap.to_h, gap.usual_step_h) == (9.0, 12.0, 1.0)
    assert 0 < gap.share_of_views < 0.3
    widening = np.concatenate([np.arange(1, 13) / 4, np.arange(4.0, 25.0), np.arange(30.0, 73.0, 6.0)])
    assert gaps(Series(widening, {"views": np.arange(len(widening), dtype=float)})) == ()


@pytest.mark.parametrize("n", [1, 2, 5])
def test_few_looks_are_not_judged_and_the_reason_is_said(n):
    series = organic(rng(), every_h=4.0)
    few = Series(series.age_h[:n], {name: values[:n] for name, values in series.counters.items()})
    found = examine(few, EVENING, ZONE, log_rates())
    assert found.signs == ()
    assert "constant_rate" not in found.checks
    assert any("cannot be judged" in str(one) for one in found.missing)


def test_hidden_counters_are_said_and_not_taken_for_zero():
    series = organic(rng())
    nothing = np.full(len(series), np.nan)
    hidden = Series(series.age_h, {"views": series.views, "likes": nothing, "comments": nothing, "shares": nothing})
    found = examine(hidden, EVENING, ZONE, log_rates())
    assert found.signs == ()
    assert "likes" not in found.checks
    assert corrections(hidden) == ()
    assert sum("cannot be held against" in str(one) for one in found.missing) == 2


def test_steps_leave_out_what_was_taken_back():
    series = Series(np.arange(1.0, 7.0), {"views": np.array([10.0, 20.0, 15.0, 18.0, 30.0, 40.0])})
    found = steps(series)
    assert found.from_h.tolist() == [1.0, 5.0]
    assert found.views.tolist() == [10.0, 10.0]


def test_bought_views_do_not_make_ordinary_reposts_a_jump():
    assert "share_jump" not in kinds(with_block(organic(rng()), 12.0, 18.0, 40_000), {})
