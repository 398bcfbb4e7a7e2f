"""General learners: on the raw columns they learn the outcome, on our features what our own trees learn.

All boost trees of like number, size and pace as ours (FLAML chooses for itself). The robust loss of each is the one
that did better on yt_shorts_6h and yt_news_6h, on raw columns and on our features apart: a choice in their favour.
On our features they get our target (lift, growth) and our weights of labels too: only the learner differs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.accuracy.examples import Examples
from benchmarks.accuracy.rival import Rival, Said, Settings
from otklik.features import Table
from otklik.models.base import Floats, growth, is_live, lift
from otklik.models.boosted import MANY_POSTS, label_weight

Fit = Callable[[pd.DataFrame, Floats, Floats, Settings], Any]
"""Fits something with ``predict``."""
RATE = 0.03
LEAVES, DEPTH = 15, 5
HUBER = 0.7


def rounds(n_posts: int) -> int:
    """Trees at a pace of 0.03: as many as ours."""
    return 500 if n_posts >= MANY_POSTS else 300


def lightgbm(X: pd.DataFrame, y: Floats, weight: Floats, told: Settings, **changed: Any) -> Any:
    from lightgbm import LGBMRegressor

    options: dict[str, Any] = {
        "objective": "huber",
        "alpha": HUBER,
        "n_estimators": rounds(len(X)),
        "learning_rate": RATE,
        "num_leaves": LEAVES,
        "min_child_samples": 30,
        "colsample_bytree": 0.5,
        "subsample": 0.8,
        "subsample_freq": 1,
        "reg_lambda": 5.0,
        "n_jobs": told.threads,
        "random_state": told.seed,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }
    return LGBMRegressor(**{**options, **changed}).fit(X, y, sample_weight=weight)


def catboost(X: pd.DataFrame, y: Floats, weight: Floats, told: Settings, loss: str = f"Huber:delta={HUBER}") -> Any:
    from catboost import CatBoostRegressor

    return CatBoostRegressor(
        loss_function=loss,
        iterations=2 * rounds(len(X)),
        learning_rate=RATE,
        depth=DEPTH + 1,
        rsm=0.5,
        l2_leaf_reg=5.0,
        thread_count=told.threads,
        random_seed=told.seed,
        allow_writing_files=False,
        verbose=False,
    ).fit(X, y, sample_weight=weight)


def xgboost(X: pd.DataFrame, y: Floats, weight: Floats, told: Settings, loss: str = "reg:absoluteerror") -> Any:
    from xgboost import XGBRegressor

    return XGBRegressor(
        objective=loss,
        **({"huber_slope": HUBER, "base_score": 0.0} if "huber" in loss else {}),
        n_estimators=rounds(len(X)),
        learning_rate=RATE,
        max_depth=DEPTH,
        min_child_weight=3,
        colsample_bytree=0.5,
        subsample=0.8,
        reg_lambda=5.0,
        tree_method="hist",
        n_jobs=told.threads,
        random_state=told.seed,
    ).fit(X, y, sample_weight=weight)


def hist_gradient(X: pd.DataFrame, y: Floats, weight: Floats, told: Settings) -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor(
        loss="absolute_error",
        max_iter=rounds(len(X)),
        learning_rate=0.05,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=30,
        max_features=0.5,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=told.seed,
    ).fit(X, y, sample_weight=weight)


def ebm(X: pd.DataFrame, y: Floats, weight: Floats, told: Settings) -> Any:
    from interpret.glassbox import ExplainableBoostingRegressor

    return ExplainableBoostingRegressor(
        interactions=5, outer_bags=2, max_rounds=1000, n_jobs=told.threads, random_state=told.seed
    ).fit(X, y, sample_weight=weight)


def flaml(X: pd.DataFrame, y: Floats, weight: Floats, told: Settings) -> Any:
    """FLAML searches on the first fold for the given seconds; on later folds what it found learns anew."""
    from flaml import AutoML

    common: dict[str, Any] = {
        "task": "regression",
        "metric": "mae",
        "seed": told.seed,
        "n_jobs": told.threads,
        "verbose": 0,
        "split_type": "time",
    }
    found, model = told.memory.get("flaml"), AutoML()
    if found is None:
        model.fit(X, y, time_budget=told.flaml_s, **common)
        told.memory["flaml"] = (model.best_estimator, model.best_config)
        return model
    name, config = found
    model.fit(X, y, estimator_list=[name], starting_points={name: config}, max_iter=1, time_budget=-1, **common)
    return model


def on_raw(fit: Fit) -> Callable[[Examples, Settings], Said]:
    """Learn the outcome from the raw columns, rows in the order of time."""

    def learn(known: Examples, told: Settings) -> Said:
        known = known.at(np.argsort(known.meta("cutoff_us"), kind="stable"))
        columns = [name for name in known.raw if known.raw[name].nunique(dropna=True) > 1]
        # Some robust losses start from nought and take long to come to where the outcomes are.
        centre = float(np.median(known.y))
        model = fit(known.raw[columns], known.y - centre, np.ones(len(known)), told)
        return lambda asked: centre + np.asarray(model.predict(asked.raw[columns]), np.float64)

    return learn


def on_ours(fit: Fit) -> Callable[[Examples, Settings], Said]:
    """Learn growth (live) or lift (drafts) from our features, with our weights."""

    def learn(known: Examples, told: Settings) -> Said:
        target = (growth if told.live else lift)(known.table)
        known, target = known.at(np.isfinite(target)), target[np.isfinite(target)]
        X, overall = told.inputs(known.table), float(np.median(known.y))
        columns = [name for name in X if X[name].nunique(dropna=True) > 1]
        centre = float(np.median(target))
        model = fit(X[columns], target - centre, label_weight(known.table), told)

        def said(asked: Examples) -> Floats:
            grown = np.asarray(model.predict(told.inputs(asked.table)[columns]), np.float64)
            return start(asked.table, overall) + centre + grown

        return said

    return learn


def start(table: Table, overall: float) -> Floats:
    """What lift and growth are counted from."""
    base = table.meta["baseline_log"].to_numpy()
    said = np.where(np.isfinite(base), base, overall)
    return np.where(is_live(table), np.log1p(table.meta["size"].to_numpy()), said)


LEARNERS = (
    Rival("lightgbm", on_raw(partial(lightgbm, objective="regression_l1")), "raw"),
    Rival("catboost", on_raw(partial(catboost, loss="MAE")), "raw", "catboost"),
    Rival("xgboost", on_raw(partial(xgboost, loss="reg:pseudohubererror")), "raw", "xgboost"),
    Rival("hist_gradient", on_raw(hist_gradient), "raw"),
    Rival("ebm", on_raw(ebm), "raw", "interpret"),
    Rival("flaml", on_raw(flaml), "raw", "flaml"),
    Rival("catboost_ours", on_ours(catboost), "ours", "catboost"),
    Rival("xgboost_ours", on_ours(xgboost), "ours", "xgboost"),
    Rival("hist_gradient_ours", on_ours(hist_gradient), "ours"),
)
