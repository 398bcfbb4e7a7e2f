"""Draws cannot be repeated, posts are linked once, and mistakes leave a trace."""

from __future__ import annotations

from datetime import timedelta

import pytest

from otklik import experiments
from otklik.errors import ConfigurationError
from otklik.store import Experiments, Store
from trial import START, history, publish, run, wish

LATER = START + timedelta(hours=3)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as opened:
        history(opened)
        experiments.plan(opened, wish(), START)
        publish(opened, ["p1", "p2", "p3"], [START + timedelta(hours=1)] * 3, [100, 200, 300])
        publish(opened, ["foreign"], [START + timedelta(hours=1)], [100], author=("vk", "-2"))
        yield opened


def draw(store: Store, n: int) -> list[str]:
    return [experiments.assign(store, "sign", START, key=str(number))[0].variant for number in range(n)]


def link(store: Store, post: str, **said: object):
    return experiments.link(store, "sign", ("vk", post), LATER, **said)


def log(store: Store):
    kept = Experiments(store)
    return kept.links(kept.named("sign").key)


def test_the_draw_is_that_of_the_seed(tmp_path, store):
    with Store.open(tmp_path / "other.sqlite") as other:
        history(other)
        experiments.plan(other, wish(), START)
        assert draw(store, 8) == draw(other, 8)


def test_the_same_key_or_title_gets_the_same_answer(store):
    first, is_new = experiments.assign(store, "sign", START, title="Kazan 2100")
    assert is_new
    again, is_new = experiments.assign(store, "sign", LATER, title="Kazan 2100")
    assert (again, is_new) == (first, False)
    other, is_new = experiments.assign(store, "sign", LATER, title="Kazan 2100", key="second part")
    assert (other.number, is_new) == (2, True)
    unnamed = [experiments.assign(store, "sign", LATER)[0].number for _ in range(2)]
    assert unnamed == [3, 4]


def test_weeks_and_kinds_have_draws_of_their_own(store):
    draw(store, 3)
    next_week, _ = experiments.assign(store, "sign", START + timedelta(days=7))
    assert (next_week.stratum, next_week.block, next_week.place) == ("2026-W38", 0, 0)
    with pytest.raises(ConfigurationError, match="leave --kind out"):
        experiments.assign(store, "sign", START, kind="clip")
    experiments.plan(store, wish(name="kinds", blocks="kind"), START)
    drawn = [experiments.assign(store, "kinds", START, kind=kind)[0] for kind in ("clip", "video", "clip", None)]
    assert [one.stratum for one in drawn] == ["clip", "video", "clip", "clip"]


def test_a_post_is_linked_to_the_assignment_that_waits_for_it(store):
    draw(store, 1)
    assignment, linked, is_new = link(store, "p1")
    assert (assignment.number, linked.post, is_new) == (1, ("vk", "p1"), True)
    assert link(store, "p1")[2] is False
    assert len(log(store)) == 1


def test_another_variant_that_was_used_is_noted_later_too(store):
    (drawn,) = draw(store, 1)
    other = {"with sign": "without sign", "without sign": "with sign"}[drawn]
    link(store, "p1")
    assert link(store, "p1", used=other)[1].used == other
    assert link(store, "p1")[1].used == other
    assert [one.used for one in log(store)] == [None, other]


def test_a_mistake_is_corrected_by_a_newer_entry(store):
    draw(store, 2)
    link(store, "p1", number=1)
    with pytest.raises(ConfigurationError, match="belongs to assignment 1 already"):
        link(store, "p1", number=2)
    with pytest.raises(ConfigurationError, match="has the post vk:p1 already"):
        link(store, "p2", number=1)
    link(store, "p1", number=2, correct=True)
    link(store, "p2", key="0")
    found = experiments.in_force(log(store))
    assert {number: one.post_id for number, one in found.items()} == {1: "p2", 2: "p1"}
    assert [(one.number, one.post_id) for one in log(store)] == [(1, "p1"), (1, None), (2, "p1"), (1, "p2")]
    link(store, "p3", number=2, correct=True)
    assert experiments.in_force(log(store))[2].post_id == "p3"


@pytest.mark.parametrize(
    ("post", "said", "match"),
    [
        ("foreign", {}, "is of vk:-2, but the experiment is on vk:-1"),
        ("nowhere", {}, "is not in the store"),
        ("p1", {"used": "blue"}, "the variant 'blue' is not planned: expected one of with sign, without sign"),
        ("p1", {"number": 9}, "there is no assignment 9: 2 were drawn"),
        ("p1", {"key": "x"}, "there is no assignment 'x'"),
        ("p1", {}, "2 assignments wait for a post #1 #2"),
        ("old3", {"number": 1}, "before assignment 1 was drawn"),
    ],
)
def test_what_cannot_be_linked_is_refused(store, post, said, match):
    draw(store, 2)
    with pytest.raises(ConfigurationError, match=match):
        link(store, post, **said)
    assert log(store) == []


def test_nothing_can_be_linked_before_a_draw_and_nobody_draws_for_an_unknown_experiment(store):
    with pytest.raises(ConfigurationError, match="0 assignments wait for a post: say"):
        link(store, "p1")
    with pytest.raises(ConfigurationError, match="there is no experiment 'sgin'"):
        experiments.assign(store, "sgin", START)
    with pytest.raises(ConfigurationError, match="in one line"):
        experiments.assign(store, "sign", START, title="a\x00b")


def test_after_the_last_planned_post_nothing_is_drawn_or_linked(store):
    run(store, 8)
    end = START + timedelta(days=9)
    with pytest.raises(ConfigurationError, match="has its 8 planned posts"):
        experiments.assign(store, "sign", end)
    assert experiments.assign(store, "sign", end, title="clip 3")[1] is False
    kept = Experiments(store)
    assert len(kept.assignments(kept.named("sign").key)) == 8
