"""The score page: numbers first, reasons, doubts; nothing of others runs on it; both languages; every gap is said."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from hostile_texts import HOSTILE
from otklik.content.explanation import explain
from otklik.errors import DataError, StorageError
from otklik.models.forecast import (
    Baseline,
    FeatureEffect,
    Forecast,
    Note,
    Precedent,
    Quantity,
)
from otklik.report import page as page_module
from otklik.report.figure_contributions import bars, contributions_figure
from otklik.report.figure_fan import Seen, fan, fan_figure, quantiles
from otklik.report.figure_multiple import ruler
from otklik.report.figure_whatif import WhatIf, whatif_figure
from otklik.report.score_page import ScoreReport, citation, render, write
from pages import TURNING, Parsed
from score_samples import AT, forecast, rich


@pytest.fixture(autouse=True)
def _without_plotly(monkeypatch):
    """4.8 MB that these tests do not read; tests/report/test_page.py has it once."""
    monkeypatch.setattr(page_module, "plotly", lambda: "/* plotly */")


def read(one: Forecast, **more: object) -> Parsed:
    return Parsed(render(ScoreReport(one, **more)))


def test_the_multiple_and_its_interval_come_first():
    text = read(rich()).text
    places = [text.index(one) for one in ("×0.93", "×0.34 – ×3.7", "47%", ">99%", "3,730", "How far to trust it")]
    assert places == sorted(places)
    assert "median of the author's last posts of this kind (n = 14)" in text


def test_without_a_multiple_the_band_and_the_reason_are_shown():
    text = read(forecast(multiple=None, baseline=Baseline(900.0, "author", 4))).text
    assert "median of few posts (n = 4; 10 are needed)" in text
    assert text.index("1,350 – 14,900") < text.index("There is no multiple")
    assert "×0.93" not in text
    text = read(forecast(multiple=None, baseline=Baseline(900.0, "reference", 300))).text
    assert "the median of posts by others (n = 300) says nothing of a usual" in text
    assert "There is no multiple" in read(forecast(multiple=None, baseline=Baseline(0.2, "given", None))).text


def test_what_is_not_known_is_said_and_never_zero():
    text = read(forecast(reactions=None, naive_reactions=None, baseline=Baseline(4000.0, "author", 14))).text
    assert "the model was not trained for them" in text
    assert "The typical band is not known" in text
    assert "how many it held for this author was not measured" in text
    assert "chance of" not in text
    assert "not calibrated" in read(forecast(calibrated=False, n_calibration=0)).text
    assert "held 81% of 1,240 earlier outcomes" in read(forecast(), coverage=(0.81, 1240)).text


def test_a_page_tells_everything_that_is_there():
    words = (("author__last3_lift", "mean of the last three posts"),)
    changes = (WhatIf("publish_at: 12:00", 1500.0, 4200.0, 16000.0, False), ("title: x", 1.0, 3700.0, 9e4, True))
    text = read(rich(), whatif=changes, feature_words=words, content=explain(["Мечеть, я люблю"])[0]).text
    for one in (
        "mean of the last three posts",
        "title, text and length: x",
        "not known",
        "a difference",
        "no difference to be told",
        "×1.13",
        "Кул-Шариф",
        "Шәһәребез: өмет, җыр, таң",
        "reposts",
        "Scores are percentiles",
        "starts by autoplay and on hovering count too",
        "The model has seen no short on vk.",
        "4 Dec 2026, 16:00 (UTC+0)",
    ):
        assert one in text, one


def test_only_addresses_of_the_web_become_links():
    links = [value for tag, name, value in read(rich()).attributes if tag == "a" and name == "href"]
    assert [one for one in links if not one.startswith("#")] == ["https://vk.com/clip-1_2"]


def test_a_broken_address_is_no_link():
    one = replace(rich().precedents[0], url="http://[broken")
    assert "http://[broken" not in render(ScoreReport(replace(rich(), precedents=(one,))))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_words_of_others_stay_words_in_every_place(text):
    one = replace(
        rich(),
        subject=text,
        platform=text[:50],
        model=text[:50],
        precedents=(Precedent(text[:30], text, AT, text, 1.0, None, 0.1),),
        features=(FeatureEffect(text[:40], 0.1, 1.0, 1.0),),
        notes=(Note("It learned from {n} posts of other audiences ({data}); of yours it knows what your history says.",
                    {"n": 3, "data": text}),),
    )  # fmt: skip
    changes = (WhatIf(text, 10.0, 20.0, 30.0),)
    found = read(one, whatif=changes, content=explain([text[:500]])[0], feature_words=((text[:40], text),))
    assert not {"img", "iframe"} & set(found.elements)
    assert not [name for _, name, _ in found.attributes if name.startswith("on")]
    assert not [value for tag, name, value in found.attributes if tag == "a" and name == "href" and value[:1] != "#"]
    assert not TURNING & set(found.text) or text == HOSTILE["direction"]
    assert found.elements.count("h1") == 1
    assert found.elements.count("script") == 5  # three charts, plotly, ours


def test_both_languages_and_the_zone():
    html = render(ScoreReport(rich(), zone="Europe/Moscow", lang="ru"))
    text = Parsed(html).text
    assert '<html lang="ru">' in html
    assert "19:00 (UTC+3)" in text
    assert "×0,93" in text
    assert "от обычного" in text
    assert "4\u00a0000" in text


def test_headings_go_down_one_step_at_a_time():
    found = read(rich(), content=explain(["Мечеть"])[0])
    levels = [int(one[1]) for one in found.elements if one in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


def test_a_post_past_its_horizon_has_an_outcome_and_no_chart():
    same = Quantity(5120.0, 5120.0, 5120.0)
    note = Note("The post is past {hours} h: this is what it had reached then, not a forecast.", {"hours": 24})
    one = forecast(
        contributions=(), views=same, reactions=same, multiple=same.scaled(1 / 4000), notes=(note,), seen_views=6000.0,
        prediction_age_h=60.0,
    )  # fmt: skip
    found = read(one)
    assert "figure" not in found.elements
    assert "What a post had reached" in found.text
    assert "not a forecast" in found.text
    assert "×1.3" in found.text
    assert "8 of 10" not in found.text
    assert "naive" not in found.text


def test_mature_reach_has_no_fan():
    found = read(forecast(horizon_h=None))
    assert fan_figure(forecast(horizon_h=None), "en") is None
    assert "How views may grow" not in found.text
    assert "contributions" in {value for _, _, value in found.attributes}


def test_the_citation_names_version_model_dates_and_data():
    told = citation(ScoreReport(forecast(), zone="Europe/Moscow"))
    for one in ("otklik 0.", "views at 24 h", "youtube", "starter", "2026-08-21", "4 Dec 2026, 19:00 (UTC+3)"):
        assert one in told
    assert "simulated posts" in citation(ScoreReport(forecast(), is_simulated=True))
    assert "Simulated data" in read(forecast(), is_simulated=True).text


def test_the_same_report_gives_the_same_page():
    assert render(ScoreReport(rich())) == render(ScoreReport(rich()))


def test_bad_doors_say_what_to_do(tmp_path):
    with pytest.raises(DataError, match="expected a language"):
        render(ScoreReport(forecast(), lang="xx"))
    with pytest.raises(StorageError, match="cannot be written"):
        write(ScoreReport(forecast()), tmp_path)
    write(ScoreReport(forecast()), tmp_path / "page.html")
    assert "</html>" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_fan_begins_at_nothing_ends_at_the_forecast_and_never_falls():
    ages = np.linspace(0.0, 24.0, 97)
    views = fan([0.0, 10.0, 1e7], ages_h=ages.tolist())
    assert views[0].tolist() == [0.0, 0.0, 0.0]
    np.testing.assert_allclose(views[-1], [0.0, 10.0, 1e7], rtol=1e-9)
    assert (np.diff(views, axis=0) >= -1e-9).all()
    assert (np.diff(views, axis=1) >= 0).all()


def test_a_fan_of_a_live_post_opens_from_what_was_seen():
    ages = np.linspace(0.0, 24.0, 49)
    views = fan([50.0, 800.0, 5000.0], ages_h=ages.tolist(), seen=Seen(5.0, 300.0))
    assert np.isnan(views[ages < 5]).all()
    np.testing.assert_allclose(views[10], 300.0)
    np.testing.assert_allclose(views[-1], [300.0, 800.0, 5000.0])
    assert (np.diff(views[10:], axis=0) >= -1e-9).all()


def test_a_look_at_the_horizon_leaves_no_fan_to_open():
    assert fan([800.0], ages_h=[24.0], seen=Seen(24.0, 300.0)).tolist() == [[pytest.approx(800.0)]]


def test_a_fan_takes_the_curve_where_there_is_one():
    assert quantiles(forecast()) == ((0.1, 0.5, 0.9), (1350.0, 3730.0, 14900.0))
    levels, views = quantiles(rich())
    assert levels == (0.1, 0.25, 0.5, 0.75, 0.9)
    assert views[2] == pytest.approx(3730.0)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_plotly_accepts_every_chart(lang):
    import plotly.graph_objects as go

    live = replace(rich(), prediction_age_h=5.0, seen_views=2100.0)
    figures = [
        fan_figure(rich(), lang),
        fan_figure(live, lang),
        contributions_figure(rich(), lang),
        whatif_figure(rich().views, [WhatIf("a", 0.0, 0.0, 5.0), WhatIf("<b>", 1.0, 2.0, 3e6)], lang),
    ]
    for one in figures:
        assert one is not None
        spec = one.spec()
        drawn = coloured(spec)
        go.Figure(data=drawn["data"], layout=drawn["layout"])
        assert one.table.rows
        assert one.label
        assert one.caption


def coloured(value):
    """With real colours and fonts for the page's names of them."""
    if isinstance(value, str) and value.startswith("var(--"):
        return "sans-serif" if value == "var(--font)" else "#123456"
    if isinstance(value, dict):
        return {name: coloured(one) for name, one in value.items()}
    return [coloured(one) for one in value] if isinstance(value, list | tuple) else value


def test_bars_multiply_to_what_moves_the_forecast():
    drawn = bars(rich(), "en")
    assert sum(effect for _, effect in drawn) == pytest.approx(0.19 - 0.11 + 0.001)
    assert drawn[-1][0] == "all else"
    assert contributions_figure(forecast(contributions=()), "en") is None
    assert whatif_figure(forecast().views, [], "en") is None


@pytest.mark.parametrize("multiple", [Quantity(0.0, 0.0, 0.0), Quantity(1, 1, 1), Quantity(0.001, 40.0, 9e5)])
def test_a_ruler_holds_any_multiple(multiple):
    found = Parsed(ruler(multiple, "ru"))
    marks = [float(value[:-1]) for _, name, value in found.attributes if value and value.endswith("%")]
    assert marks
    assert all(0 <= one <= 100 for one in marks)
