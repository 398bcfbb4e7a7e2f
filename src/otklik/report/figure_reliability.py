"""Whether what was promised came true: intervals by the share they were made to hold, and chances by what happened."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from otklik.language import number, percent, t
from otklik.report.figure_axis import written
from otklik.report.page_figure import Figure
from otklik.report.page_table import Table

LEAST = 20
"""Posts behind a dot, at least."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised and what came of it, for one group of forecasts."""

    group: str
    """What the group is called, in the page's language."""
    n: int
    promised: float
    """0 to 1: the share an interval is made to hold, or the mean chance that was told."""
    held: float | None
    """0 to 1; ``None`` where too few posts tell it."""


def reliability_figure(name: str, promises: Sequence[Promise], what: str, lang: str) -> Figure | None:
    """Promised against held; ``None`` where nothing is known.

    Args:
        name: id of the figure.
        promises: one a dot; a group is drawn as one line.
        what: caption in the page's language.
        lang: language of the page.
    """
    told = [one for one in promises if one.held is not None and one.n >= LEAST]
    if not told:
        return None
    start = max(0, math.floor(10 * min(min(one.promised, one.held or 0.0) for one in told)) - 1) / 10
    ticks = [tenth / 10 for tenth in range(round(10 * start), 11, 1 if start >= 0.4 else 2)]
    axis: dict[str, Any] = {"range": [start, 1.01], **written(ticks, lambda one: percent(one, lang))}
    diagonal = {"type": "line", "x0": start, "x1": 1, "y0": start, "y1": 1}
    worst = max(told, key=lambda one: abs((one.held or 0.0) - one.promised))
    return Figure(
        name=name,
        label=t(
            "{what}. Furthest from what was promised: {group}, promised {promised}, held {held}.",
            lang,
            what=what,
            group=worst.group,
            promised=percent(worst.promised, lang),
            held=percent(worst.held or 0.0, lang),
        ),
        caption=what + ". " + t("On the dashed line what was promised is what came true.", lang),
        data=tuple(_line(group, told, lang) for group in dict.fromkeys(one.group for one in told)),
        layout={
            "hovermode": "closest",
            "margin": {"l": 72, "r": 16, "t": 12, "b": 52},
            "shapes": [{**diagonal, "line": {"color": "var(--down)", "width": 1.5, "dash": "dash"}}],
            "xaxis": {**axis, "title": {"text": t("promised", lang)}},
            "yaxis": {**axis, "title": {"text": t("came true", lang)}},
        },
        table=reliability_table(promises, what, lang),
        height=380,
        legend=(
            ("k-median", t("a group of forecasts", lang)),
            ("k-usual-line", t("promised and come true alike", lang)),
        ),
        narrow={"margin.l": 56, "height": 320},
    )


def _line(group: str, told: Sequence[Promise], lang: str) -> dict[str, Any]:
    mine = sorted((one for one in told if one.group == group), key=lambda one: one.promised)
    words = [
        f"{group}: {percent(one.promised, lang)} → {percent(one.held or 0.0, lang)} (n = {number(one.n, lang)})"
        for one in mine
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [one.promised for one in mine],
        "y": [one.held for one in mine],
        "line": {"color": "var(--accent)", "width": 1.5},
        "marker": {"color": "var(--accent)", "size": 9, "opacity": 0.75},
        "hoverinfo": "text",
        "hovertext": words,
    }


def reliability_table(promises: Sequence[Promise], what: str, lang: str) -> Table:
    """The same in numbers."""
    rows = tuple(
        (
            one.group,
            percent(one.promised, lang),
            "—" if one.held is None else percent(one.held, lang, 1),
            number(one.n, lang),
        )
        for one in promises
    )
    head = (t("group", lang), t("promised", lang), t("came true", lang), t("posts", lang))
    return Table(what, head, rows)
