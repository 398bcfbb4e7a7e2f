"""Files that are not what they should be: a sentence each, no traceback, bounded time and memory."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from films import colours, make_film, make_sound, tone
from PIL import Image

from otklik.errors import ConfigurationError, DataError
from otklik.media.screening import screen


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", seconds=5, options={"g": "25"})


def test_nothing_an_empty_file_and_a_folder_are_sentences(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="there is no file"):
        screen(tmp_path / "none.mp4")
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(DataError, match="empty"):
        screen(tmp_path / "empty.mp4")
    with pytest.raises(ConfigurationError, match="folder"):
        screen(tmp_path)


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(ConfigurationError, match="pipe"):
        screen(tmp_path / "pipe.mp4")


@pytest.mark.parametrize("content", [b"\0" * 5000, b"hello, world\n" * 300, bytes(range(256)) * 40])
def test_what_is_no_media_is_a_sentence(content: bytes, tmp_path: Path):
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(DataError, match="export it again"):
        screen(tmp_path / "a.mp4")


def test_a_playlist_does_not_open_other_files(film: Path, tmp_path: Path):
    (tmp_path / "a.mp4").write_text(f"#EXTM3U\n#EXTINF:5,\n{film}\n#EXT-X-ENDLIST\n")
    with pytest.raises(DataError):
        screen(tmp_path / "a.mp4")
    (tmp_path / "b.mp4").write_text(f"ffconcat version 1.0\nfile {film}\n")
    with pytest.raises(DataError):
        screen(tmp_path / "b.mp4")


@pytest.mark.parametrize("name", ["a\nb.mp4", "concat:a|b.mp4", "-i.mp4", "http:__x.mp4", "видео 🎬.mp4", "%s%n.mp4"])
def test_odd_names_are_only_names(name: str, film: Path, tmp_path: Path):
    shutil.copy(film, tmp_path / name)
    assert screen(tmp_path / name).screening.file.kind == "video"


def test_a_wrong_suffix_does_not_matter(film: Path, tmp_path: Path):
    shutil.copy(film, tmp_path / "a.jpg")
    assert screen(tmp_path / "a.jpg").screening.file.container == "mov"


def test_sound_alone_is_heard_and_has_no_picture(tmp_path: Path):
    found = screen(make_sound(tmp_path / "a.wav", tone(4), "pcm_s16le")).screening
    assert found.file.kind == "sound"
    assert found.sound is not None
    assert found.motion is None
    assert found.symbols is None


def test_one_frame_is_a_video_of_one_picture(tmp_path: Path):
    found = screen(make_film(tmp_path / "a.mp4", seconds=0.04, audio=None)).screening
    assert found.file.kind == "video"
    assert found.style is not None
    assert found.shots is None or found.shots.n == 1


def test_a_truncated_film_is_read_as_far_as_it_goes(tmp_path: Path):
    path = make_film(tmp_path / "a.mkv", seconds=6, options={"g": "25"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = screen(path).screening
    assert 1 < found.seen_s < 5


def test_an_mp4_without_its_index_is_a_sentence(film: Path, tmp_path: Path):
    (tmp_path / "a.mp4").write_bytes(film.read_bytes()[: film.stat().st_size * 2 // 3])
    with pytest.raises(DataError, match="export it again"):
        screen(tmp_path / "a.mp4")


def test_damage_in_the_middle_is_passed_over_and_told(tmp_path: Path):
    path = make_film(tmp_path / "a.ts", seconds=8, options={"g": "25"})
    data, dice = bytearray(path.read_bytes()), random.Random(1)
    for at in dice.sample(range(len(data) // 3, 2 * len(data) // 3), 400):
        data[at] = dice.randrange(256)
    path.write_bytes(data)
    found = screen(path).screening
    assert found.seen_s > 5, "what comes after the damage is read"


def test_absurd_metadata_is_cut_short(tmp_path: Path):
    path = make_film(tmp_path / "a.mkv", seconds=1, metadata={"title": "я" * 200_000, "comment": "\x00\x1b[31m"})
    found = screen(path).screening
    assert all(len(value) <= 500 for _, value in found.file.metadata)


def test_a_rate_of_nothing_and_times_out_of_order_are_survived(tmp_path: Path):
    times = [0.0, 0.5, 900.0, 900.04, 900.5]
    found = screen(make_film(tmp_path / "a.mkv", times=times, audio=None, options={"bf": "0"})).screening
    assert found.file.kind == "video"


def test_an_animated_picture_is_a_video_and_a_cover_a_picture(tmp_path: Path):
    frames = [Image.fromarray(colours(at, (160, 90))) for at in np.arange(0, 3, 0.1)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:], duration=100)
    frames[0].save(tmp_path / "a.jpg")
    assert screen(tmp_path / "a.gif").screening.file.kind == "video"
    cover = screen(tmp_path / "a.jpg").screening
    assert (cover.file.kind, cover.hook, cover.sound) == ("picture", None, None)


@pytest.mark.slow
def test_8k_is_read_in_bounded_memory(tmp_path: Path):
    frame = np.random.default_rng(0).integers(0, 255, (270, 480, 3), dtype=np.uint8).repeat(16, 0).repeat(16, 1)
    path = make_film(
        tmp_path / "a.mp4", times=[0.0, 0.04, 0.08, 0.5], size=(7680, 4320), paint=lambda at_s: frame, audio=None,
        options={"preset": "ultrafast"},
    )  # fmt: skip
    # A process between: Linux counts the peak of whoever starts a child as the child's own, and this one may be large.
    code = (
        "import resource, sys; from pathlib import Path; from otklik.media import guard, keeping;"
        "path = Path(sys.argv[1]); guard.run(path, keeping.content_hash(path), fast=False);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True,
        env={**os.environ, "OTKLIK_CACHE": str(tmp_path / "cache")},
    )  # fmt: skip
    assert 50_000 < int(done.stdout) < 1_500_000
