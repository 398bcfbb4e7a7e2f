"""A folder of posts and snapshots as two frames in memory, held to the same rules as an import."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from otklik.dataset.files import SourceFile, open_files
from otklik.dataset.rows import Parsed, Problem, before_publication, parse, without_doubles
from otklik.errors import DataError
from otklik.schema import POSTS, SNAPSHOTS


@dataclass(frozen=True)
class Tables:
    """Posts and snapshots in the import format."""

    posts: pd.DataFrame
    snapshots: pd.DataFrame


def read_tables(source: Path) -> Tables:
    """The posts and snapshots of a folder.

    Raises:
        ConfigurationError: when the folder or one of the two tables is not there.
        DataError: at the first bad row, told with its file, row and column.
    """
    files = open_files([source])
    for schema in (POSTS, SNAPSHOTS):
        if not any(file.schema is schema for file in files):
            raise DataError(
                "{folder} holds no {name}: expected {name}.parquet or {name}.csv",
                folder=source,
                name=schema.name,
            )
    read = {file.schema.name: _read(file) for file in files}
    posts, snapshots = read["posts"].frame, read["snapshots"]
    index = pd.MultiIndex.from_frame(posts[["platform", "post_id"]])
    at = index.get_indexer(pd.MultiIndex.from_frame(snapshots.frame[["platform", "post_id"]]))
    published = posts["published_at"].reindex(pd.Index(at)).reset_index(drop=True)
    snapshots = before_publication(snapshots, published)
    stop_at(files[-1], snapshots.problems)
    return Tables(posts, snapshots.frame)


def _read(file: SourceFile) -> Parsed:
    parts, rows = [file.schema.empty()], []
    for first_row, _, raw in file.batches():
        parsed = parse(raw, file.schema, first_row)
        stop_at(file, parsed.problems)
        parts.append(parsed.frame)
        rows.append(pd.Series(parsed.row))
    numbers = pd.concat(rows).to_numpy() if rows else pd.Series([], dtype="int64").to_numpy()
    whole = Parsed(pd.concat(parts, ignore_index=True), numbers)
    parsed, _ = without_doubles(whole, file.schema)
    stop_at(file, parsed.problems)
    return parsed


def stop_at(file: SourceFile, problems: list[Problem]) -> None:
    """Raise at the first of some problems, if there is one."""
    if problems:
        first = min(problems, key=lambda problem: problem.row)
        raise DataError(
            "{file}, row {row}, column {column}: {reason}; got {got!r} ({n} bad rows so far)",
            file=file.path,
            row=first.row,
            column=first.column,
            reason=first.reason,
            got=first.got[:80],
            n=len(problems),
        )
