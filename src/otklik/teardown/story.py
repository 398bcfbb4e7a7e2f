"""Section 4: the curve and its moments."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from otklik.models.forecast import Note
from otklik.teardown.series import Series, steps
from otklik.teardown.usual import LEAST_BAND, Peers, band
from otklik.teardown.values import BandPoint, Change, Story, Turn
from otklik.units import age_h

FASTER = 1.5
"""Growth turned faster when the rate is so many times that of the step before."""
LEAST_SHARE = 0.05
"""Of all views counted while it was faster."""
LEAST_VIEWS = 100.0
MOST_TURNS = 3
WATCHED = (("title", "title"), ("text", "text"), ("cover_url", "cover"))
"""Columns that are watched for changes and what they are called."""


def tell(peers: Peers, series: Series, versions: pd.DataFrame, published_at: datetime) -> Story:
    """The curve of one post against the author's band.

    Args:
        peers: the post and those it is compared with.
        series: the looks at it.
        versions: its earlier titles, texts and covers with ``replaced_at``, oldest first, then what stands now
            with ``replaced_at`` NaT.
        published_at: age 0.
    """
    seen = series.known("views")
    missing = []
    until = float(seen.age_h[-1]) if len(seen) else 0.0
    typical = band(peers, until)
    if len(seen) < 2:
        missing.append(Note("A curve needs at least two looks with views: there are {n}.", {"n": len(seen)}))
    if not typical:
        text = "The typical band is not measurable: at no age are {least} other posts of this kind known."
        missing.append(Note(text, {"least": LEAST_BAND}))
    left, side = _left(seen, typical)
    return Story(
        points=tuple((float(age), float(views)) for age, views in zip(seen.age_h, seen.views, strict=True)),
        band=typical,
        left_band_h=left,
        side=side,
        turns=turns(seen),
        changes=changes(versions, published_at),
        missing=tuple(missing),
    )


def _left(seen: Series, typical: tuple[BandPoint, ...]) -> tuple[float | None, str | None]:
    """When the curve went above the band for good, and where its last comparable look lies."""
    if not typical or len(seen) == 0:
        return None, None
    ages = np.array([point.age_h for point in typical])
    inside = (seen.age_h >= ages[0]) & (seen.age_h <= ages[-1])
    if not inside.any():
        return None, None
    age, views = seen.age_h[inside], seen.views[inside]
    high = np.interp(age, ages, [point.p75 for point in typical])
    low = np.interp(age, ages, [point.p25 for point in typical])
    side = "above" if views[-1] > high[-1] else "below" if views[-1] < low[-1] else "inside"
    if side != "above":
        return None, side
    back = np.flatnonzero(views <= high)
    first = 0 if len(back) == 0 else int(back[-1]) + 1
    return float(age[first]), side


def turns(seen: Series) -> tuple[Turn, ...]:
    """When growth became faster, the largest gains of views first.

    Growth that is left alone rises once after publication and then falls; a later turn has a reason outside the curve.
    """
    if len(seen) < 4:
        return ()
    found = steps(seen, least_h=0.5, least_share=0.1)
    per_h, i, told = found.per_h, 1, []
    while i < len(found):
        before = float(per_h[i - 1])
        if before <= 0 or per_h[i] < FASTER * before:
            i += 1
            continue
        end = i
        while end < len(found) and per_h[end] > before:
            end += 1
        views = float(found.views[i:end].sum())
        peak = float(per_h[i:end].max())
        # The excess over the earlier rate must be more than chance makes of such counts.
        expected = before * float(found.hours[i:end].sum())
        if views >= max(LEAST_SHARE * seen.views[-1], LEAST_VIEWS) and views - expected > 5 * np.sqrt(expected + 1):
            told.append(Turn(float(found.from_h[i]), before, peak, views))
        i = max(end, i + 1)
    return tuple(sorted(told, key=lambda one: -one.views)[:MOST_TURNS])


def changes(versions: pd.DataFrame, published_at: datetime) -> tuple[Change, ...]:
    """What was replaced, by whom nobody knows: one entry for each column that differs between two versions."""
    rows = versions.to_dict("records")
    found = []
    for old, new in pairwise(rows):
        at = pd.Timestamp(old["replaced_at"]).to_pydatetime()
        for column, what in WATCHED:
            before, after = _text(old[column]), _text(new[column])
            if before and after is not None and _seen(column, before) != _seen(column, after):
                found.append(Change(what, at, age_h(published_at, at), before, after))
    return tuple(found)


def _seen(column: str, value: str) -> str:
    """Servers give one picture other hosts and signatures from look to look: its path is the picture."""
    return urlsplit(value).path if column == "cover_url" else value


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
