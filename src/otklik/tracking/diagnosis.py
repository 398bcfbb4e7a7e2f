"""The doctor: is collecting well, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from otklik import credentials
from otklik.clock import Clock
from otklik.errors import ConfigurationError, OtklikError
from otklik.store import NATURE, SIMULATED, PassRecord, Polls, Store, Tracks
from otklik.tracking import retention
from otklik.tracking.health import Coverage, coverage
from otklik.tracking.passes import Source

COLLECTED = r"videos\.|wall\.|video\.|newsfeed\."
"""Sources of snapshots that collectors have brought, not imports."""


@dataclass(frozen=True)
class Check:
    """One thing that the doctor looked at."""

    name: str
    state: str
    """``ok``, ``warning``, ``wrong`` or ``unknown``."""
    text: OtklikError | None = None
    """What is wrong, in words."""


@dataclass(frozen=True)
class Diagnosis:
    """The state of collecting."""

    checks: tuple[Check, ...]
    quota: dict[str, dict[str, tuple[int, int | None, datetime | None]]]
    coverage: tuple[Coverage, ...]
    polls: dict[str, dict[str, int]]
    last_pass: datetime | None
    last_report: dict[str, Any] = field(default_factory=dict)
    is_simulated: bool = False


SKEW = timedelta(minutes=2)
RECENT = timedelta(days=7)
"""Posts whose labels are looked at: a store of months is too much to read every time."""


def diagnose(
    store: Store,
    found: list[Source],
    clock: Clock,
    profile: retention.Profile,
    tick_h: float,
    *,
    is_offline: bool = False,
) -> Diagnosis:
    """Look at everything."""
    now, passes = clock.now(), Tracks(store).passes(2)
    checks = [check for one in ("youtube", "vk") for check in _token(one, found, clock, is_offline)]
    checks += [_last_pass(passes, now, tick_h), _kept(store, profile, now)]
    since = now - RECENT
    posts, looks = store.posts(as_of=now, since=since), store.snapshots(as_of=now, since=since)
    collected = looks[looks["source"].fillna("").str.contains(COLLECTED)]
    told = take_pulse(store, found, clock)
    return replace(told, checks=tuple(checks), coverage=tuple(coverage(posts, collected, now)))


def take_pulse(store: Store, found: list[Source], clock: Clock) -> Diagnosis:
    """What changes from minute to minute."""
    passes = Tracks(store).passes(1)
    return Diagnosis(
        checks=(),
        quota={str(one.collector.platform): one.budget.spent() for one in found},
        coverage=(),
        polls=Polls(store).counts(clock.now()),
        last_pass=passes[0].started_at if passes else None,
        last_report=passes[0].report if passes else {},
        is_simulated=Tracks(store).mark(NATURE) == SIMULATED,
    )


def _token(platform: str, found: list[Source], clock: Clock, is_offline: bool) -> list[Check]:
    source = next((one for one in found if str(one.collector.platform) == platform), None)
    if source is None:
        name = "youtube_key" if platform == "youtube" else "vk_token"
        error = ConfigurationError(
            "no {variable} is set: {platform} is not collected", variable=credentials.variable(name), platform=platform
        )
        return [Check(f"{platform}: token", "unknown", error)]
    if is_offline:
        return [Check(f"{platform}: token", "unknown", ConfigurationError("not asked"))]
    try:
        server = source.collector.server_time()
    except OtklikError as error:
        return [Check(f"{platform}: token", "wrong", error)]
    checks = [Check(f"{platform}: token", "ok")]
    if server is not None:
        skew = abs(server - clock.now())
        late = ConfigurationError(
            "this clock differs from the platform's by {n} s: set it right", n=round(skew.total_seconds())
        )
        checks.append(Check(f"{platform}: clock", "wrong" if skew > SKEW else "ok", late if skew > SKEW else None))
    return checks


def _last_pass(passes: list[PassRecord], now: datetime, tick_h: float) -> Check:
    if not passes:
        return Check("last pass", "unknown", ConfigurationError("no pass was made yet: `otklik collect`"))
    last = passes[0]
    if last.started_at > now + timedelta(minutes=1):
        return Check(
            "last pass", "warning", ConfigurationError("the last pass lies in the future: the clock was set back")
        )
    if last.ended_at is None and now - last.started_at > timedelta(minutes=30):
        return Check(
            "last pass", "warning", ConfigurationError("the last pass was cut off: nothing is lost, but look why")
        )
    if now - last.started_at > timedelta(hours=3 * tick_h):
        hours = round((now - last.started_at).total_seconds() / 3600, 1)
        text = ConfigurationError(
            "the last pass was {n} h ago: is the timer running? `otklik schedule` prints one", n=hours
        )
        return Check("last pass", "warning", text)
    return Check("last pass", "ok")


def _kept(store: Store, profile: retention.Profile, now: datetime) -> Check:
    first = retention.oldest(store)
    if profile.statistics is not None and first is not None and now - first > profile.statistics:
        days = (now - first).days
        text = ConfigurationError(
            "YouTube data of {n} days ago is kept although the policy {policy!r} allows {limit} days: `otklik purge`",
            n=days,
            policy=profile.name,
            limit=profile.statistics.days,
        )
        return Check("retention", "wrong", text)
    return Check("retention", "ok")
