"""The searchable form of a sound library: which landmark stands where, in files that are mapped, not read.

All sounds of a segment stand one after another on one line of frames, with gaps wider than any query. A posting is
then a single number, and so is the diagonal on which a query and a sound agree: place on the line minus place in the
query. Segments hold 1,024 sounds or a power of two fewer, so that adding one sound writes small files only; each is
named after what is in it, is written beside its place and moved there, and can be thrown away at any time.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from otklik.media.fingerprint import N_CODES, VERSION, Peaks, landmarks

SEGMENT: Final = 1024
"""Sounds in a full segment: some 10 million postings, 40 MB, built in memory in a few seconds."""
GAP: Final = 4096
"""Frames between two sounds on the line: 95 s, more than the longest stretch of a query."""
BUDGET: Final = 300_000
"""Postings read of one segment for one form of a query, the rarest landmarks first: bounds the time of a search."""
SLACK: Final = 9
"""Frames by which votes for one diagonal may differ: 0.2 s, what 1 % of tempo makes of 20 s."""
LEFT_AFTER_S: Final = 86_400
_MAGIC: Final = 0x6B6C746F
_HEAD: Final = 6
"""32-bit words before the tables: magic, version of the fingerprints, of the layout, sounds, postings, codes."""
_LAYOUT: Final = 1

Load = Callable[[Sequence[int]], dict[int, Peaks]]
"""Gives the peaks of the sounds with these keys."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sound that may be in a query, by the votes of landmarks for one diagonal."""

    key: int
    diagonal: float
    """Place in the sound minus place in the query, in frames."""
    votes: int
    strength: float
    """Votes beyond those that the sound gets on any diagonal, in standard deviations."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """The landmarks of some sounds, mapped from a file."""

    keys: NDArray[np.int64]
    bases: NDArray[np.uint32]
    """Where each sound begins on the line of frames, and one more: where the last one ends."""
    starts: NDArray[np.uint32]
    """Where the postings of each code begin."""
    postings: NDArray[np.uint32]

    @classmethod
    def map(cls, path: Path) -> Segment | None:
        """The segment in a file, ``None`` when there is none or it is damaged."""
        try:
            words = np.memmap(path, np.uint32, mode="r")
        except (OSError, ValueError):
            return None
        if len(words) < _HEAD or words[:3].tolist() != [_MAGIC, VERSION, _LAYOUT]:
            return None
        n_sounds, n_postings, n_codes = (int(one) for one in words[3:6])
        ends = np.cumsum([_HEAD, 2 * n_sounds, n_sounds + 1, n_codes + 1, n_postings]).tolist()
        if n_codes != N_CODES or ends[-1] != len(words):
            return None
        keys, bases, starts, postings = (words[a:b] for a, b in pairwise(ends))
        return cls(keys.view(np.int64), bases, starts, postings)

    def candidates(self, codes: NDArray[np.int64], frames: NDArray[np.int64], least: int, most: int) -> list[Candidate]:
        """The diagonals with the strongest votes, at most one a sound.

        Args:
            codes: landmarks of a query that is not longer than :data:`GAP` frames.
            frames: their places in the query.
            least: votes that a candidate has at least.
            most: so many candidates at most.
        """
        diagonals = np.sort(self._diagonals(codes, frames))
        if len(diagonals) < least:
            return []
        # With m votes on one diagonal the m-th next of the sorted diagonals is not further than the slack.
        at = np.flatnonzero(diagonals[least - 1 :] - diagonals[: len(diagonals) - least + 1] <= SLACK)
        votes = np.searchsorted(diagonals, diagonals[at] + SLACK, "right") - at
        borders = self.bases.astype(np.int64) - GAP // 2
        owner = np.clip(np.searchsorted(borders, diagonals[at], "right") - 1, 0, len(self.keys) - 1)
        strength = self._strength(diagonals, borders, owner, votes)
        # The best of each sound, then the best sounds.
        order = np.lexsort((-strength, owner))
        first = order[np.r_[True, np.diff(owner[order]) > 0]] if len(order) else order
        chosen = first[np.argsort(-strength[first], kind="stable")[:most]]
        places = diagonals[at[chosen]] + SLACK / 2 - self.bases[owner[chosen]]
        columns = (self.keys[owner[chosen]], places, votes[chosen], strength[chosen])
        return [Candidate(*one) for one in zip(*(column.tolist() for column in columns), strict=True)]

    def _strength(
        self,
        diagonals: NDArray[np.int64],
        borders: NDArray[np.int64],
        owner: NDArray[np.int64],
        votes: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """Votes beyond those that the sound gets on any diagonal, in standard deviations of a Poisson count."""
        every = np.diff(np.searchsorted(diagonals, borders))[owner]
        usual = every * (SLACK + 1) / np.diff(borders)[owner]
        return (votes - usual) / np.sqrt(usual + 1)

    def _diagonals(self, codes: NDArray[np.int64], frames: NDArray[np.int64]) -> NDArray[np.int64]:
        """One number for every posting of a query's landmarks, the rarest landmarks first, as many as allowed."""
        begin = self.starts[codes].astype(np.int64)
        sizes = self.starts[codes + 1] - begin
        order = np.argsort(sizes, kind="stable")
        order = order[: int(np.searchsorted(np.cumsum(sizes[order]), BUDGET, "right"))]
        begin, sizes = begin[order], sizes[order]
        ends = np.cumsum(sizes)
        within = np.arange(ends[-1] if len(ends) else 0) + np.repeat(begin - ends + sizes, sizes)
        return self.postings[within].astype(np.int64) - np.repeat(frames[order], sizes)


