"""Training on a million simulated rows of sixty features: seconds and peak memory beside CatBoost and XGBoost.

Each learner runs in a process of its own, so that its peak (``VmHWM``, which a child does not inherit) is its own;
what it held before training, the rows above all, stands beside it. Same rounds, leaves, pace and loss.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from otklik.models.base import Floats
from otklik.models.trees import COMMON, LOSSES, MANY

LEARNERS = ("lightgbm", "catboost", "catboost_lossguide", "xgboost")
"""CatBoost twice: as it grows by default (balanced trees), and leaf by leaf like the others."""


def simulated(n_rows: int, n_features: int, seed: int = 0) -> tuple[pd.DataFrame, Floats]:
    """Features with gaps, and a growth that some of them make; nothing of it is real."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n_rows, n_features), dtype=np.float32)
    y = X[:, 0] + np.abs(X[:, 1]) * (X[:, 2] > 0) + 0.5 * np.sin(3 * X[:, 3]) + 0.5 * rng.standard_normal(n_rows)
    X[rng.random(X.shape, dtype=np.float32) < 0.05] = np.nan
    return pd.DataFrame(X, columns=[f"group__feature_{i}" for i in range(n_features)]), y.astype(np.float64)


def lightgbm(X: pd.DataFrame, y: Floats, rounds: int, threads: int) -> Callable[[pd.DataFrame], Any]:
    import lightgbm as lgb

    params = {**COMMON, **LOSSES["huber"], **MANY, "num_threads": threads}
    return lgb.train(params, lgb.Dataset(X, y, free_raw_data=True), num_boost_round=rounds).predict


def catboost(X: pd.DataFrame, y: Floats, rounds: int, threads: int, **changed: Any) -> Callable[[pd.DataFrame], Any]:
    from catboost import CatBoostRegressor

    return (
        CatBoostRegressor(
            loss_function=f"Huber:delta={LOSSES['huber']['alpha']}",
            iterations=rounds,
            learning_rate=COMMON["learning_rate"],
            rsm=COMMON["feature_fraction"],
            l2_leaf_reg=COMMON["lambda_l2"],
            **({"depth": int(np.log2(MANY["num_leaves"] + 1))} | changed),
            thread_count=threads,
            random_seed=7,
            allow_writing_files=False,
            verbose=False,
        )
        .fit(X, y)
        .predict
    )


def catboost_lossguide(X: pd.DataFrame, y: Floats, rounds: int, threads: int) -> Callable[[pd.DataFrame], Any]:
    grow = {"grow_policy": "Lossguide", "max_leaves": MANY["num_leaves"], "depth": 16}
    return catboost(X, y, rounds, threads, **grow)


def xgboost(X: pd.DataFrame, y: Floats, rounds: int, threads: int) -> Callable[[pd.DataFrame], Any]:
    from xgboost import XGBRegressor

    return (
        XGBRegressor(
            objective="reg:pseudohubererror",
            huber_slope=LOSSES["huber"]["alpha"],
            base_score=float(np.median(y)),
            n_estimators=rounds,
            learning_rate=COMMON["learning_rate"],
            grow_policy="lossguide",
            max_leaves=MANY["num_leaves"],
            max_depth=0,
            colsample_bytree=COMMON["feature_fraction"],
            subsample=COMMON["bagging_fraction"],
            reg_lambda=COMMON["lambda_l2"],
            tree_method="hist",
            n_jobs=threads,
            random_state=7,
        )
        .fit(X, y)
        .predict
    )


def held_mb(line: str) -> float:
    """Memory of this process in MB (Linux): ``VmHWM`` for the most it has held, ``VmRSS`` for what it holds now."""
    return int(Path("/proc/self/status").read_text("utf-8").partition(f"{line}:")[2].split()[0]) / 1024


def forget_peak() -> None:
    """Let the peak start anew from what is held now: making the rows took more than having them."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def measure(name: str, n_rows: int, n_features: int, rounds: int, threads: int) -> dict[str, Any]:
    """One learner in this process."""
    learn = {"lightgbm": lightgbm, "catboost": catboost, "catboost_lossguide": catboost_lossguide, "xgboost": xgboost}
    X, y = simulated(n_rows, n_features)
    test, truth = simulated(20_000, n_features, seed=1)
    forget_peak()
    before, began = held_mb("VmRSS"), time.perf_counter()
    predict = learn[name](X, y, rounds, threads)
    fit_s, peak = time.perf_counter() - began, held_mb("VmHWM")
    error = float(np.mean(np.abs(np.asarray(predict(test)) - truth)))
    return {"model": name, "fit_s": fit_s, "before_mb": before, "peak_mb": peak, "mae": error}


def in_child(name: str, n_rows: int, n_features: int, rounds: int, threads: int) -> dict[str, Any]:
    """One learner in a process of its own; ``error`` says why there is no figure."""
    if importlib.util.find_spec(name.partition("_")[0]) is None:
        return {"model": name, "error": "not installed"}
    told = [name, *map(str, (n_rows, n_features, rounds, threads))]
    # OMP_NUM_THREADS of the caller would hold LightGBM and XGBoost to fewer threads than CatBoost.
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    command = [sys.executable, "-m", "benchmarks.accuracy.million", *told]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        return {"model": name, "error": (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]}
    return json.loads(done.stdout.splitlines()[-1])


def report(n_rows: int, n_features: int, rounds: int, threads: int) -> Iterator[str]:
    """Every line of the report, learner by learner as each is done."""
    yield f"== {n_rows:,} simulated rows x {n_features} features, {rounds} rounds, {threads} threads (VmHWM of a child)"
    yield f"  {'learner':20} {'train s':>8} {'ratio':>6} {'peak MB':>8} {'before MB':>10} {'MAE':>6}"
    first: dict[str, Any] = {}
    for name in LEARNERS:
        row = in_child(name, n_rows, n_features, rounds, threads)
        first = first or row
        if "error" in row:
            yield f"  {name:20} {row['error']}"
            continue
        ratio = f"x{row['fit_s'] / first['fit_s']:.2f}" if "fit_s" in first else ""
        memory = f"{row['peak_mb']:8.0f} {row['before_mb']:10.0f}"
        yield f"  {name:20} {row['fit_s']:8.1f} {ratio:>6} {memory} {row['mae']:6.3f}"


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], *map(int, sys.argv[2:]))))
