"""The house stands as it is drawn: imports point down, everything public is documented, nothing heavy at the door."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"
PACKAGE = SRC / "otklik"
FLOORS = (
    {"errors", "units", "records", "schema"},
    {"settings", "credentials", "clock", "language", "curves", "metrics", "view_rules", "cache"},
    {"store", "collect", "simulate", "content"},
    {"dataset", "sandbox", "media"},
    {"features", "tracking"},
    {"models"},
    {"evaluate", "scoring", "experiments", "evidence", "teardown", "memory", "alerts", "survey"},
    {"ablation", "alerting"},
    {
        *("workflows", "collecting", "explaining", "looking", "trying", "report"),
        *("advising", "remembering", "promoting", "exporting", "board", "sample_store"),
    },
    {"workspace", "figures"},
    {"cli"},
    {"__main__"},
)
FLOOR_OF = {name: floor for floor, names in enumerate(FLOORS) for name in names}
FILES = sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_parts(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            pieces = name.split(".")
            if pieces[0] == "otklik" and len(pieces) > 1:
                yield pieces[1], node.lineno


def test_every_part_has_a_floor():
    assert {part_of(path) for path in FILES} - {"__init__"} == set(FLOOR_OF)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_down(path: Path):
    part = part_of(path)
    for target, line in imported_parts(path):
        if part == "__init__" or target == part or target not in FLOOR_OF:
            continue
        is_below = FLOOR_OF[target] < FLOOR_OF[part]
        assert is_below or FLOOR_OF[target] == FLOOR_OF[part] == 0, f"{path.name}:{line}: {part} imports {target}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_public_name_is_documented(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{path} says nothing of itself"
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            members = [one for one in node.body if isinstance(one, ast.FunctionDef)]
        elif isinstance(node, ast.Module):
            members = [one for one in node.body if isinstance(one, ast.FunctionDef | ast.ClassDef)]
        else:
            continue
        for one in members:
            assert one.name.startswith("_") or ast.get_docstring(one), f"{path.name}:{one.lineno} {one.name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_files_and_functions_stay_short(path: Path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 470
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno <= 75, f"{path.name}:{node.lineno} {node.name}"


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv = ['otklik', '--help']\n"
        "from otklik.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'numpy', 'lightgbm', 'sklearn', 'scipy', 'pyarrow', 'sqlalchemy', 'babel', 'yaml'}\n"
        "sys.exit(f'imported {heavy & set(sys.modules)}' if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_nothing_is_unpickled():
    for path in FILES:
        names = {name for name, _ in ((alias, 0) for alias in path.read_text(encoding="utf-8").split())}
        assert not names & {"pickle", "joblib", "dill"}, path
