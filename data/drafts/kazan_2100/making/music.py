"""The music: nine bars of our own, 120 beats a minute, on the five tones of a Tatar tune, made of sines and noise.

The tune is new; its tones (D E G A B and their octaves) and its turns, short notes that circle a long one, follow the
manner of Tatar song. A flute like the kurai leads, strings hold the harmony, a plucked dombra runs in quavers, a soft
drum and a bass keep time, and a rise of noise leads into the first strong beat at 1.0 s.
"""

from __future__ import annotations

import math

import numpy as np
import pyloudnorm
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

Sound = NDArray[np.float64]

RATE = 48_000  # samples a second
TEMPO = 120.0  # beats a minute
BEAT = 60.0 / TEMPO  # s
BEATS = 36
SEED = 1005  # the year that Kazan counts from
LOUDNESS = -14.0  # LUFS: what the platforms play at
CEILING = 10 ** (-1.2 / 20)  # highest sample, so that AAC does not clip between samples
OVERTONES = (1.0, 0.34, 0.16, 0.09, 0.06)  # of the flute: few and soft

# (beat, tone as MIDI number, beats long): bar by bar
TUNE = (
    (2.0, 74, 0.5), (2.5, 76, 0.25), (2.75, 79, 0.25), (3.0, 81, 1.0),
    (4.0, 83, 1.5), (5.5, 81, 0.25), (5.75, 83, 0.25), (6.0, 81, 0.5), (6.5, 79, 0.5), (7.0, 76, 1.0),
    (8.0, 79, 1.0), (9.0, 81, 0.5), (9.5, 79, 0.25), (9.75, 76, 0.25), (10.0, 74, 2.0),
    (12.0, 76, 0.5), (12.5, 79, 0.5), (13.0, 81, 1.0), (14.0, 86, 1.5), (15.5, 83, 0.25), (15.75, 81, 0.25),
    (16.0, 83, 1.0), (17.0, 81, 0.5), (17.5, 79, 0.5), (18.0, 81, 0.25), (18.25, 79, 0.25), (18.5, 76, 0.5),
    (19.0, 79, 1.0), (20.0, 74, 1.0), (21.0, 76, 0.5), (21.5, 79, 0.5), (22.0, 81, 2.0),
    (24.0, 86, 1.0), (25.0, 88, 0.5), (25.5, 86, 0.25), (25.75, 83, 0.25), (26.0, 81, 1.0), (27.0, 83, 1.0),
    (28.0, 86, 0.5), (28.5, 83, 0.5), (29.0, 81, 0.5), (29.5, 79, 0.5), (30.0, 83, 0.5), (30.5, 81, 0.25),
    (30.75, 83, 0.25), (31.0, 86, 1.0), (32.0, 81, 0.5), (32.5, 79, 0.25), (32.75, 76, 0.25), (33.0, 79, 1.0),
    (34.0, 74, 1.6),
)  # fmt: skip
# harmony of each bar: bass tone and the three held tones
BARS = (
    (38, (62, 69, 74)), (43, (62, 67, 71)), (40, (64, 67, 71)), (45, (64, 69, 74)), (43, (62, 67, 74)),
    (40, (64, 67, 71)), (43, (62, 67, 71)), (45, (62, 69, 76)), (38, (62, 69, 74)),
)  # fmt: skip


def compose() -> NDArray[np.float32]:
    """The finished music, (2, samples) of 18 s at 48 kHz, -14 LUFS, no sample above -1.2 dB."""
    rng = np.random.default_rng(SEED)
    mix = np.zeros((2, round(BEATS * BEAT * RATE)))
    for level, part in ((0.50, _flute(rng)), (0.30, _strings()), (0.25, _dombra()), (0.33, _bass())):
        mix += level * part * _ducked()
    mix += 0.26 * _room(rng, mix)
    mix += 0.80 * _drums(rng) + 0.95 * _rise(rng)
    return np.asarray(_mastered(mix), np.float32)


def _hertz(tone: float) -> float:
    """Frequency of a MIDI tone."""
    return 440.0 * 2 ** ((tone - 69) / 12)


def _clock(beats: float) -> Sound:
    """Seconds of every sample of so many beats."""
    return np.arange(round(beats * BEAT * RATE)) / RATE


