"""Fifty hostile strings through the surfaces that no other test sends all of them through: shown, and nothing else.

Whole pages are compared with the same page of harmless words: not an element and not an attribute may be added. What
goes to a terminal may hold no character that a terminal obeys. Elsewhere: the score page in test_score_page.py, reports
on authors and models in test_survey_pages.py and test_model_page.py, alerts in test_alerting.py, exports in
test_exporting.py, notebooks in test_workspace.py and test_figures.py.
"""

from __future__ import annotations

import io
import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from card_samples import CARD, record, row
from hostile_texts import HOSTILE
from otklik.advising import Change, Comparison, Ranked, Tried, Versus, WhatIf
from otklik.board import Gatherer, Source
from otklik.board.page import fault, state_json
from otklik.board.page import page as board_page
from otklik.board.state import State
from otklik.cli import (
    render_advice,
    render_evaluation,
    render_evidence,
    render_forecast,
    render_report,
    render_teardown,
    render_track_record,
    session,
)
from otklik.clock import StillClock
from otklik.content.explanation import explain
from otklik.evaluate import Evaluation
from otklik.evidence import ClaimResult, Trial, house_claims
from otklik.evidence.result import FIXED, RAW
from otklik.evidence.slope import Slope
from otklik.memory.figures import Miss, TrackRecord
from otklik.models.forecast import Note, Quantity
from otklik.report import corpus_page, model_page, teardown_page
from otklik.report import page as page_module
from otklik.report.model_page import ModelReport
from otklik.report.trial_page import trial_page
from otklik.store import Store
from otklik.survey import Survey
from otklik.teardown import EXAMPLE_AT, Teardown, tear_down, write_example
from otklik.teardown.values import Change as Changed
from pages import TURNING
from shown_values import evaluation_of, forecast_of
from surveyed import of_corpus
from watched import NOW, fill

ALL = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
PLAIN = "Казань"
OBEYED = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *TURNING} - {"\n"}
ZONE = "Europe/Moscow"


# -- the same values with somebody else's words in every place that can hold them ----------------------------------


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Teardown:
    with Store.open(tmp_path_factory.mktemp("example") / "store.sqlite") as store:
        return tear_down(store, write_example(store), EXAMPLE_AT, ZONE)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    where = str(tmp_path_factory.mktemp("board") / "store.sqlite")
    with Store.open(where) as store:
        fill(store)
    return Gatherer(Source(where, ZONE), StillClock(NOW)).state()


def torn(example: Teardown, texts: list[str]) -> Teardown:
    first = texts[0]
    return replace(
        example,
        subject=replace(example.subject, title=first, author=first),
        story=replace(example.story, changes=tuple(Changed("title", EXAMPLE_AT, 3.0, one, one) for one in texts)),
        comparables=tuple(replace(example.comparables[0], title=one) for one in texts),
        # The text in colour has tests of its own: what it marks differs from text to text.
        evidence=replace(example.evidence, explanation=explain([PLAIN], tag_names=False)[0]),
    )


def surveyed(texts: list[str]) -> Survey:
    hit = of_corpus().recent.hits[0]
    hits = tuple(replace(hit, title=one, author_id=one, post_id=one) for one in texts)
    return replace(of_corpus(), subject=texts[0], data=texts[0], recent=replace(of_corpus().recent, hits=hits))


def carded(texts: list[str]) -> ModelReport:
    entries = [CARD["trained_on"][0] | {"data": one} for one in texts]
    metrics = [row("draft", 0, "all", one) for one in ("otklik", *texts)]
    metrics += [row("draft", 0, one, "otklik") for one in texts]
    told = {"name": texts[0], "must_not": texts, "targets": texts, "trained_on": entries, "metrics": metrics}
    return ModelReport.of(CARD | told)


def tried(texts: list[str]) -> Trial:
    slope, results = Slope(0.1, 0.05, 0.0, 0.2, 0.04, 60, 30, 20.0), []
    for one in texts:
        claim = replace(house_claims()[0], id=one, text=(("en", one), ("ru", one)))
        note = Note("Inconclusive: {claim}.", {"claim": one})
        rungs = ((RAW, slope), (FIXED, slope))
        results.append(ClaimResult(claim, "inconclusive", note, note, 60, 30, 20, 9, rungs, q=0.2, mde=0.3))
    return Trial(texts[0], "mature", 0, 60, 20, tuple(results))


