"""``otklik symbols`` as a person or a program meets it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cli_process import otklik
from media.photos import installed


def symbols(*arguments: object, **env: str):
    return otklik("symbols", *arguments, **env)


@pytest.fixture
def covers(tmp_path: Path) -> Path:
    """Six photographs of castles and six of animals, and a file that is no picture."""
    folder = tmp_path / "covers"
    for label, thing in (("castle", "castle"), ("other", "animal")):
        (folder / label).mkdir(parents=True)
        chosen = [photo for photo in installed() if thing in photo.things][:6]
        for photo in chosen:
            Image.fromarray(photo.pixels()[::2, ::2]).save(folder / label / f"{photo.number}.jpg")
    (folder / "other" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    return folder


def test_labels_are_learnt_shown_and_listed_in_both_languages(covers: Path, tmp_path: Path):
    learnt = symbols("learn", covers, "--workspace", tmp_path, "--name", "kazan", "--sign", "castle=kremlin_fortress")
    assert learnt.returncode == 0, learnt.stderr
    for words in ("castle", "kremlin_fortress", "what was taken for what", "of 12 pictures told right", "are rough"):
        assert words in learnt.stdout
    assert "broken.jpg" in learnt.stderr
    kept = json.loads((tmp_path / "symbols" / "kazan.json").read_text("utf-8"))
    assert (kept["labels"], kept["signs"]) == (["castle", "other"], ["kremlin_fortress", None])
    listed = symbols("list", "--workspace", tmp_path, "--lang", "ru")
    assert listed.returncode == 0, listed.stderr
    assert "castle, other" in listed.stdout


def test_a_program_gets_json_and_nothing_else(covers: Path, tmp_path: Path):
    learnt = symbols("learn", covers, "--workspace", tmp_path, "--json", "-")
    told = json.loads(learnt.stdout)
    assert told["name"] == "covers"
    assert told["pictures"] == sum(map(sum, told["confusion"])) == 12
    assert [Path(name).name for name in told["passed_over"]] == ["broken.jpg"]
    (tmp_path / "symbols" / "bad.json").write_text("{}")
    listed = json.loads(symbols("list", "--workspace", tmp_path, "--json", "-").stdout)
    assert [one["name"] for one in listed["labels"]] == ["covers"]
    assert "damaged" in listed["faults"]["bad"]


def test_an_empty_workspace_says_how_to_begin(tmp_path: Path):
    listed = symbols("list", "--workspace", tmp_path)
    assert listed.returncode == 0
    assert "otklik symbols learn FOLDER" in listed.stdout


def painted(folder: Path, label: str, n: int, seed: int) -> None:
    (folder / label).mkdir(parents=True, exist_ok=True)
    made = np.random.default_rng(seed)
    for i in range(n):
        Image.fromarray(made.integers(0, 255, (24, 24, 3), dtype=np.uint8)).save(folder / label / f"{seed}_{i}.png")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{tmp}/none"], "there is no folder"),
        (["{tmp}/one"], "has 1 subfolders with pictures, at least 2 are needed"),
        (["{tmp}/few"], "the label b has 4 pictures"),
        (["{tmp}/two", "--sign", "a"], "expected --sign LABEL=SIGN"),
        (["{tmp}/two", "--sign", "c=food"], "has no subfolder: there are a, b"),
        (["{tmp}/two", "--sign", "a=castle"], "is no sign: choose one of mosque"),
        (["{tmp}/two", "--name", "../x"], "give one with --name"),
    ],
)
def test_mistakes_are_one_sentence(tmp_path: Path, arguments: list[str], message: str):
    for name, counts in (("one", (5,)), ("few", (5, 4)), ("two", (5, 5))):
        for seed, n in enumerate(counts):
            painted(tmp_path / name, "ab"[seed], n, seed)
    done = symbols("learn", *(one.replace("{tmp}", str(tmp_path)) for one in arguments), "--workspace", tmp_path)
    assert done.returncode == 78, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "symbols").exists()


def test_a_hostile_name_of_a_folder_does_not_reach_the_terminal(tmp_path: Path):
    painted(tmp_path / "two", "a\x1b[31m", 5, 0)
    painted(tmp_path / "two", "b", 5, 1)
    done = symbols("learn", tmp_path / "two", "--workspace", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
