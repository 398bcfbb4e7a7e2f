"""Labels learnt from real photographs: what they tell apart, what is refused, and what is kept."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from media.neon import neon
from media.photos import installed
from otklik.errors import ConfigurationError, StorageError
from otklik.media.imagenet import FEATURES, SHA256, classify
from otklik.media.symbol_learning import Learned, learn, pictures_of
from otklik.media.symbol_probe import LabelTrial, Probe, Trial, place, probes
from otklik.media.symbols import symbols_of

TAUGHT = {"fortress": ("castle", "fortress"), "palace": ("palace",), "animal": ("animal",)}


def taught_by(things: tuple[str, ...]) -> str | None:
    return next((label for label, wanted in TAUGHT.items() if set(wanted) & set(things)), None)


@pytest.fixture(scope="module")
def covers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Up to ten photographs of each kind, none of them held out."""
    folder = tmp_path_factory.mktemp("covers")
    for photo in installed():
        label = taught_by(photo.things)
        if label is None or photo.is_held_out:
            continue
        (folder / label).mkdir(exist_ok=True)
        if len(list((folder / label).iterdir())) < 10:
            Image.fromarray(photo.pixels()).save(folder / label / f"{photo.number}.png", compress_level=1)
    return folder


@pytest.fixture(scope="module")
def learned(covers: Path) -> Learned:
    return learn(covers, "kazan", {"fortress": "kremlin_fortress"})


def test_photographs_are_told_apart_by_a_probe_that_never_saw_them(learned: Learned):
    trial = learned.probe.trial
    assert trial.folds == 5
    assert trial.accuracy > trial.chance + 0.3
    assert sum(map(sum, trial.confusion)) == trial.pictures == sum(one.pictures for one in trial.labels)
    assert learned.passed_over == ()


def test_a_photograph_held_out_and_in_neon_is_told_right_more_often_than_by_chance(learned: Learned):
    held = [(taught_by(photo.things), photo.pixels()) for photo in installed() if photo.is_held_out]
    held = [(label, pixels) for label, pixels in held if label][:20]
    for restyle in (lambda pixels: pixels, neon):
        answers = learned.probe.probabilities(classify([restyle(pixels) for _, pixels in held]).embeddings)
        np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-5)
        names = [learned.probe.labels[best] for best in answers.argmax(axis=1)]
        assert np.mean([name == label for name, (label, _) in zip(names, held, strict=True)]) > 0.6


def test_a_probe_that_is_written_is_the_one_that_is_read(learned: Learned, tmp_path: Path):
    file = place(tmp_path, "kazan")
    learned.probe.write(file)
    assert Probe.read(file) == learned.probe
    assert probes(tmp_path) == (file,)
    assert json.loads(file.read_text())["labels"] == ["animal", "fortress", "palace"]


def test_a_label_that_stands_for_a_sign_makes_it_seen(learned: Learned):
    photo = next(photo for photo in installed() if "fortress" in photo.things and photo.is_held_out)
    found = classify([photo.pixels(), np.zeros((90, 160, 3), np.uint8)])
    plain, told = symbols_of([0.0, 0.5], found), symbols_of([0.0, 0.5], found, learned.probe)
    label = next(one for one in told.labels if one.name == "fortress")
    before, after = ({one.name: one for one in each.signs}["kremlin_fortress"] for each in (plain, told))
    assert set(after.times) == set(before.times) | set(label.times)
    assert after.share == len(after.times) / 2
    assert after.most == before.most
    assert plain.things == told.things
    assert plain.labels == ()


def painted(folder: Path, label: str, n: int, seed: int = 0) -> None:
    (folder / label).mkdir(parents=True, exist_ok=True)
    made = np.random.default_rng(seed)
    for i in range(n):
        Image.fromarray(made.integers(0, 255, (24, 24, 3), dtype=np.uint8)).save(folder / label / f"{seed}_{i}.png")


