"""A teardown that a notebook shows: the ten parts in their order; its charts are figures of their own."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Self

from otklik.report.page_text import shown
from otklik.report.shown_sheet import part, sheet
from otklik.report.teardown_page import body, head
from otklik.report.teardown_text import parts
from otklik.teardown.values import Teardown


@dataclass(frozen=True, slots=True)
class ShownTeardown(Teardown):
    """A teardown with a language to tell it in."""

    lang: str = field(default="en", repr=False, compare=False)

    @classmethod
    def of(cls, plain: Teardown, lang: str) -> Self:
        """The same teardown, to be shown in a language."""
        return cls(**{one.name: getattr(plain, one.name) for one in fields(Teardown)}, lang=lang)

    @property
    def is_simulated(self) -> bool:
        """Whether the post was made up."""
        return self.subject.is_simulated

    def to_dict(self) -> dict[str, Any]:
        """The teardown as plain JSON types; how it is shown is no part of it."""
        return Teardown(**{one.name: getattr(self, one.name) for one in fields(Teardown)}).to_dict()

    def _repr_html_(self) -> str:
        told = [
            part(shown(f"{place}. {one.title}"), body(self, one, None, self.lang))
            for place, one in enumerate(parts(self, self.lang), 1)
        ]
        return sheet(head(self, self.lang) + "".join(told), self.lang)
