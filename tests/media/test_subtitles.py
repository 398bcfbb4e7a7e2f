"""Subtitles as they are found in the world: well formed, careless, damaged, hostile."""

from __future__ import annotations

import os

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.errors import DataError
from otklik.media.subtitles import MOST_BYTES, Segment, Transcript, beside, cues, read_subtitles

SRT = """1
00:00:01,000 --> 00:00:02,500
Это <i>Казань</i>

2
00:00:03,000 --> 00:00:04,000
{\\an8}город будущего
- наш город
"""
VTT = """WEBVTT - a title
Kind: captions

STYLE
::cue { color: red }

NOTE 00:00 is when it begins
and it goes on

intro
00:01.000 --> 00:02.500 align:start position:0%
<v Алсу>Это &amp; <c.loud>Казань</c>

00:03.000 --> 00:01:04.000
<00:00:03.500>город будущего
"""
WORDS = "Это Казань город будущего - наш город"


def read(tmp_path, content: bytes | str, name: str = "clip.srt") -> Transcript:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_subtitles(path)


def test_subrip_is_read(tmp_path):
    found = read(tmp_path, SRT, "clip.ru.srt")
    assert found.text == WORDS
    assert found.segments[0] == Segment(1.0, 2.5, "Это Казань")
    assert (found.source, found.name, found.language) == ("subtitles", "clip.ru.srt", "ru")
    assert found.n_words == 6
    assert found.words_per_s == pytest.approx(6 / 2.5)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Transcript) == found


def test_webvtt_is_read(tmp_path):
    found = read(tmp_path, VTT, "clip.vtt")
    assert found.segments == (Segment(1.0, 2.5, "Это & Казань"), Segment(3.0, 64.0, "город будущего"))
    assert found.language is None


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + SRT.encode(),
        SRT.encode("cp1251"),
        ("\ufeff" + SRT).encode("utf-16-le"),
        ("\ufeff" + SRT).encode("utf-16-be"),
        SRT.replace("\n", "\r\n").encode(),
        SRT.replace("\n", "\r\r\n").encode(),
        SRT.replace("\n", "\r").encode(),
        SRT.replace("1\n00", "00").replace("2\n00", "00").encode(),
        SRT.replace("\n\n", "\n").encode(),
        SRT.replace("\n\n", "\n \n").encode(),
        SRT.replace(",", ".").replace(" --> ", "-->").encode(),
        SRT.replace("2,500", "2,500  X1:100 X2:200 Y1:1 Y2:2").encode(),
        b"\n\n\n" + SRT.encode() + b"\n\n\x1a",
        SRT.encode() + b"\n3\n00:00:0",
        SRT.replace("00:00:0", "0:0").encode(),
    ],
    ids=[
        "BOM",
        "cp1251",
        "utf-16-le",
        "utf-16-be",
        "crlf",
        "crcrlf",
        "cr",
        "no numbers",
        "no empty lines",
        "spaces for empty lines",
        "points",
        "coordinates",
        "padding",
        "cut off",
        "no hours",
    ],
)
def test_careless_files_say_the_same(tmp_path, raw):
    found = read(tmp_path, raw)
    assert found.text == WORDS
    assert [one.start_s for one in found.segments] == [1.0, 3.0]


def test_one_damaged_character_does_not_change_the_encoding(tmp_path):
    raw = (SRT * 3).encode()
    assert "Казань" in read(tmp_path, raw.replace("б".encode(), b"\xd0", 1)).text


def test_less_than_three_is_not_a_tag(tmp_path):
    assert read(tmp_path, "00:01 --> 00:02\nI <3 Казань, 1 < 2\n").text == "I <3 Казань, 1 < 2"


def test_overlapping_and_backward_times_are_put_in_order(tmp_path):
    found = read(tmp_path, "00:05 --> 00:09\nb\n\n00:01 --> 00:07\na a\n\n00:08 --> 00:02\nc\n")
    assert [one.text for one in found.segments] == ["a a", "b", "c"]
    assert found.words_per_s == pytest.approx(4 / 8)
    assert all(one.end_s >= one.start_s for one in found.segments)


def test_rolling_lines_of_youtube_are_told_once(tmp_path):
    rolling = (
        "WEBVTT\n\n00:00:00.080 --> 00:00:02.000 align:start position:0%\n \nпривет<00:00:00.5><c> Казань</c>\n\n"
        "00:00:02.000 --> 00:00:02.010\nпривет Казань\n \n\n"
        "00:00:02.010 --> 00:00:04.000\nпривет Казань\nгород<00:00:03.0><c> мой</c>\n"
    )
    found = read(tmp_path, rolling, "clip.vtt")
    assert [one.text for one in found.segments] == ["привет Казань", "город мой"]


