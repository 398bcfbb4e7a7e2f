"""A teardown in words and as a page: ten parts in their order, both languages, hostile titles stay text."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from hostile_texts import HOSTILE
from otklik.content.explanation import explain
from otklik.errors import DataError
from otklik.models.forecast import Note
from otklik.report import teardown_page
from otklik.report.figure_teardown import curve_figure, pace_figure
from otklik.report.page_figure import in_script
from otklik.report.teardown_text import about, headline, parts
from otklik.report.teardown_words import say
from otklik.store import Store
from otklik.teardown import EXAMPLE_AT, tear_down, write_example
from otklik.teardown.values import Change, Counters, Evidence, Rarity, Sign, Signals, Story, Teardown, Usual

ORDER = [
    "counters", "usual", "rule", "curve", "rarity", "signals", "formula", "rivals", "comparables", "unknown",
]  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> Teardown:
    with Store.open(tmp_path_factory.mktemp("example") / "store.sqlite") as store:
        return tear_down(store, write_example(store), EXAMPLE_AT, "Europe/Moscow")


class Elements(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def bare(found: Teardown) -> Teardown:
    """The same with nothing measured."""
    why = (Note("Views at 24 h are not measurable: there is no look near enough to that age."),)
    return replace(
        found,
        subject=replace(found.subject, views=None, likes=None, comments=None, shares=None, views_24h=None, title="x"),
        counters=Counters(5.0, None, (), (), (), (), why),
        usual=Usual(None, None, None, 0, "none", "clip", None, None, None, why),
        story=Story((), (), None, None, (), (), why),
        rarity=Rarity(None, None, None, None, None, None, why),
        signals=Signals(None, (), why),
        evidence=Evidence(explain([""], tag_names=False)[0], {}, 0, None),
        comparables=(),
    )


def test_ten_parts_come_in_their_order_and_each_says_something(found):
    told = parts(found, "en")
    assert [one.name for one in told] == ORDER
    assert all(one.sentences or one.missing or one.table for one in told)
    for part in told:
        for sentence in (*part.sentences, *part.missing):
            assert re.search(r"[.!?]$", sentence), sentence
            assert not re.search(r"[{}]|\bnan\b|\bNone\b|\d\.\d{4}", sentence), sentence


def test_the_article_s_sentence_is_told_with_what_it_lacks(found):
    assert headline(found, "en").startswith("230,000 views and 15,000 reactions in 24 h: ×")
    whole = " ".join(sentence for part in parts(found, "en") for sentence in part.sentences)
    for words in ("n = 20", "n = 60", "taken back views", "Nobody looked from 7 h to 9 h", "middle half", "UTC+3"):
        assert words in whole
    rivals = next(one for one in parts(found, "en") if one.name == "rivals").table
    assert [row[0] for row in rivals.rows] == [
        *("the time of day", "the author's form", "a good day for all", "promotion", "the topic alone")
    ]


def test_nothing_measured_is_said_in_every_part_and_nothing_is_drawn(found):
    nothing = bare(found)
    told = {one.name: one for one in parts(nothing, "en")}
    for name in ("counters", "usual", "curve", "rarity", "signals", "formula", "comparables"):
        assert told[name].missing, name
    assert headline(nothing, "en") == "The views of this post were hidden at every look"
    assert teardown_page.figures(nothing, "en") == {}
    page = teardown_page.render(nothing)
    assert "<figure" not in page
    assert len(page) < 1_200_000


def test_signs_are_told_as_consistent_with_and_never_as_a_verdict(found):
    sign = Sign("constant_rate", 10, 16, 5e3, 9e2, Note("{rate_n} an hour.", {"rate_n": 5e3}), Note("an order"))
    told = parts(replace(found, counters=replace(found.counters, signs=(sign,))), "en")[0]
    text = " ".join(told.sentences)
    assert (
        "From the age of 10 h to 16 h: 5,000 an hour. This is consistent with an order; it proves none of them." in text
    )
    assert "innocent explanations" in text
    assert "natural growth" not in text


def test_a_page_needs_nothing_and_its_charts_have_words_and_data(found):
    page = teardown_page.render(found, is_example=True)
    tags = Elements(page).tags
    assert not [
        one
        for tag, one in tags
        if any(one.get(name, "").startswith("http") for name in ("src", "href") if one.get(name))
    ]
    assert sum(tag == "h1" for tag, _ in tags) == 1
    assert sum(tag == "figure" for tag, _ in tags) == 2
    assert sum(tag == "h2" for tag, _ in tags) == 10
    assert "Simulated data." in page
    assert "cannot be told from it by public counters." in page
    assert "An article says" in page
    assert "An article says" not in teardown_page.render(found)
    assert len(page) < 6_000_000
    curve, pace = curve_figure(found, "en"), pace_figure(found, "en")
    assert len(curve.table.rows) == 81
    assert "230,000" in str(curve.table.rows)
    assert min(pace.data[0]["y"]) < 0 < max(pace.data[0]["y"])


def test_a_page_of_real_posts_is_not_called_simulated(found):
    real = replace(found, subject=replace(found.subject, is_simulated=False))
    assert "Simulated data." not in teardown_page.render(real)


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_titles_stay_text_everywhere(found, name):
    text = HOSTILE[name][:3_000]
    hurt = replace(
        found,
        subject=replace(found.subject, title=text or "-", author=text),
        story=replace(found.story, changes=(Change("title", EXAMPLE_AT, 3.0, text, text),)),
        comparables=tuple(replace(one, title=text) for one in found.comparables[:2]),
        evidence=replace(found.evidence, explanation=explain([text], tag_names=False)[0]),
    )
    plain = replace(hurt, subject=replace(hurt.subject, title="x", author="x"), comparables=())
    page = "".join(str(one.body) for one in teardown_page.sections(hurt, "ru")) + teardown_page.head(hurt, "ru")
    known = {tag for tag, _ in Elements("".join(str(one.body) for one in teardown_page.sections(plain, "ru"))).tags}
    known |= {
        "p",
        "h1",
        "h2",
        "bdi",
        "ul",
        "li",
        "b",
        "span",
        "strong",
        "div",
        "small",
        "mark",
        "table",
        "caption",
        "thead",
    }
    known |= {
        "tbody",
        "tr",
        "th",
        "td",
        "section",
        "style",
        "details",
        "summary",
        "figure",
        "figcaption",
        "script",
        "i",
    }
    for tag, attributes in Elements(page).tags:
        assert tag in known
        assert not [one for one in attributes if one.startswith("on")]
        assert tag != "script" or attributes == {"type": "application/json"}
    page.encode("utf-8")
    for turn in "\u202e\u202d\u2066":
        assert turn not in re.sub(r'<p dir="auto">.*?</p>', "", page, flags=re.S)
    assert about(hurt.subject, "en", "UTC")


def test_a_chart_holds_no_words_of_others(found):
    marked = replace(
        found,
        subject=replace(found.subject, title="EVIL", author="EVIL"),
        story=replace(found.story, changes=(Change("title", EXAMPLE_AT, 3.0, "EVIL", "EVIL"),)),
    )
    assert all("EVIL" not in in_script(one.spec()) for one in teardown_page.figures(marked, "en").values())


def test_an_unknown_language_is_refused(found):
    with pytest.raises(DataError, match="expected a language"):
        teardown_page.render(found, "xx")


def test_numbers_in_sentences_are_written_as_the_language_writes_them():
    note = Note(
        "{views_n} / {share_pct} / {rest_x} / {at_h}",
        {"views_n": 12345.6, "share_pct": 0.065, "rest_x": 2.5, "at_h": 1.5},
    )
    assert say(note, "en", "UTC") == "12,300 / 6.5% / ×2.5 / 1.5 h"
    assert say(note, "ru", "UTC").replace("\xa0", " ") == "12 300 / 6,5 % / ×2,5 / 1,5 ч"
