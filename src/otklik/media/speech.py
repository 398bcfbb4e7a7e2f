"""Speech to text with a model that the user has: a folder of faster-whisper (CTranslate2) or of Vosk.

Nothing is ever downloaded. The engine is told by what lies in the folder, and its package is imported only then;
without it the message says what to install. Models for Russian are in no package: the user fetches one once.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import av
import numpy as np

from otklik.errors import ConfigurationError, DataError
from otklik.media.sound import Samples, Sound, read_sound
from otklik.media.subtitles import Segment, Transcript
from otklik.media.voices import RATE, resampled

Engine = Literal["faster-whisper", "vosk"]

VOSK_MODELS = ("am/final.mdl", "final.mdl")
"""Where Vosk's models of today and of before 2020 keep their weights (https://alphacephei.com/vosk/models)."""
WHISPER_FILES = ("model.bin", "config.json", "tokenizer.json")
"""Without ``tokenizer.json`` faster-whisper 1.2 would fetch one from the network."""
VOSK_CHUNK_S = 0.5
_LANGUAGE = re.compile(r"(?:^|-)(?:model|small|big)-([a-z]{2})(?:-|$)")


def transcribe(source: Path | Sound, model_folder: Path) -> Transcript:
    """What is said in a file or a sound, by the model in a folder.

    Args:
        source: a media file with a sound track, or a sound that is read already.
        model_folder: holds a model of faster-whisper or of Vosk, or one folder that does.

    Raises:
        ConfigurationError: when the folder holds no such model, its package is not installed, or it does not work.
        DataError: when the file has no sound that can be decoded.
    """
    engine, folder = model_in(model_folder)
    samples = _samples(source)
    module = _module(engine)
    listen = _whisper if engine == "faster-whisper" else _vosk
    try:
        segments, language = listen(module, samples, folder)
    except Exception as error:  # both engines raise bare exceptions of their own making
        raise ConfigurationError(
            "{engine} could not use the model in {folder}: {why}; check that the folder is complete",
            engine=engine,
            folder=str(folder),
            why=str(error) or type(error).__name__,
        ) from error
    text = " ".join(one.text for one in segments)
    return Transcript(text, segments, engine, folder.name, language)


def model_in(folder: Path) -> tuple[Engine, Path]:
    """Which engine a folder is for, and where in it the model lies.

    Raises:
        ConfigurationError: when it is for none, or lacks a file.
    """
    inner = [one for one in sorted(folder.iterdir()) if one.is_dir()] if folder.is_dir() else []
    # An unpacked archive often is a folder in a folder.
    for one in [folder, *(inner if len(inner) == 1 else [])]:
        if any((one / name).is_file() for name in VOSK_MODELS):
            return "vosk", one
        if (one / "model.bin").is_file():
            _complete(one)
            return "faster-whisper", one
    raise ConfigurationError(
        "expected a speech model in {folder}, but it holds neither model.bin (faster-whisper) nor am/final.mdl (Vosk); "
        "unpack a model there or name its folder",
        folder=str(folder),
    )


def _complete(folder: Path) -> None:
    absent = [name for name in WHISPER_FILES if not (folder / name).is_file()]
    if not any(folder.glob("vocabulary*")):
        absent.append("vocabulary.json")
    if absent:
        raise ConfigurationError(
            "the faster-whisper model in {folder} lacks {files}; copy all files of the model there, "
            "nothing is downloaded",
            folder=str(folder),
            files=", ".join(absent),
        )


def _samples(source: Path | Sound) -> Samples:
    if isinstance(source, Sound):
        return np.ascontiguousarray(np.clip(resampled(source), -1.0, 1.0))
    try:
        sound = read_sound(source, RATE)
    except (OSError, av.FFmpegError) as error:
        raise DataError("{path} cannot be read: {why}", path=str(source), why=str(error)) from error
    if sound is None:
        raise DataError("{path} has no sound that can be decoded", path=str(source))
    return np.ascontiguousarray(np.clip(sound.samples, -1.0, 1.0))


def _module(engine: Engine) -> ModuleType:
    try:
        return importlib.import_module(engine.replace("-", "_"))
    except (ImportError, OSError, RuntimeError) as error:
        raise ConfigurationError(
            "speech models of {engine} need its package, which is not installed or does not load; "
            "install it with: pip install {engine}",
            engine=engine,
        ) from error


def _whisper(module: ModuleType, samples: Samples, folder: Path) -> tuple[tuple[Segment, ...], str | None]:
    """Listen with faster-whisper on the processor, in 8-bit numbers; silence is left out before."""
    model = module.WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)
    if not samples.size:
        return (), None
    found, facts = model.transcribe(samples, vad_filter=True, condition_on_previous_text=False)
    segments = _segments((float(one.start), float(one.end), str(one.text)) for one in found)
    return segments, str(facts.language) if segments else None


def _vosk(module: ModuleType, samples: Samples, folder: Path) -> tuple[tuple[Segment, ...], str | None]:
    """Listen with Vosk; its words have times, its sentences do not."""
    module.SetLogLevel(-1)
    recognizer = module.KaldiRecognizer(module.Model(str(folder)), RATE)
    recognizer.SetWords(True)
    segments = _segments(_sentences(recognizer, samples))
    found = _LANGUAGE.search(folder.name)
    return segments, found[1] if found else None


def _sentences(recognizer: Any, samples: Samples) -> Iterator[tuple[float, float, str]]:
    pulses, size = np.round(samples * 32_767).astype("<i2"), int(VOSK_CHUNK_S * RATE)
    for at in range(0, len(pulses), size):
        if recognizer.AcceptWaveform(pulses[at : at + size].tobytes()):
            yield from _sentence(json.loads(recognizer.Result()))
    yield from _sentence(json.loads(recognizer.FinalResult()))


def _sentence(answer: dict[str, Any]) -> Iterator[tuple[float, float, str]]:
    words = answer.get("result") or []
    if words and answer.get("text"):
        yield float(words[0]["start"]), float(words[-1]["end"]), str(answer["text"])


def _segments(found: Iterable[tuple[float, float, str]]) -> tuple[Segment, ...]:
    made = (Segment(start, max(start, end), " ".join(text.split())) for start, end, text in found)
    return tuple(sorted((one for one in made if one.text), key=lambda one: (one.start_s, one.end_s)))
