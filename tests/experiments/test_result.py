"""A result counts everybody, gives no verdict early, and finds what is there."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from otklik import experiments
from otklik.errors import ConfigurationError
from otklik.experiments.outcomes import GONE, NO_COUNTER, NO_LOOK, NOT_STORED, TOO_YOUNG, outcomes_of
from otklik.experiments.result import NOT_LINKED
from otklik.store import Store, Variant
from trial import AUTHOR, START, history, publish, run, wish


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as opened:
        history(opened)
        yield opened


def told(found: experiments.Result) -> str:
    return " | ".join(map(str, found.notes))


def test_a_large_effect_is_supported_when_the_plan_is_fulfilled(store):
    experiments.plan(store, wish(per_variant=12), START)
    run(store, 24, effect=1.2, sd=0.3)
    found = experiments.result(store, "sign", START + timedelta(days=26))
    (one,) = found.contrasts
    assert found.is_finished
    assert one.n + one.n_against == found.n_outcome == 24
    assert one.verdict == "supported"
    assert one.p < 0.01
    assert 0 < one.low < np.expm1(1.2) < one.high
    assert found.entries[0].why_not is None
    assert found == experiments.result(store, "sign", START + timedelta(days=26))


@pytest.mark.parametrize(("effect", "word"), [(-1.5, "contradicted"), (0.0, "inconclusive")])
def test_the_opposite_is_contradicted_and_nothing_is_inconclusive(store, effect, word):
    experiments.plan(store, wish(per_variant=10), START)
    run(store, 20, effect=effect, sd=0.3, seed=4)
    assert experiments.result(store, "sign", START + timedelta(days=23)).contrasts[0].verdict == word


def test_a_look_before_the_end_has_no_verdict(store):
    experiments.plan(store, wish(per_variant=12), START)
    run(store, 12, effect=2.0, sd=0.1)
    found = experiments.result(store, "sign", START + timedelta(days=14))
    assert not found.is_finished
    assert found.contrasts[0].p < 0.05
    assert found.contrasts[0].verdict is None
    assert "A look before the end: 12 of 24" in told(found)


def test_young_posts_are_censored_and_hold_the_verdict_back(store):
    experiments.plan(store, wish(), START)
    run(store, 8)
    found = experiments.result(store, "sign", START + timedelta(days=7, hours=20))
    assert not found.is_finished
    assert [one.why_not for one in found.entries] == [None] * 7 + [TOO_YOUNG]
    assert sum(arm.n_young for arm in found.arms) == 1
    assert "do not count yet: 1" in told(found)
    assert experiments.result(store, "sign", START + timedelta(days=8, hours=2)).is_finished


def test_everybody_without_an_outcome_is_told_with_the_reason(store):
    experiments.plan(store, wish(per_variant=4), START)
    drawn = [experiments.assign(store, "sign", START + timedelta(days=n))[0] for n in range(9)]
    at = [one.assigned_at + timedelta(hours=1) for one in drawn]
    publish(store, ["seen", "gone", "late"], at[:3], [100, 100, 100])
    publish(store, ["unseen"], at[3:4], [100], look_h=50.0)
    facts = {"platform": "vk", "author_id": "-1", "kind": "clip"}
    store.write_posts(pd.DataFrame([{**facts, "post_id": "hidden", "published_at": pd.Timestamp(at[4])}]))
    looks = {
        "platform": "vk",
        "post_id": "hidden",
        "observed_at": [pd.Timestamp(at[4]) + pd.Timedelta("24h")],
        "likes": 3,
    }
    store.write_snapshots(pd.DataFrame(looks))
    gone = {**facts, "post_id": "deleted", "published_at": pd.Timestamp(at[5]), "gone_at": pd.Timestamp(at[5])}
    store.write_posts(pd.DataFrame([gone]))
    for number, post in enumerate(("seen", "gone", "late", "unseen", "hidden", "deleted"), 1):
        experiments.link(store, "sign", ("vk", post), START + timedelta(days=9), number=number)
    found = experiments.result(store, "sign", START + timedelta(days=12))
    reasons = [one.why_not for one in found.entries]
    assert reasons == [None, None, None, NO_LOOK, NO_COUNTER, GONE, NOT_LINKED, NOT_LINKED, NOT_LINKED]
    assert sum(arm.n_lost for arm in found.arms) == 3
    assert "Assignments without a post: 3." in told(found)
    assert "left out as their outcome is not known: 3." in told(found)


def test_a_post_that_retention_has_deleted_stays_in_the_count(store):
    experiments.plan(store, wish(), START)
    run(store, 8)
    with store.transaction() as connection:
        for table in ("snapshot", "post"):
            where = "post_key in (select post_key from post where post_id = 'new0')"
            connection.exec_driver_sql(f"delete from {table} where {where}")
    found = experiments.result(store, "sign", START + timedelta(days=10))
    assert found.entries[0].why_not == NOT_STORED
    assert found.is_finished
    assert (found.n_linked, found.n_outcome) == (8, 7)
    assert "Outcomes are missing for up to" in told(found)


def test_other_variants_used_are_analysed_as_drawn(store):
    experiments.plan(store, wish(), START)
    drawn = run(store, 8)
    plain = experiments.result(store, "sign", START + timedelta(days=10))
    other = next(one for one in ("with sign", "without sign") if one != drawn[2].variant)
    experiments.link(store, "sign", ("vk", "new2"), START + timedelta(days=9), used=other)
    noted = experiments.result(store, "sign", START + timedelta(days=10))
    assert noted.contrasts == plain.contrasts
    assert sum(arm.n_other for arm in noted.arms) == 1
    assert "another variant than the one drawn: 1." in told(noted)


def test_posts_kept_out_of_the_experiment_are_counted(store):
    experiments.plan(store, wish(), START)
    run(store, 8)
    publish(store, ["aside"], [START + timedelta(days=2, hours=5)], [10])
    publish(store, ["after"], [START + timedelta(days=9)], [10])
    assert "outside the experiment: 1." in told(experiments.result(store, "sign", START + timedelta(days=12)))


def test_three_variants_share_the_level(store):
    experiments.plan(store, wish(variants=(Variant("a"), Variant("b"), Variant("c"))), START)
    run(store, 12)
    found = experiments.result(store, "sign", START + timedelta(days=14))
    assert [(one.variant, one.against, one.level) for one in found.contrasts] == [("a", "b", 0.975), ("a", "c", 0.975)]
    assert "divided among them" in told(found)


def test_nothing_drawn_yet_is_no_error_and_an_unknown_name_is(store):
    experiments.plan(store, wish(), START)
    found = experiments.result(store, "sign", START)
    assert (found.n_assigned, found.contrasts[0].effect) == (0, None)
    assert "nothing to compare yet" in told(found)
    with pytest.raises(ConfigurationError, match="there is no experiment 'x'"):
        experiments.result(store, "x", START)


def test_many_posts_that_nobody_shared_are_told(store):
    experiments.plan(store, wish(outcome="sharing"), START)
    run(store, 8)
    assert "repost" not in told(experiments.result(store, "sign", START + timedelta(days=10)))
    experiments.plan(store, wish(name="small", outcome="sharing"), START)
    one, _ = experiments.assign(store, "small", START)
    publish(store, ["small"], [START + timedelta(hours=1)], [50])
    experiments.link(store, "small", ("vk", "small"), START + timedelta(hours=2), number=one.number)
    assert "without a single repost: 1." in told(experiments.result(store, "small", START + timedelta(days=10)))


@pytest.mark.parametrize(("outcome", "y"), [("reach", 1001), ("reactions", 101), ("sharing", 10.5 / 1000.5)])
def test_outcomes_are_logs_of_views_likes_and_reposts_per_view(tmp_path, outcome, y):
    with Store.open(tmp_path / "one.sqlite") as store:
        publish(store, ["a"], [START], [1000])
        found = outcomes_of(store, AUTHOR, outcome, START + timedelta(days=2))
        assert found.y.tolist() == pytest.approx([np.log(y)])
        assert outcomes_of(store, AUTHOR, outcome, START + timedelta(hours=23)).why_not == [TOO_YOUNG]


def test_without_a_counter_of_reposts_sharing_has_no_outcome(tmp_path):
    with Store.open(tmp_path / "one.sqlite") as store:
        publish(store, ["a"], [START], [1000], shares=None)
        assert outcomes_of(store, AUTHOR, "sharing", START + timedelta(days=3)).why_not == [NO_COUNTER]
