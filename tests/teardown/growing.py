"""Curves of growth, clean and with something done to them."""

from __future__ import annotations

import numpy as np

from otklik.simulate import share
from otklik.teardown.series import Series

RATES = {"likes": 0.05, "comments": 0.005, "shares": 0.006}


def ages_of(every_h: float = 0.5, until_h: float = 48.0) -> np.ndarray:
    return np.arange(1, int(until_h / every_h) + 1) * every_h


def counted(rng: np.random.Generator, grown: np.ndarray, ages: np.ndarray, rates: dict[str, float] = RATES) -> Series:
    """Whole counts, by chance around what grows in each step."""
    views = rng.poisson(np.maximum(grown, 0.0))
    counters = {"views": np.cumsum(views).astype(float)}
    for name, rate in rates.items():
        counters[name] = np.cumsum(rng.binomial(views, rate)).astype(float)
    return Series(ages, counters)


def organic(
    rng: np.random.Generator,
    views_24h: float = 20_000,
    half_h: float = 6.0,
    speed: float = 1.3,
    every_h: float = 0.5,
    until_h: float = 48.0,
) -> Series:
    """Log-logistic growth that is left alone."""
    ages = ages_of(every_h, until_h)
    return counted(rng, np.diff(organic_curve(ages, views_24h, half_h, speed), prepend=0.0), ages)


def organic_curve(ages: np.ndarray, views_24h: float, half_h: float, speed: float) -> np.ndarray:
    half, power = np.array(half_h), np.array(speed)
    return views_24h * share(ages, half, power) / share(np.array([24.0]), half, power)


def with_block(series: Series, from_h: float, to_h: float, views: float, likes_rate: float = 0.0) -> Series:
    """The same with views delivered evenly between two ages, with so many likes each."""
    extra = views * np.clip((series.age_h - from_h) / (to_h - from_h), 0, 1)
    counters = {name: values.copy() for name, values in series.counters.items()}
    counters["views"] = np.round(counters["views"] + extra)
    counters["likes"] = np.round(counters["likes"] + extra * likes_rate)
    return Series(series.age_h, counters)
