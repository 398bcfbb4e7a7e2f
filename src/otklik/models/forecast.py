"""A forecast as a frozen value: what is expected, against which baseline, why, and what is not known."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Quantity:
    """A forecast number with its 80 % interval."""

    p10: float
    p50: float
    p90: float

    def scaled(self, factor: float) -> Quantity:
        """The same quantity in another unit.

        >>> Quantity(1, 2, 4).scaled(10)
        Quantity(p10=10, p50=20, p90=40)
        """
        return Quantity(self.p10 * factor, self.p50 * factor, self.p90 * factor)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a usual post of this author reaches, and how that is known."""

    value: float
    source: str
    """``author`` (same kind), ``author_looks`` (the same, from looks at other ages than the horizon),
    ``author_other_kind``, ``given`` by the user, or ``reference`` (other authors)."""
    n_posts: int | None
    """How many posts the baseline is a median of."""
    p25: float | None = None
    """A quarter of the posts behind the baseline reached less than this; ``None`` where they are not known."""
    p75: float | None = None
    """A quarter of them reached more."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """How far one group of features moves the forecast: a factor of ``exp(log_effect)``."""

    group: str
    log_effect: float


@dataclass(frozen=True, slots=True)
class FeatureEffect:
    """How far one feature moves the forecast, and how the post differs in it from the author's usual post."""

    name: str
    """The feature's name in the catalogue."""
    log_effect: float
    value: float | None
    """Of this post; ``None`` where it is not known."""
    usual: float | None
    """Median of the author's last posts; ``None`` where too few are known."""


@dataclass(frozen=True, slots=True)
class Chances:
    """Probabilities from the quantile curve of views, 0 to 1."""

    beats_usual: float | None
    """Of reaching more than the baseline; ``None`` where the baseline is not the author's own."""
    hit: float | None
    """Of reaching :attr:`hit_views` or more."""
    hit_views: float | None
    """What nine of ten of the author's last posts stay below; ``None`` with fewer than ten of them."""


@dataclass(frozen=True, slots=True)
class Precedent:
    """An earlier post of the same author that is like this one, with what became of it."""

    post_id: str
    title: str
    published_at: datetime
    url: str | None
    views: float
    """At the horizon."""
    multiple: float | None
    """Of what was usual for the author when it came out."""
    likeness: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for the reader: an English template, the key of its translation, and its values."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The forecast of one draft or one live post.

    ``start_log`` plus all ``contributions`` is ``log(views.p50 + 1)``.
    """

    subject: str
    made_at: datetime
    platform: str
    kind: str
    published_at: datetime
    prediction_age_h: float
    """0 for a draft."""
    horizon_h: float | None
    """The age that the forecast is for; ``None`` for mature reach."""
    views: Quantity
    reactions: Quantity | None
    multiple: Quantity | None
    """Views as a multiple of the baseline; ``None`` when the baseline is not the author's own."""
    baseline: Baseline
    naive_views: float
    """What the naive forecast says: the baseline for a draft, constant scaling for a live post."""
    naive_reactions: float | None
    seen_views: float | None
    """Views at the last look, for a live post."""
    contributions: tuple[Contribution, ...]
    start_log: float
    notes: tuple[Note, ...]
    model: str
    model_trained_until: datetime
    calibrated: bool
    n_calibration: int
    """Matured posts that the interval is calibrated on."""
    curve: tuple[float, ...] = ()
    """Views at the quantile levels .05, .10 ... .95 (:data:`otklik.models.base.LEVELS`), never falling."""
    chances: Chances | None = None
    shares: Quantity | None = None
    naive_shares: float | None = None
    features: tuple[FeatureEffect, ...] = ()
    """What each feature contributes, largest first; they sum to ``contributions``."""
    precedents: tuple[Precedent, ...] = ()
    """The author's earlier posts most like this one, most alike first."""

    def to_dict(self) -> dict[str, Any]:
        """The forecast as plain JSON types; instants are ISO 8601 in UTC."""
        plain = asdict(self)
        for name in ("made_at", "published_at", "model_trained_until"):
            plain[name] = plain[name].isoformat()
        for precedent in plain["precedents"]:
            precedent["published_at"] = precedent["published_at"].isoformat()
        plain["notes"] = [str(note) for note in self.notes]
        return plain
