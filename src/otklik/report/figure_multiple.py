"""The multiple and its interval on a ruler where twice as much and half as much are equally far from the usual."""

from __future__ import annotations

import math

from otklik.language import factor, t
from otklik.models.forecast import Quantity
from otklik.report.figure_axis import log_ticks
from otklik.report.page_text import Html, shown

LEAST_REACH = math.log(2.5)
"""The ruler goes at least so far to both sides of the usual."""
LEAST = 0.01
"""Nothing below a hundredth of the usual is drawn."""
APART = 11.0
"""Per cent of the width between the usual and a number beside it."""


def ruler(multiple: Quantity, lang: str) -> Html:
    """The interval as a bar, the middle as a dot, the usual as a line, in SVG that stretches with the page."""
    low, middle, high = (math.log(max(one, LEAST)) for one in (multiple.p10, multiple.p50, multiple.p90))
    left, right = min(-LEAST_REACH, low * 1.12, low - 0.1), max(LEAST_REACH, high * 1.12, high + 0.1)

    def at(value: float) -> str:
        return f"{100 * (value - left) / (right - left):.2f}%"

    def place(value: float) -> float:
        return 100 * (value - left) / (right - left)

    ticks = [
        one for one in log_ticks(math.exp(left), math.exp(right), 7) if abs(place(math.log(one)) - place(0)) > APART
    ]
    numbers = "".join(
        f'<text x="{at(math.log(one))}" y="62" text-anchor="middle">{shown(factor(one, lang))}</text>'
        for one in ticks
        if 4 < place(math.log(one)) < 96
    )
    label = t(
        "{middle} of the usual, 8 of 10 posts between {low} and {high}", lang, middle=factor(multiple.p50, lang),
        low=factor(multiple.p10, lang), high=factor(multiple.p90, lang),
    )  # fmt: skip
    return Html(
        f'<div class="ruler"><svg height="70" role="img" aria-label="{shown(label, None)}">'
        '<line class="rule" x1="0" x2="100%" y1="34" y2="34"/>'
        f'<line class="span" x1="{at(low)}" x2="{at(high)}" y1="34" y2="34"/>'
        f'<g class="usual"><line x1="{at(0)}" x2="{at(0)}" y1="16" y2="46"/>'
        f'<text x="{at(0)}" y="62" text-anchor="middle">{shown(t("the usual", lang))}</text></g>'
        f'{numbers}<circle class="dot" cx="{at(middle)}" cy="34" r="10"/></svg></div>'
    )
