"""Foreign tables into the store: in batches of bounded memory, all or nothing, with a report of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from otklik.dataset.files import SourceFile, open_files
from otklik.dataset.rows import Parsed, before_publication, parse, without_doubles
from otklik.dataset.tables import stop_at
from otklik.schema import SNAPSHOTS
from otklik.store import Store, Written

N_EXAMPLES = 5
"""Skipped rows that a report names."""


@dataclass
class TableReport:
    """What became of the rows of one file."""

    name: str
    n_read: int = 0
    n_new: int = 0
    n_same: int = 0
    n_changed: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    """Reason (an English template) -> rows."""
    examples: tuple[str, ...] = ()
    """The first skipped rows: file, row, column and what came."""
    ignored: tuple[str, ...] = ()
    """Columns that the format does not know."""


@dataclass(frozen=True)
class ImportReport:
    """What an import took, found already there, and skipped."""

    tables: tuple[TableReport, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return asdict(self)


def import_tables(
    source: list[Path],
    store: Store,
    *,
    on_progress: Callable[[str, int, int | None], None] = lambda *_: None,
    skip_bad_rows: bool = False,
) -> ImportReport:
    """Import files; the same files again change nothing.

    Args:
        source: folders or files in the import format.
        store: where to.
        on_progress: called with the table's name, how much is done and of how much.
        skip_bad_rows: leave bad rows out and report them, instead of stopping at the first.

    Raises:
        DataError: at the first bad row, or a snapshot that contradicts a stored one. Nothing is written then.
    """
    files = open_files(source)
    with store.transaction():
        return ImportReport(tuple(_import(file, store, on_progress, skip_bad_rows) for file in files))


def _import(
    file: SourceFile, store: Store, on_progress: Callable[[str, int, int | None], None], skip_bad_rows: bool
) -> TableReport:
    report = TableReport(f"{file.schema.name} ({file.path.name})", ignored=file.ignored)
    skipped: Counter[str] = Counter()
    for first_row, done, raw in file.batches():
        parsed, n_equal = without_doubles(parse(raw, file.schema, first_row), file.schema)
        if file.schema is SNAPSHOTS:
            parsed = before_publication(parsed, store.published_at(parsed.frame))
        if not skip_bad_rows:
            stop_at(file, parsed.problems)
        skipped.update(problem.reason for problem in parsed.problems)
        _count(report, len(raw), _write(store, file, parsed), n_equal)
        _name_examples(report, file, parsed)
        on_progress(file.schema.name, done, file.size)
    report.skipped = dict(skipped)
    return report


def _write(store: Store, file: SourceFile, parsed: Parsed) -> Written:
    if file.schema is SNAPSHOTS:
        source = parsed.frame["source"].where(parsed.frame["source"].notna(), "import")
        return store.write_snapshots(parsed.frame.assign(source=source))
    return store.write_posts(parsed.frame)


def _count(report: TableReport, n_read: int, written: Written, n_equal: int) -> None:
    report.n_read += n_read
    report.n_new += written.new
    report.n_same += written.same + n_equal
    report.n_changed += written.changed


def _name_examples(report: TableReport, file: SourceFile, parsed: Parsed) -> None:
    room = N_EXAMPLES - len(report.examples)
    named = [f"{file.path.name}:{p.row} {p.column}={p.got[:40]!r}" for p in parsed.problems[:room]]
    report.examples += tuple(named)
