"""``otklik look`` as people call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from films import make_film, make_sound, tone
from PIL import Image

from cli_process import otklik

DRAFT = "data/drafts/kazan_2100"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {"OTKLIK_CACHE": str(tmp_path_factory.mktemp("cache"))}


@pytest.mark.parametrize(("lang", "word"), [("en", "shots"), ("ru", "планы")])
def test_the_sample_video_is_told_in_both_languages(lang: str, word: str, cache: dict[str, str], tmp_path: Path):
    sheet = tmp_path / "sheet.png"
    done = otklik("look", f"{DRAFT}/video.mp4", "--lang", lang, "--sheet", str(sheet), **cache)
    assert done.returncode == 0, done.stderr
    assert word in done.stdout
    assert "2100" in done.stdout or "Tesseract" in done.stdout
    with Image.open(sheet) as picture:
        assert picture.format == "PNG"
        assert picture.width == 1600


def test_json_on_standard_output_is_json_and_nothing_else(cache: dict[str, str]):
    done = otklik("look", f"{DRAFT}/cover.jpg", "--json", "-", **cache)
    told = json.loads(done.stdout, parse_constant=pytest.fail)
    assert told["file"]["kind"] == "picture"
    assert told["reuse"]["status"] == "not checked"
    assert told["features"]["video__duration_s"] is None


def test_a_sound_alone_is_looked_at_too(cache: dict[str, str], tmp_path: Path):
    done = otklik("look", str(make_sound(tmp_path / "a.wav", tone(4), "pcm_s16le")), **cache)
    assert done.returncode == 0, done.stderr
    assert "LUFS" in done.stdout


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [(None, 78, "there is no file"), (b"", 65, "empty"), (b"text\n" * 500, 65, "export it again")],
)
def test_what_is_no_media_is_a_sentence(content: bytes | None, code: int, message: str, cache, tmp_path: Path):
    path = tmp_path / "a.mp4"
    if content is not None:
        path.write_bytes(content)
    done = otklik("look", str(path), **cache)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_name_cannot_speak_to_the_terminal(cache: dict[str, str], tmp_path: Path):
    path = make_film(tmp_path / "a\x1b[31m\u202e.mp4", seconds=0.5, metadata={"title": "\x1b[2J"})
    done = otklik("look", str(path), **cache)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout


def test_a_sheet_that_cannot_be_written_and_a_probe_that_is_not_there_are_sentences(cache: dict[str, str]):
    assert "cannot be written" in otklik("look", f"{DRAFT}/cover.jpg", "--sheet", "/nowhere/a.png", **cache).stderr
    assert "there is no probe" in otklik("look", f"{DRAFT}/cover.jpg", "--probe", "none", **cache).stderr


def test_score_tells_the_text_alone_when_it_is_asked_to(cache: dict[str, str]):
    done = otklik("score", DRAFT, "--no-file", "--json", "-", **cache)
    assert json.loads(done.stdout)["files"] == []
    with_file = json.loads(otklik("score", DRAFT, "--json", "-", **cache).stdout)
    assert [Path(one["path"]).name for one in with_file["files"]] == ["video.mp4", "cover.jpg"]
    views = [json.loads(one.stdout)["views"] for one in (done,)]
    assert with_file["views"] == views[0], "a model that has seen no file is not moved by one"


def test_a_video_that_cannot_be_read_costs_no_forecast(cache: dict[str, str], tmp_path: Path):
    (tmp_path / "draft.yaml").write_text("title: Казань\nauthor: {median_views: 4000, n_posts: 20}\n", "utf-8")
    (tmp_path / "video.mp4").write_bytes(b"no video" * 100)
    done = otklik("score", tmp_path, **cache)
    assert done.returncode == 65
    assert "export it again" in done.stderr
    assert "4,000" in done.stdout
