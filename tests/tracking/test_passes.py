"""Passes of the collectors against loopback servers: what goes right, and every fault in the book."""

from __future__ import annotations

from datetime import timedelta

import pytest

from otklik.collect.answers import Outcome
from otklik.store import Polls, Tracks
from rig import START, check_looks, check_stored, rig


@pytest.fixture(autouse=True)
def short_timeouts(monkeypatch):
    monkeypatch.setattr("otklik.collect.youtube.client.TIMEOUT_S", 0.5)
    monkeypatch.setattr("otklik.collect.vk.transport.TIMEOUT_S", 0.5)


def test_both_platforms_are_collected_at_the_cadence_and_truly(tmp_path):
    with rig(tmp_path) as at:
        at.run(24)
        assert check_stored(at) > 800
        check_looks(at)
        assert not at.errors()
        counts = Polls(at.store).counts(at.clock.now())
        assert counts["youtube"]["late"] == counts["vk"]["late"] == 0
        # Nothing is done twice: a pass that follows at once finds nothing due.
        calls, looks = sum(at.sandbox.calls.values()), len(at.snapshots())
        at.clock.sleep(1)
        at.reports.append(type(at.reports[-1])())
        from otklik.tracking.passes import Pass

        Pass(at.store, at.sources, at.clock).run()
        assert (sum(at.sandbox.calls.values()), len(at.snapshots())) == (calls, looks)


def test_posts_of_before_are_found_on_the_first_day_and_marked_as_late_looks(tmp_path):
    with rig(tmp_path) as at:
        at.run(1)
        stored = at.snapshots()
        late = stored[stored["source"].str.endswith(":backfill")]
        assert set(late["platform"]) == {"youtube", "vk"}
        assert len(late) >= 40
        posts = at.store.posts().set_index(["platform", "post_id"])
        ages = (
            late["observed_at"].to_numpy()
            - posts.loc[list(zip(late["platform"], late["post_id"], strict=True))]["published_at"].to_numpy()
        )
        assert (ages >= timedelta(days=1)).all()
        assert posts["followers"].notna().all()


FAULTS = {
    "500 and 503 bursts": "*=500*4,*=503*4@9",
    "too fast, with Retry-After": "videos.batchGetStats=429*3,wall.getById=429*3,channels.list=429*2",
    "silence": "videos.batchGetStats=timeout*2,wall.getById=timeout*2",
    "a connection cut in mid-body": "videos.batchGetStats=reset*3,wall.getById=reset*3,videos.list=reset",
    "a body cut off": "videos.batchGetStats=truncated*3,wall.getById=truncated*3,wall.get=truncated*2",
    "pages instead of JSON": "videos.batchGetStats=html*3,wall.getById=html*3,channels.list=html,groups.getById=html",
    "answers to another question": "videos.batchGetStats=foreign*3,wall.getById=foreign*3",
    "items silently left out": "videos.batchGetStats=drop*2@1,wall.getById=drop*2@1,videos.list=drop*2",
    "false inside a script": "execute=false*5",
    "a script refused": "execute=vk12*1",
    "a script forbidden to this token": "execute=vk28*1",
    "code 6 a hundred times": "wall.getById=vk6*100",
    "code 1 and 10": "wall.getById=vk10*3,wall.get=vk1*3",
    "no batchGetStats": "videos.batchGetStats=missing_method*1",
    "everything at random": "*=500*60%6,*=truncated*60%6,*=reset*60%6,*=html*60%6,*=drop*20%3,*=429*20%2",
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_passing_fault_loses_nothing_and_doubles_nothing(tmp_path, name):
    is_long, is_random = "a hundred" in name, "random" in name
    with rig(tmp_path, faults=FAULTS[name], n_posts=40, hours=1.5) as at:
        at.run(14)
        while is_long and at.sandbox.faults.injected()["vk6"] < 100:
            at.run(1)
        at.run(14 if is_long else 0)
        injected = sum(at.sandbox.faults.injected().values())
        check_stored(at)
        check_looks(at, slack_h=8.0 if is_long else 1.0 if is_random else 0.6)
        assert injected > 0
        # What retries cannot mend is told, and mended by the next pass.
        assert at.errors() <= {"TransientError"}
        assert at.errors() or not is_long
        gone = at.store.posts()["gone_at"].notna()
        truly = [post.gone_at is not None for world in at.worlds.values() for post in world.posts.values()]
        assert gone.sum() <= sum(truly)
        print(f"{name}: {injected} faults, {len(at.snapshots())} snapshots, 0 lost, 0 doubled")


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 8))])
def test_values_of_another_kind_anywhere_in_an_answer_stop_nothing_and_are_never_counted(tmp_path, seed):
    with rig(tmp_path, faults="*=garbled*9999%40", n_posts=40, hours=1.5, seed=seed) as at:
        for platform in ("youtube", "vk"):
            Tracks(at.store).add(platform, "query", "Казань", None, START)
        at.run(18)
        injected = at.sandbox.faults.injected()["garbled"]
        at.sandbox.faults.script.clear()
        at.run(14)
        check_stored(at)
        check_looks(at, slack_h=2.0)
        assert injected > 50
        assert at.errors() <= {"TransientError"}
        # No more is missing than was taken out: an odd value is unknown, and costs no other post its look.
        assert at.snapshots()["views"].isna().sum() <= injected
        assert at.sources[0].budget.room("stats") > 0


