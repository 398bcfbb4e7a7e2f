"""A chart of a page as a figure of plotly, and a way to show figures in a notebook that needs no network.

plotly's own ways either load plotly.js from the network or repeat its 5 MB; here it is written into the notebook
once, before the first figure. Each output holds two forms: plotly's own type, which JupyterLab and VS Code draw by
themselves where they know it, and HTML, which all others draw, the page that nbconvert writes included.
"""

from __future__ import annotations

import re
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from otklik.errors import ConfigurationError
from otklik.language import t
from otklik.report import page
from otklik.report.page_figure import Figure
from otklik.report.page_style import LIGHT
from otklik.report.page_text import plain, plot_label

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as Drawn
    from plotly.graph_objects.layout import Template

FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
RENDERER, REAL, SIMULATED = "otklik", "otklik", "otklik_simulated"
"""Names of the renderer and of the two templates among plotly's."""
MARK = "simulated"
LINE, MOST_LINES = 118, 4
"""Characters of a line below the title, and how many lines there may be."""
_COLOURS = (LIGHT["accent"], "#b0652b", "#5a5fa8", "#8a8d3a", "#a34a6f", "#4b7f9f", "#6d6a63", "#c09a2d")
_VARIABLE = re.compile(r"^var\(--([a-z]+)\)$")
_CONFIG: dict[str, Any] = {"displaylogo": False, "responsive": True, "displayModeBar": False}
_KEYS: dict[str, dict[str, Any]] = {
    "k-median": {"mode": "lines", "line": {"color": LIGHT["accent"], "width": 3}},
    "k-usual-line": {"mode": "lines", "line": {"color": LIGHT["down"], "width": 2, "dash": "dash"}},
    "k-inner": {"mode": "markers", "marker": {"symbol": "square", "size": 13, "color": "rgba(11,107,107,.40)"}},
    "k-outer": {"mode": "markers", "marker": {"symbol": "square", "size": 13, "color": LIGHT["outer"]}},
    "k-usual": {"mode": "markers", "marker": {"symbol": "square", "size": 13, "color": LIGHT["usual"]}},
    "k-dot": {"mode": "markers", "marker": {"size": 10, "color": LIGHT["accent"], "opacity": 0.75}},
    "k-up": {"mode": "markers", "marker": {"symbol": "square", "size": 13, "color": LIGHT["accent"]}},
    "k-down": {"mode": "markers", "marker": {"symbol": "square", "size": 13, "color": LIGHT["down"]}},
}
"""What the marks of a page's legend are in a legend of plotly."""


def prepare(lang: str, *, is_simulated: bool) -> None:
    """Make plotly draw in this notebook without a network, and mark every figure where the data are made up.

    Writes plotly.js into the output of the cell that it is called in; every later figure of the notebook needs it.

    Args:
        lang: language of the mark.
        is_simulated: whether the figures of this notebook show simulated data.

    Raises:
        ConfigurationError: outside a notebook, where there is no IPython.
    """
    import plotly.io

    try:
        from IPython.display import HTML, display
    except ModuleNotFoundError:
        raise ConfigurationError(
            "this is for notebooks, and IPython is not installed: `pip install jupyterlab`"
        ) from None
    from plotly.io.base_renderers import MimetypeRenderer

    class Renderer(MimetypeRenderer):  # type: ignore[misc]
        """A figure in both forms; plotly.js is there already."""

        def to_mimebundle(self, fig_dict: dict[str, Any]) -> dict[str, Any]:
            """What a notebook keeps of a figure."""
            return mimebundle(fig_dict)

    plotly.io.renderers[RENDERER] = Renderer()
    plotly.io.renderers.default = RENDERER
    for name, made_up in ((REAL, False), (SIMULATED, True)):
        plotly.io.templates[name] = template(lang, is_simulated=made_up)
    plotly.io.templates.default = SIMULATED if is_simulated else REAL
    library = f"<script>window.PlotlyConfig={{MathJaxConfig:'local'}};</script><script>{page.plotly()}</script>"
    display(HTML(library))  # type: ignore[no-untyped-call]


def mimebundle(figure: dict[str, Any]) -> dict[str, Any]:
    """A figure, as plotly's JSON types, in the two forms that a notebook keeps."""
    import json

    from plotly.io import to_html, to_json

    html = to_html(
        figure, config=_CONFIG, include_plotlyjs=False, include_mathjax=False, full_html=False, validate=False
    )
    plain_types = json.loads(to_json(figure, validate=False, remove_uids=False))
    return {"application/vnd.plotly.v1+json": {**plain_types, "config": _CONFIG}, "text/html": html}


