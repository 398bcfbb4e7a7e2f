"""Every notebook runs from its first cell to its last, and is committed without what a run leaves behind."""

from __future__ import annotations

import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from otklik.language import t

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


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


@cache
def ran(path: Path) -> Any:
    """The notebook after a run in a kernel of its own, in an empty folder."""
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")  # the loops and sockets of the kernel's client are not ours
        from nbclient import NotebookClient

        notebook = read(path)
        resources = {"metadata": {"path": folder}}
        NotebookClient(notebook, timeout=600, kernel_name="python3", resources=resources).execute()
    return notebook


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
