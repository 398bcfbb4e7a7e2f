"""A file put together: the hook, the parts, what is kept between runs, and the process that guards it all."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from av.stream import Disposition
from films import colours, make_film, sound_packets, tone

from otklik import looking
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


def test_what_cannot_be_kept_is_looked_at_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("OTKLIK_CACHE", str(tmp_path / "file"))
    path = make_film(tmp_path / "a.mp4", seconds=1)
    found = looking.screened(path).screening
    assert found.file.kind == "video"
    assert any("cannot be kept" in one.template for one in found.remarks)
    with pytest.raises(StorageError, match="OTKLIK_CACHE"):
        guard.run(path, keeping.content_hash(path), fast=False)


def test_a_file_that_changes_meanwhile_is_not_kept_under_the_old_hash(cache: Path, tmp_path: Path):
    path = make_film(tmp_path / "a.mp4", seconds=1)
    with pytest.raises(DataError, match="changed while"):
        guard.run(path, "f" * 64, fast=False)
    assert keeping.find("f" * 64, fast=False) is None


def test_nothing_is_imported_from_the_folder_one_stands_in(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = make_film(tmp_path / "a.mp4", seconds=1)
    (tmp_path / "numpy.py").write_text("from pathlib import Path\nPath('pwned').touch()\n")
    monkeypatch.chdir(tmp_path)
    guard.run(Path("a.mp4"), keeping.content_hash(path), fast=False)
    assert not (tmp_path / "pwned").exists()


def test_what_an_engine_was_missing_for_is_looked_at_once_it_is_there(cache: Path, tmp_path: Path):
    path = make_film(tmp_path / "a.mp4", seconds=1)
    kept = screen(path, keeping.content_hash(path))
    keeping.keep(replace(kept, screening=replace(kept.screening, lacked=("onnxruntime",))))
    assert keeping.find(keeping.content_hash(path), fast=False) is None
    keeping.keep(kept)
    assert keeping.find(keeping.content_hash(path), fast=False) is not None


def test_a_part_of_the_cache_that_is_cut_off_is_as_good_as_none(cache: Path, tmp_path: Path):
    path = make_film(tmp_path / "a.mp4", seconds=4)
    keeping.keep(screen(path, keeping.content_hash(path)))
    (part,) = cache.rglob("strip.jpg")
    part.write_bytes(b"")
    assert keeping.find(keeping.content_hash(path), fast=False) is None


def test_a_variable_rate_changes_no_measure(tmp_path: Path):
    """The same pictures, once with a frame only when something changes, as screen recordings have."""
    changes = [0.0, 0.6, 1.2, 1.8, 2.4, 3.0, 4.5, 6.0, 7.5, 9.0, 9.1, 9.2, 12.0]

    def paint(at_s: float) -> np.ndarray:
        shown = sum(one <= at_s + 1e-6 for one in changes)
        return np.random.default_rng(shown).integers(0, 255, (18, 32, 3), dtype=np.uint8).repeat(10, 0).repeat(10, 1)

    def look(name: str, times: list[float]) -> Screening:
        path = make_film(tmp_path / name, times=times, paint=paint, audio=None, options={"bf": "0"})
        return screen(path).screening

    sparse = look("vfr.mkv", changes)
    dense = look("cfr.mkv", [number / 25 for number in range(12 * 25 + 1)])
    assert abs(sparse.hook.start.n_cuts - dense.hook.start.n_cuts) <= 1
    assert sparse.shots.n == pytest.approx(dense.shots.n, abs=1)
    assert sparse.motion.mean == pytest.approx(dense.motion.mean, rel=0.15)
    assert sparse.motion.frozen_share == pytest.approx(dense.motion.frozen_share, abs=0.1)
    assert sparse.hook.first_second.motion == pytest.approx(dense.hook.first_second.motion, rel=0.3)


def test_sound_from_the_start_is_sound_at_second_nought(tmp_path: Path):
    falling = np.concatenate([tone(1, level=0.5), tone(5, level=0.2)])
    found = screen(make_film(tmp_path / "a.mkv", seconds=6, sounds=(falling,), audio="flac")).screening
    assert found.sound.reaches_usual_s == 0
    assert {cue.name: cue.is_there for cue in found.hook.cues}["sound from the start"] is True


def test_of_a_silent_sound_no_loudness_is_claimed(tmp_path: Path):
    silent = np.zeros(6 * 48_000, np.float32)
    hook = screen(make_film(tmp_path / "a.mkv", seconds=6, sounds=(silent,), audio="flac")).screening.hook
    assert {cue.name: cue.is_there for cue in hook.cues}["the first second is as loud as the rest"] is None
    assert hook.start.loudness_db is None


def test_of_a_file_that_is_cut_off_nothing_is_claimed_beyond_what_was_seen(tmp_path: Path):
    path = tmp_path / "a.mp4"
    path.write_bytes((DRAFT / "video.mp4").read_bytes()[:300_000])
    found = screen(path).screening
    assert found.seen_s < 3
    assert any("cut off" in one.template for one in found.remarks)
    assert {cue.name: cue.is_there for cue in found.hook.cues}["a cut within three seconds"] is None


def test_a_sound_with_a_cover_is_a_sound(tmp_path: Path):
    path = tmp_path / "song.m4a"
    with av.open(str(path), "w", format="mp4") as out:
        track = out.add_stream("aac", rate=48_000, layout="mono")
        cover = out.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = Disposition.attached_pic
        frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 90, np.uint8), format="rgb24").reformat(
            format="yuvj420p"
        )
        out.mux(cover.encode(frame))
        out.mux(cover.encode(None))
        for packet in sound_packets(track, tone(4)):
            out.mux(packet)
    found = screen(path).screening
    assert (found.file.kind, found.hook, found.shots) == ("sound", None, None)


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
