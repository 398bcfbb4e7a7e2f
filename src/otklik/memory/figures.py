"""How good forecasts were: coverage, order, bias and error beside the naive forecast's, by model, month and task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from otklik import metrics
from otklik.memory.outcomes import MATURED, NOT_LINKED, STATES, Entry
from otklik.metrics import Floats
from otklik.models.base import LEVELS

FEW = 20
"""With fewer posts behind it a figure is not told."""
SHARES = (0.5, 0.8, 0.9)
"""Intervals whose coverage is told."""
AGE_EDGES_H = (1.0, 3.0, 6.0, 12.0)
"""Edges of the age bins of forecasts of live posts, in hours."""
CHANCE_EDGES = (0.2, 0.4, 0.6, 0.8)
"""Edges of the bins of the chance to beat the usual."""
N_MISSES = 10
EDGE = 1e-6
"""An outcome this close to the end of an interval, in logs, lies inside: counts are whole, quantiles are computed."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How good the forecasts of one group were; ``None`` where too few posts tell it."""

    name: str
    n: int
    """Matured forecasts."""
    n_posts: int
    """Their posts: forecasts of one post share its luck."""
    coverage_50: float | None = None
    coverage_80: float | None = None
    coverage_90: float | None = None
    pair_accuracy: float | None = None
    """Of two posts of one author that really differ, how often forecasts of one model and age order them right."""
    n_pairs: int = 0
    bias: float | None = None
    """Typical outcome over forecast, as a factor: above 1 the forecasts were too low."""
    log_mae: float | None = None
    naive_log_mae: float | None = None
    """Of the naive forecast of the same posts."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts with about the same chance of beating the usual."""

    low: float
    high: float
    n: int
    n_posts: int
    said: float | None
    """The mean chance told."""
    happened: float | None
    """The share that did beat the usual; ``None`` where too few posts tell it."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A forecast and how far it was off."""

    forecast: int
    """Its number."""
    post: str
    title: str | None
    model: str
    task: str
    way: str | None
    """How a draft got its post: ``hand`` or ``title``."""
    p10: float
    p50: float
    p90: float
    views: float
    """What happened."""
    factor: float
    """Outcome over forecast."""


@dataclass(frozen=True, slots=True)
class Line:
    """One remembered forecast in short."""

    forecast: int
    """Its number."""
    subject: str
    title: str | None
    model: str
    made_at: str
    """ISO 8601, UTC."""
    p50: float
    state: str
    """One of :data:`otklik.memory.outcomes.STATES`."""
    post: str | None
    way: str | None
    views: float | None


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """How good the remembered forecasts were."""

    n: int
    states: dict[str, int]
    """How many forecasts are in each of :data:`otklik.memory.outcomes.STATES`."""
    ways: dict[str, int]
    """How many drafts were linked by hand and how many by their title."""
    overall: Figures
    reactions: Figures
    """The same for reactions."""
    by_model: tuple[Figures, ...]
    by_month: tuple[Figures, ...]
    by_task: tuple[Figures, ...]
    reliability: tuple[Bin, ...]
    misses: tuple[Miss, ...]
    """Worst first, one a post."""
    unlinked: tuple[tuple[int, str | None], ...]
    """Number and title of drafts whose time has come and whose post is not known."""
    forecasts: tuple[Line, ...]
    """All of them, in the order in which they were remembered."""

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return asdict(self) | {"few": FEW}


def summed_up(entries: Sequence[Entry]) -> TrackRecord:
    """The track record of remembered forecasts."""
    matured = [one for one in entries if one.state == MATURED]
    counts = Counter(one.state for one in entries)
    return TrackRecord(
        n=len(entries),
        states={state: counts[state] for state in STATES},
        ways=dict(Counter(one.way for one in entries if one.way is not None and one.post is not None)),
        overall=figures("all", matured),
        reactions=figures("reactions", [one for one in matured if _has_reactions(one)], of=_reactions),
        by_model=_grouped(matured, lambda one: f"{one.forecast.model} {one.forecast.checksum[:8]}"),
        by_month=_grouped(matured, lambda one: f"{one.forecast.made_at:%Y-%m}"),
        by_task=_grouped(matured, task, order=TASKS),
        reliability=tuple(_reliability(matured)),
        misses=tuple(_misses(matured)),
        unlinked=tuple((one.forecast.key, one.title) for one in entries if one.state == NOT_LINKED),
        forecasts=tuple(map(_line, entries)),
    )


def _line(one: Entry) -> Line:
    said, post = one.forecast, None if one.post is None else ":".join(one.post)
    made_at = said.made_at.isoformat()
    return Line(
        said.key, said.subject, one.title, said.model, made_at, said.views[1], one.state, post, one.way, one.views
    )


_BOUNDS = (0.0, *AGE_EDGES_H)
TASKS = ("draft", *(f"live {a:g}-{b:g} h" for a, b in zip(_BOUNDS, AGE_EDGES_H, strict=False)), "live 12 h and more")
"""What was forecast: a draft, or a post by its age at the cutoff."""


def task(entry: Entry) -> str:
    """One of :data:`TASKS`."""
    age = entry.forecast.age_h
    return TASKS[0] if age is None else TASKS[1 + int(np.searchsorted(AGE_EDGES_H, age, side="right"))]


