"""A file put together: the hook, the parts, what is kept between runs, and the process that guards it all."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
from films import colours, make_film, tone

from otklik.errors import ConfigurationError, DataError, StorageError
from otklik.media import guard, keeping
from otklik.media.screening import Screening, screen

DRAFT = Path(__file__).parents[2] / "data" / "drafts" / "kazan_2100"


@pytest.fixture(scope="module")
def kazan() -> Screening:
    """The sample draft's video, of which its maker has written down what is where."""
    return screen(DRAFT / "video.mp4", "0" * 64).screening


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OTKLIK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_sample_video_is_seen_as_it_was_made(kazan: Screening):
    assert kazan.file.shape == "vertical"
    assert kazan.duration_s == pytest.approx(18.0, abs=0.05)
    assert [round(cut.at_s, 1) for cut in kazan.cuts if cut.kind == "hard"] == [3.0, 6.5, 9.5, 15.0]
    (dissolve,) = (cut for cut in kazan.cuts if cut.kind == "dissolve")
    assert 11.0 <= dissolve.at_s < dissolve.until_s <= 12.05
    assert kazan.symbols.sacred_or_historic.seen
    assert kazan.style.mean.neon > 0.4
    assert kazan.dissonance > 0.5
    assert kazan.people.n_max == 0
    assert kazan.motion.loop_likeness > 0.9


def test_the_sample_video_is_heard_as_it_was_composed(kazan: Screening):
    assert kazan.sound.loudness.lufs == pytest.approx(-14.2, abs=0.3)
    assert kazan.sound.rhythm.tempo_bpm == pytest.approx(120, abs=1)
    assert kazan.sound.voices.music_share > 0.9
    assert kazan.sound.voices.speech_share == 0


def test_titles_of_the_sample_video_are_read_where_tesseract_is(kazan: Screening):
    if kazan.overlay.status != "read":
        pytest.skip(kazan.overlay.reason)
    assert "КАЗАНЬ" in kazan.overlay.text
    assert "2100" in kazan.overlay.text
    assert kazan.overlay.in_hook


def test_what_was_seen_comes_back_from_json_as_it_was(kazan: Screening):
    assert msgspec.json.decode(msgspec.json.encode(kazan), type=Screening) == kazan
    json.loads(msgspec.json.encode(kazan), parse_constant=pytest.fail)


def test_the_hook_is_told_apart_from_the_rest(tmp_path: Path):
    def paint(at_s: float) -> np.ndarray:
        return colours(at_s if at_s < 3 else 3.0)  # moves for three seconds, then stands

    sound = np.concatenate([tone(1.0, level=0.5), np.zeros(6 * 48_000, np.float32)])
    sound += 0.01 * np.random.default_rng(0).normal(size=len(sound)).astype(np.float32)
    hook = screen(make_film(tmp_path / "a.mp4", seconds=7, paint=paint, sounds=(sound,))).screening.hook
    assert hook.start.motion > 10 * hook.rest.motion
    assert hook.first_second.loudness_db > hook.rest.loudness_db + 20
    told = {cue.name: cue.is_there for cue in hook.cues}
    assert told["the first second moves at least as much as the rest"] is True
    assert told["a cut within three seconds"] is False
    assert told["a face within three seconds"] is False


def test_a_video_of_two_seconds_has_no_rest_and_says_none(tmp_path: Path):
    hook = screen(make_film(tmp_path / "a.mp4", seconds=2)).screening.hook
    assert hook.rest is None
    assert next(c.is_there for c in hook.cues if c.name.startswith("the first second moves")) is None


def test_in_haste_no_cut_no_motion_and_no_text_are_claimed(tmp_path: Path):
    found = screen(make_film(tmp_path / "a.mp4", seconds=8, options={"g": "25"}), fast=True).screening
    assert (found.cuts, found.shots, found.motion, found.overlay) == (None, None, None, None)
    assert found.hook.start.motion is None
    assert found.hook.start.n_cuts is None
    assert any("haste" in one.template for one in found.remarks)


def test_the_same_file_is_looked_at_once_and_a_changed_one_anew(cache: Path, tmp_path: Path):
    path = make_film(tmp_path / "a.mp4", seconds=1)
    sha256 = keeping.content_hash(path)
    assert keeping.find(sha256, fast=False) is None
    guard.run(path, sha256, fast=False)
    kept = keeping.find(sha256, fast=False)
    assert kept.screening.sha256 == sha256
    assert keeping.find(sha256, fast=True) == kept, "a full screening also answers in haste"
    make_film(path, seconds=1.5)
    assert keeping.content_hash(path) != sha256
    other = path.rename(tmp_path / "renamed.mp4")
    guard.run(other, keeping.content_hash(other), fast=True)
    assert keeping.find(keeping.content_hash(other), fast=False) is None, "haste does not answer for a full one"


def test_a_damaged_entry_of_the_cache_is_as_good_as_none(cache: Path, tmp_path: Path):
    path = make_film(tmp_path / "a.mp4", seconds=1)
    sha256 = keeping.content_hash(path)
    guard.run(path, sha256, fast=False)
    (file,) = cache.rglob("screening.json")
    file.write_bytes(file.read_bytes()[:100])
    assert keeping.find(sha256, fast=False) is None
    guard.run(path, sha256, fast=False)
    assert keeping.find(sha256, fast=False) is not None, "it is replaced"


def test_a_cache_that_cannot_be_written_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("OTKLIK_CACHE", str(tmp_path / "file"))
    path = make_film(tmp_path / "a.mp4", seconds=1)
    with pytest.raises(StorageError, match="OTKLIK_CACHE"):
        guard.run(path, keeping.content_hash(path), fast=False)


def test_what_goes_wrong_in_the_other_process_is_told_in_this_one(cache: Path, tmp_path: Path):
    (tmp_path / "a.mp4").write_bytes(b"no video" * 100)
    with pytest.raises(DataError, match="export it again"):
        guard.run(tmp_path / "a.mp4", "0" * 64, fast=False)
    with pytest.raises(ConfigurationError, match="there is no file"):
        guard.run(tmp_path / "none.mp4", "0" * 64, fast=False)


def test_too_long_and_too_large_are_stopped_with_a_sentence(cache: Path, tmp_path: Path):
    path = make_film(tmp_path / "a.mp4", seconds=1)
    with pytest.raises(DataError, match="took longer"):
        guard.run(path, "0" * 64, fast=False, most_s=0.05)
    if sys.platform == "linux":
        with pytest.raises(DataError, match="damaged or too large"):
            guard.run(path, "0" * 64, fast=False, most_bytes=60_000_000)


def test_of_many_screenings_the_oldest_go(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keeping, "MOST_BYTES", 1)
    first, second = (make_film(tmp_path / f"{n}.mp4", seconds=1 + n) for n in (1, 2))
    for path in (first, second):
        keeping.keep(screen(path, keeping.content_hash(path)))
    assert keeping.find(keeping.content_hash(first), fast=False) is None
    assert keeping.find(keeping.content_hash(second), fast=False) is not None
