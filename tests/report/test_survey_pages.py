"""Reports on a corpus and an author as pages: every part is there, in both languages, hostile words stay words."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from hostile_texts import HOSTILE
from otklik.dataset.corpus import Corpus
from otklik.errors import DataError, StorageError
from otklik.language import LANGUAGES
from otklik.report import author_page, corpus_page
from otklik.report.corpus_page_parts import family_table
from otklik.report.figure_hours import hours_figure, hours_table
from otklik.report.page_text import plain
from otklik.report.survey_words import best_hours, hours_sentence
from otklik.survey import survey
from otklik.survey.values import Effect, Family
from pages import Parsed
from surveyed import AS_OF, START, ZONE, of_author, of_corpus

PAGES = {
    "corpus": lambda lang: corpus_page.render(of_corpus(), lang),
    "author": lambda lang: author_page.render(of_author(), lang),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", PAGES)
def test_every_part_is_there_in_its_order_and_asks_for_nothing(kind, lang):
    page = Parsed(PAGES[kind](lang))
    ids = [value for tag, name, value in page.attributes if (tag, name) == ("section", "id")]
    parts = ["band", "hours", "recent", "formula", "coverage"]
    assert ids == (["posts", *parts] if kind == "author" else parts)
    assert page.elements.count("h1") == 1
    assert not [value for _, name, value in page.attributes if name in ("src", "href") and not value.startswith("#")]
    assert not re.search(r"[{}]|\bnan\b|\bNone\b", page.text)


def test_what_is_simulated_says_so_first():
    assert "Simulated data." in Parsed(PAGES["corpus"]("en")).text
    assert "Simulated data." not in Parsed(corpus_page.render(replace(of_corpus(), is_simulated=False))).text


def test_every_number_of_the_grid_stands_in_its_table_with_n():
    found = of_corpus().hours
    figure = hours_figure(found, "en")
    drawn = [one for trace in figure.data for row in trace["text"] for one in row if one]
    assert len(drawn) == len(found.cells) == len(hours_table(found, "en").rows)
    assert sum(int(one.strip("()")) for one in drawn) == found.n
    grey = [one for one in found.cells if one.effect.is_few]
    assert sum("(" in one for one in drawn) == len(grey)
    assert json.dumps(figure.spec(), allow_nan=False)


def test_hours_are_named_only_where_they_were_shown_to_differ():
    found = of_corpus().hours
    assert hours_sentence(found, "en").startswith("Hours differ (p ≤ 0.002")
    assert "×" in best_hours(found, "en")
    dull = replace(found, p_value=0.4)
    assert hours_sentence(dull, "en").startswith("It is not shown that hours differ (p = 0.400")
    assert best_hours(dull, "en") == ""
    low = tuple(replace(one, effect=replace(one.effect, low=0.5)) for one in found.cells)
    assert best_hours(replace(found, cells=low), "en").startswith("Which hours are better cannot be told yet")


def test_a_survey_of_almost_nothing_is_a_page_that_says_why():
    from otklik.simulate import simulate

    rows = simulate(1, 1, seed=1, start=START)
    found = survey(Corpus.of(rows.posts, rows.snapshots[:0]), data="x", as_of=AS_OF, zone=ZONE, author="youtube:a")
    for lang in LANGUAGES:
        page = author_page.render(found, lang)
        assert "<figure" not in page
        assert len(page) < 1_500_000  # no chart, no plotly
    text = Parsed(author_page.render(found)).text
    for words in (
        "No post has been seen near the age of 24 h yet",
        "Hours are not compared",
        "nothing can be compared",
    ):
        assert words in text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_are_only_words(name):
    text = HOSTILE[name]
    posts = tuple(replace(one, title=text, url=text, kind=text[:30] or "x") for one in of_author().posts[:3])
    recent = of_author().recent
    effect = Effect(text, 12, 4, 1.0, 1.0, 0.9, 1.1, False)
    recent = replace(
        recent,
        hits=tuple(replace(one, title=text, author_id=text) for one in of_corpus().recent.hits[:2]),
        families=(Family("topic", (effect,)), Family("sign", (effect,))),
    )
    found = replace(of_author(), posts=posts, recent=recent, subject=text, data=text)
    page = Parsed(author_page.render(found, "en", name=text))
    assert page.elements.count("script") == page.elements.count("figure") + 2
    assert not {"img", "iframe", "object", "embed", "form", "input"} & set(page.elements)
    assert not [one for _, one, _ in page.attributes if one.startswith("on")]
    assert plain(text, 60) in page.text or not plain(text, 60).strip()


def test_a_hashtag_keeps_its_name_and_a_sign_is_told_in_the_language():
    effect = Effect("mosque", 12, 4, 1.0, 1.1, 0.9, 1.3, False)
    sign, topic = (family_table(of_corpus(), Family(name, (effect,)), "ru").rows[0][0] for name in ("sign", "topic"))
    assert topic == "mosque"
    assert re.search("[а-я]", sign)


def test_what_cannot_be_written_is_told(tmp_path):
    with pytest.raises(StorageError, match="cannot be written"):
        corpus_page.write(of_corpus(), tmp_path / "no" / "page.html")
    with pytest.raises(DataError, match="expected a language"):
        corpus_page.render(of_corpus(), "de")
    author_page.write(of_author(), tmp_path / "page.html", "ru")
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!DOCTYPE html>")
