"""A table as one JSON object: ``about`` (citation and remarks), ``columns`` (what they mean) and ``rows``.

Text is exactly as it was, instants are ISO 8601 with the offset of the zone, and what is not known is null.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from otklik.exporting.sheet import Sheet, finite, kind_of, local, texts


def write(sheet: Sheet, path: Path) -> None:
    """Write a table, one row of it a line of the file."""
    about = {"citation": sheet.citation, "remarks": sheet.remarks(), "zone": sheet.about.zone}
    names = list(sheet.frame.columns)
    cells = [_cells(sheet.frame[name], sheet.about.zone) for name in names]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"about": {_json(about)},\n"columns": {_json(sheet.told())},\n"rows": [')
        for number, row in enumerate(zip(*cells, strict=True)):
            file.write((",\n" if number else "\n") + _json(dict(zip(names, row, strict=True))))
        file.write("\n]}\n")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _cells(column: pd.Series, zone: str) -> list[Any]:
    kind = kind_of(column)
    if kind == "text":
        return list(texts(column, is_neutral=False)[0])
    if kind == "time":
        return [None if pd.isna(at) else at.isoformat() for at in local(column, zone)]
    plain = {"flag": bool, "count": int, "number": float}[kind]
    return [None if pd.isna(value) else plain(value) for value in finite(column)]
