"""Exports: every cell is what it is, every text is harmless and can be told back, every column is explained."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from openpyxl.utils.escape import unescape

from hostile_texts import HOSTILE, texts
from otklik.dataset.tables import read_tables
from otklik.errors import ConfigurationError, DataError, StorageError
from otklik.exporting import Asked, CsvStyle, Exported, as_xlsx, export, write
from otklik.exporting.columns import KINDS, definitions, every_definition
from otklik.exporting.neutral import neutral, original, writable
from otklik.exporting.sheet import About, Sheet
from otklik.features import CATALOG
from otklik.schema import POSTS, SNAPSHOTS, conform
from otklik.store import NATURE, SIMULATED, Store, Tracks
from otklik.tracking.retention import profile_named, purge

AT = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
ZONE = "Asia/Yekaterinburg"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def posts_of(titles: list[str]) -> pd.DataFrame:
    rows = [
        {
            "platform": "vk" if number % 2 else "youtube",
            "post_id": f"-1_{number}",
            "author_id": "-1",
            "kind": "clip",
            "published_at": AT + timedelta(minutes=number),
            "title": title,
            "duration_s": None if number == 1 else 30 + number,
            "synthetic_media": [True, False, None][number % 3],
        }
        for number, title in enumerate(titles)
    ]
    frame = pd.DataFrame(rows)
    frame["published_at"] = pd.to_datetime(frame["published_at"], utc=True).astype("datetime64[us, UTC]")
    return conform(frame, POSTS)


def looks_of(posts: pd.DataFrame, source: str = "videos.list") -> pd.DataFrame:
    parts = [
        posts[["platform", "post_id"]].assign(
            observed_at=posts["published_at"] + pd.Timedelta(hours=hours),
            views=1000 * (hours + 1),
            likes=10 * (hours + 1),
            source=source,
        )
        for hours in range(4)
    ]
    return conform(pd.concat(parts, ignore_index=True), SNAPSHOTS)


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store with every hostile text as a title."""
    url = str(tmp_path / "store.sqlite")
    posts = posts_of([writable(text) for text in HOSTILE.values()])
    with Store.open(url) as opened:
        opened.write_posts(posts)
        opened.write_snapshots(looks_of(posts))
    return url


@pytest.fixture
def small(tmp_path: Path) -> str:
    """A store with few posts, all of plain titles."""
    url = str(tmp_path / "small.sqlite")
    posts = posts_of(["Казань", "=1+1", "Мечеть в неоне"])
    with Store.open(url) as opened:
        opened.write_posts(posts)
        opened.write_snapshots(looks_of(posts))
    return url


def asked(store: str, what: str = "posts", **more: object) -> Asked:
    return Asked(what, store, ZONE, as_of=AT + timedelta(days=2), **more)


def stored_titles(store: str) -> list[str]:
    with Store.open(store) as opened:
        return [None if pd.isna(one) else one for one in opened.posts()["title"]]


def cells(file: Path, sep: str = ",", encoding: str = "utf-8") -> list[list[str]]:
    with file.open(encoding=encoding, newline="") as opened:
        return list(csv.reader(opened, delimiter=sep))


# -- formulas -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_is_obeyed_and_every_one_can_be_told_back(text):
    safe = neutral(text)
    assert not safe.startswith(FORMULA)
    assert not safe.lstrip().startswith(FORMULA)
    assert original(safe) == text
    assert safe in (text, "'" + text)


@given(texts)
def test_any_text_can_be_told_back(text):
    assert original(neutral(text)) == text
    assert not neutral(text).startswith("=")


@pytest.mark.parametrize("text", ["Казань", "'tis", "a=b", "1+1", "", "😍 -1", "«=»"])
def test_a_text_that_no_spreadsheet_obeys_is_left_alone(text):
    assert neutral(text) == text


def test_ids_of_vk_stay_ids_and_an_id_of_youtube_that_begins_with_a_minus_is_made_safe():
    assert [neutral(one) for one in ("-1_42", "-1", "-1-1", "-aB3")] == ["-1_42", "-1", "'-1-1", "'-aB3"]


# -- CSV ----------------------------------------------------------------------------------------------------


def test_csv_returns_every_hostile_title_and_holds_no_formula(store, tmp_path):
    done = export(asked(store), tmp_path / "posts.csv")
    head, *rows = cells(done.file)
    assert head == POSTS.names
    titles = [row[head.index("title")] for row in rows]
    assert not [one for one in titles if one.lstrip().startswith(FORMULA)]
    assert [original(one) for one in titles] == [one or "" for one in stored_titles(store)]
    changed = sum(one != original(one) for one in titles)
    assert done == Exported("posts", tmp_path / "posts.csv", 50, 17, changed, 0, done.citation)
    assert changed >= 10


