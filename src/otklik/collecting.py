"""The verbs of collecting as recipes: each reads like what it does and has no logic of its own."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import URLError

import pandas as pd
from filelock import FileLock, Timeout

from otklik import credentials, units
from otklik.clock import Clock, FastClock, StillClock, SystemClock
from otklik.collect import cadence as cadences
from otklik.collect.answers import Target
from otklik.collect.cadence import Cadence
from otklik.errors import ConfigurationError, StorageError, TransientError
from otklik.sandbox import Faults, Sandbox, World
from otklik.settings import Settings
from otklik.store import NATURE, REAL, SIMULATED, Polls, Store, Track, Tracks
from otklik.tracking import plan as plans
from otklik.tracking import retention
from otklik.tracking.diagnosis import Diagnosis, diagnose, take_pulse
from otklik.tracking.health import Coverage, coverage
from otklik.tracking.passes import Pass, PassReport, Source
from otklik.tracking.sources import COSTS, Access, sources
from otklik.tracking.watching import Stop, watch

Progress = Callable[[str, int, int | None], None]
_SANDBOX_KEY = "sandbox-key"


def quiet(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


# -- reaching the platforms --------------------------------------------------------------------------------


def access_of(settings: Settings) -> Access:
    """How the platforms are reached with these settings."""
    if settings.sandbox:
        return Access(
            youtube_key=lambda: _SANDBOX_KEY,
            vk_token=lambda: _SANDBOX_KEY,
            youtube_endpoint=settings.sandbox,
            vk_host=settings.sandbox,
            project=settings.project,
            mark="simulated:",
        )
    found = {name: credentials.find(name, settings.workspace) for name in credentials.NAMES}
    host = {"vk_host": settings.vk_host} if settings.vk_host else {}
    return Access(**found, project=settings.project, **host)  # type: ignore[arg-type]


def clock_of(settings: Settings) -> Clock:
    """The machine's clock, or that of the sandbox."""
    if not settings.sandbox:
        return SystemClock()
    try:
        with urllib.request.urlopen(f"{settings.sandbox}/clock", timeout=5) as answer:
            told = json.load(answer)
        return FastClock(units.utc(told["now"]), float(told["speed"]))
    except (URLError, OSError, ValueError, KeyError):
        raise TransientError(
            "no sandbox answers at {address}: start it with `otklik sandbox --serve`", address=settings.sandbox
        ) from None


def cadence_of(settings: Settings) -> Cadence:
    """The cadence in force."""
    return cadences.parse(settings.cadence) if settings.cadence else cadences.STANDARD


def _mark_nature(store: Store, is_sandbox: bool) -> None:
    """A store holds simulated data or real data, never both."""
    tracks = Tracks(store)
    now, was = SIMULATED if is_sandbox else REAL, tracks.mark(NATURE)
    if was is None and store.counts()["snapshots"] and is_sandbox:
        was = REAL
    if was == SIMULATED != now:
        raise ConfigurationError(
            "the store {store} holds simulated data and may not be mixed with real data: use another workspace",
            store=store.url,
        )
    if was == REAL != now:
        raise ConfigurationError(
            "the store {store} holds real data and may not be mixed with simulated data: use another workspace",
            store=store.url,
        )
    if was is None:
        tracks.set_mark(NATURE, now)


def is_simulated(store_url: str) -> bool:
    """Whether a store holds simulated data."""
    with Store.open(store_url) as store:
        return Tracks(store).mark(NATURE) == SIMULATED


def _need_sources(found: list[Source], settings: Settings) -> list[Source]:
    if not found:
        credentials.needed(None, "youtube_key", settings.workspace)
    return found


# -- what is followed --------------------------------------------------------------------------------------


def track_add(
    settings: Settings, names: list[str], platform: str | None, query: str | None
) -> list[tuple[Target, bool]]:
    """Follow authors, posts or a search; with each whether it is new."""
    clock = clock_of(settings)
    with Store.open(settings.store) as store:
        _mark_nature(store, settings.sandbox is not None)
        tracks, added = Tracks(store), []
        if query is not None:
            place = platform or "youtube"
            target = Target(place, "query", query, query)
            added.append((target, tracks.add(place, "query", query, query, clock.now())))
        with sources(access_of(settings), store, clock) as found:
            clients = {str(one.collector.platform): one.collector for one in found}
            for name in names:
                where, text = platform_of(name, platform)
                if where not in clients:
                    credentials.needed(None, "youtube_key" if where == "youtube" else "vk_token", settings.workspace)
                target = clients[where].resolve(text)
                is_new = tracks.add(where, target.kind, target.target, target.label, clock.now())
                added.append((target, is_new))
        return added