def _swell(t: Sound, attack: float, release: float) -> Sound:
    """0..1 and back over a note: linear rise and fall of given seconds."""
    return np.asarray(np.clip(t / attack, 0, 1) * np.clip((t[-1] - t) / release, 0, 1))


def _add(track: Sound, beat: float, note: Sound, pan: float = 0.0) -> None:
    """Put a mono note on a stereo track from a beat; what reaches past the end sounds at the start, as in a loop."""
    sides = np.array([math.cos((pan + 1) * math.pi / 4), math.sin((pan + 1) * math.pi / 4)])[:, None] * math.sqrt(2)
    places = (round(beat * BEAT * RATE) + np.arange(len(note))) % track.shape[1]
    track[:, places] += sides * note


def _silence() -> Sound:
    """An empty stereo track."""
    return np.zeros((2, round(BEATS * BEAT * RATE)))


def _flute(rng: np.random.Generator) -> Sound:
    """The lead: few overtones, breath, a vibrato that comes late, a short slide from the tone below."""
    track = _silence()
    breath = sosfilt(butter(2, (1500, 6000), "band", fs=RATE, output="sos"), rng.standard_normal(track.shape[1]))
    for beat, tone, length in TUNE:
        t = _clock(length * 1.06 + 0.08)
        slide = -0.9 * np.exp(-t / 0.022)
        shake = 0.22 * np.sin(2 * np.pi * 5.6 * t) * np.clip((t - 0.16) / 0.25, 0, 1)
        phase = 2 * np.pi * np.cumsum(_hertz(tone) * 2 ** ((slide + shake) / 12)) / RATE
        voice = sum((force * np.sin(k * phase) for k, force in enumerate(OVERTONES, 1)), np.zeros_like(t))
        voice += 0.10 * breath[: len(t)] * (0.4 + np.exp(-t / 0.05))
        _add(track, beat, 0.5 * voice * _swell(t, 0.028, 0.07), 0.08)
    return track


def _strings() -> Sound:
    """Held tones of each bar: three slightly mistuned saws a tone, their highs taken off, spread left to right."""
    track = _silence()
    low = butter(2, 2800, "low", fs=RATE, output="sos")
    for bar, (_, tones) in enumerate(BARS):
        t = _clock(4.5)
        for place, tone in enumerate(tones):
            for apart in (-0.07, 0.0, 0.07):
                turns = t * _hertz(tone + apart) + 0.31 * place + apart
                saw = 2 * (turns % 1) - 1
                _add(track, bar * 4, 0.11 * sosfilt(low, saw) * _swell(t, 0.35, 0.5), (place - 1) * 0.6 + apart * 4)
    return track


