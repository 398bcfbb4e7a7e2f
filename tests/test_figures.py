"""Figures for notebooks: whole, marked where data are simulated, and somebody else's words as text."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest

import otklik
from hostile_texts import HOSTILE
from otklik import figures
from otklik.errors import ConfigurationError, DataError
from otklik.language import t
from otklik.models.forecast import Contribution
from otklik.report.model_page import ModelReport
from otklik.report.notebook_figure import mimebundle, template
from otklik.report.shown import ShownForecast
from otklik.report.shown_model import ShownModel
from otklik.report.shown_survey import ShownSurvey
from otklik.report.shown_teardown import ShownTeardown
from otklik.sample_store import write_sample
from otklik.store import Store
from otklik.teardown import EXAMPLE, EXAMPLE_AT
from pages import Parsed
from shown_values import AT, evaluation_of, forecast_of

TAGS = {
    *("section", "style", "p", "h1", "h3", "h4", "div", "ul", "li", "b", "bdi", "span", "small", "strong", "mark"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "code"),
}


@pytest.fixture(scope="module")
def space() -> otklik.Workspace:
    return otklik.Workspace.sandbox(lang="en")


def drawn_by(space: otklik.Workspace, lang: str) -> dict[str, object]:
    survey, teardown = space.survey(as_of=EXAMPLE_AT), space.teardown(EXAMPLE, at=EXAMPLE_AT)
    forecast = ShownForecast.of(forecast_of(), lang, "UTC", is_simulated=True)
    return {
        "fan": figures.fan(forecast, lang=lang),
        "reasons": figures.reasons(forecast, lang=lang),
        "band": figures.band(survey, lang=lang),
        "hours": figures.hours(survey, lang=lang),
        "formula": figures.formula(survey, lang=lang),
        "curve": figures.curve(teardown, lang=lang),
        "pace": figures.pace(teardown, lang=lang),
    }


def mark_of(figure) -> list[str]:
    return [one.text for one in figure.layout.template.layout.annotations]


# -- the sandbox --------------------------------------------------------------------------------------------


def test_a_sandbox_is_made_in_a_folder_of_its_own_and_says_that_it_is_simulated(space):
    posts, looks = space.posts(), space.snapshots()
    assert space.is_simulated
    assert posts.groupby("platform")["author_id"].nunique().to_dict() == {"vk": 7, "youtube": 12}
    assert set(looks["source"]) == {"simulated"}
    assert looks["observed_at"].max() <= EXAMPLE_AT
    assert posts["published_at"].max() <= EXAMPLE_AT
    assert space.settings.workspace.name.startswith("otklik-sandbox-")
    assert space.survey(as_of=EXAMPLE_AT).to_dict()["is_simulated"] is True
    assert space.teardown(EXAMPLE, at=EXAMPLE_AT).to_dict()["simulated"] is True


def test_equal_seeds_make_equal_sandboxes(tmp_path):
    frames = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        with Store.open(tmp_path / f"{name}.sqlite") as store:
            write_sample(store, seed)
            frames.append(store.snapshots(as_of=EXAMPLE_AT)["views"].tolist())
    assert frames[0] == frames[1]
    assert frames[0] != frames[2]


def test_an_empty_workspace_is_not_simulated_and_says_what_is_missing(tmp_path):
    work = otklik.Workspace.open(tmp_path)
    assert not work.is_simulated
    for ask in (work.survey, lambda: work.teardown("vk:-1_1")):
        with pytest.raises(ConfigurationError, match="there is no store"):
            ask()
    with pytest.raises(ConfigurationError, match="there is no model in"):
        otklik.Workspace.open(tmp_path, model=tmp_path / "none").card()
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_surveyed_or_taken_apart_is_told(space):
    with pytest.raises(ConfigurationError, match="expected an author such as"):
        space.survey("nobody", as_of=EXAMPLE_AT)
    with pytest.raises(DataError, match="has no posts here"):
        space.survey("vk:-5", as_of=EXAMPLE_AT)
    with pytest.raises(DataError, match="is not in the store"):
        space.teardown("vk:-5_5", at=EXAMPLE_AT)
    with pytest.raises(DataError, match="has no zone"):
        space.teardown(EXAMPLE, at=datetime(2026, 1, 1))


def test_the_hit_of_the_example_is_in_the_sandbox(space):
    found = space.teardown(EXAMPLE, at=EXAMPLE_AT)
    assert isinstance(found, ShownTeardown)
    assert found.subject.views == space.snapshots()["views"].max()
    mine = space.survey("vk:-2100000", as_of=EXAMPLE_AT)
    assert (mine.is_author, mine.n_posts, mine.n_authors) == (True, 61, 1)


# -- figures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_every_figure_is_whole_and_marked(space, lang):
    for name, figure in drawn_by(space, lang).items():
        assert mark_of(figure) == [f"<b>{t('Simulated data.', lang)}</b>"], name
        told = figure.to_json()
        assert "var(--" not in told, name
        assert figure.layout.title.text, name
        assert figure.layout.height > figure.layout.margin.t + figure.layout.margin.b + 100, name
        assert figure.layout.margin.t >= 60, name
    assert figures.fan(ShownForecast.of(forecast_of(), "en", "UTC")).layout.template.layout.annotations == ()


def test_a_legend_names_what_is_drawn_and_traces_are_not_named_twice(space):
    figure = figures.curve(space.teardown(EXAMPLE, at=EXAMPLE_AT))
    named = [one for one in figure.data if one.showlegend is None]
    assert [one.name for one in named] == ["this post", "the author's other posts, 25 to 75 %", "their median"]
    assert all(list(one.x) == [None] for one in named)


def test_calibration_is_drawn_of_a_card_and_of_an_evaluation(model_dir, data_dir):
    space = otklik.Workspace.sandbox(lang="en", model=model_dir)
    card, found = space.card(), space.evaluate(data=data_dir)
    assert isinstance(card, ShownModel)
    assert json.loads(json.dumps(card.to_dict()))["name"] == card.name
    for judged in (card, found):
        assert len(figures.calibration(judged).data) > 2
    assert mark_of(figures.calibration(found)) == []
    assert mark_of(figures.calibration(found, is_simulated=True)) == ["<b>Simulated data.</b>"]


def test_where_too_little_is_known_a_figure_says_so(space):
    bare = replace(forecast_of(), horizon_h=None, contributions=())
    survey = replace(space.survey(as_of=EXAMPLE_AT), bands=())
    none = evaluation_of()
    empty = replace(
        none, rows=tuple({**row, **{f"coverage_{share}": None for share in (50, 80, 90)}} for row in none.rows)
    )
    for figure in (figures.fan(bare), figures.reasons(bare), figures.band(survey), figures.calibration(empty),
                   figures.formula(survey, "luck")):  # fmt: skip
        assert [one.text for one in figure.layout.annotations] == ["Too little is known here to draw it."]


def test_a_figure_of_plotly_itself_takes_the_mark_from_the_template():
    import plotly.express as px

    figure = px.line(x=[1, 2], y=[3, 4], template=template("ru", is_simulated=True))
    assert mark_of(figure) == [f"<b>{t('Simulated data.', 'ru')}</b>"]
    assert figure.layout.template.layout.separators == ", "


def test_a_notebook_keeps_two_forms_of_a_figure_and_neither_asks_the_network(space):
    bundle = mimebundle(figures.curve(space.teardown(EXAMPLE, at=EXAMPLE_AT)).to_dict())
    assert set(bundle) == {"application/vnd.plotly.v1+json", "text/html"}
    html = bundle["text/html"]
    assert "Plotly.newPlot" in html
    assert "src=" not in html
    assert "cdn" not in html
    assert len(html) < 100_000


# -- somebody else's words ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile_space() -> otklik.Workspace:
    """The sandbox with hostile titles and texts."""
    space = otklik.Workspace.sandbox(lang="en")
    texts = [one.encode("utf-8", "replace").decode("utf-8").replace("\x00", "") for one in HOSTILE.values()]
    with Store.open(space.settings.store) as store:
        posts = store.posts()
        told = [texts[at % len(texts)] for at in range(len(posts))]
        store.write_posts(posts.assign(title=told, text=told))
    return space


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_hostile_titles_stay_text_in_surveys_and_teardowns(hostile_space, lang):
    names = hostile_space.posts().query("platform == 'vk' and author_id == '-2100000'")["post_id"]
    shown = [ShownSurvey.of(hostile_space.survey(who, as_of=EXAMPLE_AT), lang) for who in (None, "vk:-2100000")]
    shown += [ShownTeardown.of(hostile_space.teardown(f"vk:{one}", at=EXAMPLE_AT), lang) for one in names[-12:]]
    for one in shown:
        found = Parsed(one._repr_html_())
        assert not set(found.elements) - TAGS
        bad = {"href", "src", "action", "srcdoc"}
        assert not [name for _, name, _ in found.attributes if name.startswith("on") or name in bad]
        assert not set(found.text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\x1b\x9b")


def test_hostile_titles_stay_text_in_figures(hostile_space):
    mine = hostile_space.survey("vk:-2100000", as_of=EXAMPLE_AT)
    words = [one for trace in figures.band(mine).data for one in (trace.hovertext or ())]
    assert len(words) > 20
    for one in words:
        assert "<" not in one.replace("<br>", "")
        assert "$" not in one


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_names_stay_text_in_a_forecast_and_in_a_card(text):
    forecast = replace(forecast_of(text), contributions=(Contribution(text, 0.3),))
    told = json.dumps(figures.reasons(forecast).to_dict(), default=str)
    assert "<script" not in told
    assert "<img" not in told
    counts = {"n_posts": 5, "n_authors": 2, "n_labelled": 4, "first": AT.isoformat(), "last": AT.isoformat()}
    metrics = evaluation_of().rows
    plain = ModelReport(text, AT, AT, "UTC", ({"data": text, **counts},), ("views_24h",), (text,), metrics, text, "abc")
    found = Parsed(ShownModel.shown(plain, "en")._repr_html_())
    assert not set(found.elements) - TAGS
    assert not set(found.text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\x1b\x9b")
