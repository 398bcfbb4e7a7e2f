"""Answers into the store: what was seen is written, and every post that was asked for gets its next due time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

import pandas as pd

from otklik.collect.answers import Answer, AuthorAnswer, Outcome
from otklik.collect.cadence import Cadence, is_audit, next_due
from otklik.records import Author, AuthorSnapshot, Post, Snapshot
from otklik.schema import AUTHOR_SNAPSHOTS, AUTHORS, POSTS, SNAPSHOTS, Schema, conform
from otklik.store import Followed, Polls, Settled, Store

STRIKES = 2
"""Misses in a row that mean a post is gone."""
STRIKE_GAP = timedelta(minutes=10)
"""How far apart they must lie at least."""
BACKFILL_AFTER = timedelta(days=1)
SURE_AFTER = timedelta(minutes=15)
"""At most so long after a miss a post is asked for again, to be sure."""
_RECHECK = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
"""Waits before a post that is gone is asked for again; then the last one over and over while it is being followed."""


class Keeper:
    """Writes answers, each batch in one transaction."""

    def __init__(self, store: Store, cadence: Cadence) -> None:
        self._store, self._polls, self._cadence = store, Polls(store), cadence

    def keep(self, answers: Sequence[Answer], now: datetime, *, is_found: bool = False) -> int:
        """Write answers and settle the posts among them that are followed; returns how many snapshots were new.

        Args:
            answers: the answers, asked for or not.
            now: the instant.
            is_found: they come from looking for new posts. Those not followed yet are followed from now on; of
                the others only looks that serve a slot are kept.
        """
        with self._store.transaction():
            keys = list(dict.fromkeys((answer.platform, answer.post_id) for answer in answers))
            if is_found:
                answers = _worth_keeping(answers, self._polls.find(keys), now)
            if not answers:
                return 0
            retitled = self._write_posts(answers, now)
            new = self._write_snapshots(answers)
            if is_found:
                fresh = [(a.platform, a.post_id) for a in answers if a.post is not None and not a.rides]
                self._polls.enrol(fresh, now, [key for key in fresh if is_audit(*key)])
            chosen = _best(answers)
            followed = self._polls.find(list(chosen))
            settled = [self._settle(one, chosen[key], now, key in retitled) for key, one in followed.items()]
            self._polls.settle(settled)
            self._note_gone(settled, chosen, followed, now)
            return new

    def keep_authors(self, answers: Sequence[AuthorAnswer], now: datetime) -> int:
        """Write what was learned of authors, and the posts that came along."""
        authors = [answer.author for answer in answers if answer.author is not None]
        snapshots = [answer.snapshot for answer in answers if answer.snapshot is not None]
        found = [
            with_followers(post, answer.snapshot.followers if answer.snapshot else None)
            for answer in answers
            for post in answer.posts
        ]
        with self._store.transaction():
            if authors:
                self._store.write_authors(_frame(authors, AUTHORS))
            if snapshots:
                self._store.write_author_snapshots(_frame(snapshots, AUTHOR_SNAPSHOTS))
            return self.keep(found, now, is_found=True) if found else 0

    def _write_posts(self, answers: Iterable[Answer], now: datetime) -> set[tuple[str, str]]:
        posts = {(a.platform, a.post_id): a.post for a in answers if a.post is not None}
        if not posts:
            return set()
        rows = [replace(post, first_seen_at=now) for post in posts.values()]
        return set(self._store.write_posts(_frame(rows, POSTS), now=now).retitled)

    def _write_snapshots(self, answers: Iterable[Answer]) -> int:
        snapshots = {(a.platform, a.post_id, a.snapshot.observed_at): a.snapshot for a in answers if a.snapshot}
        return self._store.write_snapshots(_frame(list(snapshots.values()), SNAPSHOTS)).new if snapshots else 0

    def _settle(self, post: Followed, answer: Answer, now: datetime, is_changed: bool) -> Settled:
        described = now if answer.post is not None else post.described_at
        changed = now if is_changed else post.changed_at
        published = answer.post.published_at if answer.post is not None else post.published_at
        looked, failures, misses, missed = post.looked_at, 0, 0, None
        if answer.outcome is Outcome.SEEN and answer.snapshot is not None:
            looked = answer.snapshot.observed_at
        elif answer.outcome is Outcome.FAILED:
            failures, misses, missed = post.failures + 1, post.misses, post.missed_at
        elif answer.outcome in (Outcome.MISSING, Outcome.UNAVAILABLE):
            misses, missed = post.misses + 1, post.missed_at or now
        due = next_due(
            published,
            looked,
            now,
            self._cadence,
            name=post.post_id,
            served=post.due_at if answer.outcome is Outcome.SEEN else None,
            failures=failures,
            changed_at=changed,
            starts_at=answer.starts_at,
        )
        at, gap = (due.at, due.gap_h) if due is not None else (None, 24.0)
        if misses and at is not None:
            is_gone = _is_gone(misses, missed, answer.outcome, now)
            again = min(timedelta(hours=gap), SURE_AFTER)
            at = now + (_RECHECK[min(misses - 1, len(_RECHECK) - 1)] if is_gone else again)
        return Settled(post.post_key, at, gap, answer.outcome, looked, described, changed, missed, failures, misses)

    def _note_gone(
        self,
        settled: Sequence[Settled],
        answers: dict[tuple[str, str], Answer],
        followed: dict[tuple[str, str], Followed],
        now: datetime,
    ) -> None:
        back = [one.post_key for one in followed.values() if one.misses and _answered(answers, one) is Outcome.SEEN]
        if back:
            self._polls.set_gone(back, None)
        for one in settled:
            if _is_gone(one.misses, one.missed_at, Outcome(one.outcome), now):
                self._polls.set_gone([one.post_key], one.missed_at)


def _worth_keeping(answers: Iterable[Answer], followed: dict[tuple[str, str], Followed], now: datetime) -> list[Answer]:
    """Found posts that are new, or due: a wall shows the same twenty posts all day long."""
    kept = []
    for answer in answers:
        known = followed.get((answer.platform, answer.post_id))
        if known is None:
            kept.append(late(answer))
        elif known.wants_look(now):
            # Followers count as of the first look at a post.
            post = replace(answer.post, followers=None) if answer.post is not None else None
            kept.append(replace(answer, post=post))
    return kept


def late(answer: Answer) -> Answer:
    """Mark a first look that came over a day late as backfill: it says what a post has reached, not how."""
    if answer.snapshot is None or answer.post is None:
        return answer
    if answer.snapshot.observed_at - answer.post.published_at < BACKFILL_AFTER:
        return answer
    return replace(answer, snapshot=replace(answer.snapshot, source=f"{answer.snapshot.source}:backfill"))


def with_followers(answer: Answer, followers: int | None) -> Answer:
    """The answer with the author's followers of now, which count for a post that is seen for the first time."""
    if answer.post is None or followers is None:
        return answer
    return replace(answer, post=replace(answer.post, followers=followers))


