"""Growth curves: what a count at some age says of the count at the horizon, by platform and kind, learned from data.

Most earlier posts of an author were seen, but few at the right ages for a label; a back catalogue is seen weeks late.
Such looks still tell the author's level, once carried to one age. Curves are medians of ``log count at the horizon -
log count at the age`` over posts with a label, drawn to a fixed typical curve where those are few, so that a corpus
that holds one author alone is carried as the training data were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from otklik.dataset.corpus import Corpus
    from otklik.dataset.targets import Target

Floats = NDArray[np.float64]

KNOT_AGE_H: Floats = np.array([0.1, 0.4, 0.75, 1.25, 2.5, 3.5, 5.0, 7.0, 10.0, 15.0, 24.0, 42.0, 72.0, 720.0])
"""Ages of the knots of every curve, in hours; straight lines lie between them, and the ends go on level."""
TYPICAL_LOG: Floats = np.array([4.4, 2.8, 2.2, 1.75, 1.4, 1.2, 0.85, 0.55, 0.32, 0.13, 0.0, -0.2, -0.4, -0.7])
"""The typical curve: medians over small YouTube channels, 2025-26, rounded."""
TYPICAL_SPREAD_LOG: Floats = np.array([1.2, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.15, 0.02, 0.15, 0.3, 0.6])
"""How far posts stray from it at those ages (a standard deviation without the tails), rounded."""
PRIOR_POSTS = 30
"""Posts that the coarser curve counts for: the typical one for all posts, that of all posts for a kind."""
HALF_WIDTH = 1.349
"""The interquartile range of a normal law in standard deviations."""


@dataclass(frozen=True)
class GrowthCurve:
    """What is to be added to ``log(1 + count)`` at the knots, and how far posts stray from that."""

    log: Floats = field(default_factory=lambda: TYPICAL_LOG)
    spread_log: Floats = field(default_factory=lambda: TYPICAL_SPREAD_LOG)
    n_posts: int = 0
    """Posts that it was learned from."""


@dataclass(frozen=True)
class Growth:
    """Growth curves by "platform/kind"; ``all`` serves kinds that were not met in training."""

    curves: Mapping[str, GrowthCurve] = field(default_factory=lambda: {"all": GrowthCurve()})

    def of(self, name: str) -> GrowthCurve:
        """The curve of one "platform/kind"."""
        return self.curves.get(name, self.curves["all"])

    def carry(self, count: Floats, age_h: Floats, names: pd.Series) -> Floats:
        """``log(1 + count)`` carried to the horizon, shape ``(n,)``.

        Args:
            count: the counter at some age, shape ``(n,)``.
            age_h: that age in hours, shape ``(n,)``.
            names: "platform/kind" of each.

        >>> Growth().carry(np.array([99.0]), np.array([24.0]), pd.Series(["vk/clip"])).round(3).tolist()
        [4.605]
        """
        return np.log1p(count) + self._at(age_h, names, "log")

    def spread(self, age_h: Floats, names: pd.Series) -> Floats:
        """How far a count carried from each age typically strays from the outcome, in logs, shape ``(n,)``."""
        return self._at(age_h, names, "spread_log")

    def _at(self, age_h: Floats, names: pd.Series, what: str) -> Floats:
        found = np.full(len(age_h), np.nan)
        codes, known = pd.factorize(names)
        for number, name in enumerate(known):
            mine = codes == number
            found[mine] = np.interp(age_h[mine], KNOT_AGE_H, getattr(self.of(name), what))
        return found

    def to_dict(self) -> dict[str, Any]:
        """As JSON types."""
        return {
            name: {
                "log": np.round(one.log, 4).tolist(),
                "spread_log": np.round(one.spread_log, 4).tolist(),
                "n": one.n_posts,
            }
            for name, one in self.curves.items()
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Growth:
        """The inverse of :meth:`to_dict`."""
        return cls(
            {
                name: GrowthCurve(np.array(one["log"]), np.array(one["spread_log"]), one["n"])
                for name, one in plain.items()
            }
        )


def post_kinds(posts: pd.DataFrame) -> pd.Series:
    """The "platform/kind" of each post, the name of its growth curve."""
    return posts["platform"] + "/" + posts["kind"]


def learn_growth(corpus: Corpus, target: Target, label: pd.DataFrame, teaches: NDArray[np.bool_]) -> Growth:
    """Curves of a corpus, from posts whose label is known.

    Args:
        corpus: the posts and their looks.
        target: whose counter; one without a horizon is carried nowhere, its curve is the typical one.
        label: :func:`otklik.dataset.targets.labels` of corpus and target.
        teaches: the posts that may be learned from, one flag a row.
    """
    if target.horizon_h is None:
        return Growth()
    curve = corpus.curves[target.counter]
    gap = np.log1p(label["value"].to_numpy())[curve.row] - np.log1p(curve.value)
    looks = pd.DataFrame(
        {"row": curve.row, "knot": _nearest_knot(curve.age_h), "gap": gap, "typical": _typical(curve.age_h)}
    )
    looks["gap"] -= looks.pop("typical")
    looks["name"] = post_kinds(corpus.posts).to_numpy()[curve.row]
    looks = looks[np.isfinite(looks["gap"]) & teaches[curve.row]].drop_duplicates(["row", "knot"])
    overall = _learned(looks, GrowthCurve())
    return Growth({"all": overall, **{str(name): _learned(part, overall) for name, part in looks.groupby("name")}})


def _learned(looks: pd.DataFrame, prior: GrowthCurve) -> GrowthCurve:
    """A curve of looks: at each knot the median distance from the typical curve, drawn to a coarser curve."""
    log, spread = prior.log - TYPICAL_LOG, prior.spread_log.copy()
    for knot, part in looks.groupby("knot")["gap"]:
        share = len(part) / (len(part) + PRIOR_POSTS)
        low, middle, high = np.quantile(part, [0.25, 0.5, 0.75])
        log[knot] += share * (middle - log[knot])
        spread[knot] += share * ((high - low) / HALF_WIDTH - spread[knot])
    at_horizon = int(np.flatnonzero(KNOT_AGE_H == 24.0)[0])
    log[at_horizon] = 0.0
    return GrowthCurve(np.minimum.accumulate(TYPICAL_LOG + log), spread, int(looks["row"].nunique()))


def _nearest_knot(age_h: Floats) -> NDArray[np.int64]:
    """The knot whose age is nearest on the log scale."""
    middles = np.sqrt(KNOT_AGE_H[1:] * KNOT_AGE_H[:-1])
    return np.searchsorted(middles, age_h).astype(np.int64)


def _typical(age_h: Floats) -> Floats:
    return np.interp(age_h, KNOT_AGE_H, TYPICAL_LOG)
