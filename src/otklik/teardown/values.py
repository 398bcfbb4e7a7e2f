"""A teardown as a frozen value: ten sections in their order, numbers where they were measured, reasons where not.

``None`` is "not measurable", never 0; why is said in the section's ``missing``. Counters are public totals, ages are
hours since publication, rates are shares of views, and instants are UTC.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from otklik.content.explanation import Explanation
from otklik.models.forecast import Note, Precedent

FOR, AGAINST, OPEN, UNMEASURED = "for", "against", "open", "unmeasured"
"""What the numbers say of a rival explanation."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The post, and what its counters said last."""

    platform: str
    post_id: str
    kind: str
    title: str
    text: str
    author_id: str
    author: str | None
    """Name or handle, where it is known."""
    url: str | None
    published_at: datetime
    as_of: datetime
    """Later looks were not used."""
    last_look_at: datetime
    age_h: float
    """At the last look."""
    n_looks: int
    views: float | None
    """At the last look, as are the other counters."""
    likes: float | None
    comments: float | None
    shares: float | None
    views_24h: float | None
    likes_24h: float | None
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """A counter that went down: the platform took back what it disowns."""

    counter: str
    age_h: float
    """Of the look that shows less than the one before."""
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Looks that are missing."""

    from_h: float
    to_h: float
    usual_step_h: float
    """Between the looks around it."""
    share_of_views: float | None
    """Of all views at the last look, how many came unseen."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A pattern that has innocent and other explanations: evidence with numbers, never a verdict."""

    kind: str
    from_h: float
    to_h: float
    seen: float
    expected: float
    told: Note
    """What was seen, against what was expected."""
    fits: Note
    """What it is consistent with."""


@dataclass(frozen=True, slots=True)
class Counters:
    """Section 1: are the counters clean?"""

    first_look_h: float
    median_step_h: float | None
    corrections: tuple[Correction, ...]
    gaps: tuple[Gap, ...]
    signs: tuple[Sign, ...]
    checks: tuple[str, ...]
    """Kinds of signs that could be looked for (:data:`otklik.teardown.signs.KINDS`)."""
    missing: tuple[Note, ...]

    @property
    def is_clean(self) -> bool:
        """No sign was found, and something could be looked for."""
        return bool(self.checks) and not self.signs


@dataclass(frozen=True, slots=True)
class Usual:
    """Section 2: what the author's posts usually reach at 24 h."""

    views: float | None
    p25: float | None
    p75: float | None
    n: int
    source: str
    """``author`` (same kind and rule, before this post), ``author_other_kind``, ``author_later`` or ``none``."""
    kind: str
    first_at: datetime | None
    """Publication of the oldest post behind it."""
    last_at: datetime | None
    multiple: float | None
    """Views at 24 h as a multiple of :attr:`views`."""
    missing: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Section 3: what the platform counted as a view."""

    name: str
    since: datetime | None
    """``None`` for the rule before any change that is known."""
    n_same: int
    """Other posts of the author of this kind, counted the same way."""
    n_other: int
    """Those of this kind that were counted by another rule, and were left out."""
    changed_at: datetime | None
    """A change of the rule while this post was being looked at."""


@dataclass(frozen=True, slots=True)
class BandPoint:
    """What the author's other posts had at an age."""

    age_h: float
    p25: float
    p50: float
    p75: float
    n: int


@dataclass(frozen=True, slots=True)
class Turn:
    """Growth that became faster: views an hour before and after."""

    age_h: float
    before_per_h: float
    after_per_h: float
    views: float
    """Counted while it was faster."""


@dataclass(frozen=True, slots=True)
class Change:
    """A title, text or cover that was replaced."""

    what: str
    at: datetime
    age_h: float
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Story:
    """Section 4: the curve and its moments."""

    points: tuple[tuple[float, float], ...]
    """Age in hours and views, a look each."""
    band: tuple[BandPoint, ...]
    left_band_h: float | None
    """Age of the first look above the 75 % line that no later look fell below; negative is never used."""
    side: str | None
    """``above``, ``below`` or ``inside`` the band at the last comparable look."""
    turns: tuple[Turn, ...]
    changes: tuple[Change, ...]
    missing: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One number of the post against the same of the author's other posts at the same age."""

    name: str
    age_h: float
    value: float
    usual: float
    p25: float
    p75: float
    n: int
    below: int
    """How many of the others have less."""

    @property
    def multiple(self) -> float | None:
        """Of the median; ``None`` where the median is 0."""
        return self.value / self.usual if self.usual > 0 else None

    @property
    def share_below(self) -> float:
        """Of the others, how many have less."""
        return self.below / self.n


@dataclass(frozen=True, slots=True)
class Rarity:
    """Section 5: how unusual."""

    views: Compared | None
    vph_mean: Compared | None
    """Views an hour since publication."""
    vph_now: Compared | None
    """Views an hour between the last looks."""
    vph_mean_value: float | None
    vph_now_value: float | None
    vph_now_from_h: float | None
    """Age at which the window of ``vph_now`` begins."""
    missing: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Signals:
    """Section 6: the first look, and rates of reactions, comments and shares by views."""

    first: Compared | None
    rates: tuple[Compared, ...]
    """Names ``likes_per_view``, ``comments_per_view``, ``shares_per_view``, early and at the age of comparison."""
    missing: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Section 7: the formula's three parts with what made them."""

    explanation: Explanation
    usual: dict[str, float]
    """Median score of the author's other posts by part; empty where there are none."""
    n_usual: int
    facts: dict[str, float] | None
    """What the post's file shows and sounds like, where it was looked at."""


@dataclass(frozen=True, slots=True)
class Rival:
    """Section 8: an explanation beside the content."""

    name: str
    stance: str
    """:data:`FOR`, :data:`AGAINST`, :data:`OPEN` or :data:`UNMEASURED`."""
    speaks_for: tuple[Note, ...]
    speaks_against: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Teardown:
    """A published post taken apart; the fields are the sections in their order."""

    subject: Subject
    zone: str
    compare_h: float
    """Age at which the post is compared with others: 24 h where it was reached, else that of the last look."""
    counters: Counters
    usual: Usual
    rule: Rule
    story: Story
    rarity: Rarity
    signals: Signals
    evidence: Evidence
    rivals: tuple[Rival, ...]
    comparables: tuple[Precedent, ...]
    unknown: tuple[Note, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types: instants in ISO 8601 (UTC), sentences as template and values."""
        plain = {name: _plain(getattr(self, name)) for name in self.__slots__}
        plain["evidence"]["explanation"] = self.evidence.explanation.to_dict()
        return {"simulated": self.subject.is_simulated, **plain}


def _plain(value: Any) -> Any:
    if isinstance(value, Evidence):
        return {"usual": value.usual, "n_usual": value.n_usual, "facts": value.facts}
    if hasattr(value, "__dataclass_fields__"):
        value = asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
