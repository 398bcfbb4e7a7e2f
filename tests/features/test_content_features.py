"""What a text says as features: not available is not zero, and an author's past is all that prestige knows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from otklik import features
from otklik.dataset.corpus import Corpus
from otklik.dataset.examples import at_age
from otklik.dataset.targets import VIEWS_24H, Target
from otklik.features import CATALOG, assemble, precedent
from otklik.features.build import CONTENT

T0 = pd.Timestamp("2026-03-06T12:00Z")
PLACES = ("Казань утром", "Самара вечером", "Мечеть ночью", "Парк осенью")


def posts_of(titles: list[str | None], author: str = "a", start: pd.Timestamp = T0, **more: object) -> pd.DataFrame:
    """Posts of one author, one every 30 hours."""
    n = len(titles)
    return pd.DataFrame(
        {
            "platform": "vk",
            "post_id": [f"{author}{start.value}_{i}" for i in range(n)],
            "author_id": author,
            "kind": "post",
            "published_at": [start + pd.Timedelta(hours=30 * i) for i in range(n)],
            "title": pd.array(titles, "str"),
            "text": pd.array([None] * n, "str"),
            "tags": pd.array([None] * n, "str"),
            **more,
        }
    )


def looks_at(posts: pd.DataFrame, views: list[int]) -> pd.DataFrame:
    """Two looks at each post, just before and just after it is 24 hours old."""
    ages = [pd.Timedelta(hours=h) for h in (23.5, 25)]
    return pd.DataFrame(
        {
            "platform": "vk",
            "post_id": np.repeat(posts["post_id"].to_numpy(), 2),
            "observed_at": [at + age for at in posts["published_at"] for age in ages],
            "views": np.repeat(views, 2),
        }
    )


def built(posts: pd.DataFrame, looks: pd.DataFrame, row: int = -1) -> pd.Series:
    """Features of one post, the last, at its publication."""
    return features.build(posts, looks, posts["published_at"], zone="Europe/Moscow").iloc[row]


def alone(title: str | None, text: str | None = None, **more: object) -> pd.Series:
    posts = posts_of([title]).assign(text=pd.array([text], "str"), **more)
    return built(posts, looks_at(posts, [100]))


def test_a_russian_post_says_what_it_says():
    row = alone("Мечеть Кул-Шариф в неоне", "Горжусь нашим городом! Читаю Тукая.", synthetic_media=True)
    assert row["place__n_regions"] == row["place__in_title"] == row["place__n_landmarks"] == 1
    assert row["place__level"] == 5
    assert row["sign__mosque"] == row["sign__in_title"] == row["style__neon_cyberpunk"] == 1
    assert row["sign__dissonance"] > 0.9
    assert row["emotion__pride"] > 0
    assert row["emotion__in_title"] == 0
    assert row["identity__has"] == row["identity__with_pride"] == 1
    assert row["people__n"] == row["people__n_historic"] == row["people__is_local"] == 1
    assert row["style__synthetic_media"] == 1


def test_a_russian_post_that_says_nothing_has_zeros():
    row = alone("Расписание занятий на вторник")
    zeros = ["place__n_places", "sign__n", "style__neon_cyberpunk", "emotion__total", "identity__has", "people__n"]
    assert row[zeros].tolist() == [0.0] * len(zeros)


@pytest.mark.parametrize("title", ["나의 도시", "我的城市很美", None, "", " \n"])
def test_what_was_not_read_is_missing_and_not_zero(title):
    told = [feature.name for group in CONTENT for feature in group.FEATURES if feature.name != "style__synthetic_media"]
    row = alone(title)
    assert row[told].isna().all(), row[told].dropna()


def test_tags_and_text_are_read_as_the_title_is():
    assert alone("Утро", "в Казани")["place__n_regions"] == 1
    assert alone("Утро", tags="Казань,утро")["place__n_regions"] == 1
    assert alone("Утро", tags="Казань,утро")["place__in_title"] == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_future_changes_no_content_feature(seed):
    rng = np.random.default_rng(seed)
    early = pd.concat([posts_of(list(rng.choice(PLACES, 25)), author) for author in ("a", "b")], ignore_index=True)
    cutoff = early["published_at"].iloc[-1]
    looks = looks_at(early, list(rng.integers(100, 9_000, len(early))))
    known = looks[looks["observed_at"] <= cutoff]
    later = pd.concat(
        [posts_of(list(rng.choice(PLACES, 25)), author, cutoff + pd.Timedelta(hours=1)) for author in ("a", "b", "c")],
        ignore_index=True,
    )
    more = pd.concat([looks, looks_at(later, list(rng.integers(100, 9_000, len(later))))], ignore_index=True)
    before = features.build(early, known, cutoff)
    after = features.build(pd.concat([later, early], ignore_index=True), more, cutoff).iloc[len(later) :]
    pd.testing.assert_frame_equal(before, after.reset_index(drop=True))
    history = ["place__prestige_lift", "sign__prestige_lift", "text__precedent_lift", "place__is_home"]
    assert (before[history].nunique() > 1).all()


def test_a_place_with_a_good_history_has_positive_prestige():
    titles = ["Казань утром", "Самара утром"] * 8
    posts = posts_of([*titles, "Снова Казань", "Снова Самара", "Снова Омск", "Снова вторник"])
    looks = looks_at(posts, [4_000, 500] * 10)
    good, bad, new, none = (built(posts, looks, row) for row in (-4, -3, -2, -1))
    assert good["place__prestige_lift"] > 0 > bad["place__prestige_lift"]
    assert good["place__n_prestige"] > 5
    assert new["place__prestige_lift"] == new["place__n_prestige"] == 0
    assert np.isnan(none["place__prestige_lift"])


def test_signs_and_people_have_prestige_too():
    titles = ["Мечеть и Тукай", "Расписание на вторник"] * 8
    posts = posts_of([*titles, "Мечеть, Тукай"])
    row = built(posts, looks_at(posts, [4_000, 500] * 8 + [1]))
    assert row["sign__prestige_lift"] > 0
    assert row["people__prestige_lift"] > 0


def test_prestige_is_the_author_s_own():
    known = posts_of(["Казань утром", "Самара утром"] * 8)
    stranger = posts_of(["Снова Казань"], "b", known["published_at"].iloc[-1] + pd.Timedelta(days=5))
    posts = pd.concat([known, stranger], ignore_index=True)
    row = built(posts, looks_at(posts, [4_000, 500] * 8 + [1]))
    assert row["place__n_prestige"] == 0
    assert np.isnan(row["text__precedent_lift"])


def test_a_post_is_no_precedent_of_itself():
    posts = posts_of(["Казань утром"] * 3)
    looks = looks_at(posts, [100, 100, 9_000])
    long_after = features.build(posts, looks, T0 + pd.Timedelta(days=60))
    changed = features.build(posts, looks_at(posts, [100, 100, 1]), T0 + pd.Timedelta(days=60))
    told = [one.name for one in CATALOG if "precedent" in one.name or "prestige" in one.name]
    pd.testing.assert_series_equal(long_after[told].iloc[-1], changed[told].iloc[-1])


def test_precedents_are_the_posts_most_alike_in_words():
    titles = ["Мечеть в неоне", "Расписание на вторник"] * 8
    posts = posts_of([*titles, "Мечети в неоне", "Совсем иное слово"])
    looks = looks_at(posts, [4_000, 500] * 8 + [1, 1])
    alike, other = built(posts, looks, -2), built(posts, looks, -1)
    assert alike["text__precedent_likeness"] > 0.9
    assert alike["text__precedent_lift"] > 0
    assert np.isnan(other["text__precedent_lift"])


def test_home_is_the_region_that_the_author_writes_of_most():
    posts = posts_of(["Казань", "Казань", "Самара", "Наша Казань", "Владивосток"])
    looks = looks_at(posts, [100] * 5)
    assert np.isnan(built(posts, looks, 0)["place__is_home"])
    assert built(posts, looks, 3)[["place__is_home", "place__home_km_log"]].tolist() == [1.0, 0.0]
    away = built(posts, looks, 4)
    assert away["place__is_home"] == 0
    assert np.expm1(away["place__home_km_log"]) == pytest.approx(5_600, rel=0.1)


def test_what_comes_out_between_the_cutoff_and_a_planned_post_changes_nothing_said_of_it():
    past = posts_of(["Мечеть в неоне", "Кремль утром", "Мечеть зимой", "Рынок"] * 5)
    cutoff = past["published_at"].iloc[-1] + pd.Timedelta(days=4)
    planned = posts_of(["Мечеть в неоне зимой"], start=cutoff + pd.Timedelta(days=3)).assign(post_id="planned")
    between = posts_of(["Мечеть"] * 3, start=cutoff + pd.Timedelta(hours=1)).assign(post_id=["x1", "x2", "x3"])
    looks = looks_at(past, [4_000, 500, 3_000, 700] * 5)
    content = [one.name for one in CATALOG if one.group not in ("author", "calendar", "early")]
    told = []
    for posts in (pd.concat([past, planned]), pd.concat([past, between, planned])):
        posts = posts.reset_index(drop=True)
        told.append(features.build(posts, looks, cutoff)[content].iloc[-1])
    assert np.isfinite(told[0]["text__precedent_lift"])
    pd.testing.assert_series_equal(told[0], told[1], check_names=False)


def test_what_is_said_of_a_post_does_not_depend_on_the_others_asked_about(monkeypatch):
    monkeypatch.setattr(precedent, "WINDOW", 5)
    posts = posts_of(["Мечеть в неоне", "Кремль утром", "Мечеть зимой", "Рынок"] * 8)
    looks = looks_at(posts, [4_000, 500, 3_000, 700] * 8)
    corpus = Corpus.of(posts, looks)
    everything = np.arange(len(corpus))
    whole = assemble(corpus, at_age(corpus, everything, 0.0), target=VIEWS_24H, zone="UTC").X
    last = assemble(corpus, at_age(corpus, everything[-1:], 0.0), target=VIEWS_24H, zone="UTC").X
    pd.testing.assert_frame_equal(whole.iloc[-1:].reset_index(drop=True), last)


def test_another_target_with_the_same_name_has_lifts_of_its_own():
    posts = posts_of(["Мечеть в неоне", "Кремль утром"] * 8)
    at_24h, at_4h = looks_at(posts, [4_000, 500] * 8), looks_at(posts, [40, 90] * 8)
    at_4h = at_4h.assign(observed_at=at_4h["observed_at"] - pd.Timedelta(hours=20))
    looks = pd.concat([at_24h, at_4h], ignore_index=True)
    early = replace(VIEWS_24H, horizon_h=4.0)

    def lifts(corpus: Corpus, target: Target) -> pd.DataFrame:
        return assemble(corpus, at_age(corpus, np.arange(len(corpus)), 0.0), target=target, zone="UTC").X

    shared = Corpus.of(posts, looks)
    lifts(shared, VIEWS_24H)
    pd.testing.assert_frame_equal(lifts(shared, early), lifts(Corpus.of(posts, looks), early))
