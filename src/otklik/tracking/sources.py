"""The platforms put together: a client, its budget and its costs for each one that there is a key for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from otklik.clock import Clock
from otklik.collect.vk import limits as vk_limits
from otklik.collect.youtube import limits as youtube_limits
from otklik.store import Ledger, Store
from otklik.tracking.budget import Budget
from otklik.tracking.passes import Source
from otklik.tracking.plan import Costs

Secret = Callable[[], str]

YOUTUBE = Costs(
    platform="youtube",
    batch=youtube_limits.IDS_PER_CALL,
    polling=youtube_limits.STATS,
    discovery=youtube_limits.GENERAL,
    describing=youtube_limits.GENERAL,
    authors_per_call=youtube_limits.IDS_PER_CALL,
    # Half of the general bucket: the other half describes what is found.
    author_calls_a_day=youtube_limits.GENERAL.limit // 2 if youtube_limits.GENERAL.limit else 0,
    least_discovery_h=5 / 60,
)
VK = Costs(
    platform="vk",
    batch=vk_limits.POSTS_PER_CALL,
    polling=vk_limits.CALLS,
    discovery=vk_limits.WALL_GET,
    describing=None,
    authors_per_call=1,
    author_calls_a_day=int(vk_limits.WALL_GET.limit * (1 - vk_limits.WALL_GET.reserve))
    if vk_limits.WALL_GET.limit
    else 0,
    least_discovery_h=15 / 60,
)
COSTS = (YOUTUBE, VK)
BUCKETS = {"youtube": youtube_limits.BUCKETS, "vk": vk_limits.BUCKETS}


@dataclass(frozen=True)
class Access:
    """How the platforms are reached. Secrets are functions, so that a rotated one is taken up on the fly."""

    youtube_key: Secret | None = None
    vk_token: Secret | None = None
    vk_user_token: Secret | None = None
    youtube_endpoint: str | None = None
    vk_host: str = vk_limits.HOST
    project: str = "default"
    mark: str = ""
    """Put before the source of every snapshot: ``simulated:`` in a sandbox."""


@contextmanager
def sources(access: Access, store: Store, clock: Clock, tick_h: float = 5 / 60) -> Iterator[list[Source]]:
    """The platforms that there is a key for. Clients are loaded only for these: they are heavy."""
    found = _made(access, store, clock, tick_h)
    try:
        yield found
    finally:
        for source in found:
            source.collector.close()


def _made(access: Access, store: Store, clock: Clock, tick_h: float) -> list[Source]:
    ledger = Ledger(store, access.project)
    found: list[Source] = []
    if access.youtube_key is not None:
        from otklik.collect.youtube import YouTube

        budget = Budget(youtube_limits.BUCKETS, ledger, clock, tick_h)
        client = YouTube(access.youtube_key, budget.spend, clock, access.youtube_endpoint, access.mark)
        found.append(Source(client, budget, YOUTUBE))
    if access.vk_token is not None:
        from otklik.collect import vk as vk_collector

        budget = Budget(vk_limits.BUCKETS, ledger, clock, tick_h)
        vk = vk_collector.VK(access.vk_token, budget.spend, clock, access.vk_host, access.vk_user_token, access.mark)
        found.append(Source(vk, budget, VK))
    return found
