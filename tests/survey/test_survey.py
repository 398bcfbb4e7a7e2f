"""What a survey says of simulated posts whose truth is known, and what it does not say."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from otklik.dataset.corpus import Corpus
from otklik.dataset.targets import VIEWS_24H
from otklik.errors import ConfigurationError, DataError
from otklik.simulate import simulate
from otklik.survey import author_of, survey
from otklik.survey.hours import N_SHUFFLES, shuffled
from surveyed import AS_OF, START, ZONE, made, of_author, of_corpus


def test_bands_are_never_pooled_over_kinds_and_counting_rules():
    rows = made()
    posts = rows.posts.assign(published_at=rows.posts["published_at"] + pd.Timedelta(days=160))
    looks = rows.snapshots.assign(observed_at=rows.snapshots["observed_at"] + pd.Timedelta(days=160))
    found = survey(Corpus.of(posts, looks), data="x", as_of=AS_OF + pd.Timedelta(days=160), zone=ZONE)
    assert {(one.kind, one.rule) for one in found.bands} == {
        ("short", "starts_2025"), ("video", "original"), ("short", "autoplay_2026"), ("video", "autoplay_2026"),
    }  # fmt: skip
    assert sum(one.n_posts for one in found.bands) == found.n_posts == 1200


def test_a_point_of_the_band_is_the_middle_half_of_the_posts_seen_around_that_age():
    band = of_corpus().bands[0]
    rows = made()
    kind = rows.posts.set_index("post_id")["kind"]
    truth = rows.truth.set_index("post_id") if "post_id" in rows.truth else rows.truth.set_index(rows.posts["post_id"])
    values = truth["views_24h"][kind[kind == band.kind].index]
    at_24 = next(one for one in band.points if one.age_h == 24.0)
    assert at_24.p50 == pytest.approx(values.median(), rel=0.1)
    assert at_24.p25 == pytest.approx(values.quantile(0.25), rel=0.15)
    assert at_24.n <= band.n_posts
    assert all(one.p25 <= one.p50 <= one.p75 for one in band.points)


def test_hours_that_matter_are_found_and_hours_that_do_not_are_not():
    with_effect, without = of_corpus().hours, of_corpus(visible=0.0, seed=6).hours
    assert with_effect.p_value == pytest.approx(1 / (N_SHUFFLES + 1))
    assert without.p_value > 0.05
    evening = [one.effect.factor for one in with_effect.cells if one.hour >= 18]
    night = [one.effect.factor for one in with_effect.cells if one.hour < 6]
    assert np.mean(evening) > np.mean(night)
    assert sum(one.effect.n for one in with_effect.cells) == with_effect.n


def test_the_shuffles_reject_seldom_where_nothing_is_true():
    p_values = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        author, day = np.repeat(np.arange(10), 30), rng.integers(0, 60, 300)
        value = rng.normal(0, 1, 300) + rng.normal(0, 1, 10)[author] + rng.normal(0, 1, (10, 60))[author, day]
        p_values.append(shuffled(value, rng.integers(0, 24, 300), author, day, seed=seed)[0])
    assert np.mean(np.array(p_values) < 0.1) <= 0.25
    assert min(p_values) >= 1 / (N_SHUFFLES + 1)


def test_scores_of_texts_are_ranked_with_an_interval_around():
    for one in of_corpus().formula.scatters:
        if one.spearman is not None and one.low is not None:
            assert one.low <= one.spearman <= one.high
        assert sum(step.n for step in one.steps) == one.n
        assert len(one.points) <= min(500, one.n)


def test_lately_is_the_last_thirty_days_and_every_hit_has_ten_posts_behind_its_usual():
    found = of_corpus().recent
    assert (found.until - found.since).days == 30
    assert [one.multiple for one in found.hits] == sorted((one.multiple for one in found.hits), reverse=True)
    assert all(one.n_usual >= 10 and one.published_at >= found.since for one in found.hits)
    assert all(one.multiple == pytest.approx((one.views + 1) / (one.usual + 1)) for one in found.hits)
    kinds = next(one for one in found.families if one.name == "kind")
    assert sum(one.n for one in kinds.effects) == found.n


def test_posts_too_young_for_a_label_are_counted_apart():
    rows = made()
    early = pd.Timestamp("2026-04-10T00:00Z")
    looks = rows.snapshots[rows.snapshots["observed_at"] <= early]
    posts = rows.posts[rows.posts["published_at"] <= early]
    part = survey(Corpus.of(posts, looks), data="x", as_of=early.to_pydatetime(), zone=ZONE).coverage.parts
    assert sum(one.n_posts for one in part) == len(posts)
    assert 0 < sum(one.n_due for one in part) < len(posts)
    assert all(one.n_labelled <= one.n_due for one in part)


def test_a_stretch_without_looks_is_told():
    rows = made()
    gone = rows.snapshots["observed_at"].between(pd.Timestamp("2026-04-01T00:00Z"), pd.Timestamp("2026-04-03T00:00Z"))
    found = survey(Corpus.of(rows.posts, rows.snapshots[~gone]), data="x", as_of=AS_OF, zone=ZONE).coverage
    assert found.n_gaps >= 1
    assert found.gaps[0].hours == pytest.approx(48, abs=3)
    assert found.gaps[0].start.isoformat().startswith("2026-03-31")


def test_an_author_s_posts_stand_against_the_others_at_the_same_age():
    found = of_author()
    assert len(found.posts) == 20
    assert [one.published_at for one in found.posts] == sorted((one.published_at for one in found.posts), reverse=True)
    for one in found.posts:
        if one.multiple is not None:
            assert one.usual.age_h == one.compare_h <= 24
            assert one.usual.n >= 10
            assert one.multiple == pytest.approx((one.views + 1) / (one.usual.p50 + 1))
            assert one.vph == pytest.approx(one.views / one.compare_h)
        else:
            assert one.missing
    assert found.hours.cluster == "week"
    assert found.n_authors == 1


def test_an_author_with_one_post_is_told_that_nothing_can_be_compared():
    rows = simulate(2, 1, seed=1, start=START)
    name = f"youtube:{rows.posts['author_id'].iloc[0]}"
    found = survey(
        Corpus.of(*author_of(rows.posts, rows.snapshots, name)), data="x", as_of=AS_OF, zone=ZONE, author=name
    )
    assert found.posts[0].multiple is None
    assert found.posts[0].missing
    assert found.hours.missing
    assert found.formula.missing
    assert found.recent.middle is None
    assert found.bands[0].points == ()


def test_posts_without_any_look_make_a_survey_of_missing_parts():
    rows = simulate(2, 3, seed=1, start=START)
    found = survey(Corpus.of(rows.posts, rows.snapshots[:0]), data="x", as_of=AS_OF, zone=ZONE)
    assert found.notes
    assert found.coverage.looks_per_post is None
    assert all(one.at_target is None for one in found.bands)
    json.dumps(found.to_dict(), allow_nan=False)


def test_posts_seen_long_after_are_compared_by_their_mature_views():
    rows = made()
    last = rows.snapshots.groupby("post_id").tail(1)
    looks = last.assign(observed_at=last["observed_at"] + pd.Timedelta(days=60))
    found = survey(Corpus.of(rows.posts, looks), data="x", as_of=AS_OF + pd.Timedelta(days=200), zone=ZONE)
    assert found.target == "mature"
    assert "30" in str(found.notes[0])
    assert found.coverage.missing
    assert found.bands[0].points == ()
    assert found.bands[0].at_target.age_h is None
    asked = survey(Corpus.of(rows.posts, looks), data="x", as_of=AS_OF, zone=ZONE, target=VIEWS_24H)
    assert asked.target == "views_24h"


def test_equal_posts_give_equal_surveys_and_plain_json():
    rows = made()
    again = survey(Corpus.of(rows.posts, rows.snapshots), data="simulated", as_of=AS_OF, zone=ZONE, is_simulated=True)
    first, second = (json.dumps(one.to_dict(), allow_nan=False) for one in (of_corpus(), again))
    assert first == second
    assert json.loads(first)["as_of"] == "2026-05-04T00:00:00+00:00"


@pytest.mark.parametrize("name", ["", "youtube", ":", "youtube:", ":a"])
def test_a_name_that_is_none_is_told(name):
    rows = made()
    with pytest.raises(ConfigurationError, match="expected an author such as"):
        author_of(rows.posts, rows.snapshots, name)


def test_an_author_without_posts_is_told_with_those_that_have_some():
    rows = made()
    with pytest.raises(DataError, match="has no posts here; those with the most are youtube:"):
        author_of(rows.posts, rows.snapshots, "youtube:nobody")
    with pytest.raises(DataError, match="holds no posts"):
        survey(Corpus.of(rows.posts[:0], rows.snapshots[:0]), data="x", as_of=AS_OF, zone=ZONE)
