"""A model card that a notebook shows: what it learned from, what it must not be used for, how good it was."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Self

from otklik.report import model_page_parts as part_of
from otklik.report.model_page import ModelReport
from otklik.report.page_text import quoted, shown
from otklik.report.shown_sheet import part, sheet


@dataclass(frozen=True, slots=True)
class ShownModel(ModelReport):
    """A model card with a language to tell it in."""

    lang: str = field(default="en", repr=False, compare=False)

    @classmethod
    def shown(cls, plain: ModelReport, lang: str) -> Self:
        """The same card, to be shown in a language."""
        return cls(**{one.name: getattr(plain, one.name) for one in fields(ModelReport)}, lang=lang)

    def to_dict(self) -> dict[str, Any]:
        """The card as plain JSON types; how it is shown is no part of it."""
        return ModelReport(**{one.name: getattr(self, one.name) for one in fields(ModelReport)}).to_dict()

    def _repr_html_(self) -> str:
        sections = (part_of.learned, part_of.must_not, part_of.accuracy)
        told = [section(self, self.lang) for section in sections]
        body = "".join(part(shown(one.title), one.body) for one in told)
        return sheet(f"<h3>{quoted(self.name)}</h3>{body}", self.lang)
