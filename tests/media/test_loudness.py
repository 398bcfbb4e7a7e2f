"""Loudness against two independent meters (FFmpeg's and pyloudnorm's), silence, and the laws of decibels."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.media import loudness as module
from otklik.media.loudness import FLOOR_DB, MOST_POINTS, SILENT, TOO_SHORT, longest_run, loudness, powers
from otklik.media.sound import Sound, read_sound

MUSIC = Path("/usr/share/games/wesnoth/1.16/data/core/music")
RATE = 22_050


def noise(seconds: float, level: float = 0.1, rate: int = RATE, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).normal(size=round(seconds * rate)) * level).astype(np.float32)


def music(name: str, seconds: float, rate: int) -> Sound:
    if not (MUSIC / name).exists():
        pytest.skip("the Debian package wesnoth-1.16-music is not installed")
    return read_sound(MUSIC / name, rate, seconds)


def by_ffmpeg(channels: np.ndarray, rate: int) -> tuple[float, float]:
    """Integrated loudness and range by FFmpeg's filter ebur128; channels of shape (1 or 2, n)."""
    graph = av.filter.Graph()
    layout = "mono" if len(channels) == 1 else "stereo"
    source = graph.add_abuffer(format="fltp", sample_rate=rate, layout=layout, time_base=f"1/{rate}")
    meter, sink = graph.add("ebur128", "metadata=1"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    told = {}
    for at in range(0, channels.shape[1], rate // 10):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(channels[:, at : at + rate // 10]), "fltp", layout)
        frame.sample_rate, frame.pts = rate, at
        graph.push(frame)
        while True:
            try:
                told = dict(sink.pull().metadata) or told
            except (BlockingIOError, EOFError):
                break
    return float(told["lavfi.r128.I"]), float(told["lavfi.r128.LRA"])


@pytest.mark.parametrize("name", ["battle.ogg", "loyalists.ogg", "underground.ogg"])
def test_loudness_and_range_of_music_are_those_of_ffmpeg(name):
    sound = music(name, 40, 48_000)
    both = np.stack([sound.samples + sound.sides, sound.samples - sound.sides]) / np.float32(np.sqrt(2))
    lufs, width = by_ffmpeg(both, 48_000)
    found = loudness(powers(sound))
    assert found.lufs == pytest.approx(lufs, abs=0.1)
    assert found.range_lu == pytest.approx(width, abs=0.5)


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100])
def test_loudness_is_that_of_pyloudnorm(rate):
    pyloudnorm = pytest.importorskip("pyloudnorm", reason="pyloudnorm is not installed")
    samples = noise(8, rate=rate) * np.repeat([0.02, 1, 0.3, 1], 2 * rate).astype(np.float32)
    known = pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(samples.astype(float))
    assert loudness(powers(Sound(samples, rate))).lufs == pytest.approx(known, abs=0.05)


def test_a_lower_rate_of_samples_tells_the_same_loudness():
    fine, coarse = (loudness(powers(music("battle.ogg", 30, rate))).lufs for rate in (48_000, RATE))
    assert coarse == pytest.approx(fine, abs=0.2)


def test_a_stereo_file_that_is_the_same_on_both_sides_is_as_loud_as_ffmpeg_says(tmp_path):
    side = (0.3 * np.sin(2 * np.pi * 997 * np.arange(44_100 * 5) / 44_100)).astype(np.float32)
    with wave.open(str(tmp_path / "both.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes((np.repeat(side, 2) * 32_767).astype("<i2").tobytes())
    lufs, _ = by_ffmpeg(np.stack([side, side]), 44_100)
    assert loudness(powers(read_sound(tmp_path / "both.wav"))).lufs == pytest.approx(lufs, abs=0.1)


def test_twice_the_amplitude_is_six_decibels_more_of_the_same():
    quiet = loudness(powers(Sound(noise(8, 0.05) * np.repeat([1, 0.1], 4 * RATE).astype(np.float32))))
    loud = loudness(powers(Sound(noise(8, 0.1) * np.repeat([1, 0.1], 4 * RATE).astype(np.float32))))
    assert loud.lufs - quiet.lufs == pytest.approx(6.02, abs=0.01)
    assert loud.peak_dbfs - quiet.peak_dbfs == pytest.approx(6.02, abs=0.01)
    assert loud.range_lu == pytest.approx(quiet.range_lu, abs=0.01)
    assert loud.crest_db == pytest.approx(quiet.crest_db, abs=0.01)


def test_pieces_give_what_the_whole_gives(monkeypatch):
    sound = Sound(noise(7.3))
    whole = powers(sound)
    monkeypatch.setattr(module, "CHUNK_S", 2)
    assert np.allclose(powers(sound).weighted, whole.weighted, rtol=1e-9)
    assert len(powers(sound).plain) == 146


def test_silence_is_measured_and_never_loud():
    sound = Sound(np.concatenate([noise(2), np.zeros(RATE * 3, np.float32), noise(4), noise(1, 0.001)]))
    found = loudness(powers(sound))
    assert found.silence_share == pytest.approx(0.4, abs=0.01)
    assert found.longest_silence_s == pytest.approx(3, abs=0.1)
    assert min(found.over_time_db) == FLOOR_DB


def test_digital_silence_has_no_level_and_says_so():
    found = loudness(powers(Sound(np.zeros(RATE * 10, np.float32))))
    assert (found.lufs, found.range_lu, found.peak_dbfs, found.crest_db) == (None,) * 4
    assert set(found.missing.values()) == {SILENT}
    assert found.silence_share == 1.0
    assert found.longest_silence_s == 10.0


def test_a_short_sound_has_no_integrated_loudness():
    found = loudness(powers(Sound(noise(0.2))))
    assert found.lufs is None
    assert found.missing["lufs"] == TOO_SHORT
    assert found.peak_dbfs is not None


@pytest.mark.parametrize(("seconds", "step_s", "n"), [(10, 0.25, 40), (600, 0.25, 2400), (1200, 0.5, 2400)])
def test_the_picture_of_loudness_has_at_most_so_many_points(seconds, step_s, n):
    found = loudness(powers(Sound(np.tile(noise(1), seconds))))
    assert found.step_s == step_s
    assert len(found.over_time_db) == n <= MOST_POINTS


def test_the_picture_shows_a_burst_where_it_is():
    sound = Sound(np.concatenate([np.zeros(RATE * 4, np.float32), noise(0.5), np.zeros(RATE * 4, np.float32)]))
    found = loudness(powers(sound))
    assert 4.0 <= np.argmax(found.over_time_db) * found.step_s < 4.5


@given(st.lists(st.booleans(), max_size=30))
def test_the_longest_run_is_the_longest(flags):
    assert longest_run(np.array(flags, bool)) == max(map(len, "".join(".#"[one] for one in flags).split(".")))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9000), st.floats(-8, 8, width=32), st.sampled_from([8000, 16_000, 44_100]))
def test_any_constant_or_noisy_sound_gives_finite_figures(n, offset, rate):
    samples = (np.full(n, offset) + noise(n / rate + 1, 1e-3)[:n]).astype(np.float32)
    found = loudness(powers(Sound(samples, rate)))
    told = [one for one in (found.lufs, found.range_lu, found.peak_dbfs, found.crest_db) if one is not None]
    assert np.isfinite([*told, *found.over_time_db]).all()
    assert 0 <= found.silence_share <= 1
