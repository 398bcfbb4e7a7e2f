"""Advice that was tested: what a change, an hour or another draft is worth by the forecasts of one loaded model.

Nothing is invented here: no title, no text and no picture is made up, only what a person brings is scored. How often
the variant with the higher forecast really goes higher is told by the model's law of pairs
(:class:`otklik.models.pairs.PairLaw`); where that chance is close to one half there is no difference to tell, and
where a model has kept no such law the chance is not told at all.
"""

from otklik.advising.advice import Change, Comparison, Entry, Hour, Hours, Ranked, Tried, Versus, WhatIf
from otklik.advising.ranking import compare
from otklik.advising.scored import pair_law, score_all, versus
from otklik.advising.variants import what_if

__all__ = [
    "Change",
    "Comparison",
    "Entry",
    "Hour",
    "Hours",
    "Ranked",
    "Tried",
    "Versus",
    "WhatIf",
    "compare",
    "pair_law",
    "score_all",
    "versus",
    "what_if",
]
