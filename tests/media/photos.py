"""Photographs that Debian and Python packages carry, labelled by looking at them; no photograph is copied here.

Where a package is not installed its photographs are left out and the package is named in :func:`missing`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image

LABELS = Path(__file__).with_name("labelled_photos.yaml")
GCOMPRIS = Path("/usr/share/gcompris-qt/rcc")
WALLPAPERS = Path("/usr/share/backgrounds")
HELD_OUT_EVERY = 3
IS_FOLDER, IS_ZLIB = 2, 1


@dataclass(frozen=True)
class Photo:
    """One labelled photograph.

    ``signs`` are the classes of otklik.content.taxonomy.SIGNS that it shows, ``maybe`` those on which two people
    would differ (counted neither way), ``historic`` whether it shows a sacred or historic building (None: unclear).
    """

    number: int
    source: str
    name: str
    sha256: str
    signs: tuple[str, ...]
    maybe: tuple[str, ...]
    things: tuple[str, ...]
    historic: bool | None

    @property
    def is_held_out(self) -> bool:
        return self.number % HELD_OUT_EVERY == 0

    def pixels(self) -> np.ndarray:
        data = stored(self.source, self.name)
        assert data is not None
        assert hashlib.sha256(data).hexdigest() == self.sha256, f"{self.name} is another file than the one labelled"
        return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def labelled() -> list[Photo]:
    """Every labelled photograph, whether its package is installed or not."""
    listed = yaml.safe_load(LABELS.read_text("utf-8"))["photos"]
    answers = {"yes": True, "no": False, "unclear": None}
    return [
        Photo(
            number, one["source"], one["name"], one["sha256"], tuple(one.get("signs", ())), tuple(one.get("maybe", ())),
            tuple(one.get("things", ())), answers[one["historic"]],
        )
        for number, one in enumerate(listed)
    ]  # fmt: skip


def installed() -> list[Photo]:
    """The labelled photographs at hand; skips the test where there are none."""
    found = [photo for photo in labelled() if stored(photo.source, photo.name) is not None]
    if not found:
        pytest.skip("no photographs: apt-get install gcompris-qt-data")
    return found


def named(end: str) -> np.ndarray:
    """The pixels of the labelled photograph whose name ends so; skips the test where its package is not installed."""
    photo = next(photo for photo in labelled() if photo.name.endswith(end))
    if stored(photo.source, photo.name) is None:
        pytest.skip(f"the photograph {end} is not here: install {photo.source}")
    return photo.pixels()


def missing() -> set[str]:
    """Packages with labelled photographs that are not installed."""
    return {photo.source for photo in labelled() if stored(photo.source, photo.name) is None}


def stored(source: str, name: str) -> bytes | None:
    """The bytes of a photograph as its package holds it."""
    if source == "gcompris-qt-data":
        return _resources(name.partition("/")[0]).get(name)
    folders = {"scikit-learn": ("sklearn", "datasets/images"), "scikit-image": ("skimage", "data")}
    if source in folders:
        package, folder = folders[source]
        spec = importlib.util.find_spec(package)
        file = Path(spec.origin).parent / folder / name if spec and spec.origin else None
    else:
        file = WALLPAPERS / name
    return file.read_bytes() if file and file.is_file() else None


@cache
def _resources(activity: str) -> dict[str, bytes]:
    file = GCOMPRIS / f"{activity}.rcc"
    return read_rcc(file.read_bytes()) if file.is_file() else {}


def read_rcc(data: bytes) -> dict[str, bytes]:
    """Files in a compiled Qt resource, by path below ``activities/``.

    The format is that of Qt's ``rcc`` (qtbase/src/tools/rcc/rcc.cpp): a tree of nodes, names in UTF-16, and blocks of
    data that a length of 4 bytes precedes.
    """
    assert data[:4] == b"qres"
    version, tree, blocks, names = struct.unpack(">IIII", data[4:20])
    size = 22 if version >= 2 else 14
    found: dict[str, bytes] = {}

    def walk(node: int, path: str) -> None:
        at = tree + node * size
        name_at, flags = struct.unpack(">IH", data[at : at + 6])
        length = struct.unpack(">H", data[names + name_at : names + name_at + 2])[0]
        name = data[names + name_at + 6 : names + name_at + 6 + 2 * length].decode("utf-16-be") if node else ""
        here = f"{path}/{name}" if path else name
        if flags & IS_FOLDER:
            count, first = struct.unpack(">II", data[at + 6 : at + 14])
            for child in range(first, first + count):
                walk(child, here)
            return
        begin = blocks + struct.unpack(">I", data[at + 10 : at + 14])[0]
        block = data[begin + 4 : begin + 4 + struct.unpack(">I", data[begin : begin + 4])[0]]
        found[here.partition("activities/")[2]] = zlib.decompress(block[4:]) if flags & IS_ZLIB else block

    walk(0, "")
    return found
