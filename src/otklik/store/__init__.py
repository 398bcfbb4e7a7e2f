"""The store: posts and append-only snapshots on SQLite by default, on PostgreSQL by URL."""

from otklik.store.dialect import is_there
from otklik.store.experiments import Assignment, Experiment, Experiments, Link, StoredPost, Variant
from otklik.store.forecasts import ForecastLink, Forecasts, Logged
from otklik.store.ledger import Booking, Ledger
from otklik.store.polls import Followed, Polls, Settled
from otklik.store.post_files import PostFiles
from otklik.store.sounds import Sounds, StoredSound
from otklik.store.store import Store
from otklik.store.tracks import NATURE, REAL, SIMULATED, PassRecord, Track, Tracks
from otklik.store.upserts import Written

__all__ = [
    "NATURE",
    "REAL",
    "SIMULATED",
    "Assignment",
    "Booking",
    "Experiment",
    "Experiments",
    "Followed",
    "ForecastLink",
    "Forecasts",
    "Ledger",
    "Link",
    "Logged",
    "PassRecord",
    "Polls",
    "PostFiles",
    "Settled",
    "Sounds",
    "Store",
    "StoredPost",
    "StoredSound",
    "Track",
    "Tracks",
    "Variant",
    "Written",
    "is_there",
]