def platform_of(name: str, platform: str | None) -> tuple[str, str]:
    """The platform that a name belongs to, and the name without it.

    Raises:
        ConfigurationError: when the name says neither.

    >>> platform_of("vk:-77", None), platform_of("https://youtu.be/dQw4w9WgXcQ", None)[0]
    (('vk', '-77'), 'youtube')
    """
    head, _, rest = name.partition(":")
    if head in ("youtube", "vk") and rest:
        return head, rest
    if platform is not None:
        return platform, name
    lowered = name.lower()
    if "youtu" in lowered or name.startswith(("@", "UC")):
        return "youtube", name
    if (
        "vk.com" in lowered
        or "vk.ru" in lowered
        or "vkvideo.ru" in lowered
        or name.startswith(("-", "wall", "club", "public"))
    ):
        return "vk", name
    raise ConfigurationError(
        "it is not clear on which platform {name!r} is: write youtube:{name} or vk:{name}, or a link", name=name
    )


def track_list(settings: Settings) -> list[Track]:
    """What is followed."""
    with Store.open(settings.store) as store:
        return Tracks(store).all()


def track_remove(settings: Settings, name: str, platform: str | None) -> Track:
    """Follow something no longer, posts of an author included; what was collected stays.

    Raises:
        ConfigurationError: when nothing of that name is followed.
    """
    text = name.split(":", 1)[1] if name.split(":", 1)[0] in ("youtube", "vk") and ":" in name else name
    with Store.open(settings.store) as store:
        tracks = Tracks(store)
        for track in tracks.all():
            is_named = text in (track.target, track.label) or name in (track.target, track.label)
            if is_named and platform in (None, track.platform):
                tracks.remove(track.platform, track.kind, track.target)
                keys = [(track.platform, track.target)] if track.kind == "post" else []
                if track.kind == "author":
                    keys = [(track.platform, one) for one in Polls(store).known(track.platform, track.target)]
                Polls(store).stop(keys)
                return track
    raise ConfigurationError("nothing called {name!r} is followed: `otklik track list` shows what is", name=name)


def plan(settings: Settings, posts_a_day: float | None = None) -> list[plans.PlatformPlan]:
    """What following everything will cost a day, from how often the authors have published of late."""
    clock, told = clock_of(settings), []
    with Store.open(settings.store) as store:
        tracks, now = Tracks(store).all(), clock.now()
        recent = store.posts(as_of=now)
        recent = recent[recent["published_at"] >= pd.Timestamp(now - timedelta(days=30))]
        for costs in COSTS:
            followed = {one.target for one in tracks if one.platform == costs.platform and one.kind == "author"}
            mine = recent[(recent["platform"] == costs.platform) & recent["author_id"].isin(followed)]
            rate = posts_a_day if posts_a_day is not None else len(mine) / 30
            if followed:
                told.append(plans.plan(costs, len(followed), rate, cadence_of(settings)))
    return told


# -- collecting --------------------------------------------------------------------------------------------


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """On SQLite one collector at a time; the lock goes with the process, however it ends."""
    if "://" in settings.store and not settings.store.startswith("sqlite"):
        yield
        return
    path = settings.store.removeprefix("sqlite:///")
    try:
        with FileLock(f"{path}.collect.lock", timeout=0):
            yield
    except Timeout:
        raise TransientError(
            "another collector is at work on {store}: on SQLite there can be one at a time; PostgreSQL takes several",
            store=path,
        ) from None


def collect(
    settings: Settings, should_stop: Callable[[], bool] = lambda: False, on_progress: Progress = quiet
) -> PassReport:
    """One pass over everything that is due."""
    with _alone(settings), Store.open(settings.store) as store:
        return _one_pass(store, settings, clock_of(settings), should_stop, on_progress)


def _one_pass(
    store: Store, settings: Settings, clock: Clock, should_stop: Callable[[], bool], on_progress: Progress
) -> PassReport:
    _mark_nature(store, settings.sandbox is not None)
    if "://" not in settings.store or settings.store.startswith("sqlite"):
        # The lock says that nobody else is at work: what is still taken was taken by one that died.
        Polls(store).release()
        Tracks(store).release()
    with sources(access_of(settings), store, clock, units.parse_duration(settings.tick)) as found:
        return Pass(
            store,
            _need_sources(found, settings),
            clock,
            cadence_of(settings),
            should_stop=should_stop,
            on_progress=on_progress,
        ).run()


