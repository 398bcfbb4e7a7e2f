"""Draft files: read as meant, refused with a hint."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from otklik.dataset.drafts import read_draft
from otklik.errors import ConfigurationError

SAMPLE = Path(__file__).parents[2] / "data" / "drafts" / "kazan_2100"
GOOD = "title: Ночь над Казанкой\npublish_at: 2026-12-04T19:00:00+03:00\n"


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "draft.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_sample_draft_is_read_whole():
    file = read_draft(SAMPLE)
    assert file.draft.publish_at == datetime(2026, 12, 4, 16, tzinfo=UTC)
    assert len(file.draft.author.history) == 14
    assert file.draft.synthetic_media is True
    assert "Казань" in file.draft.tags


def test_a_time_without_an_offset_is_in_the_zone_given(tmp_path):
    file = write(tmp_path, "title: a\npublish_at: 2026-12-04 19:00\n")
    assert read_draft(file, "Asia/Yekaterinburg").draft.publish_at == datetime(2026, 12, 4, 14, tzinfo=UTC)


def test_media_beside_the_draft_are_found(tmp_path):
    write(tmp_path, GOOD)
    (tmp_path / "clip.mp4").write_bytes(b"")
    (tmp_path / "cover.jpg").write_bytes(b"")
    found = read_draft(tmp_path)
    assert (found.video, found.cover) == (tmp_path / "clip.mp4", tmp_path / "cover.jpg")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + "titel: x\n", "no key 'titel' in a draft: title?"),
        (GOOD + "author: {folowers: 5}\n", "no key 'author.folowers' in a draft: followers?"),
        (GOOD + "duration_s: long\n", "duration_s must be int / float, but it is 'long'"),
        (GOOD + "duration_s: -3\n", "duration_s cannot be negative"),
        (GOOD + "synthetic_media: 1\n", "synthetic_media must be bool"),
        (GOOD + "tags: Казань\n", "tags must be list"),
        (GOOD + "tags: [1]\n", "tags must be a list of words"),
        (GOOD + "author: {history: [{views_24h: 5}]}\n", r"author.history\[1\].published_at is missing"),
        (GOOD + "author: {history: [5]}\n", r"author.history\[1\] must be published_at and views_24h"),
        (GOOD + "video: clip.mp4\n", "names the file clip.mp4, which is not beside it"),
        ("publish_at: 2026-12-04T19:00:00+03:00\n", "a draft needs a title"),
        ("title: x\npublish_at: tomorrow\n", "publish_at must be a date and time"),
        ("title: 'x\n", r"is not valid YAML \(line"),
        ("- a\n- b\n", "holds no draft"),
        ("a: &x [1]\nb: *x\n", "uses YAML aliases"),
    ],
)
def test_a_wrong_draft_is_refused_with_what_to_do(tmp_path, text, message):
    with pytest.raises(ConfigurationError, match=message):
        read_draft(write(tmp_path, text))


def test_folders_must_hold_one_draft(tmp_path):
    with pytest.raises(ConfigurationError, match="but it holds 0"):
        read_draft(tmp_path)
    write(tmp_path, GOOD)
    (tmp_path / "second.yml").write_text(GOOD, "utf-8")
    with pytest.raises(ConfigurationError, match="but it holds 2"):
        read_draft(tmp_path)
    with pytest.raises(ConfigurationError, match="there is no draft at"):
        read_draft(tmp_path / "nowhere.yaml")


def test_files_that_cannot_be_drafts_are_refused(tmp_path):
    (tmp_path / "latin.yaml").write_bytes("title: Казань".encode("cp1251"))
    with pytest.raises(ConfigurationError, match="is not UTF-8"):
        read_draft(tmp_path / "latin.yaml")
    (tmp_path / "big.yaml").write_text("title: x\ntext: " + "я" * 600_000, "utf-8")
    with pytest.raises(ConfigurationError, match="larger than a draft"):
        read_draft(tmp_path / "big.yaml")
