"""Pictures alone: covers of every format, animated ones, and what is no picture."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from films import colours, make_film
from PIL import Image

from otklik.errors import DataError
from otklik.media.container import MOST_PIXELS
from otklik.media.stills import read_still


@pytest.fixture
def photo() -> Image.Image:
    return Image.fromarray(colours(2.0, (400, 300)))


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.bmp", "a.tiff", "a.avif"])
def test_a_picture_of_every_format_is_read(name: str, photo: Image.Image, tmp_path: Path):
    photo.save(tmp_path / name)
    film = read_still(tmp_path / name)
    assert film is not None
    assert film.facts.kind == "picture"
    assert (film.facts.width, film.facts.height, film.facts.duration_s) == (400, 300, None)
    assert film.pictures[0].rgb[..., 0].mean() == pytest.approx(100, abs=8)


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "I;16", "RGBA", "LA"])
def test_every_colour_mode_is_read(mode: str, photo: Image.Image, tmp_path: Path):
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    if mode == "I;16":
        Image.fromarray(np.linspace(0, 65535, 120_000).reshape(300, 400).astype(np.uint16)).save(path)
    else:
        photo.convert(mode).save(path)
    shown = read_still(path).pictures[0].rgb
    assert shown.shape == (300, 400, 3)
    assert 20 < shown.mean() < 235


def test_what_is_transparent_is_white(tmp_path: Path):
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(tmp_path / "a.png")
    assert read_still(tmp_path / "a.png").pictures[0].rgb.min() == 255


def test_a_photo_taken_sideways_is_set_upright(photo: Image.Image, tmp_path: Path):
    exif = Image.Exif()
    exif[0x0112] = 6
    photo.save(tmp_path / "a.jpg", exif=exif)
    assert read_still(tmp_path / "a.jpg").facts.shape == "vertical"


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png"])
def test_an_animated_picture_is_a_video_with_its_times(name: str, tmp_path: Path):
    frames = [Image.fromarray(colours(at, (160, 90))) for at in np.arange(0, 3, 0.25)]
    frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], duration=250, loop=0)
    film = read_still(tmp_path / name)
    assert film.facts.kind == "video"
    assert film.times == pytest.approx(np.arange(0, 3, 0.25), abs=0.01)
    assert film.duration_s == pytest.approx(3.0, abs=0.01)


def test_a_picture_is_known_by_its_content_and_not_by_its_name(photo: Image.Image, tmp_path: Path):
    photo.save(tmp_path / "a.png")
    (tmp_path / "a.png").rename(tmp_path / "a.mp4")
    assert read_still(tmp_path / "a.mp4").facts.container == "png"
    assert read_still(make_film(tmp_path / "b.mp4", seconds=0.5).rename(tmp_path / "b.jpg")) is None


def test_a_bomb_is_refused_by_its_header(tmp_path: Path):
    side = int(MOST_PIXELS**0.5) + 1000
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = zlib.compress(b"\0" * 1000)
    path = tmp_path / "bomb.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I", len(data)) + b"IDAT" + data + struct.pack(">I", zlib.crc32(b"IDAT" + data))
    )  # fmt: skip
    with pytest.raises(DataError, match="million pixels"):
        read_still(path)


def test_a_truncated_picture_is_a_sentence(photo: Image.Image, tmp_path: Path):
    photo.save(tmp_path / "a.jpg", quality=95)
    data = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(data[: len(data) // 2])
    with pytest.raises(DataError, match=r"export it again"):
        read_still(tmp_path / "a.jpg")