@dataclass(frozen=True, slots=True)
class _Said:
    """What one forecast said of one counter, and what happened, as counts."""

    outcome: float
    p10_p50_p90: tuple[float, float, float]
    curve: tuple[float, ...]
    naive: float | None


def _views(entry: Entry) -> _Said:
    assert entry.views is not None
    one = entry.forecast
    return _Said(entry.views, one.views, one.curve, one.naive_views)


def _reactions(entry: Entry) -> _Said:
    assert entry.reactions is not None
    assert entry.forecast.reactions is not None
    return _Said(entry.reactions, entry.forecast.reactions, (), entry.forecast.naive_reactions)


def _has_reactions(entry: Entry) -> bool:
    return entry.reactions is not None and entry.forecast.reactions is not None


def figures(name: str, entries: Sequence[Entry], of: Callable[[Entry], _Said] = _views) -> Figures:
    """How good matured forecasts were.

    Args:
        name: of the group.
        entries: matured ones.
        of: which counter.
    """
    n_posts = len({one.post for one in entries})
    if n_posts < FEW:
        return Figures(name, len(entries), n_posts)
    said = [of(one) for one in entries]
    y = np.log1p([one.outcome for one in said])
    point = np.log1p([one.p10_p50_p90[1] for one in said])
    right, pairs = metrics.pair_counts(y, point, _comparable(entries))
    naive = np.array([np.nan if one.naive is None else one.naive for one in said])
    has_naive = np.isfinite(naive).all()
    covered = {share: _coverage(y, said, share) for share in SHARES}
    return Figures(
        name,
        len(entries),
        n_posts,
        covered[0.5],
        covered[0.8],
        covered[0.9],
        pair_accuracy=float(right.sum() / pairs.sum()) if pairs.sum() >= FEW else None,
        n_pairs=int(pairs.sum()),
        bias=float(np.exp(np.mean(y - point))),
        log_mae=metrics.log_mae(y, point),
        naive_log_mae=metrics.log_mae(y, np.log1p(naive)) if has_naive else None,
    )


def _comparable(entries: Sequence[Entry]) -> np.ndarray:
    """A number for each author, model and task: only inside these are two forecasts put in order."""
    names = [f"{one.author}/{one.forecast.checksum}/{task(one)}" for one in entries]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _coverage(y: Floats, said: Sequence[_Said], share: float) -> float | None:
    """Share of outcomes inside an interval; ``None`` where some forecast did not tell its ends."""
    ends = [_ends(one, share) for one in said]
    if any(one is None for one in ends):
        return None
    low, high = np.log1p(np.array(ends, dtype=np.float64)).T
    return metrics.coverage(y, low - EDGE, high + EDGE)


def _ends(said: _Said, share: float) -> tuple[float, float] | None:
    if share == 0.8:
        return said.p10_p50_p90[0], said.p10_p50_p90[2]
    if len(said.curve) != len(LEVELS):
        return None
    low, high = (int(np.argmin(np.abs(LEVELS - level))) for level in (0.5 - share / 2, 0.5 + share / 2))
    return said.curve[low], said.curve[high]


def is_inside(entry: Entry) -> bool:
    """Whether the views of a matured forecast lie in its 80 % interval."""
    low, _, high = np.log1p(entry.forecast.views)
    return bool(low - EDGE <= np.log1p(entry.views or 0.0) <= high + EDGE)


def _grouped(
    entries: Sequence[Entry], name_of: Callable[[Entry], str], order: Sequence[str] = ()
) -> tuple[Figures, ...]:
    groups: dict[str, list[Entry]] = {}
    for one in entries:
        groups.setdefault(name_of(one), []).append(one)
    names = [name for name in order if name in groups] if order else sorted(groups)
    return tuple(figures(name, groups[name]) for name in names)


def _reliability(entries: Sequence[Entry]) -> Iterator[Bin]:
    told = [one for one in entries if one.forecast.beats_usual is not None]
    for low, high in zip((0.0, *CHANCE_EDGES), (*CHANCE_EDGES, 1.0), strict=True):
        part = [one for one in told if low <= _chance(one) < high or (high == 1.0 and _chance(one) == 1.0)]
        n_posts = len({one.post for one in part})
        happened = [float((one.views or 0.0) > one.forecast.baseline) for one in part]
        yield Bin(
            low,
            high,
            len(part),
            n_posts,
            said=float(np.mean([_chance(one) for one in part])) if part else None,
            happened=float(np.mean(happened)) if n_posts >= FEW else None,
        )


def _chance(entry: Entry) -> float:
    return float(entry.forecast.beats_usual or 0.0)


def _misses(entries: Sequence[Entry]) -> Iterator[Miss]:
    def off(entry: Entry) -> float:
        return float(np.log1p(entry.views or 0.0) - np.log1p(entry.forecast.views[1]))

    seen: set[Any] = set()
    for one in sorted(entries, key=lambda entry: (-abs(off(entry)), entry.forecast.key)):
        if one.post in seen or len(seen) == N_MISSES:
            continue
        seen.add(one.post)
        said = one.forecast
        post = ":".join(one.post or ())
        middle = (said.key, post, one.title, said.model, task(one), one.way, *said.views)
        yield Miss(*middle, views=one.views or 0.0, factor=float(np.exp(off(one))))
