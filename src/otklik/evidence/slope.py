"""One slope with its interval, errors clustered by author and honest when few authors carry it.

With exposure ``x`` and working outcome ``y`` after everything held fixed has been taken out, and weights ``w``:
``b = sum(w x y) / sum(w x x)``. Its variance is the jackknife over authors (CV3): ``(G - 1) / G * sum_g (b_(g) - b)^2``
where ``b_(g)`` leaves author ``g`` out; intervals are Student's t with ``G* - 1`` degrees of freedom, where
``G* = H^2 / sum_g H_g^2`` with ``H_g = sum(w x x)`` of author ``g`` is how many equal authors carry the slope.
Plain clustered errors are too small when authors are few or unequal (MacKinnon, Nielsen and Webb, 2023; Carter,
Schnepel and Steigerwald, 2017). Levels that cross authors (weeks, hours) and controls bend towards each post, by its
leverage ``h``; a residual without the post's own pull is ``e / (1 - h)``, and that is what leaving its author out sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from otklik.evidence.exposure import Floats
from otklik.evidence.panel import Ints

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Slope:
    """A difference on the log scale with its interval: ``exp(b) - 1`` is the effect as a share."""

    log: float
    se: float
    lo: float
    hi: float
    p: float
    n_posts: int
    n_authors: int
    effective: float
    """How many equal authors would carry it as well."""

    @property
    def effect(self) -> float:
        """As a share: 0.1 is ten per cent more."""
        return float(np.expm1(self.log))

    @property
    def effect_lo(self) -> float:
        """Lower end of the 95 % interval, as a share."""
        return float(np.expm1(self.lo))

    @property
    def effect_hi(self) -> float:
        """Upper end of the 95 % interval, as a share."""
        return float(np.expm1(self.hi))

    @property
    def df(self) -> float:
        """Degrees of freedom of its t statistic."""
        return max(self.effective - 1.0, 1.0)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "log": self.log,
            "se": self.se,
            "effect": self.effect,
            "effect_lo": self.effect_lo,
            "effect_hi": self.effect_hi,
            "p": self.p,
            "n_posts": self.n_posts,
            "n_authors": self.n_authors,
            "effective_authors": self.effective,
        }


def by_author(values: Floats, author: Ints) -> Floats:
    """Sums of an author each, in order of number, shape ``(G,)``.

    >>> by_author(np.array([1.0, 2.0, 4.0]), np.array([7, 7, 9])).tolist()
    [3.0, 4.0]
    """
    return np.asarray(np.bincount(np.unique(author, return_inverse=True)[1], values))


def slope(x: Floats, y: Floats, weight: Floats, author: Ints, leverage: Floats | None = None) -> Slope:
    """The slope of ``y`` on ``x``, both with nothing left of what is held fixed, shape ``(n,)`` each.

    Args:
        x: exposure.
        y: working outcome.
        weight: of each post.
        author: of each post.
        leverage: how far the effects that cross authors bend to each post, 0..1; none unless given.

    >>> x = np.tile([-0.5, 0.5], 20)
    >>> found = slope(x, 0.1 * x, np.ones(40), np.repeat(np.arange(20), 2))
    >>> round(found.log, 3), round(found.effective, 3)
    (0.1, 20.0)
    """
    from scipy import stats

    information = by_author(weight * x * x, author)
    H = float(information.sum())
    b = float((weight * x * y).sum()) / H
    error = (y - b * x) / (1 - leverage) if leverage is not None else y - b * x
    se = jackknife_se(information, by_author(weight * x * error, author))
    effective = H * H / float((information**2).sum())
    df = max(effective - 1.0, 1.0)
    wide = float(stats.t.ppf(0.5 + LEVEL / 2, df)) * se
    p = float(2 * stats.t.sf(abs(b) / se, df)) if se > 0 else float(b == 0)
    return Slope(b, se, b - wide, b + wide, p, len(x), len(information), effective)


def jackknife_se(information: Floats, score: Floats) -> float:
    """The standard error over authors; infinite when one author carries everything.

    Args:
        information: ``sum(w x x)`` of each author.
        score: ``sum(w x e)`` of each author, which leaving it out takes away.
    """
    rest = information.sum() - information
    if (rest <= 1e-9 * information.sum()).any():
        return float("inf")
    n = len(rest)
    return float(np.sqrt((n - 1) / n * ((score / rest) ** 2).sum()))
