"""The Python door: quick to open, typed, and what it shows in a notebook holds somebody else's text as text."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import otklik
from cli_process import ROOT
from hostile_texts import HOSTILE
from otklik.errors import ConfigurationError, DataError, OtklikError
from otklik.models.forecast import Note, Quantity
from otklik.report.page_text import plain
from otklik.report.shown import ShownEvaluation, ShownForecast, ShownFrame
from otklik.simulate import Simulated
from otklik.store import NATURE, SIMULATED, Store, Tracks
from shown_values import evaluation_of, forecast_of

AT = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
ALLOWED = {
    *("section", "style", "h3", "h4", "p", "small", "b", "bdi", "div", "span", "ul", "li", "details", "summary"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "svg", "rect", "line", "circle"),
}
EMPTY = {"rect", "line", "circle", "input", "br"}


class Fragment(HTMLParser):
    """Elements, attributes and text of a fragment; it must be whole."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += attrs
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = handle_comment


@pytest.fixture(scope="module")
def home(cohort: Simulated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a simulated store."""
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "otklik.toml").write_text('zone = "Asia/Yekaterinburg"\nlang = "en"\n', "utf-8")
    with Store.open(folder / "store.sqlite") as store:
        store.write_posts(cohort.posts.assign(text=None))  # a file does not tell an empty text from an unknown one
        store.write_snapshots(cohort.snapshots)
        Tracks(store).set_mark(NATURE, SIMULATED)
    return folder


# -- the door -----------------------------------------------------------------------------------------------


def test_importing_otklik_loads_nothing_heavy():
    code = "import otklik, sys; otklik.Draft; sys.exit(str({'pandas', 'numpy', 'sqlalchemy'} & set(sys.modules) or ''))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stderr.strip() == ""


def test_every_public_name_is_there_and_others_are_not():
    names = set(otklik._HOMES)
    assert names <= set(dir(otklik))
    assert all(getattr(otklik, name).__doc__ for name in names)
    with pytest.raises(AttributeError, match="has no attribute 'gossip'"):
        otklik.gossip  # noqa: B018
    assert 10 <= len(names) <= 15


def test_the_type_checker_knows_the_names_that_the_door_gives():
    source = (ROOT / "src" / "otklik" / "__init__.py").read_text("utf-8")
    for name, module in otklik._HOMES.items():
        assert f"from otklik.{module} import {name} as {name}\n" in source


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"path": "nowhere"}, "there is no folder nowhere: `otklik init nowhere` makes a workspace"),
        ({"zone": "Kazan"}, "the time zone 'Kazan' is not known"),
        ({"lang": "tt"}, "there is no language 'tt'"),
    ],
)
def test_a_workspace_that_cannot_be_opened_says_why(arguments, message):
    with pytest.raises(ConfigurationError, match=message):
        otklik.Workspace.open(**arguments)


def test_a_folder_without_a_store_is_told_and_none_is_made(tmp_path):
    work = otklik.Workspace.open(tmp_path)
    for ask in (work.posts, work.snapshots, work.features, lambda: work.forecast("vk:-1_1"), work.backtest):
        with pytest.raises(ConfigurationError, match=r"there is no store in .*: `otklik init` makes one"):
            ask()
    with pytest.raises(ConfigurationError, match="there is no store"):
        work.export("posts", tmp_path / "posts.csv")
    assert list(tmp_path.iterdir()) == []


def test_an_instant_needs_a_zone(home):
    with pytest.raises(DataError, match="has no zone"):
        otklik.Workspace.open(home).posts(as_of=datetime(2026, 1, 1))


# -- what is there ------------------------------------------------------------------------------------------


def test_posts_and_snapshots_are_those_known_at_an_instant(home, cohort):
    work = otklik.Workspace.open(home)
    assert work.settings.zone == "Asia/Yekaterinburg"
    middle = cohort.posts["published_at"].median().to_pydatetime()
    assert len(work.posts()) == len(cohort.posts)
    assert work.posts(as_of=middle)["published_at"].max() <= middle
    assert work.snapshots(as_of=middle)["observed_at"].max() <= middle
    assert 0 < len(work.snapshots(as_of=middle)) < len(work.snapshots())


def test_features_are_indexed_by_post_and_can_come_from_a_folder(home, cohort, data_dir):
    work = otklik.Workspace.open(home)
    at = cohort.posts["published_at"].min().to_pydatetime() + timedelta(days=3)
    found = work.features(as_of=at)
    assert found.index.names == ["platform", "post_id"]
    assert found["age_h"].min() >= 0
    assert any(name.startswith("early__") for name in found.columns)
    pd.testing.assert_frame_equal(work.features(as_of=at, data=data_dir).sort_index(), found.sort_index())


def test_a_frame_stays_one_through_pandas(home):
    posts = otklik.Workspace.open(home).posts()
    assert isinstance(posts.head(), ShownFrame)
    assert isinstance(posts[posts["kind"] == "short"][["title"]], ShownFrame)


# -- what is said of it -------------------------------------------------------------------------------------


def test_a_draft_is_scored_from_a_value_and_from_a_file(home, model_dir):
    work = otklik.Workspace.open(home, model=model_dir)
    author = otklik.DraftAuthor(median_views=4000, n_posts=20)
    draft = otklik.Draft(title="Казань", publish_at=AT, author=author)
    found = work.score(draft)
    assert isinstance(found, otklik.Forecast)
    assert found.baseline.value == 4000
    assert not found.is_simulated
    assert work.score(ROOT / "data" / "drafts" / "kazan_2100", look=False).baseline.source == "author"
    with pytest.raises(OtklikError, match="there is no draft at nowhere"):
        work.score("nowhere")


def test_a_stored_post_is_forecast_and_said_to_be_simulated(home, model_dir, cohort):
    work = otklik.Workspace.open(home, model=model_dir)
    post = cohort.posts.iloc[len(cohort.posts) // 2]
    found = work.forecast(f"{post['platform']}:{post['post_id']}", at=post["published_at"] + pd.Timedelta(hours=6))
    assert found.seen_views is not None
    assert found.to_dict()["simulated"] is True
    assert "Simulated data." in Fragment(found._repr_html_()).text
    with pytest.raises(ConfigurationError, match="expected a post such as"):
        work.forecast("x")
    with pytest.raises(DataError, match="is not in the store"):
        work.forecast("vk:-1_0")


def test_a_model_is_evaluated_on_a_folder_and_an_export_follows(home, model_dir, data_dir, tmp_path):
    work = otklik.Workspace.open(home, model=model_dir)
    found = work.evaluate(data=data_dir)
    assert {row["model"] for row in found.rows} >= {"otklik", "author_median"}
    assert "author_median" in Fragment(found._repr_html_()).text
    assert work.export("posts", tmp_path / "posts.csv").n_rows == len(work.posts())


# -- in a notebook ------------------------------------------------------------------------------------------


def test_a_shown_value_is_the_plain_value():
    plain_one = forecast_of()
    shown = ShownForecast.of(plain_one, "ru", "Europe/Moscow")
    assert shown.to_dict() == plain_one.to_dict()
    assert replace(shown, model="x").lang == "ru"
    assert ShownEvaluation.of(evaluation_of(), "ru").to_dict() == evaluation_of().to_dict()


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_titles_stay_text_in_a_notebook(text, lang):
    for html in (
        ShownForecast.of(forecast_of(text), lang, "Europe/Moscow")._repr_html_(),
        ShownEvaluation.of(evaluation_of(text), lang)._repr_html_(),
    ):
        found = Fragment(html)
        assert not set(found.elements) - ALLOWED
        assert not [name for name, _ in found.attributes if name.startswith("on") or name in ("href", "src", "action")]
        assert ("class", "otklik-shown tex2jax_ignore mathjax_ignore") in found.attributes
        html.encode("utf-8")
        assert plain(text)[:150].strip() in found.text
        assert not set(found.text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\x1b\x9b")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_titles_stay_text_in_a_frame(text):
    title = text.encode("utf-8", "replace").decode("utf-8")
    found = Fragment(ShownFrame({"title": [title], "n": [1]})._repr_html_())
    assert not set(found.elements) - {"div", "style", "table", "thead", "tbody", "tr", "th", "td"}
    assert not [name for name, _ in found.attributes if name.startswith("on") or name in ("href", "src")]
    assert any(name == "class" and "mathjax_ignore" in str(value) for name, value in found.attributes)


def test_a_forecast_says_what_it_is_made_of():
    text = Fragment(ShownForecast.of(forecast_of(), "en", "Europe/Moscow")._repr_html_()).text
    for part in ("×1.5", "×0.50 – ×6.0", "1,500", "500 – 6,000", "n = 12", "20 Nov 2026, 18:30 (UTC+3)", "60%", "×1.3"):
        assert part in text, part
    assert "What the model does not know" in text


def test_an_outcome_shows_no_reasons():
    reached = Quantity(900.0, 900.0, 900.0)
    note = Note("The post is past {hours} h: this is what it had reached then, not a forecast.", {"hours": 24})
    past = replace(forecast_of(), views=reached, contributions=(), notes=(note,), chances=None, precedents=())
    text = Fragment(ShownForecast.of(past, "en", "UTC")._repr_html_()).text
    assert "past 24 h" in text
    assert "What moves" not in text
    assert "900" in text


def test_what_is_not_known_is_a_dash_and_never_0():
    bare = replace(forecast_of(), multiple=None, reactions=None, shares=None, chances=None, precedents=())
    text = Fragment(ShownForecast.of(bare, "en", "UTC")._repr_html_()).text
    assert text.count("—") == 2
    assert "—" in Fragment(ShownEvaluation.of(evaluation_of(), "en")._repr_html_()).text