def test_csv_keeps_numbers_flags_and_instants_and_leaves_the_unknown_empty(store, tmp_path):
    head, *rows = cells(export(asked(store), tmp_path / "posts.csv").file)
    first = dict(zip(head, rows[0], strict=True))
    assert (first["duration_s"], first["synthetic_media"], first["post_id"]) == ("30", "true", "-1_0")
    assert first["published_at"] == "2026-11-20T20:30:00+05:00"
    assert (rows[1][head.index("duration_s")], rows[2][head.index("synthetic_media")]) == ("", "")


def test_csv_for_a_russian_excel_has_semicolons_a_mark_and_decimal_commas(small, tmp_path):
    done = export(asked(small, "features"), tmp_path / "features.csv", CsvStyle(";", ",", bom=True))
    assert done.file.read_bytes().startswith(b"\xef\xbb\xbfplatform;post_id;")
    head, *rows = cells(done.file, ";", "utf-8-sig")
    hours = [row[head.index("calendar__hour_local")] for row in rows]
    assert hours[0] == "20,5"
    assert not any("." in one for one in hours)


def test_numbers_below_0_are_numbers_in_csv(small, tmp_path):
    early = Asked("features", small, ZONE, as_of=AT + timedelta(minutes=10, seconds=1))
    head, *rows = cells(export(early, tmp_path / "features.csv").file)
    sines = [float(row[head.index("calendar__hour_sin")]) for row in rows]
    assert min(sines) < 0