def _dombra() -> Sound:
    """Plucked quavers through the tones of the bar, from the first strong beat on."""
    track = _silence()
    for step in range(4, BEATS * 2):
        _, tones = BARS[step // 8]
        tone = tones[(step * 2) % 3] + 12 * (step % 4 == 3)
        t = _clock(1.0)
        decay = np.exp(-t / 0.16)
        pluck = sum(np.sin(2 * np.pi * _hertz(tone) * k * t) * decay**k / k for k in (1, 2, 3, 4, 5))
        _add(track, step / 2, 0.5 * np.asarray(pluck) * np.clip(t / 0.003, 0, 1), 0.55 * (-1) ** step)
    return track


def _bass() -> Sound:
    """A round bass on the beat and before it."""
    track = _silence()
    for bar, (tone, _) in enumerate(BARS):
        for beat, length in ((0.0, 1.4), (1.5, 0.5), (2.0, 1.0), (3.0, 0.5), (3.5, 0.5)):
            if bar == 0 and beat < 2:
                continue
            t = _clock(length)
            phase = 2 * np.pi * _hertz(tone) * t
            note = np.sin(phase) + 0.35 * np.sin(2 * phase) + 0.12 * np.sin(3 * phase)
            _add(track, bar * 4 + beat, 0.6 * note * _swell(t, 0.008, 0.06) * np.exp(-t / 0.9))
    return track


def _kicks() -> list[float]:
    """Beats on which the drum sounds: the opening hit, then every beat from the second on."""
    return [0.2, *(float(beat) for beat in range(2, BEATS))]


def _ducked() -> Sound:
    """How loud the others stay around each kick, 0..1."""
    level = np.ones(round(BEATS * BEAT * RATE))
    t = _clock(0.6)
    for beat in _kicks():
        start = round(beat * BEAT * RATE)
        stop = min(start + len(t), len(level))
        level[start:stop] = np.minimum(level[start:stop], 1 - 0.5 * np.exp(-t[: stop - start] / 0.09))
    return level


def _drums(rng: np.random.Generator) -> Sound:
    """A soft kick on each beat, a clap on two and four, brushed semiquavers, a boom on each cut of the picture."""
    track = _silence()
    t = _clock(1.0)
    kick = np.sin(2 * np.pi * (46 * t + 7.5 * (1 - np.exp(-t / 0.028)))) * np.exp(-t / 0.13)
    for beat in _kicks():
        _add(track, beat, 0.85 * kick)
    band = butter(2, (900, 4200), "band", fs=RATE, output="sos")
    clap = sosfilt(band, rng.standard_normal(len(t))) * np.exp(-t / 0.06)
    for beat in range(5, BEATS, 2):
        _add(track, beat, 0.42 * clap, 0.1)
    high = butter(4, 7000, "high", fs=RATE, output="sos")
    hat = sosfilt(high, rng.standard_normal(len(t))) * np.exp(-t / 0.022)
    for step in range(16, BEATS * 4):
        _add(track, step / 4, hat * (0.42 if step % 4 == 2 else 0.20), 0.4)
    boom = np.sin(2 * np.pi * (34 * _clock(4) + 9 * (1 - np.exp(-_clock(4) / 0.08)))) * np.exp(-_clock(4) / 0.5)
    for beat, force in ((0.2, 0.35), (2.0, 0.8), (6.0, 0.6), (13.0, 0.6), (19.0, 0.6), (30.0, 0.7)):
        _add(track, beat, force * boom)
    return track


def _rise(rng: np.random.Generator) -> Sound:
    """Noise and a gliding tone that climb into the strong beat at 1.0 s, and a shimmer that falls after it."""
    track = _silence()
    t = _clock(2.0)
    noise = rng.standard_normal((2, len(t)))
    bright, dark = (butter(2, edges, "band", fs=RATE, output="sos") for edges in ((3000, 9000), (500, 2500)))
    climb = (t / t[-1])[None, :]
    sweep = sosfilt(dark, noise) * (1 - climb) * 0.5 + sosfilt(bright, noise) * climb
    glide = np.sin(2 * np.pi * np.cumsum(_hertz(62) * 2 ** (2 * climb[0] ** 1.5)) / RATE)
    track[:, : len(t)] += (0.25 + 0.75 * climb**2) * (0.8 * sweep + 0.3 * glide)
    after = _clock(4.0)
    crash = sosfilt(bright, rng.standard_normal((2, len(after)))) * np.exp(-after / 0.4)
    track[:, len(t) : len(t) + len(after)] += 0.7 * crash
    return track


def _room(rng: np.random.Generator, dry: Sound) -> Sound:
    """The echo of a large hall: the sound folded with fading noise, other on each side, wrapped round the loop."""
    t = _clock(4.0)
    wet = np.zeros_like(dry)
    dim = butter(1, 5000, "low", fs=RATE, output="sos")
    for side in range(2):
        tail = sosfilt(dim, rng.standard_normal(len(t))) * np.exp(-t / 0.42)
        tail /= np.sqrt((tail**2).sum())
        whole = fftconvolve(dry[side], tail)
        wet[side] = whole[: dry.shape[1]]
        wet[side, : len(whole) - dry.shape[1]] += whole[dry.shape[1] :]
    return wet


def _mastered(mix: Sound) -> Sound:
    """The mix brought to LOUDNESS with its peaks bent below CEILING; a few rounds, because bending costs loudness."""
    meter = pyloudnorm.Meter(RATE)
    mix = sosfilt(butter(2, 28, "high", fs=RATE, output="sos"), mix)
    gain = 1.0
    for _ in range(6):
        loud = CEILING * np.tanh(gain * mix / CEILING)
        gain *= 10 ** ((LOUDNESS - meter.integrated_loudness(loud.T)) / 20)
    return np.asarray(CEILING * np.tanh(gain * mix / CEILING), np.float64)