def _is_gone(misses: int, missed_at: datetime | None, outcome: Outcome, now: datetime) -> bool:
    """Whether a post is believed to be gone: its platform says so, or has left it out for long enough.

    A post left out once is asked for at its next slot as if nothing had happened: platforms drop items at times.
    """
    is_long = missed_at is not None and now - missed_at >= STRIKE_GAP
    return misses > 0 and (outcome is Outcome.UNAVAILABLE or (misses >= STRIKES and is_long))


def _best(answers: Iterable[Answer]) -> dict[tuple[str, str], Answer]:
    """One answer a post: the one that shows it, else the last."""
    best: dict[tuple[str, str], Answer] = {}
    for answer in answers:
        key = (answer.platform, answer.post_id)
        if key not in best or best[key].outcome is not Outcome.SEEN or answer.outcome is Outcome.SEEN:
            best[key] = answer
    return best


def _answered(answers: dict[tuple[str, str], Answer], post: Followed) -> Outcome | None:
    answer = answers.get((post.platform, post.post_id))
    return answer.outcome if answer else None


def _frame(records: Sequence[Author | AuthorSnapshot | Post | Snapshot], schema: Schema) -> pd.DataFrame:
    return conform(pd.DataFrame([asdict(record) for record in records], columns=schema.names), schema)
