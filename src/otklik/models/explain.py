"""Why a forecast is what it is: contributions of groups of features that sum to it.

They describe the model, not the world: a group that moves the forecast need not move what happens.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from otklik.features import Table
from otklik.models.base import Floats, is_live
from otklik.models.boosted import Boosted, Task, start
from otklik.models.forecast import Contribution
from otklik.models.trend import TERMS

CALIBRATION = "calibration"
"""What the calibrated median adds to the model's own point, and the floor at what was already seen."""


@dataclass(frozen=True)
class Explanation:
    """``start_log`` plus all contributions is the forecast on the scale ``log(1 + count)``."""

    start_log: float
    contributions: tuple[Contribution, ...]


def explain(model: Boosted, table: Table, point: Floats) -> list[Explanation]:
    """Contributions by group of each example, largest first (TreeSHAP of LightGBM, plus the trend's terms).

    Args:
        model: the fitted model.
        table: the examples.
        point: the calibrated forecast of each, which the contributions must sum to, shape ``(n,)``.
    """
    live, begin = is_live(table), start(table, model.overall)
    explanations: list[Explanation] = []
    for i in range(len(table)):
        one = table.at(np.array([i]))
        constant, groups = _task_groups(model.tasks[bool(live[i])], one)
        begin_log = float(begin[i]) + constant
        groups[CALIBRATION] = float(point[i]) - begin_log - sum(groups.values())
        ordered = sorted(groups.items(), key=lambda item: -abs(item[1]))
        explanations.append(Explanation(begin_log, tuple(Contribution(*item) for item in ordered)))
    return explanations


def _task_groups(task: Task, one: Table) -> tuple[float, dict[str, float]]:
    """The constant part of a task and what each group of features adds to it, for a table of one example."""
    constant, groups = task.centre, dict.fromkeys((name.split("__")[0] for name in task.features), 0.0)
    if task.trend is not None:
        constant += task.trend.intercept
        for (_, group), value in zip(TERMS, task.trend.contributions(one)[0], strict=True):
            groups[group] += float(value)
    if task.location is not None:
        shap = task.trust * np.asarray(task.location.predict(task.inputs(one), pred_contrib=True))[0]
        constant += float(shap[-1])
        for name, value in zip(task.features, shap, strict=False):
            groups[name.split("__")[0]] += float(value)
    return constant, groups
