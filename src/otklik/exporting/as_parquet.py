"""A table as Parquet: the format that changes nothing, and that ``otklik import`` takes back.

Instants stay in UTC. What the columns mean stands in the metadata of each field, the citation in that of the table.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from otklik.exporting.sheet import Sheet


def write(sheet: Sheet, path: Path) -> None:
    """Write a table with its definitions."""
    table = pa.Table.from_pandas(sheet.frame, preserve_index=False)
    fields = [table.schema.field(number).with_metadata(told) for number, told in enumerate(sheet.told())]
    about = {"citation": sheet.citation, "remarks": "\n".join(sheet.remarks())}
    schema = pa.schema(fields, metadata={**(table.schema.metadata or {}), **about})
    pq.write_table(table.cast(schema), path)
