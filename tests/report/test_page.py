"""The frame of a page: it loads nothing, runs nothing of others, can be read in both themes and with a keyboard."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib.resources import files

import pytest
from hypothesis import given, settings

from hostile_texts import HOSTILE, texts
from otklik.errors import DataError, StorageError
from otklik.report.figure_axis import even_ticks, log_ticks
from otklik.report.page import FONT, Page, Section, render_page, write_page
from otklik.report.page_figure import Figure, in_script, render_figure
from otklik.report.page_style import DARK, LIGHT, STYLE
from otklik.report.page_table import Table, facts, render_table
from otklik.report.page_text import Html, plain, plot_label, plot_lines, shown
from pages import TURNING, Parsed


def figure(label: str = "views by age") -> Figure:
    trace = {"type": "bar", "x": [1], "y": [2], "text": [plot_label(label)]}
    return Figure("ages", label, label, (trace,), {}, Table(label, ("age", "views"), ((label, "5"),)))


def page(words: str = "Казань", lang: str = "en", *, has_figures: bool = True) -> str:
    body = Html(render_figure(figure(words), lang) + facts([("name", words)]))
    head = Html(f"<h1>{shown(words)}</h1>")
    return render_page(Page(words, head, (Section("one", words, body),), Html("<p>end</p>"), lang, has_figures))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_stay_words_wherever_they_stand(text):
    found = Parsed(page(text, has_figures=False))
    assert not {"img", "svg", "iframe", "a b"} & set(found.elements)
    assert not [name for _, name, _ in found.attributes if name.startswith("on")]
    assert not TURNING & set(found.text)
    assert found.elements.count("script") == 2
    label = json.loads(found.scripts[0])["data"][0]["text"][0]
    assert "<" not in label
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", label)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_any_words_stay_words(text):
    found = Parsed(render_table(Table(text, (text,), ((text, text),))))
    assert set(found.elements) == {"div", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert "<" not in plot_label(text)
    assert "<" not in plot_lines(text).replace("<br>", "")
    assert json.loads(in_script(text)) == text.encode("utf-8", "replace").decode() or "\ud83d" in text
    assert "<" not in in_script(text)
    assert len(plain(text)) <= 200


def test_a_long_title_is_cut_and_numbers_keep_their_hard_spaces():
    assert plain("я" * 500).endswith("я…")
    assert len(plain("я" * 500)) == 200
    assert plain("4\u00a0000  views") == "4\u00a0000 views"


def test_nothing_is_loaded_and_only_our_scripts_may_run():
    html = page()
    found = Parsed(html)
    policy = next(value for tag, name, value in found.attributes if name == "content" and "default-src" in value)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy
    assert "script-src 'unsafe-inline'" not in policy
    run = [one for one in found.scripts if not one.startswith("{")]
    sums = ["'sha256-" + base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() + "'" for one in run]
    assert re.findall(r"'sha256-[^']+'", policy) == sums
    assert len(run) == 2  # plotly once, and ours
    assert not [value for _, name, value in found.attributes if name in ("src", "href") and not value.startswith("#")]
    assert html.index("Content-Security-Policy") < html.index("<script")
    assert len(html.encode()) < 5.2e6


def test_a_page_without_charts_is_small():
    assert len(page(has_figures=False).encode()) < 120_000


def test_a_page_has_landmarks_headings_and_a_way_past_them():
    found = Parsed(page(has_figures=False))
    assert [found.elements.count(one) for one in ("header", "nav", "main", "footer", "h1")] == [1] * 5
    assert found.elements[found.elements.index("body") + 1] == "a"  # the skip link is the first to be reached
    ids = [value for _, name, value in found.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    links = [value[1:] for tag, name, value in found.attributes if tag == "a" and name == "href"]
    assert set(links) <= set(ids)


def test_every_chart_is_told_in_words_and_has_its_data_below_it():
    found = Parsed(render_figure(figure(), "en"))
    assert ("div", "role", "img") in found.attributes
    assert ("div", "aria-label", "views by age") in found.attributes
    for one in ("figcaption", "details", "table", "caption", "noscript"):
        assert one in found.elements
    assert {value for tag, name, value in found.attributes if tag == "th" and name == "scope"} == {"col", "row"}


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read_in_both_themes(colours):
    for ink in ("ink", "soft", "accent", "down", "warn"):
        for ground in ("paper", "card"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    assert contrast(colours["ink"], colours["tint"]) >= 4.5
    assert set(LIGHT) == set(DARK)
    assert set(re.findall(r"var\(--([a-z]+)\)", STYLE)) <= {*colours, "font"}


def contrast(one: str, other: str) -> float:
    """By WCAG 2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_page_carries_the_letters_of_russian_tatar_and_bashkir():
    font = pytest.importorskip("fontTools.ttLib")
    with files("otklik.report").joinpath(FONT).open("rb") as file:
        letters = font.TTFont(file).getBestCmap()
    assert not [char for char in "АЯаяЁёәөүҗңһӘӨҮҖҢҺҙҫҡғ×–…·«»→−" if ord(char) not in letters]
    assert "data:font/ttf;base64," in page(has_figures=False)


def test_a_language_that_is_not_ours_and_a_file_that_cannot_be_written_are_told(tmp_path):
    with pytest.raises(DataError, match="expected a language of en, ru"):
        render_page(Page("x", Html("<h1>x</h1>"), (), Html(""), "tt"))
    with pytest.raises(StorageError, match="cannot be written"):
        write_page("x", tmp_path / "no" / "page.html")


@pytest.mark.parametrize("top", [0.5, 1.0, 7.0, 99.0, 12_345.0, 9e8])
def test_ticks_are_few_and_inside(top):
    ticks = even_ticks(top)
    assert 2 <= len(ticks) <= 7
    assert ticks[0] == 0
    assert ticks[-1] <= top
    assert 1 <= len(log_ticks(top, top * 50)) <= 6
    assert all(top <= one <= top * 50 for one in log_ticks(top, top * 50))


def test_ticks_of_nothing_are_one():
    assert even_ticks(0.0) == even_ticks(float("nan")) == [0.0]
    assert len(log_ticks(3.1, 3.2)) == 1