def boarded(state: State, texts: list[str]) -> State:
    (first, *_) = state.rows
    rows = tuple(
        replace(first, post=replace(first.post, title=one, author=one, author_id=one, post_id=one, url=one, kind=one))
        for one in texts
    )
    return replace(state, rows=rows)


def remembered(texts: list[str]) -> TrackRecord:
    misses = tuple(Miss(1, one, one, one, "draft", "title", 1.0, 2.0, 3.0, 4.0, 2.0) for one in texts)
    return replace(record(), misses=misses, unlinked=tuple(enumerate(texts)))


def advised(texts: list[str]) -> tuple[WhatIf, Comparison]:
    versus = Versus(1.2, Quantity(0.5, 1.2, 3.0), 0.6, "tie")
    fields = ("title", "text", "tags", "cover")
    told = [(one, tuple(Change(field, one) for field in fields), forecast_of(one)) for one in texts]
    variants = tuple(Tried(*one, versus) for one in told)
    first = Ranked(1, True, texts[0], (), told[0][2], versus)
    ranked = (first, *(Ranked(1, True, *one, versus) for one in told))
    notes = (Note("The model has seen no {kind} on {platform}.", {"kind": texts[0], "platform": texts[0]}),)
    return WhatIf(forecast_of(texts[0]), variants, None, None, notes), Comparison(ranked, (), None, notes)


# -- pages ---------------------------------------------------------------------------------------------------------


