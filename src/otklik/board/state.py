"""What the board shows, as frozen values. ``None`` means that it is not known, never 0."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from otklik.alerts import Standing
from otklik.alerts.standing import FEW_POSTS
from otklik.models.forecast import Forecast

READY, SOON, PAST, NO_MODEL, FAILED = "ready", "soon", "past", "no_model", "failed"
"""Of a forecast: it is there, comes with one of the next refreshes, is past its horizon, has no model, or failed."""

ABOVE, WITHIN, BELOW = "above", "within", "below"
"""Where a post lies beside the band that half of the author's earlier posts kept to at its age."""


@dataclass(frozen=True, slots=True)
class Row:
    """One followed post."""

    post: Standing
    forecast: Forecast | None
    forecast_state: str

    @property
    def pace_multiple(self) -> float | None:
        """Views an hour over the usual; ``None`` also where too few posts are behind the usual."""
        usual = self.post.usual_views_per_hour
        return self.post.pace_multiple if usual is not None and usual.n >= FEW_POSTS else None

    @property
    def multiple(self) -> float | None:
        """Views over the usual at the same age; ``None`` also where too few posts are behind the usual."""
        usual = self.post.usual_views
        return self.post.multiple if usual is not None and usual.n >= FEW_POSTS else None

    @property
    def place(self) -> str | None:
        """Beside the band: :data:`ABOVE`, :data:`WITHIN` or :data:`BELOW`; ``None`` with too few earlier posts."""
        usual, views = self.post.usual_views, self.post.views
        if usual is None or views is None or usual.n < FEW_POSTS:
            return None
        return ABOVE if views > usual.p75 else BELOW if views < usual.p25 else WITHIN


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks of one platform in the last 24 hours."""

    platform: str
    followed: int
    due: int
    late: int
    """Posts overdue by more than two gaps of the cadence."""
    expected: int
    """Looks that the cadence asked for and that have had their time."""
    taken: int

    @property
    def share(self) -> float | None:
        """Share of the expected looks that were taken."""
        return self.taken / self.expected if self.expected else None


@dataclass(frozen=True, slots=True)
class Gap:
    """A time without any pass of a collector."""

    start: datetime
    end: datetime | None
    """``None`` when it goes on."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left of one quota."""

    platform: str
    name: str
    spent: int
    limit: int | None
    """``None`` where the platform publishes none."""
    resets_at: datetime
    closed_until: datetime | None

    @property
    def left(self) -> int | None:
        """Calls that are left until the reset; 0 while the platform has closed the bucket."""
        if self.closed_until is not None:
            return 0
        return None if self.limit is None else max(0, self.limit - self.spent)


@dataclass(frozen=True, slots=True)
class State:
    """Everything on the board, as of one instant."""

    as_of: datetime
    zone: str
    is_simulated: bool
    last_pass: datetime | None
    is_stale: bool
    """Whether the last pass is more than three ticks ago: what is shown may have gone on since."""
    until_h: float
    """Posts up to this age are shown."""
    n_posts: int
    rows: tuple[Row, ...]
    """Those that rise most beside their usual first; then those whose usual is not known, by views an hour."""
    looks: tuple[Looks, ...]
    gaps: tuple[Gap, ...]
    buckets: tuple[Bucket, ...]
    model: str | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; instants are ISO 8601 in UTC."""
        told: dict[str, Any] = _plain(
            {
                name: getattr(self, name)
                for name in ("as_of", "zone", "is_simulated", "last_pass", "is_stale", "until_h")
            }
        )
        told |= {"n_posts": self.n_posts, "model": self.model, "posts": [_row(row) for row in self.rows]}
        told["collecting"] = [_plain({**asdict(one), "share": one.share}) for one in self.looks]
        told["gaps"] = [_plain(asdict(one)) for one in self.gaps]
        told["quota"] = [_plain({**asdict(one), "left": one.left}) for one in self.buckets]
        return told


def _row(row: Row) -> dict[str, Any]:
    told = _plain(asdict(row.post))
    for name in ("ages", "curve", "band"):
        told.pop(name)
    told |= {"multiple": row.multiple, "pace_multiple": row.pace_multiple, "place": row.place}
    forecast = row.forecast
    told["forecast"] = {"state": row.forecast_state}
    if forecast is not None:
        told["forecast"] |= {
            "horizon_h": forecast.horizon_h,
            "calibrated": forecast.calibrated,
            "model": forecast.model,
        }
        told["forecast"] |= {"views": asdict(forecast.views)}
        told["forecast"] |= {"multiple": asdict(forecast.multiple) if forecast.multiple else None}
    return told


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in values.items()}
