"""People: personalities that a post is about, historic and living, and whether they belong to the place."""

from __future__ import annotations

from functools import lru_cache

from otklik.content.reading import Reading
from otklik.dataset.corpus import Corpus
from otklik.features.catalog import Columns, Context, Feature
from otklik.features.prestige import prestige
from otklik.features.readings import Facts, columns_of, in_title, readings

FEATURES = (
    Feature("people__n", "people", "Different personalities named."),
    Feature("people__n_historic", "people", "Of them historic."),
    Feature("people__n_living", "people", "Of them living."),
    Feature("people__is_local", "0/1", "One of them belongs to a region that the text speaks of."),
    Feature("people__in_title", "0/1", "One is named in the title."),
    Feature(
        "people__prestige_lift", "log", "Mean lift of the author's earlier posts with the same people, drawn to 0."
    ),
    Feature("people__n_prestige", "posts", "Earlier posts of the author with the same people, summed over people."),
)
HISTORY = ("people__prestige_lift", "people__n_prestige")
"""Features that need the author's earlier posts."""


def facts(reading: Reading, title_length: int) -> Facts:
    """What a reading says of people."""
    spans = reading.of("person")
    eras = {span.name: span.kind.split("/")[0] for span in spans}
    named = set(reading.regions)
    return {
        "people__n": float(len(eras)),
        "people__n_historic": float(sum(era == "historic" for era in eras.values())),
        "people__n_living": float(sum(era == "living" for era in eras.values())),
        "people__is_local": float(any(named & set(span.regions) for span in spans)),
        "people__in_title": in_title(spans, title_length),
    }


def compute(context: Context) -> Columns:
    """Features of people of each example."""
    found = prestige(context, _people(context.corpus))
    return {
        **columns_of(context, [one for one in FEATURES if one.name not in HISTORY], facts),
        "people__prestige_lift": found.lift,
        "people__n_prestige": found.n,
    }


@lru_cache(maxsize=3)
def _people(corpus: Corpus) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(one.people) if one is not None else frozenset() for one in readings(corpus))
