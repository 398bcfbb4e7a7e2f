"""The coloured text as HTML: somebody else's text stays text, and every colour can be read."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from hostile_texts import HOSTILE, texts
from otklik.content.explanation import explain
from otklik.language import t
from otklik.report.explained_text import COLOURS, GROUP_NAMES, fragment

ALLOWED = {"section", "style", "p", "mark", "ul", "li", "table", "tr", "th", "td", "span", "small"}
TURNING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
"""Characters that change the direction of what follows them."""


class Page(HTMLParser):
    """Elements, attributes and texts of a fragment; the text is what stands in the first paragraph."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.rest = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += attrs
        self.open.append(tag)
        if tag == "p":
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "p" in self.open:
            self.texts[-1] += data
        elif "style" not in self.open:
            self.rest += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


def page(text: str, lang: str = "en") -> Page:
    return Page(fragment(explain([text], tag_names=False)[0], lang))


def check(text: str) -> None:
    found = page(text)
    assert not set(found.elements) - ALLOWED
    assert found.open == []
    assert not [name for name, _ in found.attributes if name.startswith("on") or name in ("href", "src", "action")]
    assert found.texts[0] == text.encode("utf-8", "replace").decode("utf-8")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_stays_text(text):
    check(text)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_any_text_stays_text(text):
    check(text)


def test_what_turns_the_direction_of_writing_stays_in_its_paragraph():
    found = page("Ка\u202eзань, гор\u202eжусь наш\u2067им го\u202dродом, ме\u202bчеть")
    assert "четь" in found.texts[0]
    assert not set(found.rest) & set(TURNING)


def test_each_find_is_marked_and_told_in_words():
    html = fragment(explain(["Мечеть Кул-Шариф: горжусь нашим городом! Не горжусь Парижем"], tag_names=False)[0], "en")
    assert 'title="place: Мечеть Кул-Шариф; sign: Mosque">Мечеть Кул-Шариф</mark>' in html
    assert '<mark class="denied"' in html
    russian = fragment(explain(["Мечеть Кул-Шариф"], tag_names=False)[0], "ru")
    assert 'lang="ru"' in russian
    assert "Мечеть</" not in html
    assert f"{t('sign', 'ru')}: Мечеть" in russian


def test_every_group_has_a_russian_name():
    assert not [name for name in GROUP_NAMES.values() if t(name, "ru") == name]


def test_a_legend_names_only_what_was_found():
    found = page("Мечеть")
    assert "sign" in found.rest
    assert "people" not in found.rest
    assert found.elements.count("li") == 1


def test_a_text_that_was_not_read_has_no_score_and_says_why():
    found = page("나의 도시")
    assert "table" not in found.elements
    assert "language is not one that is read" in found.texts[1]


def test_a_word_of_one_text_is_not_shown_in_another():
    assert "Казань" not in fragment(explain(["Казань", "Уфа"], tag_names=False)[1])


def test_every_ink_can_be_read_on_its_ground():
    for background, ink in COLOURS.values():
        light, dark = sorted((luminance(background), luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5
    assert set(COLOURS) == set(GROUP_NAMES)


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