class SoundIndex:
    """All segments of a library."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = tuple(segments)

    @classmethod
    def over(cls, sounds: Sequence[tuple[int, str]], load: Load, folder: Path) -> SoundIndex:
        """The index of a library, made from what is in a folder and from the library where that is not enough.

        Args:
            sounds: key and content hash of every sound, in the order of the keys.
            load: gives peaks by key, asked for the sounds of one segment at a time.
            folder: where the files are kept; other segments in it are deleted.
        """
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        segments, names = [], set()
        for part in _parts(sounds):
            path = folder / f"{_name(part)}.landmarks"
            names.add(path.name)
            segments.append(Segment.map(path) or _built(part, load, path))
        _tidy(folder, names)
        return cls(segments)

    def __len__(self) -> int:
        """How many sounds there are."""
        return sum(len(segment.keys) for segment in self.segments)

    def candidates(self, peaks: Peaks, least: int, most: int) -> list[Candidate]:
        """The sounds with the strongest votes for one form of a query, strongest first."""
        codes, frames = landmarks(peaks)
        pairs = np.unique(codes * GAP + np.clip(frames, 0, GAP - 1))
        codes, frames = pairs // GAP, pairs % GAP
        found = [one for segment in self.segments for one in segment.candidates(codes, frames, least, most)]
        return sorted(found, key=lambda one: -one.strength)[:most]


def _tidy(folder: Path, names: set[str]) -> None:
    """Delete segments that are no longer of the library, and what a process that was killed left half written."""
    for old in folder.glob("*.*"):
        with suppress(OSError):
            is_left = old.suffix == ".new" and time.time() - old.stat().st_mtime > LEFT_AFTER_S
            if is_left or (old.suffix == ".landmarks" and old.name not in names):
                old.unlink()


def _parts(sounds: Sequence[tuple[int, str]]) -> list[Sequence[tuple[int, str]]]:
    """Full segments, then powers of two.

    >>> [len(part) for part in _parts([(key, "") for key in range(1024 + 13)])]
    [1024, 8, 4, 1]
    """
    parts, at = [], 0
    while at < len(sounds):
        size = min(SEGMENT, 1 << (len(sounds) - at).bit_length() - 1)
        parts.append(sounds[at : at + size])
        at += size
    return parts


def _name(part: Sequence[tuple[int, str]]) -> str:
    told = f"{VERSION} {_LAYOUT} " + " ".join(f"{key}:{sha256}" for key, sha256 in part)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _built(part: Sequence[tuple[int, str]], load: Load, path: Path) -> Segment:
    """A segment made anew, and kept for the next time where its folder can be written."""
    words = _words(part, load([key for key, _ in part]))
    with suppress(OSError):
        _write(words, path)
        if made := Segment.map(path):
            return made
    return Segment(words[1].view(np.int64), words[2], words[3], words[4])


NOTHING = Peaks(np.empty(0), np.empty(0), np.empty(0, bool), 0.0)


def _write(words: Sequence[NDArray[np.uint32]], path: Path) -> None:
    """Write beside the place and move there: a reader sees all of it or nothing."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            for one in words:
                file.write(one.data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _words(part: Sequence[tuple[int, str]], peaks: dict[int, Peaks]) -> list[NDArray[np.uint32]]:
    codes, places, bases = [np.empty(0, np.uint32)], [np.empty(0, np.uint32)], [GAP]
    for key, _ in part:
        # A sound that another process has removed since the list was read is found nowhere.
        one = peaks.get(key, NOTHING)
        made, frames = landmarks(one)
        codes.append(made.astype(np.uint32))
        places.append((frames + bases[-1]).astype(np.uint32))
        bases.append(bases[-1] + GAP + (int(one.frames[-1]) if len(one) else 0))
    every = np.concatenate(codes)
    order = np.argsort(every, kind="stable")
    starts = np.searchsorted(every[order], np.arange(N_CODES + 1)).astype(np.uint32)
    head = np.array([_MAGIC, VERSION, _LAYOUT, len(part), len(every), N_CODES], np.uint32)
    keys = np.array([key for key, _ in part], np.int64).view(np.uint32)
    return [head, keys, np.array(bases, np.uint32), starts, np.concatenate(places)[order]]
