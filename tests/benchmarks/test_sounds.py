"""How well and how fast sounds are found again; `make bench` prints it.

Real music: Debian's wesnoth-music, and the folders named in OTKLIK_MUSIC (joined by colons). Tracks are numbered in
the order of their names; those with n % 3 == 0 are held out and were never looked at while thresholds were chosen
(OTKLIK_SPLIT=calibration shows the others). Half of the tracks make the library, the other half are foreign.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from otklik.media.fingerprint import FRAMES_PER_S, N_BINS, Peaks, fingerprint, to_bytes
from otklik.media.sound import Sound, read_sound
from otklik.media.sound_index import SoundIndex
from otklik.media.sound_library import files_in
from otklik.media.sound_search import Found, search
from sounds import encoded, faster, filtered, level, noisy, over, raised, sped

pytestmark = pytest.mark.benchmark

MUSIC = [
    *Path("/usr/share/games/wesnoth").glob("*/data/core/music"),
    *map(Path, filter(None, os.environ.get("OTKLIK_MUSIC", "").split(":"))),
]
IS_HELD_OUT = os.environ.get("OTKLIK_SPLIT", "held out") == "held out"
N_QUERIES, N_FOREIGN = int(os.environ.get("OTKLIK_QUERIES", "12")), int(os.environ.get("OTKLIK_FOREIGN", "210"))
N_MADE = int(os.environ.get("OTKLIK_SOUNDS", "10000"))
TEXT = (
    "Сегодня мы покажем вам город будущего. Нейросеть нарисовала Казань две тысячи сотого года: мечеть Кул Шариф "
    "в неоне, башня Сююмбике над облаками, речной вокзал и корабли. Подписывайтесь на канал, пишите в комментариях, "
    "какой город нарисовать следующим. Друзья, смотрите до конца, там самое интересное. "
)
Change = Callable[[Sound], Sound]


@pytest.fixture(scope="module")
def tracks() -> list[tuple[str, Sound]]:
    """Tracks of 25 s and more, three minutes of each."""
    files = [one for one in files_in(MUSIC) if (seconds_of(one) or 0) >= 25]
    chosen = [one for number, one in enumerate(files) if (number % 3 == 0) == IS_HELD_OUT]
    found = [(file.stem, sound) for file in chosen if (sound := read_sound(file, most_s=180)) is not None]
    if len(found) < 8:
        pytest.skip("wesnoth-music is not installed (apt-get install wesnoth-music)")
    return found


def seconds_of(file: Path) -> float | None:
    with av.open(str(file)) as container:
        return None if container.duration is None else container.duration / 1e6


@pytest.fixture(scope="module")
def voice(tmp_path_factory) -> Sound:
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is not installed")
    file = tmp_path_factory.mktemp("voice") / "voice.wav"
    subprocess.run(["espeak-ng", "-v", "ru", "-w", file, TEXT * 3], check=True)
    return read_sound(file)


@pytest.fixture(scope="module")
def changes(voice, tmp_path_factory) -> dict[str, Change]:
    folder = tmp_path_factory.mktemp("coded")
    return {
        "clean": lambda one: one,
        "noise 10 dB below": lambda one: noisy(one, 10),
        "MP3 64k": lambda one: read_sound(encoded(one, folder / "one.mp3", "libmp3lame")),
        "-12 dB": lambda one: Sound(one.samples * np.float32(0.251)),
        "200-3000 Hz only": lambda one: filtered(one, ("highpass", "f=200"), ("lowpass", "f=3000")),
        "voice, equal level": lambda one: over(one, voice, 0, 7),
        "voice, 6 dB louder": lambda one: over(one, voice, 6, 7),
        "tempo 1.10": lambda one: faster(one, 1.10),
        "tempo 0.80": lambda one: faster(one, 0.80),
        "tempo 1.25": lambda one: faster(one, 1.25),
        "pitch +1": lambda one: raised(one, 1),
        "pitch -1": lambda one: raised(one, -1),
        "pitch +3": lambda one: raised(one, 3),
        "pitch -3": lambda one: raised(one, -3),
        "speed +5 %": lambda one: sped(one, 1.05),
        "speed -5 %": lambda one: sped(one, 0.95),
        "speed 0.80": lambda one: sped(one, 0.80),
        "speed 1.25": lambda one: sped(one, 1.25),
    }


def excerpts(tracks: list[tuple[str, Sound]], n: int, seconds: float, seed: int) -> Iterator[tuple[int, float, Sound]]:
    """Number of the track, where the excerpt begins, the excerpt; silent ones are passed over."""
    rng, made, at = np.random.default_rng(seed), 0, 0
    while made < n:
        number, at = at % len(tracks), at + 1
        whole = tracks[number][1]
        start = float(rng.uniform(0, whole.duration_s - seconds - 0.1))
        part = whole.between(start, start + seconds)
        if level(part) > 0.01:
            made += 1
            yield number, start, part


class Library:
    """Fingerprints by key, as bytes like those of a store, and an index over them."""

    def __init__(self, blobs: dict[int, bytes], folder: Path) -> None:
        self.blobs = blobs
        self.index = SoundIndex.over([(key, "") for key in sorted(blobs)], self.load, folder)

    def load(self, keys) -> dict[int, Peaks]:
        return {key: Peaks.from_bytes(self.blobs[key]) for key in keys}

    def find(self, sound: Sound) -> list[Found]:
        return search(fingerprint(sound), self.index, self.load, lambda key: True)


LOUDER = ("voice, 6 dB louder",)
"""Harder than what is promised."""


@pytest.mark.parametrize("seconds", [20, 8])
def test_how_many_changed_clips_are_found(tracks, changes, seconds, tmp_path, capsys):
    known, foreign = tracks[0::2], tracks[1::2]
    library = Library({key: to_bytes(fingerprint(sound).loud()) for key, (_, sound) in enumerate(known)}, tmp_path)
    rows, alarms = [], []
    for name, change in changes.items():
        hits, others, errors, n_asked = 0, 0, [], 0
        for key, start, part in excerpts(known, N_QUERIES, seconds, seed=seconds):
            found = library.find(change(part))
            right = [one.at for one in found if one.key == key]
            n_asked, hits, others = n_asked + 1, hits + bool(right), others + any(one.key != key for one in found)
            errors += [abs(one.lag / FRAMES_PER_S - start) for one in right[:1]]
        rows.append((name, hits, n_asked, others, float(np.median(errors)) if errors else float("nan")))
    for number, start, part in excerpts(foreign, N_FOREIGN if seconds == 20 else N_FOREIGN // 2, seconds, seed=1):
        found = library.find(part)
        alarms += [(foreign[number][0], round(start), known[one.key][0], round(one.at.evidence)) for one in found[:1]]
    asked = [row for row in rows if seconds == 20 and row[0] not in LOUDER]
    with capsys.disabled():
        split = "held out" if IS_HELD_OUT else "calibration"
        print(f"\n{len(known)} tracks in the library, {len(foreign)} foreign ({split}), clips of {seconds} s")
        for name, hits, n_asked, others, error in rows:
            print(f"  {name:20} {hits:3}/{n_asked}  other tracks too: {others}  place off by {error:.2f} s (median)")
        print(f"  foreign clips matched: {len(alarms)}/{N_FOREIGN if seconds == 20 else N_FOREIGN // 2}", alarms)
    if IS_HELD_OUT:
        assert not alarms
        assert all(hits >= 0.95 * n_asked for _, hits, n_asked, _, _ in asked)


def made_up(real: list[Peaks], seed: int, seconds: float = 180.0, piece_s: float = 5.0) -> Peaks:
    """A track out of pieces of real ones, played backwards and moved up or down: real landmarks, no real tune."""
    rng, width, frames, bins = np.random.default_rng(seed), piece_s * FRAMES_PER_S, [], []
    for number in range(int(seconds / piece_s)):
        whole = real[rng.integers(len(real))]
        start = rng.uniform(0, max(1.0, whole.frames[-1] - width))
        part = whole.between(start, start + width)
        moved = part.bins[::-1] + rng.integers(-12, 13)
        inside = (moved > 0) & (moved < N_BINS - 1)
        frames.append(np.round((width - (part.frames - start))[::-1] + number * width)[inside])
        bins.append(moved[inside])
    every, places = np.concatenate(frames), np.concatenate(bins)
    order = np.lexsort((places, every))
    return Peaks(every[order], places[order], np.ones(len(every), np.bool_), seconds)


def test_a_query_against_ten_thousand_tracks(tracks, changes, tmp_path, capsys):
    known = {key: fingerprint(sound).loud() for key, (_, sound) in enumerate(tracks[0::2])}
    real = list(known.values())
    blobs = {key: to_bytes(one) for key, one in known.items()}
    blobs |= {1000 + number: to_bytes(made_up(real, number)) for number in range(N_MADE - len(known))}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    began = time.perf_counter()
    library = Library(blobs, tmp_path)
    built = time.perf_counter() - began
    began = time.perf_counter()
    library.index = SoundIndex.over([(key, "") for key in sorted(blobs)], library.load, tmp_path)
    opened = time.perf_counter() - began
    spent, rows = [], []
    for name in ("clean", "voice, equal level", "tempo 1.10", "pitch +1", "speed +5 %"):
        hits, n, others = 0, 0, 0
        for key, _, part in excerpts(tracks[0::2], 3, 20, seed=3):
            changed = fingerprint(changes[name](part))
            at, cpu = time.perf_counter(), time.process_time()
            found = search(changed, library.index, library.load, lambda key: True)
            spent.append((time.perf_counter() - at, time.process_time() - cpu))
            hits, n, others = (
                hits + any(one.key == key for one in found),
                n + 1,
                others + any(one.key != key for one in found),
            )
        rows.append(f"  {name:20} {hits}/{n}, other tracks too: {others}")
    size = sum(one.stat().st_size for one in tmp_path.iterdir()) / 1e6
    wall, cpu = np.median(np.array(spent), axis=0)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    with capsys.disabled():
        print(f"\n{len(blobs):,} tracks of 3 minutes ({len(known)} real, the others made up of their peaks)")
        print(f"  index: made in {built:.0f} s, {size:.0f} MB on disk, opened in {opened * 1000:.0f} ms")
        print(f"  a query of 20 s in 61 forms: {wall:.2f} s wall, {cpu:.2f} s cpu (median of {len(spent)}), "
              f"at most {max(one for one, _ in spent):.2f} s")  # fmt: skip
        print("\n".join(rows))
        print(f"  most memory of the process {memory:.0f} MB, {before:.0f} MB of it before the index was made")
