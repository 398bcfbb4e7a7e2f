"""The contact sheet: every word inside the sheet and on no other, every shape of film, the same bytes each time."""

from __future__ import annotations

import itertools
import math
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from otklik.errors import DataError
from otklik.report import sheet_colours as colours
from otklik.report.contact_sheet import Lane, Mark, Sheet, Thumbnail, Words, draw_sheet, render_sheet
from otklik.report.sheet_axis import Axis
from otklik.report.sheet_canvas import Canvas
from otklik.report.sheet_lanes import runs
from otklik.report.sheet_strip import cells, chosen
from otklik.report.sheet_text import clean, fit, font, has_glyph, wrap

RU = Words("Хук", "Монтаж", "склейка", "наплыв", "затемнение", "с", "Палитра", "Не смотрели", ",")
SHAPES = {"wide": (90, 160), "square": (120, 120), "tall": (160, 90), "scope": (50, 120), "thin": (200, 10)}
LONG = "Очень длинное название дорожки, которое никуда не помещается: " * 4
FACTS = "18,4 с · 1080×1920 · H.264 · −14 LUFS"
TATAR = "ӘәӨөҮүҖҗҢңҺһ"


def thumbnails(shape: str, n: int, duration_s: float) -> tuple[Thumbnail, ...]:
    noise = np.random.default_rng(1)
    pictures = (noise.integers(60, 255, (*SHAPES[shape], 3), np.uint8) for _ in range(n))
    return tuple(Thumbnail(duration_s * index / max(n, 1), picture) for index, picture in enumerate(pictures))


def lanes(duration_s: float, label: str = "Мечеть", n: int = 6) -> tuple[Lane, ...]:
    waves = [(duration_s * at / 40, abs(math.sin(at))) for at in range(41)]
    kinds = itertools.cycle((("dots", "sign"), ("bars", "picture"), ("curve", "sound"), ("curve", "quiet")))
    return tuple(Lane(f"{index} {label}", tuple(waves), *next(kinds)) for index in range(n))


def sheet(shape: str = "tall", n: int = 12, duration_s: float = 18.4, **more: object) -> Sheet:
    parts = {
        "title": "Казань 2100: Кремль в неоне",
        "facts": ("18,4 с", "1080×1920", "H.264", "−14 LUFS"),
        "thumbnails": thumbnails(shape, n, duration_s),
        "cuts": (Mark(duration_s / 5, duration_s / 5), Mark(duration_s / 2, duration_s / 2 + 1, "dissolve")),
        "lanes": lanes(duration_s),
        "palette": (("#141b3a", 0.5), ("#d83fa3", 0.3), ("#eef0f3", 0.01)),
        "findings": tuple((f"Находка {index}", "мечеть 0,62 в 3,5 с") for index in range(11)),
        "notes": ("Речь не распознана: модель не указана.",),
        "words": RU,
    }
    return Sheet(duration_s=duration_s, **{**parts, **more})


def check(told: Sheet) -> Canvas:
    """Draw a sheet; its words and pictures are on the sheet and apart from each other."""
    canvas = draw_sheet(told)
    for box in (*canvas.texts, *canvas.pictures):
        assert box.left >= 0, box
        assert box.right <= canvas.width, box
        assert box.top >= 0, box
        assert box.bottom <= canvas.y, box
    for one, other in itertools.combinations((*canvas.texts, *canvas.pictures), 2):
        assert not one.meets(other), (one, other)
    return canvas


def words_of(canvas: Canvas) -> list[str]:
    return [box.text for box in canvas.texts]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("n", [1, 2, 5, 6, 7, 12, 40])
def test_thumbnails_of_every_shape_and_number_cover_nothing(shape, n):
    canvas = check(sheet(shape, n))
    assert 1 <= len(canvas.pictures) <= 11
    assert len(canvas.pictures) == n or n > 7


@pytest.mark.parametrize("duration_s", [0.04, 0.2, 1, 2.9, 10, 59.9, 60, 61, 1200, 3599, 3600, 36_000, 400_000])
def test_films_of_every_length_have_seconds_that_can_be_told_apart(duration_s):
    canvas = check(sheet("wide", 11, duration_s))
    axis = Axis(0, 1200, duration_s)
    told = [axis.told(at_s, RU) for at_s in axis.ticks()]
    assert 2 <= len(told) <= 12
    assert len(set(told)) == len(told)
    assert set(told) <= set(words_of(canvas))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_still_picture_is_a_card_with_the_findings_beside_it(shape):
    canvas = check(sheet(shape, 1, 0.0, cuts=()))
    assert len(canvas.pictures) == 1
    assert "Находка 10" in words_of(canvas)
    assert "Хук 3 с" not in words_of(canvas)


def test_a_sound_alone_has_its_axis_and_curves_and_no_pictures():
    canvas = check(sheet(n=0, duration_s=212.0, cuts=(), palette=()))
    assert canvas.pictures == []
    assert {"0:00", "3:00", "0 Мечеть", "Хук 3 с"} <= set(words_of(canvas))
    assert "Монтаж" not in words_of(canvas)


