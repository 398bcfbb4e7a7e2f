"""What the classifier sees in labelled photographs, plain and in neon; `make bench` prints it class by class.

Thresholds were chosen on the development part (two of three photographs); the held-out part was run once after that.
Photographs are not frames of clips, the neon is a filter of ours, and several photographs show one monument.
"""

from __future__ import annotations

import time

import numpy as np
import pytest

from media.neon import MILD, neon
from media.photos import Photo, installed, missing
from otklik.media.imagenet import Classified, classify, squares
from otklik.media.symbols import Group, table

pytestmark = pytest.mark.benchmark

LEAST = 60
LEAST_PRECISION, LEAST_RECALL = 0.85, 0.7
STYLES = {"plain": lambda pixels: pixels, "mild neon": lambda pixels: neon(pixels, MILD), "strong neon": neon}


@pytest.fixture(scope="module")
def photos() -> list[Photo]:
    found = installed()
    if len(found) < LEAST:
        pytest.skip(f"{len(found)} photographs are here, {LEAST} are needed: install {', '.join(sorted(missing()))}")
    return found


@pytest.fixture(scope="module")
def seen(photos: list[Photo]) -> dict[str, Classified]:
    pixels = [photo.pixels() for photo in photos]
    return {style: classify([restyle(one) for one in pixels]) for style, restyle in STYLES.items()}


def truth(photo: Photo, kind: str, name: str) -> bool | None:
    if kind == "group":
        return photo.historic
    if kind == "thing":
        return name in photo.things
    return None if name in photo.maybe else name in photo.signs


def figures(found: np.ndarray, is_there: list[bool | None]) -> str:
    """Precision and recall over the photographs whose label is clear, and how many were named."""
    clear = np.array([one is not None for one in is_there])
    there = np.array([one is True for one in is_there])
    right, named, all_ = ((found & there & clear).sum(), (found & clear).sum(), (there & clear).sum())
    precision = f"{right / named:.2f}" if named else "  — "
    recall = f"{right / all_:.2f}" if all_ else "  — "
    return f"{precision} {recall} {named:3d}"


def rows(photos: list[Photo], seen: dict[str, Classified], held: bool) -> list[str]:
    grouped = table()
    measured = {name for photo in photos for name in photo.things}
    every = [("group", grouped.sacred_or_historic), *(("sign", one) for one in grouped.signs)]
    every += [("thing", one) for one in grouped.things if one.name in measured]
    chosen = np.array([photo.is_held_out == held for photo in photos])
    lines = []
    for kind, group in every:
        labels = [truth(photo, kind, group.name) for photo in photos if photo.is_held_out == held]
        cells = "   ".join(figures(over(group, each)[chosen], labels) for each in seen.values())
        n = sum(label is True for label in labels)
        marks = ("proxy " if group.is_proxy else "") + ("" if group.is_measured else "guessed threshold")
        lines.append(f"{kind:6}{group.name:20}{n:3d}  {cells}  {marks}")
    return lines


def over(group: Group, found: Classified) -> np.ndarray:
    return group.scores(found.probabilities) >= group.seen_at


def test_precision_and_recall_of_every_class(photos: list[Photo], seen: dict[str, Classified], capsys):
    with capsys.disabled():
        print(f"\n{len(photos)} photographs; not installed: {', '.join(sorted(missing())) or 'none'}")
        for held in (False, True):
            n = sum(photo.is_held_out == held for photo in photos)
            print(f"\n{'held out' if held else 'development'}, {n} photographs: precision, recall, named")
            print(f"{'':26}{'n':>3}  {'   '.join(f'{style:13}' for style in seen)}")
            print("\n".join(rows(photos, seen, held)))


def test_a_sacred_or_historic_building_is_told_as_well_as_was_asked_for(
    photos: list[Photo], seen: dict[str, Classified], capsys
):
    group = table().sacred_or_historic
    for held in (False, True):
        chosen = np.array([photo.is_held_out == held for photo in photos])
        labels = np.array([photo.historic is True for photo in photos])[chosen]
        unclear = np.array([photo.historic is None for photo in photos])[chosen]
        for style, each in seen.items():
            found = over(group, each)[chosen]
            clear = ~unclear
            precision = (found & labels & clear).sum() / (found & clear).sum()
            recall = (found & labels).sum() / labels.sum()
            strict = (found & labels).sum() / found.sum()
            with capsys.disabled():
                part = "held out" if held else "development"
                print(
                    f"\n{part:12}{style:12} precision {precision:.2f} (unclear ones counted as wrong: {strict:.2f}) "
                    f"recall {recall:.2f}; {labels.sum()} of {clear.sum()} clear ones",
                    end="",
                )
            assert precision >= LEAST_PRECISION
            assert recall >= LEAST_RECALL


def test_what_squares_and_the_grey_look_add_and_cost(photos: list[Photo], capsys, monkeypatch):
    from otklik.media import imagenet

    developed = [photo for photo in photos if not photo.is_held_out and photo.historic is not None]
    labels = np.array([photo.historic for photo in developed])
    pictures = {style: [restyle(photo.pixels()) for photo in developed] for style, restyle in STYLES.items()}
    for crops, grey_too in ((1, False), (3, False), (1, True), (3, True)):
        monkeypatch.setattr(imagenet, "MOST_CROPS", crops)
        began, cells = time.process_time(), []
        for style, each in pictures.items():
            found = over(table().sacred_or_historic, classify(each, grey_too=grey_too))
            cells.append(
                f"{style} {(found & labels).sum() / found.sum():.2f} {(found & labels).sum() / labels.sum():.2f}"
            )
        spent = (time.process_time() - began) / (3 * len(developed)) * 1000
        with capsys.disabled():
            print(
                f"\n{crops} squares at most, grey look {grey_too}: {'; '.join(cells)}; {spent:.0f} ms a picture", end=""
            )


def test_what_a_tall_frame_costs(capsys):
    made = np.random.default_rng(0).integers(0, 255, (640, 360, 3), dtype=np.uint8)
    classify([made])
    began = time.process_time()
    classify([made] * 16)
    spent, n = time.process_time() - began, len(list(squares(made)))
    with capsys.disabled():
        print(f"\n16 frames of 9:16, {n} squares each: {spent:.2f} s of one processor")
