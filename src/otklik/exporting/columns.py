"""What every exported column means: its unit, where it comes from, and why a cell of it may be empty.

Sentences are English templates, the keys of their translations. Features are described where they are declared
(:mod:`otklik.features.catalog`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from otklik.features.build import CATALOG
from otklik.features.catalog import Feature
from otklik.features.media import FEATURES as OF_FILES
from otklik.schema import POSTS, SNAPSHOTS, Schema

TEXT = "plain text"
TIME = "date and time"
FLAG = "true or false"
COUNT = "count"
SECONDS = "s"
KINDS = ("posts", "snapshots", "features", "evaluation")
"""The tables that have columns to explain."""
_IDS: dict[str, str] = {
    "platform": "Platform: youtube, vk or another.",
    "post_id": "Id of the post on its platform.",
    "author_id": "Id of the author on the platform: a channel, a community or a person.",
    "kind": "What the post is: short, video, clip, live or post.",
    "published_at": "When the post came out: age 0. Of premieres and live streams the actual start.",
}
_POST: dict[str, str] = {
    "title": "Title, as last seen.",
    "text": "Text or description, as last seen.",
    "tags": "Tags, joined by commas.",
    "language": "Language, as the platform or the imported file names it.",
    "duration_s": "Length of the video.",
    "url": "Address of the post.",
    "cover_url": "Address of the cover.",
    "category": "Category on the platform.",
    "synthetic_media": 'The platform\'s own label "made with AI".',
    "followers": "The author's followers when the post was first seen.",
    "first_seen_at": "When otklik first saw the post.",
    "gone_at": "When the post was found to be gone.",
}
_SNAPSHOT: dict[str, str] = {
    "observed_at": "When the counters were read.",
    "views": "Views since publication, by the platform's public counter.",
    "likes": "Likes since publication; on VK all reactions together.",
    "comments": "Comments since publication.",
    "shares": "Shares or reposts since publication.",
    "reactions": "Reactions by kind as JSON; they are in the likes already.",
    "source": "Where the numbers came from: an endpoint, an import or a simulation.",
}
_FEATURE: dict[str, str] = {
    "as_of": "The instant whose knowledge the features are computed from.",
    "age_h": "Age of the post at that instant; below 0 it was not out yet.",
}
_EVALUATION: dict[str, str] = {
    "task": "draft: before publication; live: from the first looks.",
    "prediction_age_h": "Age at which the forecast is made.",
    "stratum": "The posts that the row is about.",
    "model": "Who forecasts: otklik or a baseline.",
    "n": "Forecasts judged.",
    "n_authors": "Authors of the posts.",
    "log_mae": "Mean absolute error of log(1 + count); 0.69 is a factor of two.",
    "log_mae_lo": "Lower end of its 95 % interval over authors.",
    "log_mae_hi": "Upper end of its 95 % interval over authors.",
    "vs_best_baseline_baseline": "The baseline with the smallest error on these posts.",
    "vs_best_baseline_ratio": "Error over the error of that baseline: below 1 is better.",
    "vs_best_baseline_lo": "Lower end of the ratio's 95 % interval.",
    "vs_best_baseline_hi": "Upper end of the ratio's 95 % interval.",
    "vs_author_median_baseline": "The author's median, the plainest baseline.",
    "vs_author_median_ratio": "Error over the error of the author's median: below 1 is better.",
    "vs_author_median_lo": "Lower end of this ratio's 95 % interval.",
    "vs_author_median_hi": "Upper end of this ratio's 95 % interval.",
    "bias": "Mean of the outcome's log less the forecast's: above 0 forecasts are too low.",
    "mdape": "Median absolute error over the outcome.",
    "within_x2": "Share of forecasts within a factor of two.",
    "spearman": "Rank correlation of forecasts and outcomes.",
    "spearman_lift": "Rank correlation of forecast and real multiples of the author's usual.",
    "pair_accuracy": "Share of an author's pairs of posts at least 25 % apart that are ordered right.",
    "coverage_50": "Share of outcomes inside the 50 % interval.",
    "coverage_80": "Share of outcomes inside the 80 % interval.",
    "coverage_90": "Share of outcomes inside the 90 % interval.",
    "width_80": "Log of the upper end of the 80 % interval over its lower.",
    "crps": "Continuous ranked probability score of the log: smaller is better.",
}
_SOURCES: dict[str, str] = {
    "posts": "the platform's API or the imported file",
    "snapshots": "the platform's API or the imported file",
    "features": "computed by otklik from what was known at that instant",
    "evaluation": "computed by otklik: forecasts beside what the posts reached",
}
_MISSING: dict[str, str] = {
    "never": "never empty",
    "posts": "the platform or the file does not say",
    "gone_at": "the post was not found to be gone",
    "snapshots": "the platform did not show it at that look",
    "evaluation": "too few posts to compute it",
    "author": "the author has too few earlier posts whose outcome was known by then",
    "early": "the post had not been looked at by then, or not at the ages needed",
    "text": "the post has no text, or none that is read",
    "file": "the file was not looked at, or has no such thing",
    "other": "nothing to compute it from",
}
_UNITS: dict[str, str] = {"duration_s": SECONDS, "prediction_age_h": "h", "age_h": "h", "followers": COUNT}
_SHARES = ("mdape", "within_x2", "pair_accuracy", "coverage_50", "coverage_80", "coverage_90")
_WORDS = ("task", "stratum", "model", "vs_best_baseline_baseline", "vs_author_median_baseline")


@dataclass(frozen=True, slots=True)
class Definition:
    """One column: what it is, in which unit, where from, and why a cell of it may be empty."""

    name: str
    unit: str
    doc: str
    source: str
    missing: str


def definitions(what: str, names: Iterable[str]) -> tuple[Definition, ...]:
    """What the columns of a table mean, in their order.

    Args:
        what: one of :data:`KINDS`.
        names: names of the columns.

    >>> definitions("snapshots", ["views"])[0].unit
    'count'
    """
    known = {one.name: one for one in every_definition(what)}
    return tuple(known.get(name) or Definition(name, "", "", _SOURCES[what], _MISSING["other"]) for name in names)


def every_definition(what: str) -> tuple[Definition, ...]:
    """What all columns mean that a table can have."""
    if what == "evaluation":
        return tuple(_of_evaluation(name, doc) for name, doc in _EVALUATION.items())
    if what == "snapshots":
        return _of_records(what, SNAPSHOTS)
    if what == "posts":
        return _of_records(what, POSTS)
    ids = tuple(one for one in _of_records("posts", POSTS) if one.name in _IDS)
    never = _MISSING["never"]
    own = tuple(Definition(n, _UNITS.get(n, TIME), doc, _SOURCES[what], never) for n, doc in _FEATURE.items())
    return (*ids, *own, *(_of_feature(one) for one in (*CATALOG, *OF_FILES)))


def _of_records(what: str, schema: Schema) -> tuple[Definition, ...]:
    docs = {**_IDS, **_POST, **_SNAPSHOT}
    units = {"str": TEXT, "Int64": COUNT, "boolean": FLAG, "datetime64[us, UTC]": TIME}
    return tuple(
        Definition(
            one.name,
            _UNITS.get(one.name, units[one.dtype]),
            docs[one.name],
            _SOURCES[what],
            _MISSING["never" if one.required else "gone_at" if one.name == "gone_at" else what],
        )
        for one in schema.columns
    )


def _of_feature(feature: Feature) -> Definition:
    files = {one.name for one in OF_FILES}
    group = "file" if feature.name in files else feature.group
    why = {"calendar": "never", "author": "author", "early": "early", "file": "file"}.get(group, "text")
    return Definition(feature.name, feature.unit, feature.doc, _SOURCES["features"], _MISSING[why])


def _of_evaluation(name: str, doc: str) -> Definition:
    unit = TEXT if name in _WORDS else COUNT if name.startswith("n") else "0..1" if name in _SHARES else "1"
    unit = _UNITS.get(name, "log" if name.startswith(("log_mae", "bias", "width", "crps")) else unit)
    is_certain = name in (*_WORDS, "n", "n_authors", "prediction_age_h", "log_mae")
    return Definition(name, unit, doc, _SOURCES["evaluation"], _MISSING["never" if is_certain else "evaluation"])
