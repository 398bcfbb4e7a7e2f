"""A whole experiment on PostgreSQL gives what it gives on SQLite, and two at once never draw the same place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from otklik import experiments
from otklik.store import Experiments, Store
from trial import START, history, run, wish


def test_both_databases_tell_the_same_result(tmp_path, new_database):
    found = []
    for where in (tmp_path / "store.sqlite", new_database()):
        with Store.open(where) as store:
            history(store)
            experiments.plan(store, wish(), START)
            run(store, 8, effect=0.5)
            found.append(experiments.result(store, "sign", START + timedelta(days=10)))
    assert found[0] == found[1]
    assert found[0].n_outcome == 8


def test_requests_at_the_same_time_get_places_of_their_own(tmp_path, new_database):
    for where in (tmp_path / "store.sqlite", new_database()):
        with Store.open(where) as store:
            history(store)
            experiments.plan(store, wish(per_variant=50), START)

        def draw(number: int, where: object = where) -> int:
            with Store.open(where) as store:
                return experiments.assign(store, "sign", START, key=f"k{number % 10}")[0].number

        with ThreadPoolExecutor(4) as pool:
            numbers = list(pool.map(draw, range(20)))
        assert sorted(numbers) == sorted([*range(1, 11)] * 2)
        with Store.open(where) as store:
            kept = Experiments(store)
            assert len(kept.assignments(kept.named("sign").key)) == 10
