"""Motion is told a second, whoever moves, and whatever the rate at which frames come."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from otklik.errors import DataError
from otklik.media.motion import MOST_VALUES, Motion, motion_of

RNG = np.random.default_rng(5)
WIDE = np.clip(ndimage.gaussian_filter(RNG.normal(0, 1, (36, 400)), 1.5) * 400 + 120, 0, 255)


def frames(pictures):
    return np.repeat(np.array([np.asarray(one, np.uint8) for one in pictures])[..., None], 3, -1)


def panned(times, speed=20.0):
    return frames(WIDE[:, int(20 + speed * t) : int(20 + speed * t) + 64] for t in times)


def still(times):
    return frames(WIDE[:, :64] for _ in times)


def at(seconds, rate=25):
    return np.arange(0, seconds, 1 / rate)


def test_a_ramp_of_light_moves_at_the_same_speed_at_any_rate():
    for rate in (10, 25, 60):
        times = at(2.0, rate)
        ramp = frames(np.full((36, 64), 100 * t) for t in times)
        assert motion_of(times, ramp).mean == pytest.approx(100 / 255, rel=0.02)


def test_frames_that_were_skipped_do_not_change_the_speed():
    times = at(6.0)
    kept = (times < 3) | (np.arange(len(times)) % 2 == 0)
    ramp = frames(np.full((36, 64), 40 * t) for t in times)
    whole, thinned = motion_of(times, ramp), motion_of(times[kept], ramp[kept])
    assert thinned.mean == pytest.approx(whole.mean, rel=0.02)
    assert thinned.timeline == pytest.approx(whole.timeline, abs=0.05)


def test_a_pan_is_the_camera_and_a_ball_is_not():
    times = at(4.0)
    pan = motion_of(times, panned(times))
    assert pan.camera_share > 0.8
    assert pan.camera_speed == pytest.approx(20 / 64, rel=0.15)
    rows, columns = np.mgrid[:36, :64]
    ball = frames(np.where((columns - 10 * t - 8) ** 2 + (rows - 18) ** 2 < 90, 250, WIDE[:, :64]) for t in times)
    thrown = motion_of(times, ball)
    assert thrown.camera_share < 0.2
    assert thrown.camera_speed < 0.05
    assert thrown.moving_share < pan.moving_share


def test_a_still_part_is_frozen_and_typed_words_are_not():
    times = at(6.0)
    film = panned(times)
    film[50:101] = film[50]
    (stretch,) = motion_of(times, film).frozen
    assert (stretch.from_s, stretch.length_s) == (pytest.approx(2.0, abs=0.1), pytest.approx(2.0, abs=0.1))
    typed = still(times)
    for n in range(30):
        typed[n * 5 :, 16:20, 2 * n : 2 * n + 2] = 255
    assert motion_of(times, typed).frozen == ()


def test_a_still_video_is_frozen_all_the_way_and_has_no_loop():
    times = at(5.0)
    found = motion_of(times, still(times))
    assert found.mean == 0
    assert found.frozen_share == pytest.approx(1.0, abs=0.02)
    assert found.loop_likeness is None
    assert found.camera_share is None


def test_black_is_black_but_neon_on_black_is_not():
    times = at(4.0)
    film = panned(times)
    film[25:50] = 3
    (stretch,) = motion_of(times, film).black
    assert (stretch.from_s, stretch.length_s) == (pytest.approx(1.0), pytest.approx(1.0))
    neon = np.full_like(film, 2)
    neon[:, 10:12] = (255, 0, 180)
    assert motion_of(times, neon).black == ()
    short = panned(times)
    short[25:30] = 0
    assert motion_of(times, short).black == ()


@pytest.mark.parametrize("rate", [3, 6])
def test_flashes_are_counted_within_a_second(rate):
    times = at(4.0, 30)
    film = panned(times) // 3
    film[(times > 1) & (times < 3) & (times * rate % 1 < 0.4)] = 230
    assert motion_of(times, film).flashes_a_second == pytest.approx(rate, abs=1.0)


def test_small_lights_and_slow_light_do_not_flash():
    times = at(4.0, 30)
    lamps = panned(times) // 3
    lamps[times * 5 % 1 < 0.5, :10, :10] = 255
    assert motion_of(times, lamps).flashes_a_second == 0
    slow = frames(np.full((36, 64), 120 + 100 * np.sin(t)) for t in times)
    assert motion_of(times, slow).flashes_a_second == 0


def test_a_loop_ends_as_it_began():
    times = at(4.0)
    there_and_back = panned(40 * np.minimum(times, times[-1] - times) / 10)
    onward = panned(40 * times / 10)
    assert motion_of(times, there_and_back).loop_likeness > 0.9
    assert motion_of(times, onward).loop_likeness < 0.3


def test_keyframes_alone_tell_no_motion():
    times = np.arange(8) * 2.0
    found = motion_of(times, panned(times, 3.0))
    assert (found.mean, found.moving_share, found.camera_share, found.frozen_share, found.flashes_a_second) == (
        (None,) * 5
    )
    assert set(found.timeline) == {None}
    assert found.loop_likeness is not None


def test_a_tail_of_keyframes_is_left_out_of_the_time_line():
    times = np.concatenate([at(4.0), 6.0 + 2.0 * np.arange(5)])
    found = motion_of(times, panned(times, 5.0))
    assert found.mean is not None
    assert None not in found.timeline[:15]
    assert set(found.timeline[20:]) == {None}


def test_one_frame_is_a_video_without_motion():
    found = motion_of(np.array([0.0]), still([0.0]))
    assert (found.mean, found.frozen, found.timeline) == (None, (), (None,))


def test_a_long_video_has_a_short_time_line():
    times = np.arange(0, 900, 0.45)
    assert len(motion_of(times, frames(np.full((4, 6), n % 200) for n in range(len(times)))).timeline) <= MOST_VALUES


def test_no_frames_are_refused():
    with pytest.raises(DataError, match="an instant for each of 2 small pictures"):
        motion_of(np.zeros(3), np.zeros((2, 36, 64, 3), np.uint8))
    with pytest.raises(DataError):
        motion_of(np.zeros(0), np.zeros((0, 36, 64, 3), np.uint8))


@given(st.lists(st.floats(0.0, 3.0), min_size=1, max_size=30), st.integers(1, 70), st.integers(1, 40), st.randoms())
def test_any_frames_give_plain_numbers(gaps, width, height, random):
    times = np.cumsum(gaps) - gaps[0]
    small = np.random.default_rng(random.randrange(1000)).integers(0, 256, (len(gaps), height, width, 3), np.uint8)
    found = motion_of(times, small)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Motion) == found
    assert 0 <= found.black_share <= 1
    assert all(value is None or 0 <= value < 1e6 for value in found.timeline)
