"""Learns a user's own labels from a folder of pictures: one subfolder a label, a handful of pictures in each.

The judgement that is printed is a stratified cross-validation on the same pictures: every picture is judged by a probe
that never saw it. Frames of one video in several parts still make it too kind; the reader is told so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from otklik.content.taxonomy import SIGNS
from otklik.errors import ConfigurationError, OtklikError
from otklik.media.imagenet import SHA256, Floats, Picture, classify
from otklik.media.stills import read_still
from otklik.media.symbol_probe import LabelTrial, Probe, Trial

LEAST_LABELS, LEAST_PICTURES = 2, 5
MOST_PICTURES = 1000
"""Of one label: more teach nothing new and would be read for minutes."""
MOST_FOLDS = 5
STRENGTH = 0.001
"""Inverse of the penalty. On 56 photographs of seven kinds (the development part of tests/media/labelled_photos.yaml)
0.001 to 0.01 did equally well, and less or more worse."""
LEAST_SPREAD = 1e-6
SEED = 0
DARK, EDGE = 0.35, 0.9
TINT, GROUND = (1.0, 0.35, 0.9), (0.02, 0.0, 0.08)
"""A dark violet duotone with bright edges. Learning from it as well raised the share told right on the same 56
photographs from 0.88 to 0.91 as they are and from 0.66 to 0.76 in the strong neon of tests/media/neon.py."""

Moved = Callable[[int, int], None]
Vectors = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Learned:
    """A probe, and the files that were passed over with the reason for each."""

    probe: Probe
    passed_over: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Features of labelled pictures: as they are, restyled, and the number of the label of each."""

    plain: Floats
    restyled: Floats
    labels: NDArray[np.int64]


def learn(folder: Path, name: str, signs: Mapping[str, str] | None = None, moved: Moved | None = None) -> Learned:
    """Learn the labels of a folder.

    Args:
        folder: its subfolders are the labels, with at least five pictures each.
        name: of the probe.
        signs: class of the taxonomy by label, where a label stands for one.
        moved: told how many pictures of how many are done.

    Raises:
        ConfigurationError: when there are fewer than two labels or too few pictures, for an unknown label or sign.
    """
    files = pictures_of(folder)
    wanted = _checked_signs(signs or {}, tuple(files))
    read, passed_over = _read(files, moved)
    for label, pictures in read.items():
        if len(pictures) < LEAST_PICTURES:
            raise ConfigurationError(
                "the label {label} has {n} pictures that can be used, at least {least} are needed: add pictures to "
                "{folder}, or take the folder away{passed}",
                label=label, n=len(pictures), least=LEAST_PICTURES, folder=folder / label, passed=_named(passed_over),
            )  # fmt: skip
    numbers = np.repeat(np.arange(len(read)), [len(pictures) for pictures in read.values()])
    both = [pair for pictures in read.values() for pair in pictures]
    lesson = _Lesson(np.stack([plain for plain, _ in both]), np.stack([neon for _, neon in both]), numbers)
    labels = tuple(read)
    centre, spread, rows, bias = _fit(lesson, np.arange(len(numbers)))
    probe = Probe(
        name=name,
        labels=labels,
        signs=tuple(wanted.get(label) for label in labels),
        centre=_plain(centre),
        spread=_plain(spread),
        coefficients=tuple(_plain(row) for row in rows),
        bias=_plain(bias),
        weights_sha256=SHA256,
        trial=_cross_validated(lesson, labels),
    )
    return Learned(probe, tuple(passed_over))


def pictures_of(folder: Path) -> dict[str, list[Path]]:
    """Files by label: whatever lies in a subfolder, hidden files left out.

    Raises:
        ConfigurationError: when it is no folder, or has fewer than two subfolders with files.
    """
    if not folder.is_dir():
        raise ConfigurationError("there is no folder {folder}: name one with a subfolder for each label", folder=folder)
    found: dict[str, list[Path]] = {}
    for sub in sorted(folder.iterdir()):
        files = sorted(file for file in sub.iterdir() if _is_meant(file)) if _is_meant(sub) and sub.is_dir() else []
        if files:
            found[sub.name] = files[:MOST_PICTURES]
    if len(found) < LEAST_LABELS:
        raise ConfigurationError(
            "{folder} has {n} subfolders with pictures, at least {least} are needed: one for each label, such as "
            "river_station, and one called other for what is none of them",
            folder=folder, n=len(found), least=LEAST_LABELS,
        )  # fmt: skip
    return found


def _is_meant(path: Path) -> bool:
    return not path.name.startswith(".") and (path.is_file() or path.is_dir())


def _checked_signs(signs: Mapping[str, str], labels: Sequence[str]) -> dict[str, str]:
    for label, sign in signs.items():
        if label not in labels:
            raise ConfigurationError(
                "--sign names the label {label!r}, which has no subfolder: there are {labels}",
                label=label, labels=", ".join(labels),
            )  # fmt: skip
        if sign not in SIGNS:
            raise ConfigurationError("{sign!r} is no sign: choose one of {known}", sign=sign, known=", ".join(SIGNS))
    return dict(signs)


