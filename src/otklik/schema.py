"""Column names and dtypes of every frame, derived from the records, and the check that a frame obeys them."""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from otklik.errors import DataError
from otklik.records import Author, AuthorSnapshot, Post, Snapshot

if typing.TYPE_CHECKING:
    import pandas as pd

_DTYPES: dict[type, str] = {
    str: "str",
    int: "Int64",
    float: "float64",
    bool: "boolean",
    datetime: "datetime64[us, UTC]",
}

COUNTERS = ("views", "likes", "comments", "shares")
"""The cumulative counters of a snapshot."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, pandas dtype, and whether a row may lack it."""

    name: str
    dtype: str
    required: bool


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of one kind of frame and the key that names a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """All column names, in order."""
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        """The columns that every frame must have."""
        return [column.name for column in self.columns if column.required]

    def empty(self) -> pd.DataFrame:
        """A frame with all the columns and no row."""
        import pandas as pd

        return pd.DataFrame({column.name: pd.Series([], dtype=column.dtype) for column in self.columns})


def schema_of(name: str, record: type, key: tuple[str, ...]) -> Schema:
    """The schema that follows from a record's annotations: a field that allows ``None`` is optional."""
    hints = typing.get_type_hints(record)
    return Schema(name, tuple(_column(f.name, hints[f.name]) for f in fields(record)), key)


def _column(name: str, hint: Any) -> Column:
    kinds = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    plain = next(kind for kind in kinds if kind is not type(None))
    return Column(name, _DTYPES[plain], type(None) not in kinds)


AUTHORS = schema_of("authors", Author, ("platform", "author_id"))
POSTS = schema_of("posts", Post, ("platform", "post_id"))
SNAPSHOTS = schema_of("snapshots", Snapshot, ("platform", "post_id", "observed_at"))
AUTHOR_SNAPSHOTS = schema_of("author_snapshots", AuthorSnapshot, ("platform", "author_id", "observed_at"))


def conform(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """The frame with exactly the schema's columns, in order and of its dtypes; absent optional ones become missing.

    Raises:
        DataError: when a required column is absent, or a column cannot take its dtype.

    >>> import pandas as pd
    >>> conform(pd.DataFrame({"platform": ["vk"]}), POSTS)
    Traceback (most recent call last):
    otklik.errors.DataError: posts lack the columns post_id, author_id, kind, published_at: they have platform
    """
    import pandas as pd

    if _is_conform(frame, schema):
        return frame.copy(deep=False).reset_index(drop=True)
    missing = [name for name in schema.required if name not in frame.columns]
    if missing:
        raise DataError(
            "{table} lack the columns {missing}: they have {present}",
            table=schema.name,
            missing=", ".join(missing),
            present=", ".join(map(str, frame.columns)) or "none",
        )
    return pd.DataFrame(
        {column.name: _cast(frame, column, schema) for column in schema.columns}, index=frame.index
    ).reset_index(drop=True)


def _is_conform(frame: pd.DataFrame, schema: Schema) -> bool:
    """Whether nothing is to be done: collectors write many small frames, and casting takes longer than writing."""
    columns = schema.columns
    is_named = len(columns) == len(frame.columns) and list(frame.columns) == [column.name for column in columns]
    return is_named and all(str(dtype) == column.dtype for dtype, column in zip(frame.dtypes, columns, strict=True))


def _cast(frame: pd.DataFrame, column: Column, schema: Schema) -> pd.Series:
    import pandas as pd

    if column.name not in frame.columns:
        return pd.Series([None] * len(frame), index=frame.index).astype(column.dtype)
    values = frame[column.name]
    if column.dtype.startswith("datetime") and getattr(values.dtype, "tz", None) is None and values.notna().any():
        raise DataError(
            "the column {column} of {table} holds times without a zone: write them in UTC, "
            "for example 2026-11-23T15:30:00Z",
            column=column.name,
            table=schema.name,
        )
    try:
        return values.astype(column.dtype)
    except (TypeError, ValueError) as error:
        raise DataError(
            "the column {column} of {table} must be of the type {expected}, but it holds {got} ({why})",
            column=column.name,
            table=schema.name,
            expected=column.dtype,
            got=str(values.dtype),
            why=str(error),
        ) from error


def check_frame(frame: pd.DataFrame, schema: Schema) -> None:
    """Refuse a frame that breaks the schema's laws: columns, dtypes, no empty required cell, one row a key.

    Raises:
        DataError: naming the first law broken.
    """
    conform(frame, schema)
    for name in schema.required:
        n_missing = int(frame[name].isna().sum())
        if n_missing:
            raise DataError(
                "the column {column} of {table} is empty in {n} rows: every row needs it",
                column=name,
                table=schema.name,
                n=n_missing,
            )
    doubled = frame.duplicated(list(schema.key))
    if doubled.any():
        first = frame.loc[doubled, list(schema.key)].iloc[0]
        raise DataError(
            "{table} hold {n} rows whose key stands twice, for example {key}: keep one row a key",
            table=schema.name,
            n=int(doubled.sum()),
            key=" / ".join(map(str, first)),
        )
