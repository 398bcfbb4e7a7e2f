"""What was seen of a file, kept by the hash of its content: the same file is never decoded twice."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from otklik.cache import VARIABLE, cache_folder
from otklik.errors import ConfigurationError, StorageError
from otklik.media.container import check_file
from otklik.media.engines import is_mended
from otklik.media.screening import VERSION, Kept, Screening
from otklik.media.speech import transcribe
from otklik.media.subtitles import Transcript

FOLDER = "screenings"
MOST_BYTES = 500_000_000
"""When the folder is larger, what was not asked for longest goes."""
VALUE = "screening.json"
PARTS = ("strip.jpg", "sound.bin", "embeddings.npy", "chroma.bin")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Entry:
    """What lies in the folder of a look: the value, and how long the parts beside it are."""

    screening: Screening
    sizes: tuple[int, ...]


@contextmanager
def somewhere() -> Iterator[bool]:
    """The folder for caches, or one for this look alone where that cannot be written; says whether it is the former."""
    folder = cache_folder(FOLDER)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        before = os.environ.get(VARIABLE)
        with tempfile.TemporaryDirectory(prefix="otklik-", ignore_cleanup_errors=True) as made:
            os.environ[VARIABLE] = made
            try:
                yield False
            finally:
                os.environ.pop(VARIABLE) if before is None else os.environ.update({VARIABLE: before})
        return
    yield True


def content_hash(path: Path) -> str:
    """SHA-256 of a file's content.

    Raises:
        ConfigurationError, DataError: there is no such file, or nothing in it.
    """
    check_file(path)
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
    except OSError as error:
        raise ConfigurationError("{path} cannot be read: {why}", path=path, why=error.strerror) from None
    return found.hexdigest()


def find(sha256: str, *, fast: bool) -> Kept | None:
    """What was seen of a content before; a full screening also answers where a fast one is asked for."""
    for mode in ("full", "fast") if fast else ("full",):
        folder = _place(sha256, mode)
        try:
            entry = msgspec.json.decode((folder / VALUE).read_bytes(), type=_Entry)
            parts = [(folder / name).read_bytes() for name in PARTS]
            os.utime(folder)
        except (OSError, msgspec.DecodeError):
            continue
        is_whole = tuple(map(len, parts)) == entry.sizes
        if is_whole and not is_mended(entry.screening.lacked):
            return Kept(entry.screening, *parts)
    return None


def keep(kept: Kept) -> None:
    """Keep what was seen; a reader finds all of it or nothing, whoever else does the same.

    Raises:
        StorageError: the folder cannot be written.
    """
    place = _place(kept.screening.sha256, kept.screening.mode)
    try:
        place.mkdir(parents=True, exist_ok=True)
        parts = (kept.strip, kept.fingerprint, kept.embeddings, kept.chroma)
        for name, data in zip(PARTS, parts, strict=True):
            _write(place / name, data)
        # The last one: without it the others are not looked for.
        _write(place / VALUE, msgspec.json.encode(_Entry(kept.screening, tuple(map(len, parts)))))
        _tidy(place)
    except OSError as error:
        raise _cannot_keep(place, error) from None


def _write(file: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".new-", delete=False) as new:
        new.write(data)
    Path(new.name).replace(file)


def transcript(path: Path, sha256: str, model: Path) -> Transcript:
    """What is said in a file by the speech model in a folder, from the cache where it was asked for before.

    Raises:
        ConfigurationError, DataError: the model cannot be used, or the file has no sound.
    """
    name = _name_of(model)
    place = cache_folder(FOLDER) / f"v{VERSION}" / f"{sha256}-speech-{name}"
    file = place / "transcript.json"
    try:
        return msgspec.json.decode(file.read_bytes(), type=Transcript)
    except (OSError, msgspec.DecodeError):
        found = transcribe(path, model)
    try:
        place.mkdir(parents=True, exist_ok=True)
        _write(file, msgspec.json.encode(found))
    except OSError as error:
        raise _cannot_keep(place, error) from None
    return found


def _name_of(model: Path) -> str:
    """A model folder as it stands: its path, and sizes and times of its files."""
    files = sorted(one for one in model.rglob("*") if one.is_file()) if model.is_dir() else []
    told = [str(model.resolve()), *(f"{one.name} {one.stat().st_size} {one.stat().st_mtime_ns}" for one in files)]
    return hashlib.sha256("\n".join(told).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _cannot_keep(place: Path, error: OSError) -> StorageError:
    return StorageError(
        "what was seen cannot be kept in {path} ({why}): name another folder in OTKLIK_CACHE",
        path=place.parent,
        why=error.strerror,
    )


def _place(sha256: str, mode: str) -> Path:
    return cache_folder(FOLDER) / f"v{VERSION}" / f"{sha256}-{mode}"


def _tidy(newest: Path) -> None:
    """Screenings of other versions go, and the oldest ones when all together are too large."""
    with suppress(OSError):  # another process tidies too
        _remove_old(newest)


def _remove_old(newest: Path) -> None:
    for other in cache_folder(FOLDER).iterdir():
        if other != newest.parent:
            shutil.rmtree(other, ignore_errors=True)
    kept = sorted((one for one in newest.parent.iterdir() if one.name[0] != "."), key=lambda one: one.stat().st_mtime)
    sizes = [sum(file.stat().st_size for file in one.iterdir()) for one in kept]
    excess = sum(sizes) - MOST_BYTES
    for one, size in zip(kept, sizes, strict=True):
        if excess <= 0 or one == newest:
            return
        shutil.rmtree(one, ignore_errors=True)
        excess -= size
