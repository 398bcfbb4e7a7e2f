"""Values that show themselves in a notebook.

Each is the plain value with two things added: the language and the zone to tell it in. What takes a
:class:`~otklik.models.forecast.Forecast`, an :class:`~otklik.evaluate.Evaluation` or a frame takes these too. The
values themselves know of no page: they live on lower floors, and a report is something done to them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, Self

import pandas as pd

from otklik.evaluate import Evaluation
from otklik.models.forecast import Forecast
from otklik.report import shown_evaluation, shown_forecast


@dataclass(frozen=True, slots=True)
class ShownForecast(Forecast):
    """A forecast that a notebook shows as a card."""

    lang: str = field(default="en", repr=False, compare=False)
    zone: str = field(default="UTC", repr=False, compare=False)
    is_simulated: bool = False
    """Whether it is of data that was made up."""

    @classmethod
    def of(cls, plain: Forecast, lang: str, zone: str, *, is_simulated: bool = False) -> Self:
        """The same forecast, to be shown in a language and a zone."""
        return cls(**_values(plain, Forecast), lang=lang, zone=zone, is_simulated=is_simulated)

    def to_dict(self) -> dict[str, Any]:
        """The forecast as plain JSON types; how it is shown is no part of it."""
        plain = Forecast.to_dict(self)
        told = {name: value for name, value in plain.items() if name not in ("lang", "zone", "is_simulated")}
        return told | ({"simulated": True} if self.is_simulated else {})

    def _repr_html_(self) -> str:
        return shown_forecast.fragment(self, self.lang, self.zone, is_simulated=self.is_simulated)


@dataclass(frozen=True)
class ShownEvaluation(Evaluation):
    """An evaluation that a notebook shows as tables."""

    lang: str = field(default="en", repr=False, compare=False)

    @classmethod
    def of(cls, plain: Evaluation, lang: str) -> Self:
        """The same evaluation, to be shown in a language."""
        return cls(**_values(plain, Evaluation), lang=lang)

    def _repr_html_(self) -> str:
        return shown_evaluation.fragment(self, self.lang)


class ShownFrame(pd.DataFrame):  # type: ignore[misc]
    r"""A frame whose titles stay titles in a notebook: MathJax reads no formula between two dollars in them.

    It is a pandas frame in all else; what is made of it by pandas is one of these too.

    >>> "mathjax_ignore" in ShownFrame({"title": ["$\\href{x}{y}$"]})._repr_html_()
    True
    """

    @property
    def _constructor(self) -> Callable[..., ShownFrame]:
        return ShownFrame

    def _repr_html_(self) -> str | None:
        with pd.option_context("display.html.use_mathjax", False):
            html: str | None = pd.DataFrame(self)._repr_html_()
            return html


def _values(plain: Any, kind: Any) -> dict[str, Any]:
    """The fields that a value has as one of ``kind``."""
    return {one.name: getattr(plain, one.name) for one in fields(kind)}
