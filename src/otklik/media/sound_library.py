"""Adding files to the sound library of a store: each is answered, the unreadable ones in a sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from otklik.errors import ConfigurationError, DataError, OtklikError
from otklik.media import chromaprint
from otklik.media.container import check_file
from otklik.media.fingerprint import fingerprint, to_bytes, why_not
from otklik.media.sound import MOST_S, Sound, read_sound
from otklik.store import Sounds, Store, StoredSound
from otklik.store.sounds import LIBRARY, POST

SUFFIXES: Final = frozenset(
    (
        *(".3gp", ".avi", ".flv", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ogv", ".ts", ".webm", ".wmv"),
        *(".aac", ".aif", ".aiff", ".flac", ".m4a", ".mka", ".mp3", ".oga", ".ogg", ".opus", ".wav", ".wma"),
    )
)
"""Files of a folder that are taken; a file that is named itself is always tried."""
NO_SOUND = "{path} has no sound"
NOT_USABLE = "{path} was not added: {reason}"


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file."""

    path: Path
    outcome: str
    """``added``, ``known`` or ``failed``."""
    sound: StoredSound | None = None
    """As it is kept now; ``None`` unless it was added."""
    error: OtklikError | None = None
    """Why it failed."""


def files_in(paths: Sequence[Path]) -> list[Path]:
    """The files named, and those in the folders named that may hold sound, sorted, without hidden ones.

    >>> files_in([Path("no/such/file.ogg")])
    [PosixPath('no/such/file.ogg')]
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = (one for one in path.rglob("*") if one.suffix.lower() in SUFFIXES and one.is_file())
        found += sorted(one for one in inside if not _is_hidden(one.relative_to(path)))
    return list(dict.fromkeys(found))


def add_files(
    store: Store,
    paths: Sequence[Path],
    now: datetime,
    *,
    name: str | None = None,
    author: str | None = None,
    post: str | None = None,
) -> Iterator[Added]:
    """Add the sounds of files to a library, one after another.

    Args:
        store: whose library.
        paths: sounds, videos and folders of them.
        now: when they are added.
        name: what to call a sound; the name of the file unless given.
        author: platform and id of who made them, as in ``vk:-1``.
        post: platform and id of the post they were in.
    """
    kind = LIBRARY if post is None else POST
    for path in files_in(paths):
        try:
            sha256 = _sha256(path)
            known = StoredSound(name or path.stem, kind, sha256, 0.0, str(path.resolve()), author, post)
            if Sounds(store).holds(sha256, kind, known.place):
                yield Added(path, "known")
                continue
            kept = _added(store, known, _heard(path), now)
        except OtklikError as error:
            yield Added(path, "failed", error=error)
        else:
            yield Added(path, "added" if kept else "known", kept)


def _added(store: Store, known: StoredSound, sound: Sound, now: datetime) -> StoredSound | None:
    peaks = fingerprint(sound)
    if reason := why_not(peaks):
        raise DataError(NOT_USABLE, path=known.path, reason=reason)
    words = chromaprint.words(sound)
    chroma = None if words is None else words.astype("<u4").tobytes()
    told = StoredSound(
        known.name, known.kind, known.sha256, round(sound.duration_s, 3), known.path, known.author, known.post
    )
    return Sounds(store).add(told, to_bytes(peaks.loud()), now, chroma)


def _sha256(path: Path) -> str:
    # That of media.keeping, which would bring the whole picture side with it.
    check_file(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ConfigurationError("{path} cannot be read: {why}", path=path, why=error.strerror) from None


def _heard(path: Path) -> Sound:
    sound = read_sound(path, most_s=MOST_S)
    if sound is None:
        raise DataError(NO_SOUND, path=path)
    return sound


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
