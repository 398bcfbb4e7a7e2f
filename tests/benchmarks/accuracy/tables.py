"""The bench told in plain text: one table an age, the widths, and where ours is not the best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from benchmarks.accuracy.learners import LEARNERS
from benchmarks.accuracy.published import PUBLISHED
from benchmarks.accuracy.running import CALIBRATION, Result
from otklik.evaluate import OURS
from otklik.models.baselines import BASELINES

TIE = 0.01
"""Errors within 1 % are a tie."""
BASELINE_NAMES = tuple(kind.name for kind in BASELINES)
AGAINST = {
    "best baseline": BASELINE_NAMES,
    "best published": ("szabo_huberman", "log_linear", "ridge", *(rival.name for rival in PUBLISHED)),
    "best on raw columns": tuple(rival.name for rival in LEARNERS if rival.columns == "raw"),
    "FLAML": ("flaml",),
    "best on our features": tuple(rival.name for rival in LEARNERS if rival.columns == "ours"),
}
"""Whom ours is measured against in the summary."""
COLUMNS = {rival.name: rival.columns for rival in (*PUBLISHED, *LEARNERS)}
"""What each rival is given; baselines are not in it."""


def report(result: Result) -> Iterator[str]:
    """Every line of the report on one data set."""
    yield f"== {result.data}: log-MAE, ratio = ours / rival over the same authors drawn again (below 1: ours is better)"
    for age in sorted({row["age_h"] for row in result.errors}):
        yield from _error_table(result, age)
    yield from _width_table(result)
    whole = result.clocks.get(CALIBRATION)
    if whole:
        yield f"\nseconds are sums over folds; ours and all baselines with calibration took {whole.fit_s:.1f} s"
    yield "\nours over the best of each kind (the best by its own figures here: a choice in its favour)"
    yield from summary(result.errors)
    yield from _losses(result)


def summary(rows: list[dict[str, Any]]) -> Iterator[str]:
    """A line for each age, group and kind of rival."""
    for group in ("all", "known_authors", "unseen_authors"):
        for age in sorted({row["age_h"] for row in rows if row["group"] == group}):
            found = {r["model"]: r for r in rows if (r["age_h"], r["group"]) == (age, group)}
            for kind, names in AGAINST.items():
                there = [found[name] for name in names if name in found]
                if there:
                    best = min(there, key=lambda row: row["log_mae"])
                    yield f"  {group:15} {age:3} h  {kind:21} {best['model']:20} {_ratio(best)}"


def _error_table(result: Result, age: int) -> Iterator[str]:
    rows = [row for row in result.errors if row["age_h"] == age and row["group"] == "all"]
    if not rows:
        return
    task = "drafts" if age == 0 else f"live, last look at or before {age} h"
    yield f"\n{task}: n = {rows[0]['n']}, authors = {rows[0]['n_authors']}"
    yield (
        f"  {'model':20} {'columns':13} {'log-MAE':>7} {'95 %':^15} {'ratio':>6} {'95 %':^15} "
        f"{'pairs':>5} {'known':>6} {'unseen':>6} {'fit s':>7} {'say s':>6}"
    )
    for row in sorted(rows, key=lambda row: row["log_mae"]):
        clock, pairs = result.clocks.get(row["model"]), row["pair_accuracy"]
        apart = [_of(result, age, group, row["model"]) for group in ("known_authors", "unseen_authors")]
        yield (
            f"  {row['model']:20} {given(row['model']):13} {row['log_mae']:7.3f} "
            f"[{row['log_mae_lo']:.3f}, {row['log_mae_hi']:.3f}] {_ratio(row)} "
            f"{'' if pairs is None else f'{pairs:.3f}':>5} {' '.join(f'{one:>6}' for one in apart)} "
            + (f"{clock.fit_s:7.1f} {clock.predict_s:6.1f}" if clock else "")
        )
    for name in result.missing:
        yield f"  {name:20} {given(name):13} not installed"


def given(model: str) -> str:
    """The columns that a forecaster is given.

    >>> given("otklik"), given("ridge"), given("catboost")
    ('ours', 'baseline', 'raw')
    """
    return "ours" if model == OURS else COLUMNS.get(model, "baseline")


def _ratio(row: dict[str, Any]) -> str:
    if row["model"] == OURS:
        return " " * 22
    return f"{row['ratio']:6.3f} [{row['ratio_lo']:.3f}, {row['ratio_hi']:.3f}]"


def _of(result: Result, age: int, group: str, model: str) -> str:
    found = [r for r in result.errors if (r["age_h"], r["group"], r["model"]) == (age, group, model)]
    return f"{found[0]['log_mae']:.3f}" if found else ""


def _width_table(result: Result) -> Iterator[str]:
    if not result.widths:
        return
    yield "\n80 % intervals, mean width in logs once each covers as much as ours (factor on its width)"
    yield f"  {'age':>3} {'model':16} {'covers':>6} {'width':>6} {'factor':>6} {'covers':>6} {'width':>6} {'ratio':>6}"
    for row in sorted(result.widths, key=lambda row: (row["age_h"], row["width"])):
        yield (
            f"  {row['age_h']:3} {row['model']:16} {row['coverage_as_said']:6.3f} {row['width_as_said']:6.3f} "
            f"{row['factor']:6.3f} {row['coverage']:6.3f} {row['width']:6.3f} {_ratio(row)}"
        )


def _losses(result: Result) -> Iterator[str]:
    lost = list(losses(result.errors))
    yield "\nwhere ours is not the best" + (":" if lost else ": nowhere")
    yield from lost
    wider = [row for row in result.widths if row["model"] != OURS and row["ratio"] > 1]
    for row in wider:
        yield f"  width at {row['age_h']} h: {row['model']} is narrower, ours / rival {_ratio(row).strip()}"


def losses(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """A line for each age and group in which some rival has the smaller error; ties within 1 % are said as ties."""
    groups: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["age_h"], row["group"]), []).append(row)
    for (age, group), found in groups.items():
        best = max((row for row in found if row["model"] != OURS), key=lambda row: row["ratio"], default=None)
        if best is None or best["ratio"] <= 1:
            continue
        word = "a tie with" if best["ratio"] <= 1 + TIE else "behind"
        yield (
            f"  age {age} h, {group} (n = {best['n']}): {word} {best['model']} ({given(best['model'])}), "
            f"ours / rival {_ratio(best).strip()}"
        )
