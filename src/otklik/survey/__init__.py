"""A corpus or one author surveyed: typical bands, hours, the formula, what worked lately, and how well it was seen."""

from otklik.survey.build import author_of, survey
from otklik.survey.values import Survey

__all__ = ["Survey", "author_of", "survey"]
