"""The first three rungs: the raw difference, with controls, and inside authors with week and hour of the week fixed.

Reach is a linear model of log views; sharing is a Poisson model of shares with log views as offset. Shares vary far
more than Poisson counts do, so posts are weighted by ``1 / (1 + a mu)``, ``mu`` being the shares that a first fit
expects and ``a`` their excess variance over ``mu^2``: otherwise a handful of posts with thousands of shares would
decide alone, and the intervals would be too narrow (the simulation shows it). Each model is
reduced to one exposure and one working outcome with everything else taken out (Frisch, Waugh and Lovell; for Poisson
at its solution, where the weights are the fitted shares), so that all rungs share one way to an interval.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from otklik.errors import ConfigurationError, DataError
from otklik.evidence.exposure import Floats
from otklik.evidence.panel import Panel
from otklik.evidence.slope import Slope, slope

LEFT = 1e-8
"""An exposure of which a smaller share of its variance is left is a sum of what is held fixed."""
TOLERANCE = 1e-9
MOST_LEVERAGE = 0.8
MOST_STEPS = 100
SETTLED = 1e-12
"""A Poisson model has settled when a step moves its loss by less than this share of it."""
MOST_LOG = 40.0


@dataclass(frozen=True, eq=False)
class Partialled:
    """What is left of a model when all but the exposure is taken out, shape ``(n,)`` each."""

    x: Floats
    y: Floats
    """The working outcome on the log scale, exposure still in it."""
    weight: Floats
    controls: Floats
    """Controls with the fixed effects taken out, shape ``(n, k)``."""
    working: Floats
    """The working outcome with everything still in it."""
    leverage: Floats
    """How far weeks, hours and controls bend to each post, 0..1."""


def pyfixest() -> Any:
    """The library behind the fixed effects.

    Raises:
        ConfigurationError: when it is not installed.
    """
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pyfixest as library
            import pyfixest.estimation
    except ImportError as error:
        raise ConfigurationError(
            'putting claims on trial needs {package}: pip install "otklik[evidence]"', package="pyfixest"
        ) from error
    finally:
        # Its import turns on the log of every library of the process.
        root.handlers[:] = handlers
        root.setLevel(level)
    return library


def raw(panel: Panel) -> Slope:
    """The difference between exposed and other posts with nothing held fixed."""
    return _plain(panel, np.zeros((len(panel), 0)))


def with_controls(panel: Panel) -> Slope:
    """The same with the controls and followers, and nothing of the author's own level."""
    gaps = ~np.isfinite(panel.followers)
    extra = np.zeros((len(panel), 0))
    if not gaps.all():
        centred = np.where(gaps, 0.0, panel.followers - panel.followers[~gaps].mean())
        extra = np.stack([centred, gaps.astype(float)], axis=1)[:, : 2 if gaps.any() else 1]
    return _plain(panel, np.concatenate([panel.controls, extra], axis=1))


def within(panel: Panel, name: str) -> tuple[Slope, Partialled]:
    """Inside authors (by kind and counting rule), with week, hour of the week and controls held fixed.

    Args:
        panel: one claim on its posts.
        name: of the claim, for the error.

    Raises:
        DataError: when the exposure is a sum of what is held fixed, or the model does not settle.
    """
    even = np.ones(len(panel))
    taken = residuals(np.column_stack([panel.x, panel.controls]), panel, even)
    left = without(taken[:, 0], taken[:, 1:], even)
    if (left**2).sum() < LEFT * ((panel.x - panel.x.mean()) ** 2).sum():
        raise DataError(
            "claim {claim}: the exposure is collinear with its controls, author, week and hour; name fewer controls",
            claim=name,
        )
    found = partialled(panel, exposed=True)
    return slope(found.x, found.y, found.weight, panel.author, found.leverage), found


def partialled(panel: Panel, *, exposed: bool) -> Partialled:
    """The model with (``exposed``) or without the exposure, everything else taken out."""
    weight, working = np.ones(len(panel)), panel.y
    if panel.is_count:
        columns = np.column_stack([panel.x, panel.controls]) if exposed else panel.controls
        fitted, weight = _poisson(panel, columns, effects=True)
        working = _working(panel, fitted)
    taken = residuals(np.column_stack([panel.x, working, panel.controls]), panel, weight)
    controls = taken[:, 2:]
    x, y = (without(taken[:, i], controls, weight) for i in (0, 1))
    return Partialled(x, y, weight, controls, working, _leverage(panel, controls, weight))


