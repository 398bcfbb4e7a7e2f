"""Cuts found beside PySceneDetect's on the same films with known cuts; `make bench` prints the table."""

from __future__ import annotations

import time
import warnings
from pathlib import Path

import pytest

from media.cut_films import FILMS, film_of, read_small, write_film
from media.cut_scenes import lacks
from media.cut_scores import Score, heading

pytestmark = pytest.mark.benchmark


def theirs(path: Path, kind: str, **options: int) -> list[tuple[float, float]]:
    """What one of PySceneDetect's detectors finds, on the same decoder."""
    import scenedetect

    manager = scenedetect.SceneManager()
    manager.add_detector(getattr(scenedetect, kind)(**options))
    manager.detect_scenes(scenedetect.open_video(str(path), backend="pyav"))
    begins = [scene[0].seconds for scene in manager.get_scene_list()][1:]
    return [(at_s, at_s) for at_s in begins]


def ours(path: Path) -> list[tuple[float, float]]:
    from otklik.media.shots import find_cuts

    return [(cut.at_s, cut.until_s) for cut in find_cuts(*read_small(path)) or ()]


TOOLS = {
    "otklik": ours,
    "PySceneDetect Adaptive": lambda path: theirs(path, "AdaptiveDetector"),
    "PySceneDetect Adaptive, 4 frames": lambda path: theirs(path, "AdaptiveDetector", min_scene_len=4),
    "PySceneDetect Content": lambda path: theirs(path, "ContentDetector"),
    "PySceneDetect Content, 4 frames": lambda path: theirs(path, "ContentDetector", min_scene_len=4),
}


def test_cuts_beside_pyscenedetect(tmp_path, capsys):
    if lacks():
        pytest.skip(lacks())
    pytest.importorskip("scenedetect", reason="scenedetect-headless is not installed")
    scores = {(tool, held): Score() for held in (False, True) for tool in TOOLS}
    spent = dict.fromkeys(TOOLS, 0.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs, when they are imported
        for number in range(FILMS):
            film, path = film_of(number), tmp_path / "film.mp4"
            write_film(film, path)
            for name, tool in TOOLS.items():
                began = time.process_time()
                scores[name, film.is_held].add(film, tool(path))
                spent[name] += time.process_time() - began
    with capsys.disabled():
        for held in (False, True):
            n = sum(film_of(number).is_held == held for number in range(FILMS))
            print(f"\n{n} films, {'held out' if held else 'those that it was set on'}\n{heading()}")
            for name in TOOLS:
                print(scores[name, held].line(name))
            print("\n".join(scores["otklik", held].notes))
        print("CPU seconds with decoding:", {name: round(s, 1) for name, s in spent.items()})
