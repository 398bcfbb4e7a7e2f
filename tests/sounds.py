"""Sounds made for tests: melodies that nobody else plays, and what is done to sounds on the way to a clip."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np

from otklik.media.sound import RATE, Sound

HARMONICS = (1.0, 0.5, 0.25, 0.12)


def melody(
    seconds: float, seed: int = 0, *, semitones: float = 0.0, rate: int = RATE, notes_per_s: float = 4.0
) -> Sound:
    """Two voices of plucked notes drawn by chance: the same for the same seed, whatever the length."""
    n = round(seconds * rate)
    samples = np.zeros(n + rate)
    rng = np.random.default_rng(seed)
    for number in range(int(seconds * notes_per_s) + 1):
        start = round((number / notes_per_s + rng.uniform(0, 0.08)) * rate)
        for octave in (0, 12):
            pitch = 57 + octave + int(rng.integers(0, 24)) + semitones
            length = float(rng.uniform(0.2, 0.9))
            if start < n:
                note = _note(440 * 2 ** ((pitch - 69) / 12), length, rate)[: n + rate - start]
                samples[start : start + len(note)] += note
    return Sound((0.15 * samples[:n]).astype(np.float32), rate)


def _note(hertz: float, length: float, rate: int) -> np.ndarray:
    time = np.arange(round(length * rate)) / rate
    tone = sum(share * np.sin(2 * np.pi * hertz * k * time) for k, share in enumerate(HARMONICS, 1))
    return np.minimum(time / 0.01, 1) * np.exp(-3 * time) * tone


def filtered(sound: Sound, *filters: tuple[str, str]) -> Sound:
    """A sound after FFmpeg's filters, at its own rate."""
    graph = av.filter.Graph()
    last = first = graph.add_abuffer(sample_rate=sound.rate, format="flt", layout="mono")
    form = f"sample_rates={sound.rate}:sample_fmts=flt:channel_layouts=mono"
    for name, arguments in (*filters, ("aformat", form)):
        following = graph.add(name, arguments)
        last.link_to(following)
        last = following
    sink = graph.add("abuffersink")
    last.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.samples[None]), format="flt", layout="mono")
    frame.sample_rate, frame.pts = sound.rate, 0
    first.push(frame)
    first.push(None)
    parts = []
    while True:
        try:
            parts.append(sink.pull().to_ndarray()[0])
        except (EOFError, BlockingIOError):
            return Sound(np.concatenate(parts), sound.rate)


def faster(sound: Sound, times: float) -> Sound:
    """Played faster with its pitch kept."""
    return filtered(sound, ("atempo", str(times)))


def sped(sound: Sound, times: float) -> Sound:
    """Played faster, and higher by as much."""
    return filtered(sound, ("asetrate", str(round(sound.rate * times))), ("aresample", str(sound.rate)))


def raised(sound: Sound, semitones: float) -> Sound:
    """Higher, at the same tempo."""
    times = 2 ** (semitones / 12)
    return faster(sped(sound, times), 1 / times)


def noisy(sound: Sound, snr_db: float, seed: int = 0) -> Sound:
    """With white noise so far below it."""
    noise = np.random.default_rng(seed).standard_normal(len(sound.samples)).astype(np.float32)
    return Sound(sound.samples + noise * np.float32(level(sound) * 10 ** (-snr_db / 20)), sound.rate)


def over(sound: Sound, voice: Sound, above_db: float = 0.0, start_s: float = 0.0) -> Sound:
    """With a voice on top, so much louder than it."""
    spoken = voice.between(start_s, start_s + sound.duration_s).samples
    gain = level(sound) / level(Sound(spoken, voice.rate)) * 10 ** (above_db / 20)
    mixed = sound.samples.copy()
    mixed[: len(spoken)] += spoken[: len(mixed)] * np.float32(gain)
    return Sound(mixed, sound.rate)


def level(sound: Sound) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(sound.samples, dtype=np.float64)))) + 1e-9


def encoded(sound: Sound, path: Path, codec: str, bit_rate: int = 64_000) -> Path:
    """A file with the sound in it, in the container of its name."""
    pcm = (np.clip(sound.samples, -1, 1) * 32767).astype(np.int16)[None]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=sound.rate, layout="mono")
        stream.bit_rate = bit_rate
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.sample_rate, frame.pts = sound.rate, 0
        for one in av.AudioResampler(
            stream.format.name, "mono", sound.rate, frame_size=stream.frame_size or 0
        ).resample(frame):
            container.mux(stream.encode(one))
        container.mux(stream.encode(None))
    return path


def written(sound: Sound, path: Path) -> Path:
    """A WAV file with the sound in it."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes((np.clip(sound.samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path