def test_a_refusal_without_a_known_reason_ends_its_stage_and_nothing_else(tmp_path):
    faults = "newsfeed.search=vk15*1,execute=vk100*2,groups.getById=vk100*1,utils.getServerTime=vk30*1"
    with rig(tmp_path, ("vk", "youtube"), faults, n_posts=30, hours=1.0) as at:
        Tracks(at.store).add("vk", "query", "Казань", None, START)
        at.run(20)
        assert at.sandbox.faults.injected()["vk15"] == at.sandbox.faults.injected()["vk100"] / 3 == 1
        assert at.errors() == {"ItemUnavailable"}
        check_stored(at)
        check_looks(at)


@pytest.mark.parametrize(
    ("fault", "bucket"),
    [
        ("videos.batchGetStats=day*99@3", "stats"),
        ("videos.batchGetStats=quota*99@3", "stats"),
        ("channels.list=quota*99@3", "general"),
    ],
)
def test_an_empty_bucket_is_left_alone_until_midnight_in_california_and_the_others_work_on(tmp_path, fault, bucket):
    with rig(tmp_path, ("youtube",), fault, n_posts=40, hours=2.0) as at:
        at.run(20)
        assert at.errors() == {"QuotaExhausted"}
        assert sum(at.sandbox.faults.injected().values()) == 1  # asked once, then believed
        spent = at.sources[0].budget.spent()
        assert spent[bucket][2] > at.clock.now()
        assert [name for name, (_, _, until) in spent.items() if until] == [bucket]
        before = len(at.snapshots())
        at.sandbox.faults.script.clear()
        at.clock.set(START.replace(hour=8) + timedelta(days=1, minutes=1))
        at.ticks = int((at.clock.now() - START) / timedelta(minutes=5)) + 1
        at.run(2)
        assert len(at.snapshots()) > before
        check_stored(at)


def test_our_own_count_stops_before_the_platform_has_to(tmp_path, monkeypatch):
    from dataclasses import replace

    from otklik.collect.youtube import limits

    with rig(tmp_path, ("youtube",), n_posts=40, hours=2.0) as at:
        budget = at.sources[0].budget
        budget._buckets["stats"] = replace(limits.STATS, limit=5, reserve=0.0)
        at.run(20)
        assert at.sandbox.calls["videos.batchGetStats"] == 5
        check_stored(at)


@pytest.mark.parametrize(("code", "kind"), [(9, "QuotaExhausted"), (14, "QuotaExhausted")])
def test_flood_control_and_captcha_rest_the_whole_token_for_an_hour(tmp_path, code, kind):
    with rig(tmp_path, ("vk",), f"wall.getById=vk{code}*1@1", n_posts=30, hours=1.0) as at:
        while not sum(at.sandbox.faults.injected().values()):
            at.run(1)
        calls = sum(at.sandbox.calls.values())
        at.run(11)
        assert sum(at.sandbox.calls.values()) == calls
        at.run(14)
        assert sum(at.sandbox.calls.values()) > calls
        assert at.errors() == {kind}
        check_stored(at)


def test_error_29_closes_its_method_and_polling_goes_on(tmp_path):
    with rig(tmp_path, ("vk",), "wall.get=vk29*99@24", n_posts=30, hours=1.0) as at:
        at.run(24)
        assert at.sandbox.faults.injected()["vk29"] == 1
        late = at.snapshots()
        assert (late["source"] == "simulated:wall.getById").sum() > 50
        check_stored(at)


@pytest.mark.parametrize("code", [5, 27, 28, 1051])
def test_a_dead_token_stops_its_platform_with_advice_and_not_the_other(tmp_path, code):
    with rig(tmp_path, faults=f"groups.getById=vk{code}*99,wall.get=vk{code}*99", n_posts=30) as at:
        at.run(3)
        assert at.errors() == {"ConfigurationError"}
        assert "token" in str(at.reports[0].errors[0])
        assert len(at.snapshots())
        assert set(at.snapshots()["platform"]) == {"youtube"}


def test_a_refused_key_is_told_and_nothing_is_lost_when_it_is_mended(tmp_path):
    with rig(tmp_path, ("youtube",), "*=key*3", n_posts=30) as at:
        at.run(3)
        assert at.errors() == {"ConfigurationError"}
        at.run(6)
        assert check_stored(at) > 50


