"""The log of forecasts is kept whole, once, and apart from what became of them, on both databases."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from otklik.errors import OtklikError
from otklik.store import ForecastLink, Forecasts, Logged, Store, migrations

NOW = datetime(2026, 3, 1, 12, 0, 0, 250, tzinfo=UTC)
TOLD = Logged(
    subject="draft:0011223344556677",
    platform="vk",
    kind="clip",
    author_id="-1",
    post_id=None,
    title="Казань 2100 🌙",
    model="mine",
    checksum="ab" * 32,
    made_at=NOW,
    published_at=NOW + timedelta(hours=7),
    cutoff_at=NOW + timedelta(hours=7),
    horizon_h=24.0,
    views=(100.5, 1000.0, 7e9),
    curve=tuple(float(100 * n) for n in range(19)),
    reactions=(1.0, 20.0, 50.0),
    baseline=900.0,
    baseline_source="author",
    baseline_n=14,
    naive_views=900.0,
    naive_reactions=30.5,
    beats_usual=0.55,
    hit=0.1,
    hit_views=4000.0,
    calibrated=True,
)
LIVE = replace(
    TOLD, subject="vk:5", post_id="5", author_id=None, title=None, horizon_h=None, curve=(), reactions=None,
    baseline_n=None, naive_reactions=None, beats_usual=None, hit=None, hit_views=None, calibrated=False,
    published_at=NOW - timedelta(hours=3), cutoff_at=NOW,
)  # fmt: skip


def test_a_forecast_comes_back_as_it_was_told(store):
    kept = Forecasts(store)
    first, second = kept.add(TOLD), kept.add(LIVE)
    assert (first[1], second[1]) == (True, True)
    assert kept.all() == [replace(TOLD, key=first[0]), replace(LIVE, key=second[0])]
    assert kept.get(second[0]) == replace(LIVE, key=second[0])
    assert kept.get(99) is None
    assert (TOLD.age_h, LIVE.age_h) == (None, pytest.approx(3.0))


def test_the_same_subject_model_and_hour_is_one_forecast_and_the_first_stays(store):
    kept = Forecasts(store)
    key, _ = kept.add(TOLD)
    later = replace(TOLD, cutoff_at=TOLD.cutoff_at + timedelta(minutes=59), views=(1.0, 2.0, 3.0), made_at=NOW)
    assert kept.add(later) == (key, False)
    others = (
        replace(TOLD, cutoff_at=TOLD.cutoff_at + timedelta(hours=1)),
        replace(TOLD, checksum="cd" * 32),
        replace(TOLD, subject="draft:other"),
    )
    assert [kept.add(one)[1] for one in others] == [True, True, True]
    assert kept.get(key).views == TOLD.views
    assert len(kept.all()) == 4


def test_two_processes_that_remember_the_same_get_the_same_number(store):
    found: list[tuple[int, bool]] = []

    def remember() -> None:
        # A connection of its own: the address of the fixture hides no password.
        with Store.open(store.url.removeprefix("sqlite:///")) as mine:
            found.append(Forecasts(mine).add(TOLD))

    threads = [threading.Thread(target=remember) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len({key for key, _ in found}) == 1
    assert sorted(is_new for _, is_new in found) == [False, False, False, True]
    assert len(Forecasts(store).all()) == 1


def test_the_last_link_of_a_forecast_is_in_force(store):
    kept = Forecasts(store)
    key, _ = kept.add(TOLD)
    other, _ = kept.add(replace(TOLD, subject="draft:b"))
    assert kept.links() == {}
    log = [
        ForecastLink(key, "vk", "-1_5", "title", NOW),
        ForecastLink(other, "vk", "-1_5", "title", NOW),
        ForecastLink(key, None, None, "hand", NOW + timedelta(hours=1)),
    ]
    kept.link(log)
    assert kept.links() == {key: log[2], other: log[1]}
    assert (log[1].post, log[2].post) == (("vk", "-1_5"), None)


def test_a_link_of_no_forecast_is_refused_and_nothing_of_its_batch_lands(store):
    kept = Forecasts(store)
    key, _ = kept.add(TOLD)
    with pytest.raises(OtklikError):
        kept.link([ForecastLink(key, "vk", "1", "hand", NOW), ForecastLink(key + 1, "vk", "1", "hand", NOW)])
    assert kept.links() == {}


def test_the_last_look_is_that_of_any_post(store, many):
    assert Forecasts(store).last_look() is None
    many(store, 2)
    looks = {"platform": "vk", "post_id": ["0", "1"], "views": [1, 2]}
    at = [pd.Timestamp("2026-03-01T12:00Z"), pd.Timestamp("2026-03-02T12:00Z")]
    store.write_snapshots(pd.DataFrame({**looks, "observed_at": at}))
    assert Forecasts(store).last_look() == datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_store_from_before_the_forecasts_gets_their_tables(tmp_path: Path, monkeypatch):
    file = tmp_path / "store.sqlite"
    with monkeypatch.context() as before:
        before.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:5])
        Store.open(file).close()
    raw = sqlite3.connect(file)
    assert raw.execute("select count(*) from sqlite_master where name like 'forecast%'").fetchone() == (0,)
    raw.close()
    with Store.open(file) as store:
        assert Forecasts(store).add(TOLD)[1]
