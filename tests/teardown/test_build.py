"""A post of a store taken apart: every section measured or its reason said, nothing of the future used."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from otklik.errors import ConfigurationError, DataError
from otklik.schema import POSTS, SNAPSHOTS, conform
from otklik.store import Store
from otklik.teardown import EXAMPLE, EXAMPLE_AT, Teardown, tear_down, write_example
from otklik.teardown.example import HIT_AT, HIT_REACTIONS, HIT_VIEWS
from otklik.teardown.values import AGAINST, UNMEASURED

MOSCOW = "Europe/Moscow"
T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def example_store(tmp_path_factory):
    with Store.open(tmp_path_factory.mktemp("example") / "store.sqlite") as store:
        write_example(store)
        yield store


@pytest.fixture(scope="module")
def found(example_store) -> Teardown:
    return tear_down(example_store, EXAMPLE, EXAMPLE_AT, MOSCOW)


def a_store(folder: Path, posts: list[dict], looks: list[dict]) -> Store:
    store = Store.open(folder / "store.sqlite")
    known = {"platform": "vk", "author_id": "-1", "kind": "clip", "published_at": T0, "title": "Казань"}
    frame = pd.DataFrame([{**known, **post} for post in posts])
    frame["published_at"] = pd.to_datetime(frame["published_at"], utc=True).astype("datetime64[us, UTC]")
    store.write_posts(conform(frame, POSTS))
    if looks:
        rows = pd.DataFrame([{"platform": "vk", **look} for look in looks])
        rows["observed_at"] = pd.to_datetime(rows["observed_at"], utc=True).astype("datetime64[us, UTC]")
        store.write_snapshots(conform(rows, SNAPSHOTS))
    return store


def look(post: str, hours: float, published: datetime = T0, **counters: int) -> dict:
    return {"post_id": post, "observed_at": published + timedelta(hours=hours), **counters}


def reasons(found: Teardown) -> str:
    sections = (found.counters, found.usual, found.story, found.rarity, found.signals)
    against = [note for one in found.rivals if one.stance == UNMEASURED for note in one.speaks_against]
    return " ".join(str(note) for section in sections for note in section.missing) + " ".join(map(str, against))


def test_the_example_has_the_article_s_counts_and_says_what_the_article_does_not(found):
    assert (found.subject.views_24h, found.subject.likes_24h) == (HIT_VIEWS, HIT_REACTIONS)
    assert found.subject.is_simulated
    assert found.usual.source == "author"
    assert found.usual.n == 20
    assert found.usual.last_at < HIT_AT
    assert 30 < found.usual.multiple < 50
    assert found.rarity.views.n == found.rarity.views.below == 60
    assert found.rarity.vph_mean_value == pytest.approx(HIT_VIEWS / 24)
    assert found.signals.first.multiple > 10


def test_the_truth_built_into_the_example_is_found_again(found):
    assert found.counters.is_clean
    assert [one.counter for one in found.counters.corrections] == ["views"]
    assert [(one.from_h, one.to_h) for one in found.counters.gaps] == [(7.0, 9.0)]
    assert [(one.what, one.age_h) for one in found.story.changes] == [("cover", 5.5)]
    assert 2.5 < found.story.turns[0].age_h < 4.5
    assert found.story.side == "above"
    assert found.story.left_band_h <= 1
    stances = {one.name: one.stance for one in found.rivals}
    assert set(stances) == {"timing", "trend", "same_day", "promotion", "topic"}
    assert stances["same_day"] == AGAINST
    assert stances["promotion"] == "open"
    assert "нейросеть" in found.comparables[0].title


def test_the_example_is_the_same_every_time(found, tmp_path):
    with Store.open(tmp_path / "again.sqlite") as store:
        write_example(store)
        assert tear_down(store, EXAMPLE, EXAMPLE_AT, MOSCOW).to_dict() == found.to_dict()


def test_a_teardown_is_plain_json_and_says_simulated_first(found):
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["simulated"] is True
    sections = [
        "counters",
        "usual",
        "rule",
        "story",
        "rarity",
        "signals",
        "evidence",
        "rivals",
        "comparables",
        "unknown",
    ]
    assert [name for name in plain if name in sections] == sections


def test_nothing_later_than_the_cutoff_is_used(example_store, tmp_path):
    at = HIT_AT + timedelta(hours=5)
    with Store.open(tmp_path / "cut.sqlite") as cut:
        posts = example_store.posts(as_of=at)
        posts["cover_url"] = posts["cover_url"].str.replace("kremlin", "night")
        cut.write_authors(example_store.authors())
        cut.write_posts(posts)
        cut.write_snapshots(example_store.snapshots(as_of=at))
        alone, among = tear_down(cut, EXAMPLE, at, MOSCOW), tear_down(example_store, EXAMPLE, at, MOSCOW)
    assert alone.to_dict() == among.to_dict()
    assert among.story.changes == ()
    assert among.compare_h == 5.0
    assert "not measurable yet" in reasons(among)


@pytest.mark.parametrize("post", ["", "vk", ":5", "vk:", "no colon"])
def test_a_post_that_is_not_written_as_one_is_refused(example_store, post):
    with pytest.raises(ConfigurationError, match="expected a post such as"):
        tear_down(example_store, post, EXAMPLE_AT, MOSCOW)


def test_an_unknown_post_is_refused(example_store):
    with pytest.raises(DataError, match="is not in the store"):
        tear_down(example_store, "vk:nobody", EXAMPLE_AT, MOSCOW)


def test_a_post_that_was_not_out_yet_is_refused_with_both_times(example_store):
    with pytest.raises(DataError, match="name a later --at"):
        tear_down(example_store, EXAMPLE, HIT_AT - timedelta(hours=1), MOSCOW)


def test_a_post_without_a_look_is_refused(tmp_path):
    with (
        a_store(tmp_path, [{"post_id": "a"}], []) as store,
        pytest.raises(DataError, match="no counters to take apart"),
    ):
        tear_down(store, "vk:a", T0 + timedelta(days=1), MOSCOW)


def test_one_look_and_an_author_without_another_post_give_reasons_and_no_numbers(tmp_path):
    with a_store(tmp_path, [{"post_id": "a"}], [look("a", 2, views=500, likes=20)]) as store:
        found = tear_down(store, "vk:a", T0 + timedelta(days=1), MOSCOW)
    assert found.usual.views is None
    assert found.rarity.views is found.rarity.vph_now_value is None
    assert found.rarity.vph_mean_value == 250
    assert found.story.band == found.comparables == ()
    assert found.counters.checks == ()
    told = reasons(found)
    for what in (
        "cannot be judged from 1 looks",
        "no other post of this author",
        "at least two looks",
        "typical band is not measurable",
        "Views an hour now are not measurable",
        "The first look cannot be compared",
        "too few looks",
    ):
        assert what in told
    assert all(one.stance == UNMEASURED for one in found.rivals)


def test_only_late_looks_are_no_early_signal_and_no_24_h(tmp_path):
    posts = [{"post_id": f"p{i}", "published_at": T0 - timedelta(days=i)} for i in range(12)]
    looks = [
        look(post["post_id"], hours, post["published_at"], views=int(1000 + 5 * hours + 7 * i), likes=50)
        for i, post in enumerate(posts)
        for hours in (300, 340, 400)
    ]
    with a_store(tmp_path, posts, looks) as store:
        found = tear_down(store, "vk:p3", T0 + timedelta(days=40), MOSCOW)
    assert found.subject.views_24h is None
    assert found.usual.source == "none"
    assert found.compare_h == 400
    assert found.rarity.views.n == 11
    told = reasons(found)
    assert "no look near enough" in told
    assert "the early signals, was not seen" in told


def test_hidden_counters_are_not_measurable_and_never_zero(tmp_path):
    looks = [look("a", hours, likes=10 * hours) for hours in range(1, 30)]
    with a_store(tmp_path, [{"post_id": "a"}, {"post_id": "b"}], looks) as store:
        found = tear_down(store, "vk:a", T0 + timedelta(days=2), MOSCOW)
    assert found.subject.views is None
    assert found.story.points == ()
    assert found.rarity.vph_mean_value is None
    assert "hidden at every look" in reasons(found)


def test_posts_counted_by_another_rule_are_left_out_and_counted(tmp_path):
    changed = datetime(2025, 3, 31, tzinfo=UTC)
    posts = [{"post_id": f"p{i}", "published_at": changed + timedelta(days=2 * i - 9)} for i in range(10)]
    posts = [{**post, "platform": "youtube", "kind": "short"} for post in posts]
    looks = [
        {**look(post["post_id"], hours, post["published_at"], views=100 * hours), "platform": "youtube"}
        for post in posts
        for hours in range(1, 40)
    ]
    with a_store(tmp_path, posts, looks) as store:
        found = tear_down(store, "youtube:p9", changed + timedelta(days=30), MOSCOW)
        straddling = tear_down(store, "youtube:p4", changed + timedelta(days=30), MOSCOW)
    assert found.rule.name == "starts_2025"
    assert (found.rule.n_same, found.rule.n_other) == (4, 5)
    assert found.rarity.views.n == 4
    assert straddling.rule.changed_at == changed


def test_a_title_that_was_replaced_is_told_with_what_stood_before(tmp_path):
    looks = [look("a", hours, views=100 * hours) for hours in range(1, 12)]
    with a_store(tmp_path, [{"post_id": "a", "title": "Утро"}], looks) as store:
        frame = store.posts().assign(title="Утро над Казанкой")
        store.write_posts(frame, now=T0 + timedelta(hours=4))
        later = tear_down(store, "vk:a", T0 + timedelta(hours=12), MOSCOW)
        before = tear_down(store, "vk:a", T0 + timedelta(hours=3), MOSCOW)
    (change,) = later.story.changes
    assert (change.what, change.age_h, change.before, change.after) == ("title", 4.0, "Утро", "Утро над Казанкой")
    assert before.subject.title == "Утро"
    assert before.story.changes == ()
