"""The store: posts and append-only snapshots on SQLite by default, on PostgreSQL by URL."""

from otklik.store.store import Store, Written

__all__ = ["Store", "Written"]
