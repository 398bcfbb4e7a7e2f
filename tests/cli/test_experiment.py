"""``otklik experiment`` as a person or a program meets it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from cli_process import otklik
from otklik import experiments
from otklik.store import Store
from trial import PAIR, START, history, publish, run, wish

NEW = ("new", "sign", "--author", "vk:-1", "--variants", "with sign", "without sign=no building")


@pytest.fixture
def space(tmp_path: Path) -> Path:
    """A workspace with the history of an author who publishes daily until yesterday."""
    now = datetime.now(UTC)
    with Store.open(tmp_path / "store.sqlite") as store:
        at = [now - timedelta(days=day) for day in range(1, 61)]
        views = np.exp(np.random.default_rng(0).normal(8, 0.7, 60))
        publish(store, [f"old{n}" for n in range(60)], at, views, look_h=23.5)
        publish(store, ["foreign"], [now], [10], author=("vk", "-2"), look_h=0.0)
    return tmp_path


def said(space: Path, *arguments: object, code: int = 0) -> str:
    done = otklik("experiment", *arguments, "--workspace", space)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout if code == 0 else done.stderr


def test_from_a_plan_to_the_first_posts(space):
    first = said(space, *NEW)
    assert "Nothing is fixed yet" in first

    fixed = said(space, *NEW, "--per-variant", "20", "--seed", "7", "--zone", "UTC")
    for words in (
        "Fixed from now on: sign, 40 posts.",
        "Under test: «with sign».",
        "seed 7",
        "smallest effect",
        "weeks",
    ):
        assert words in fixed

    drawn = said(space, "assign", "sign", "--post-plan", "Kazan 2100")
    assert drawn.startswith("#1: publish with «")
    assert "was drawn before and stays" in said(space, "assign", "sign", "--post-plan", "Kazan 2100")
    told = json.loads(said(space, "assign", "sign", "--key", "b", "--json", "-"))
    assert (told["number"], told["is_new"]) == (2, True)

    with Store.open(space / "store.sqlite") as store:
        publish(store, ["new"], [datetime.now(UTC)], [10], look_h=0.0)
    linked = said(space, "assign", "sign", "--post", "vk:new", "--number", "1", "--used", told["variant"])
    assert "has the post vk:new from now on" in linked
    result = said(space, "result", "sign")
    assert "A look before the end: 0 of 40" in result
    assert "younger than 24 h" in result
    (listed,) = json.loads(said(space, "list", "--json", "-"))
    assert (listed["name"], listed["n_assigned"], listed["n_linked"], listed["planned"]) == ("sign", 2, 1, 40)


def test_a_fulfilled_plan_has_a_verdict_in_both_languages_and_as_json(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as store:
        history(store)
        experiments.plan(store, wish(per_variant=10), START)
        run(store, 20, effect=1.5, sd=0.3)
    shown = said(tmp_path, "result", "sign")
    assert "Supported: «with sign» does better than «without sign»." in shown
    assert "95% interval from +" in shown
    assert "A look before the end" not in shown
    assert "%" in said(tmp_path, "result", "sign", "--lang", "ru")
    told = json.loads(said(tmp_path, "result", "sign", "--json", "-"))
    assert told["contrasts"][0]["verdict"] == "supported"
    assert (told["is_finished"], told["n_outcome"], told["is_simulated"]) == (True, 20, False)


def test_an_effect_that_is_wanted_plans_the_posts_it_needs(space):
    told = json.loads(said(space, *NEW, "--effect", "50%", "--json", "-"))
    assert told["smallest"] <= 0.5
    assert told["experiment"]["planned"] == 2 * told["per_variant"]
    assert told["experiment"]["variants"][1] == {"label": "without sign", "description": "no building"}


def test_an_author_with_few_posts_is_told_so(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as store:
        history(store, 3)
    assert "The author has 3 posts of this kind with an outcome, and 10 are needed" in said(
        tmp_path, *NEW, "--per-variant", "5"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (NEW[:-1], "two variants or more, but got 1"),
        (("new", "sign", "--author", "vk:-7", "--variants", "a", "b"), "nothing is known of the author vk:-7"),
        ((*NEW, "--effect", "20"), "expected an effect such as 20%, but got '20'"),
        (("result", "nothing"), "there is no experiment 'nothing'"),
        (("assign", "kept", "--used", "a"), "go with --post"),
        (("assign", "kept", "--post", "vk1"), "--post expects a platform and an id"),
        (("assign", "kept", "--post", "vk:foreign"), "is of vk:-2, but the experiment is on vk:-1"),
        (("assign", "kept", "--post", "vk:old1", "--used", "c"), "the variant 'c' is not planned"),
        (("new", "kept", "--author", "vk:-1", "--variants", "a", "b"), "what was fixed stays fixed"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(space, arguments, says):
    with Store.open(space / "store.sqlite") as store:
        experiments.plan(store, wish(name="kept", variants=PAIR), datetime.now(UTC))
        experiments.assign(store, "kept", datetime.now(UTC))
    told = said(space, *arguments, code=78)
    assert says in told
    assert len(told.strip().splitlines()) == 1
