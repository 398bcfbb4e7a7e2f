"""Rows that may be there already: new ones are added, known ones completed, earlier content of posts is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Table, select

from otklik.store import tables

Keys = Sequence[tuple[str, str]]
_CHUNK = 400
"""Ids in one query: every database takes that many."""
CONTENT = ("title", "text", "tags", "cover_url")
"""What makes a version of a post: earlier values are kept."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the rows of one write."""

    new: int = 0
    same: int = 0
    changed: int = 0
    retitled: tuple[tuple[str, str], ...] = ()
    """Posts whose title, text, tags or cover is another than before: pairs of platform and post id."""

    def __add__(self, other: Written) -> Written:
        same, changed = self.same + other.same, self.changed + other.changed
        return Written(self.new + other.new, same, changed, self.retitled + other.retitled)


def select_by_ids(connection: Connection, table: Table, columns: list[Any], name: str, pairs: Keys) -> list[Any]:
    """Rows whose (platform, id) is one of ``pairs``, a limited number of ids a query."""
    found: list[Any] = []
    for platform in sorted({pair[0] for pair in pairs}):
        ids = [one for where, one in pairs if where == platform]
        for start in range(0, len(ids), _CHUNK):
            some = table.c[name].in_(ids[start : start + _CHUNK])
            found += connection.execute(select(*columns).where(table.c.platform == platform, some)).all()
    return found


def upsert(
    connection: Connection, table: Table, key: str, rows: pd.DataFrame, name: tuple[str, str]
) -> tuple[Written, list[dict[str, Any]]]:
    """Insert new rows and complete known ones; also the earlier state of those that changed."""
    columns = [column for column in table.columns if column.name in rows.columns or column.name == key]
    pairs = list(rows[list(name)].itertuples(index=False, name=None))
    known = {
        (row[name[0]], row[name[1]]): dict(row)
        for row in (one._mapping for one in select_by_ids(connection, table, columns, name[1], pairs))
    }
    fresh, updates, replaced = [], [], []
    for row in rows.to_dict("records"):
        old = known.get((row[name[0]], row[name[1]]))
        if old is None:
            fresh.append(row)
            continue
        # What was seen first stays; what is not known now does not erase what was.
        merged = {
            column: old[column] if value is None or (column == "first_seen_us" and old[column] is not None) else value
            for column, value in row.items()
        }
        if any(merged[column] != old[column] for column in merged):
            updates.append({f"the_{key}": old[key], **merged})
            replaced.append({"old": old, "new": merged})
    if fresh:
        connection.execute(table.insert(), fresh)
    if updates:
        changes: dict[str, Any] = {column: sa.bindparam(column) for column in rows.columns}
        connection.execute(table.update().where(table.c[key] == sa.bindparam(f"the_{key}")).values(changes), updates)
    return Written(len(fresh), len(rows) - len(fresh) - len(updates), len(updates)), replaced


def keep_versions(connection: Connection, replaced: list[dict[str, Any]], now: int) -> tuple[tuple[str, str], ...]:
    """Store the earlier content of posts whose title, text, tags or cover changed, and say which these are."""
    versions, retitled = {}, []
    for change in replaced:
        old = {name: change["old"][name] for name in CONTENT}
        if not any(old[name] is not None and _differs(name, old[name], change["new"][name]) for name in CONTENT):
            continue
        shown = {**old, "cover_url": _image(old["cover_url"])}
        digest = hashlib.sha256(repr(sorted(shown.items())).encode()).hexdigest()[:32]
        row = {"post_key": change["old"]["post_key"], "content_hash": digest, **old, "replaced_us": now}
        versions[row["post_key"], digest] = row
        retitled.append((change["old"]["platform"], change["old"]["post_id"]))
    if not versions:
        return ()
    table = tables.POST_VERSION
    keys = [key for key, _ in versions]
    kept = {
        tuple(row)
        for start in range(0, len(keys), _CHUNK)
        for row in connection.execute(
            select(table.c.post_key, table.c.content_hash).where(table.c.post_key.in_(keys[start : start + _CHUNK]))
        )
    }
    fresh = [row for key, row in versions.items() if key not in kept]
    if fresh:
        connection.execute(table.insert(), fresh)
    return tuple(retitled)


def _differs(name: str, old: str, new: str) -> bool:
    return _image(old) != _image(new) if name == "cover_url" else old != new


def _image(address: str | None) -> str | None:
    """The picture behind an address: servers give the same one other hosts and signatures from look to look.

    >>> _image("https://sun9-1.userapi.com/impg/a.jpg?sign=1") == _image("https://sun9-2.userapi.com/impg/a.jpg?sign=2")
    True
    """
    return None if address is None else urlsplit(address).path
