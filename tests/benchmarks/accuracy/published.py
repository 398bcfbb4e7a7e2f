"""Methods of papers: Pinto's ML and MRBF (WSDM 2013), and support vector regression (Trzcinski and Rokita 2017).

They are fitted on logs, which is where they are judged: Pinto's own loss (relative squared error of counts) asks for
another optimum and would only lose here. They also get the age of the look, which their series at fixed ages did not
need. Their constants are chosen on the newest fifth of the training rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from benchmarks.accuracy.examples import Examples
from benchmarks.accuracy.rival import Rival, Said, Settings
from otklik.models.base import Floats, age_bin
from otklik.models.baselines import MIN_BIN

N_CENTRES = 100
"""Stored trajectories that MRBF compares a post with."""
WIDTHS = (0.3, 1.0, 3.0)
"""Widths of the radial functions tried, in median distances between trajectories."""
SVR_ROWS = 6000
"""The newest rows that support vectors are learned from: the time goes with their square."""
SVR_COSTS = (1.0, 10.0)


def pinto_ml(known: Examples, settings: Settings) -> Said:
    """A linear model of several early counts, one an age bin."""
    return by_age(known, lambda part: _linear(terms(part), part.y))


def pinto_mrbf(known: Examples, settings: Settings) -> Said:
    """The same with the similarity to stored trajectories beside the counts."""
    return by_age(known, lambda part: _mrbf(terms(part), part.y, part.meta("cutoff_us"), settings.seed))


def svr(known: Examples, settings: Settings) -> Said:
    """Support vectors with radial kernel on early counts and the raw columns."""
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVR

    def both(part: Examples) -> Floats:
        return np.hstack([part.raw.drop(columns="look_age_h").to_numpy(), terms(part)])

    def fitted(cost: float, X: Floats, y: Floats):
        imputer = SimpleImputer(strategy="median", keep_empty_features=True)
        return make_pipeline(imputer, StandardScaler(), SVR(C=cost, epsilon=0.1)).fit(X, y)

    newest = np.argsort(known.meta("cutoff_us"), kind="stable")[-SVR_ROWS:]
    X, y = both(known)[newest], known.y[newest]
    cost = best(SVR_COSTS, lambda c, train: fitted(c, X[train], y[train]).predict, X, y)
    model = fitted(cost, X, y)
    return lambda asked: model.predict(both(asked))


def terms(part: Examples) -> Floats:
    """Early counts and the log age of the last look (0 for a draft)."""
    age = np.nan_to_num(np.log(np.maximum(part.meta("look_age_h"), 0.05)))
    return np.column_stack([part.early, age])


def by_age(known: Examples, learn: Callable[[Examples], Callable[[Floats], Floats]]) -> Said:
    """One model of the early counts an age bin; bins too thin to speak borrow the model of all."""
    bins = age_bin(known.table)
    whole = learn(known)
    parts = {b: learn(known.at(bins == b)) for b in np.unique(bins) if (bins == b).sum() >= MIN_BIN}

    def said(asked: Examples) -> Floats:
        mine, point = age_bin(asked.table), whole(terms(asked))
        for b, model in parts.items():
            if (mine == b).any():
                point[mine == b] = model(terms(asked)[mine == b])
        return point

    return said


def best(options: Iterable[float], learn: Callable[[float, np.ndarray], Callable[[Floats], Floats]], X, y) -> float:
    """The option with the least absolute error on the last fifth of rows that are in the order of time."""
    cut = max(1, int(0.8 * len(y)))
    train = np.arange(len(y)) < cut
    if cut == len(y):
        return next(iter(options))
    return min(options, key=lambda one: float(np.mean(np.abs(learn(one, train)(X[~train]) - y[~train]))))


def _linear(X: Floats, y: Floats) -> Callable[[Floats], Floats]:
    from sklearn.linear_model import Ridge

    # Neighbouring ages often show one and the same look: a little ridge keeps the coefficients finite.
    return Ridge(alpha=1.0).fit(X, y).predict


def _mrbf(X: Floats, y: Floats, at: np.ndarray, seed: int) -> Callable[[Floats], Floats]:
    order = np.argsort(at, kind="stable")
    X, y = X[order], y[order]
    centres = X[np.sort(np.random.default_rng(seed).permutation(len(X))[:N_CENTRES])]
    far = float(np.median(_distances(X, centres))) or 1.0

    def fitted(width: float, train: np.ndarray) -> Callable[[Floats], Floats]:
        def terms(X: Floats) -> Floats:
            return np.hstack([X, np.exp(-0.5 * (_distances(X, centres) / (width * far)) ** 2)])

        model = _linear(terms(X[train]), y[train])
        return lambda asked: model(terms(asked))

    return fitted(best(WIDTHS, fitted, X, y), np.ones(len(y), bool))


def _distances(X: Floats, centres: Floats) -> Floats:
    squared = (X**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1)[None] - 2 * X @ centres.T
    return np.sqrt(np.maximum(squared, 0.0))


PUBLISHED = (
    Rival("pinto_ml", pinto_ml, "early counts", drafts=False),
    Rival("pinto_mrbf", pinto_mrbf, "early counts", drafts=False),
    Rival("svr_rbf", svr, "early + raw"),
)
