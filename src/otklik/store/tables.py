"""The tables of the store. Instants are integer microseconds since 1970 (UTC), the same on every database."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

METADATA = MetaData()

_Key = BigInteger().with_variant(Integer, "sqlite")
"""SQLite gives out row numbers only to a column of the type INTEGER."""

MIGRATION = Table(
    "migration",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("applied_us", BigInteger, nullable=False),
)

AUTHOR = Table(
    "author",
    METADATA,
    Column("author_key", _Key, primary_key=True),
    Column("platform", String, nullable=False),
    Column("author_id", String, nullable=False),
    Column("handle", String),
    Column("name", String),
    Column("followers", BigInteger),
    Column("place", String),
    Column("tracked_since_us", BigInteger),
    UniqueConstraint("platform", "author_id"),
)

POST = Table(
    "post",
    METADATA,
    Column("post_key", _Key, primary_key=True),
    Column("platform", String, nullable=False),
    Column("post_id", String, nullable=False),
    Column("author_key", ForeignKey("author.author_key"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("published_us", BigInteger, nullable=False),
    Column("title", String),
    Column("text", String),
    Column("tags", String),
    Column("language", String),
    Column("duration_s", BigInteger),
    Column("url", String),
    Column("cover_url", String),
    Column("category", String),
    Column("synthetic_media", Boolean),
    Column("followers", BigInteger),
    Column("first_seen_us", BigInteger),
    Column("gone_us", BigInteger),
    UniqueConstraint("platform", "post_id"),
)

POST_VERSION = Table(
    "post_version",
    METADATA,
    Column("post_key", ForeignKey("post.post_key"), primary_key=True),
    Column("content_hash", String, primary_key=True),
    Column("title", String),
    Column("text", String),
    Column("tags", String),
    Column("cover_url", String),
    Column("replaced_us", BigInteger, nullable=False),
)

SNAPSHOT = Table(
    "snapshot",
    METADATA,
    Column("post_key", ForeignKey("post.post_key"), primary_key=True, autoincrement=False),
    Column("observed_us", BigInteger, primary_key=True, autoincrement=False),
    Column("views", BigInteger),
    Column("likes", BigInteger),
    Column("comments", BigInteger),
    Column("shares", BigInteger),
    Column("reactions", String),
    Column("source", String),
    sqlite_with_rowid=False,
)

AUTHOR_SNAPSHOT = Table(
    "author_snapshot",
    METADATA,
    Column("author_key", ForeignKey("author.author_key"), primary_key=True, autoincrement=False),
    Column("observed_us", BigInteger, primary_key=True, autoincrement=False),
    Column("followers", BigInteger),
    Column("posts", BigInteger),
    sqlite_with_rowid=False,
)

_INCOMING = MetaData()

INCOMING = Table(
    "incoming_snapshot",
    _INCOMING,
    *(Column(column.name, column.type, nullable=True) for column in SNAPSHOT.columns),
    prefixes=["TEMPORARY"],
)
"""Where a batch of snapshots waits to be compared with what is stored."""
