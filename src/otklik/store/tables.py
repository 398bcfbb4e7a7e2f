"""The tables of the store. Instants are integer microseconds since 1970 (UTC), the same on every database."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
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

TRACK = Table(
    "track",
    METADATA,
    Column("track_key", _Key, primary_key=True),
    Column("platform", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("target", String, nullable=False),
    Column("label", String),
    Column("added_us", BigInteger, nullable=False),
    Column("due_us", BigInteger, nullable=False, index=True),
    Column("looked_us", BigInteger),
    Column("swept_us", BigInteger),
    Column("n_posts", BigInteger),
    Column("lease_us", BigInteger),
    Column("owner", String),
    Column("failures", Integer, nullable=False),
    Column("outcome", String),
    UniqueConstraint("platform", "kind", "target"),
)
"""What a person wants followed: an author, a post, a search."""

POLL = Table(
    "poll",
    METADATA,
    Column("post_key", ForeignKey("post.post_key"), primary_key=True, autoincrement=False),
    Column("due_us", BigInteger, index=True),
    Column("gap_us", BigInteger, nullable=False),
    Column("looked_us", BigInteger),
    Column("described_us", BigInteger),
    Column("changed_us", BigInteger),
    Column("lease_us", BigInteger),
    Column("owner", String),
    Column("failures", Integer, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("missed_us", BigInteger),
    Column("outcome", String),
    Column("is_audit", Boolean, nullable=False),
)
"""When each followed post is due (never again where ``due_us`` is empty), and what came of the last question."""

QUOTA = Table(
    "quota",
    METADATA,
    Column("platform", String, primary_key=True),
    Column("project", String, primary_key=True),
    Column("bucket", String, primary_key=True),
    Column("slot_us", BigInteger, primary_key=True, autoincrement=False),
    Column("spent", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Calls booked before they were sent."""

QUOTA_STOP = Table(
    "quota_stop",
    METADATA,
    Column("platform", String, primary_key=True),
    Column("project", String, primary_key=True),
    Column("bucket", String, primary_key=True),
    Column("until_us", BigInteger, nullable=False),
    Column("why", String),
)
"""Buckets that a platform has closed, whatever our own count says."""

PASS = Table(
    "pass",
    METADATA,
    Column("pass_key", _Key, primary_key=True),
    Column("owner", String, nullable=False),
    Column("started_us", BigInteger, nullable=False),
    Column("ended_us", BigInteger),
    Column("report", String),
)
"""Passes of collectors, newest last; one without an end was cut off."""

MARK = Table("mark", METADATA, Column("name", String, primary_key=True), Column("value", String, nullable=False))
"""Facts about the store itself, such as that its data is simulated."""

EXPORT = Table(
    "export",
    METADATA,
    Column("path", String, primary_key=True),
    Column("made_us", BigInteger, nullable=False),
    Column("oldest_us", BigInteger, nullable=False),
)
"""Files written from the store, and the oldest observation in each: retention reaches them too."""

SOUND = Table(
    "sound",
    METADATA,
    Column("sound_key", _Key, primary_key=True),
    Column("sha256", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("place", String, nullable=False),
    Column("name", String, nullable=False),
    Column("path", String),
    Column("author", String),
    Column("post", String),
    Column("duration_s", Float, nullable=False),
    Column("added_us", BigInteger, nullable=False),
    UniqueConstraint("sha256", "kind", "place"),
)
"""Sounds that new ones are compared with: a library, the sounds of posts, the sounds of drafts."""

SOUND_PRINT = Table(
    "sound_print",
    METADATA,
    Column("sound_key", ForeignKey("sound.sound_key"), primary_key=True, autoincrement=False),
    Column("peaks", LargeBinary, nullable=False),
    Column("chroma", LargeBinary),
)
"""The fingerprint of each sound, and Chromaprint's where that is installed; apart from the list, which is short."""

POST_FILE = Table(
    "post_file",
    METADATA,
    Column("post_key", ForeignKey("post.post_key"), primary_key=True, autoincrement=False),
    Column("sha256", String, nullable=False),
    Column("looked_us", BigInteger, nullable=False),
    Column("facts", String, nullable=False),
)
"""What the file of a post shows and sounds like, as features in JSON."""

EXPERIMENT = Table(
    "experiment",
    METADATA,
    Column("experiment_key", _Key, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("platform", String, nullable=False),
    Column("author_id", String, nullable=False),
    Column("variants", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("horizon_h", Float, nullable=False),
    Column("blocks", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("planned", Integer, nullable=False),
    Column("foreseen", String, nullable=False),
    Column("made_us", BigInteger, nullable=False),
)
"""Experiments as they were fixed before their start; no row is ever changed."""

EXPERIMENT_ASSIGNMENT = Table(
    "experiment_assignment",
    METADATA,
    Column("experiment_key", ForeignKey("experiment.experiment_key"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("stratum", String, nullable=False),
    Column("block", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("variant", String, nullable=False),
    Column("title", String),
    Column("request_key", String),
    Column("assigned_us", BigInteger, nullable=False),
    UniqueConstraint("experiment_key", "request_key"),
    UniqueConstraint("experiment_key", "stratum", "block", "place"),
)
"""Variants that were drawn, in order; no row is ever changed."""

EXPERIMENT_LINK = Table(
    "experiment_link",
    METADATA,
    Column("link_key", _Key, primary_key=True),
    Column("experiment_key", ForeignKey("experiment.experiment_key"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("platform", String),
    Column("post_id", String),
    Column("used", String),
    Column("noted_us", BigInteger, nullable=False),
)
"""Which post came of an assignment: the last row of a number counts, one without a post takes a link back.

Posts are named by platform and id and not by key: the log outlives posts that retention deletes.
"""

FORECAST = Table(
    "forecast",
    METADATA,
    Column("forecast_key", _Key, primary_key=True),
    Column("subject", String, nullable=False),
    Column("platform", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("author_id", String),
    Column("post_id", String),
    Column("title", String),
    Column("model", String, nullable=False),
    Column("checksum", String, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("published_us", BigInteger, nullable=False),
    Column("cutoff_us", BigInteger, nullable=False),
    Column("cutoff_hour", BigInteger, nullable=False),
    Column("horizon_h", Float),
    Column("views", String, nullable=False),
    Column("curve", String, nullable=False),
    Column("reactions", String),
    Column("baseline", Float, nullable=False),
    Column("baseline_source", String, nullable=False),
    Column("baseline_n", BigInteger),
    Column("naive_views", Float, nullable=False),
    Column("naive_reactions", Float),
    Column("chances", String),
    Column("calibrated", Boolean, nullable=False),
    UniqueConstraint("subject", "checksum", "cutoff_hour"),
)
"""Forecasts as they were told; no row is ever changed, and none holds what became of the post."""

FORECAST_LINK = Table(
    "forecast_link",
    METADATA,
    Column("link_key", _Key, primary_key=True),
    Column("forecast_key", ForeignKey("forecast.forecast_key"), nullable=False, index=True),
    Column("platform", String),
    Column("post_id", String),
    Column("way", String, nullable=False),
    Column("linked_us", BigInteger, nullable=False),
)
"""Which post came of a draft that was forecast: the last row counts, one without a post takes a link back.

Posts are named by platform and id and not by key: the log outlives posts that retention deletes.
"""

_INCOMING = MetaData()

INCOMING = Table(
    "incoming_snapshot",
    _INCOMING,
    *(Column(column.name, column.type, nullable=True) for column in SNAPSHOT.columns),
    prefixes=["TEMPORARY"],
)
"""Where a batch of snapshots waits to be compared with what is stored."""