def _read(
    files: Mapping[str, Sequence[Path]], moved: Moved | None
) -> tuple[dict[str, list[tuple[Floats, Floats]]], list[tuple[str, str]]]:
    """Features of each picture, plain and restyled, by label; and what was passed over."""
    passed_over: list[tuple[str, str]] = []
    label_of: dict[bytes, str] = {}
    found: dict[str, list[tuple[Floats, Floats]]] = {label: [] for label in files}
    everything = [(label, file) for label, listed in files.items() for file in listed]
    for done, (label, file) in enumerate(everything):
        if moved is not None:
            moved(done, len(everything))
        picture = _picture(file)
        if isinstance(picture, str):
            passed_over.append((str(file), picture))
            continue
        key = hashlib.sha256(picture.tobytes()).digest()
        if label_of.get(key, label) != label:
            raise ConfigurationError(
                "the picture {file} lies under two labels, {first} and {second}: keep it under one",
                file=file, first=label_of[key], second=label,
            )  # fmt: skip
        if key in label_of:
            passed_over.append((str(file), TWICE))
            continue
        label_of[key] = label
        plain, neon = classify([picture, restyled(picture)]).embeddings
        found[label].append((plain, neon))
    return found, passed_over


TWICE = "the same picture lies there twice"
NO_PICTURE = "not a picture that can be read"


def _picture(file: Path) -> Picture | str:
    """The pixels of a picture, or why there are none."""
    try:
        film = read_still(file)
    except OtklikError as error:
        return str(error)
    return NO_PICTURE if film is None or not film.pictures else film.pictures[0].rgb


def restyled(picture: Picture) -> Picture:
    """The picture as a dark violet duotone with bright edges: as a region's clips of the future often look.

    >>> restyled(np.zeros((8, 8, 3), np.uint8))[0, 0].tolist()
    [5, 0, 20]
    """
    import cv2

    light = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    edge = cv2.morphologyEx(light, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    edge = np.clip(edge / max(float(np.percentile(edge, 98)), LEAST_SPREAD), 0, 1)
    value = np.clip(DARK * light**1.5 + EDGE * edge, 0, 1)[:, :, None]
    return np.asarray(255 * np.clip(value * np.array(TINT) + np.array(GROUND), 0, 1), np.uint8)


def _fit(lesson: _Lesson, rows: NDArray[np.int64]) -> tuple[Vectors, Vectors, Vectors, Vectors]:
    """Centre, spread, coefficients (labels, 1280) and bias learnt on some of the pictures and their restyled twins."""
    from sklearn.linear_model import LogisticRegression

    features = np.concatenate([lesson.plain[rows], lesson.restyled[rows]]).astype(np.float64)
    labels = np.concatenate([lesson.labels[rows]] * 2)
    centre, spread = features.mean(axis=0), np.maximum(features.std(axis=0), LEAST_SPREAD)
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000)
    model.fit((features - centre) / spread, labels)
    coefficients, bias = np.asarray(model.coef_), np.asarray(model.intercept_)
    if len(coefficients) == 1:  # two labels: the first is the yardstick
        coefficients, bias = np.concatenate([0 * coefficients, coefficients]), np.concatenate([0 * bias, bias])
    return centre, spread, coefficients, bias


def _cross_validated(lesson: _Lesson, labels: Sequence[str]) -> Trial:
    """Every picture judged by a probe that was learnt without it."""
    from sklearn.model_selection import StratifiedKFold

    counts = np.bincount(lesson.labels)
    folds = int(min(MOST_FOLDS, counts.min()))
    given = np.full(len(lesson.labels), -1)
    parts = StratifiedKFold(folds, shuffle=True, random_state=SEED).split(lesson.plain, lesson.labels)
    for learnt_on, judged in parts:
        centre, spread, rows, bias = _fit(lesson, learnt_on)
        given[judged] = (((lesson.plain[judged] - centre) / spread) @ rows.T + bias).argmax(axis=1)
    confusion = np.zeros((len(labels), len(labels)), int)
    np.add.at(confusion, (lesson.labels, given), 1)
    return Trial(
        folds=folds,
        pictures=len(given),
        accuracy=_share(int(np.trace(confusion)), len(given)) or 0.0,
        chance=_share(int(counts.max()), len(given)) or 0.0,
        labels=tuple(_trial(labels[i], confusion, i) for i in range(len(labels))),
        confusion=tuple(tuple(int(n) for n in row) for row in confusion),
    )


def _trial(label: str, confusion: NDArray[np.int64], i: int) -> LabelTrial:
    right, n, named = int(confusion[i, i]), int(confusion[i].sum()), int(confusion[:, i].sum())
    return LabelTrial(label, n, _share(right, named), _share(right, n) or 0.0)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _plain(numbers: Vectors) -> tuple[float, ...]:
    """As plain numbers of seven digits: what float32 holds."""
    return tuple(float(f"{number:.7g}") for number in numbers)


def _named(passed_over: Sequence[tuple[str, str]], most: int = 3) -> str:
    """The first files that were passed over, for the end of a sentence."""
    if not passed_over:
        return ""
    return "; " + "; ".join(f"{Path(file).name}: {why}" for file, why in passed_over[:most])
