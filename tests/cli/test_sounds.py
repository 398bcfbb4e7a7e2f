"""``otklik sounds`` as a person or a program meets it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cli_process import otklik
from sounds import encoded, melody, raised, written


@pytest.fixture(scope="module")
def music(tmp_path_factory) -> Path:
    """Two songs in two folders, one of them coded, with a picture and a hidden file between them."""
    folder = tmp_path_factory.mktemp("music")
    (folder / "deep").mkdir()
    written(melody(30, seed=1), folder / "Алмагачлары.wav")
    encoded(melody(30, seed=2), folder / "deep" / "two.mp3", "libmp3lame")
    (folder / "cover.jpg").write_bytes(b"no sound")
    (folder / ".hidden.wav").write_bytes(b"")
    return folder


def run(tmp_path: Path, *arguments: object, **env: str):
    return otklik("sounds", *arguments, "--workspace", tmp_path, OTKLIK_CACHE=str(tmp_path / "cache"), **env)


def test_sounds_are_added_listed_found_and_removed(music, tmp_path):
    added = run(tmp_path, "add", music, "--author", "vk:-1")
    assert added.returncode == 0, added.stderr
    assert set(added.stdout.splitlines()) == {"added: two.mp3", "added: Алмагачлары.wav"}
    again = run(tmp_path, "add", music)
    assert again.returncode == 0
    assert again.stdout.count("in the library already: ") == 2

    listed = json.loads(run(tmp_path, "list", "--json", "-").stdout)
    assert {(one["name"], one["kind"], one["author"]) for one in listed} == {
        ("two", "library", "vk:-1"),
        ("Алмагачлары", "library", "vk:-1"),
    }
    assert all(one["duration_s"] == pytest.approx(30, abs=0.2) for one in listed)

    clip = written(raised(melody(30, seed=1).between(5, 25), 1), tmp_path / "clip.wav")
    found = run(tmp_path, "find", clip)
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("matches Алмагачлары from 5.")
    assert "pitch +1.0 semitones" in found.stdout
    told = json.loads(run(tmp_path, "find", clip, "--author", "vk:-1", "--json", "-").stdout)
    assert (told["status"], told["n_sounds"], told["matches"][0]["is_own_author"]) == ("matched", 2, True)

    key = told["matches"][0]["key"]
    assert run(tmp_path, "remove", key).returncode == 0
    assert run(tmp_path, "remove", key).returncode == 78
    assert "no match among 1 sound" in run(tmp_path, "find", clip).stdout


def test_unreadable_files_are_told_and_the_others_are_added(music, tmp_path):
    files = {
        "empty.wav": b"",
        "text.mp3": b"this is no sound at all" * 50,
        "cut.mp3": (music / "deep" / "two.mp3").read_bytes()[:100],
        "new\nline.wav": b"RIFF",
    }
    paths = [tmp_path / name for name in files]
    for path in paths:
        path.write_bytes(files[path.name])
    os.mkfifo(tmp_path / "pipe.wav")
    short = written(melody(1), tmp_path / "short.wav")
    named = [*paths, tmp_path / "pipe.wav", tmp_path / "none.wav", short, music / "Алмагачлары.wav"]
    done = run(tmp_path, "add", *named, "--json", "-")
    assert done.returncode == 1
    told = {Path(one["path"]).name: one for one in json.loads(done.stdout)}
    assert told.pop("Алмагачлары.wav")["outcome"] == "added"
    assert {one["outcome"] for one in told.values()} == {"failed"}
    assert len(told) == 7
    assert "shorter than 3 s" in told["short.wav"]["why"]
    assert "is empty" in told["empty.wav"]["why"]
    assert len(done.stderr.splitlines()) == 7, "one sentence a file"
    assert "Traceback" not in done.stderr


def test_a_video_brings_its_sound(tmp_path):
    import av
    import numpy as np

    file = tmp_path / "clip.mp4"
    sound = melody(8, seed=5)
    with av.open(str(file), "w") as container:
        video = container.add_stream("libx264", rate=10)
        video.width = video.height = 64
        video.pix_fmt = "yuv420p"
        audio = container.add_stream("aac", rate=sound.rate, layout="mono")
        for _ in range(80):
            container.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        frame = av.AudioFrame.from_ndarray(sound.samples[None], format="fltp", layout="mono")
        frame.sample_rate, frame.pts = sound.rate, 0
        container.mux(audio.encode(frame))
        container.mux([*video.encode(None), *audio.encode(None)])
    added = run(tmp_path, "add", file, "--post", "vk:-1_7", "--author", "vk:-1", "--name", "Song of a clip")
    assert added.returncode == 0, added.stderr
    (one,) = json.loads(run(tmp_path, "list", "--json", "-").stdout)
    assert (one["name"], one["kind"], one["post"]) == ("Song of a clip", "post", "vk:-1_7")
    found = run(tmp_path, "find", written(sound, tmp_path / "heard.wav"))
    assert found.stdout.startswith("matches Song of a clip")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "a.wav", "--author", "vk"), "--author expects a platform and an id"),
        (("add", "a.wav", "--post", ":1"), "--post expects a platform and an id"),
        (("add", "a.wav", "b.wav", "--name", "x"), "go with one file"),
        (("find", "none.wav"), "there is no file"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(tmp_path, arguments, says):
    done = run(tmp_path, *arguments)
    assert done.returncode == 78
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_empty_library_says_how_to_begin(tmp_path):
    assert "sounds add" in run(tmp_path, "list").stdout
    clip = written(melody(5), tmp_path / "clip.wav")
    assert "not checked: there are no sounds to compare with" in run(tmp_path, "find", clip).stdout
    (tmp_path / "nothing").mkdir()
    empty = run(tmp_path, "add", tmp_path / "nothing")
    assert (empty.returncode, "no sound or video" in empty.stderr) == (78, True)