def _leverage(panel: Panel, controls: Floats, weight: Floats) -> Floats:
    """The leverage of each post in what crosses authors: its share of its week, its hour, and the controls."""
    levels = (np.unique(one, return_inverse=True)[1] for one in (panel.week, panel.hour))
    found = sum((weight / np.bincount(level, weight)[level] for level in levels), np.zeros(len(panel)))
    if controls.shape[1]:
        left = np.linalg.qr(controls * np.sqrt(weight)[:, None])[0]
        found = found + (left**2).sum(axis=1)
    return np.asarray(np.minimum(found, MOST_LEVERAGE))


def _working(panel: Panel, fitted: Floats) -> Floats:
    """The log rate as the last step of the Poisson model sees it: regressing it gives the model's coefficients."""
    return np.asarray(np.log(fitted) - panel.offset + panel.y / fitted - 1)


def residuals(columns: Floats, panel: Panel, weight: Floats) -> Floats:
    """Columns with unit, week and hour of the week taken out, shape ``(n, k)``."""
    levels = np.stack([np.unique(one, return_inverse=True)[1] for one in panel.effects.T], axis=1).astype(np.uint64)
    taken, _ = pyfixest().estimation.demean(columns, levels, weight, tol=TOLERANCE)
    return np.asarray(taken)


def without(y: Floats, controls: Floats, weight: Floats) -> Floats:
    """What linear controls leave of a column, weighted."""
    if not controls.shape[1]:
        return y
    root = np.sqrt(weight)
    b = np.linalg.lstsq(controls * root[:, None], y * root, rcond=1e-10)[0]
    return np.asarray(y - controls @ b)


def _plain(panel: Panel, controls: Floats) -> Slope:
    """A rung without fixed effects."""
    constant = np.column_stack([np.ones(len(panel)), controls])
    if not panel.is_count:
        even = np.ones(len(panel))
        return slope(without(panel.x, constant, even), without(panel.y, constant, even), even, panel.author)
    fitted, weight = _poisson(panel, np.column_stack([panel.x, controls]), effects=False)
    x, y = (without(one, constant, weight) for one in (panel.x, _working(panel, fitted)))
    return slope(x, y, weight, panel.author)


def excess(y: Floats, fitted: Floats) -> float:
    """By how much counts vary beyond Poisson: ``a`` of the variance ``mu + a mu^2``, from the moments, 0 or more.

    >>> excess(np.array([2.0, 2.0]), np.array([2.0, 2.0]))
    0.0
    """
    share = 1 / (1 + fitted) ** 2
    found = float((share * ((y - fitted) ** 2 - y)).sum() / (share * fitted**2).sum())
    return float(np.clip(found, 0.0, 100.0))


def _poisson(panel: Panel, columns: Floats, *, effects: bool) -> tuple[Floats, Floats]:
    """Shares that a Poisson model of some columns expects, and the weight of each post on the log scale."""
    first = _fitted(panel, columns, np.ones(len(panel)), effects=effects)
    trust = 1 / (1 + excess(panel.y, first) * first)
    fitted = _fitted(panel, columns, trust, effects=effects)
    return fitted, fitted * trust


def _fitted(panel: Panel, columns: Floats, trust: Floats, *, effects: bool) -> Floats:
    """Expected shares by weighted least squares, over and over.

    The same as pyfixest's ``fepois`` (a test holds them together), whose last digits differ from run to run.
    """
    usual = panel.y.sum() / np.exp(panel.offset).sum()
    fitted = np.maximum((panel.y + usual * np.exp(panel.offset)) / 2, TOLERANCE)
    before = np.inf
    for _ in range(MOST_STEPS):
        working = _working(panel, fitted)
        log_rate = working - _unexplained(panel, working, columns, fitted * trust, effects=effects)
        fitted = np.maximum(np.exp(np.minimum(log_rate + panel.offset, MOST_LOG)), TOLERANCE)
        loss = float((trust * (fitted - panel.y * np.log(fitted))).sum())
        if abs(before - loss) < SETTLED * (abs(loss) + 0.1):
            return fitted
        before = loss
    raise DataError("the Poisson model of shares does not settle on {n} posts; name fewer controls", n=len(panel))


def _unexplained(panel: Panel, y: Floats, columns: Floats, weight: Floats, *, effects: bool) -> Floats:
    if not effects:
        return without(y, np.column_stack([np.ones(len(y)), columns]), weight)
    taken = residuals(np.column_stack([y, columns]), panel, weight)
    return without(taken[:, 0], taken[:, 1:], weight)
