"""The small picture of a post: its views against the band of the author's earlier posts, and the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from otklik.alerts import Standing
from otklik.board.state import Row

WIDTH, HEIGHT = 240.0, 64.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 2.0, 8.0, 4.0, 3.0
_SPANS = (6.0, 24.0, 72.0)
"""Hours that a picture can span: the least that holds the post's age, and the forecast's."""
Point = tuple[float, float]


def picture(row: Row, label: str) -> str:
    """Views by age as SVG, from 0: the band is where half of the earlier posts were.

    Args:
        row: the post.
        label: what the picture shows, in words, for those who do not see it.
    """
    post = row.post
    views = _own(post)
    if len(views) < 2:
        return ""
    horizon = row.forecast.horizon_h if row.forecast is not None else None
    least = max(views[-1][0], horizon or 0.0)
    span = next((one for one in _SPANS if one >= least), least)
    band = [(age, one) for age, one in zip(post.ages, post.band, strict=True) if one is not None and age <= span]
    tops = [count for _, count in views] + [one.p75 for _, one in band]
    # The far end of the range may leave the picture: else it would flatten everything that was seen.
    tops += [1.2 * row.forecast.views.p50] if row.forecast is not None else []
    scale = _Scale(span, max(*tops, 1.0))
    low = [scale.at(age, one.p25) for age, one in band]
    high = [scale.at(age, one.p75) for age, one in band]
    middle = [scale.at(age, one.p50) for age, one in band]
    parts = [f'<polygon class="band" points="{_points([*low, *reversed(high)])}"/>'] if len(band) > 1 else []
    parts += [f'<polyline class="usual" points="{_points(middle)}"/>'] if len(band) > 1 else []
    parts.append(f'<polyline class="own" points="{_points([scale.at(*one) for one in views])}"/>')
    x, y = scale.at(*views[-1])
    parts.append(f'<circle class="now" cx="{x:.1f}" cy="{y:.1f}" r="2.8"/>')
    parts += _forecast(row, horizon, scale) if horizon is not None else []
    return f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'


class _Scale:
    """Ages and counts to places on the picture."""

    def __init__(self, span: float, top: float) -> None:
        self._span, self._top = span, top

    def at(self, age: float, count: float) -> Point:
        """Where an age and a count lie."""
        x = _LEFT + (WIDTH - _LEFT - _RIGHT) * age / self._span
        return x, HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * min(count / self._top, 1.0)


def _own(post: Standing) -> list[Point]:
    """The post's views by age, from publication to its last look."""
    told = [(age, count) for age, count in zip(post.ages, post.curve, strict=True) if count is not None]
    if post.age_h is not None and post.views is not None:
        told = [(age, count) for age, count in told if age < post.age_h] + [(post.age_h, post.views)]
    return told if len(told) != 1 else [(0.0, 0.0), *told]


def _forecast(row: Row, horizon: float, scale: _Scale) -> list[str]:
    """The range of the forecast as a bar at its horizon, its middle as a tick."""
    assert row.forecast is not None
    views = row.forecast.views
    (x, low), (_, high), (_, middle) = (scale.at(horizon, one) for one in (views.p10, views.p90, views.p50))
    return [
        f'<line class="range" x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}"/>',
        f'<line class="range" x1="{x - 4:.1f}" x2="{x + 4:.1f}" y1="{middle:.1f}" y2="{middle:.1f}"/>',
    ]


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
