"""``otklik evidence`` as a person or a program meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli_process import otklik
from otklik.evidence import house_claims
from otklik.evidence.simulated import simulated_tables
from otklik.store import NATURE, SIMULATED, Store, Tracks

MINE = """claims:
  - id: mine
    text: {en: "[red]Signs[/red] help", ru: "Знаки помогают"}
    exposure: {feature: sign__n_classes, above: 0}
    outcome: reach
    expected: "+"
    fixed_on: 2026-11-24
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """800 simulated posts in the import format."""
    folder = tmp_path_factory.mktemp("posts")
    for name, frame in zip(("posts", "snapshots"), simulated_tables(800, effect=0.5, seed=2), strict=True):
        frame.to_parquet(folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("claims") / "mine.yaml"
    file.write_text(MINE, "utf-8")
    return file


def evidence(*arguments: object, **env: str):
    return otklik("evidence", *arguments, "--target", "mature", "--quick", **env)


def test_the_claims_of_the_article_are_told_as_a_table_a_sentence_each_and_a_page(folder, tmp_path):
    page = tmp_path / "trial.html"
    done = evidence("--data", folder, "--html", page)
    assert done.returncode == 0, done.stderr
    rows = " ".join(done.stdout.split())
    assert "800 posts of 33 authors" in rows
    for one in house_claims():
        assert one.said("en") in rows
        assert one.said("en") in page.read_text("utf-8")
    assert "Inside authors the difference is +" in rows
    assert "Not measurable on these data: A stronger hook in the first seconds brings more views" in rows
    assert rows.endswith("the clean test is an experiment: `otklik experiment new`")
    assert "Simulated" not in done.stdout


def test_claims_of_ones_own_are_told_in_russian_and_twice_the_same(folder, claims):
    first, second = (evidence("--data", folder, "--claims", claims, "--lang", "ru") for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert "Знаки помогают" in first.stdout
    assert "Signs" not in first.stdout


def test_markup_in_a_claim_is_text(folder, claims):
    assert "[red]Signs[/red] help" in evidence("--data", folder, "--claims", claims).stdout


def test_json_is_the_whole_trial_and_nothing_else(folder, claims):
    done = evidence("--data", folder, "--claims", claims, "--json", "-", "--seed", "3")
    told = json.loads(done.stdout)
    assert (told["target"], told["seed"], told["n_posts"]) == ("mature", 3, 800)
    assert [one["id"] for one in told["results"]] == ["mine"]
    assert set(told["results"][0]["rungs"]) >= {"raw", "controls", "fixed_effects"}
    assert "simulated" not in told


def test_a_simulated_store_says_so_on_the_terminal_in_json_and_on_the_page(folder, claims, tmp_path):
    space, page = tmp_path / "space", tmp_path / "trial.html"
    assert otklik("init", space).returncode == 0
    assert otklik("import", folder, "--workspace", space).returncode == 0
    with Store.open(f"sqlite:///{space / 'store.sqlite'}") as store:
        Tracks(store).set_mark(NATURE, SIMULATED)
    done = evidence("--workspace", space, "--claims", claims, "--html", page)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Simulated data.")
    assert "Simulated data." in page.read_text("utf-8")
    assert json.loads(evidence("--workspace", space, "--claims", claims, "--json", "-").stdout)["simulated"] is True


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--data", "{tmp}/nowhere"], 78, "there is no file or folder"),
        (["--data", "{data}", "--claims", "{tmp}/none.yaml"], 78, "cannot read the claims"),
        (["--data", "{data}", "--claims", "{data}/posts.parquet"], 78, "cannot read the claims"),
        (["--data", "{data}", "--target", "reactions_24h"], 78, "choose one of views_24h, mature"),
        (["--data", "{data}", "--target", "likes"], 78, "there is no target 'likes'"),
        (["--data", "{data}", "--target", "views_24h"], 65, "at least 2 authors with a label; got 0"),
        (["--data", "{data}", "--claims", "{claims}", "--html", "{tmp}/none/x.html"], 74, "cannot be written"),
        (["--workspace", "{tmp}/none"], 74, "cannot be opened"),
    ],
)
def test_errors_are_one_sentence_and_an_exit_code_by_kind(folder, claims, tmp_path, arguments, code, message):
    named = {"{tmp}": tmp_path, "{data}": folder, "{claims}": claims}
    told = list(arguments)
    for name, path in named.items():
        told = [one.replace(name, str(path)) for one in told]
    done = otklik("evidence", *([] if "--target" in told else ["--target", "mature"]), "--quick", *told)
    assert done.returncode == code, done.stderr
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert done.stdout == "" or code == 74
