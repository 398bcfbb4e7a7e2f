"""What other versions of a draft would reach: a dot and its interval each, beside the draft as it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from otklik.language import count, factor, t
from otklik.models.forecast import Quantity
from otklik.report.figure_axis import log_ticks, written
from otklik.report.page_figure import Figure
from otklik.report.page_table import Table
from otklik.report.page_text import plot_lines


class WhatIf(NamedTuple):
    """One changed draft, scored again."""

    change: str
    """What was changed, in words; words of others may stand in it."""
    p10: float
    p50: float
    p90: float
    is_tie: bool | None = None
    """Whether the difference is too small to be told from nothing; ``None`` where nobody tested it."""


def whatif_figure(as_is: Quantity, rows: Sequence[WhatIf], lang: str) -> Figure | None:
    """Dots and intervals of the changed drafts; ``None`` without any."""
    if not rows:
        return None
    told = [WhatIf(t("as it is", lang), as_is.p10, as_is.p50, as_is.p90), *(WhatIf(*one) for one in rows)]
    best = max(told, key=lambda one: one.p50)
    return Figure(
        name="whatif",
        label=t(
            "Forecast views of {n} versions; the highest middle is that of {title}.",
            lang,
            n=len(told),
            title=best.change,
        ),
        caption=t("A dot is the middle of the forecast, the line holds 8 of 10 posts.", lang),
        data=(_dots(told, lang),),
        layout=_layout(told, lang),
        table=whatif_table(as_is, rows, lang),
        height=76 + 58 * len(told),
        narrow={"margin.l": 132, "yaxis.tickfont.size": 11},
    )


def whatif_table(as_is: Quantity, rows: Sequence[WhatIf], lang: str) -> Table:
    """The same in numbers, each against the draft as it is."""
    cells = [(t("as it is", lang), *_numbers(as_is.p50, as_is.p10, as_is.p90, lang), "", "")]
    for one in (WhatIf(*row) for row in rows):
        against = factor(one.p50 / as_is.p50, lang) if as_is.p50 > 0 else "—"
        verdict = {None: "", True: t("no difference to be told", lang), False: t("a difference", lang)}[one.is_tie]
        cells.append((one.change, *_numbers(one.p50, one.p10, one.p90, lang), against, verdict))
    names = ("change", "middle", "8 of 10 posts", "against as it is", "told apart")
    head = tuple(t(one, lang) for one in names)
    return Table(t("Forecast views of changed drafts", lang), head, tuple(cells), words=(0, 4))


def _numbers(middle: float, low: float, high: float, lang: str) -> tuple[str, str]:
    return count(middle, lang), f"{count(low, lang)} – {count(high, lang)}"


def _dots(told: Sequence[WhatIf], lang: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "y": list(range(len(told))),
        "x": [_drawn(one.p50) for one in told],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [_drawn(one.p90) - _drawn(one.p50) for one in told],
            "arrayminus": [_drawn(one.p50) - _drawn(one.p10) for one in told],
            "color": "var(--soft)",
            "thickness": 2,
            "width": 0,
        },
        "marker": {"size": 12, "color": ["var(--ink)", *["var(--accent)"] * (len(told) - 1)]},
        "hoverinfo": "text",
        "hovertext": [f"{count(one.p50, lang)} ({count(one.p10, lang)} – {count(one.p90, lang)})" for one in told],
    }


def _drawn(views: float) -> float:
    """A log scale has no 0."""
    return max(float(views), 1.0)


def _layout(told: Sequence[WhatIf], lang: str) -> dict[str, Any]:
    low, high = min(_drawn(one.p10) for one in told) / 1.15, max(_drawn(one.p90) for one in told) * 1.15
    line = {"type": "line", "x0": _drawn(told[0].p50), "x1": _drawn(told[0].p50), "y0": -0.5, "y1": len(told) - 0.5}
    return {
        "margin": {"l": 190, "r": 24, "t": 8, "b": 48},
        "shapes": [{**line, "line": {"color": "var(--soft)", "width": 1, "dash": "dot"}}],
        "xaxis": {
            "type": "log",
            "range": [math.log10(low), math.log10(high)],
            **written(log_ticks(low, high, 5), lambda value: count(value, lang)),
            "title": {"text": t("views", lang)},
        },
        "yaxis": {
            "range": [len(told) - 0.5, -0.5],
            "showgrid": False,
            "tickmode": "array",
            "tickvals": list(range(len(told))),
            "ticktext": [plot_lines(one.change) for one in told],
            "tickfont": {"color": "var(--ink)"},
        },
    }