@pytest.mark.parametrize("duration_s", [0.0, 5.0, math.nan, math.inf, -1.0])
def test_a_sheet_of_nothing_is_still_a_sheet(duration_s):
    empty = Sheet("", duration_s)
    assert Image.open(BytesIO(render_sheet(empty))).width == 1600
    check(empty)


def test_long_words_are_shortened_and_crowds_fit():
    cuts = tuple(Mark(at / 30, at / 30 + at % 2, ("hard", "dissolve", "fade")[at % 3]) for at in range(300))
    findings = tuple((LONG, LONG * 2) for _ in range(14))
    told = sheet(
        title=LONG, facts=(LONG,) * 4, cuts=cuts, lanes=lanes(18.4, LONG, 12), findings=findings, notes=(LONG,) * 20
    )
    canvas = check(told)
    assert sum(text.startswith("7 Очень") and text.endswith("…") for text in words_of(canvas)) == 1
    assert "… +12" in words_of(canvas)
    check(sheet("wide", 1, 0.0, title=LONG, lanes=lanes(1, LONG, 12), findings=findings))
    check(sheet(words=Words(*[LONG] * 8)))


def test_words_without_a_space_are_broken():
    check(sheet(title="ы" * 3000, findings=(("щ" * 500, "ж" * 500),), notes=("ш" * 500,)))


times = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-1, 30)
values = st.none() | st.floats(allow_nan=True) | st.floats(0, 1)
found_lanes = st.builds(
    Lane,
    st.text(max_size=20),
    st.lists(st.tuples(times, values), max_size=20).map(tuple),
    st.sampled_from(["dots", "bars", "curve"]),
)


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=300),
    st.lists(found_lanes, max_size=4).map(tuple),
    st.lists(st.builds(Mark, times, times, st.sampled_from(["hard", "fade", "dissolve"])), max_size=8).map(tuple),
    st.floats(0.01, 1e5),
)
def test_any_text_and_any_number_is_drawn(text, found, cuts, duration_s):
    told = sheet("wide", 3, duration_s, title=text, lanes=found, cuts=cuts, findings=((text, text),), notes=(text,))
    check(told).paint()


def test_the_same_sheet_gives_the_same_bytes():
    assert render_sheet(sheet()) == render_sheet(sheet())


def test_what_the_fonts_lack_is_left_out_and_nothing_turns_the_writing():
    assert clean("Ка\u202eзань\u200f 🌙👩‍🚀 2100\u0000\n漢") == "Казань 2100"
    assert clean("dağ, 𝓚азан, Каза\u0301нь, и\u0306") == "dag, Kазан, Казань, й"
    assert clean("\ud83d половина") == "половина"
    assert words_of(check(sheet(title="🌙🌙", findings=(("🌙", "да"), ("нет", "\u202e")))))[0] == FACTS


def test_letters_of_russian_and_tatar_are_really_drawn():
    for bold in (False, True):
        face = font(24, bold=bold)
        drawn = {char: bytes(face.getmask(char)) for char in TATAR}
        assert all(has_glyph(char) for char in TATAR)
        assert len(set(drawn.values())) == len(TATAR)
        assert bytes(face.getmask("\ue000")) not in drawn.values()
    canvas = check(sheet(title=f"Казан {TATAR}"))
    assert f"Казан {TATAR}" in words_of(canvas)
    title = canvas.texts[0]
    pixels = np.asarray(canvas.paint().crop((title.left, title.top, title.right, title.bottom)).convert("L"))
    assert pixels.max() > 200


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.floats(0, 400), st.integers(1, 4))
def test_lines_never_pass_their_width(text, width, most):
    lines = wrap(clean(text), font(20), width, most)
    assert len(lines) <= most
    for line in lines[:-1]:
        assert font(20).getlength(line) <= max(width, 40)
    assert all(font(20).getlength(fit(line, font(20), width)) <= width for line in lines)


def painted(told: Sheet) -> tuple[Canvas, np.ndarray]:
    canvas = check(told)
    return canvas, np.asarray(canvas.paint()).astype(int)


def rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])


def beside(canvas: Canvas, label: str) -> int:
    """Height of the middle of a lane."""
    box = next(box for box in canvas.texts if box.text == label)
    return round((box.top + box.bottom) / 2)


def test_a_curve_has_a_gap_where_nothing_is_known_and_none_where_it_is_zero():
    points = tuple((at / 4, None if 20 <= at < 40 else 0.9) for at in range(80))
    canvas, pixels = painted(sheet(duration_s=20.0, cuts=(), lanes=(Lane("Громкость", points, "curve", "sound"),)))
    row = pixels[beside(canvas, "Громкость")]
    axis = axis_of(canvas)
    green = row[:, 1] - row[:, 0] > 15
    assert [bool(green[round(axis.x(at_s))]) for at_s in (4.2, 7.3, 12.3)] == [True, False, True]


