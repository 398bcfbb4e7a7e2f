"""A table as CSV: for any program by default, for a Russian Excel with ``;``, a decimal comma and a byte order mark.

Instants are ISO 8601 with the offset of the zone, so that they can be read back. A missing value and an empty text are
the same empty cell: CSV knows no other. All else of a text returns as it was, but for the apostrophe of
:mod:`otklik.exporting.neutral`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from otklik.errors import ConfigurationError
from otklik.exporting.sheet import Sheet, finite, kind_of, local, texts

SEPARATORS = (",", ";", "\t", "|")
DECIMALS = (".", ",")


@dataclass(frozen=True, slots=True)
class CsvStyle:
    """How cells are parted and decimals are written, and whether a byte order mark tells Excel that it is UTF-8.

    Raises:
        ConfigurationError: for another separator or decimal sign, or one sign that would be both.
    """

    sep: str = ","
    decimal: str = "."
    bom: bool = False

    def __post_init__(self) -> None:
        if self.sep not in SEPARATORS:
            raise ConfigurationError("cells cannot be parted by {sep!r}: choose , ; | or a tab", sep=self.sep)
        if self.decimal not in DECIMALS:
            raise ConfigurationError("decimals cannot be written with {sign!r}: choose . or ,", sign=self.decimal)
        if self.sep == self.decimal:
            raise ConfigurationError(
                "{sep!r} cannot part both cells and decimals: with a decimal comma choose --sep ';'", sep=self.sep
            )


def write(sheet: Sheet, path: Path, style: CsvStyle) -> int:
    """Write a table; returns how many cells of text were made neutral."""
    n_neutral, columns = 0, {}
    for name in sheet.frame.columns:
        columns[name], n = _cells(sheet.frame[name], sheet.about.zone)
        n_neutral += n
    pd.DataFrame(columns, columns=list(sheet.frame.columns)).to_csv(
        path,
        sep=style.sep,
        decimal=style.decimal,
        index=False,
        encoding="utf-8-sig" if style.bom else "utf-8",
        quoting=csv.QUOTE_MINIMAL,
        lineterminator="\r\n",
    )
    return n_neutral


def _cells(column: pd.Series, zone: str) -> tuple[pd.Series, int]:
    kind = kind_of(column)
    if kind == "text":
        return texts(column, is_neutral=True)
    if kind == "time":
        return local(column, zone).map(lambda at: at.isoformat(), na_action="ignore").astype(object), 0
    if kind == "flag":
        return column.map({True: "true", False: "false"}).astype(object), 0
    return finite(column), 0
