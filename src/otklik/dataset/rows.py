"""Raw columns become typed rows; what cannot be is told row by row, with what was expected and what came."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from otklik.schema import Column, Schema, conform

_MISSING = ("", "nan", "none", "null", "na", "<na>", "nat")
_ZONED = r"(?:Z|[+-]\d{2}:?\d{2})$"
_MANGLED = r"^(?:\d+[.,]\d+E[+]?\d+|=.*|'.*|#.*[!?])$"
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")
_IDS = ("platform", "post_id", "author_id", "kind")


@dataclass(frozen=True, slots=True)
class Problem:
    """One bad cell: its row (1 is the first below the header), column, what came, and what is wrong with it."""

    row: int
    column: str
    got: str
    reason: str
    """An English template without places, the key of its translation."""


@dataclass
class Parsed:
    """The good rows of a batch, their numbers, and one problem for each bad row."""

    frame: pd.DataFrame
    row: np.ndarray
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, bad: np.ndarray, column: str, reason: str) -> Parsed:
        """The same without the rows flagged as bad, each with its problem told."""
        told = [
            Problem(int(row), column, str(value), reason)
            for row, value in zip(self.row[bad], self.frame.loc[bad, column], strict=True)
        ]
        return Parsed(self.frame[~bad].reset_index(drop=True), self.row[~bad], self.problems + told)


def parse(raw: pd.DataFrame, schema: Schema, first_row: int) -> Parsed:
    """Typed rows of a batch.

    Args:
        raw: columns as they came, text (CSV) or typed (Parquet).
        schema: of the table; absent optional columns become missing.
        first_row: number of the batch's first row.
    """
    columns, bad = {}, np.zeros(len(raw), bool)
    problems: list[Problem] = []
    for column in schema.columns:
        if column.name not in raw.columns:
            continue
        values, reasons = _typed(raw[column.name], column)
        columns[column.name] = values
        fresh = (reasons != "") & ~bad
        problems += [
            Problem(first_row + int(i), column.name, str(raw[column.name].iloc[i]), str(reasons[i]))
            for i in np.flatnonzero(fresh)
        ]
        bad |= fresh
    good = pd.DataFrame(columns, index=raw.index)[~bad]
    return Parsed(conform(good, schema), first_row + np.flatnonzero(~bad), problems)


def _typed(values: pd.Series, column: Column) -> tuple[pd.Series, np.ndarray]:
    """A column in its dtype, missing where it cannot be, and the reason beside each bad cell ('' where good)."""
    is_text = pd.api.types.is_string_dtype(values.dtype) or values.dtype == object
    if column.dtype == "str":
        typed, wrong = _text(values, column)
    elif column.dtype.startswith("datetime"):
        typed, wrong = _times(values, is_text)
    elif column.dtype == "boolean":
        typed, wrong = _flags(values, is_text)
    else:
        typed, wrong = _counts(values, is_text)
    reasons = np.where(wrong == "", np.where(typed.isna() & column.required, "a value is needed here", ""), wrong)
    return typed, reasons


def _text(values: pd.Series, column: Column) -> tuple[pd.Series, np.ndarray]:
    text = values.astype("str").where(values.notna())
    wrong = np.full(len(values), "", dtype=object)
    if column.name in _IDS:
        text = text.str.strip()
        mangled = text.str.contains(_MANGLED, regex=True).fillna(False).to_numpy(bool)
        wrong[mangled] = "a spreadsheet has mangled this id: import the column as text and export it again"
    return text.where(text != ""), wrong


def _times(values: pd.Series, is_text: bool) -> tuple[pd.Series, np.ndarray]:
    wrong = np.full(len(values), "", dtype=object)
    if not is_text:
        is_time = pd.api.types.is_datetime64_any_dtype(values.dtype)
        if is_time and getattr(values.dtype, "tz", None) is not None:
            return values.dt.tz_convert("UTC").astype("datetime64[us, UTC]"), wrong
        wrong[values.notna().to_numpy()] = _NO_ZONE if is_time else _NO_TIME
        return pd.Series(pd.NaT, index=values.index, dtype="datetime64[us, UTC]"), wrong
    text = _cleaned(values)
    times = pd.to_datetime(text, format="ISO8601", utc=True, errors="coerce").astype("datetime64[us, UTC]")
    zoned = text.str.contains(_ZONED, regex=True).fillna(False).to_numpy(bool)
    given = text.notna().to_numpy()
    wrong[given & times.isna().to_numpy()] = _NO_TIME
    wrong[given & times.notna().to_numpy() & ~zoned] = _NO_ZONE
    return times.where(wrong == ""), wrong


_NO_ZONE = "the time has no zone: write it in UTC with Z at the end, or with an offset such as +03:00"
_NO_TIME = "expected a date and time such as 2026-11-23T15:30:00Z"


def _counts(values: pd.Series, is_text: bool) -> tuple[pd.Series, np.ndarray]:
    wrong = np.full(len(values), "", dtype=object)
    text = _cleaned(values) if is_text else values
    numbers = pd.to_numeric(text, errors="coerce").astype("Float64")
    whole = numbers.notna() & (numbers % 1 == 0) & (numbers.abs() < 2**53)
    given = text.notna().to_numpy()
    wrong[given & ~whole.to_numpy(bool)] = "expected a whole number"
    wrong[(whole & (numbers < 0)).to_numpy(bool)] = "a counter cannot be negative"
    if is_text or not pd.api.types.is_integer_dtype(values.dtype):
        return numbers.where(pd.Series(wrong == "", index=values.index)).round().astype("Int64"), wrong
    return values.astype("Int64").where(pd.Series(wrong == "", index=values.index)), wrong


def _flags(values: pd.Series, is_text: bool) -> tuple[pd.Series, np.ndarray]:
    wrong = np.full(len(values), "", dtype=object)
    if not is_text:
        return values.astype("boolean"), wrong
    text = _cleaned(values).str.lower()
    known = text.map({**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}).astype("boolean")
    wrong[(text.notna() & known.isna()).to_numpy()] = "expected true or false"
    return known, wrong


def _cleaned(values: pd.Series) -> pd.Series:
    """Trimmed text, with the usual words for nothing as missing."""
    text = values.astype("str").where(values.notna()).str.strip()
    return text.where(~text.str.lower().isin(_MISSING))


def without_doubles(parsed: Parsed, schema: Schema) -> tuple[Parsed, int]:
    """Rows whose key stands once; of equal rows the first stays, and rows that disagree with it are problems.

    Returns:
        What stays, and how many equal rows were dropped.
    """
    frame, key = parsed.frame, list(schema.key)
    again = frame.duplicated(key).to_numpy()
    if not again.any():
        return parsed, 0
    equal = frame.duplicated().to_numpy()
    rest = Parsed(frame[~equal].reset_index(drop=True), parsed.row[~equal], parsed.problems)
    differs = rest.frame.duplicated(key).to_numpy()
    return rest.refuse(differs, key[1], "the same key stands in an earlier row with other values"), int(equal.sum())


def before_publication(parsed: Parsed, published_at: pd.Series) -> Parsed:
    """Snapshots without those of unknown posts and those taken before their post was published.

    Args:
        parsed: snapshots.
        published_at: when each one's post was published, NaT for an unknown post; aligned with the rows.
    """
    unknown = published_at.isna().to_numpy()
    known = parsed.refuse(unknown, "post_id", "no post has this id: posts must be imported before their snapshots")
    early = (known.frame["observed_at"] < published_at[~unknown].reset_index(drop=True)).to_numpy()
    return known.refuse(early, "observed_at", "the snapshot is older than its post: check the zones of both times")
