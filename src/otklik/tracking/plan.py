"""What collecting will cost, told before it runs: calls a day by bucket, the share of each quota, what still fits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from otklik.collect.cadence import Cadence
from otklik.collect.quota import Bucket


@dataclass(frozen=True, slots=True)
class BucketPlan:
    """One bucket's day."""

    platform: str
    bucket: str
    calls_a_day: float
    limit: int | None
    share: float | None
    """Of the limit less its reserve; ``None`` where no limit is known."""


@dataclass(frozen=True, slots=True)
class PlatformPlan:
    """One platform's day."""

    platform: str
    n_authors: int
    posts_a_day: float
    """New posts a day of all of them together."""
    looks_a_day: float
    discovery_every_h: float
    buckets: tuple[BucketPlan, ...]
    posts_that_fit: int | None
    """New posts a day that the polling bucket can follow at this cadence; ``None`` where no limit is known."""
    kept_until_h: float
    """Age up to which every look fits; older posts are thinned out first, and the audit sample never."""


@dataclass(frozen=True, slots=True)
class Costs:
    """How a platform is asked, as far as the plan needs it."""

    platform: str
    batch: int
    polling: Bucket
    discovery: Bucket
    describing: Bucket | None
    """What new posts are described from; ``None`` where looking for them tells all."""
    authors_per_call: int
    author_calls_a_day: int
    least_discovery_h: float


def discovery_every_h(n_authors: int, authors_per_call: int, calls_a_day: int, least_h: float) -> float:
    """Hours between looks for new posts, so that all authors together stay within their share of the calls.

    >>> round(discovery_every_h(52, 1, 4_750, 0.25), 3), round(discovery_every_h(100, 1, 4_750, 0.25), 3)
    (0.263, 0.505)
    >>> discovery_every_h(10, 50, 5_000, 1 / 12)
    0.08333333333333333
    """
    rounds = calls_a_day / max(1, math.ceil(n_authors / authors_per_call))
    return max(least_h, 24.0 / rounds)


def plan(costs: Costs, n_authors: int, posts_a_day: float, cadence: Cadence, searches: int = 0) -> PlatformPlan:
    """A day of following ``n_authors`` who publish ``posts_a_day`` in all, in the steady state.

    >>> from otklik.collect.cadence import STANDARD
    >>> from otklik.collect.quota import Window
    >>> stats = Bucket("youtube", "stats", 10_000, Window.PACIFIC_DAY, "docs")
    >>> general = Bucket("youtube", "general", 10_000, Window.PACIFIC_DAY, "docs")
    >>> costs = Costs("youtube", 50, stats, general, general, 50, 5_000, 1 / 12)
    >>> told = plan(costs, 40, 200, STANDARD)
    >>> [round(bucket.calls_a_day) for bucket in told.buckets], told.posts_that_fit
    ([472, 492], 4025)
    """
    every = discovery_every_h(n_authors, costs.authors_per_call, costs.author_calls_a_day, costs.least_discovery_h)
    looks = posts_a_day * len(cadence.slots)
    probes = (24 / every) * math.ceil(n_authors / costs.authors_per_call) if n_authors else 0.0
    if costs.describing is not None:
        # One page of uploads for every new post, and a description in full calls.
        probes += posts_a_day * (1 + 1 / costs.batch)
    calls = {costs.polling.name: looks / costs.batch}
    calls[costs.discovery.name] = calls.get(costs.discovery.name, 0.0) + probes
    buckets = {bucket.name: bucket for bucket in (costs.polling, costs.discovery)}
    capacity = _usable(costs.polling)
    fit = None if capacity is None else int(capacity * costs.batch / len(cadence.slots))
    return PlatformPlan(
        costs.platform,
        n_authors,
        posts_a_day,
        looks,
        every,
        tuple(_bucket_plan(buckets[name], n) for name, n in calls.items()),
        fit,
        _kept_until_h(capacity, costs.batch, posts_a_day, cadence),
    )


def _bucket_plan(bucket: Bucket, calls: float) -> BucketPlan:
    usable = _usable(bucket)
    return BucketPlan(bucket.platform, bucket.name, calls, bucket.limit, calls / usable if usable else None)


def _usable(bucket: Bucket) -> float | None:
    return None if bucket.limit is None else bucket.limit * (1 - bucket.reserve)


def _kept_until_h(capacity: float | None, batch: int, posts_a_day: float, cadence: Cadence) -> float:
    """The age at which the looks of a day's posts outgrow the capacity."""
    if capacity is None or not posts_a_day:
        return cadence.until_h
    n = int(capacity * batch / posts_a_day)
    return cadence.slots[min(n, len(cadence.slots)) - 1][0] if n else 0.0


def total_share(plans: Sequence[PlatformPlan]) -> float:
    """The fullest bucket's share."""
    return max((bucket.share or 0.0 for one in plans for bucket in one.buckets), default=0.0)
