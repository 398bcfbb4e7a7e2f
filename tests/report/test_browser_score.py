"""The score page in a real browser, opened from disk with the network cut: drawn, quiet, switchable, printable."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hostile_texts import HOSTILE
from otklik.models.forecast import Precedent
from otklik.report.figure_whatif import WhatIf
from otklik.report.page_style import DARK, LIGHT
from otklik.report.page_text import plain
from otklik.report.score_page import ScoreReport, write
from score_samples import AT, rich

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here: apt-get install chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
CHANGES = tuple(WhatIf(text[:300], 10.0 + at, 20.0 + at, 400.0, None) for at, text in enumerate(HOSTILE.values()))
POSTS = tuple(Precedent("1", text, AT, text, 5.0, None, 0.5) for text in HOSTILE.values())


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright.sync_playwright() as run:
        found = run.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    hostile = replace(rich(), subject=HOSTILE["script"], precedents=POSTS)
    for lang in ("en", "ru"):
        write(ScoreReport(rich(), whatif=CHANGES[:2], lang=lang), folder / f"{lang}.html")
    write(ScoreReport(hostile, whatif=CHANGES), folder / "hostile.html")
    return folder


@pytest.fixture
def opened(browser, pages):
    """Opens a page offline; what the browser complains of, asks for or is made to do is kept in ``log``."""
    contexts = []

    def open_(name: str, width: int = 1440, theme: str = "light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, offline=True)
        contexts.append(context)
        page, log = context.new_page(), []
        page.on("console", lambda one: log.append(one.text))
        page.on("pageerror", lambda one: log.append(str(one)))
        page.on("dialog", lambda one: (log.append("a dialog"), one.dismiss()))
        page.on("request", lambda one: log.append(one.url[:99]) if one.url[:5] not in ("file:", "data:") else None)
        page.goto((pages / f"{name}.html").as_uri())
        page.wait_for_selector("html[data-drawn=yes]")
        return page, log

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_are_drawn_and_nothing_is_asked_for(opened, lang, width, theme):
    page, log = opened(lang, width, theme)
    assert log == []
    for name in ("fan", "contributions", "whatif"):
        assert page.locator(f"#{name} .plot path").count() > 3, name
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ink = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()")
    assert ink == (DARK if theme == "dark" else LIGHT)["ink"]


def test_the_theme_is_switched_by_keyboard_and_charts_follow(opened):
    page, _ = opened("en")
    page.locator("#theme").focus()
    page.keyboard.press("Enter")
    assert page.locator("#theme").get_attribute("aria-pressed") == "true"
    drawn = page.locator("#contributions .plot").inner_html()
    red, green, blue = (int(DARK["accent"][at : at + 2], 16) for at in (1, 3, 5))
    assert f"rgb({red}, {green}, {blue})" in drawn


def test_the_skip_link_is_first_and_links_and_data_open(opened):
    page, log = opened("en", 390)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.locator("#fan summary").click()
    assert page.locator("#fan details table").is_visible()
    page.locator("nav a").last.click()
    assert page.evaluate("location.hash") == "#made"
    assert log == []


def test_hostile_words_are_shown_and_do_nothing(opened):
    page, log = opened("hostile")
    assert log == []
    assert page.locator("h1").inner_text() == plain(HOSTILE["script"])
    assert page.locator("main a, main img, main svg a").count() == 0
    labels = page.locator("#whatif .ytick text").all_text_contents()
    # The draft as it is, and every change; a text with nothing to show has no label.
    assert len(labels) >= len(CHANGES) - 4
    assert any("<script>" in one for one in labels)
    assert page.locator("#whatif .plot script, #whatif .plot iframe").count() == 0


def test_without_javascript_every_number_is_there(browser, pages):
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((pages / "en.html").as_uri())
    text = page.locator("body").inner_text()
    context.close()
    assert "The chart needs JavaScript" in text
    assert "×0.93" in text
    assert page is not None


def test_paper_holds_the_words_in_tatar_too(opened, tmp_path):
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed: pip install pypdf")
    page, log = opened("ru", theme="dark")
    tell = (
        "window.addEventListener('beforeprint', () => { window.was = document.querySelector('#fan .plot').innerHTML })"
    )
    page.evaluate(tell)
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    read = pypdf.PdfReader(tmp_path / "page.pdf")
    text = " ".join(" ".join(one.extract_text() for one in read.pages).split())
    assert "Шәһәребез: өмет, җыр, таң" in text
    assert "×0,93" in text
    assert len(read.pages) <= 8
    red, green, blue = (int(LIGHT["accent"][at : at + 2], 16) for at in (1, 3, 5))
    assert f"rgb({red}, {green}, {blue})" in page.evaluate("window.was")  # ink for a light ground, from a dark page
    assert log == []
    assert page.evaluate("document.documentElement.hasAttribute('data-theme')") is False  # as it was before
