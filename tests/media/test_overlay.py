"""Text on the picture: likely where there is a title, read in Russian and English, silent on photographs.

Titles are painted by ``painted.titled`` on real photographs and night skylines. Items numbered n % 3 == 0 are held out:
the weights of ``lettering.py`` and the thresholds of ``overlay.py`` were not chosen on them.
"""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.painted import Picture, photos, skyline, titled
from media.titles import ENGLISH, RUSSIAN, STYLES, distance, in_one_line
from otklik.errors import ConfigurationError
from otklik.media import overlay
from otklik.media.lettering import rows_of
from otklik.media.overlay import LIKELY, Overlay, OverlayLine, line_of, read_overlay, text_likelihood

PLAIN = ("white", "outlined", "yellow", "black", "thin")
TITLES = tuple(title for k in range(24) for title in (RUSSIAN[k], ENGLISH[k % 12]))


@pytest.fixture
def tesseract() -> None:
    languages, reason = overlay._languages()
    if languages is None:
        pytest.skip(reason)


def held_out_photos() -> list[Picture]:
    return [rgb for n, (_, rgb) in enumerate(photos(1280)) if n % 3 == 0]


def test_held_out_photographs_and_skylines_without_text_are_seldom_likely() -> None:
    frames = held_out_photos() + [skyline(n, (720, 1280)) for n in range(0, 24, 3)]
    assert np.mean([text_likelihood(rgb) >= LIKELY for rgb in frames]) <= 0.1


def test_held_out_photographs_with_plain_titles_are_likely() -> None:
    found = [
        text_likelihood(titled(rgb, TITLES[k], PLAIN[k % 5], y=(0.15, 0.5, 0.82)[k % 3])) >= LIKELY
        for k, rgb in enumerate(held_out_photos())
    ]
    assert np.mean(found) >= 0.9


def test_neon_titles_on_night_skylines_are_likely() -> None:
    found = [
        text_likelihood(titled(skyline(n, (720, 1280)), TITLES[n], ("cyan", "magenta")[n % 2])) >= LIKELY
        for n in range(0, 18, 3)
    ]
    assert np.mean(found) >= 0.8


def test_a_row_stands_where_its_title_is() -> None:
    rgb = titled(skyline(3, (720, 1280)), "КАЗАНЬ 2100", "white", y=0.25)
    rows = rows_of(rgb)
    _, top, _, bottom = rows[0].frame
    assert abs((top + bottom) / 2 / 360 - 0.25) < 0.03
    assert len(rows[0].boxes) == 10


@pytest.mark.parametrize("size", [(1, 1), (3, 700), (700, 3), (40, 40)])
def test_empty_and_full_pictures_of_any_size_have_no_text(size: tuple[int, int]) -> None:
    for value in (0, 128, 255):
        assert text_likelihood(np.full((*size, 3), value, np.uint8)) == 0
        assert text_likelihood(np.full(size, value, np.uint8)) == 0


def test_held_out_titles_on_skylines_are_read(tesseract: None) -> None:
    wrong = letters = 0
    for n in range(0, 24, 3):
        rgb = titled(skyline(n, (720, 1280)), TITLES[n * 7 % 48], STYLES[n % 7])
        read, meant = in_one_line(read_overlay([0.0], [rgb]).text), in_one_line(TITLES[n * 7 % 48])
        wrong, letters = wrong + distance(read, meant), letters + len(meant)
    assert wrong / letters <= 0.12


def test_held_out_photographs_without_text_give_no_words(tesseract: None) -> None:
    assert [got for rgb in held_out_photos()[::3] if (got := read_overlay([0.0], [rgb]).text)] == []


def video() -> tuple[list[float], list[Picture]]:
    """Six seconds: a title in the hook, nothing, then another title, in portrait."""
    ground = skyline(4, (1280, 720))
    first = titled(ground, "КАЗАНЬ 2100", "white", y=0.2, share=0.04)
    second = titled(ground, "Смотри до конца!", "outlined", y=0.7, share=0.03)
    return [0.5 * k for k in range(12)], [first] * 4 + [ground] * 4 + [second] * 4


