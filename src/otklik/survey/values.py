"""What a survey of posts found, as frozen values; what could not be measured stands in ``missing`` with its reason."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

import numpy as np

from otklik.models.forecast import Note


@dataclass(frozen=True, slots=True)
class BandPoint:
    """What the middle half of the posts had at one age."""

    age_h: float | None
    """``None`` for the mature counter."""
    p25: float
    p50: float
    p75: float
    n: int
    """Posts."""


@dataclass(frozen=True, slots=True)
class Band:
    """Typical views by age of posts that are counted alike: one platform, kind and counting rule."""

    platform: str
    kind: str
    rule: str
    """Name of the counting rule (:mod:`otklik.view_rules`)."""
    n_posts: int
    n_authors: int
    points: tuple[BandPoint, ...]
    at_target: BandPoint | None
    """At the survey's target; ``None`` with too few labels."""


@dataclass(frozen=True, slots=True)
class Effect:
    """How posts of one group did against their authors' usual, drawn towards the middle of all groups by its noise."""

    name: str
    n: int
    n_clusters: int
    raw: float
    """Typical multiple in the group as it is."""
    factor: float
    """The same, shrunken."""
    low: float
    """Lower end of the 95 % interval of ``factor``."""
    high: float
    is_few: bool
    """Too few posts, or too few clusters, to be told from nothing."""


@dataclass(frozen=True, slots=True)
class HourCell:
    """One stretch of hours on one day of the week; Monday is 0."""

    weekday: int
    hour: int
    """First hour of the stretch."""
    effect: Effect


@dataclass(frozen=True, slots=True)
class Hours:
    """The week in cells, each author against himself."""

    zone: str
    span_h: int
    """Hours in a cell."""
    n: int
    n_authors: int
    cluster: str
    """What is drawn as a whole for the intervals: ``author``, or ``week`` where there is one author."""
    cells: tuple[HourCell, ...]
    spread: float | None
    """Typical true difference between cells, as a share: 0.1 is 10 %."""
    p_value: float | None
    """Of the permutation test that hours do not matter."""
    n_shuffles: int
    n_units: int
    """Author, day and cell: what is shuffled inside each author."""
    missing: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Posts with a score in ``(low, high]``, and their multiples."""

    low: float
    high: float
    n: int
    p25: float
    p50: float
    p75: float


@dataclass(frozen=True, slots=True)
class Scatter:
    """One score of the text against the multiple."""

    score: str
    points: tuple[tuple[float, float], ...]
    """Score, 0 to 100, and multiple: a sample that a chart can hold."""
    steps: tuple[Step, ...]
    n: int
    n_authors: int
    spearman: float | None
    low: float | None
    """Of its 95 % interval over clusters."""
    high: float | None


@dataclass(frozen=True, slots=True)
class FormulaScores:
    """The formula's scores against the multiple: a pattern, not a cause."""

    scatters: tuple[Scatter, ...]
    n_asked: int
    """The newest posts with a multiple whose texts were read."""
    n_read: int
    reference: str
    n_reference: int
    cluster: str
    missing: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A post and what it reached against its author's usual of the time."""

    platform: str
    post_id: str
    author_id: str
    kind: str
    title: str
    url: str | None
    published_at: datetime
    views: float
    usual: float
    n_usual: int
    multiple: float


@dataclass(frozen=True, slots=True)
class Family:
    """Groups of one sort, such as signs, side by side."""

    name: str
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Recent:
    """What has worked in the last days."""

    since: datetime
    until: datetime
    n: int
    """Posts with a multiple."""
    n_authors: int
    middle: float | None
    """Typical multiple of all of them."""
    hits: tuple[Hit, ...]
    families: tuple[Family, ...]
    missing: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without any look at any post."""

    start: datetime
    end: datetime
    hours: float


@dataclass(frozen=True, slots=True)
class Part:
    """How well posts of one platform and kind were seen."""

    platform: str
    kind: str
    n_posts: int
    n_due: int
    """Old enough for a label at the instant of the survey."""
    n_labelled: int
    width_p50_h: float | None
    """Hours between the looks around the target."""
    width_p90_h: float | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well the posts were seen."""

    parts: tuple[Part, ...]
    looks_per_post: float | None
    """Median over posts that were seen at all."""
    n_gaps: int
    gaps: tuple[Gap, ...]
    """The longest, longest first."""
    gap_h: float
    """From how many hours on a stretch without looks is a gap."""
    attrition: tuple[tuple[str, int, int, int], ...]
    """Rule, posts, authors, removed by it."""
    missing: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """One of an author's posts against the author's others of the same kind and counting rule, at the same age."""

    platform: str
    post_id: str
    kind: str
    rule: str
    title: str
    url: str | None
    published_at: datetime
    seen_age_h: float | None
    """Age at the last look."""
    seen_views: float | None
    compare_h: float | None
    """Age of comparison; ``None`` for the mature counter and where nothing can be compared."""
    views: float | None
    """At that age."""
    usual: BandPoint | None
    """Of the others at that age."""
    multiple: float | None
    vph: float | None
    """Views an hour, average since publication until the age of comparison."""
    missing: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """A corpus, or one author, surveyed."""

    subject: str
    """Name of the data, or ``platform:author_id``."""
    is_author: bool
    data: str
    as_of: datetime
    zone: str
    target: str
    is_simulated: bool
    n_posts: int
    n_authors: int
    n_looks: int
    first: datetime
    """Of publication."""
    last: datetime
    bands: tuple[Band, ...]
    hours: Hours
    formula: FormulaScores
    recent: Recent
    coverage: Coverage
    posts: tuple[Placed, ...]
    """The author's last ones, newest first; empty for a corpus."""
    notes: tuple[Note, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types: instants are ISO 8601 in UTC, what is not known is ``None``."""
        plain = _plain(self)
        assert isinstance(plain, dict)
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Note):
        return str(value)
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
