"""A table on its way out of the house: the rows, what each column means, and how to cite it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from otklik.exporting.columns import Definition
from otklik.exporting.neutral import neutral, writable
from otklik.language import moment, t
from otklik.models.plain_words import feature_words


@dataclass(frozen=True, slots=True)
class About:
    """Where a table comes from, so that it can be cited."""

    data: str
    """The store, or the name of a folder."""
    made_at: datetime
    as_of: datetime | None
    """The instant whose knowledge it holds; ``None`` where the table is not of one."""
    version: str
    zone: str
    lang: str
    is_simulated: bool = False

    def citation(self, what: str) -> str:
        """One line for a caption or a footnote."""
        told = {"version": self.version, "what": what, "data": self.data, "made": self._moment(self.made_at)}
        if self.as_of is None:
            return t("otklik {version}: {what}, {data}; exported {made}", self.lang, **told)
        template = "otklik {version}: {what}, {data}, as of {as_of}; exported {made}"
        return t(template, self.lang, **told, as_of=self._moment(self.as_of))

    def _moment(self, instant: datetime) -> str:
        return moment(instant, self.zone, self.lang)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: ``columns`` stand in the order of the frame's."""

    what: str
    frame: pd.DataFrame
    columns: tuple[Definition, ...]
    about: About

    @property
    def citation(self) -> str:
        """Version, contents, source and date in one line."""
        return self.about.citation(self.what)

    def remarks(self) -> list[str]:
        """What a reader of the table must know, one sentence each."""
        lang = self.about.lang
        told = [t("Simulated data.", lang)] if self.about.is_simulated else []
        told.append(t("An empty cell means that it is not known, never 0.", lang))
        if any(kind_of(self.frame[name]) == "time" for name in self.frame.columns):
            told.append(t("Times are in the zone {name}.", lang, name=self.about.zone))
        return told

    def told(self) -> list[dict[str, str]]:
        """The definitions in the language of the export."""
        lang = self.about.lang
        return [
            {
                "column": one.name,
                "unit": t(one.unit, lang),
                "meaning": _meaning(one, lang),
                "source": t(one.source, lang),
                "empty when": t(one.missing, lang),
            }
            for one in self.columns
        ]


def _meaning(one: Definition, lang: str) -> str:
    """What a column is; of features, which describe themselves in English, the plain words for them."""
    told, words = t(one.doc, lang), feature_words(one.name, lang)
    if lang == "en" or told != one.doc or words == one.name:
        return told
    return words[:1].upper() + words[1:]


def kind_of(column: pd.Series) -> str:
    """``time``, ``flag``, ``count`` (whole numbers), ``number`` or ``text``: what a cell of the column is.

    >>> kind_of(pd.Series([1.5])), kind_of(pd.Series(["a"])), kind_of(pd.Series([True]))
    ('number', 'text', 'flag')
    """
    kind = column.dtype
    if pd.api.types.is_datetime64_any_dtype(kind):
        return "time"
    if pd.api.types.is_bool_dtype(kind):
        return "flag"
    if pd.api.types.is_integer_dtype(kind):
        return "count"
    return "number" if pd.api.types.is_numeric_dtype(kind) else "text"


def texts(column: pd.Series, *, is_neutral: bool) -> tuple[pd.Series, int]:
    """A column of text as objects, ``None`` where it is missing, and how many cells were made neutral."""
    plain = column.astype(object).where(column.notna(), None).map(_written, na_action="ignore")
    if not is_neutral:
        return plain, 0
    safe = plain.map(neutral, na_action="ignore")
    return safe, int((safe.notna() & (safe != plain)).sum())


def _written(value: Any) -> str:
    return writable(str(value))


def finite(column: pd.Series) -> pd.Series:
    """Numbers without infinities: what cannot be told as a number is missing."""
    if column.dtype.kind != "f":
        return column
    return column.where(np.isfinite(column.to_numpy(float, na_value=np.nan)))


def local(column: pd.Series, zone: str) -> pd.Series:
    """Instants on the clock of a zone, still aware of it."""
    return column.dt.tz_convert(zone)


def changes(n_neutral: int, n_cut: int, lang: str) -> list[str]:
    """Sentences on what was done to texts; none where nothing was.

    >>> changes(0, 0, "en")
    []
    """
    told = []
    if n_neutral:
        text = "An apostrophe stands before what a spreadsheet would take for a formula: {n} cells."
        told.append(t(text, lang, n=n_neutral))
    if n_cut:
        told.append(t("Longer than a cell of Excel can be, and cut with a mark: {n} texts.", lang, n=n_cut))
    return told
