"""``otklik compare`` as people call it: drafts and titles in order, ties said as ties."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from otklik.cli import compare, session
from otklik.cli.compare import candidates
from otklik.errors import ConfigurationError, OtklikError
from otklik.models import card
from otklik.models.pairs import PairLaw

ROOT = Path(__file__).parents[2]
DRAFT = ROOT / "data" / "drafts" / "kazan_2100"
MODEL = ("--model", str(ROOT / "models" / "starter"))
LAW = PairLaw(1.75, 12_000, 31, realised=1.0, spread=0.8)
AUTHOR = "author: {median_views: 5000, n_posts: 20}\n"


def run(*arguments: object, lang: str = "en", law: object = LAW) -> str:
    """What the verb prints, its model with a law of pairs."""
    app = typer.Typer()
    app.command()(compare.run)
    patch = pytest.MonkeyPatch()
    load = card.load

    def loaded(folder: Path) -> card.ModelFolder:
        model = load(folder)
        for forecaster in model.forecasters.values():
            forecaster.pairs = {"all": law} if law else {}
        return model

    patch.setattr("otklik.advising.scored.load", loaded)
    patch.setattr(session, "lang", lang)
    patch.setenv("COLUMNS", "100")
    try:
        done = CliRunner().invoke(app, [*map(str, arguments), *MODEL])
    finally:
        patch.undo()
    if isinstance(done.exception, OtklikError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def write(folder: Path, name: str, title: str, more: str = AUTHOR) -> Path:
    file = folder / name
    file.write_text(f"title: {title}\npublish_at: 2026-12-04T19:00:00+03:00\n{more}", "utf-8")
    return file


def test_titles_for_one_draft_are_ranked_beside_its_own_and_ties_are_said():
    text = run("--draft", DRAFT, "--no-file", "--title", "Кремль", "--title", "Смотри")
    assert "3 drafts, the highest forecast first" in text
    assert "1 =" in text
    assert "no difference" in text
    assert "Chance that the row reaches more than the column" in text


def test_files_are_compared_and_the_chances_of_all_pairs_are_in_the_json(tmp_path):
    files = [write(tmp_path, f"{i}.yaml", title) for i, title in enumerate(("Кремль", "Смотри", "Узнаёшь город?"))]
    told = json.loads(run(*files, "--json", "-"))
    views = [one["forecast"]["views"]["p50"] for one in told["ranked"]]
    assert views == sorted(views, reverse=True)
    assert [row[i] for i, row in enumerate(told["chances"])] == [0.5, 0.5, 0.5]
    assert told["chances"][0][2] == pytest.approx(1 - told["chances"][2][0])
    assert {one["name"] for one in told["ranked"]} == {str(file) for file in files}


def test_without_pairs_no_chance_is_told(tmp_path):
    files = [write(tmp_path, "0.yaml", "Кремль"), write(tmp_path, "1.yaml", "Смотри", f"duration_s: 1800\n{AUTHOR}")]
    text = run(*files, law=None)
    assert "not calibrated" in text
    assert "%" not in text


def test_the_author_of_one_draft_is_the_author_of_those_that_name_none(tmp_path):
    files = [write(tmp_path, "a.yaml", "Кремль"), write(tmp_path, "b.yaml", "Смотри", "")]
    told = json.loads(run(*files, "--json", "-"))
    assert {one["forecast"]["baseline"]["value"] for one in told["ranked"]} == {5000}


def test_a_title_of_the_draft_s_own_and_one_said_twice_count_once():
    own = "Казань 2100: Кремль в неоне 🌙 Узнаёшь свой город?"
    found = candidates([], DRAFT, [own, "Смотри", " Смотри"], "UTC")
    assert [name for name, _, _ in found] == [str(DRAFT), "Смотри"]


def test_russian_is_spoken_where_it_is_asked_for():
    assert "от обычного" in run("--draft", DRAFT, "--no-file", "--title", "Смотри", lang="ru")


def test_a_hostile_title_does_not_reach_the_terminal():
    text = run("--draft", DRAFT, "--no-file", "--title", "\x1b]0;owned\x07[bold red]x[/] \u202etxet\u202c")
    for bad in ("\x1b", "\x07", "\u202e"):
        assert bad not in text
    assert "[bold red]x[/]" in text


def test_wrong_calls_are_one_sentence(tmp_path):
    mine = write(tmp_path, "a.yaml", "Кремль")
    other = write(tmp_path, "b.yaml", "Смотри", "author: {median_views: 90, n_posts: 20}\n")
    vk = write(tmp_path, "c.yaml", "Смотри", "platform: vk\n" + AUTHOR)
    for arguments, message in (
        ([], "at least two drafts"),
        ([mine], "at least two drafts"),
        ([mine, mine], "at least two drafts"),
        ([mine, other], "another author or platform"),
        ([mine, vk], "another author or platform"),
        (["--title", "x"], "--draft and --title go together"),
        (["--draft", DRAFT], "--draft and --title go together"),
        (["--draft", DRAFT, "--title", " "], "a draft needs a title"),
        ([mine, tmp_path / "none.yaml"], "there is no draft at"),
    ):
        with pytest.raises(ConfigurationError, match=message):
            run(*arguments)