def test_a_video_is_read_once_a_title_and_in_order(tesseract: None) -> None:
    found = read_overlay(*video())
    assert found.status == "read"
    assert found.reason == ""
    assert found.text == "КАЗАНЬ 2100\nСмотри до конца!"
    assert len(found.lines) == 2
    assert [line.at_s for line in found.lines] == [0.0, 4.0]
    assert [round(line.y_centre, 1) for line in found.lines] == [0.2, 0.7]
    assert 0.02 < found.lines[0].height < 0.05
    assert found.text_share_of_frames == pytest.approx(8 / 12)
    assert found.in_hook is True
    assert found.first_at_s == 0.0
    assert msgspec.json.decode(msgspec.json.encode(found), type=Overlay) == found


def test_without_an_engine_the_look_of_the_frames_is_told_and_nothing_is_read() -> None:
    found = read_overlay(*video(), engine="none")
    assert (found.status, found.text, found.lines) == ("not checked", "", ())
    assert found.reason
    assert found.text_share_of_frames == pytest.approx(8 / 12)
    assert found.in_hook is True


def test_a_missing_tesseract_is_said_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    overlay._languages.cache_clear()
    try:
        found = read_overlay(*video())
    finally:
        overlay._languages.cache_clear()
    assert found.status == "not checked"
    assert "apt install tesseract-ocr" in found.reason
    assert found.in_hook is True


def test_a_time_limit_that_is_spent_is_said(tesseract: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlay, "MOST_S", 0.0)
    monkeypatch.setattr(overlay, "READING_S", 0.0)
    found = read_overlay(*video())
    assert found.status == "not checked"
    assert found.reason == overlay.NOT_ALL


def test_no_frame_and_an_unknown_engine_are_told() -> None:
    assert read_overlay([], []).reason == "no frame could be read"
    with pytest.raises(ConfigurationError, match="auto or none, not by easyocr"):
        read_overlay([], [], engine="easyocr")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([("Кул-Шариф", 90), ("в", 80), ("неоне", 92)], "Кул-Шариф в неоне"),
        ([("ТЫ", 90), ("БЫ", 90), ("TAK", 90), ("СМОГ?", 90)], "ТЫ БЫ ТАК СМОГ?"),
        ([("KA3AHb", 20), ("2077", 90)], "2077"),
        ([("НОМЕ", 90), ("WIN", 90)], "HOME WIN"),
        ([("This", 90), ("is", 50), ("~", 80), ("my", 30), ("city", 90)], "This is city"),
    ],
)
def test_words_make_a_line_in_one_alphabet(words: list[tuple[str, float]], text: str) -> None:
    line = line_of(words)
    assert line is not None
    assert line[0] == text


@pytest.mark.parametrize(
    "words", [[], [("||", 95)], [("бвгд", 95)], [("ттт", 95)], [("ок", 95)], [("Казань", 65)], [("7", 99)]]
)
def test_what_textures_are_read_as_makes_no_line(words: list[tuple[str, float]]) -> None:
    assert line_of(words) is None


@given(st.lists(st.tuples(st.text(max_size=12), st.floats(-1, 100)), max_size=8))
def test_any_words_make_a_line_or_none(words: list[tuple[str, float]]) -> None:
    line = line_of(words)
    assert line is None or (line[0].strip() == line[0] and 0 <= line[1] <= 1)


def test_the_surest_reading_of_the_same_words_is_told_once() -> None:
    lines = [
        OverlayLine(0.0, "КАЗАНЬ 2l00", 0.7, 0.2, 0.05),
        OverlayLine(1.0, "Смотри до конца", 0.9, 0.2, 0.05),
        OverlayLine(2.0, "КАЗАНЬ 2100", 0.95, 0.2, 0.05),
    ]
    assert overlay._without_repeats(lines) == ["КАЗАНЬ 2100", "Смотри до конца"]
