"""Place: which region of Russia a post speaks of, how specifically, whether it is the author's own, how it has done."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from otklik.content.lexicon import lexicon
from otklik.content.places import level
from otklik.content.reading import Reading
from otklik.dataset.corpus import Corpus
from otklik.dataset.history import Entries
from otklik.features.catalog import Columns, Context, Feature
from otklik.features.prestige import prestige
from otklik.features.readings import Facts, columns_of, in_title, readings, share_of_words

FEATURES = (
    Feature("place__n_places", "places", "Different places of Russia in the title, text and tags."),
    Feature("place__n_regions", "regions", "Regions of Russia that they lie in."),
    Feature("place__level", "0..5", "The most specific place: 1 a part of the country, 2 region, 4 town, 5 landmark."),
    Feature("place__share", "0..1", "Share of the words that name a place of Russia."),
    Feature("place__in_title", "0/1", "A place of Russia is named in the title."),
    Feature("place__n_landmarks", "places", "Landmarks, dishes, holidays and the like that belong to a place."),
    Feature("place__has_foreign", "0/1", "A place outside Russia is named."),
    Feature("place__is_home", "0/1", "It speaks of the region that the author's earlier posts speak of most."),
    Feature(
        "place__home_km_log", "log km", "From that region's capital to that of the nearest region named, log(1 + km)."
    ),
    Feature(
        "place__prestige_lift", "log", "Mean lift of the author's earlier posts that name the same places, drawn to 0."
    ),
    Feature(
        "place__n_prestige", "posts", "Earlier posts of the author that name the same places, summed over the places."
    ),
    Feature(
        "place__own_share", "0..1", "Share of the author's earlier posts that name the most usual of the same places."
    ),
)
HISTORY = ("place__is_home", "place__home_km_log", "place__prestige_lift", "place__n_prestige", "place__own_share")
"""Features that need the author's earlier posts."""
EARTH_KM = 6371.0


def facts(reading: Reading, title_length: int) -> Facts:
    """What a reading says of places."""
    spans = reading.of("place")
    return {
        "place__n_places": float(reading.n_places),
        "place__n_regions": float(len(reading.regions)),
        "place__level": float(max((level(span.kind) for span in spans), default=0)),
        "place__share": share_of_words(spans, reading.n_words),
        "place__in_title": in_title(spans, title_length),
        "place__n_landmarks": float(len({span.name for span in spans if span.kind == "landmark"})),
        "place__has_foreign": float(reading.has_foreign_place),
    }


def compute(context: Context) -> Columns:
    """Place features of each example."""
    named = _places(context.corpus)
    found = prestige(context, named)
    home = _home(context)
    return {
        **columns_of(context, [one for one in FEATURES if one.name not in HISTORY], facts),
        **_nearness(context, home),
        "place__prestige_lift": found.lift,
        "place__n_prestige": found.n,
        "place__own_share": found.share,
    }


@lru_cache(maxsize=3)
def _places(corpus: Corpus) -> tuple[frozenset[str], ...]:
    return tuple(
        frozenset(span.name for span in one.of("place") if span.regions) if one is not None else frozenset()
        for one in readings(corpus)
    )


def _home(context: Context) -> list[str | None]:
    """The region that each example's author has written of most before, as of the publication of the example's post."""
    corpus = context.corpus
    regions = [one.regions if one is not None else [] for one in readings(corpus)]
    codes = {code: number for number, code in enumerate(sorted({code for one in regions for code in one}))}
    if not codes:
        return [None] * len(context.rows)
    names = list(codes)
    row = np.array([i for i, one in enumerate(regions) for _ in one], np.int64)
    code = np.array([codes[name] for one in regions for name in one], np.int64)
    pairs, group = np.unique(corpus.author[row] * len(codes) + code, return_inverse=True)
    entries = Entries.of(group.astype(np.int64), corpus.published_us[row], {}, len(pairs))
    just_before = np.minimum(corpus.published_us[context.rows], context.cutoff_us) - 1000
    author = corpus.author[context.rows]
    best, most = np.full(len(context.rows), -1), np.zeros(len(context.rows))
    for number in np.unique(code):
        asked = author * len(codes) + number
        at = np.minimum(np.searchsorted(pairs, asked), len(pairs) - 1)
        n = np.where(pairs[at] == asked, entries.known(at.astype(np.int64), just_before), 0)
        better = n > most
        best[better], most[better] = number, n[better]
    return [names[number] if number >= 0 else None for number in best]


def _nearness(context: Context, home: list[str | None]) -> Columns:
    """Whether an example's places lie in the author's home region, and how far from it the nearest is."""
    found = readings(context.corpus)
    is_home, far = np.full(len(home), np.nan), np.full(len(home), np.nan)
    for i, (row, code) in enumerate(zip(context.rows, home, strict=True)):
        reading = found[row]
        if reading is None or code is None:
            continue
        named = reading.regions
        is_home[i] = float(code in named)
        if named:
            far[i] = np.log1p(min(distance_km(code, other) for other in named))
    return {"place__is_home": is_home, "place__home_km_log": far}


@lru_cache(maxsize=10_000)
def distance_km(region: str, other: str) -> float:
    """Great-circle distance between the capitals of two regions, in kilometres.

    >>> distance_km("RU-TA", "RU-TA"), round(distance_km("RU-MOW", "RU-TA"), -2)
    (0.0, 700.0)
    """
    known = lexicon().regions
    lat, lon, other_lat, other_lon = (
        np.radians(known[code][axis]) for code in (region, other) for axis in ("lat", "lon")
    )
    inner = np.sin((lat - other_lat) / 2) ** 2 + np.cos(lat) * np.cos(other_lat) * np.sin((lon - other_lon) / 2) ** 2
    return float(2 * EARTH_KM * np.arcsin(np.sqrt(inner)))
