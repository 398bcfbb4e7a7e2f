"""Every page before axe-core, the judge of accessibility: nothing it calls serious or critical, or even moderate.

The same pages are printed, and what is on the paper is read back.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from card_samples import CARD, RELIABILITY, record
from otklik.board import Gatherer, Source
from otklik.board.page import page as board_page
from otklik.cache import cache_folder
from otklik.clock import StillClock
from otklik.content.explanation import explain
from otklik.evidence import house_claims, try_claims
from otklik.evidence.simulated import simulated_frame
from otklik.models.forecast import Baseline, Forecast, Quantity
from otklik.report import author_page, corpus_page, model_page, teardown_page
from otklik.report.figure_whatif import WhatIf
from otklik.report.model_page import ModelReport
from otklik.report.score_page import ScoreReport, render
from otklik.report.trial_page import trial_page
from otklik.store import Store, Tracks
from otklik.teardown import EXAMPLE_AT, tear_down, write_example
from score_samples import AT, forecast, rich
from surveyed import of_author, of_corpus
from watched import NOW, fill

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here: apt-get install chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
AXE = "4.14.1"
SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
"""Of the package, as the npm registry tells it (``npm view axe-core@4.14.1 dist.integrity``)."""
ZONE = "Europe/Moscow"
TATAR = "Шәһәребез: өмет, җыр, таң һәм Ҙур хыял"
NAMES = ("draft", "live", "outcome", "few", "teardown", "corpus", "author", "model", "trial", "board")
RUN = """() => {
  document.querySelectorAll("details").forEach(one => { one.open = true; });
  return axe.run(document, {resultTypes: ["violations"]}).then(found => ({
    passed: found.passes.length,
    undrawn: [...document.querySelectorAll("figure .plot")].filter(one => !one.querySelector(".main-svg")).length,
    faults: found.violations.filter(one => one.impact !== "minor").map(one =>
      one.impact + " " + one.id + ": " + one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | "))
  }));
}"""


def packed() -> Path:
    """The package of axe-core in otklik's cache; fetched by npm where it is not there yet."""
    file = cache_folder("axe") / f"axe-core-{AXE}.tgz"
    if file.exists():
        return file
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not here: apt-get install npm")
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        command = [npm, "pack", f"axe-core@{AXE}", "--silent", "--pack-destination", folder]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=120, cwd=folder)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            pytest.skip(f"npm cannot fetch axe-core {AXE}: {error}")
        (Path(folder) / file.name).replace(file)
    return file


@pytest.fixture(scope="module")
def axe() -> str:
    """The script, of the version and the checksum that stand above."""
    file = packed()
    got = base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode()
    assert got == SHA512, f"{file} is not axe-core {AXE}: delete it"
    with tarfile.open(file) as package:
        script = package.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode("utf-8")


def forecasts() -> dict[str, ScoreReport]:
    """The four states of a score page."""
    content = explain(["Казань 2100: Кремль в неоне, мы любим свой город"], tag_names=False)[0]
    changes = (WhatIf("title: x", 1500.0, 4200.0, 16_000.0, False), WhatIf("kind: video", 1.0, 3700.0, 9e4, True))
    same = Quantity(5120.0, 5120.0, 5120.0)
    live = replace(rich(), prediction_age_h=3.0, seen_views=640.0, published_at=AT - timedelta(hours=3))
    reached: Forecast = forecast(
        contributions=(), views=same, reactions=same.scaled(0.05), multiple=same.scaled(1 / 4000), seen_views=6000.0,
        prediction_age_h=60.0,
    )  # fmt: skip
    few = forecast(multiple=None, baseline=Baseline(900.0, "author", 4), reactions=None, calibrated=False)
    return {
        "draft": ScoreReport(replace(rich(), subject=TATAR), content, whatif=changes, coverage=(0.81, 1240)),
        "live": ScoreReport(live),
        "outcome": ScoreReport(reached),
        "few": ScoreReport(few, is_simulated=True),
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every page in both languages."""
    folder = tmp_path_factory.mktemp("pages")
    with Store.open(folder / "example.sqlite") as store:
        example = tear_down(store, write_example(store), EXAMPLE_AT, ZONE)
    example = replace(example, subject=replace(example.subject, title=TATAR))
    with Store.open(folder / "board.sqlite") as store:
        fill(store, title=TATAR, n=3)
        Tracks(store).set_mark("nature", "simulated")
    state = Gatherer(Source(str(folder / "board.sqlite"), ZONE), StillClock(NOW)).state()
    trial = try_claims(simulated_frame(1200, effect=0.3, seed=2), house_claims(), seed=0)
    trial = replace(trial, data=TATAR)
    model = ModelReport.of(CARD | {"reliability": RELIABILITY, "name": TATAR}, track_record=record())
    for lang in ("en", "ru"):
        for name, report in forecasts().items():
            html = render(replace(report, zone=ZONE, lang=lang))
            (folder / f"{name}.{lang}.html").write_text(html, "utf-8")
        teardown_page.write(example, folder / f"teardown.{lang}.html", lang, is_example=True)
        corpus_page.write(replace(of_corpus(), subject=TATAR), folder / f"corpus.{lang}.html", lang)
        author_page.write(of_author(), folder / f"author.{lang}.html", lang, name=TATAR)
        model_page.write(model, folder / f"model.{lang}.html", lang)
        (folder / f"trial.{lang}.html").write_text(trial_page(trial, lang, ZONE, is_simulated=True), "utf-8")
        (folder / f"board.{lang}.html").write_text(board_page(state, lang, "nonce"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright.sync_playwright() as run:
        found = run.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def judged(browser, axe):
    """What axe-core finds on a page; what is folded is unfolded before."""
    contexts = []

    def judge(address: str, width: int, theme: str) -> dict:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        page.evaluate(axe)
        return page.evaluate(RUN)

    yield judge
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("lang", "width", "theme"), [("en", 1440, "light"), ("ru", 390, "dark")])
def test_a_page_has_no_fault_that_keeps_anybody_out(judged, pages, name, lang, width, theme):
    found = judged((pages / f"{name}.{lang}.html").as_uri(), width, theme)
    assert found["faults"] == []
    assert found["passed"] > 30
    assert found["undrawn"] == 0


@pytest.mark.parametrize("name", ["draft", "trial", "board"])
@pytest.mark.parametrize(("lang", "width", "theme"), [("en", 1440, "dark"), ("ru", 390, "light")])
def test_the_other_theme_of_each_style_sheet_too(judged, pages, name, lang, width, theme):
    assert judged((pages / f"{name}.{lang}.html").as_uri(), width, theme)["faults"] == []


@pytest.mark.parametrize("name", ["draft", "teardown", "corpus", "author", "model", "trial", "board"])
def test_paper_holds_the_words_of_a_page(browser, pages, tmp_path, name):
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed: pip install pypdf")
    context = browser.new_context(color_scheme="dark", offline=True)
    page = context.new_page()
    page.goto((pages / f"{name}.ru.html").as_uri())
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    context.close()
    text = " ".join(" ".join(one.extract_text() for one in pypdf.PdfReader(tmp_path / "page.pdf").pages).split())
    assert TATAR in text
    assert "Тёмная тема" not in text


def test_the_judge_is_awake(judged):
    bad = "<html><body><img src=x><p style='color:%23ccc;background:%23fff'>pale words</p></body></html>"
    found = judged(f"data:text/html,{bad}", 1440, "light")
    told = " ".join(found["faults"])
    assert "critical image-alt" in told
    assert "serious color-contrast" in told
    assert "serious html-has-lang" in told
