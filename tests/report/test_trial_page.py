"""The page of a trial: it needs nothing from outside, says what was found in both languages, and can be read."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from otklik.evidence import ClaimResult, Trial, house_claims, try_claims
from otklik.evidence.result import FIXED, RAW
from otklik.evidence.simulated import simulated_frame
from otklik.evidence.slope import Slope
from otklik.report.trial_page import fragment, trial_page
from otklik.report.trial_plot import Scale, axis, row
from otklik.report.trial_style import STYLE
from otklik.report.trial_words import counted, interval, reason, sentence, signed

WANTED = ("sign_sharing", "sign_reach", "formula_reach", "synergy_reach", "personalities_sharing", "hook_first_hour")
CLAIMS = tuple(one for one in house_claims() if one.id in WANTED)
VOID = {"meta"}
INKS = ("ink", "soft", "yes", "no", "open", "none")


@pytest.fixture(scope="module")
def trial() -> Trial:
    found = try_claims(simulated_frame(2500, effect=0.3, seed=2), CLAIMS, seed=0)
    return replace(found, data="simulated", target="mature", left_out=(("no label for the target", 7),))


class Page(HTMLParser):
    """Elements, attributes and the visible text of a page, every element closed in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def values(self, name: str) -> list[str | None]:
        return [value for _, attribute, value in self.attributes if attribute == name]


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_page_needs_nothing_from_outside_and_says_its_language(trial, lang):
    html = trial_page(trial, lang, "Europe/Moscow")
    page = Page(html)
    assert html.startswith(f'<!DOCTYPE html>\n<html lang="{lang}">')
    assert not set(page.elements) & {"script", "link", "img", "iframe", "object", "form"}
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "src"]
    assert all(value.startswith("#claim-") for value in page.values("href"))
    assert not re.search(r"url\(|@import|https?:", html)
    for one in trial.results:
        assert one.claim.said(lang) in page.text


def test_every_claim_has_a_card_that_the_forest_leads_to(trial):
    page = Page(trial_page(trial))
    assert sorted(value for value in page.values("id")) == [f"claim-{n}" for n in range(1, len(CLAIMS) + 1)]
    tried = [number for number, one in enumerate(trial.results, 1) if one.rung(FIXED)]
    assert page.values("href") == [f"#claim-{number}" for number in tried]


def test_a_card_shows_every_rung_and_all_that_a_reader_needs(trial):
    text = Page(trial_page(trial)).text
    one = trial.result("sign_reach")
    for _, slope in one.rungs:
        assert signed(slope.effect, "en") in text
        assert interval(slope, "en") in text
    for words in ("raw difference", "with controls", "inside authors", "double machine learning", "robustness value",
                  "Attempts to overturn it", "through: emotion", "with a detector that never errs", "F(4, ",
                  "smallest effect to see", "written down on 2026-11-24"):  # fmt: skip
        assert words in text
    assert sentence(one, "en") in text
    assert reason(trial.result("hook_first_hour"), "en") in text


def test_the_head_counts_the_verdicts_and_the_foot_tells_the_data(trial):
    text = Page(trial_page(trial, "en", "Asia/Yekaterinburg")).text
    assert f"{counted(trial)['supported']} of {len(CLAIMS)} claims are supported" in text
    assert "Associations inside authors, not proof of cause" in text
    for words in ("2,500", "Asia/Yekaterinburg", "7: no label for the target", "seed"):
        assert words in text


def test_simulated_posts_are_said_to_be_simulated(trial):
    assert "Simulated data." in trial_page(trial, is_simulated=True)
    assert "Simulated data." not in trial_page(trial)


def test_what_a_forecasting_model_leans_on_is_never_shown(trial):
    assert not re.search(r"\bshap|\bgain|partial dependence|importance", Page(trial_page(trial)).text, re.IGNORECASE)


def test_every_picture_is_told_in_words(trial):
    html = trial_page(trial)
    bars = re.findall(r'<svg class="bar"[^>]*>', html)
    assert len(bars) == sum(len(one.rungs) + 1 for one in trial.results if one.rungs)
    assert all('role="img"' in one and re.search(r'aria-label="[^"]+%', one) for one in bars)


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", '"onload="x', "a\u202eb", "half \ud83d", "{claim} {x}"])
def test_the_words_of_others_stay_words(trial, words):
    claim = replace(CLAIMS[1], id=words, text=(("en", words), ("ru", words)))
    strange = replace(
        trial.result("sign_reach"),
        claim=claim,
        sentence=replace(
            trial.result("sign_reach").sentence, values=trial.result("sign_reach").sentence.values | {"claim": words}
        ),
    )
    html = trial_page(replace(trial, data=words, results=(strange,)), "en", words)
    html.encode("utf-8")
    page = Page(html)
    assert "script" not in page.elements
    assert "\u202e" not in html
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]


def test_a_trial_in_which_nothing_could_be_measured_has_a_page_too(trial):
    page = Page(trial_page(replace(trial, results=(trial.result("hook_first_hour"),))))
    assert "0 of 1 claims are supported" in page.text
    assert "svg" not in page.elements
    assert "0 of 0" in Page(trial_page(replace(trial, results=()))).text


def test_what_could_not_be_computed_is_a_dash_and_not_a_zero():
    nothing = Slope(math.nan, math.nan, math.nan, math.nan, math.nan, 60, 3, 3.0)
    endless = Slope(0.1, math.inf, -math.inf, math.inf, 1.0, 60, 3, 1.0)
    one = ClaimResult(
        CLAIMS[1], "inconclusive", sentence=_note(), rungs=((RAW, nothing), (FIXED, endless)), mde=math.inf, q=None
    )
    html = fragment(Trial("x", "mature", 0, 60, 3, (one,)))
    assert "—" in html
    assert "nan" not in re.sub(r"<style>.*</style>", "", html, flags=re.DOTALL)
    assert "−100% to &gt; +1,000%" in html


def _note():
    from otklik.models.forecast import Note

    return Note("Inconclusive.", {})


def test_an_axis_holds_nothing_and_every_difference_and_cuts_only_intervals():
    far = Slope(3.0, 0.1, 2.8, 9.0, 0.0, 60, 3, 3.0)
    near = Slope(0.02, 0.01, 0.0, 0.04, 0.1, 60, 3, 3.0)
    scale = Scale.of([far, near])
    assert 0 < scale.at(0.0) < scale.at(0.02) < scale.at(3.0) < 100
    assert scale.at(9.0) == 100
    drawn = row(far, scale, "far", look="open", expected=1)
    assert "L0 " in drawn
    assert "L0 " not in row(near, scale, "near", look="open")
    assert f'x="{scale.at(0.0)}%"' in drawn
    assert 'aria-hidden="true"' in axis(scale, "en")


def test_ticks_keep_apart_and_zero_is_among_them():
    for reach in (0.01, 0.3, 1.0, 4.0):
        scale = Scale.of([Slope(0.0, 0.1, -reach, reach, 1.0, 60, 3, 3.0)])
        at = [scale.at(math.log1p(one)) for one in scale.ticks]
        assert 0.0 in scale.ticks
        assert all(later - earlier >= 20 for earlier, later in itertools.pairwise(at))


def test_every_ink_can_be_read_on_its_ground_in_light_and_dark():
    light, dark = (dict(re.findall(r"--(\w+):(#[0-9a-f]{3,6})", part)) for part in STYLE.split("@media", 2)[:2])
    for colours in (light, dark):
        for ink in INKS:
            for ground in ("paper", "card"):
                assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * one for one in colour[1:])
    parts = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
