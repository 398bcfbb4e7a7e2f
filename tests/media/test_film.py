"""Frames of real files in every container and codec that PyAV writes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from films import CONTAINERS, colours, make_film, tone, turned

from otklik.media.film import DETAIL_S, EVERY_S, HOOK_S, MOST_PICTURES, read_film
from otklik.media.sound import read_sound


def red(picture: np.ndarray) -> float:
    return float(picture[..., 0].mean())


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_and_codec_is_read_with_its_times_and_its_sound(name: str, tmp_path: Path):
    codec, audio, options = CONTAINERS[name]
    path = make_film(tmp_path / name, codec=codec, audio=audio, options=options, seconds=5)
    film = read_film(path)
    assert film.facts.kind == "video"
    assert (film.facts.width, film.facts.height) == (320, 180)
    assert film.facts.n_audio_tracks == 1
    assert film.duration_s == pytest.approx(5.0, abs=0.3)
    assert (np.diff(film.times) > 0).all()
    for picture in film.pictures:
        assert red(picture.rgb) == pytest.approx(min(235, 20 + 40 * picture.at_s), abs=12), picture.at_s
    sound = read_sound(path)
    assert sound is not None
    assert sound.duration_s == pytest.approx(5.0, abs=0.3)
    middle = sound.between(1, 4).samples
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert np.argmax(spectrum) * sound.rate / len(middle) == pytest.approx(440, abs=3)


def test_the_hook_is_decoded_whole_and_pictures_come_two_a_second(tmp_path: Path):
    film = read_film(make_film(tmp_path / "film.mp4", seconds=8, fps=30))
    assert (film.times < HOOK_S - 0.2).sum() == pytest.approx((HOOK_S - 0.2) * 30, abs=2)
    later = film.times > HOOK_S + 0.5
    assert 0 < later.sum() < (8 - HOOK_S - 0.5) * 30 * 0.8, "frames that nothing depends on are skipped"
    gaps = np.diff([picture.at_s for picture in film.pictures])
    assert gaps == pytest.approx(EVERY_S, abs=0.15)


def test_fast_decodes_keyframes_only_and_says_so(tmp_path: Path):
    film = read_film(make_film(tmp_path / "film.mp4", seconds=8, options={"g": "50"}), fast=True)
    assert film.times == pytest.approx([0, 2, 4, 6], abs=0.1)
    assert film.keyframes_from_s == 0.0


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_picture_is_set_upright(degrees: int, tmp_path: Path):
    def half(at_s: float) -> np.ndarray:
        frame = np.zeros((180, 320, 3), np.uint8)
        frame[:, :160, 0] = 200  # the left half is red
        return frame

    film = read_film(turned(make_film(tmp_path / "film.mp4", seconds=1, paint=half), degrees))
    upright = film.pictures[0].rgb
    height, width = upright.shape[:2]
    side = {90: upright[: height // 2], 180: upright[:, width // 2 :], 270: upright[height // 2 :]}[degrees]
    assert red(side) > 150
    assert (film.facts.width, film.facts.height) == ((320, 180) if degrees == 180 else (180, 320))
    assert film.facts.shape == ("wide" if degrees == 180 else "vertical")


def test_a_variable_rate_keeps_the_times_of_the_file(tmp_path: Path):
    times = [0.0, 0.04, 0.08, 0.5, 0.54, 0.9, 1.7, 1.74, 2.5]
    film = read_film(make_film(tmp_path / "film.mkv", times=times, audio=None, options={"bf": "0"}))
    assert set(np.round(times, 2)) <= set(np.round(film.times, 2))


def test_square_and_vertical_films_keep_their_shape(tmp_path: Path):
    for size, shape in (((200, 200), "square"), ((180, 320), "vertical")):
        film = read_film(make_film(tmp_path / f"{shape}.mp4", size=size, seconds=1))
        assert film.facts.shape == shape
        assert film.small.shape[2] / film.small.shape[1] == pytest.approx(size[0] / size[1], rel=0.05)


def test_a_film_without_sound_has_none_and_of_several_tracks_the_first_is_heard(tmp_path: Path):
    silent = make_film(tmp_path / "silent.mp4", audio=None, seconds=1)
    assert read_sound(silent) is None
    assert read_film(silent).facts.n_audio_tracks == 0
    two = make_film(tmp_path / "two.mp4", seconds=2, sounds=(tone(2, hertz=300), tone(2, hertz=900)))
    assert read_film(two).facts.n_audio_tracks == 2
    samples = read_sound(two).between(0.5, 1.5).samples
    assert np.argmax(np.abs(np.fft.rfft(samples))) == pytest.approx(300, abs=3)


@pytest.mark.parametrize("transfer", [16, 18])
def test_hdr_is_named_and_brought_down_to_sdr(transfer: int, tmp_path: Path):
    grey = np.full((180, 320, 3), 150, np.uint8)
    path = make_film(
        tmp_path / "hdr.mkv",
        codec="libx265",
        audio=None,
        seconds=1,
        paint=lambda at_s: grey,
        pix_fmt="yuv420p10le",
        colour_trc=transfer,
        options={"x265-params": f"log-level=error:transfer={transfer}"},
    )
    film = read_film(path)
    assert film.facts.hdr == {16: "pq", 18: "hlg"}[transfer]
    assert film.pictures[0].rgb.mean() > 165, "a grey of 150 stands for more light than in SDR"


def test_after_three_minutes_only_keyframes_are_decoded_and_pictures_stay_few(tmp_path: Path):
    path = make_film(
        tmp_path / "long.mp4", seconds=DETAIL_S + 60, fps=10, size=(64, 36), options={"g": "100"}, audio=None
    )
    film = read_film(path)
    assert film.keyframes_from_s == pytest.approx(DETAIL_S, abs=11)
    assert (film.times > film.keyframes_from_s + 10).sum() <= 6
    assert len(film.pictures) <= MOST_PICTURES + 1
    assert film.pictures[-1].at_s > DETAIL_S + 40


def test_a_very_long_video_is_sampled_to_its_end_and_says_so(tmp_path: Path):
    times = [float(second) for second in range(0, 3 * 3600, 4)]
    path = make_film(
        tmp_path / "hours.mp4", times=times, fps=1, size=(64, 36), options={"g": "5", "bf": "0"}, audio=None,
        paint=lambda at_s: colours(0.0, (64, 36)),
    )  # fmt: skip
    film = read_film(path)
    assert film.sampled_from_s == pytest.approx(1200, abs=30)
    assert film.times[-1] > 3 * 3600 * 0.95
    assert len(film.times) < 2000, "frames that are held for long included"


def test_a_sound_that_begins_late_begins_late(tmp_path: Path):
    path = make_film(tmp_path / "a.mkv", seconds=6, sounds=(tone(4),), sound_from_s=2.0)
    sound = read_sound(path)
    assert sound.duration_s == pytest.approx(6.0, abs=0.15)
    assert np.abs(sound.between(0.2, 1.8).samples).max() < 0.01
    assert np.abs(sound.between(2.2, 5.8).samples).max() > 0.2


def test_pixels_that_are_not_square_are_shown_as_players_do(tmp_path: Path):
    path = make_film(tmp_path / "a.mp4", seconds=0.5, size=(180, 144), aspect=Fraction(64, 45), audio=None)
    film = read_film(path)
    assert (film.facts.width, film.facts.height) == (256, 144)
    assert film.pictures[0].rgb.shape[1] / film.pictures[0].rgb.shape[0] == pytest.approx(256 / 144, abs=0.02)


def test_a_frame_that_is_shown_for_long_is_there_for_long(tmp_path: Path):
    film = read_film(make_film(tmp_path / "a.mkv", times=[0.0, 0.04, 2.0, 2.04], audio=None, options={"bf": "0"}))
    assert np.diff(film.times).max() <= 0.25
    assert film.times[-1] == pytest.approx(2.04, abs=0.01)
