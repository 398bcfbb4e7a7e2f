"""One pass of the collectors: find new posts, look at those that are due, describe what has not been described."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from otklik.clock import Clock
from otklik.collect.answers import Answer, AuthorAnswer, AuthorAsked, Collector, Outcome, batches
from otklik.collect.cadence import STANDARD, Cadence
from otklik.errors import ConfigurationError, ItemUnavailable, OtklikError, QuotaExhausted, TransientError
from otklik.store import Followed, Polls, Store, Track, Tracks
from otklik.tracking.budget import Budget
from otklik.tracking.keeping import Keeper, with_followers
from otklik.tracking.plan import Costs, discovery_every_h

CALLS_PER_CLAIM = 10
"""How many calls' worth of posts are taken at a time."""
AUTHORS_TOGETHER = 50
"""Authors whose answers are written in one transaction."""
GIVE_UP_AFTER = 3
"""Calls in a row that failed for good: the platform is left alone until the next pass."""
SWEEP_EVERY = timedelta(hours=6)
"""How often the newest posts are looked through even when the number of posts has not changed."""
DISCOVERY_CAP_H = 24.0
"""Longest wait between looks at an author who cannot be seen."""
DESCRIBE_EVERY = timedelta(hours=24)
DESCRIBE_FOR = timedelta(days=3)
"""Titles and covers are read again once a day while a post is young."""
PATIENCE = 6
"""How often in a row an author's uploads are read again because not all new ones are listed or described yet."""
PUNCTUAL = timedelta(seconds=30)
"""Authors are due a little before a tick: one that begins a second early must not miss them until the next."""
REMEMBER = timedelta(days=60)
"""How long passes and bookings are kept."""
SEARCH_EVERY = timedelta(hours=6)
SEARCH_BACK = timedelta(hours=12)

Progress = Callable[[str, int, int | None], None]


@dataclass
class PlatformReport:
    """What a pass did on one platform."""

    calls: int = 0
    seen: int = 0
    missing: int = 0
    unavailable: int = 0
    failed: int = 0
    new_posts: int = 0
    snapshots: int = 0
    notes: list[str] = field(default_factory=list)
    """What stood in the way, in words."""

    def count(self, answers: Iterable[Answer]) -> None:
        """Count outcomes."""
        for answer in answers:
            self.seen += answer.outcome is Outcome.SEEN
            self.missing += answer.outcome is Outcome.MISSING
            self.unavailable += answer.outcome is Outcome.UNAVAILABLE
            self.failed += answer.outcome is Outcome.FAILED


@dataclass
class PassReport:
    """What a pass did."""

    platforms: dict[str, PlatformReport] = field(default_factory=dict)
    errors: list[OtklikError] = field(default_factory=list)
    """What stopped a platform altogether: quota, tokens, faults."""
    is_stopped: bool = False
    """Whether the pass ended early because it was told to."""

    def to_dict(self) -> dict[str, Any]:
        """The report for a log or a machine."""
        return {
            "platforms": {name: vars(one) for name, one in self.platforms.items()},
            "errors": [{"kind": type(error).__name__, "message": str(error)} for error in self.errors],
            "is_stopped": self.is_stopped,
        }


@dataclass(frozen=True)
class Source:
    """A platform as a pass sees it: its client, its budget, and what asking costs."""

    collector: Collector
    budget: Budget
    costs: Costs


def owner_name() -> str:
    """A name for this process, on this machine."""
    return f"{socket.gethostname()}:{os.getpid()}"


