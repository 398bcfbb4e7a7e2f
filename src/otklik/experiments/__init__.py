"""Experiments of an author: variants drawn inside blocks, and analysed by nothing but that draw."""

from otklik.experiments.drawing import assign, in_force, link, named
from otklik.experiments.inference import Comparison, compare, detectable
from otklik.experiments.planning import Plan, Wish, plan
from otklik.experiments.power import History, posts_needed, smallest_effect
from otklik.experiments.randomisation import Posts
from otklik.experiments.result import Arm, Contrast, Entry, Result, result

__all__ = [
    "Arm",
    "Comparison",
    "Contrast",
    "Entry",
    "History",
    "Plan",
    "Posts",
    "Result",
    "Wish",
    "assign",
    "compare",
    "detectable",
    "in_force",
    "link",
    "named",
    "plan",
    "posts_needed",
    "result",
    "smallest_effect",
]