def template(lang: str, *, is_simulated: bool, mark_up: int = 3) -> Template:
    """The look of figures in a notebook: a light ground of their own, so that they read in a dark theme too.

    Args:
        lang: language of the mark.
        is_simulated: whether figures are marked.
        mark_up: pixels from the plot up to the mark: what stands above the plot is not to be hidden.
    """
    import plotly.graph_objects as go

    axis = {
        "gridcolor": LIGHT["grid"],
        "linecolor": LIGHT["line"],
        "zeroline": False,
        "automargin": True,
        "tickfont": {"color": LIGHT["soft"]},
        "title": {"font": {"color": LIGHT["soft"], "size": 13}},
    }
    layout = {
        "font": {"family": FONT, "size": 13, "color": LIGHT["ink"]},
        "paper_bgcolor": LIGHT["card"],
        "plot_bgcolor": LIGHT["card"],
        "colorway": list(_COLOURS),
        "separators": ", " if lang == "ru" else ".,",
        "title": {"x": 0.01, "xanchor": "left", "font": {"size": 16}},
        "margin": {"l": 70, "r": 24, "t": 64, "b": 56},
        "hoverlabel": {"bgcolor": LIGHT["card"], "bordercolor": LIGHT["line"], "align": "left"},
        "xaxis": axis,
        "yaxis": axis,
        "annotations": [_mark(lang, mark_up)] if is_simulated else [],
    }
    return go.layout.Template(layout=layout)


def _mark(lang: str, up: int) -> dict[str, Any]:
    """The sign on a figure that its data are made up: above its right end."""
    return {
        "name": MARK,
        "text": f"<b>{escape(t('Simulated data.', lang))}</b>",
        "xref": "paper", "yref": "paper", "x": 1, "y": 1, "xanchor": "right", "yanchor": "bottom", "yshift": up,
        "showarrow": False,
        "font": {"color": LIGHT["warn"], "size": 12},
        "bgcolor": LIGHT["card"],
    }  # fmt: skip


def drawn(figure: Figure, lang: str, *, is_simulated: bool) -> Drawn:
    """A chart of a page as a figure of plotly: its title, its caption below, its legend under the plot.

    Args:
        figure: the chart.
        lang: its language.
        is_simulated: whether its data are made up; the figure then says so.
    """
    import plotly.graph_objects as go

    spec = _coloured(figure.spec())
    layout, lines = spec["layout"], _lines(figure.caption.removeprefix(figure.table.caption + ". "))
    keys = [_key(look, told) for look, told in figure.legend]
    above = layout["margin"]["t"]
    margin = {**layout["margin"], "t": above + 44 + 16 * len(lines) + (14 if is_simulated else 0)}
    margin["b"] += 34 if keys else 0
    title = {
        "text": plot_label(figure.table.caption, LINE),
        "subtitle": {"text": "<br>".join(lines), "font": {"size": 12, "color": LIGHT["soft"]}},
        "yref": "container", "y": 1, "yanchor": "top", "pad": {"t": 14},
    }  # fmt: skip
    layout |= {
        "template": template(lang, is_simulated=is_simulated, mark_up=max(3, above - 12)),
        "paper_bgcolor": LIGHT["card"],
        "title": title,
        "margin": margin,
        "height": layout["height"] + margin["t"] - above + (34 if keys else 0),
        "showlegend": bool(keys),
        "legend": {
            "orientation": "h",
            "traceorder": "normal",
            "x": 0,
            "xanchor": "left",
            "yref": "container",
            "y": 0.01,
            "yanchor": "bottom",
        },
    }
    traces = [{**one, "showlegend": False} if one["type"] != "heatmap" else one for one in spec["data"]]
    return go.Figure(data=[*traces, *keys], layout=layout)


def drawn_or_nothing(figure: Figure | None, lang: str, *, is_simulated: bool) -> Drawn:
    """A chart as :func:`drawn` gives it; where there is none, a figure that says that too little is known."""
    return (
        nothing(lang, is_simulated=is_simulated) if figure is None else drawn(figure, lang, is_simulated=is_simulated)
    )


def nothing(lang: str, *, is_simulated: bool) -> Drawn:
    """A figure that says that there is too little to draw."""
    import plotly.graph_objects as go

    told = {
        "text": t("Too little is known here to draw it.", lang),
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
    }
    hidden = {"visible": False}
    look = template(lang, is_simulated=is_simulated)
    return go.Figure(layout={"template": look, "annotations": [told], "xaxis": hidden, "yaxis": hidden, "height": 160})


def _key(look: str, told: str) -> dict[str, Any]:
    """An entry of the legend: a trace without points."""
    return {
        "type": "scatter",
        "x": [None],
        "y": [None],
        "name": plot_label(told, LINE),
        "hoverinfo": "skip",
        **_KEYS[look],
    }


def _lines(caption: str) -> list[str]:
    return [
        plot_label(one, LINE + 1) for one in wrap(plain(caption, None), LINE, max_lines=MOST_LINES, placeholder=" …")
    ]


def _coloured(value: Any) -> Any:
    """Colours by name become colours: a notebook has no style sheet of ours around its figures."""
    if isinstance(value, str):
        name = _VARIABLE.match(value)
        return value if name is None else FONT if name[1] == "font" else LIGHT[name[1]]
    if isinstance(value, dict):
        return {key: _coloured(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_coloured(one) for one in value]
    return value