class Pass:
    """One idempotent pass over everything that is due."""

    def __init__(
        self,
        store: Store,
        sources: Sequence[Source],
        clock: Clock,
        cadence: Cadence = STANDARD,
        *,
        should_stop: Callable[[], bool] = lambda: False,
        on_progress: Progress = lambda stage, done, total: None,
        owner: str | None = None,
    ) -> None:
        self._store, self._sources, self._clock, self._cadence = store, sources, clock, cadence
        self._polls, self._tracks, self._keeper = Polls(store), Tracks(store), Keeper(store, cadence)
        self._stop, self._progress = should_stop, on_progress
        self._owner = owner or owner_name()
        self.report = PassReport()

    def run(self) -> PassReport:
        """Do it. Faults of one platform do not keep the other from being collected."""
        number = self._tracks.begin_pass(self._owner, self._clock.now())
        try:
            for source in self._sources:
                self._platform(source)
        finally:
            self._polls.release(self._owner)
            self._tracks.release(self._owner)
        self.report.is_stopped = self._stop()
        self._tracks.end_pass(number, self._clock.now(), self.report.to_dict())
        self._tidy()
        return self.report

    def _tidy(self) -> None:
        """Forget passes and bookings that have long ceased to matter: a collector runs for months."""
        before = self._clock.now() - REMEMBER
        self._tracks.forget_passes(before)
        for source in self._sources:
            source.budget.forget(before)

    def _platform(self, source: Source) -> None:
        name, before = source.collector.platform, source.budget.calls
        report = self.report.platforms.setdefault(str(name), PlatformReport())
        stages = (self._discover, self._search, self._single, self._observe, self._redescribe)
        for stage in stages:
            if self._stop():
                break
            try:
                stage(source, report)
            except QuotaExhausted as error:
                # Another bucket may still be open: only this stage ends.
                source.budget.close(error)
                self._note(report, error)
            except (TransientError, ItemUnavailable) as error:
                self._note(report, error)
            except ConfigurationError as error:
                self._note(report, error)
                break
        report.calls = source.budget.calls - before

    def _note(self, report: PlatformReport, error: OtklikError) -> None:
        if str(error) not in report.notes:
            report.notes.append(str(error))
            self.report.errors.append(error)

    # -- finding posts -------------------------------------------------------------------------------------

    def _discover(self, source: Source, report: PlatformReport) -> None:
        name, began = str(source.collector.platform), self._clock.now()
        tracks = {track.target: track for track in self._tracks.claim(name, "author", began, self._owner)}
        if not tracks:
            return
        asked = {name: self._asked(track) for name, track in tracks.items()}
        every_h = self._discovery_every_h(source)
        waiting: dict[str, AuthorAnswer] = {}
        new: list[str] = []
        unseen: set[str] = set()
        for answers in _groups(source.collector.authors(list(asked.values())), AUTHORS_TOGETHER):
            now = self._clock.now()
            report.new_posts += sum(p.post_id not in asked[a.author_id].known for a in answers for p in a.posts)
            report.failed += sum(answer.outcome is Outcome.FAILED for answer in answers)
            moved = [answer for answer in answers if _has_moved(answer, asked[answer.author_id])]
            report.snapshots += self._keeper.keep_authors(moved, now)
            for answer in answers:
                if answer.new_ids:
                    waiting[answer.author_id] = answer
                else:
                    is_whole = _is_whole(answer, asked[answer.author_id], unseen)
                    self._settle_track(tracks[answer.author_id], answer, began, every_h, is_whole=is_whole)
            # New posts are described in full calls across authors; an author is settled when they are safe.
            more = [post_id for answer in answers for post_id in answer.new_ids]
            new = self._describe_new(source, report, [*new, *more], waiting, unseen, is_last=False)
        self._describe_new(source, report, new, waiting, unseen, is_last=True)
        for author_id, answer in waiting.items():
            is_whole = _is_whole(answer, asked[author_id], unseen)
            self._settle_track(tracks[author_id], answer, began, every_h, is_whole=is_whole)

    def _discovery_every_h(self, source: Source) -> float:
        name = str(source.collector.platform)
        n = sum(track.platform == name and track.kind == "author" for track in self._tracks.all())
        costs = source.costs
        return discovery_every_h(n, costs.authors_per_call, costs.author_calls_a_day, costs.least_discovery_h)

    def _asked(self, track: Track) -> AuthorAsked:
        known = self._polls.known(track.platform, track.target)
        return AuthorAsked(track.target, track.n_posts, known, self._is_sweep(track))

    def _is_sweep(self, track: Track) -> bool:
        return track.swept_at is None or self._clock.now() - track.swept_at >= SWEEP_EVERY

    def _settle_track(
        self, track: Track, answer: AuthorAnswer, began: datetime, every_h: float, *, is_whole: bool
    ) -> None:
        """Write down a look at an author. While new posts are held back, the old number of posts stays."""
        now, is_seen = self._clock.now(), answer.outcome is Outcome.SEEN
        is_again = is_seen and not is_whole and track.failures < PATIENCE
        failures = 0 if is_seen and not is_again else track.failures + 1
        swept = now if self._is_sweep(track) and not failures else None
        n_posts = answer.snapshot.posts if answer.snapshot is not None and not is_again else None
        wait = timedelta(hours=min(DISCOVERY_CAP_H, every_h * (1 if is_seen else 2 ** min(failures, 8))))
        due = began + wait - PUNCTUAL
        self._tracks.settle(track.track_key, due, answer.outcome, failures, now, swept, n_posts)

    def _describe_new(
        self,
        source: Source,
        report: PlatformReport,
        new: list[str],
        authors: Mapping[str, AuthorAnswer],
        unseen: set[str],
        *,
        is_last: bool,
    ) -> list[str]:
        """Describe new posts in full calls, and the rest too if no more are coming; returns those left.

        Those that were not shown are added to ``unseen``.
        """
        new = list(dict.fromkeys(new))
        n = len(new) if is_last else len(new) // source.collector.batch * source.collector.batch
        for group in batches(new[:n], source.collector.batch):
            answers = list(source.collector.describe(group))
            report.count(answers)
            report.new_posts += sum(answer.post is not None for answer in answers)
            unseen |= {answer.post_id for answer in answers if answer.post is None}
            shown = [_with(answer, authors) for answer in answers if answer.post is not None]
            report.snapshots += self._keeper.keep(shown, self._clock.now(), is_found=True)
        return new[n:]

    def _search(self, source: Source, report: PlatformReport) -> None:
        collector = source.collector
        for track in self._tracks.claim(str(collector.platform), "query", self._clock.now(), self._owner):
            now = self._clock.now()
            since = (track.looked_at or now - SEARCH_BACK) - timedelta(hours=1)
            answers = list(collector.search(track.target, since))
            whole = [answer for answer in answers if answer.post is not None]
            report.snapshots += self._keeper.keep(whole, now, is_found=True)
            named = [answer.post_id for answer in answers if answer.post is None]
            known = self._polls.find([(str(collector.platform), post_id) for post_id in named])
            fresh = [post_id for post_id in named if (str(collector.platform), post_id) not in known]
            unseen: set[str] = set()
            self._describe_new(source, report, fresh, {}, unseen, is_last=True)
            # What could not be described is searched for once more: the next search begins where this one did.
            looked = track.looked_at if unseen else now
            self._tracks.settle(track.track_key, now + SEARCH_EVERY, Outcome.SEEN, 0, looked)

    def _single(self, source: Source, report: PlatformReport) -> None:
        """Single posts that a person has named: described once, followed from then on."""
        name = str(source.collector.platform)
        tracks = self._tracks.claim(name, "post", self._clock.now(), self._owner)
        for group in batches([track.target for track in tracks], source.collector.batch):
            answers = {answer.post_id: answer for answer in source.collector.describe(group)}
            report.count(answers.values())
            now = self._clock.now()
            shown = [answer for answer in answers.values() if answer.post is not None]
            report.snapshots += self._keeper.keep(shown, now, is_found=True)
            for track in tracks:
                # A question that did not get through is asked again in the next pass.
                if track.target in answers and answers[track.target].outcome is not Outcome.FAILED:
                    is_there = answers[track.target].post is not None
                    wait = timedelta(days=3650) if is_there else timedelta(hours=6)
                    self._tracks.settle(track.track_key, now + wait, answers[track.target].outcome, 0, now)

    # -- looking at posts ----------------------------------------------------------------------------------

    def _observe(self, source: Source, report: PlatformReport) -> None:
        """Look at everything that is due, in full calls, until nothing is or the slice of the day is used."""
        collector, failed, done, n_calls = source.collector, 0, 0, 0
        while not self._stop():
            n = min(CALLS_PER_CLAIM, source.budget.room(collector.buckets[0])) * collector.batch
            if n == 0:
                report.notes.append(f"slice:{collector.buckets[0]}")
                return
            name = str(collector.platform)
            claimed = self._polls.claim(name, self._clock.now(), n, batch=collector.batch, owner=self._owner)
            if not claimed and n_calls and failed == n_calls:
                raise _silent(name)
            if not claimed:
                return
            for group in _packs(claimed, collector.pack):
                if self._stop():
                    return
                answers, error = _drained(self._look(source, group))
                report.count(answer for answer in answers if answer.post_id in {one.post_id for one in group})
                report.snapshots += self._keeper.keep(answers, self._clock.now())
                if error is not None:
                    raise error
                size = -(-len(group) // collector.batch)
                done, n_calls = done + len(group), n_calls + size
                self._progress(name, done, None)
                failed = failed + size if all(answer.outcome is Outcome.FAILED for answer in answers) else 0
                if failed >= GIVE_UP_AFTER:
                    raise _silent(name)

    def _look(self, source: Source, group: Sequence[Followed]) -> Iterator[Answer]:
        ids = [post.post_id for post in group]
        is_waiting = any(post.outcome == Outcome.WAITING for post in group)
        # What had not begun yet must be described anew, to learn when it did.
        return source.collector.describe(ids) if is_waiting else source.collector.observe(ids)

    def _redescribe(self, source: Source, report: PlatformReport) -> None:
        """Read titles and covers of young posts again once a day: a change brings a burst of looks."""
        now, collector = self._clock.now(), source.collector
        if len(collector.buckets) < 2 or source.budget.room(collector.buckets[1]) == 0:
            return
        n = collector.batch * CALLS_PER_CLAIM
        stale = self._polls.to_describe(str(collector.platform), now - DESCRIBE_EVERY, now - DESCRIBE_FOR, n)
        full = len(stale) // collector.batch * collector.batch
        is_overdue = stale and stale[0].described_at and now - stale[0].described_at > 2 * DESCRIBE_EVERY
        for group in batches([post.post_id for post in stale[: len(stale) if is_overdue else full]], collector.batch):
            answers = list(collector.describe(group))
            report.snapshots += self._keeper.keep(answers, self._clock.now())


def _drained(answers: Iterator[Answer]) -> tuple[list[Answer], OtklikError | None]:
    """The answers that came before an error, and the error: a quota that ends in mid-pack costs no look."""
    found: list[Answer] = []
    try:
        for answer in answers:
            found.append(answer)
    except OtklikError as error:
        return found, error
    return found, None


def _silent(platform: str) -> TransientError:
    return TransientError(
        "{platform} does not answer: the posts that are due wait for the next pass", platform=platform
    )


def _groups(answers: Iterable[AuthorAnswer], size: int) -> Iterator[list[AuthorAnswer]]:
    """Answers as they come, in groups that are written together."""
    waiting = iter(answers)
    while group := list(islice(waiting, size)):
        yield group


def _has_moved(answer: AuthorAnswer, asked: AuthorAsked) -> bool:
    """Whether an author is worth writing down: new posts, another number of posts, or a sweep."""
    posts = answer.snapshot.posts if answer.snapshot is not None else None
    return bool(answer.posts) or bool(answer.new_ids) or asked.is_sweep or posts != asked.n_posts


def _is_whole(answer: AuthorAnswer, asked: AuthorAsked, unseen: set[str]) -> bool:
    """Whether all new posts came: a number can rise before its post is listed, and be listed before it is shown."""
    posts = answer.snapshot.posts if answer.snapshot is not None else None
    risen = posts - asked.n_posts if posts is not None and asked.n_posts is not None else 0
    return unseen.isdisjoint(answer.new_ids) and len(answer.new_ids) + len(answer.posts) >= risen


def _packs(claimed: Sequence[Followed], size: int) -> Iterable[Sequence[Followed]]:
    """Posts in full calls; those that have not begun yet in calls of their own."""
    waiting = [post for post in claimed if post.outcome == Outcome.WAITING]
    others = [post for post in claimed if post.outcome != Outcome.WAITING]
    for group in (others, waiting):
        for start in range(0, len(group), size):
            yield group[start : start + size]


def _with(answer: Answer, authors: Mapping[str, AuthorAnswer]) -> Answer:
    """The answer with its author's followers of now."""
    author = authors.get(answer.post.author_id) if answer.post is not None else None
    known = author.snapshot.followers if author is not None and author.snapshot is not None else None
    return with_followers(answer, known)