class Shape(HTMLParser):
    """How many elements of each sort a page has, with which attributes; and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.links: set[str] = set()
        self.data: list[str] = []
        self.words = ""
        self._inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        # A long cell is laid out otherwise than a short one: that much words may do.
        names = sorted(name for name, _ in attrs if name != "data-head")
        self.elements[f"{tag} {' '.join(names)}"] += 1
        self.links |= {value for name, value in attrs if name in ("href", "src") and value}
        self._inside = tag

    def handle_data(self, data):
        if self._inside == "script":
            self.data.append(data)
        elif self._inside != "style":
            self.words += data

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data[:80]}")


MADE: dict[str, Callable[..., str]] = {
    "teardown": lambda example, state, texts: teardown_page.render(torn(example, texts), "ru"),
    "corpus": lambda example, state, texts: corpus_page.render(surveyed(texts), "en"),
    "model": lambda example, state, texts: model_page.render(carded(texts), "ru"),
    "trial": lambda example, state, texts: trial_page(tried(texts), "en", texts[0]),
    "board": lambda example, state, texts: board_page(boarded(state, texts), "en", "nonce"),
    "a fault of the board": lambda example, state, texts: fault(texts[0], "en"),
}


@pytest.fixture(scope="module")
def harmless(example, state) -> dict[str, Shape]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_module, "plotly", lambda: "/* plotly */")
        return {name: Shape(make(example, state, [PLAIN])) for name, make in MADE.items()}


@pytest.mark.parametrize("name", MADE)
@ALL
def test_a_page_gets_no_element_and_no_attribute_from_anybodys_words(example, state, harmless, monkeypatch, name, text):
    monkeypatch.setattr(page_module, "plotly", lambda: "/* plotly */")
    html = MADE[name](example, state, [text])
    html.encode("utf-8")
    found = Shape(html)
    assert not found.elements - harmless[name].elements
    assert found.links <= harmless[name].links
    assert not TURNING & set(found.words)
    assert not any("<" in one for one in found.data if one.startswith('{"data"'))


@ALL
def test_the_state_of_the_board_is_one_json_of_ascii(state, text):
    told = state_json(boarded(state, [text]))
    assert told.isascii()
    assert json.loads(told)["posts"][0]["title"] == text


# -- the terminal --------------------------------------------------------------------------------------------------


def in_terminal(example: Teardown, text: str) -> dict[str, Callable[[], None]]:
    """Every renderer of the terminal that tells words of others, by what it shows."""
    what_if, comparison = advised([text])
    return {
        "score": lambda: render_forecast.render(forecast_of(text), ZONE, explain([text[:2000]])[0]),
        "teardown": lambda: render_teardown.render(torn(example, [text])),
        "corpus": lambda: render_report.survey(surveyed([text])),
        "card": lambda: render_report.model(carded([text])),
        "what-if": lambda: render_advice.render_what_if(what_if, ZONE),
        "comparison": lambda: render_advice.render_comparison(comparison),
        "track record": lambda: render_track_record.render(remembered([text]), is_simulated=False),
        "trial": lambda: render_evidence.render(tried([text])),
    }


SHOWN_WHOLE = ("score", "teardown", "what-if", "comparison")
"""Where a title has a line of its own."""


@pytest.mark.parametrize("lang", ["en", "ru"])
@ALL
def test_a_terminal_is_told_nothing_that_it_obeys(example, monkeypatch, capsys, lang, text):
    monkeypatch.setattr(session, "lang", lang)
    for name, render in in_terminal(example, text).items():
        render()
        told = capsys.readouterr().out
        assert not OBEYED & set(told), name
        told.encode("utf-8")
        if name in SHOWN_WHOLE:
            assert "".join(session.clean(text).split())[:30] in "".join(told.split()), name


def in_tables(text: str) -> dict[str, Callable[[], None]]:
    """Tables whose cells hold names of models and strata."""
    table = evaluation_of()
    rows = tuple({**one, "model": text} if one["model"] != "otklik" else {**one, "stratum": text} for one in table.rows)
    by_model = (replace(record().by_model[0], name=text),)
    left = pd.DataFrame({"rule": ["all"], "n_posts": [90], "n_authors": [9], "removed": [0]})
    evaluation = Evaluation(text, "views_24h", (*table.rows, *rows), left)
    return {
        "evaluation": lambda: render_evaluation.render(evaluation),
        "track record": lambda: render_track_record.render(replace(record(), by_model=by_model), is_simulated=False),
    }


MARKUP = ("[bold]x[/]", "[/]", "[link=http://e.example]x[/link]")


@pytest.mark.parametrize(("name", "times"), [("evaluation", 3), ("track record", 1)])
@pytest.mark.parametrize("text", MARKUP)
def test_a_name_in_a_table_is_no_markup(capsys, monkeypatch, name, times, text):
    monkeypatch.setenv("COLUMNS", "240")  # room for the whole name: narrower tables cut it
    in_tables(text)[name]()
    assert capsys.readouterr().out.count(text) >= times


def test_a_name_in_a_table_of_an_evaluation_is_no_escape(capsys):
    in_tables("\x1b[31mx")["evaluation"]()
    assert not OBEYED & set(capsys.readouterr().out)


def test_a_console_that_is_a_terminal_gets_colours_of_ours_only(example, monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(
        session, "out", lambda: Console(file=stream, width=100, force_terminal=True, color_system=None, emoji=False)
    )
    for text in (HOSTILE["markup of rich"], HOSTILE["escape of a terminal"], ":pile_of_poo:"):
        for render in in_terminal(example, text).values():
            render()
    told = stream.getvalue()
    assert "\x1b]" not in told
    assert "💩" not in told


# -- a real browser ------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_browser_runs_nothing_of_all_fifty_at_once(example, state, tmp_path: Path):
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("there is no chromium here: apt-get install chromium")
    texts = [HOSTILE["script"], *HOSTILE.values()]
    log: list[str] = []
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, make in MADE.items():
            file = tmp_path / f"{name}.html"
            file.write_text(make(example, state, texts), "utf-8")
            page = browser.new_context(offline=True).new_page()
            page.on("console", lambda one, name=name: log.append(f"{name}: {one.text}"))
            page.on("pageerror", lambda one, name=name: log.append(f"{name}: {one}"))
            page.on("dialog", lambda one, name=name: (log.append(f"{name}: a dialog"), one.dismiss()))
            page.on("request", lambda one, name=name: log.append(one.url[:99]) if one.url[:4] == "http" else None)
            page.goto(file.as_uri())
            for one in page.locator("summary").all():
                one.click()
            assert page.locator("img, iframe, object, embed, form, a[href^='javascript:']").count() == 0, name
        browser.close()
    # A page of the board from disk asks its server, which is not there: that is all it may say.
    assert [one for one in log if "fetch" not in one.lower()] == []
