"""Which post is due, and who has it: nothing is asked for twice, nothing waits for ever."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from otklik.collect.answers import Outcome
from otklik.store import Polls, Settled, Store
from otklik.store.polls import FAIRNESS, LEASE

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GAP = timedelta(minutes=5)


def settled(post_key: int, due_at: datetime | None, gap_h: float = 0.25, outcome: str = Outcome.SEEN) -> Settled:
    return Settled(post_key, due_at, gap_h, outcome, NOW, NOW, None, None, 0, 0)


def claim(polls: Polls, n: int = 10, now: datetime = NOW, batch: int = 10, owner: str = "me") -> list[str]:
    return [post.post_id for post in polls.claim("vk", now, n, batch=batch, owner=owner)]


def test_a_post_is_followed_once_and_is_due_at_once(store, many):
    keys, polls = many(store, 3), Polls(store)
    assert polls.enrol(keys, NOW, audit=[keys[1]]) == 3
    assert polls.enrol(keys, NOW + GAP) == 0
    assert claim(polls) == ["1", "0", "2"], "the audit sample comes first"
    assert polls.find(keys)["vk", "1"].is_audit


def test_what_one_has_taken_another_does_not_get_until_the_lease_is_over(store, many):
    polls = Polls(store)
    polls.enrol(many(store, 5), NOW)
    assert len(claim(polls, owner="first")) == 5
    assert claim(polls, owner="second") == []
    assert len(claim(polls, now=NOW + LEASE, owner="second")) == 5


def test_what_was_not_asked_for_is_given_back(store, many):
    polls = Polls(store)
    polls.enrol(many(store, 4), NOW)
    claim(polls, n=2, owner="first")
    claim(polls, n=2, owner="second")
    polls.release("first")
    assert len(claim(polls, owner="third")) == 2
    polls.release()
    assert len(claim(polls, owner="fourth")) == 4


def test_a_lease_taken_before_the_clock_was_set_back_holds_nobody_up(store, many):
    polls = Polls(store)
    polls.enrol(many(store, 2), NOW)
    claim(polls, now=NOW + timedelta(days=3), owner="from the future")
    assert len(claim(polls)) == 2


def test_a_call_is_filled_with_posts_that_are_nearly_due_but_none_is_made_for_them_alone(store, many):
    keys, polls = many(store, 12), Polls(store)
    polls.enrol(keys, NOW)
    found = polls.find(keys)
    soon, late = NOW + timedelta(minutes=6), NOW + timedelta(minutes=10)
    polls.settle([settled(found[key].post_key, soon if number < 6 else late) for number, key in enumerate(keys)])
    assert claim(polls) == []
    polls.settle([settled(found[keys[0]].post_key, NOW)])
    assert claim(polls) == ["0", "1", "2", "3", "4", "5"], "a look 6 of 15 minutes early still serves its slot"


def test_the_latest_in_proportion_come_first_and_the_longest_waiting_have_a_share(store, many):
    keys, polls = many(store, 100), Polls(store)
    polls.enrol(keys, NOW)
    found = polls.find(keys)
    rows = [settled(found[key].post_key, NOW - timedelta(minutes=20), 5 / 60) for key in keys[:50]]
    rows += [settled(found[key].post_key, NOW - timedelta(hours=2), 24.0) for key in keys[50:]]
    polls.settle(rows)
    taken = claim(polls, n=40, batch=40)
    young = sum(int(post_id) < 50 for post_id in taken)
    assert len(taken) == 40
    assert young == 40 - 40 * FAIRNESS


def test_a_post_without_a_due_time_is_finished(store, many):
    keys, polls = many(store, 1), Polls(store)
    polls.enrol(keys, NOW)
    polls.settle([settled(polls.find(keys)[keys[0]].post_key, None)])
    assert claim(polls) == []
    assert polls.counts(NOW)["vk"] == {"followed": 0, "due": 0, "late": 0, "finished": 1, "gone": 0}


def test_a_post_can_go_and_come_back(store, many):
    keys, polls = many(store, 2), Polls(store)
    polls.enrol(keys, NOW)
    key = polls.find(keys)[keys[0]].post_key
    polls.set_gone([key], NOW)
    assert store.posts().set_index("post_id").loc["0", "gone_at"] == NOW
    assert polls.counts(NOW)["vk"]["gone"] == 1
    polls.set_gone([key], None)
    assert store.posts()["gone_at"].isna().all()


def test_everything_settled_is_read_back_as_it_was(store, many):
    keys, polls = many(store, 1), Polls(store)
    polls.enrol(keys, NOW)
    one = polls.find(keys)[keys[0]]
    given = Settled(one.post_key, NOW + GAP, 0.5, Outcome.MISSING, NOW, NOW - GAP, NOW - 2 * GAP, NOW - 3 * GAP, 4, 5)
    polls.settle([given])
    found = polls.find(keys)[keys[0]]
    for name in ("due_at", "gap_h", "outcome", "looked_at", "described_at", "changed_at", "missed_at", "failures"):
        assert getattr(found, name) == getattr(given, name), name
    assert replace(found, misses=5) == found


COLLECTOR = """
import sys, time
from datetime import UTC, datetime
from otklik.store import Polls, Settled, Store
now = datetime(2026, 3, 1, 12, tzinfo=UTC)
print("ready", flush=True)
sys.stdin.readline()
with Store.open(sys.argv[1]) as store:
    polls = Polls(store)
    while taken := polls.claim("vk", now, 7, batch=7, owner=sys.argv[2]):
        print(*(post.post_id for post in taken), flush=True)
        polls.settle([Settled(p.post_key, None, 1.0, "seen", now, now, None, None, 0, 0) for p in taken])
"""


def test_several_collectors_on_one_database_share_the_work_and_ask_for_nothing_twice(new_database, many):
    where = new_database()
    with Store.open(where) as store:
        Polls(store).enrol(many(store, 600), NOW)
        workers = [
            subprocess.Popen(
                [sys.executable, "-c", COLLECTOR, where, str(number)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(3)
        ]
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        lines = [worker.communicate(timeout=60)[0].split() for worker in workers]
    asked = Counter(post_id for line in lines for post_id in line)
    assert set(asked.values()) == {1}
    assert len(asked) == 600
    assert sum(bool(line) for line in lines) >= 2, "more than one of them had something to do"


@pytest.mark.parametrize("n", [1, 399, 401, 900])
def test_any_number_of_posts_is_found(store, many, n):
    keys, polls = many(store, n), Polls(store)
    assert polls.enrol(keys, NOW) == n
    assert len(polls.find(keys)) == n
    assert polls.stop(keys) == n
    assert claim(polls, n=n) == []