def test_a_bar_stands_until_the_next_one():
    points = ((0.0, 0.0), (4.0, 1.0), (10.0, 0.0), (30.0, 0.0))
    canvas, pixels = painted(sheet(duration_s=20.0, cuts=(), lanes=(Lane("Речь", points, "bars", "sound"),)))
    row = pixels[beside(canvas, "Речь")]
    axis = axis_of(canvas)
    green = row[:, 1] - row[:, 0] > 50
    shown = [bool(green[round(axis.x(at_s))]) for at_s in (1.1, 3.7, 4.3, 9.7, 10.3, 19.1)]
    assert shown == [False, False, True, True, False, False]


def axis_of(canvas: Canvas) -> Axis:
    """The axis begins beside the label of the hook and ends at the margin of the panel."""
    label = next(box for box in canvas.texts if box.text.startswith("Хук"))
    return Axis(label.right + 18, 1600 - 56 - 18, 20.0)


def test_the_hook_is_as_long_as_it_is_and_its_thumbnails_have_the_accent():
    canvas, pixels = painted(sheet(duration_s=20.0, n=10, hook_s=5.0, lanes=(), cuts=()))
    axis = axis_of(canvas)
    accent = np.abs(pixels - rgb(colours.ACCENT)).max(axis=2) < 12
    below = round(canvas.pictures[0].bottom) + 60
    assert abs(accent[below:].sum(axis=1).max() - (axis.x(5) - axis.left)) < 8
    framed = [bool(accent[round((box.top + box.bottom) / 2), round(box.left) - 2]) for box in canvas.pictures]
    assert framed == [True] * 3 + [False] * 7
    assert "Хук 5 с" in words_of(canvas)


def test_cuts_are_lines_and_dissolves_are_wedges():
    canvas, pixels = painted(
        sheet(duration_s=20.0, thumbnails=(), lanes=(), cuts=(Mark(8, 8), Mark(14, 16, "dissolve")))
    )
    axis = axis_of(canvas)
    middle = beside(canvas, "Монтаж")
    bright = pixels[middle - 16 : middle + 16, round(axis.left) :].min(axis=2) > 150
    at = np.flatnonzero(bright.sum(axis=0) >= 20) / (axis.right - axis.left) * 20
    assert abs(at[(at > 7) & (at < 9)] - 8).max() < 0.05
    assert at[at > 13].min() == pytest.approx(14, abs=0.1)
    assert at[at > 13].max() == pytest.approx(16, abs=0.1)


def test_the_words_of_the_sheet_are_the_ones_given_and_legends_tell_only_what_is_there():
    english = words_of(check(sheet(words=Words())))
    assert {"Hook 3 s", "Cuts", "cut", "dissolve", "Palette", "Not looked at", "2 s"} <= set(english)
    assert "fade" not in english
    assert "Палитра" in words_of(check(sheet()))


def test_thumbnails_are_chosen_from_the_first_to_the_last_and_told_in_order():
    pictures = thumbnails("tall", 41, 20.0)
    shown = chosen(pictures)
    assert (shown[0], shown[-1], len(shown)) == (pictures[0], pictures[-1], 10)
    canvas = check(sheet("wide", thumbnails=tuple(reversed(thumbnails("wide", 8, 18.4)))))
    middles = [box.left + box.right for box in canvas.pictures]
    assert middles == sorted(middles)


@pytest.mark.parametrize("aspect", [0.05, 9 / 16, 1.0, 16 / 9, 4.0])
@pytest.mark.parametrize("n", range(1, 12))
def test_frames_stay_between_the_edges_and_apart(aspect, n):
    frames = cells(n, aspect, 56, 1544)
    assert len(frames) == n
    assert all(frame.middle - frame.width / 2 >= 55.9 for frame in frames)
    assert all(frame.middle + frame.width / 2 <= 1544.1 for frame in frames)
    assert all(frame.width / frame.height == pytest.approx(aspect) for frame in frames)
    for one, other in itertools.combinations((frame for frame in frames if frame.row == 0), 2):
        assert other.middle - one.middle >= one.width


def test_a_picture_of_another_kind_is_refused_and_so_is_a_colour_that_is_none():
    with pytest.raises(DataError, match="convert it to RGB"):
        Thumbnail(0.0, np.zeros((20, 20), np.uint8))
    with pytest.raises(DataError, match="float64"):
        Thumbnail(0.0, np.zeros((20, 20, 3)))
    with pytest.raises(ValueError, match="unknown color"):
        draw_sheet(sheet(palette=(("неон", 1.0),)))


def test_every_ink_can_be_read_on_ground_and_panel():
    for ink in (colours.BRIGHT, colours.INK, colours.MUTED, colours.ACCENT):
        for ground in (colours.GROUND, colours.PANEL):
            assert (luminance(ink) + 0.05) / (luminance(ground) + 0.05) >= 4.5


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    parts = rgb(colour) / 255
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


@settings(max_examples=200, deadline=None)
@given(found_lanes, st.floats(0.01, 1000))
def test_runs_keep_to_the_film_and_to_the_order_of_time(lane, duration_s):
    for run in runs(lane, Axis(0, 100, duration_s)):
        assert run
        assert all(0 <= piece.value <= 1 for piece in run)
        assert all(0 <= piece.from_s <= duration_s * 1.02 for piece in run)
        assert [piece.at_s for piece in run] == sorted(piece.at_s for piece in run)