def collect_watching(settings: Settings, tell: Callable[[PassReport], None]) -> None:
    """Pass after pass until asked to stop; the batch in hand is finished first."""
    stop, clock = Stop().on_signals(), clock_of(settings)
    speed = clock.speed if isinstance(clock, FastClock) else 1.0
    with _alone(settings), Store.open(settings.store) as store:

        def one() -> None:
            try:
                report = _one_pass(store, settings, clock, stop, quiet)
            except (TransientError, StorageError) as error:
                # A full disk or a locked store does not end a watch of months: the next pass tries again.
                report = PassReport(errors=[error])
            tell(report)
            fatal = [error for error in report.errors if isinstance(error, ConfigurationError)]
            if fatal and len(fatal) == len(report.platforms):
                raise fatal[0]

        watch(one, units.parse_duration(settings.tick) * 3600, stop, speed)


def purge(settings: Settings, policy: str | None, *, is_dry: bool) -> retention.Purged:
    """Delete what may not be kept any longer."""
    with Store.open(settings.store) as store:
        profile = retention.profile_named(policy or settings.policy)
        return retention.purge(store, profile, clock_of(settings).now(), is_dry=is_dry)


# -- health ------------------------------------------------------------------------------------------------


def doctor(settings: Settings, *, is_offline: bool = False) -> Diagnosis:
    """Tokens, clock, passes, quota, labels, retention: what is well and what is not."""
    clock = clock_of(settings)
    with Store.open(settings.store) as store:
        tick_h, policy = units.parse_duration(settings.tick), retention.profile_named(settings.policy)
        with sources(access_of(settings), store, clock) as found:
            return diagnose(store, found, clock, policy, tick_h, is_offline=is_offline)


def pulse(settings: Settings) -> Diagnosis:
    """What changes from minute to minute: posts due, quota, the last pass."""
    clock = clock_of(settings)
    with Store.open(settings.store) as store, sources(access_of(settings), store, clock) as found:
        return take_pulse(store, found, clock)


# -- the sandbox -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SandboxRun:
    """What a run in the sandbox brought."""

    store: str
    n_posts: int
    n_snapshots: int
    calls: dict[str, int]
    faults: dict[str, int]
    coverage: tuple[Coverage, ...]
    seconds: float
    post: str | None
    """A post some hours old, to forecast."""
    until: datetime


def worlds_of(start: datetime, n_posts: int, hours: float, seed: int) -> list[World]:
    """Both platforms, with a few authors each."""
    n_authors = max(2, min(40, n_posts // 20))
    return [
        World(platform, start, n_authors=n_authors, n_posts=n_posts, hours=hours, seed=seed)
        for platform in ("youtube", "vk")
    ]


def sandbox_run(
    workspace: Path, n_posts: int, hours: float, faults: str = "", seed: int = 0, on_progress: Progress = quiet
) -> SandboxRun:
    """Follow made-up authors of both platforms for some simulated hours, through the real clients over real sockets."""
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours)
    clock, began = StillClock(start), time.monotonic()
    worlds, tick = worlds_of(start, n_posts, hours, seed), timedelta(minutes=5)
    workspace.mkdir(parents=True, exist_ok=True)
    with Sandbox(worlds, clock, Faults.parse(faults, seed)) as server, Store.open(workspace / "store.sqlite") as store:
        server.silence_s = 0.2
        _mark_nature(store, True)
        for world in worlds:
            for author in world.authors.values():
                Tracks(store).add(world.platform, "author", author.author_id, author.name, start)
        access = Access(
            lambda: _SANDBOX_KEY, lambda: _SANDBOX_KEY, None, server.address, server.address, mark="simulated:"
        )
        n_ticks = int(hours * 12)
        with sources(access, store, clock) as found:
            for number in range(n_ticks + 1):
                clock.set(max(clock.now(), start + number * tick))
                Pass(store, found, clock).run()
                on_progress("ticks", number, n_ticks)
        now = clock.now()
        posts, looks = store.posts(as_of=now), store.snapshots(as_of=now)
        ages = (pd.Timestamp(now) - posts["published_at"]).dt.total_seconds() / 3600
        young = posts[(ages > 2.5) & (ages < 5) & (posts["kind"] != "post")]
        chosen = young.iloc[0] if len(young) else None
        return SandboxRun(
            store=store.url,
            n_posts=len(posts),
            n_snapshots=len(looks),
            calls=dict(server.calls),
            faults=server.faults.injected(),
            coverage=tuple(coverage(posts, looks, now)),
            seconds=time.monotonic() - began,
            post=f"{chosen['platform']}:{chosen['post_id']}" if chosen is not None else None,
            until=now,
        )


def sandbox_serve(n_posts: int, hours: float, speed: float, port: int, faults: str, seed: int = 0) -> Sandbox:
    """A running server of both platforms with a clock of its own; the caller stops it."""
    start = datetime.now(UTC).replace(microsecond=0)
    clock = FastClock(start, speed)
    server = Sandbox(worlds_of(start, n_posts, hours, seed), clock, Faults.parse(faults, seed), port)
    server.start()
    return server
