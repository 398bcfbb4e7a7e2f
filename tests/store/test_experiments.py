"""The log of experiments is kept whole and in order, on both databases."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from otklik.errors import OtklikError
from otklik.store import Assignment, Experiment, Experiments, Link, Store, StoredPost, Variant, migrations

NOW = datetime(2026, 3, 1, 12, 0, 0, 250, tzinfo=UTC)
SIGN = Experiment(
    name="Знак «Кремль»",
    platform="vk",
    author_id="-1",
    variants=(Variant("со знаком", "мечеть на обложке"), Variant("без знака")),
    outcome="sharing",
    horizon_h=24.0,
    blocks="week",
    zone="Europe/Moscow",
    seed=2**62,
    planned=40,
    made_at=NOW,
    foreseen={"sd": 0.71, "kind": "clip", "smallest": None},
)


def drawn(number: int, **said: object) -> Assignment:
    return replace(Assignment(number, "2026-W10", 0, number - 1, 2, "со знаком", NOW), **said)


def test_an_experiment_comes_back_as_it_was_fixed_and_stays_so(store):
    kept = Experiments(store)
    fixed = kept.add(SIGN)
    assert fixed == replace(SIGN, key=fixed.key)
    assert kept.add(replace(SIGN, seed=1, planned=400)) is None
    assert kept.named(SIGN.name) == fixed
    assert kept.named("other") is None
    other = kept.add(replace(SIGN, name="other", variants=(Variant("a"), Variant("b"), Variant("c"))))
    assert kept.all() == [fixed, other]
    assert other.labels == ("a", "b", "c")


def test_assignments_keep_their_order_and_no_place_is_given_twice(store):
    kept = Experiments(store)
    key, other = (kept.add(replace(SIGN, name=name)).key for name in ("a", "b"))
    first, second = drawn(1, title="Казань 2100", request_key="k"), drawn(2, variant="без знака")
    for one in (first, second):
        kept.assign(key, one)
    kept.assign(other, first)
    assert (kept.assignments(key), kept.assignments(other)) == ([first, second], [first])
    for twice in (drawn(2, place=5), drawn(3, request_key="k"), drawn(3, place=0)):
        with pytest.raises(OtklikError):
            kept.assign(key, twice)
    assert kept.assignments(key) == [first, second]


def test_links_are_only_added(store):
    kept = Experiments(store)
    key = kept.add(SIGN).key
    log = [
        Link(1, "vk", "-1_5", None, NOW),
        Link(1, None, None, None, NOW + timedelta(hours=1)),
        Link(2, "vk", "-1_5", "без знака", NOW + timedelta(hours=1)),
    ]
    kept.link(key, log[:1])
    kept.link(key, log[1:])
    assert kept.links(key) == log
    assert [one.post for one in log] == [("vk", "-1_5"), None, ("vk", "-1_5")]


def test_all_of_a_transaction_lands_or_nothing(store):
    kept = Experiments(store)
    key = kept.add(SIGN).key

    def half() -> None:
        with store.transaction():
            kept.assign(key, drawn(1))
            kept.link(key, [Link(1, "vk", "x", None, NOW)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert (kept.assignments(key), kept.links(key)) == ([], [])


def test_what_linking_must_know_of_a_post(store, many):
    many(store, 2)
    kept = Experiments(store)
    assert kept.post("vk", "1") == StoredPost("a", datetime(2026, 3, 1, 10, tzinfo=UTC), None)
    assert kept.post("vk", "9") is None
    assert (kept.knows_author("vk", "a"), kept.knows_author("youtube", "a")) == (True, False)
    facts = {"platform": "vk", "post_id": "1", "author_id": "a", "kind": "post"}
    published = pd.Timestamp("2026-03-01T10:00Z")
    store.write_posts(pd.DataFrame([{**facts, "published_at": published, "gone_at": pd.Timestamp(NOW)}]))
    assert kept.post("vk", "1").gone_at == NOW


def test_a_store_from_before_the_experiments_gets_their_tables(tmp_path, monkeypatch):
    file = tmp_path / "store.sqlite"
    with monkeypatch.context() as before:
        before.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:4])
        Store.open(file).close()
    raw = sqlite3.connect(file)
    assert raw.execute("select count(*) from sqlite_master where name like 'experiment%'").fetchone() == (0,)
    raw.close()
    with Store.open(file) as store:
        assert Experiments(store).add(SIGN)
