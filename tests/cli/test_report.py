"""``otklik report`` as a person or a program meets it."""

from __future__ import annotations

import json

import pytest

from card_samples import CARD
from cli_process import otklik
from otklik.store import NATURE, SIMULATED, Store, Tracks
from surveyed import made

AUTHOR = "youtube:author_0000"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A workspace with a simulated store."""
    folder = tmp_path_factory.mktemp("workspace")
    rows = made()
    with Store.open(folder / "store.sqlite") as store:
        store.write_posts(rows.posts)
        store.write_snapshots(rows.snapshots)
        Tracks(store).set_mark(NATURE, SIMULATED)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The same as files."""
    path = tmp_path_factory.mktemp("cohort")
    made().posts.to_parquet(path / "posts.parquet")
    made().snapshots.to_parquet(path / "snapshots.parquet")
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A folder with a card, which is all that its report needs."""
    from otklik.models.card import FORMAT, _canonical, _checksum

    path = tmp_path_factory.mktemp("model")
    plain = {"format": FORMAT, **{name: one for name, one in CARD.items() if name != "checksum"}}
    plain["checksum"] = _checksum(_canonical(plain))
    (path / "card.json").write_text(json.dumps(plain), "utf-8")
    return path


def test_a_corpus_is_told_in_both_languages_and_as_a_page(workspace, tmp_path):
    english = otklik("report", "corpus", "--workspace", workspace)
    russian = otklik("report", "corpus", "--workspace", workspace, "--html", tmp_path / "page.html", "--lang", "ru")
    assert english.returncode == russian.returncode == 0, english.stderr + russian.stderr
    assert english.stdout.startswith("Simulated data.")
    assert russian.stdout.startswith("Смоделированные данные.")
    for words in (
        "The typical band by age",
        "Hours differ (p ≤ 0.002",
        "What has worked lately",
        "How well it was seen",
    ):
        assert words in english.stdout
        assert words not in russian.stdout
    for words in ("Обычная полоса по возрасту", "Часы различаются", "С меткой"):
        assert words in russian.stdout
    assert (tmp_path / "page.html").read_text("utf-8").startswith('<!DOCTYPE html>\n<html lang="ru">')


def test_an_author_s_report_is_json_and_nothing_else(folder):
    done = otklik("report", "author", AUTHOR, "--data", folder, "--json", "-")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["subject"] == AUTHOR
    assert told["n_authors"] == 1
    assert len(told["posts"]) == 20
    assert told["hours"]["cluster"] == "week"


def test_what_was_not_known_then_is_not_used(folder):
    done = otklik("report", "corpus", "--data", folder, "--as-of", "2026-04-01T00:00:00Z", "--json", "-")
    told = json.loads(done.stdout)
    assert told["as_of"] == "2026-04-01T00:00:00+00:00"
    assert told["last"] <= told["as_of"]
    assert told["n_posts"] < 1200


def test_a_model_is_told_with_its_limits(model, tmp_path):
    done = otklik("report", "model", "--model", model, "--html", tmp_path / "page.html", "--workspace", tmp_path)
    assert done.returncode == 0, done.stderr
    for words in ("mine", "What it must not be used for", "ridge", "81.0%"):
        assert words in done.stdout
    assert "There is no store here" in (tmp_path / "page.html").read_text("utf-8")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["page.html"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("author", "nonsense"), "expected an author such as"),
        (("author", "youtube:nobody"), "has no posts here"),
        (("corpus", "--target", "nonsense"), "there is no target"),
        (("corpus", "--as-of", "yesterday"), "expected a date and time"),
        (("corpus", "--as-of", "2001-01-01T00:00:00Z"), "holds no posts"),
        (("corpus", "--zone", "Mars/Crater"), "the time zone"),
        (("corpus", "--data", "/nowhere"), "/nowhere"),
        (("corpus", "--html", "/nowhere/page.html"), "cannot be written"),
        (("model", "--model", "/nowhere"), "there is no model"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(workspace, arguments, said):
    done = otklik("report", *arguments, "--workspace", workspace)
    assert done.returncode > 1
    assert said in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_without_a_store_it_says_how_to_make_one(tmp_path):
    done = otklik("report", "corpus", "--workspace", tmp_path)
    assert done.returncode > 1
    assert "there is no store in" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_hostile_title_cannot_command_the_terminal(tmp_path):
    rows = made()
    with Store.open(tmp_path / "store.sqlite") as store:
        store.write_posts(rows.posts.assign(title="\x1b[31m\u202e[red]{title}%s #\x1bтег"))
        store.write_snapshots(rows.snapshots)
    done = otklik("report", "author", AUTHOR, "--workspace", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "[red]{title}%s" in done.stdout
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
