"""An evaluation as a fragment of HTML for a notebook: every model beside the baselines, then ours in each stratum."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from otklik.evaluate import OURS, Evaluation
from otklik.language import factor, number, percent, t
from otklik.report.page_text import shown
from otklik.report.shown_forecast import framed, table

MODEL_HEADS: tuple[str, ...] = ("model", "log-MAE", "×", "within ×2", "Spearman", "pairs", "80 %", "width")
"""Heads of the table of models."""
STRATUM_HEADS: tuple[str, ...] = ("stratum", "task", "n", *MODEL_HEADS[1:])
"""Heads of our figures by stratum."""
LEGEND: tuple[str, ...] = (
    "log-MAE: mean error of log(1 + count), in brackets its 95 % interval over authors; ×: ratio to the best "
    "baseline, below 1 is better; pairs: share of an author's pairs of posts ordered right; 80 %: share of "
    "outcomes inside the interval; width: its upper end over its lower.",
)
"""What the heads mean."""


def fragment(found: Evaluation, lang: str = "en") -> str:
    """One evaluation in a language."""
    title = t("{data}: forecasts of {target}", lang, data=found.data, target=found.target)
    parts = [f"<h3>{shown(title)}</h3>", *_models(found, lang), _strata(found, lang)]
    parts.append(f'<p class="soft">{shown(t(LEGEND[0], lang), None)}</p>')
    parts += [f"<p>{shown(t(note.template, lang, **note.values), None)}</p>" for note in found.notes]
    return framed("".join(parts), lang)


def _models(found: Evaluation, lang: str) -> Iterator[str]:
    everything = [row for row in found.rows if row["stratum"] == "all"]
    for (task, age), group in groupby(everything, key=lambda row: (row["task"], row["prediction_age_h"])):
        part = list(group)
        age_told = t("live posts, last look at or before {age} h", lang, age=age)
        title = t("drafts (age 0)", lang) if task == "draft" else age_told
        posts = t("{n} posts of {authors} authors", lang, n=part[0]["n"], authors=part[0]["n_authors"])
        heads = tuple(t(head, lang) for head in MODEL_HEADS)
        rows = [_line(row["model"], (), row, lang, is_ours=row["model"] == OURS) for row in part]
        yield table(heads, rows, f"{title}: {posts}")


def _strata(found: Evaluation, lang: str) -> str:
    rows = []
    for row in found.rows:
        if row["model"] == OURS and row["stratum"] != "all":
            task = t("draft", lang) if row["task"] == "draft" else f"≤ {row['prediction_age_h']} {t('h', lang)}"
            rows.append(_line(row["stratum"], (task, number(row["n"], lang)), row, lang, brackets=False))
    heads = tuple(t(head, lang) for head in STRATUM_HEADS)
    return f"<details><summary>{shown(t('otklik by stratum', lang))}</summary>{table(heads, rows)}</details>"


def _line(
    name: str, more: tuple[str, ...], row: dict[str, Any], lang: str, *, is_ours: bool = False, brackets: bool = True
) -> str:
    cells = "".join(f"<td>{shown(cell)}</td>" for cell in (*more, *_figures(row, lang, brackets=brackets)))
    return f'<tr{" class=ours" if is_ours else ""}><th scope="row">{shown(name)}</th>{cells}</tr>'


def _figures(row: dict[str, Any], lang: str, *, brackets: bool) -> tuple[str, ...]:
    ratio = row["vs_best_baseline"]
    error, against = _number(row["log_mae"], 3, lang), _number(ratio["ratio"], 3, lang)
    if brackets:
        error += f" [{_number(row['log_mae_lo'], 2, lang)}–{_number(row['log_mae_hi'], 2, lang)}]"
        against += f" [{_number(ratio['lo'], 2, lang)}–{_number(ratio['hi'], 2, lang)}]"
    shares = [_share(row[name], lang) for name in ("within_x2", "pair_accuracy", "coverage_80")]
    width = row["width_80"]
    told = factor(math.exp(min(width, 50)), lang) if _is_known(width) else "—"
    return (error, against, shares[0], _number(row["spearman"], 2, lang), shares[1], shares[2], told)


def _is_known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _number(value: float | None, digits: int, lang: str) -> str:
    return "—" if value is None or not math.isfinite(value) else number(value, lang, digits)


def _share(value: float | None, lang: str) -> str:
    return "—" if value is None or not math.isfinite(value) else percent(value, lang)