def test_too_few_labels_or_pictures_are_refused_with_what_is_needed(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="there is no folder"):
        pictures_of(tmp_path / "none")
    painted(tmp_path, "station", 5)
    with pytest.raises(ConfigurationError, match="has 1 subfolders with pictures, at least 2"):
        learn(tmp_path, "x")
    painted(tmp_path, "other", 4, seed=1)
    (tmp_path / "other" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(
        ConfigurationError, match=r"label other has 4 pictures .* at least 5 .*broken.jpg: not a picture"
    ):
        learn(tmp_path, "x")


def test_what_is_no_picture_is_named_and_passed_over(tmp_path: Path):
    painted(tmp_path, "station", 5)
    painted(tmp_path, "other", 5, seed=1)
    (tmp_path / "other" / "notes.txt").write_text("not a picture")
    (tmp_path / "other" / "empty.png").write_bytes(b"")
    (tmp_path / "other" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "other" / "again.png").write_bytes((tmp_path / "other" / "1_0.png").read_bytes())
    (tmp_path / "other" / "deeper").mkdir()
    found = learn(tmp_path, "x")
    reasons = {Path(path).name: why for path, why in found.passed_over}
    assert set(reasons) == {"notes.txt", "empty.png", "again.png", "deeper"}
    assert reasons["again.png"] == "the same picture lies there twice"
    assert "empty" in reasons["empty.png"]
    assert found.probe.trial.pictures == 10


def test_one_picture_under_two_labels_is_refused(tmp_path: Path):
    painted(tmp_path, "station", 5)
    painted(tmp_path, "other", 5)
    with pytest.raises(ConfigurationError, match="lies under two labels, other and station"):
        learn(tmp_path, "x")


def test_signs_and_labels_that_do_not_exist_are_refused(tmp_path: Path):
    painted(tmp_path, "station", 5)
    painted(tmp_path, "other", 5, seed=1)
    with pytest.raises(ConfigurationError, match="'port', which has no subfolder: there are other, station"):
        learn(tmp_path, "x", {"port": "station_port"})
    with pytest.raises(ConfigurationError, match="'port' is no sign: choose one of mosque"):
        learn(tmp_path, "x", {"station": "port"})


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a b", ".x", "x" * 65, "a\n"])
def test_a_name_is_a_plain_word(tmp_path: Path, name: str):
    with pytest.raises(ConfigurationError, match="expected a name"):
        place(tmp_path, name)


SMALL = Probe(
    "small", ("a", "b"), (None, "food"), (0.0,) * FEATURES, (1.0,) * FEATURES, ((0.0,) * FEATURES,) * 2, (0.0, 1.0),
    SHA256, Trial(5, 10, 0.5, 0.5, (LabelTrial("a", 5, None, 0.0), LabelTrial("b", 5, 0.5, 1.0)), ((0, 5), (0, 5))),
)  # fmt: skip


def test_a_probe_for_other_weights_is_refused(tmp_path: Path):
    file = tmp_path / "old.json"
    told = json.loads(msgspec.json.encode(SMALL)) | {"weights_sha256": "0" * 64}
    file.write_text(json.dumps(told))
    with pytest.raises(ConfigurationError, match="another version of the picture classifier"):
        Probe.read(file)


@pytest.mark.parametrize(
    "change",
    [
        {"labels": ["a"]}, {"labels": ["a", "a"]}, {"signs": [None]}, {"signs": [None, "castle"]}, {"centre": [0.0]},
        {"spread": [0.0] * FEATURES}, {"coefficients": [[0.0] * FEATURES]}, {"bias": ["x", 1]}, {"seen_at": 0},
        {"trial": None}, {"labels": 7},
    ],
)  # fmt: skip
def test_a_damaged_probe_is_refused(tmp_path: Path, change: dict):
    file = tmp_path / "x.json"
    file.write_text(json.dumps(json.loads(msgspec.json.encode(SMALL)) | change))
    with pytest.raises(ConfigurationError, match="are damaged"):
        Probe.read(file)


@given(cut=st.integers(0, 400), put=st.binary(max_size=8))
def test_a_file_with_anything_in_it_is_a_probe_or_a_sentence(tmp_path_factory, cut: int, put: bytes):
    file = tmp_path_factory.mktemp("probe") / "x.json"
    data = msgspec.json.encode(SMALL)
    file.write_bytes(data[:cut] + put + data[cut + len(put) :])
    try:
        probe = Probe.read(file)
    except ConfigurationError as error:
        told = str(error)
    else:
        told = f"{probe.labels}: symbols learn" if len(probe.labels) == 2 else ""
    assert "symbols learn" in told


def test_a_folder_that_cannot_be_written_and_a_file_that_is_not_there(tmp_path: Path):
    (tmp_path / "symbols").write_text("a file")
    with pytest.raises(StorageError, match="cannot be written"):
        SMALL.write(place(tmp_path, "x"))
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Probe.read(tmp_path / "none.json")
