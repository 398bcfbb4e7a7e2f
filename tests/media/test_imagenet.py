"""The classifier on real photographs, on pictures of every shape, and with weights that are missing or damaged."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.neon import neon
from media.photos import named
from otklik.errors import ConfigurationError
from otklik.media import imagenet
from otklik.media.imagenet import SHA256, WEIGHTS, classify, grey, opened, shrunk, squares

MOSQUE, CASTLE, ESPRESSO = 668, 483, 967


def test_the_shipped_weights_are_the_ones_that_are_told_of():
    assert hashlib.sha256(WEIGHTS.read_bytes()).hexdigest() == SHA256
    readme = (WEIGHTS.parent / "README.md").read_text("utf-8")
    assert SHA256 in readme
    assert f"{WEIGHTS.stat().st_size:,} bytes" in readme
    assert "Apache License" in (WEIGHTS.parent / "NOTICE").read_text("utf-8")


@pytest.mark.parametrize(
    ("photo", "number"),
    [("wonders/tajMahal.webp", MOSQUE), ("neuschwansteinCastle.webp", CASTLE), ("charminar.webp", None)],
)
def test_a_photograph_is_what_it_shows_also_in_neon(photo: str, number: int | None):
    pixels = named(photo)
    for picture in (pixels, neon(pixels)):
        seen = classify([picture])
        assert seen.probabilities.shape == (1, 1000)
        assert seen.embeddings.shape == (1, 1280)
        best = set(seen.probabilities[0].argsort()[-3:])
        assert number in best if number else best & {MOSQUE, 698}


def test_a_building_at_the_edge_of_a_tall_picture_is_seen():
    photo = named("wonders/tajMahal.webp")
    ground = np.full((1280, 720, 3), 90, np.uint8)
    height = round(720 * photo.shape[0] / photo.shape[1])
    rows = np.arange(height) * photo.shape[0] // height
    ground[:height] = photo[rows][:, np.arange(720) * photo.shape[1] // 720]
    middle = ground[280:1000]
    assert classify([ground]).probabilities[0, MOSQUE] > 0.3
    assert classify([ground]).probabilities[0, MOSQUE] > classify([middle]).probabilities[0, MOSQUE]


def test_a_photograph_is_the_same_among_others_and_alone():
    made = np.random.default_rng(0)
    pictures = [made.integers(0, 255, (size, 80, 3), dtype=np.uint8) for size in (40, 80, 200)]
    together = classify(pictures)
    alone = classify(pictures[2:])
    np.testing.assert_allclose(together.probabilities[2], alone.probabilities[0], atol=1e-5)
    assert len(classify([])) == 0


@given(height=st.integers(1, 300), width=st.integers(1, 300))
@settings(max_examples=60)
def test_squares_cover_a_picture_from_end_to_end(height: int, width: int):
    at = np.indices((height, width))
    picture = np.stack([at[0] % 256, at[1] % 256, at[0] // 256 * 2 + at[1] // 256], axis=2).astype(np.uint8)
    cut = list(squares(picture))
    side = min(height, width)
    assert len(cut) in (1, 3)
    assert all(one.shape == (side, side, 3) for one in cut)
    assert (len(cut) == 3) == (max(height, width) > 1.4 * side)
    if len(cut) == 3:
        assert (cut[0][0, 0] == picture[0, 0]).all()
        assert (cut[-1][-1, -1] == picture[-1, -1]).all()
    assert shrunk(cut[0]).shape == grey(shrunk(cut[0])).shape == (224, 224, 3)


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((5, 5), np.uint8), np.zeros((5, 5, 4), np.uint8), np.zeros((5, 5, 3), np.float32),
        np.zeros((0, 5, 3), np.uint8),
    ],
)  # fmt: skip
def test_what_is_no_picture_in_colour_is_refused(picture: np.ndarray):
    with pytest.raises(ValueError, match="expected an RGB picture"):
        classify([picture])


def test_missing_or_damaged_weights_say_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ConfigurationError, match="export_weights"):
        opened(tmp_path / "none.onnx")
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(WEIGHTS.read_bytes()[:-1] + b"x")
    with pytest.raises(ConfigurationError, match=r"damaged \(SHA-256 .*export_weights"):
        opened(damaged)
    monkeypatch.setattr(imagenet, "WEIGHTS", damaged)
    imagenet._session.cache_clear()
    assert "damaged" in (imagenet.why_not() or "")
    with pytest.raises(ConfigurationError, match="damaged"):
        classify([np.zeros((9, 9, 3), np.uint8)])
    monkeypatch.undo()
    assert imagenet.why_not() is None