def test_a_table_can_be_imported_again(cohort, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    url = str(tmp_path / "store.sqlite")
    with Store.open(url) as opened:
        # An empty text and an unknown one are the same to the import format.
        opened.write_posts(cohort.posts.assign(text=None))
        opened.write_snapshots(cohort.snapshots)
        before = opened.posts(), opened.snapshots(as_of=datetime(2030, 1, 1, tzinfo=UTC))
    for suffix in (".csv", ".parquet"):
        for what in ("posts", "snapshots"):
            export(Asked(what, url, ZONE), folder / f"{what}{suffix}")
        again = read_tables(folder)
        for found, wanted in ((again.posts, before[0]), (again.snapshots, before[1])):
            pd.testing.assert_frame_equal(
                *(one.sort_values(found.columns[:3].tolist(), ignore_index=True) for one in (found, wanted))
            )
        for file in folder.iterdir():
            file.unlink()


# -- XLSX ---------------------------------------------------------------------------------------------------


def test_xlsx_returns_every_hostile_title_as_text_and_holds_no_formula_and_no_link(store, tmp_path):
    done = export(asked(store), tmp_path / "posts.xlsx")
    book = openpyxl.load_workbook(done.file)
    page = book.worksheets[0]
    assert {cell.data_type for row in page.iter_rows(min_row=2) for cell in row} <= {"n", "s", "d", "b", "inlineStr"}
    assert not [cell for one in book.worksheets for row in one.iter_rows() for cell in row if cell.data_type == "f"]
    assert not [cell for row in page.iter_rows() for cell in row if cell.hyperlink]
    column = [cell.value for cell in page[1]].index("title") + 1
    told = [page.cell(row, column).value or "" for row in range(2, page.max_row + 1)]
    wanted = [as_xlsx.cut(neutral(one)) for one in (text or "" for text in stored_titles(store))]
    assert [unescape(one) for one in told] == wanted  # openpyxl leaves control characters in their escape
    assert done.n_cut == sum(len(one.encode("utf-16-le")) > 2 * as_xlsx.MAX_CHARS for one in wanted_whole(store))
    with zipfile.ZipFile(done.file) as archive:
        assert not [name for name in archive.namelist() if "external" in name or "vba" in name.lower()]
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def wanted_whole(store: str) -> list[str]:
    return [neutral(one or "") for one in stored_titles(store)]


def test_xlsx_has_numbers_as_numbers_and_instants_as_dates_in_the_zone_of_the_head(store, tmp_path):
    page = openpyxl.load_workbook(export(asked(store), tmp_path / "posts.xlsx").file).worksheets[0]
    head = [cell.value for cell in page[1]]
    assert f"published_at [{ZONE}]" in head
    assert "duration_s [s]" in head
    first = dict(zip(head, [cell.value for cell in page[2]], strict=True))
    assert first[f"published_at [{ZONE}]"] == datetime(2026, 11, 20, 20, 30)
    assert first["duration_s [s]"] == 30
    assert first["synthetic_media"] is True
    assert page["J3"].value is None
    assert page.freeze_panes == "A2"


def test_xlsx_explains_every_column_and_tells_how_to_cite_it(store, tmp_path):
    done = export(asked(store, lang="ru"), tmp_path / "posts.xlsx")
    book = openpyxl.load_workbook(done.file)
    rows = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == POSTS.names
    assert all(all(row) for row in rows)
    about = [row[0] for row in book.worksheets[2].iter_rows(values_only=True)]
    assert about[0] == done.citation
    assert "otklik 0." in about[0]
    assert "22 нояб. 2026" in about[0]
    assert any(str(done.n_neutral) in line for line in about[1:])
    assert any(ZONE in line for line in about[1:])


def test_a_sheet_holds_no_more_rows_than_excel_knows(store, tmp_path, monkeypatch):
    monkeypatch.setattr(as_xlsx, "MAX_ROWS", 49)
    with pytest.raises(DataError, match=r"holds 49 rows, and there are 50: write \.csv or \.parquet"):
        export(asked(store), tmp_path / "posts.xlsx")
    assert not list(tmp_path.glob("*.xlsx"))


def test_what_excel_cannot_hold_as_a_number_or_a_date_is_text(tmp_path):
    instants = pd.to_datetime(["1890-01-01T00:00Z", "2026-01-01T00:00Z"])
    frame = pd.DataFrame({"n": [10**18, 1], "x": [np.inf, 0.1], "at": instants})
    about = About("x", AT, None, "0", "UTC", "en")
    done = write(Sheet("posts", frame, definitions("posts", frame.columns), about), tmp_path / "odd.xlsx")
    rows = list(openpyxl.load_workbook(done.file).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert rows[0] == (str(10**18), None, "1890-01-01T00:00:00+00:00")
    assert rows[1] == (1, 0.1, datetime(2026, 1, 1))


# -- JSON and Parquet ---------------------------------------------------------------------------------------


def test_json_and_parquet_change_no_letter(store, tmp_path):
    told = json.loads(export(asked(store), tmp_path / "posts.json").file.read_text("utf-8"))
    assert [row["title"] for row in told["rows"]] == stored_titles(store)
    assert [one["column"] for one in told["columns"]] == POSTS.names
    assert told["rows"][1]["duration_s"] is None
    assert told["rows"][0]["published_at"] == "2026-11-20T20:30:00+05:00"
    table = pq.read_table(export(asked(store), tmp_path / "posts.parquet").file)
    assert table.column("title").to_pylist() == stored_titles(store)
    assert table.schema.field("duration_s").metadata[b"unit"] == b"s"
    assert table.schema.metadata[b"citation"].startswith(b"otklik 0.")


def test_json_is_strict(small, tmp_path):
    text = export(asked(small, "features"), tmp_path / "features.json").file.read_text("utf-8")

    def refuse(name: str) -> None:
        raise AssertionError(name)

    rows = json.loads(text, parse_constant=refuse)["rows"]
    assert any(value is None for value in rows[0].values())


# -- what is exported ---------------------------------------------------------------------------------------


def test_every_column_of_every_table_is_explained():
    for what in KINDS:
        found = every_definition(what)
        assert all(one.doc and one.unit and one.source and one.missing for one in found), what
        assert len({one.name for one in found}) == len(found)
    assert {one.name for one in CATALOG} <= {one.name for one in every_definition("features")}


def test_later_looks_change_no_earlier_export(small, tmp_path):
    early = Asked("snapshots", small, ZONE, as_of=AT + timedelta(minutes=70))
    n_rows = export(early, tmp_path / "early.csv").n_rows
    assert 0 < n_rows < export(asked(small, "snapshots"), tmp_path / "all.csv").n_rows == 12
    early = Asked("features", small, ZONE, as_of=AT + timedelta(minutes=70))
    before = export(early, tmp_path / "before.parquet").file
    with Store.open(small) as opened:
        posts = opened.posts()
        late = looks_of(posts).assign(observed_at=posts["published_at"].max() + pd.Timedelta(days=1), views=10**6)
        opened.write_snapshots(late.drop_duplicates(["platform", "post_id"]))
    after = export(early, tmp_path / "after.parquet").file
    pd.testing.assert_frame_equal(pd.read_parquet(before), pd.read_parquet(after))


def test_features_name_their_post_and_age(small, tmp_path):
    frame = pd.read_parquet(export(asked(small, "features"), tmp_path / "features.parquet").file)
    assert list(frame.columns[:7]) == ["platform", "post_id", "author_id", "kind", "published_at", "as_of", "age_h"]
    assert frame["age_h"].iloc[0] == pytest.approx(48.0)
    assert {one.name for one in CATALOG} <= set(frame.columns)


def test_an_evaluation_is_a_table_of_one_row_a_stratum_and_model(data_dir, model_dir, tmp_path):
    wanted = Asked("evaluation", "", ZONE, data=data_dir, model=model_dir)
    done = export(wanted, tmp_path / "evaluation.xlsx")
    page = openpyxl.load_workbook(done.file).worksheets[0]
    head = [cell.value for cell in page[1]]
    assert head[:4] == ["task", "prediction_age_h [h]", "stratum", "model"]
    assert "vs_best_baseline_ratio" in head
    assert {page.cell(row, 4).value for row in range(2, page.max_row + 1)} >= {"otklik", "author_median"}
    assert "cohort" in done.citation


def test_simulated_data_says_so(store, tmp_path):
    with Store.open(store) as opened:
        Tracks(opened).set_mark(NATURE, SIMULATED)
    told = json.loads(export(asked(store), tmp_path / "posts.json").file.read_text("utf-8"))
    assert told["about"]["remarks"][0] == "Simulated data."


# -- doors --------------------------------------------------------------------------------------------------


def test_retention_reaches_what_is_exported_from_the_store(store, tmp_path):
    file = export(asked(store), tmp_path / "posts.csv").file
    kept = tmp_path / "kept.csv"
    kept.write_text("mine", "utf-8")
    with Store.open(store) as opened:
        assert [path for path, _ in Tracks(opened).exports()] == [str(file.resolve())]
        purge(opened, profile_named("youtube-unaudited"), AT + timedelta(days=60), is_dry=False)
    assert not file.exists()
    assert kept.exists()


def test_a_file_that_is_there_stays_when_the_new_one_fails(store, tmp_path, monkeypatch):
    file = tmp_path / "posts.xlsx"
    file.write_text("mine", "utf-8")
    monkeypatch.setattr(as_xlsx, "MAX_ROWS", 1)
    with pytest.raises(DataError):
        export(asked(store), file)
    assert file.read_text("utf-8") == "mine"
    assert not list(tmp_path.glob(".otklik-*"))


@pytest.mark.parametrize(
    ("what", "name", "style", "kind", "message"),
    [
        ("gossip", "x.csv", None, ConfigurationError, "there is no export of 'gossip': choose one of posts"),
        ("posts", "x.doc", None, ConfigurationError, r"ends with \.csv, \.xlsx, \.parquet, \.json, but got"),
        ("posts", "x", None, ConfigurationError, "ends with"),
        ("posts", "x.xlsx", CsvStyle(";"), ConfigurationError, "are for CSV"),
        ("posts", "none/x.csv", None, StorageError, "cannot be written: No such file"),
        ("posts", "folder.csv", None, StorageError, "cannot be written: Is a directory"),
    ],
)
def test_a_bad_wish_is_told_in_one_sentence(store, tmp_path, what, name, style, kind, message):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(kind, match=message):
        export(asked(store, what), tmp_path / name, style)
    with Store.open(store) as opened:
        assert Tracks(opened).exports() == []


@pytest.mark.parametrize(
    ("style", "message"),
    [
        ((":",), "cells cannot be parted by ':'"),
        (("",), "cells cannot be parted by ''"),
        ((";", "'"), "decimals cannot be written with"),
        ((",", ","), "cannot part both cells and decimals"),
    ],
)
def test_a_bad_style_is_told(style, message):
    with pytest.raises(ConfigurationError, match=message):
        CsvStyle(*style)


def test_an_empty_store_has_nothing_to_export(tmp_path):
    url = str(tmp_path / "store.sqlite")
    Store.open(url).close()
    with pytest.raises(DataError, match="the store holds no posts at that time"):
        export(Asked("posts", url, "UTC"), tmp_path / "posts.csv")


def test_the_same_rows_make_the_same_csv(store, tmp_path):
    one, two = (export(asked(store), tmp_path / f"{name}.csv").file.read_bytes() for name in ("one", "two"))
    assert one == two
    assert io.TextIOWrapper(io.BytesIO(one), encoding="utf-8").readline().startswith("platform,post_id")
