"""Every notebook runs from its first cell to its last, and is committed without what a run leaves behind."""

from __future__ import annotations

import re
import shutil
import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from otklik.language import t
from otklik.simulate import Simulated
from otklik.store import Store

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
DRAWN = {"01_quickstart": 2, "02_features": 1, "03_model": 2, "04_score_a_draft": 2, "05_corpus": 4, "06_teardown": 3}
"""Notebooks with figures of plotly, and how many."""
with_figures = pytest.mark.parametrize("name", DRAWN)
SHAPES = ".main-svg .overplot .trace path, .main-svg .heatmaplayer image"
PLOTLY = "application/vnd.plotly.v1+json"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def read(path: Path) -> Any:
    import nbformat

    return nbformat.read(path, as_version=4)


def code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@each
def test_a_notebook_carries_no_outputs_and_defines_nothing(path: Path):
    cells = code(read(path))
    assert cells
    for cell in cells:
        assert cell.outputs == []
        assert cell.execution_count is None
        assert not any(line.startswith(("def ", "class ")) for line in cell.source.splitlines())


@each
def test_a_notebook_speaks_both_languages_and_begins_with_the_one_variable(path: Path):
    notebook = read(path)
    titles = [line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    titles = [line for line in titles if line.startswith("#")]
    assert titles
    for title in titles:
        assert re.search(r"[A-Za-z]", title), title
        assert re.search(r"[А-яЁё]", title), title
    assert code(notebook)[0].source.startswith("WORKSPACE = None")


@with_figures
def test_the_public_door_is_enough(name: str):
    allowed = {"otklik", "otklik.features", "plotly.express", "pandas", "dataclasses", "datetime"}
    sources = "\n".join(cell.source for cell in code(read(path_of(name))))
    assert set(re.findall(r"^(?:from|import) ([\w.]+)", sources, re.MULTILINE)) <= allowed
    assert "notebook_connected" not in sources


def path_of(name: str) -> Path:
    return next(one for one in NOTEBOOKS if one.stem == name)


@cache
def ran(path: Path, changed: tuple[tuple[str, str], ...] = ()) -> Any:
    """The notebook after a run in a kernel of its own, in an empty folder, with lines of its first cell changed."""
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")  # the loops and sockets of the kernel's client are not ours
        from nbclient import NotebookClient

        notebook = read(path)
        for old, new in changed:
            assert old in code(notebook)[0].source
            code(notebook)[0].source = code(notebook)[0].source.replace(old, new)
        resources = {"metadata": {"path": folder}}
        NotebookClient(notebook, timeout=600, kernel_name="python3", resources=resources).execute()
        assert list(Path(folder).iterdir()) == []
    return notebook


def outputs_of(notebook: Any, kind: str) -> list[Any]:
    outputs = [one for cell in code(notebook) for one in cell.outputs]
    return [one.data[kind] for one in outputs if kind in one.get("data", {})]


def marks(figure: Any) -> list[str]:
    template = figure["layout"]["template"]["layout"].get("annotations", [])
    return [one["text"] for one in template if one.get("name") == "simulated"]


@pytest.mark.slow
@each
def test_a_notebook_runs_to_its_end(path: Path):
    outputs = [one for cell in code(ran(path)) for one in cell.outputs]
    assert not [one for one in outputs if one.output_type == "error"]
    assert not [one.text for one in outputs if one.output_type == "stream" and one.name == "stderr"]


@pytest.mark.slow
def test_the_trial_says_that_its_posts_are_simulated_and_finds_what_was_planted_and_nothing_else():
    path = next(one for one in NOTEBOOKS if one.stem == "07_formula_on_trial")
    shown = [one.data for cell in code(ran(path)) for one in cell.outputs if "data" in one]
    html = [one["text/html"] for one in shown if "text/html" in one]
    simulated = t("Simulated data.", "ru")
    assert f"<b>{simulated}</b>" in html
    assert any('class="otklik-trial"' in one and simulated in one for one in html)
    assert any("image/png" in one for one in shown)
    verdicts = html[-1]
    assert verdicts.count(f"<td>{t('supported', 'ru')}</td>") == 2
    assert verdicts.count(f"<td>{t('inconclusive', 'ru')}</td>") == 4


# -- figures of plotly --------------------------------------------------------------------------------------


@pytest.mark.slow
@with_figures
def test_every_figure_of_simulated_data_says_so_and_plotly_is_in_the_notebook_once(name: str):
    notebook = ran(path_of(name))
    figures = outputs_of(notebook, PLOTLY)
    assert len(figures) == DRAWN[name]
    assert all(one["data"] for one in figures)
    # The card is of the data that the model was trained on, and those are real.
    made_up = figures[1:] if name == "03_model" else figures
    assert {tuple(marks(one)) for one in made_up} == {(f"<b>{t('Simulated data.', 'ru')}</b>",)}
    html = outputs_of(notebook, "text/html")
    assert sum("plotly.js v" in one for one in html) == 1
    assert not [one for one in html if "cdn" in one and len(one) < 1_000_000]


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here: apt-get install chromium")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@with_figures
def test_the_exported_page_draws_its_figures_from_disk_with_the_network_cut(name: str, tmp_path: Path):
    playwright = pytest.importorskip("playwright.sync_api")
    exporters = pytest.importorskip("nbconvert.exporters")
    page_file = tmp_path / f"{name}.html"
    page_file.write_text(exporters.HTMLExporter().from_notebook_node(ran(path_of(name)))[0], "utf-8")
    asked, complaints = [], []
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1100, "height": 900}, offline=True).new_page()
        page.on("request", lambda one: asked.append(one.url) if one.url[:5] not in ("file:", "data:") else None)
        page.on("pageerror", lambda one: complaints.append(str(one)))
        page.goto(page_file.as_uri())
        page.wait_for_selector(SHAPES, state="attached")
        page.wait_for_function("document.querySelectorAll('.js-plotly-plot').length == " + str(DRAWN[name]))
        figures = page.locator(".plotly-graph-div")
        shapes = [figures.nth(at).locator(SHAPES).count() for at in range(figures.count())]
        told = page.inner_text("body")
        browser.close()
    assert len(shapes) == DRAWN[name]
    assert all(shapes), shapes
    assert told.count(t("Simulated data.", "ru")) >= DRAWN[name] - (name == "03_model")
    assert complaints == []
    # nbconvert's own template asks for these two, and does without; nothing of ours asks for anything.
    assert not [one for one in asked if not re.search(r"/(require|mathjax)[./]", one)]


@pytest.mark.slow
def test_in_english_the_marks_are_english():
    notebook = ran(path_of("05_corpus"), (('"ru"', '"en"'),))
    assert {tuple(marks(one)) for one in outputs_of(notebook, PLOTLY)} == {("<b>Simulated data.</b>",)}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["01_quickstart", "04_score_a_draft", "05_corpus"])
def test_a_notebook_runs_on_a_store_of_your_own_and_marks_nothing(name: str, cohort: Simulated, tmp_path: Path):
    with Store.open(tmp_path / "store.sqlite") as store:
        store.write_posts(cohort.posts.assign(text=None))
        store.write_snapshots(cohort.snapshots.assign(source="import"))
    notebook = ran(path_of(name), (("WORKSPACE = None", f'WORKSPACE = "{tmp_path}"'),))
    figures = outputs_of(notebook, PLOTLY)
    assert len(figures) == DRAWN[name]
    assert {tuple(marks(one)) for one in figures} == {()}
