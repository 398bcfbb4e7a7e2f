"""A second opinion on a match by Chromaprint, where it is installed: how many bits of two fingerprints differ.

Chromaprint (https://acoustid.org/chromaprint, LGPL) hears 12 classes of pitch, so it fails where sounds are raised or
sped and where a voice is as loud as the music; there it is not asked. Debian: libchromaprint1 with ``pip install
pyacoustid``, or libchromaprint-tools.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import Final

import numpy as np
from numpy.typing import NDArray

from otklik.media.sound import Sound

WORDS_PER_S: Final = 11_025 * 3 / 4096
"""32-bit words a second: frames of 4,096 samples at 11,025 a second, two thirds over each other."""
SLACK_WORDS: Final = 3
"""Words by which the two may be out of step: our alignment is right to some 0.1 s."""
PIECE_S: Final = 20.0
"""Longer matches are compared in pieces: over minutes two sounds of nearly one speed drift apart."""
LEAST_WORDS: Final = 40
"""Below 5 s the numbers of foreign sounds reach down to those of equal ones (facts/media.md, section 7)."""
SAME_BELOW: Final = 0.30
"""Share of different bits up to which Chromaprint calls two sounds the same; foreign ones had 0.345 and more."""
MOST_S: Final = 1200
MISSING = "Chromaprint is not installed (Debian: libchromaprint1 and pyacoustid, or libchromaprint-tools)"

Words = NDArray[np.uint32]


def why_not() -> str | None:
    """Why Chromaprint cannot be asked, ``None`` when it can."""
    return None if _has_library() or shutil.which("fpcalc") else MISSING


def words(sound: Sound) -> Words | None:
    """Chromaprint's fingerprint of a sound; ``None`` where it is not installed or has nothing to say."""
    pcm = (np.clip(sound.samples[: MOST_S * sound.rate], -1, 1) * 32767).astype("<i2").tobytes()
    if _has_library():
        return _by_library(pcm, sound.rate)
    return _by_program(pcm, sound.rate) if shutil.which("fpcalc") else None


def difference(query: Words, track: Words, at_s: float, from_s: float, length_s: float) -> float | None:
    """Share of different bits where two fingerprints lie over each other, the least within a few words of there.

    Args:
        query: of the sound that was asked about.
        track: of the sound in the library.
        at_s: where the match begins in the query, in seconds.
        from_s: where it begins in the track.
        length_s: how long it is.

    Returns:
        0 for the same bits, about 0.5 for chance; ``None`` when the match is too short to say.

    >>> bits = np.arange(100, dtype=np.uint32)
    >>> difference(bits, bits, 0.0, 0.0, 10.0)
    0.0
    """
    pieces = max(round(length_s / PIECE_S), 1)
    step = length_s / pieces
    found = [_piece(query, track, at_s + step * k, from_s + step * k, step) for k in range(pieces)]
    known = [one for one in found if one is not None]
    return sum(known) / len(known) if known else None


def _piece(query: Words, track: Words, at_s: float, from_s: float, length_s: float) -> float | None:
    start, n = max(round(at_s * WORDS_PER_S), 0), round(length_s * WORDS_PER_S)
    found = []
    for slack in range(-SLACK_WORDS, SLACK_WORDS + 1):
        first = max(round(from_s * WORDS_PER_S) + slack, 0)
        ours, theirs = query[start : start + n], track[first : first + n]
        both = min(len(ours), len(theirs))
        if both >= LEAST_WORDS:
            found.append(float(np.bitwise_count(ours[:both] ^ theirs[:both]).mean()) / 32)
    return min(found, default=None)


def _has_library() -> bool:
    try:
        import chromaprint  # noqa: F401 - of pyacoustid; importing it loads the shared library
    except (ImportError, OSError):
        return False
    return True


def _by_library(pcm: bytes, rate: int) -> Words | None:
    import chromaprint

    printer = chromaprint.Fingerprinter()
    try:
        printer.start(rate, 1)
        printer.feed(pcm)
        found, _ = chromaprint.decode_fingerprint(printer.finish())
    except chromaprint.FingerprintError:
        return None
    return np.array(found, np.int64).astype(np.uint32) if found else None


def _by_program(pcm: bytes, rate: int) -> Words | None:
    command = ["fpcalc", "-format", "s16le", "-rate", str(rate), "-channels", "1", "-raw", "-length", str(MOST_S), "-"]
    try:
        # It complains of the end of the stream and still answers.
        done = subprocess.run(command, input=pcm, capture_output=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = dict(line.partition("=")[::2] for line in done.stdout.decode("ascii", "replace").splitlines())
    told = lines.get("FINGERPRINT", "")
    return np.array([int(word) for word in told.split(",")], np.int64).astype(np.uint32) if told else None
