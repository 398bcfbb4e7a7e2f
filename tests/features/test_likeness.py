"""Posts are alike by what a person made, never by what became of them, and precedents are of the past only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from otklik.dataset.corpus import Corpus
from otklik.dataset.examples import Examples
from otklik.dataset.targets import VIEWS_24H
from otklik.features import Table, assemble
from otklik.features.likeness import likeness, own_posts, parts
from otklik.models.precedents import precedents

T0 = pd.Timestamp("2026-03-06T16:30Z")
ZONE = "Europe/Moscow"
TITLES = (
    "Мечеть Кул-Шариф вечером",
    "Рецепт чак-чака от бабушки",
    "Пробки на мосту Миллениум",
    "Казанский кремль в снегу",
    "Репортаж с хоккейного матча",
    "Как мы ездили на рыбалку",
)


def corpus_of(titles=TITLES, title="Мечеть Кул-Шариф утром", views=None, days=None, **columns) -> Corpus:
    """Past posts one a day (or so many days ago), each seen at 24 h, and last the subject at T0, looked at never."""
    n = len(titles)
    at = [T0 - pd.Timedelta(days=one) for one in days or range(n + 1, 1, -1)]
    posts = pd.DataFrame(
        {
            "platform": "vk",
            "post_id": [*(f"h{i}" for i in range(n)), "p"],
            "author_id": "a",
            "kind": "post",
            "published_at": [*at, T0],
            "title": pd.Series([*titles, title], dtype="str"),
            **columns,
        }
    )
    looks = pd.DataFrame(
        {
            "platform": "vk",
            "post_id": [f"h{i}" for i in range(n)],
            "observed_at": [one + pd.Timedelta(hours=24) for one in at],
            "views": views or [1000 + 100 * i for i in range(n)],
        }
    )
    return Corpus.of(posts, looks)


def subject_of(corpus: Corpus, at: pd.Timestamp = T0) -> Table:
    row = np.flatnonzero(corpus.posts["post_id"] == "p")
    cutoff = np.array([at.value // 1000])
    return assemble(corpus, Examples(row, cutoff), target=VIEWS_24H, zone=ZONE)


def told(corpus: Corpus, at: pd.Timestamp = T0, **more):
    subject = subject_of(corpus, at)
    return precedents(corpus, own_posts(corpus, subject, target=VIEWS_24H, zone=ZONE), subject, VIEWS_24H, **more)


def test_the_post_about_the_same_thing_is_the_nearest():
    found = told(corpus_of())
    assert found[0].title == "Мечеть Кул-Шариф вечером"
    assert found[0].views == 1000
    assert [one.likeness for one in found] == sorted((one.likeness for one in found), reverse=True)
    assert all(0 <= one.likeness <= 1 for one in found)
    assert found == told(corpus_of())


def test_a_post_is_most_like_itself():
    corpus = corpus_of(title=TITLES[2])
    subject = subject_of(corpus)
    own = own_posts(corpus, subject, target=VIEWS_24H, zone=ZONE)
    found = parts(corpus, own, subject)
    for name in ("words", "meaning", "codes"):
        assert np.nanargmax(found[name]) == 2, name
        assert found[name][2] == pytest.approx(1.0), name
    assert np.nanargmax(found["form"]) == 0  # the same day of the week


def test_the_same_signs_in_other_words_are_alike_in_codes():
    corpus = corpus_of(title="Собор и пагода", titles=("Мечеть на закате", "Церковь зимой", "Футбол", "Чак-чак"))
    subject = subject_of(corpus)
    codes = parts(corpus, own_posts(corpus, subject, target=VIEWS_24H, zone=ZONE), subject)["codes"]
    assert codes[1] > 0.5
    assert codes[[0, 2, 3]].tolist() == [0, 0, 0]
    nothing = corpus_of(title="Просто вечер")
    told_nothing = subject_of(nothing)
    own = own_posts(nothing, told_nothing, target=VIEWS_24H, zone=ZONE)
    assert np.isnan(parts(nothing, own, told_nothing)["codes"]).all()


def test_a_title_is_compared_with_titles_where_only_the_subject_has_a_text():
    text = [None] * 6 + ["Длинное описание о погоде, дорогах, школе, рынке и о том, что ещё случилось за день."]
    found = told(corpus_of(text=pd.Series(text, dtype="str")))
    assert found[0].post_id == "h0"
    assert found[0].likeness > 0.3


def test_counters_have_no_part_in_likeness():
    few, many = told(corpus_of()), told(corpus_of(views=[9, 90_000, 7, 800, 5, 3_000_000]))
    assert [(one.post_id, one.likeness) for one in few] == [(one.post_id, one.likeness) for one in many]
    assert [one.views for one in few] != [one.views for one in many]


def test_the_multiple_is_of_what_was_usual_then_and_missing_while_too_few_are_known():
    views = [100, 100, 100, 100, 400, 100]
    found = {one.post_id: one for one in told(corpus_of(views=views), most=6)}
    assert found["h0"].multiple is None if "h0" in found else True
    corpus = corpus_of(views=views, title=TITLES[4])
    first = told(corpus)[0]
    assert (first.post_id, first.multiple) == ("h4", pytest.approx(4.0))


def test_an_outcome_that_was_not_known_at_the_cutoff_is_no_precedent():
    corpus = corpus_of(title=TITLES[5])
    assert told(corpus)[0].post_id == "h5"
    # 16 h after h5 came out nobody knew what it would reach; h4 had just been seen at 24 h.
    early = told(corpus, T0 - pd.Timedelta(hours=32), most=6)
    assert "h5" not in [one.post_id for one in early]


def test_looks_after_the_cutoff_change_nothing():
    corpus = corpus_of()
    late = pd.DataFrame(
        {"platform": "vk", "post_id": ["p", "h1"], "observed_at": [T0 + pd.Timedelta(days=2)] * 2, "views": [5, 9_999]}
    )
    looks = pd.DataFrame(
        {
            "platform": "vk",
            "post_id": [f"h{i}" for i in range(6)],
            "observed_at": [T0 - pd.Timedelta(days=6 - i) for i in range(6)],
            "views": [1000 + 100 * i for i in range(6)],
        }
    )
    again = Corpus.of(corpus.posts, pd.concat([looks, late]))
    assert told(again) == told(corpus)


def test_only_the_author_s_own_posts_of_the_kind_count():
    kinds = ["clip", *["post"] * 6]
    assert "h0" not in [one.post_id for one in told(corpus_of(kind=kinds), most=6)]
    authors = ["b", *["a"] * 6]
    assert "h0" not in [one.post_id for one in told(corpus_of(author_id=authors), most=6)]


def test_an_author_without_a_past_has_no_precedents():
    corpus = corpus_of(titles=())
    subject = subject_of(corpus)
    assert own_posts(corpus, subject, target=VIEWS_24H, zone=ZONE) is None
    assert precedents(corpus, None, subject, VIEWS_24H) == ()


def test_one_earlier_post_is_enough_and_two_alike_are_told_newest_first():
    (only,) = told(corpus_of(titles=TITLES[:1]))
    assert only.multiple is None
    same = told(corpus_of(titles=("Вечер", "Вечер"), title="Вечер", days=[14, 7]))
    assert same[0].likeness == same[1].likeness
    assert [one.post_id for one in same] == ["h1", "h0"]


def test_posts_without_words_are_not_told_beside_a_post_with_some():
    found = told(corpus_of(titles=(*TITLES[:3], None, "", "🌙🌙")), most=9)
    assert {one.post_id for one in found} <= {"h0", "h1", "h2"}


@pytest.mark.parametrize("title", [None, "", "🌙", "韓国の夜 韓国", "\x00\u202e<script>", "a" * 5000])
def test_any_title_is_compared_without_a_fault(title):
    found = told(corpus_of(titles=(*TITLES, title), title=title), most=9)
    assert all(0 <= one.likeness <= 1 + 1e-9 and len(one.title) <= 100 for one in found)
    if title == "韓国の夜 韓国":
        assert found[0].post_id == "h6"


def test_what_is_unknown_of_earlier_posts_takes_no_side():
    corpus = corpus_of()
    subject = subject_of(corpus)
    own = own_posts(corpus, subject, target=VIEWS_24H, zone=ZONE)
    X = own.X.assign(video__cut_rate=[np.nan, 10.0, 12.0, 40.0, np.nan, np.nan])
    asked = replace(subject, X=subject.X.assign(video__cut_rate=11.0))
    form = parts(corpus, replace(own, X=X), asked)["form"]
    plain = parts(corpus, own, subject)["form"]
    gained = np.log(form) - np.log(plain)
    assert np.isfinite(form).all()
    assert gained[1] > gained[0] > gained[3]
    assert np.argsort(form[[0, 4, 5]]).tolist() == np.argsort(plain[[0, 4, 5]]).tolist()


def test_nothing_known_of_the_form_is_no_likeness():
    corpus = corpus_of()
    subject = subject_of(corpus)
    own = own_posts(corpus, subject, target=VIEWS_24H, zone=ZONE)
    nothing = replace(subject, X=subject.X * np.nan)
    assert np.isnan(parts(corpus, own, nothing)["form"]).all()
    assert np.isfinite(likeness(corpus, own, nothing)).all()


def test_own_posts_stand_at_the_age_of_the_subject():
    corpus = corpus_of()
    own = own_posts(corpus, subject_of(corpus), target=VIEWS_24H, zone=ZONE)
    assert own.meta["age_h"].max() == 0
    assert len(own) == 6
    live = own_posts(corpus, subject_of(corpus, T0 + pd.Timedelta(hours=30)), target=VIEWS_24H, zone=ZONE, most=4)
    assert live.meta["age_h"].unique().tolist() == [30.0]
    assert len(live) == 4
    assert live.meta["size"].notna().all()
