"""Each group of features says what it claims."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from otklik import features

T0 = pd.Timestamp("2026-03-06T16:30Z")


def one_post(title="Казань?", text=None, **more) -> pd.DataFrame:
    row = {"platform": "vk", "post_id": "p", "author_id": "a", "kind": "post", "published_at": T0, "title": title}
    return pd.DataFrame([{**row, "text": text, **more}]).astype({"title": "str"})


def no_looks() -> pd.DataFrame:
    return pd.DataFrame({"platform": [], "post_id": [], "observed_at": pd.to_datetime([], utc=True), "views": []})


def built(posts: pd.DataFrame, snapshots: pd.DataFrame | None = None, at=T0, zone="Europe/Moscow") -> pd.Series:
    frame = features.build(posts, no_looks() if snapshots is None else snapshots, at, zone=zone)
    return frame.loc[posts.index[posts["post_id"] == "p"][0]]


def test_the_calendar_is_that_of_the_audience():
    assert built(one_post())["calendar__hour_local"] == 19.5
    assert built(one_post(), zone="Asia/Vladivostok")["calendar__hour_local"] == 2.5
    assert built(one_post(), zone="Asia/Vladivostok")["calendar__is_weekend"] == 1.0
    assert built(one_post())["calendar__weekday"] == 4.0


def test_text_counts_what_a_person_would_count():
    row = built(one_post("ВАУ!! Кул-Шариф 2100 🌙 #Казань", "Две строки\nhttps://otklik.example @zemlyak #дом"))
    assert row["text__title_n_exclamations"] == 2
    assert row["text__title_n_emoji"] == 1
    assert row["text__title_n_hashtags"] == 1
    assert row["text__title_n_digits"] == 4
    assert row["text__title_cyrillic_share"] == 1.0
    assert row["text__text_n_lines"] == 2
    assert row["text__text_n_links"] == 1
    assert row["text__text_n_mentions"] == 1


def test_capitals_are_a_share_of_letters_that_have_a_case():
    assert built(one_post("ВАУ да"))["text__title_capitals_share"] == pytest.approx(3 / 5)
    assert np.isnan(built(one_post("韓国 123"))["text__title_capitals_share"])


def test_no_text_is_missing_and_not_zero():
    row = built(one_post(text=None))
    assert np.isnan(row["text__text_n_chars_log"])
    assert np.isnan(row["text__n_tags"])
    assert built(one_post(tags="a,b"))["text__n_tags"] == 2


def history(views: list[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Past posts one a day before T0, each seen at exactly 24 h."""
    n = len(views)
    at = [T0 - pd.Timedelta(days=n - i + 1) for i in range(n)]
    posts = pd.DataFrame(
        {
            "platform": "vk",
            "post_id": [f"h{i}" for i in range(n)],
            "author_id": "a",
            "kind": "post",
            "published_at": at,
            "title": "t",
        }
    )
    looks = pd.DataFrame(
        {
            "platform": "vk",
            "post_id": posts["post_id"],
            "observed_at": [one + pd.Timedelta(hours=24) for one in at],
            "views": views,
        }
    )
    return pd.concat([posts, one_post()], ignore_index=True), looks


def test_the_author_is_judged_by_matured_posts_relative_to_their_median():
    row = built(*history([100, 100, 100, 400]))
    assert row["author__n_history"] == 4
    assert row["author__last_lift"] == pytest.approx(np.log(401 / 101))
    assert row["author__best_lift"] == row["author__last_lift"]
    assert row["author__n_posts_7d"] == 4
    assert row["author__hours_since_last_log"] == pytest.approx(np.log1p(48))


def test_scaling_an_author_s_history_changes_no_lift():
    views = [1000, 3000, 2500, 9000, 4000, 1200]
    small, large = built(*history(views)), built(*history([100 * one for one in views]))
    author = [name for name in small.index if name.startswith("author__")]
    np.testing.assert_allclose(small[author].to_numpy(float), large[author].to_numpy(float), atol=2e-3)


def test_early_features_describe_the_last_look_before_the_cutoff():
    looks = pd.DataFrame(
        {
            "platform": "vk",
            "post_id": "p",
            "observed_at": [T0 + pd.Timedelta(hours=h) for h in (1, 3, 8)],
            "views": [100, 300, 900],
            "likes": [10, 15, 20],
        }
    )
    row = built(one_post(), looks, at=T0 + pd.Timedelta(hours=5))
    assert row["early__look_age_h"] == pytest.approx(3)
    assert row["early__n_looks"] == 2
    assert row["early__size_log"] == pytest.approx(np.log1p(300))
    assert row["early__likes_per_view"] == pytest.approx(15 / 301)
    assert row["early__step_h"] == pytest.approx(2)
    assert np.isnan(row["early__comments_per_view"])
    assert np.isnan(built(one_post(), looks, at=T0)["early__size_log"])
