"""One score of the text against the multiple: every dot a post, the bars the middle half of a step of the score."""

from __future__ import annotations

import math
from typing import Any

from otklik.language import factor, number, t
from otklik.report.figure_axis import log_ticks, written
from otklik.report.page_figure import Figure
from otklik.report.page_table import Table
from otklik.report.survey_words import SCORE_WORDS, scatter_sentence
from otklik.survey.values import Scatter, Step

LEAST_STEP = 5
"""Posts of a step that is drawn."""


def formula_figure(one: Scatter, lang: str) -> Figure | None:
    """A scatter; ``None`` where the score is the same in all posts."""
    if one.spearman is None:
        return None
    multiples = sorted(multiple for _, multiple in one.points)
    low = min(multiples[len(multiples) // 100] / 1.1, 0.5)
    high = max(multiples[-1 - len(multiples) // 100] * 1.1, 2.0)
    drawn = t("{shown} of {n} posts are drawn, all count.", lang, shown=number(len(one.points), lang), n=one.n)
    return Figure(
        name=f"formula-{one.score}",
        label=scatter_sentence(one, lang) + ".",
        caption=scatter_sentence(one, lang) + ". " + (drawn if len(one.points) < one.n else ""),
        data=(_dots(one, low, high, lang), *_steps(one, lang)),
        layout={
            "hovermode": "closest",
            "margin": {"l": 64, "r": 16, "t": 12, "b": 52},
            "shapes": [
                {
                    "type": "line",
                    "x0": -4,
                    "x1": 104,
                    "y0": 1,
                    "y1": 1,
                    "line": {"color": "var(--down)", "width": 1.5, "dash": "dash"},
                }
            ],
            "xaxis": {
                "range": [-4, 104],
                **written([0, 25, 50, 75, 100], lambda value: number(value, lang)),
                "title": {"text": t("score of the text: {part}", lang, part=t(SCORE_WORDS[one.score], lang))},
            },
            "yaxis": {
                "type": "log",
                "range": [math.log10(low), math.log10(high)],
                **written(log_ticks(low, high), lambda value: factor(value, lang)),
                "title": {"text": t("of the usual", lang)},
            },
        },
        table=steps_table(one, lang),
        height=320,
        legend=(
            ("k-up", t("half of the posts of a step, and their median", lang)),
            ("k-usual-line", t("the usual of the author", lang)),
        ),
        narrow={"margin.l": 52, "margin.r": 8, "yaxis.title.text": "", "height": 280},
    )


def _dots(one: Scatter, low: float, high: float, lang: str) -> dict[str, Any]:
    told = [f"{number(score, lang)}: {factor(multiple, lang)}" for score, multiple in one.points]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [score for score, _ in one.points],
        "y": [min(max(multiple, low), high) for _, multiple in one.points],
        "marker": {"color": "var(--soft)", "size": 5, "opacity": 0.35},
        "hoverinfo": "text",
        "hovertext": told,
    }


def _steps(one: Scatter, lang: str) -> list[dict[str, Any]]:
    steps = [step for step in one.steps if step.n >= LEAST_STEP]
    if not steps:
        return []
    words = [f"{step_name(step, lang)}: {factor(step.p50, lang)} (n = {step.n})" for step in steps]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [(step.low + step.high) / 2 for step in steps],
            "y": [step.p50 for step in steps],
            "error_y": {
                "type": "data",
                "symmetric": False,
                "array": [step.p75 - step.p50 for step in steps],
                "arrayminus": [step.p50 - step.p25 for step in steps],
                "color": "var(--accent)",
                "thickness": 3,
                "width": 0,
            },
            "marker": {"color": "var(--accent)", "size": 13, "line": {"color": "var(--paper)", "width": 2}},
            "hoverinfo": "text",
            "hovertext": words,
        }
    ]


def step_name(step: Step, lang: str) -> str:
    """What a step of the score holds."""
    if step.high == 0:
        return t("nothing found", lang)
    return f"{number(step.low, lang)} – {number(step.high, lang)}"


def steps_table(one: Scatter, lang: str) -> Table:
    """The steps in numbers."""
    rows = tuple(
        (step_name(step, lang), str(step.n), *(factor(value, lang) for value in (step.p25, step.p50, step.p75)))
        for step in one.steps
    )
    head = (t("score", lang), t("posts", lang), "25 %", t("median", lang), "75 %")
    caption = t("Multiples by score of the text: {part}", lang, part=t(SCORE_WORDS[one.score], lang))
    return Table(caption, head, rows)
