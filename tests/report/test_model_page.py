"""A model card as a page: what it learned from, its limits, its figures beside baselines, its promises."""

from __future__ import annotations

import json
import re

import pytest

from card_samples import CARD, RELIABILITY, record, row
from hostile_texts import HOSTILE
from otklik.language import LANGUAGES
from otklik.report.figure_reliability import Promise, reliability_figure
from otklik.report.model_page import ModelReport, render
from pages import Parsed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_is_there(lang):
    page = Parsed(render(ModelReport.of(CARD, track_record=record()), lang))
    ids = [value for tag, name, value in page.attributes if (tag, name) == ("section", "id")]
    assert ids == ["learned", "mustnot", "accuracy", "calibration", "record"]
    assert not re.search(r"[{}]|\bnan\b|\bNone\b", page.text)
    for words in ("mine", "ridge", "Asia/Seoul", "kind_short", "mine_only"):
        assert words in page.text


def test_promises_are_drawn_from_the_card_and_from_the_store():
    names = [
        value
        for tag, name, value in Parsed(
            render(ModelReport.of(CARD | {"reliability": RELIABILITY}, track_record=record()))
        ).attributes
        if (tag, name) == ("figure", "id")
    ]
    assert names == ["intervals", "chances", "record-chances"]


def test_what_is_missing_is_said():
    bare = Parsed(render(ModelReport.of(CARD | {"metrics": [], "must_not": []}))).text
    for words in ("holds no backtest", "names nothing", "no test of its chances", "There is no store here"):
        assert words in bare
    few = Parsed(render(ModelReport.of(CARD, track_record=record(few=True), is_simulated=True))).text
    assert "Posts with an outcome: 5. That is too few to tell" in few
    assert "Simulated data." in few


def test_figures_that_nobody_could_compute_are_a_dash():
    unknown = row("draft", 0, "all", "otklik", pair_accuracy=None, coverage_90=None, width_80=None, spearman=None)
    page = Parsed(render(ModelReport.of(CARD | {"metrics": [unknown]})))
    assert "—" in page.text


def test_too_few_forecasts_make_no_dot():
    assert reliability_figure("x", [Promise("a", 19, 0.5, 0.4), Promise("b", 40, 0.5, None)], "what", "en") is None
    figure = reliability_figure("x", [Promise("a", 40, 0.5, 0.2), Promise("b", 40, 0.9, 0.9)], "what", "en")
    assert figure is not None
    assert "promised 50%, held 20%" in figure.label
    assert json.dumps(figure.spec(), allow_nan=False)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_of_a_card_are_only_words(name):
    text = HOSTILE[name]
    entry = CARD["trained_on"][0] | {"data": text}
    evil = CARD | {"name": text, "must_not": [text], "targets": [text], "zone": text, "trained_on": [entry]}
    page = Parsed(
        render(ModelReport.of(evil | {"metrics": [row("draft", 0, text, "otklik"), row("draft", 0, "all", text)]}))
    )
    assert page.elements.count("script") == page.elements.count("figure") + (2 if "figure" in page.elements else 1)
    assert not {"img", "iframe", "object", "form"} & set(page.elements)


def test_a_report_is_plain_json():
    told = json.loads(json.dumps(ModelReport.of(CARD, track_record=record()).to_dict(), allow_nan=False))
    assert told["track_record"]["n"] == 50
    assert told["trained_until"] == "2026-10-20T10:00:00+00:00"
