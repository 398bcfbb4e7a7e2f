"""Bad files are refused with a sentence that says what was expected, what came and what to do."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from otklik.dataset.importing import import_tables
from otklik.dataset.tables import read_tables
from otklik.errors import ConfigurationError, DataError
from otklik.store import Store

POSTS = """platform,post_id,author_id,kind,published_at,title
vk,-1_1,-1,post,2026-03-01T10:00:00Z,Сабантуй
vk,-1_2,-1,post,2026-03-02T10:00:00+03:00,"Кремль, ночь"
"""
SNAPSHOTS = """platform,post_id,observed_at,views,likes
vk,-1_1,2026-03-01T11:00:00Z,10,1
vk,-1_1,2026-03-02T10:30:00Z,120,
vk,-1_2,2026-03-02T12:00:00Z,12.0,NaN
"""


def folder(tmp_path: Path, posts: str = POSTS, snapshots: str = SNAPSHOTS, encoding: str = "utf-8") -> Path:
    (tmp_path / "posts.csv").write_bytes(posts.encode(encoding))
    (tmp_path / "snapshots.csv").write_bytes(snapshots.encode(encoding))
    return tmp_path


def test_a_plain_csv_is_read_as_it_was_meant(tmp_path):
    tables = read_tables(folder(tmp_path))
    assert tables.posts["published_at"].dt.hour.tolist() == [10, 7]
    assert tables.posts["title"].tolist() == ["Сабантуй", "Кремль, ночь"]
    assert tables.snapshots["views"].tolist() == [10, 120, 12]
    assert tables.snapshots["likes"].isna().tolist() == [False, True, True]


def test_spreadsheets_semicolons_tabs_and_byte_order_marks_are_read(tmp_path):
    plain = POSTS.replace('"Кремль, ночь"', "Кремль")
    for delimiter in (";", "\t"):
        tables = read_tables(
            folder(tmp_path, plain.replace(",", delimiter), SNAPSHOTS.replace(",", delimiter), "utf-8-sig")
        )
        assert tables.snapshots["views"].tolist() == [10, 120, 12]


def test_any_platform_name_is_accepted(tmp_path):
    tables = read_tables(folder(tmp_path, POSTS.replace("vk,", "rutube,"), SNAPSHOTS.replace("vk,", "rutube,")))
    assert set(tables.posts["platform"]) == {"rutube"}


@pytest.mark.parametrize(
    ("posts", "snapshots", "message"),
    [
        (
            POSTS.replace("author_id", "autor_id"),
            SNAPSHOTS,
            "lacks the columns author_id; rename .* autor_id → author_id",
        ),
        (POSTS.replace("kind", "zzz"), SNAPSHOTS, "lacks the columns kind"),
        (POSTS, SNAPSHOTS.replace("11:00:00Z", "11:00:00"), "row 1, column observed_at: the time has no zone"),
        (POSTS, SNAPSHOTS.replace("2026-03-01T11", "01.03.2026 11"), "row 1, column observed_at: expected a date"),
        (POSTS, SNAPSHOTS.replace("03-01T11", "03-01T09"), "row 1, column observed_at: the snapshot is older"),
        (POSTS, SNAPSHOTS.replace(",120,", ",-120,"), "row 2, column views: a counter cannot be negative; got '-120'"),
        (POSTS, SNAPSHOTS.replace(",120,", ",12.5,"), "row 2, column views: expected a whole number; got '12.5'"),
        (POSTS, SNAPSHOTS.replace(",120,", ",1.2K,"), "row 2, column views: expected a whole number; got '1.2K'"),
        (POSTS, SNAPSHOTS.replace("vk,-1_2", "vk,-1_9"), "row 3, column post_id: no post has this id"),
        (
            POSTS.replace("vk,-1_1", "vk,1.23457E+11"),
            SNAPSHOTS,
            "row 1, column post_id: a spreadsheet has mangled this id",
        ),
        (POSTS.replace("vk,-1_1", "vk,=-1_1"), SNAPSHOTS, "mangled this id"),
        (POSTS.replace("vk,-1_1", "vk,"), SNAPSHOTS, "row 1, column post_id: a value is needed here"),
        (
            POSTS,
            SNAPSHOTS + "vk,-1_1,2026-03-01T11:00:00Z,11,1\n",
            "row 4, column post_id: the same key stands in an earlier",
        ),
    ],
)
def test_a_bad_row_is_named_with_its_place_and_nothing_is_written(tmp_path, posts, snapshots, message):
    source = folder(tmp_path, posts, snapshots)
    with pytest.raises(DataError, match=message):
        read_tables(source)
    with Store.open(tmp_path / "store.sqlite") as store:
        with pytest.raises(DataError, match=message):
            import_tables([source], store)
        assert not any(store.counts().values())


def test_equal_rows_count_as_the_same(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as store:
        report = import_tables([folder(tmp_path, snapshots=SNAPSHOTS + SNAPSHOTS.splitlines()[1] + "\n")], store)
    assert report.tables[1].n_new == 3
    assert report.tables[1].n_same == 1


def test_bad_rows_can_be_skipped_and_are_reported(tmp_path):
    snapshots = SNAPSHOTS.replace(",120,", ",-120,").replace("vk,-1_2", "vk,-1_9")
    with Store.open(tmp_path / "store.sqlite") as store:
        report = import_tables([folder(tmp_path, snapshots=snapshots)], store, skip_bad_rows=True)
        assert store.counts()["snapshots"] == 1
    assert sum(report.tables[1].skipped.values()) == 2
    assert "snapshots.csv:2 views='-120'" in report.tables[1].examples


def test_an_empty_file_and_a_header_alone_are_told_apart(tmp_path):
    with pytest.raises(DataError, match="is empty: expected a header"):
        read_tables(folder(tmp_path, posts=""))
    assert len(read_tables(folder(tmp_path, POSTS.splitlines()[0] + "\n", SNAPSHOTS.splitlines()[0] + "\n")).posts) == 0


def test_a_truncated_parquet_file_is_not_taken_for_data(tmp_path, cohort):
    cohort.posts.to_parquet(tmp_path / "posts.parquet")
    cohort.snapshots.to_parquet(tmp_path / "snapshots.parquet")
    whole = (tmp_path / "snapshots.parquet").read_bytes()
    (tmp_path / "snapshots.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="is not a whole Parquet file"):
        read_tables(tmp_path)


def test_parquet_with_naive_times_or_fractions_is_refused(tmp_path, cohort):
    cohort.posts.to_parquet(tmp_path / "posts.parquet")
    naive = cohort.snapshots.assign(observed_at=cohort.snapshots["observed_at"].dt.tz_localize(None))
    naive.to_parquet(tmp_path / "snapshots.parquet")
    with pytest.raises(DataError, match="column observed_at: the time has no zone"):
        read_tables(tmp_path)
    cohort.snapshots.assign(views=cohort.snapshots["views"] + 0.5).to_parquet(tmp_path / "snapshots.parquet")
    with pytest.raises(DataError, match="column views: expected a whole number"):
        read_tables(tmp_path)


def test_text_that_is_not_utf8_is_named_by_its_line(tmp_path):
    with pytest.raises(DataError, match=r"posts.csv is not UTF-8 \(line 2\)"):
        read_tables(folder(tmp_path, encoding="cp1251"))


def test_a_missing_folder_or_table_is_said(tmp_path):
    with pytest.raises(ConfigurationError, match="there is no file or folder"):
        read_tables(tmp_path / "nowhere")
    with pytest.raises(ConfigurationError, match="holds neither posts nor snapshots"):
        read_tables(tmp_path)
    (tmp_path / "posts.csv").write_text(POSTS, "utf-8")
    with pytest.raises(DataError, match="holds no snapshots"):
        read_tables(tmp_path)


def test_a_table_that_came_through_csv_equals_the_one_from_parquet(tmp_path, cohort, data_dir):
    cohort.posts.to_csv(tmp_path / "posts.csv", index=False)
    cohort.snapshots.to_csv(tmp_path / "snapshots.csv", index=False)
    from_csv, from_parquet = read_tables(tmp_path), read_tables(data_dir)
    pd.testing.assert_frame_equal(from_csv.snapshots, from_parquet.snapshots)
    pd.testing.assert_frame_equal(from_csv.posts.drop(columns="text"), from_parquet.posts.drop(columns="text"))
