"""YouTube's names and resources, good and bad."""

from __future__ import annotations

import contextlib
import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.collect.answers import Outcome
from otklik.collect.youtube.ids import parse
from otklik.collect.youtube.payloads import answer_of, author_snapshot_of, count, duration_s, post_of
from otklik.errors import ConfigurationError, DataError

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
ID, CHANNEL = "dQw4w9WgXcQ", "UC" + "a" * 22


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        (ID, "video", ID),
        (f"https://www.youtube.com/watch?v={ID}&t=3s", "video", ID),
        (f"youtu.be/{ID}?si=x", "video", ID),
        (f"https://m.youtube.com/shorts/{ID}", "video", ID),
        (f"https://youtube.com/live/{ID}", "video", ID),
        (f"https://www.youtube.com/embed/{ID}", "video", ID),
        (CHANNEL, "channel", CHANNEL),
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", "channel", CHANNEL),
        ("@kazan", "handle", "@kazan"),
        ("https://www.youtube.com/@Казань-город/shorts", "handle", "@Казань-город"),
        ("https://www.youtube.com/%40kazan", "handle", "@kazan"),
        ("https://www.youtube.com/user/old", "user", "old"),
    ],
)
def test_every_form_of_a_name_is_understood(text, kind, value):
    named = parse(text)
    assert (named.kind, named.value) == (kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "kazan",
        "https://vk.com/kazan",
        "https://youtube.com/",
        "https://www.youtube.com/watch?v=short",
        "http://[",
        "@a",
    ],
)
def test_other_text_is_refused_with_what_was_expected(text):
    with pytest.raises(ConfigurationError, match="expected a YouTube channel or video"):
        parse(text)


@given(st.text(max_size=60))
def test_any_text_is_a_name_or_a_clear_error(text):
    with contextlib.suppress(ConfigurationError):
        assert parse(text).value


@given(st.text(alphabet=string.digits + "PTDHMS.s", max_size=12))
def test_any_duration_is_whole_seconds_or_nothing(text):
    found = duration_s(text)
    assert found is None or found >= 0


def video(**parts):
    item = {
        "id": ID,
        "snippet": {
            "publishedAt": "2026-11-23T11:00:00Z",
            "channelId": CHANNEL,
            "title": "t",
            "liveBroadcastContent": "none",
        },
        "statistics": {"viewCount": "10", "likeCount": "2", "commentCount": "0"},
        "contentDetails": {"duration": "PT30S"},
    }
    return item | parts


def test_hidden_counters_are_not_known_and_zero_is_zero():
    answer = answer_of(video(statistics={"viewCount": "10", "commentCount": "0"}), AT, "x")
    assert (answer.snapshot.views, answer.snapshot.likes, answer.snapshot.comments) == (10, None, 0)
    assert answer.reason == "hidden: likes"
    assert answer_of(video(statistics={}), AT, "x").snapshot.views is None
    assert answer_of(video(statistics=None), AT, "x").snapshot.views is None


@pytest.mark.parametrize("value", [None, "", "-5", "1e3", "١٢", "9" * 30, 1.5, True, [], {}])
def test_a_counter_that_is_no_whole_number_is_not_known(value):
    assert count(value) is None


def test_a_short_is_an_upright_clip_of_at_most_three_minutes():
    upright, wide = {"embedWidth": "405", "embedHeight": "720"}, {"embedWidth": "1280", "embedHeight": "720"}
    assert post_of(video(player=upright)).kind == "short"
    assert post_of(video(player=wide)).kind == "video"
    assert post_of(video(player=upright, contentDetails={"duration": "PT3M1S"})).kind == "video"
    assert post_of(video()).kind == "video"


def test_a_premiere_waits_for_its_start_and_is_as_old_as_its_start():
    soon = video(liveStreamingDetails={"scheduledStartTime": "2026-11-23T18:00:00Z"})
    soon["snippet"] = soon["snippet"] | {"liveBroadcastContent": "upcoming"}
    answer = answer_of(soon, AT, "x")
    assert answer.outcome is Outcome.WAITING
    assert answer.starts_at == datetime(2026, 11, 23, 18, tzinfo=UTC)
    assert answer.snapshot is None
    assert answer.post.kind == "video"
    begun = video(liveStreamingDetails={"actualStartTime": "2026-11-23T18:02:00Z", "scheduledStartTime": "x"})
    assert post_of(begun).published_at == datetime(2026, 11, 23, 18, 2, tzinfo=UTC)
    assert post_of(begun).kind == "live"


def test_the_label_of_made_media_has_three_states():
    states = [
        post_of(video(status=status)).synthetic_media
        for status in ({"containsSyntheticMedia": True}, {"containsSyntheticMedia": False}, {})
    ]
    assert states == [True, False, None]


def test_subscribers_that_are_hidden_are_not_known():
    item = {"id": CHANNEL, "statistics": {"subscriberCount": "0", "hiddenSubscriberCount": True, "videoCount": "7"}}
    snapshot = author_snapshot_of(item, AT)
    assert (snapshot.followers, snapshot.posts) == (None, 7)


@pytest.mark.parametrize("snippet", [{"channelId": CHANNEL}, {"publishedAt": "2026-11-01T00:00:00Z", "channelId": 7}])
def test_a_video_without_an_author_or_an_instant_is_refused(snippet):
    with pytest.raises(DataError, match="without an author or an instant of publication"):
        post_of(video(snippet=snippet))


def test_half_an_emoji_in_a_title_becomes_a_mark_that_every_database_takes():
    snippet = {"channelId": CHANNEL, "publishedAt": "2026-11-01T00:00:00Z", "title": "Казань \ud83d", "tags": ["a\0"]}
    post = post_of(video(snippet=snippet))
    assert (post.title, post.tags) == ("Казань \ufffd", "a\ufffd")
