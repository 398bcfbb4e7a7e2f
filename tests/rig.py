"""A collector at work in a sandbox with a clock that stands still, and what must hold whatever goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd

from otklik.clock import StillClock
from otklik.collect.cadence import STANDARD
from otklik.collect.vk import limits as vk_limits
from otklik.collect.youtube import limits as youtube_limits
from otklik.sandbox import Faults, Sandbox, World
from otklik.store import Ledger, Store, Tracks
from otklik.tracking.budget import booking_of
from otklik.tracking.passes import Pass, PassReport, Source
from otklik.tracking.sources import Access, sources

START = datetime(2026, 11, 20, 6, tzinfo=UTC)
TICK = timedelta(minutes=5)
KEY, TOKEN = "AIzaSECRETyoutubekey0123456789", "vk1.a.SECRETservicetoken0123456789"
METHODS = {
    "stats": ("videos.batchGetStats",),
    "general": ("videos.list", "channels.list", "playlistItems.list"),
    "search": ("search.list",),
    "wall.get": ("wall.get",),
    "newsfeed.search": ("newsfeed.search",),
    "calls": (
        "wall.getById",
        "groups.getById",
        "likes.getList",
        "execute",
        "utils.resolveScreenName",
        "utils.getServerTime",
    ),
    "video.get": ("video.get",),
}


@dataclass
class Rig:
    """One collector, both platforms, one store."""

    clock: StillClock
    worlds: dict[str, World]
    sandbox: Sandbox
    store: Store
    sources: list[Source]
    ticks: int = 0
    reports: list[PassReport] = field(default_factory=list)

    def run(self, ticks: int) -> list[PassReport]:
        """Make passes, one every five minutes."""
        for _ in range(ticks):
            due = START + self.ticks * TICK
            if self.clock.now() < due:
                self.clock.set(due)
            self.reports.append(Pass(self.store, self.sources, self.clock, STANDARD).run())
            self.ticks += 1
        return self.reports[-ticks:]

    def errors(self) -> set[str]:
        """Kinds of errors that passes reported."""
        return {type(error).__name__ for report in self.reports for error in report.errors}

    def snapshots(self) -> pd.DataFrame:
        """Everything stored."""
        return self.store.snapshots(as_of=self.clock.now() + timedelta(days=365))


@contextmanager
def rig(
    folder: Path | str,
    platforms: tuple[str, ...] = ("youtube", "vk"),
    faults: str = "",
    n_posts: int = 60,
    hours: float = 3.0,
    n_authors: int = 6,
    n_past: int = 4,
    seed: int = 0,
    **world: object,
) -> Iterator[Rig]:
    """A rig whose authors are followed from the start."""
    clock = StillClock(START)
    made = {
        name: World(name, START, n_authors=n_authors, n_posts=n_posts, hours=hours, n_past=n_past, **world)
        for name in platforms
    }
    url = folder if isinstance(folder, str) else folder / "store.sqlite"
    with Sandbox(list(made.values()), clock, Faults.parse(faults, seed)) as sandbox, Store.open(url) as store:
        sandbox.silence_s = 1.5
        for name, one in made.items():
            for author_id in one.authors:
                Tracks(store).add(name, "author", author_id, None, START)
        access = Access(
            youtube_key=(lambda: KEY) if "youtube" in platforms else None,
            vk_token=(lambda: TOKEN) if "vk" in platforms else None,
            youtube_endpoint=sandbox.address,
            vk_host=sandbox.address,
            mark="simulated:",
        )
        with sources(access, store, clock) as found:
            yield Rig(clock, made, sandbox, store, found)


def check_stored(rig: Rig) -> int:
    """What is stored is true, once, and booked: returns how many snapshots there are."""
    check_ledger(rig.store, rig.sandbox, since=START - timedelta(days=2))
    return check_counts(rig.store, rig.worlds, rig.clock.now())


def check_counts(store: Store, worlds: dict[str, World], now: datetime, slack: timedelta = timedelta(0)) -> int:
    """Every snapshot is what the platform showed at its instant, and no two are of the same one.

    Where the collector and the platform have clocks of their own, an instant is true up to ``slack``.
    """
    stored = store.snapshots(as_of=now + timedelta(days=365))
    assert not stored.duplicated(["platform", "post_id", "observed_at"]).any()
    assert stored["source"].str.startswith("simulated:").all()
    for row in stored.itertuples():
        post, at = worlds[row.platform].posts[row.post_id], row.observed_at.to_pydatetime()
        if pd.isna(row.views):
            continue  # A platform may leave its views out; it is never read as 0.
        half = 2 if str(row.post_id).startswith("video") else 1
        shown = [post.counts(max(at + moved, post.published_at))[0] // half for moved in (-slack, timedelta(0), slack)]
        assert min(shown) <= row.views <= max(shown), (row, shown)
    return len(stored)


def check_ledger(store: Store, sandbox: Sandbox, since: datetime) -> None:
    """The ledger never knows of fewer calls than the platform."""
    ledger = Ledger(store)
    for bucket in (*youtube_limits.BUCKETS, *vk_limits.BUCKETS):
        sent = sum(sandbox.calls[method] for method in METHODS[bucket.name])
        whole = replace(booking_of(bucket, since), since=since - timedelta(days=1))
        assert ledger.spent(whole) >= sent, bucket.name


def check_looks(rig: Rig, slack_h: float = 0.2) -> None:
    """Every post alive has a look near each slot that has passed since it was first seen."""
    stored, now = rig.snapshots(), rig.clock.now()
    for world in rig.worlds.values():
        for post in world.posts.values():
            if post.gone_at is not None or post.published_at > now - timedelta(hours=0.5) or post.published_at < START:
                continue
            looks = stored[(stored["platform"] == world.platform) & (stored["post_id"] == post.post_id)]
            assert len(looks), post.post_id
            ages = (looks["observed_at"] - pd.Timestamp(post.published_at)).dt.total_seconds().sort_values() / 3600
            gaps = ages.diff().dropna()
            until = (now - post.published_at).total_seconds() / 3600
            assert not len(gaps) or gaps.max() <= 0.25 * 1.6 + slack_h, (post.post_id, gaps.max())
            assert until - ages.iloc[-1] <= 0.25 * 1.6 + slack_h, (post.post_id, until, ages.iloc[-1])
