"""A panel: the numbers of one claim, with every row that cannot speak left out and every bad shape told."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from otklik.errors import DataError
from otklik.evidence.claims import SHARING, Claim
from otklik.evidence.exposure import Exposure, Floats

Ints = NDArray[np.int64]

LEAST_ROWS = 50
"""A claim with fewer usable posts is not tried."""
TOPIC = "topic__"


@dataclass(frozen=True, eq=False)
class Panel:
    """One claim on its posts, every array aligned, ``n`` rows in order of author and publication."""

    outcome: str
    y: Floats
    """Log views, or a count of shares."""
    offset: Floats
    """Log views for shares; 0 otherwise."""
    x: Floats
    controls: Floats
    """Shape ``(n, k)``, each with mean 0 and spread 1."""
    followers: Floats
    """Log followers; NaN where not known."""
    topics: Floats
    """Shape ``(n, t)``; NaN where a text has no vector."""
    author: Ints
    unit: Ints
    week: Ints
    hour: Ints
    row: Ints
    """Row of the frame that it was made of."""
    n_parts: int = 0
    """How many of the first controls are the parts of a joint claim."""

    def __len__(self) -> int:
        return len(self.y)

    @property
    def is_count(self) -> bool:
        """Whether the outcome is shares with an offset of log views."""
        return self.outcome == SHARING

    @property
    def effects(self) -> Ints:
        """What is held fixed, shape ``(n, 3)``: unit, week, hour of the week."""
        return np.stack([self.unit, self.week, self.hour], axis=1)

    def at(self, mask: np.ndarray) -> Panel:
        """The rows that a mask or an index picks."""
        arrays = {
            name: value[mask]
            for name in self.__dataclass_fields__
            if isinstance(value := getattr(self, name), np.ndarray)
        }
        return replace(self, **arrays)


def measurable(frame: pd.DataFrame, claim: Claim) -> str | None:
    """The first thing that a claim needs and no post has; ``None`` when all is there."""
    for one in claim.needs:
        if not np.isfinite(one.of(frame)).any():
            return ", ".join(one.features)
    columns = ("shares", "log_views") if claim.outcome == SHARING else (claim.outcome,)
    return next((name for name in columns if not frame[name].notna().any()), None)


def panel_of(frame: pd.DataFrame, claim: Claim) -> Panel:
    """The panel of a claim.

    Raises:
        DataError: with too few posts or authors, an exposure that does not vary (inside any author), or an outcome
            that is all zero or does not vary.
    """
    ordered = frame.sort_values(["author", "published_us"], kind="stable")
    known = np.ones(len(ordered), bool)
    for one in claim.needs:
        known &= np.isfinite(one.of(ordered))
    if claim.among is not None:
        known &= claim.among.of(ordered) == 1
    panel = _arrays(ordered, claim)
    known &= np.isfinite(panel.y) & np.isfinite(panel.offset)
    panel, rows = panel.at(known), ordered.loc[known]
    check(panel, claim.id)
    kept = informative(panel)
    panel, rows = panel.at(kept), rows.loc[kept]
    check(panel, claim.id)
    parts = design(rows, (), claim.beyond)
    return replace(panel, controls=np.column_stack([parts, design(rows, claim.controls)]), n_parts=parts.shape[1])


def _arrays(rows: pd.DataFrame, claim: Claim) -> Panel:
    is_count = claim.outcome == SHARING
    author, unit, week, hour = (rows[name].to_numpy(np.int64) for name in ("author", "unit", "week", "hour_of_week"))
    return Panel(
        outcome=claim.outcome,
        y=rows["shares" if is_count else claim.outcome].to_numpy(np.float64),
        offset=rows["log_views"].to_numpy(np.float64) if is_count else np.zeros(len(rows)),
        x=claim.exposure.of(rows),
        controls=np.zeros((len(rows), 0)),
        followers=rows["followers_log"].to_numpy(np.float64),
        topics=rows[[name for name in rows if name.startswith(TOPIC)]].to_numpy(np.float64),
        author=author,
        unit=unit,
        week=week,
        hour=hour,
        row=rows.index.to_numpy(np.int64),
    )


def check(panel: Panel, name: str) -> None:
    """Refuse a panel that cannot tell anything, with the reason."""
    n, n_authors = len(panel), len(np.unique(panel.author))
    if n < LEAST_ROWS or n_authors < 2:
        raise DataError(
            "claim {claim}: {n} posts of {n_authors} authors can be compared; at least {least} posts of 2 authors "
            "are needed",
            claim=name,
            n=n,
            n_authors=n_authors,
            least=LEAST_ROWS,
        )
    if panel.is_count and not panel.y.any():
        raise DataError("claim {claim}: the outcome is zero for all {n} posts", claim=name, n=n)
    if np.ptp(panel.y) == 0:
        raise DataError("claim {claim}: the outcome is the same for all {n} posts", claim=name, n=n)
    if not varying(panel).any():
        raise DataError(
            "claim {claim}: the exposure does not vary inside any author ({n} posts), so nothing can be compared",
            claim=name,
            n=n,
        )


def n_exposed(panel: Panel) -> int:
    """Posts whose exposure is above its mean: with a 0/1 exposure, those that have it."""
    return int((panel.x > panel.x.mean()).sum())


def varying(panel: Panel) -> np.ndarray:
    """Whether the exposure takes more than one value, one entry an author in order of number."""
    by_author = pd.Series(panel.x).groupby(panel.author)
    return (by_author.max() > by_author.min()).to_numpy()


def informative(panel: Panel) -> np.ndarray:
    """Rows that a model with fixed effects can learn from: no level with one row only, none with no share at all.

    A single row is fitted by its own level; a level without any share has no finite effect (separation).
    """
    kept = np.ones(len(panel), bool)
    levels = [np.unique(one, return_inverse=True)[1] for one in panel.effects.T]
    while True:
        before = kept.sum()
        for level in levels:
            many = np.bincount(level, kept)[level] > 1
            kept &= many & ((np.bincount(level, kept * panel.y)[level] > 0) if panel.is_count else True)
        if kept.sum() == before:
            return kept


def design(rows: pd.DataFrame, controls: tuple[Exposure, ...], beyond: tuple[Exposure, ...] = ()) -> Floats:
    """Controls as columns, shape ``(n, k)``: each as it is and, when it is not 0 or 1, its square; gaps are marked.

    A control that no post has is left out. The parts of a joint claim and their pairs without the whole come first,
    so that the coefficient of the whole is what it adds beyond the sum of its parts.
    """
    columns = [*part_columns(rows, beyond)]
    for one in controls:
        values = one.of(rows)
        gaps = ~np.isfinite(values)
        if gaps.all():
            continue
        centred = np.where(gaps, 0.0, values - values[~gaps].mean())
        columns += [centred] if set(np.unique(values[~gaps])) <= {0.0, 1.0} else [centred, _scaled(centred) ** 2]
        columns += [gaps.astype(np.float64)] if gaps.any() else []
    scaled = [_scaled(one - one.mean()) for one in columns if np.ptp(one) > 0]
    return np.stack(scaled, axis=1) if scaled else np.zeros((len(rows), 0))


def part_columns(rows: pd.DataFrame, parts: tuple[Exposure, ...]) -> list[Floats]:
    """The parts of a joint claim and, of three, each pair where the third is absent."""
    values = [one.of(rows) for one in parts]
    if len(values) < 3:
        return values
    whole = np.prod(values, axis=0)
    pairs = [values[i] * values[j] - whole for i in range(3) for j in range(i + 1, 3)]
    return [*values, *pairs]


def _scaled(values: Floats) -> Floats:
    spread = float(values.std())
    return values / spread if spread > 0 else values