def test_a_chorus_is_told_as_often_as_it_is_sung(tmp_path):
    assert read(tmp_path, "1\n00:01 --> 00:02\nла ла\n\n2\n00:02 --> 00:03\nла ла\n").text == "ла ла ла ла"


@pytest.mark.parametrize("content", ["", "\n\n", "просто текст", "00:01 --> 00:02\n\n", "WEBVTT\n\nNOTE --> \n"])
def test_a_file_without_timed_words_says_so(tmp_path, content):
    with pytest.raises(DataError, match="no line of words with a time"):
        read(tmp_path, content)


@pytest.mark.parametrize("raw", [bytes(range(256)) * 20, b"\x1aE\xdf\xa3" + b"\0" * 99, b"\x01\x02\x03" * 99 + b"abc"])
def test_a_binary_file_is_refused(tmp_path, raw):
    with pytest.raises(DataError, match="binary"):
        read(tmp_path, raw)


def test_a_huge_file_is_refused_unread(tmp_path):
    path = tmp_path / "huge.srt"
    with path.open("wb") as file:
        file.truncate(50 * 2**20)
    with pytest.raises(DataError, match="at most 5 MB"):
        read_subtitles(path)


def test_the_largest_file_that_is_read_is_read_in_time(tmp_path):
    hostile = ("<a" * 1000 + "{\\" * 1000 + " " * 2000 + "0" * 1000 + ":\n") * (MOST_BYTES // 7100)
    with pytest.raises(DataError):
        read(tmp_path, hostile)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_and_a_folder_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.srt")
    (tmp_path / "folder.srt").mkdir()
    for name in ("pipe.srt", "folder.srt"):
        with pytest.raises(DataError, match="no regular file"):
            read_subtitles(tmp_path / name)
    assert beside(tmp_path / "pipe.mp4") == ()
    assert beside(tmp_path / "nowhere" / "clip.mp4") == ()


def test_files_beside_a_video_are_found_and_ordered(tmp_path):
    mine = ["clip.srt", "clip.ru.SRT", "CLIP.vtt", "clip.en-US.vtt", "clip.de.srt"]
    for name in [*mine, "clip2.srt", "clip.final cut.srt", "clip.txt", "other.srt", "clip.mp4"]:
        (tmp_path / name).touch()
    found = [one.name for one in beside(tmp_path / "clip.mp4")]
    assert sorted(found) == sorted(mine)
    assert found[2:] == ["clip.ru.SRT", "clip.en-US.vtt", "clip.de.srt"]


def test_a_name_that_a_mac_wrote_is_the_same_name(tmp_path):
    (tmp_path / "мои\u0306 город.srt").touch()
    assert len(beside(tmp_path / "мой город.mp4")) == 1


LINES = st.text(
    st.characters(codec="utf-8", exclude_characters="<>{}&\\\n\r\u200b", exclude_categories=["C"]), min_size=1
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9_999_999), st.integers(0, 99_999), LINES), max_size=9), st.booleans())
def test_what_is_written_is_read_back(rows, is_vtt):
    def clock(ms: int) -> str:
        return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{'.' if is_vtt else ','}{ms % 1000:03}"

    rows = [(start, length, " ".join(text.split())) for start, length, text in rows]
    rows = [row for row in rows if row[2]]
    written = "WEBVTT\n\n" if is_vtt else ""
    written += "".join(f"{clock(start)} --> {clock(start + length)}\n-{text}\n\n" for start, length, text in rows)
    found = [(round(one.start_s * 1000), round((one.end_s - one.start_s) * 1000), one.text) for one in cues(written)]
    kept = [(start, length, f"-{text}") for start, length, text in rows]
    if not is_vtt:
        assert found == kept
    else:  # a line that is told again at once counts once
        assert set(found) <= {(start, found_length, text) for start, _, text in kept for _, found_length, _ in found}


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("0123456789:,.-> \n\r<>{}\\an&;абWEBVTT\0"), max_size=300))
def test_garbage_never_breaks_the_parser(text):
    for one in cues(text):
        assert one.text
        assert 0 <= one.start_s <= one.end_s


@settings(max_examples=150, deadline=None)
@given(raw=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory, raw):
    try:
        found = read(tmp_path_factory.mktemp("any"), b"00:01 --> 00:02\n" + raw)
    except DataError:
        return
    assert found.text
