"""Files in the import format, opened in batches of raw columns: CSV as text, Parquet as typed."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from otklik.errors import ConfigurationError, DataError
from otklik.schema import POSTS, SNAPSHOTS, Schema

BATCH_ROWS = 100_000
BLOCK_BYTES = 8 << 20
SUFFIXES = (".parquet", ".csv")


@dataclass(frozen=True)
class SourceFile:
    """One file, which table it holds, and how many rows (Parquet) or bytes (CSV) there are to read."""

    path: Path
    schema: Schema
    columns: tuple[str, ...]
    size: int

    @property
    def ignored(self) -> tuple[str, ...]:
        """Columns that the import format does not know."""
        return tuple(name for name in self.columns if name not in self.schema.names)

    def batches(self) -> Iterator[tuple[int, int, pd.DataFrame]]:
        """The file in batches: the number of the first row (1 is the first below the header), progress, raw columns.

        Raises:
            DataError: when the file is truncated, malformed or not UTF-8.
        """
        names = [name for name in self.columns if name in self.schema.names]
        opened = _parquet(self.path, names) if self.path.suffix == ".parquet" else _csv(self.path, names)
        row = 1
        try:
            for done, frame in opened:
                yield row, done, frame
                row += len(frame)
        except (pa.ArrowInvalid, OSError) as error:
            raise _damaged(self.path, error) from None


def open_files(source: list[Path]) -> list[SourceFile]:
    """The posts and snapshots of some folders or files, posts first.

    Raises:
        ConfigurationError: when nothing is there.
        DataError: when a file is empty, unreadable, or lacks a required column.
    """
    paths = [path for one in source for path in _paths(one)]
    files = [_open(path) for path in paths]
    return sorted(files, key=lambda file: file.schema is SNAPSHOTS)


def _paths(source: Path) -> list[Path]:
    if source.is_dir():
        found = [source / f"{name}{suffix}" for name in ("posts", "snapshots") for suffix in SUFFIXES]
        found = [path for path in found if path.is_file()]
        for name in ("posts", "snapshots"):
            if sum(path.stem == name for path in found) > 1:
                raise ConfigurationError(
                    "{folder} holds {name} both as .parquet and as .csv: keep one", folder=source, name=name
                )
        if not found:
            raise ConfigurationError(
                "{folder} holds neither posts nor snapshots: expected posts.parquet or posts.csv, "
                "and snapshots.parquet or snapshots.csv",
                folder=source,
            )
        return found
    if not source.exists():
        raise ConfigurationError("there is no file or folder {path}", path=source)
    if source.suffix not in SUFFIXES:
        raise ConfigurationError("expected a .parquet or .csv file or a folder of them, but got {path}", path=source)
    return [source]


def _open(path: Path) -> SourceFile:
    try:
        if path.stat().st_size == 0:
            raise DataError("{file} is empty: expected a header and rows", file=path)
        if path.suffix == ".parquet":
            with pa.parquet.ParquetFile(path) as opened:
                columns, size = tuple(opened.schema_arrow.names), opened.metadata.num_rows
        else:
            columns, size = _header(path), path.stat().st_size
    except (pa.ArrowInvalid, OSError) as error:
        raise _damaged(path, error) from None
    schema = SNAPSHOTS if "observed_at" in columns or path.stem == "snapshots" else POSTS
    _require(path, schema, columns)
    return SourceFile(path, schema, columns, size)


def _require(path: Path, schema: Schema, columns: tuple[str, ...]) -> None:
    missing = [name for name in schema.required if name not in columns]
    if not missing:
        return
    strangers = [name for name in columns if name not in schema.names]
    near = [(name, get_close_matches(name, strangers, 1, 0.6)) for name in missing]
    hints = ", ".join(f"{match[0]} → {name}" for name, match in near if match)
    if hints:
        raise DataError(
            "{file} lacks the columns {missing}; rename what looks like them: {hints}",
            file=path,
            missing=", ".join(missing),
            hints=hints,
        )
    raise DataError(
        "{file} lacks the columns {missing}: it has {present}; data/README.md describes the format",
        file=path,
        missing=", ".join(missing),
        present=", ".join(columns),
    )


def _header(path: Path) -> tuple[str, ...]:
    with path.open("rb") as opened:
        line = opened.readline(1 << 16)
    try:
        text = line.decode("utf-8-sig").strip("\r\n")
    except UnicodeDecodeError:
        raise _not_utf8(path) from None
    return tuple(name.strip().strip('"') for name in text.split(_delimiter(text)))


def _delimiter(header: str) -> str:
    r"""The character that parts the columns of a header: spreadsheets write ``;`` or tabs too.

    >>> _delimiter("platform;post_id")
    ';'
    """
    return max(",;\t", key=header.count)


def _parquet(path: Path, names: list[str]) -> Iterator[tuple[int, pd.DataFrame]]:
    done = 0
    with pa.parquet.ParquetFile(path) as opened:
        for batch in opened.iter_batches(BATCH_ROWS, columns=names):
            done += batch.num_rows
            yield done, batch.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)


def _csv(path: Path, names: list[str]) -> Iterator[tuple[int, pd.DataFrame]]:
    header = _header(path)
    with path.open("rb") as opened:
        delimiter = _delimiter(opened.readline(1 << 16).decode("utf-8-sig"))
    reader = pyarrow.csv.open_csv(
        path,
        read_options=pyarrow.csv.ReadOptions(block_size=BLOCK_BYTES, column_names=list(header), skip_rows=1),
        parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()), include_columns=names, strings_can_be_null=False
        ),
    )
    done = 0
    for batch in reader:
        done += batch.nbytes
        yield min(done, path.stat().st_size), batch.to_pandas()


def _damaged(path: Path, error: Exception) -> DataError:
    why = str(error).splitlines()[0]
    if "UTF8" in why or "UTF-8" in why:
        return _not_utf8(path)
    if path.suffix == ".parquet":
        return DataError("{file} is not a whole Parquet file ({why}): copy or export it again", file=path, why=why)
    if "Empty CSV" in why:
        return DataError("{file} is empty: expected a header and rows", file=path)
    return DataError("{file} is not a readable CSV file ({why}): export it again", file=path, why=why)


def _not_utf8(path: Path) -> DataError:
    """The error that says where the first byte stands that is not UTF-8."""
    decoder, line = codecs.getincrementaldecoder("utf-8")(), 1
    with path.open("rb") as opened:
        while chunk := opened.read(1 << 20):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                line += chunk[: error.start].count(b"\n")
                break
            line += chunk.count(b"\n")
    return DataError("{file} is not UTF-8 (line {line}): save it as «CSV UTF-8» and try again", file=path, line=line)
