"""``otklik teardown`` as a person or a program meets it."""

from __future__ import annotations

import json

import pytest

from cli_process import otklik

POST = "vk:-2100000_61"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A workspace whose store holds the example."""
    from otklik.store import Store
    from otklik.teardown import write_example

    folder = tmp_path_factory.mktemp("workspace")
    with Store.open(folder / "store.sqlite") as store:
        write_example(store)
    return folder


def test_the_example_is_taken_apart_in_both_languages_without_a_store(tmp_path):
    english = otklik("teardown", "--example", cwd=tmp_path)
    russian = otklik("teardown", "--example", "--html", "page.html", "--lang", "ru", cwd=tmp_path)
    assert english.returncode == russian.returncode == 0, english.stderr + russian.stderr
    assert english.stdout.startswith("Simulated data.")
    assert russian.stdout.startswith("Смоделированные данные.")
    for words in ("230,000 views and 15,000 reactions in 24 h", "10. What is not known", "Rival explanations"):
        assert words in english.stdout
        assert words not in russian.stdout
    for words in ("Чисты ли счётчики", "230 000", "Другие объяснения", "Чего мы не знаем"):
        assert words in russian.stdout.replace("\xa0", " ")
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["page.html"]


def test_a_post_of_the_store_as_of_an_instant_is_json_and_nothing_else(workspace):
    done = otklik("teardown", POST, "--at", "2026-11-20T22:00:00+03:00", "--json", "-", "--workspace", workspace)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["simulated"] is True
    assert told["subject"]["age_h"] == 3.0
    assert told["compare_h"] == 3.0
    assert told["subject"]["views_24h"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name one of: a post such as vk:-1_42, or --example"),
        ((POST, "--example"), "name one of"),
        (("nonsense",), "expected a post such as"),
        (("vk:nobody",), "is not in the store"),
        ((POST, "--at", "yesterday"), "expected a date and time"),
        ((POST, "--at", "2026-11-01T00:00:00Z"), "name a later --at"),
        ((POST, "--zone", "Mars/Crater"), "the time zone"),
        (("--example", "--html", "/nowhere/page.html"), "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(workspace, arguments, said):
    done = otklik("teardown", *arguments, "--workspace", workspace)
    assert done.returncode > 1
    assert said in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_a_hostile_title_cannot_command_the_terminal(tmp_path):
    from otklik.store import Store
    from otklik.teardown import write_example

    with Store.open(tmp_path / "store.sqlite") as store:
        write_example(store)
        posts = store.posts()
        evil = posts["title"].where(posts["post_id"] != "-2100000_61", "\x1b[31m\u202e[red]{title}%s")
        store.write_posts(posts.assign(title=evil))
    done = otklik("teardown", POST, "--workspace", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "[31m[red]{title}%s" in done.stdout
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
