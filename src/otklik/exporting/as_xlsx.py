"""A table as an Excel workbook: the rows, a sheet that explains every column, and how to cite it.

Numbers are numbers, instants are dates and times on the clock of the zone that the head of the column names, text is
text: never a formula and never a link, whatever it begins with. Excel keeps instants to the millisecond and 15 digits
of a number; a whole number beyond that is written as text, and a text beyond 32,767 characters is cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from otklik.errors import DataError, StorageError
from otklik.exporting.columns import FLAG, TEXT, TIME
from otklik.exporting.sheet import Sheet, changes, finite, kind_of, local, texts
from otklik.language import t

MAX_ROWS = 1_048_575
"""Rows of a sheet below its head."""
MAX_CHARS = 32_767
"""Characters of a cell, in UTF-16: an emoji is two."""
MAX_WHOLE = 10**15
CUT = "… [otklik: cut here]"
_WIDTHS = {"time": 20, "flag": 9, "count": 13, "number": 13, "text": 24}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
HEADS: dict[str, str] = {
    "column": "column",
    "unit": "unit",
    "meaning": "what it is",
    "source": "where it comes from",
    "empty when": "empty when",
}
TITLES: tuple[str, ...] = ("columns", "about")
"""Names of the second and third sheet."""


@dataclass(frozen=True, slots=True)
class Changed:
    """How many cells of text are not letter by letter what they were."""

    n_neutral: int
    n_cut: int


@dataclass(frozen=True, slots=True)
class _Formats:
    head: Format
    wrapped: Format
    cells: dict[str, Format | None]


def write(sheet: Sheet, path: Path) -> Changed:
    """Write a workbook.

    Raises:
        DataError: when there are more rows than a sheet can hold.
        StorageError: when the disk does not take it.
    """
    if len(sheet.frame) > MAX_ROWS:
        raise DataError(
            "a sheet of XLSX holds {limit} rows, and there are {n}: write .csv or .parquet, or export less",
            limit=MAX_ROWS,
            n=len(sheet.frame),
        )
    try:
        return _write(sheet, path)
    except XlsxWriterException as error:
        raise StorageError("the file {path} cannot be written: {why}", path=path, why=str(error)) from None


def _write(sheet: Sheet, path: Path) -> Changed:
    lang = sheet.about.lang
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        book.set_properties({"created": sheet.about.made_at.replace(tzinfo=None), "comments": sheet.citation})
        formats = _formats(book)
        changed = _rows(book.add_worksheet(t(sheet.what, lang)), sheet, formats)
        _definitions(book.add_worksheet(t(TITLES[0], lang)), sheet, formats)
        _about(book.add_worksheet(t(TITLES[1], lang)), sheet, formats, changed)
    return changed


def _formats(book: xlsxwriter.Workbook) -> _Formats:
    plain: dict[str, Format | None] = {"text": None, "flag": None, "number": None}
    plain["time"] = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    plain["count"] = book.add_format({"num_format": "#,##0"})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    return _Formats(head, book.add_format({"text_wrap": True, "valign": "top"}), plain)


def _rows(page: Worksheet, sheet: Sheet, formats: _Formats) -> Changed:
    kinds = [kind_of(sheet.frame[name]) for name in sheet.frame.columns]
    _head(page, [_title(sheet, number) for number in range(len(kinds))], [_WIDTHS[kind] for kind in kinds], formats)
    page.autofilter(0, 0, max(len(sheet.frame), 1), max(len(kinds) - 1, 0))
    counts = {"neutral": 0, "cut": 0}
    columns = [list(_cells(sheet.frame[name], sheet.about.zone, counts)) for name in sheet.frame.columns]
    for number, row in enumerate(zip(*columns, strict=True), start=1):
        for at, (kind, value) in enumerate(zip(kinds, row, strict=True)):
            if value is not None:
                _put(page, number, at, value, formats.cells[kind])
    return Changed(counts["neutral"], counts["cut"])


def _put(page: Worksheet, row: int, at: int, value: Any, style: Format | None) -> None:
    """Write one cell as what it is: the type of the value decides, never what a text looks like."""
    if isinstance(value, str):
        page.write_string(row, at, value)
    elif isinstance(value, bool):
        page.write_boolean(row, at, value)
    elif isinstance(value, int | float):
        page.write_number(row, at, value, style)
    else:
        page.write_datetime(row, at, value, style)


def _title(sheet: Sheet, number: int) -> str:
    """The head of a column: its name, with the unit or, of instants, the zone in brackets."""
    name, unit = sheet.frame.columns[number], sheet.columns[number].unit
    if unit == TIME:
        return f"{name} [{sheet.about.zone}]"
    return name if unit in (TEXT, FLAG, "1", "") else f"{name} [{t(unit, sheet.about.lang)}]"


def _head(page: Worksheet, names: list[str], widths: list[int], formats: _Formats) -> None:
    for at, (name, width) in enumerate(zip(names, widths, strict=True)):
        page.set_column(at, at, width)
        page.write_string(0, at, name, formats.head)
    page.freeze_panes(1, 0)


def _cells(column: pd.Series, zone: str, counts: dict[str, int]) -> Iterator[Any]:
    """Values of a column as Excel keeps them, ``None`` where nothing is known."""
    kind = kind_of(column)
    if kind == "text":
        column, n = texts(column, is_neutral=True)
        counts["neutral"] += n
    elif kind == "time":
        column = local(column, zone).astype(object)
    for value in finite(column):
        if pd.isna(value):
            yield None
        elif kind == "text":
            short = cut(value)
            counts["cut"] += short != value
            yield short
        else:
            yield _plain(value, kind)


def _plain(value: Any, kind: str) -> Any:
    if kind == "time":
        # Before March 1900 Excel counts a day that never was; it knows no year after 9999.
        return value.to_pydatetime().replace(tzinfo=None) if 1901 <= value.year <= 9999 else value.isoformat()
    if kind == "flag":
        return bool(value)
    if kind == "count":
        return int(value) if abs(int(value)) < MAX_WHOLE else str(int(value))
    return float(value)


def cut(text: str) -> str:
    """A text that a cell can hold; a longer one ends with a mark.

    >>> cut("short"), len(cut("я" * 40_000)), cut("я" * 40_000)[-20:]
    ('short', 32767, '… [otklik: cut here]')
    """
    units = text.encode("utf-16-le", "replace")
    if len(units) <= 2 * MAX_CHARS:
        return text
    return units[: 2 * (MAX_CHARS - len(CUT))].decode("utf-16-le", "ignore") + CUT


def _definitions(page: Worksheet, sheet: Sheet, formats: _Formats) -> None:
    _head(page, [t(name, sheet.about.lang) for name in HEADS.values()], [28, 14, 70, 44, 44], formats)
    for row, told in enumerate(sheet.told(), start=1):
        for at, name in enumerate(HEADS):
            page.write_string(row, at, told[name], formats.wrapped)


def _about(page: Worksheet, sheet: Sheet, formats: _Formats, changed: Changed) -> None:
    lines = [sheet.citation, *sheet.remarks(), *changes(changed.n_neutral, changed.n_cut, sheet.about.lang)]
    page.set_column(0, 0, 110)
    for row, line in enumerate(lines):
        page.write_string(row, 0, line, formats.head if row == 0 else formats.wrapped)
