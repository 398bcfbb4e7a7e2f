"""A survey that a notebook shows: what was found in sentences and tables; its charts are figures of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Self

from otklik.language import t
from otklik.report import corpus_page_parts as part_of
from otklik.report.corpus_page import head
from otklik.report.page_text import shown
from otklik.report.shown_sheet import part, sheet
from otklik.report.survey_words import band_sentence, best_hours, formula_sentence, hours_sentence, scatter_sentence
from otklik.survey.values import Survey


@dataclass(frozen=True, slots=True)
class ShownSurvey(Survey):
    """A survey with a language to tell it in."""

    lang: str = field(default="en", repr=False, compare=False)

    @classmethod
    def of(cls, plain: Survey, lang: str) -> Self:
        """The same survey, to be shown in a language."""
        return cls(**{one.name: getattr(plain, one.name) for one in fields(Survey)}, lang=lang)

    def to_dict(self) -> dict[str, Any]:
        """The survey as plain JSON types; how it is shown is no part of it."""
        return Survey(**{one.name: getattr(self, one.name) for one in fields(Survey)}).to_dict()

    def _repr_html_(self) -> str:
        over = t("Report on an author" if self.is_author else "Report on a corpus", self.lang)
        told = "".join(part(shown(title), body) for title, body in self._parts())
        return sheet(head(self, over, self.subject, self.lang) + told, self.lang)

    def _parts(self) -> Iterator[tuple[str, str]]:
        lang = self.lang
        bands = [band_sentence(self, one, lang) for one in self.bands]
        yield t("The typical band by age", lang), part_of.paragraphs(bands)
        hours = [hours_sentence(self.hours, lang), best_hours(self.hours, lang)]
        yield t("The hour of publication", lang), part_of.paragraphs(hours)
        for section in (part_of.recent(self, lang), part_of.coverage(self, lang)):
            yield section.title, section.body
        scores = [formula_sentence(self.formula, lang)]
        scores += [scatter_sentence(one, lang) + "." for one in self.formula.scatters]
        yield t("Sign, emotion, identity", lang), part_of.paragraphs(scores)
