"""The partially linear rung: what trees can tell of exposure and outcome from the text is taken out first.

Double machine learning (Chernozhukov et al., 2018) on data from which author, week, hour and linear controls are taken
out already: gradient-boosted trees forecast the exposure and the outcome from controls and topics of the text,
each author by trees that never saw that author, and the slope is that of what is left on what is left. Errors are
clustered by author as in the other rungs. DoubleML tells how strong a hidden confounder had to be (robustness value:
the share of what is left of both exposure and outcome that it had to explain to move the slope to 0), and what one as
strong as the topics would do (Chernozhukov, Cinelli, Newey, Sharma and Syrgkanis, 2022).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from otklik.errors import ConfigurationError
from otklik.evidence.exposure import Floats
from otklik.evidence.fixed import Partialled, partialled, residuals
from otklik.evidence.panel import Panel
from otklik.evidence.slope import Slope, slope

FOLDS = 5
ROUNDS = 60
"""Trees a forecast: few and shallow, since linear parts are out already and little is left to learn."""
_TREES = {
    "objective": "regression",
    "learning_rate": 0.08,
    "num_leaves": 8,
    "min_data_in_leaf": 40,
    "max_bin": 63,
    "verbosity": -1,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
}


@dataclass(frozen=True, slots=True)
class DoubleSlope:
    """The slope with trees between, and what could overturn it."""

    slope: Slope
    left: float
    """Share of the exposure's variance inside authors that trees cannot tell from the text, 0..1: near 0 the text is
    the exposure, and nothing is left to compare."""
    robustness: float | None
    """Robustness value, 0..1."""
    like_topics_lo: float | None
    """Lower end (log scale) that a hidden confounder as strong as the topics could move the slope to."""
    like_topics_hi: float | None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            **self.slope.to_dict(),
            "left": self.left,
            "robustness_value": self.robustness,
            "like_topics_lo": self.like_topics_lo,
            "like_topics_hi": self.like_topics_hi,
        }


def doubleml_library() -> Any:
    """The library behind the sensitivity.

    Raises:
        ConfigurationError: when it is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import doubleml as library
    except ImportError as error:
        raise ConfigurationError(
            'putting claims on trial needs {package}: pip install "otklik[evidence]"', package="doubleml"
        ) from error
    return library


def double_ml(panel: Panel, *, seed: int, sensitivity: bool = True) -> DoubleSlope:
    """The rung of one claim.

    Args:
        panel: one claim on its posts.
        seed: of the folds and the trees.
        sensitivity: whether to ask DoubleML for the robustness value and the bounds.

    Raises:
        ConfigurationError: when DoubleML is needed and not installed.
    """
    null = partialled(panel, exposed=False)
    # Trees could put the whole together from its parts, and nothing would be left to compare.
    plain = null.controls[:, panel.n_parts :]
    full = np.column_stack([plain, _topics(panel, null)])
    fold = _folds(panel, seed)
    x_hat, y_hat = (_forecast(one, full, null.weight, fold, seed) for one in (null.x, null.y))
    left_x, left_y = null.x - x_hat, null.y - y_hat
    found = slope(left_x, left_y, null.weight, panel.author, null.leverage)
    left = float((null.weight * left_x**2).sum() / (null.weight * null.x**2).sum())
    if not sensitivity:
        return DoubleSlope(found, left, None, None, None)
    short_x, short_y = (one - _forecast(one, plain, null.weight, fold, seed) for one in (null.x, null.y))
    b = found.log
    cf_d = _gain(null.weight, short_x, left_x)
    cf_y = _gain(null.weight, short_y - b * short_x, left_y - b * left_x)
    return DoubleSlope(found, left, *_sensitivity(null, x_hat, y_hat, fold, cf_d=cf_d, cf_y=cf_y))


def _topics(panel: Panel, null: Partialled) -> Floats:
    """Topics with what is held fixed taken out, gaps at the mean and marked."""
    if not panel.topics.shape[1]:
        return np.zeros((len(panel), 0))
    gaps = np.asarray(~np.isfinite(panel.topics).all(axis=1))
    filled = np.where(gaps[:, None], 0.0, np.nan_to_num(panel.topics))
    return residuals(np.column_stack([filled, gaps.astype(float)]), panel, null.weight)


def _folds(panel: Panel, seed: int) -> np.ndarray:
    """The fold of each row: whole authors, the largest first into the emptiest fold."""
    code = np.unique(panel.author, return_inverse=True)[1]
    size = np.bincount(code)
    order = np.argsort(-(size + np.random.default_rng(seed).random(len(size))), kind="stable")
    filled, of = np.zeros(min(FOLDS, len(size))), np.zeros(len(size), np.int64)
    for author in order:
        of[author] = int(filled.argmin())
        filled[of[author]] += size[author]
    return of[code]


def _forecast(y: Floats, X: Floats, weight: Floats, fold: np.ndarray, seed: int) -> Floats:
    """Each row's value as forecast by trees that saw no post of its author, shape ``(n,)``."""
    import lightgbm

    said = np.zeros(len(y))
    if not X.shape[1]:
        return said
    whole = lightgbm.Dataset(X, y, weight=weight, params=_TREES, free_raw_data=False)
    for one in np.unique(fold):
        taught = np.flatnonzero(fold != one)
        trees = lightgbm.train({**_TREES, "seed": seed}, whole.subset(taught.tolist()), ROUNDS)
        said[fold == one] = np.asarray(trees.predict(X[fold == one], num_threads=1))
    return said


def _gain(weight: Floats, short: Floats, long: Floats) -> float:
    """How much of what is left the topics explain, as a share of what is left with them; never below 0."""
    before, after = float((weight * short**2).sum()), float((weight * long**2).sum())
    return float(np.clip((before - after) / after, 0.0, 0.9)) if after > 0 else 0.0


def _sensitivity(
    null: Partialled, x_hat: Floats, y_hat: Floats, fold: np.ndarray, *, cf_d: float, cf_y: float
) -> tuple[float, float, float]:
    """Robustness value and the ends of the slope under a hidden confounder of a strength."""
    root = np.sqrt(null.weight / null.weight.mean())
    model = _doubleml(root * null.x, root * null.y, fold)
    said = {"ml_l": (root * y_hat)[:, None], "ml_m": (root * x_hat)[:, None]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(external_predictions={"x": said})
        model.sensitivity_analysis(cf_y=cf_y, cf_d=cf_d)
    told = model.sensitivity_params
    lower, upper = (float(told["theta"][end][0]) for end in ("lower", "upper"))
    return float(told["rv"][0]), lower, upper


def _doubleml(x: Floats, y: Floats, fold: np.ndarray) -> Any:
    """A partially linear model of DoubleML whose forecasts come from outside."""
    from sklearn.dummy import DummyRegressor

    library = doubleml_library()
    data = library.DoubleMLData(pd.DataFrame({"y": y, "x": x, "none": 0.0}), "y", "x", ["none"])
    numbers = np.unique(fold)
    model = library.DoubleMLPLR(
        data, DummyRegressor(), DummyRegressor(), n_folds=len(numbers), draw_sample_splitting=False
    )
    model.set_sample_splitting([(np.flatnonzero(fold != one), np.flatnonzero(fold == one)) for one in numbers])
    return model
