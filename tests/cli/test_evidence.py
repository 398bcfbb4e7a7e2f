"""``otklik evidence`` as a person or a program meets it."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

from cli_process import otklik
from otklik import workflows
from otklik.cli import main, session
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


@dataclass(frozen=True)
class Done:
    """What came of a call: as from a process of its own, without its start."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def evidence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """``otklik evidence`` in this process: the libraries behind it take seconds to load."""
    for name in [name for name in os.environ if name.startswith("OTKLIK_")]:
        monkeypatch.delenv(name)

    def call(*arguments: object) -> Done:
        told = list(map(str, arguments))
        usual = [] if "--target" in told else ["--target", "mature"]
        monkeypatch.setattr(sys, "argv", ["otklik", "evidence", "--quick", *usual, *told])
        monkeypatch.setattr(session, "lang", "en")
        monkeypatch.setattr(session, "zone", "UTC")
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        found = capsys.readouterr()
        return Done(int(ended.value.code or 0), found.out, found.err)

    return call


def test_the_claims_of_the_article_are_told_as_a_table_a_sentence_each_and_a_page(folder, tmp_path):
    page = tmp_path / "trial.html"
    done = otklik("evidence", "--data", folder, "--target", "mature", "--quick", "--html", page)
    assert done.returncode == 0, done.stderr
    rows, told = " ".join(done.stdout.split()), unescape(page.read_text("utf-8"))
    assert "800 posts of 33 authors" in rows
    for one in house_claims():
        assert one.said("en") in rows
        assert one.said("en") in told
    assert "Inside authors the difference is +" in rows
    assert "Not measurable on these data: A stronger hook in the first seconds brings more views" in rows
    assert rows.endswith("the clean test is an experiment: `otklik experiment new`")
    assert "Simulated" not in done.stdout


def test_claims_of_ones_own_are_told_in_russian_and_twice_the_same(evidence, folder, claims):
    first, second = (evidence("--data", folder, "--claims", claims, "--lang", "ru") for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert "Знаки помогают" in first.stdout
    assert "Signs" not in first.stdout


def test_markup_in_a_claim_is_text(evidence, folder, claims):
    assert "[red]Signs[/red] help" in evidence("--data", folder, "--claims", claims).stdout


def test_json_is_the_whole_trial_and_nothing_else(evidence, folder, claims):
    done = evidence("--data", folder, "--claims", claims, "--json", "-", "--seed", "3")
    told = json.loads(done.stdout)
    assert (told["target"], told["seed"], told["n_posts"]) == ("mature", 3, 800)
    assert [one["id"] for one in told["results"]] == ["mine"]
    assert set(told["results"][0]["rungs"]) >= {"raw", "controls", "fixed_effects"}
    assert "simulated" not in told


def test_a_simulated_store_says_so_on_the_terminal_in_json_and_on_the_page(evidence, folder, claims, tmp_path):
    space, page, file = tmp_path / "space", tmp_path / "trial.html", tmp_path / "trial.json"
    workflows.init(space)
    workflows.import_tables([folder], f"sqlite:///{space / 'store.sqlite'}")
    with Store.open(f"sqlite:///{space / 'store.sqlite'}") as store:
        Tracks(store).set_mark(NATURE, SIMULATED)
    done = evidence("--workspace", space, "--claims", claims, "--html", page, "--json", file)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Simulated data.")
    assert "the store: 800 posts" in done.stdout
    assert "Simulated data." in page.read_text("utf-8")
    assert json.loads(file.read_text("utf-8"))["simulated"] is True


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
def test_errors_are_one_sentence_and_an_exit_code_by_kind(evidence, folder, claims, tmp_path, arguments, code, message):
    places = {"{tmp}": tmp_path, "{data}": folder, "{claims}": claims}
    for name, path in places.items():
        arguments = [one.replace(name, str(path)) for one in arguments]
    done = evidence(*arguments)
    assert done.returncode == code, done.stderr
    assert message in " ".join(done.stderr.split())
    assert done.stdout == ""
