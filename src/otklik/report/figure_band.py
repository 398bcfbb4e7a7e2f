"""The typical band: the middle half of views by age, on a scale where equal distances are equal multiples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from otklik.language import count, factor, hours, t
from otklik.report.figure_axis import log_ticks, written
from otklik.report.page_figure import Figure
from otklik.report.page_table import Table
from otklik.report.page_text import plot_label
from otklik.report.survey_words import age, middle_half, stratum
from otklik.survey.values import Band, BandPoint, Placed

LEAST_POINTS = 2
HOURS = (1.0, 3.0, 6.0, 12.0, 24.0, 48.0, 72.0)


def band_figure(band: Band, place: int, lang: str, posts: Sequence[Placed] = ()) -> Figure | None:
    """One band, with an author's last posts upon it; ``None`` where fewer than two ages are known.

    Args:
        band: of posts that are counted alike.
        place: number of the figure on its page.
        lang: language of the page.
        posts: those of the same platform, kind and rule are drawn at their age of comparison.
    """
    points = band.points
    if len(points) < LEAST_POINTS:
        return None
    mine = [
        one
        for one in posts
        if (one.platform, one.kind, one.rule) == (band.platform, band.kind, band.rule) and one.compare_h and one.views
    ]
    values = [max(one, 1.0) for point in points for one in (point.p25, point.p75)] + [one.views or 1.0 for one in mine]
    low, high = min(values) / 1.25, max(values) * 1.25
    ages = [point.age_h or 0.0 for point in points] + [one.compare_h or 0.0 for one in mine]
    return Figure(
        name=f"band-{place}",
        label=t(
            "Views by age of {what}: at {age} {middle}.",
            lang,
            what=stratum(band.platform, band.kind, band.rule, lang),
            age=age(points[-1].age_h, lang),
            middle=middle_half(points[-1], lang),
        ),
        caption=t(
            "Every age has its own posts, those that were looked at around it (n in the table), so the line may fall. "
            "The scale is logarithmic: equal distances are equal multiples.",
            lang,
        ),
        data=(*_traces(points, lang), *_posts(mine, lang)),
        layout={
            "hovermode": "closest",
            "margin": {"l": 86, "r": 24, "t": 16, "b": 52},
            "xaxis": _ages(min(ages), max(ages), lang),
            "yaxis": {
                "type": "log",
                "range": [math.log10(low), math.log10(high)],
                **written(log_ticks(low, high), lambda value: count(value, lang)),
                "title": {"text": t("views", lang), "standoff": 12},
            },
        },
        table=band_table(band, lang),
        height=360,
        legend=(
            ("k-usual", t("the middle half of the posts, 25 to 75 %", lang)),
            ("k-usual-line", t("their median", lang)),
            *((("k-dot", t("the author's last posts", lang)),) if mine else ()),
        ),
        narrow={"margin.l": 52, "margin.r": 10, "yaxis.title.text": "", "height": 320},
    )


def band_table(band: Band, lang: str) -> Table:
    """The same in numbers."""
    rows = tuple(
        (age(one.age_h, lang), count(one.p25, lang), count(one.p50, lang), count(one.p75, lang), str(one.n))
        for one in band.points
    )
    head = (t("age", lang), "25 %", t("median", lang), "75 %", "n")
    name = stratum(band.platform, band.kind, band.rule, lang)
    return Table(t("Views by age, {what}", lang, what=name), head, rows)


def _ages(first: float, last: float, lang: str) -> dict[str, Any]:
    inside = [one for one in HOURS if first / 1.3 <= one <= last * 1.1]
    return {
        "type": "log",
        "range": [math.log10(first / 1.1), math.log10(last * 1.1)],
        "showgrid": False,
        "ticks": "outside",
        "tickcolor": "var(--line)",
        **written(inside, lambda value: hours(value, lang)),
        "title": {"text": t("since publication", lang)},
    }


def _traces(points: Sequence[BandPoint], lang: str) -> list[dict[str, Any]]:
    ages = [point.age_h for point in points]
    base: dict[str, Any] = {"type": "scatter", "mode": "lines", "x": ages, "hoverinfo": "skip"}
    edge = {"width": 0, "color": "var(--usual)"}
    words = [f"{age(one.age_h, lang)}: {middle_half(one, lang)}" for one in points]
    return [
        {**base, "y": [max(one.p25, 1.0) for one in points], "line": edge},
        {
            **base,
            "y": [max(one.p75, 1.0) for one in points],
            "line": edge,
            "fill": "tonexty",
            "fillcolor": "var(--usual)",
        },
        {
            **base,
            "mode": "lines+markers",
            "y": [max(one.p50, 1.0) for one in points],
            "line": {"color": "var(--down)", "width": 2, "dash": "dash"},
            "marker": {"color": "var(--down)", "size": 5},
            "hoverinfo": "text",
            "hovertext": words,
        },
    ]


def _posts(posts: Sequence[Placed], lang: str) -> list[dict[str, Any]]:
    if not posts:
        return []
    words = [
        f"{plot_label(one.title)}<br>{age(one.compare_h, lang)}: {count(one.views or 0.0, lang)}"
        + (f", {factor(one.multiple, lang)}" if one.multiple is not None else "")
        for one in posts
    ]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [one.compare_h for one in posts],
            "y": [max(one.views or 1.0, 1.0) for one in posts],
            "marker": {"color": "var(--accent)", "size": 10, "opacity": 0.75},
            "hoverinfo": "text",
            "hovertext": words,
        }
    ]
