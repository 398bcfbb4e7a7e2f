"""A forecast and an evaluation to be shown, with somebody else's words wherever they can stand."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd

from otklik.evaluate import Evaluation
from otklik.models.forecast import Baseline, Chances, Contribution, Forecast, Note, Precedent, Quantity

AT = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


def forecast_of(text: str = "Казань") -> Forecast:
    precedent = Precedent("-1_1", text, AT, "javascript:alert(1)", 1200.0, 1.2, 0.8)
    return Forecast(
        subject=text,
        made_at=AT,
        platform="vk",
        kind="clip",
        published_at=AT,
        prediction_age_h=0.0,
        horizon_h=24.0,
        views=Quantity(500.0, 1500.0, 6000.0),
        reactions=Quantity(5.0, 15.0, 60.0),
        multiple=Quantity(0.5, 1.5, 6.0),
        baseline=Baseline(1000.0, "author", 12, 800.0, 2000.0),
        naive_views=1000.0,
        naive_reactions=10.0,
        seen_views=None,
        contributions=(Contribution("author", 0.3), Contribution("calendar", -0.1), Contribution("sign", 0.001)),
        start_log=7.1,
        notes=(Note("It is not known over how many posts the usual is a median: look at the interval."),),
        model=text,
        model_trained_until=AT,
        calibrated=True,
        n_calibration=120,
        chances=Chances(0.6, 0.15, 5000.0),
        shares=Quantity(1.0, 2.0, 5.0),
        naive_shares=2.0,
        precedents=(precedent,),
    )


def evaluation_of(text: str = "cohort") -> Evaluation:
    ratio = {"baseline": "author_median", "ratio": 0.9, "lo": 0.8, "hi": 1.0}
    figures = dict.fromkeys(("within_x2", "spearman", "pair_accuracy", "coverage_80", "width_80"), 0.5)
    row = {"task": "draft", "prediction_age_h": 0, "stratum": "all", "model": "otklik", "n": 90, "n_authors": 9}
    errors = {"log_mae": 0.7, "log_mae_lo": 0.6, "log_mae_hi": 0.8, "vs_best_baseline": ratio}
    rows = [
        {**row, **errors, **figures},
        {**row, **errors, **figures, "model": "author_median", "width_80": float("nan")},
        {**row, **errors, **figures, "stratum": "known_authors", "pair_accuracy": None},
    ]
    return Evaluation(text, "views_24h", tuple(rows), pd.DataFrame({"rule": ["all"], "n_posts": [90]}))
