"""An experiment is fixed once, before it begins, and only if it can be one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from otklik import experiments
from otklik.errors import ConfigurationError
from otklik.experiments.power import LADDER
from otklik.store import Experiments, Store, Variant
from trial import PAIR, START, history, wish


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as opened:
        history(opened)
        yield opened


def test_what_is_fixed_is_kept_with_what_was_foreseen(store):
    plan = experiments.plan(store, wish(), START)
    kept = Experiments(store).named("sign")
    assert kept == plan.experiment
    assert (kept.planned, kept.seed, kept.blocks, kept.horizon_h) == (8, 7, "week", 24.0)
    assert kept.variants == PAIR
    assert kept.foreseen["sd"] == plan.history.sd
    assert kept.foreseen["smallest"] == plan.smallest
    assert [rung.per_variant for rung in plan.rungs] == list(LADDER)
    assert plan.weeks == pytest.approx(8 / 7, rel=0.05)


def test_an_effect_that_is_wanted_says_how_many_posts_it_needs(store):
    plan = experiments.plan(store, wish(per_variant=None, effect=0.5), START)
    assert plan.smallest <= 0.5
    assert plan.experiment.planned == 2 * plan.per_variant
    with pytest.raises(ConfigurationError, match="cannot be found"):
        experiments.plan(store, wish(name="tiny", per_variant=None, effect=0.0001), START)


def test_without_a_size_nothing_is_fixed(store):
    plan = experiments.plan(store, wish(per_variant=None), START)
    assert plan.experiment is None
    assert Experiments(store).all() == []


def test_a_seed_that_is_not_given_is_drawn_and_kept(store):
    seeds = {experiments.plan(store, wish(name=str(n), seed=None), START).experiment.seed for n in range(3)}
    assert len(seeds) == 3


def test_rare_posts_are_not_drawn_inside_weeks(store):
    history(store, 30, kind="video", per_day=1 / 7)
    assert experiments.plan(store, wish(kind="video"), START).experiment.blocks == "kind"
    plan = experiments.plan(store, wish(name="anyway", kind="video", blocks="week"), START)
    assert plan.smallest is None
    assert any("--block kind" in note.template for note in plan.notes)


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"variants": PAIR[:1]}, "two variants or more, but got 1"),
        ({"variants": (*PAIR, Variant("with sign"))}, "different names"),
        ({"variants": (Variant(""), Variant("b"))}, "in one line"),
        ({"name": "a\nb"}, "in one line"),
        ({"name": " "}, "in one line"),
        ({"outcome": "fame"}, "one of reach, sharing, reactions, but got 'fame'"),
        ({"blocks": "moon"}, "one of week, kind"),
        ({"zone": "Mars/Base"}, "time zone"),
        ({"author": ("vk", "-99")}, "nothing is known of the author vk:-99"),
        ({"author": ("youtube", "UCx"), "outcome": "sharing"}, "YouTube does not tell"),
        ({"effect": 0.2}, "give one of them"),
        ({"per_variant": 1}, "2 to 10000 posts"),
        ({"per_variant": None, "effect": 0.0}, "an effect between"),
        ({"seed": -1}, "a seed"),
    ],
)
def test_what_cannot_be_an_experiment_is_refused(store, said, match):
    with pytest.raises(ConfigurationError, match=match):
        experiments.plan(store, wish(**said), START)
    assert Experiments(store).all() == []


def test_a_name_is_used_once(store):
    fixed = experiments.plan(store, wish(), START).experiment
    with pytest.raises(ConfigurationError, match="what was fixed stays fixed"):
        experiments.plan(store, wish(per_variant=50), START + timedelta(days=1))
    assert Experiments(store).all() == [fixed]