@pytest.mark.parametrize("code", [15, 18, 30, 100, 203, 204])
def test_an_author_that_may_not_be_seen_does_not_keep_the_others_from_being_seen(tmp_path, code):
    with rig(tmp_path, ("vk",), f"wall.get=vk{code}*1", n_posts=30) as at:
        at.run(2)
        outcomes = [track.outcome for track in Tracks(at.store).all()]
        assert outcomes.count(Outcome.UNAVAILABLE) == 1
        assert outcomes.count(Outcome.SEEN) == 5
        assert not at.errors()


def test_one_forbidden_post_in_a_call_of_many_is_found_and_set_aside(tmp_path):
    with rig(tmp_path, ("vk",), "wall.getById=vk15*1@2", n_posts=30, hours=1.0) as at:
        at.run(10)
        check_stored(at)
        check_looks(at)


def test_a_deleted_post_is_gone_after_two_misses_and_keeps_its_history(tmp_path):
    with rig(tmp_path, n_posts=60, hours=1.0, gone_rate=0.5) as at:
        at.run(60)
        posts = at.store.posts().set_index("post_id")
        wrong = 0
        for world in at.worlds.values():
            for post in world.posts.values():
                if post.post_id not in posts.index or post.gone_at is None:
                    continue
                gone = posts.loc[post.post_id, "gone_at"]
                if post.gone_at < at.clock.now() - timedelta(hours=2) and not post.post_id.startswith("video"):
                    wrong += not (gone == gone and abs(gone - post.gone_at) < timedelta(minutes=40))
        assert wrong == 0
        check_stored(at)


def test_a_clock_set_back_stops_nothing_and_stores_nothing_twice(tmp_path):
    with rig(tmp_path, n_posts=40, hours=2.0) as at:
        at.run(12)
        at.clock.set(at.clock.now() - timedelta(minutes=50))
        at.ticks -= 10
        before = len(at.snapshots())
        at.run(16)
        assert len(at.snapshots()) > before
        assert not at.errors()
        check_stored(at)


def test_a_token_rotated_on_the_fly_is_taken_up(tmp_path):
    tokens = iter(["first"] * 10 + ["second"] * 10_000)
    with rig(tmp_path, ("vk",), n_posts=20) as at:
        at.sources[0].collector._service._token = lambda: next(tokens)
        at.run(8)
        assert at.sandbox.keys == {"first", "second"}
        assert not at.errors()


def test_a_changed_title_is_kept_as_a_version_and_brings_a_burst(tmp_path):
    with rig(tmp_path, ("vk",), n_posts=10, hours=1.0) as at:
        at.run(13)
        world = at.worlds["vk"]
        post = next(one for one in world.posts.values() if one.published_at > START and one.gone_at is None)
        world.retitle(post.post_id, "Другое название")
        at.run(8)
        versions = at.store.post_versions()
        assert list(versions[versions["post_id"] == post.post_id]["text"]) == [post.title]
        assert (versions["replaced_at"] <= at.clock.now()).all()
        polls = Polls(at.store).find([("vk", post.post_id)])
        assert polls["vk", post.post_id].changed_at is not None


def test_a_search_and_a_single_post_are_followed(tmp_path):
    with rig(tmp_path, n_posts=20, n_authors=3) as at:
        for track in Tracks(at.store).all():
            Tracks(at.store).remove(track.platform, track.kind, track.target)
        for platform, world in at.worlds.items():
            past = [
                post
                for post in world.posts.values()
                if post.published_at < START and not post.post_id.startswith("video")
            ]
            Tracks(at.store).add(platform, "post", past[0].post_id, None, START)
            Tracks(at.store).add(platform, "query", "ночь", None, START)
        at.run(90)
        stored = at.snapshots()
        assert {"youtube", "vk"} == set(stored["platform"])
        titles = [at.worlds[row.platform].posts[row.post_id].title for row in stored.itertuples()]
        assert any("Ночь" in title for title in titles)
        assert at.sandbox.calls["search.list"] == 2
        check_stored(at)


def test_a_pass_that_is_told_to_stop_finishes_its_batch_and_frees_the_rest(tmp_path):
    from otklik.tracking.passes import Pass

    with rig(tmp_path, ("youtube",), n_posts=300, hours=0.5) as at:
        at.run(6)
        at.clock.sleep(3600)
        calls = at.sandbox.calls["videos.batchGetStats"]
        told = Pass(
            at.store, at.sources, at.clock, should_stop=lambda: at.sandbox.calls["videos.batchGetStats"] > calls
        )
        assert told.run().is_stopped
        assert at.sandbox.calls["videos.batchGetStats"] == calls + 1
        at.ticks = 19
        at.run(1)
        assert Polls(at.store).counts(at.clock.now())["youtube"]["due"] == 0
        check_stored(at)
