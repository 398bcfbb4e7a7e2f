"""A chart on a page: drawn by plotly from JSON, told in words for those who do not see it, its data in a table below.

Colours are written as ``var(--accent)``: the page's script puts in what the theme of the moment says.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from otklik.language import t
from otklik.report.page_table import Table, render_table
from otklik.report.page_text import Html, shown

AXIS: dict[str, Any] = {
    "fixedrange": True,
    "zeroline": False,
    "gridcolor": "var(--grid)",
    "linecolor": "var(--line)",
    "tickfont": {"color": "var(--soft)"},
    "title": {"font": {"color": "var(--soft)", "size": 13}},
}
"""What the axes of all charts share."""
LAYOUT: dict[str, Any] = {
    "autosize": True,
    "dragmode": False,
    "showlegend": False,
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "font": {"family": "var(--font)", "size": 13, "color": "var(--ink)"},
    "margin": {"l": 64, "r": 16, "t": 16, "b": 52},
    "hoverlabel": {
        "bgcolor": "var(--card)",
        "bordercolor": "var(--line)",
        "align": "left",
        "font": {"color": "var(--ink)", "family": "var(--font)", "size": 13},
    },
}
"""What all charts share."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as a value."""

    name: str
    """Its id on the page."""
    label: str
    """What it shows, in a sentence with its main numbers."""
    caption: str
    """What stands below it for everybody."""
    data: tuple[dict[str, Any], ...]
    """Traces of plotly; words of others in them are labels by :func:`otklik.report.page_text.plot_label`."""
    layout: dict[str, Any]
    table: Table
    """The data behind it."""
    height: int = 400
    """Pixels."""
    legend: tuple[tuple[str, str], ...] = ()
    """Classes of the style sheet and what they mark."""
    narrow: dict[str, Any] = field(default_factory=dict)
    """What is otherwise on a phone, by dotted names as plotly's ``relayout`` takes them."""

    def spec(self) -> dict[str, Any]:
        """The chart as plotly takes it."""
        layout = {**LAYOUT, **self.layout, "height": self.height}
        for name in ("xaxis", "yaxis"):
            layout[name] = merged(AXIS, layout.get(name, {}))
        return {"data": list(self.data), "layout": layout, "narrow": self.narrow}


def merged(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Nested settings, the second over the first.

    >>> merged({"a": {"x": 1}}, {"a": {"y": 2}})
    {'a': {'x': 1, 'y': 2}}
    """
    both = {**base, **more}
    for name in base.keys() & more.keys():
        if isinstance(base[name], dict) and isinstance(more[name], dict):
            both[name] = merged(base[name], more[name])
    return both


def in_script(value: Any) -> str:
    r"""JSON that may stand inside a script element: nothing in it can end the element.

    >>> in_script("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text.encode("utf-8", "replace").decode("utf-8")


def render_figure(figure: Figure, lang: str) -> Html:
    """The chart's place on the page, its legend, caption and data."""
    legend = "".join(f'<li><i class="{shown(look)}"></i>{shown(told)}</li>' for look, told in figure.legend)
    nothing = t("The chart needs JavaScript; its data are in the table below.", lang)
    return Html(
        f'<figure id="{shown(figure.name)}">'
        + (f'<ul class="legend">{legend}</ul>' if legend else "")
        + f'<div class="plot" role="img" aria-label="{shown(figure.label, None)}" style="min-height:{figure.height}px">'
        f"<noscript>{shown(nothing)}</noscript></div>"
        f'<script type="application/json">{in_script(figure.spec())}</script>'
        f"<figcaption>{shown(figure.caption, None)}</figcaption>"
        f'<details class="data"><summary>{shown(t("The data behind the chart", lang))}</summary>'
        f"{render_table(figure.table)}</details></figure>"
    )
