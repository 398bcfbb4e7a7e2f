"""``otklik export`` as a person meets it."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from cli_process import otklik
from hostile_texts import HOSTILE
from otklik.cli import session
from otklik.cli.render_forecast import render
from otklik.exporting.neutral import original, writable
from otklik.schema import POSTS, SNAPSHOTS, conform
from otklik.store import Store
from shown_values import forecast_of

AT = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with every hostile text as a title."""
    folder = tmp_path_factory.mktemp("export")
    common = {"platform": "vk", "author_id": "-1", "kind": "clip"}
    posts = pd.DataFrame(
        [
            {**common, "post_id": f"-1_{n}", "published_at": AT + timedelta(minutes=n), "title": writable(text)}
            for n, text in enumerate(HOSTILE.values())
        ]
    )
    looks = posts[["platform", "post_id"]].assign(observed_at=posts["published_at"] + pd.Timedelta(hours=1), views=100)
    with Store.open(folder / "store.sqlite") as store:
        store.write_posts(conform(posts, POSTS))
        store.write_snapshots(conform(looks, SNAPSHOTS))
    return folder


def test_posts_become_a_workbook_and_the_terminal_says_what_is_in_it(home):
    file = home / "posts.xlsx"
    done = otklik("export", "posts", "--to", file, "--workspace", home, "--zone", "Europe/Moscow")
    assert done.returncode == 0, done.stderr
    assert "posts: 50 rows, 17 columns:" in done.stdout
    assert "otklik 0." in done.stdout
    assert "An apostrophe stands before what a spreadsheet would take for a formula" in done.stdout
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["posts", "columns", "about"]
    assert book.worksheets[0].max_row == 51


def test_the_workbook_and_the_terminal_speak_russian(home):
    file = home / "посты.xlsx"
    done = otklik("export", "posts", "--to", file, "--workspace", home, "--lang", "ru")
    assert done.returncode == 0, done.stderr
    assert "посты: строк 50, столбцов 17" in done.stdout
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["посты", "столбцы", "о таблице"]
    rows = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert all(any("а" <= char.lower() <= "я" for char in row[2]) for row in rows)


def test_csv_for_a_russian_excel(home):
    file = home / "snapshots.csv"
    flags = ("--sep", ";", "--decimal", ",", "--bom", "--as-of", "2026-11-20T20:00:00+03:00", "--json", "-")
    done = otklik("export", "snapshots", "--to", file, "--workspace", home, *flags)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["n_rows"], told["file"]) == (31, str(file))
    with file.open(encoding="utf-8-sig", newline="") as opened:
        head, *rows = list(csv.reader(opened, delimiter=";"))
    assert head[:3] == ["platform", "post_id", "observed_at"]
    assert len(rows) == 31
    assert rows[0][1:3] == ["-1_0", "2026-11-20T19:30:00+03:00"]


def test_hostile_titles_come_back_from_csv(home):
    file = home / "posts.csv"
    assert otklik("export", "posts", "--to", file, "--workspace", home, "--sep", "tab").returncode == 0
    with file.open(encoding="utf-8", newline="") as opened:
        head, *rows = list(csv.reader(opened, delimiter="\t"))
    titles = [original(row[head.index("title")]) for row in rows]
    assert titles == [writable(text) for text in HOSTILE.values()]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["gossip", "--to", "{tmp}/x.csv"], 78, "there is no export of 'gossip': choose one of posts, snapshots"),
        (["posts", "--to", "{tmp}/x.doc"], 78, "expected a file that ends with .csv, .xlsx"),
        (["posts", "--to", "{tmp}/x.csv", "--sep", "::"], 78, "cells cannot be parted by '::'"),
        (["posts", "--to", "{tmp}/x.csv", "--decimal", ","], 78, "cannot part both cells and decimals"),
        (["posts", "--to", "{tmp}/x.xlsx", "--bom"], 78, "--sep, --decimal and --bom are for CSV"),
        (["posts", "--to", "{tmp}/none/x.csv"], 74, "cannot be written: No such file or directory"),
        (["posts", "--to", "{tmp}/x.csv", "--as-of", "soon"], 78, "expected a date and time"),
        (["posts", "--to", "{tmp}/x.csv", "--as-of", "2020-01-01"], 65, "the store holds no posts at that time"),
        (["posts", "--to", "{tmp}/x.csv", "--data", "nowhere"], 78, "there is no file or folder nowhere"),
        (["evaluation", "--to", "{tmp}/x.csv", "--model", "nowhere"], 78, "there is no model in nowhere"),
        (["posts"], 2, "Missing option '--to'"),
    ],
)
def test_a_bad_wish_is_one_sentence_and_writes_nothing(home, tmp_path, arguments, code, message):
    done = otklik("export", *(one.replace("{tmp}", str(tmp_path)) for one in arguments), "--workspace", home)
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_titles_stay_text_in_a_terminal(text, capsys):
    render(replace(forecast_of(text), model="starter"), "Europe/Moscow")
    told = capsys.readouterr().out
    obeyed = {*map(chr, (*range(0x20), *range(0x7F, 0xA0))), *"\u202a\u202b\u202d\u202e\u2066\u2067\u2068"} - {"\n"}
    assert not set(told) & obeyed
    told.encode("utf-8")
    assert session.clean(text).strip()[:20] in told
