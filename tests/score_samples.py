"""Forecasts written by hand, for tests of what is made of them: one plain, one with everything a forecast can hold."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from otklik.models.base import LEVELS
from otklik.models.forecast import (
    Baseline,
    Chances,
    Contribution,
    FeatureEffect,
    Forecast,
    Note,
    Precedent,
    Quantity,
)

AT = datetime(2026, 12, 4, 16, tzinfo=UTC)


def forecast(**changes: object) -> Forecast:
    plain = Forecast(
        subject="Казань 2100",
        made_at=AT,
        platform="youtube",
        kind="short",
        published_at=AT,
        prediction_age_h=0.0,
        horizon_h=24.0,
        views=Quantity(1350.0, 3730.0, 14900.0),
        reactions=Quantity(84.0, 190.0, 483.0),
        multiple=Quantity(0.34, 0.93, 3.7),
        baseline=Baseline(4000.0, "author", 14, 2600.0, 6100.0),
        naive_views=4000.0,
        naive_reactions=225.0,
        seen_views=None,
        contributions=(Contribution("author", 0.19), Contribution("place", -0.11), Contribution("text", 0.001)),
        start_log=math.log(3500.0),
        notes=(Note("The model has seen no {kind} on {platform}.", {"kind": "short", "platform": "vk"}),),
        model="starter",
        model_trained_until=datetime(2026, 8, 21, tzinfo=UTC),
        calibrated=True,
        n_calibration=500,
    )
    return replace(plain, **changes)


def rich() -> Forecast:
    curve = np.exp(np.interp(LEVELS, [0.05, 0.5, 0.95], np.log([900.0, 3730.0, 20000.0])))
    return forecast(
        curve=tuple(map(float, curve)),
        chances=Chances(0.47, 0.999, 11_500.0),
        shares=Quantity(8.0, 21.0, 77.0),
        naive_shares=25.0,
        features=(FeatureEffect("author__last3_lift", 0.15, 0.42, 0.0), FeatureEffect("text__x", -0.01, None, 3.0)),
        precedents=(
            Precedent("a", "Кул-Шариф", AT, "https://vk.com/clip-1_2", 9120.0, 2.3, 0.91),
            Precedent("b", "Шәһәребез: өмет, җыр, таң", AT, "javascript:alert(1)", 100.0, None, 0.5),
        ),
    )
