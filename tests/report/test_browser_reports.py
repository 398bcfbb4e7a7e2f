"""Reports on a corpus, an author and a model in a real browser, from disk with the network cut."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from card_samples import CARD, RELIABILITY, record
from hostile_texts import HOSTILE
from otklik.report import author_page, corpus_page, model_page
from otklik.report.model_page import ModelReport
from otklik.report.page_style import DARK, LIGHT
from surveyed import of_author, of_corpus

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here: apt-get install chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
CHARTS = {
    "corpus": ("band-0", "band-1", "hours", "formula-formula"),
    "author": ("band-0",),
    "model": ("intervals", "chances", "record-chances"),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright.sync_playwright() as run:
        found = run.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    report = ModelReport.of(CARD | {"reliability": RELIABILITY}, track_record=record())
    for lang in ("en", "ru"):
        corpus_page.write(of_corpus(), folder / f"corpus.{lang}.html", lang)
        author_page.write(of_author(), folder / f"author.{lang}.html", lang, name="Шәһәребез: өмет, җыр, таң")
        model_page.write(report, folder / f"model.{lang}.html", lang)
    texts = list(HOSTILE.values())
    posts = tuple(
        replace(one, title=texts[at % len(texts)], compare_h=10.0 + at, views=500.0 + at)
        for at, one in enumerate(of_author().posts)
    )
    hits = tuple(replace(of_corpus().recent.hits[0], title=text, author_id=text) for text in texts)
    evil = replace(of_author(), posts=posts, recent=replace(of_author().recent, hits=hits), subject=HOSTILE["script"])
    author_page.write(evil, folder / "evil.html", name=HOSTILE["end of a script"])
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


@pytest.mark.parametrize("kind", CHARTS)
@pytest.mark.parametrize(("lang", "width", "theme"), [("en", 1440, "light"), ("ru", 390, "dark")])
def test_charts_are_drawn_and_nothing_is_asked_for(opened, kind, lang, width, theme):
    page, log = opened(f"{kind}.{lang}", width, theme)
    assert log == []
    for name in CHARTS[kind]:
        assert page.locator(f"#{name} .plot .main-svg").count() >= 1, name
        assert page.locator(f"#{name} .plot path, #{name} .plot image").count() > 3, name
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ink = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()")
    assert ink == (DARK if theme == "dark" else LIGHT)["ink"]


def test_every_cell_of_the_week_tells_its_posts(opened):
    page, _ = opened("corpus.en")
    told = [one for one in page.locator("#hours .plot .heatmap-label").all_text_contents() if one.strip()]
    assert len(told) == len(of_corpus().hours.cells)
    page.locator("#hours summary").click()
    assert page.locator("#hours details tbody tr").count() == len(told)


def test_the_theme_is_switched_and_the_week_follows(opened):
    page, log = opened("corpus.en")
    before = page.locator("#hours .plot").inner_html()
    page.locator("#theme").focus()
    page.keyboard.press("Enter")
    assert page.locator("#hours .plot").inner_html() != before
    assert log == []


def test_hostile_words_are_shown_and_do_nothing(opened):
    page, log = opened("evil")
    assert log == []
    assert page.locator("main a, main img, main iframe").count() == 0
    page.locator("#band-0 .plot .points path").first.hover(force=True)
    page.locator("nav a").last.click()
    assert page.evaluate("location.hash") == "#coverage"
    assert log == []


def test_paper_holds_the_words(opened, tmp_path):
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed: pip install pypdf")
    page, log = opened("author.ru", theme="dark")
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    text = " ".join(" ".join(one.extract_text() for one in pypdf.PdfReader(tmp_path / "page.pdf").pages).split())
    assert "Шәһәребез: өмет, җыр, таң" in text
    assert log == []
