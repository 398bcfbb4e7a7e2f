"""VK's names and objects, good and bad."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.collect.answers import Outcome
from otklik.collect.vk.ids import owner_of, parse
from otklik.collect.vk.payloads import count, reactions_of, video_answer, videos_in, wall_answer
from otklik.errors import ConfigurationError, DataError

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("https://vk.com/kzn", "name", "kzn"),
        ("vk.ru/public77", "owner", "-77"),
        ("club5", "owner", "-5"),
        ("-123", "owner", "-123"),
        ("https://vk.com/id1", "owner", "1"),
        ("https://vk.com/wall-1_42?from=x", "wall", "-1_42"),
        ("wall-1_42", "wall", "-1_42"),
        ("-1_42", "wall", "-1_42"),
        ("https://vk.com/kzn?w=wall-1_42", "wall", "-1_42"),
        ("https://vk.com/video/@kzn?z=video-1_42%2Fclub1", "video", "video-1_42"),
        ("https://vkvideo.ru/video-1_42", "video", "video-1_42"),
        ("https://vk.com/clip-1_42", "video", "video-1_42"),
    ],
)
def test_every_form_of_a_name_is_understood(text, kind, value):
    named = parse(text)
    assert (named.kind, named.value) == (kind, value)


@pytest.mark.parametrize("text", ["", "https://youtube.com/@x", "vk.com/", "wall-1", "имя", "http://["])
def test_other_text_is_refused_with_what_was_expected(text):
    with pytest.raises(ConfigurationError, match="expected a VK community"):
        parse(text)


@given(st.text(max_size=60))
def test_any_text_is_a_name_or_a_clear_error(text):
    with contextlib.suppress(ConfigurationError):
        assert parse(text).value


def post(**more):
    item = {"id": 42, "owner_id": -1, "date": 1761990000, "text": "p", "views": {"count": 100}, "likes": {"count": 7}}
    return item | {"reposts": {"count": 3}, "comments": {"count": 0}} | more


def test_counters_are_read_and_reactions_are_kept_beside_the_likes():
    reactions = {"count": 7, "items": [{"id": 0, "count": 5}, {"id": 3, "count": 2}]}
    snapshot = wall_answer(post(reactions=reactions), AT, "x").snapshot
    assert (snapshot.views, snapshot.likes, snapshot.comments, snapshot.shares) == (100, 7, 0, 3)
    assert snapshot.reactions == '{"0": 5, "3": 2}'


def test_what_is_absent_is_not_known():
    answer = wall_answer(post(views=None, comments={}), AT, "x")
    assert (answer.snapshot.views, answer.snapshot.comments, answer.snapshot.reactions) == (None, None, None)
    assert answer.reason == "hidden: views, comments"


def test_a_deleted_post_says_so():
    assert wall_answer(post(is_deleted=True), AT, "x").outcome is Outcome.UNAVAILABLE


def test_only_the_owner_s_own_videos_ride_along():
    own = {
        "id": 5,
        "owner_id": -1,
        "date": 1761990000,
        "views": 9,
        "comments": 1,
        "type": "short_video",
        "duration": 20,
    }
    other = own | {"owner_id": -2}
    item = post(
        attachments=[{"type": "video", "video": own}, {"type": "video", "video": other}, {"type": "photo"}, "x"]
    )
    assert videos_in(item) == [own]
    answer = video_answer(own, AT, "x", likes=4)
    assert (answer.post_id, answer.post.kind, answer.snapshot.likes, answer.snapshot.comments) == (
        "video-1_5",
        "clip",
        4,
        1,
    )
    assert answer.post.author_id == owner_of(answer.post_id) == "-1"


def test_clips_long_videos_and_streams_are_told_apart():
    base = {"id": 5, "owner_id": -1, "date": 1761990000, "views": 1}
    kinds = [
        video_answer(base | more, AT, "x").post.kind
        for more in ({"type": "short_video"}, {"type": "video"}, {"type": "live"})
    ]
    assert kinds == ["clip", "video", "live"]


def test_for_a_video_of_another_site_the_views_on_vk_count():
    item = {"id": 5, "owner_id": -1, "date": 1761990000, "views": 900, "local_views": 30, "platform": "YouTube"}
    assert video_answer(item, AT, "x").snapshot.views == 30


@pytest.mark.parametrize("value", [True, "5", -1, 2**63, 1.5, {"count": "5"}, []])
def test_a_counter_that_is_no_whole_number_is_not_known(value):
    assert count(value) is None


@pytest.mark.parametrize("value", [None, 5, {}, {"items": None}, {"items": []}])
def test_strange_reactions_are_none(value):
    assert reactions_of(value) is None


def test_a_post_without_an_id_or_an_instant_is_refused():
    with pytest.raises(DataError, match="without an id"):
        wall_answer(post(id=None), AT, "x")
    with pytest.raises(DataError, match="without an instant"):
        wall_answer(post(date=None), AT, "x")
