"""Means of many small groups, each drawn towards the middle of all by as much as its own noise asks.

A normal hierarchy (Gelman et al., Bayesian Data Analysis, 5.4): the mean of group c is ``m_c ~ N(theta_c, v_c)`` and
``theta_c ~ N(mu, tau^2)``. ``v_c`` comes from drawing whole clusters with replacement, and is never below what
independent posts would give: one author alone in a group says nothing of others. ``tau`` is averaged over a grid by its
marginal likelihood, so that intervals do not collapse where the groups look alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

N_DRAWS = 400
TAU_GRID: Floats = np.linspace(0.0, 1.5, 151)
"""Standard deviations between groups, in logs, that are weighed against each other."""
Z95 = 1.96


@dataclass(frozen=True)
class Pooled:
    """Groups on the log scale, arrays of shape ``(n_groups,)``; NaN for a group without values."""

    n: Ints
    n_clusters: Ints
    mean: Floats
    shrunken: Floats
    low: Floats
    """Lower end of the 95 % interval of ``shrunken``."""
    high: Floats
    tau: float
    """Expected standard deviation of the true means."""


def pool(value: Floats, group: Ints, cluster: Ints, n_groups: int, *, seed: int = 0) -> Pooled:
    """Shrunken means of groups.

    Args:
        value: on the log scale, finite, shape ``(n,)``.
        group: number of each value's group, shape ``(n,)``.
        cluster: what is drawn as a whole (an author, a week), shape ``(n,)``.
        n_groups: how many groups there are.
        seed: of the draws.

    >>> found = pool(np.array([1.0, 1.2, -1.0, -1.1]), np.array([0, 0, 1, 1]), np.array([0, 1, 2, 3]), 2)
    >>> bool(0 < found.shrunken[0] < found.mean[0]), found.n.tolist()
    (True, [2, 2])
    """
    n = np.bincount(group, minlength=n_groups).astype(np.int64)
    pairs = np.unique(np.stack([group, cluster]), axis=1) if len(group) else np.empty((2, 0), np.int64)
    n_clusters = np.bincount(pairs[0], minlength=n_groups).astype(np.int64)
    mean = np.full(n_groups, np.nan)
    filled = n > 0
    mean[filled] = np.bincount(group, value, n_groups)[filled] / n[filled]
    noise = _noise(value, group, cluster, mean, n, seed)
    middle, spread, tau = _shrink(mean[filled], noise[filled])
    shrunken, sd = np.full(n_groups, np.nan), np.full(n_groups, np.nan)
    shrunken[filled], sd[filled] = middle, spread
    return Pooled(n, n_clusters, mean, shrunken, shrunken - Z95 * sd, shrunken + Z95 * sd, tau)


def _noise(value: Floats, group: Ints, cluster: Ints, mean: Floats, n: Ints, seed: int) -> Floats:
    """Variance of each group's mean."""
    n_groups = len(n)
    rest = value - mean[group]
    free = max(len(value) - int((n > 0).sum()), 1)
    within = max(float((rest**2).sum() / free), 1e-6)
    alone = np.divide(within, n, out=np.full(n_groups, np.nan), where=n > 0)
    names, code = np.unique(cluster, return_inverse=True)
    if len(names) < 2:
        return alone
    at = group * len(names) + code
    sums = np.bincount(at, value, n_groups * len(names)).reshape(n_groups, -1).T
    counts = np.bincount(at, minlength=n_groups * len(names)).reshape(n_groups, -1).T
    k = len(names)
    picks = np.random.default_rng(seed).multinomial(k, np.full(k, 1 / k), size=N_DRAWS).astype(np.float64)
    weight = picks @ counts
    drawn = np.divide(picks @ sums, weight, out=np.full((N_DRAWS, n_groups), np.nan), where=weight > 0)
    told = np.isfinite(drawn).sum(axis=0) > 1
    variance = np.full(n_groups, np.nan)
    variance[told] = np.nanvar(drawn[:, told], axis=0)
    return np.fmax(variance, alone)


def _shrink(mean: Floats, noise: Floats) -> tuple[Floats, Floats, float]:
    """Posterior mean and standard deviation of each group, and the expected spread between groups."""
    if len(mean) == 0:
        return mean, mean, 0.0
    if len(mean) == 1:
        return mean, np.sqrt(noise), 0.0
    total = noise[None, :] + TAU_GRID[:, None] ** 2
    weight = 1 / total
    centre = (weight * mean).sum(axis=1) / weight.sum(axis=1)
    log_p = -0.5 * (np.log(total) + (mean - centre[:, None]) ** 2 / total).sum(axis=1)
    log_p -= 0.5 * np.log(weight.sum(axis=1))
    p = np.exp(log_p - log_p.max())
    p /= p.sum()
    keep = TAU_GRID[:, None] ** 2 / total
    each = centre[:, None] + keep * (mean - centre[:, None])
    own = keep * noise + (1 - keep) ** 2 / weight.sum(axis=1)[:, None]
    middle = p @ each
    return middle, np.sqrt(p @ (own + (each - middle) ** 2)), float(p @ TAU_GRID)
