"""What every collector must do, whatever its platform."""

from __future__ import annotations

from datetime import timedelta

from otklik.collect.answers import AuthorAsked, Collector, Outcome
from otklik.sandbox import World


def check_collector(collector: Collector, world: World, clock) -> None:
    """The contract: every id asked for is answered once, truthfully, at the right instant."""
    clock.sleep(30 * 3600)
    now = clock.now()
    ids = [post_id for post_id, post in world.posts.items() if post_id == post.post_id]
    asked = [*ids[: collector.batch + 7], "absent00000" if world.platform == "youtube" else "-1_999999"]
    answers = {answer.post_id: answer for answer in collector.observe(asked) if answer.post_id in set(asked)}
    assert set(answers) == set(asked)
    for post_id, answer in answers.items():
        shown = world.shown(post_id, now)
        assert (answer.outcome is Outcome.SEEN) == (shown is not None)
        if shown is None:
            assert answer.snapshot is None
            continue
        snapshot = answer.snapshot
        views, likes, _, _ = shown.counts(snapshot.observed_at)
        assert snapshot.views == views
        assert snapshot.likes in ((None,) if shown.hides_likes and world.platform == "youtube" else (likes,))
        assert now <= snapshot.observed_at <= clock.now()
        assert snapshot.source.startswith("simulated:")
    for answer in collector.describe(ids[:5]):
        if answer.post is not None and not answer.rides:
            truth = world.posts[answer.post_id]
            assert answer.post.published_at == truth.published_at
            assert answer.post.author_id == truth.author_id
    authors = list(world.authors)
    told = list(collector.authors([AuthorAsked(author_id) for author_id in authors]))
    assert [answer.author_id for answer in told] == authors
    for answer in told:
        found = {post.post_id for post in answer.posts if not post.post_id.startswith("video")} | set(answer.new_ids)
        public = [post.post_id for post in world.authors[answer.author_id].public(clock.now())]
        assert found <= set(public)
        assert set(public[:50]) <= found
    first = world.authors[authors[0]].posts[0]
    words, since = first.title.split()[0], first.published_at - timedelta(minutes=1)
    assert first.post_id in {answer.post_id for answer in collector.search(words, since)}
    assert collector.resolve("@author1" if world.platform == "youtube" else "author1").target == authors[0]
    assert abs(collector.server_time() - clock.now()) < timedelta(seconds=2)
    collector.close()
