"""Tables for other programs: CSV, XLSX, Parquet and JSON, each column explained, formulas made harmless.

:func:`export` is the door. A file is written beside its place and moved there when it is whole; one that comes from the
store is noted first, so that `otklik purge` finds it when the platform's terms say that its data must go.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from otklik.errors import ConfigurationError, StorageError
from otklik.exporting.as_csv import CsvStyle
from otklik.exporting.recipes import WHAT, Asked, Progress, quiet, sheet_of
from otklik.exporting.sheet import Sheet
from otklik.store import Store, Tracks
from otklik.tracking.retention import oldest

FORMATS = (".csv", ".xlsx", ".parquet", ".json")

__all__ = ["FORMATS", "WHAT", "Asked", "CsvStyle", "Exported", "export", "write"]


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written."""

    what: str
    file: Path
    n_rows: int
    n_columns: int
    n_neutral: int
    """Cells of text that got an apostrophe, since a spreadsheet would take them for a formula."""
    n_cut: int
    """Texts longer than a cell of Excel can be."""
    citation: str


def export(asked: Asked, to: Path, style: CsvStyle | None = None, on_progress: Progress = quiet) -> Exported:
    """Write a table to a file whose suffix tells the format.

    Args:
        asked: what to export, and from where.
        to: the file; one that is there is replaced.
        style: how CSV is written; only for ``.csv``.
        on_progress: called with a stage, how much is done and of how much.

    Raises:
        ConfigurationError: for another thing or format than there is, or a style for what is no CSV.
        DataError: when there is nothing to export, or more than the format can hold.
        StorageError: when the file cannot be written.

    >>> export(Asked("posts", "store.sqlite", "UTC"), Path("posts.doc"))
    Traceback (most recent call last):
    otklik.errors.ConfigurationError: expected a file that ends with .csv, .xlsx, .parquet, .json, but got posts.doc
    """
    if asked.what not in WHAT:
        raise ConfigurationError(
            "there is no export of {what!r}: choose one of {names}", what=asked.what, names=", ".join(WHAT)
        )
    _check(to, style)
    sheet = sheet_of(asked, on_progress)
    return write(sheet, to, style, store=asked.store if asked.data is None else None)


def write(sheet: Sheet, to: Path, style: CsvStyle | None = None, *, store: str | None = None) -> Exported:
    """Write a table that is there already; ``store`` is the one that it came from, to be noted there."""
    _check(to, style)
    if to.is_dir():
        # Noted in the store it could never be purged.
        raise StorageError("the file {path} cannot be written: {why}", path=to, why="Is a directory")
    try:
        with tempfile.TemporaryDirectory(prefix=".otklik-", dir=to.absolute().parent) as folder:
            made = Path(folder) / to.name
            n_neutral, n_cut = _write(sheet, made, style or CsvStyle())
            if store is not None:
                _note(store, to)
            made.replace(to)
    except OSError as error:
        raise StorageError("the file {path} cannot be written: {why}", path=to, why=error.strerror or error) from None
    n_rows, n_columns = sheet.frame.shape
    return Exported(sheet.what, to, n_rows, n_columns, n_neutral, n_cut, sheet.citation)


def _check(to: Path, style: CsvStyle | None) -> None:
    suffix = to.suffix.lower()
    if suffix not in FORMATS:
        raise ConfigurationError(
            "expected a file that ends with {formats}, but got {path}", formats=", ".join(FORMATS), path=to
        )
    if style is not None and style != CsvStyle() and suffix != ".csv":
        raise ConfigurationError("--sep, --decimal and --bom are for CSV: {path} is none", path=to)


def _write(sheet: Sheet, path: Path, style: CsvStyle) -> tuple[int, int]:
    """Write in the format of the suffix; how many cells were made neutral, and how many cut."""
    suffix = path.suffix.lower()
    if suffix == ".csv":
        from otklik.exporting import as_csv

        return as_csv.write(sheet, path, style), 0
    if suffix == ".xlsx":
        from otklik.exporting import as_xlsx

        changed = as_xlsx.write(sheet, path)
        return changed.n_neutral, changed.n_cut
    if suffix == ".json":
        from otklik.exporting import as_json

        as_json.write(sheet, path)
        return 0, 0
    from otklik.exporting import as_parquet

    as_parquet.write(sheet, path)
    return 0, 0


def _note(store: str, to: Path) -> None:
    """Retention reaches files written from the store: they carry the oldest observation's date."""
    with Store.open(store) as opened:
        first = oldest(opened)
        if first is not None:
            Tracks(opened).add_export(str(to.resolve()), datetime.now(UTC), first)
