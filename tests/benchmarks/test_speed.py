"""Speed as ratios measured in one run: `make bench` prints them. Nothing here fails for being slow."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from otklik.curves import Curve
from otklik.dataset.importing import import_tables
from otklik.records import Draft, DraftAuthor, PastPost
from otklik.store import Store

pytestmark = pytest.mark.benchmark
AGES_H = (1.0, 2.0, 3.0, 6.0, 12.0, 18.0, 24.0, 48.0)
ROOT = Path(__file__).parents[2]


def median_s(work: Callable[[], object], times: int = 5) -> float:
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return float(np.median(spent))


def test_curve_features_of_ten_million_snapshots(capsys):
    pl = pytest.importorskip("polars")
    n_posts, n_looks = 100_000, 100
    rng = np.random.default_rng(0)
    row = np.repeat(np.arange(n_posts), n_looks)
    # Whole seconds: polars and pandas join on integers, and all sides must ask the same question.
    age_s = np.sort(rng.integers(0, 72 * 3600, (n_posts, n_looks)), axis=1) + np.arange(n_looks)
    views = np.sort(rng.integers(0, 10**6, (n_posts, n_looks)), axis=1).ravel().astype(np.float64)
    age_s = age_s.ravel()
    began = time.perf_counter()
    curve = Curve.of(row, age_s / 3600, views, n_posts, presorted=True)
    _ = curve.key, curve.start
    prepared = time.perf_counter() - began
    rows = np.repeat(np.arange(n_posts), len(AGES_H))
    ages = np.tile(AGES_H, n_posts)

    def ours() -> np.ndarray:
        return curve.interpolate(rows, ages)

    looks = pl.DataFrame({"row": row, "age": age_s, "views": views, "seen": age_s})
    asked = pl.DataFrame({"row": rows, "age": (ages * 3600).astype(np.int64)})
    # As its manual asks: both sides sorted by the key of the join; and, unasked, sorted by post and age like ours.
    by_age, asked_by_age = looks.sort("age"), asked.sort("age")
    frame, questions = by_age.to_pandas(), asked_by_age.to_pandas()

    def interpolated(back: Any, ahead: Any, a: np.ndarray) -> np.ndarray:
        (v0, a0), (v1, a1) = ((side["views"].to_numpy(), side["seen"].to_numpy()) for side in (back, ahead))
        share = np.divide(a - a0, a1 - a0, out=np.zeros(len(a)), where=a1 > a0)
        return np.expm1(np.log1p(v0) + share * (np.log1p(v1) - np.log1p(v0)))

    def polars(questions: Any, looks: Any) -> np.ndarray:
        sides = [
            questions.join_asof(looks, on="age", by="row", strategy=side, check_sortedness=False)
            for side in ("backward", "forward")
        ]
        return interpolated(*sides, questions["age"].to_numpy())

    def pandas() -> np.ndarray:
        sides = [
            pd.merge_asof(questions, frame, on="age", by="row", direction=side) for side in ("backward", "forward")
        ]
        return interpolated(*sides, questions["age"].to_numpy())

    rivals = {
        "polars join_asof, sorted by age": (lambda: polars(asked_by_age, by_age), asked_by_age),
        "polars join_asof, sorted as ours": (lambda: polars(asked, looks), asked),
        "pandas merge_asof": (pandas, asked_by_age),
    }
    wanted = ours()[np.lexsort((rows, (ages * 3600).astype(np.int64)))]
    spent = {"otklik": median_s(ours)}
    for name, (work, order) in rivals.items():
        same = np.lexsort((order["row"].to_numpy(), order["age"].to_numpy()))
        np.testing.assert_allclose(work()[same], wanted, rtol=1e-6, atol=1e-6)
        spent[name] = median_s(work, 3)
    with capsys.disabled():
        print(f"\ncounters of {n_posts:,} posts at {len(AGES_H)} ages from {len(row):,} sorted snapshots (all agree)")
        for name, seconds in spent.items():
            print(f"  {name:33} {seconds:6.2f} s   x{seconds / spent['otklik']:.1f}")
        print(f"  the keys of otklik, made once for every question: {prepared:.2f} s")


def test_import_rate(tmp_path, capsys):
    n, n_posts = 1_000_000, 10_000
    published = pd.Timestamp("2026-01-01T00:00Z")
    ids = np.array([f"p{i:06d}" for i in range(n_posts)])
    posts = pd.DataFrame(
        {"platform": "vk", "post_id": ids, "author_id": "a", "kind": "post", "published_at": published, "title": "t"}
    )
    look = np.arange(n)
    snapshots = pd.DataFrame(
        {
            "platform": "vk",
            "post_id": ids[look // (n // n_posts)],
            "observed_at": published + pd.to_timedelta(look % (n // n_posts), unit="h"),
            "views": look,
            "likes": look // 20,
        }
    )
    posts.to_parquet(tmp_path / "posts.parquet")
    snapshots.to_parquet(tmp_path / "snapshots.parquet")
    rows = list(zip(look // 100, look % 100, look, look // 20, strict=True))

    def bare() -> None:
        raw = sqlite3.connect(tmp_path / f"bare{time.monotonic_ns()}.sqlite")
        raw.execute("pragma journal_mode=wal")
        raw.execute("create table s (p integer, at integer, v integer, l integer, primary key (p, at)) without rowid")
        raw.executemany("insert into s values (?, ?, ?, ?)", [tuple(map(int, row)) for row in rows])
        raw.commit()
        raw.close()

    floor = median_s(bare, 1)
    with Store.open(tmp_path / "store.sqlite") as store:
        began = time.perf_counter()
        import_tables([tmp_path], store)
        first = time.perf_counter() - began
        began = time.perf_counter()
        import_tables([tmp_path], store)
        again = time.perf_counter() - began
        began = time.perf_counter()
        read = len(store.snapshots(as_of=datetime(2100, 1, 1, tzinfo=UTC)))
        reading = time.perf_counter() - began
    assert read == n
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with capsys.disabled():
        print(f"\nimport of {n:,} snapshots: {first:.1f} s, {n / first:,.0f} rows/s; again (all there): {again:.1f} s")
        print(f"  bare executemany of the same rows: {floor:.1f} s; import takes x{first / floor:.1f} of it")
        print(f"  reading them back as a frame: {reading:.1f} s; peak memory of this process {peak:,.0f} MB")


def test_a_warm_score_of_one_draft(capsys):
    from otklik.models.card import load
    from otklik.scoring import DRAFT_ID, Given, draft_frames, forecast_one

    at = datetime(2026, 12, 4, 16, tzinfo=UTC)
    past = tuple(PastPost(at - timedelta(days=20 - i), 3000 + 100 * i, 150) for i in range(14))
    draft = Draft("Казань 2100", at, author=DraftAuthor(history=past, followers=18_000))
    model = load(ROOT / "models" / "starter")
    posts, looks = draft_frames(draft)
    spent = []
    for _ in range(150):
        began = time.perf_counter()
        forecast_one(model, posts, looks, ("youtube", DRAFT_ID), at, zone="Europe/Moscow", given=Given())
        spent.append(time.perf_counter() - began)
    with capsys.disabled():
        middle, late = np.median(spent) * 1000, np.quantile(spent, 0.99) * 1000
        print(f"\nwarm score of one draft: median {middle:.0f} ms, p99 {late:.0f} ms")


def test_help_against_an_empty_python(capsys):
    def run(*command: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *command], capture_output=True, check=True)

    empty, told = median_s(run("-c", "pass"), 9), median_s(run("-m", "otklik", "--help"), 9)
    with capsys.disabled():
        print(f"\notklik --help: {told * 1000:.0f} ms, x{told / empty:.1f} of `python -c pass` ({empty * 1000:.0f} ms)")
