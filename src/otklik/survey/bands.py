"""The typical band: what the middle half of the posts had at each age, never pooled over counting rules."""

from __future__ import annotations

import numpy as np
import pandas as pd

from otklik.curves import Curve
from otklik.dataset.corpus import Corpus, Ints
from otklik.dataset.targets import Target
from otklik.survey.lifts import Floats
from otklik.survey.values import Band, BandPoint
from otklik.view_rules import view_rules

LEAST_BAND = 5
"""Posts behind a point of the band, at least."""
BRACKET = 0.375
"""The looks around an age lie at most this share of it apart: 9 h at 24 h, as with labels."""
LEAST_BRACKET_H = 1.0
AGES_H = (0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 21, 24, 30, 36, 42, 48, 60, 72)


def at_age(curve: Curve, rows: Ints, age_h: float) -> Floats:
    """Counts of posts at an age, shape of ``rows``; NaN where no two looks stand close enough around it.

    >>> curve = Curve.of([0, 0, 1, 1], [23.0, 25.0, 1.0, 90.0], [100, 100, 5, 900], 2)
    >>> at_age(curve, np.array([0, 1]), 24.0).round(6).tolist()
    [100.0, nan]
    """
    width = curve.bracket_width(rows, age_h)
    return np.where(width <= max(LEAST_BRACKET_H, BRACKET * age_h), curve.interpolate(rows, age_h), np.nan)


def point(age_h: float | None, values: Floats, least: int = LEAST_BAND) -> BandPoint | None:
    """The middle half of counts; ``None`` where too few are known.

    >>> point(24.0, np.arange(5.0))
    BandPoint(age_h=24.0, p25=1.0, p50=2.0, p75=3.0, n=5)
    """
    known = values[np.isfinite(values)]
    if len(known) < least:
        return None
    p25, p50, p75 = (float(one) for one in np.quantile(known, (0.25, 0.5, 0.75)))
    return BandPoint(age_h, p25, p50, p75, len(known))


def bands(corpus: Corpus, target: Target, label: pd.DataFrame) -> tuple[Band, ...]:
    """One band a platform, kind and counting rule, the largest group of posts first."""
    value, found = label["value"].to_numpy(), []
    for (platform, kind, rule), rows in strata(corpus):
        points = (point(float(age), at_age(corpus.curves[target.counter], rows, float(age))) for age in AGES_H)
        found.append(
            Band(
                platform=platform,
                kind=kind,
                rule=rule,
                n_posts=len(rows),
                n_authors=len(np.unique(corpus.author[rows])),
                points=tuple(one for one in points if one is not None),
                at_target=point(target.horizon_h, value[rows]),
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.n_posts, one.platform, one.kind, one.rule)))


def strata(corpus: Corpus) -> list[tuple[tuple[str, str, str], Ints]]:
    """Platform, kind and counting rule, with the rows of their posts."""
    posts = corpus.posts
    rules = view_rules(posts["platform"], posts["kind"], posts["published_at"])
    names = pd.DataFrame({"platform": posts["platform"], "kind": posts["kind"], "rule": rules})
    groups = names.groupby(["platform", "kind", "rule"], sort=True).indices
    return [((str(a), str(b), str(c)), np.sort(rows).astype(np.int64)) for (a, b, c), rows in groups.items()]
