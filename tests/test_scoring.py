"""A draft and a live post through a trained model: what is said follows from what is given."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from otklik import workflows
from otklik.dataset.drafts import read_draft
from otklik.errors import ConfigurationError, DataError
from otklik.records import Draft, DraftAuthor, PastPost
from otklik.store import Store

ROOT = Path(__file__).parents[1]
STARTER = ROOT / "models" / "starter"
AT = datetime(2026, 12, 4, 16, tzinfo=UTC)


def history(scale: int = 1, n: int = 14) -> tuple[PastPost, ...]:
    return tuple(
        PastPost(AT - timedelta(days=n + 2 - i), scale * (3000 + 700 * (i % 5)), scale * (150 + 30 * (i % 4)))
        for i in range(n)
    )


def scored(**author: object):
    draft = Draft("Казань 2100: Кремль в неоне", AT, author=DraftAuthor(**author))
    return workflows.score(draft, STARTER, None, "Europe/Moscow")


@pytest.fixture(scope="module")
def usual():
    return scored(history=history(), followers=18_000)


def test_the_sample_draft_is_forecast_by_the_starter_model():
    draft = read_draft(ROOT / "data" / "drafts" / "kazan_2100").draft
    said = workflows.score(draft, STARTER, None, "Europe/Moscow")
    assert said.baseline.source == "author"
    assert said.baseline.n_posts == 14
    assert said.views.p10 < said.views.p50 < said.views.p90
    assert said.reactions is not None
    assert said.reactions.p50 < said.views.p50
    assert said.calibrated


def test_contributions_sum_to_the_forecast(usual):
    total = usual.start_log + sum(one.log_effect for one in usual.contributions)
    assert math.expm1(total) == pytest.approx(usual.views.p50, rel=1e-6)
    assert usual.multiple.p50 == pytest.approx(usual.views.p50 / usual.baseline.value)


def test_a_history_ten_times_as_large_gives_a_forecast_ten_times_as_large(usual):
    large = scored(history=history(10), followers=180_000)
    assert large.views.p50 == pytest.approx(10 * usual.views.p50, rel=0.05)
    assert large.multiple.p90 == pytest.approx(usual.multiple.p90, rel=0.05)


def test_a_median_that_is_given_is_the_baseline():
    said = scored(median_views=5000.0, n_posts=30)
    assert (said.baseline.value, said.baseline.source, said.baseline.n_posts) == (5000, "given", 30)
    assert said.naive_views == pytest.approx(5000)
    assert 1500 < said.views.p50 < 15_000
    twice = scored(median_views=10_000.0, n_posts=30)
    assert twice.views.p50 == pytest.approx(2 * said.views.p50, rel=0.02)


def test_few_posts_and_no_posts_are_said():
    few = [str(note) for note in scored(history=history(n=4)).notes]
    assert any("a median of few posts (n = 4)" in note for note in few)
    nothing = scored()
    assert nothing.baseline.source == "reference"
    assert nothing.multiple is None
    assert any("Nothing is known of the author" in str(note) for note in nothing.notes)


def test_a_change_of_the_counting_rule_since_the_training_is_said(usual):
    assert any("changed how it counts views" in str(note) for note in usual.notes)


def test_a_platform_that_the_model_never_saw_is_said():
    draft = Draft("Сабантуй", AT, platform="vk", kind="post", author=DraftAuthor(history=history()))
    said = workflows.score(draft, STARTER, None, "Europe/Moscow")
    assert any("has seen no post on vk" in str(note) for note in said.notes)


def test_a_forecast_is_plain_json(usual):
    plain = json.loads(json.dumps(usual.to_dict(), allow_nan=False))
    assert plain["views"]["p50"] == usual.views.p50
    assert plain["published_at"] == "2026-12-04T16:00:00+00:00"


@pytest.fixture(scope="module")
def store_file(cohort, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("scoring") / "store.sqlite"
    with Store.open(file) as store:
        store.write_posts(cohort.posts)
        store.write_snapshots(cohort.snapshots)
    return file


def test_a_live_post_is_forecast_as_of_any_instant_and_never_below_what_was_seen(cohort, store_file, model_dir):
    post = cohort.posts.sort_values("published_at").iloc[-40]
    published = post["published_at"].to_pydatetime()
    subject = f"{post['platform']}:{post['post_id']}"
    seen = [
        workflows.forecast(subject, model_dir, str(store_file), published + timedelta(hours=age), "Europe/Moscow")
        for age in (0.01, 5.0, 20.0)
    ]
    assert seen[0].seen_views is None
    for said in seen[1:]:
        assert said.views.p10 >= said.seen_views - 1e-6
    assert seen[2].views.p90 / seen[2].views.p10 < seen[0].views.p90 / seen[0].views.p10
    truth = cohort.truth["views_24h"][post.name]
    assert abs(math.log(seen[2].views.p50 / truth)) < 0.5


def test_the_history_of_an_author_in_the_store_is_used(cohort, store_file, model_dir):
    author = cohort.posts["author_id"].iloc[0]
    at = cohort.posts["published_at"].max().to_pydatetime() + timedelta(days=5)
    draft = Draft("Ночь над рекой?", at, author=DraftAuthor(author_id=author))
    said = workflows.score(draft, model_dir, str(store_file), "Europe/Moscow")
    assert said.baseline.source == "author"
    level = cohort.truth["author_log"][0]
    assert abs(math.log(said.views.p50) - level) < 1.2


def test_an_unknown_author_or_post_is_said_with_what_to_do(store_file, model_dir):
    draft = Draft("x", AT, author=DraftAuthor(author_id="nobody"))
    with pytest.raises(DataError, match="the author youtube:nobody has no posts in the store"):
        workflows.score(draft, model_dir, str(store_file), "UTC")
    with pytest.raises(DataError, match="the post vk:-1_1 is not in the store"):
        workflows.forecast("vk:-1_1", model_dir, str(store_file), None, "UTC")
    with pytest.raises(ConfigurationError, match="expected a post such as youtube:"):
        workflows.forecast("-1_1", model_dir, str(store_file), None, "UTC")


def test_a_post_past_the_horizon_is_told_its_outcome_and_not_forecast(cohort, store_file, model_dir):
    post = cohort.posts.iloc[5]
    at = post["published_at"].to_pydatetime() + timedelta(hours=40)
    said = workflows.forecast(f"youtube:{post['post_id']}", model_dir, str(store_file), at, "Europe/Moscow")
    assert said.views.p10 == said.views.p50 == said.views.p90
    assert said.views.p50 == pytest.approx(cohort.truth["views_24h"][5], rel=0.05)
    assert said.contributions == ()
    assert "past 24 h" in str(said.notes[0])
    assert said.prediction_age_h == pytest.approx(40)
    assert said.seen_views > said.views.p50


def test_a_forecast_does_not_change_when_more_is_seen_later(cohort, store_file, model_dir, tmp_path):
    post = cohort.posts.sort_values("published_at").iloc[-60]
    at = post["published_at"].to_pydatetime() + timedelta(hours=6)
    subject = f"youtube:{post['post_id']}"
    with Store.open(tmp_path / "young.sqlite") as young:
        young.write_posts(cohort.posts)
        young.write_snapshots(cohort.snapshots[cohort.snapshots["observed_at"] <= at])
    said = [
        workflows.forecast(subject, model_dir, str(file), at, "Europe/Moscow").views
        for file in (store_file, tmp_path / "young.sqlite")
    ]
    assert said[0] == said[1]
