"""Whether a sound is one of a library: the verdict, as a value, with the evidence. It never says "original"."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from otklik.cache import cache_folder
from otklik.media import chromaprint
from otklik.media.fingerprint import FRAMES_PER_S, Peaks, fingerprint, why_not
from otklik.media.sound import Sound
from otklik.media.sound_index import SoundIndex
from otklik.media.sound_search import Found, search
from otklik.store import Sounds, Store, StoredSound
from otklik.store.sounds import DRAFT

MOST_MATCHES: Final = 20
AS_IT_IS_SEMITONES, AS_IT_IS_SPEED = 0.3, 0.02
"""Changes too small to be told; Chromaprint is asked about matches without greater ones."""
SOUNDLESS = "the file has no sound"
NO_SOUNDS = "there are no sounds to compare with: `otklik sounds add FILES` adds some"


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of the query that a sound of the library is in."""

    sound: str
    """Its name."""
    key: int
    kind: str
    """library, post or draft."""
    author: str | None
    is_own_author: bool
    """It is the author's own: the same sound used again."""
    from_s: float
    """Where it begins in the library's sound."""
    at_s: float
    """Where it begins in the query."""
    length_s: float
    """How long, in the query."""
    pitch_semitones: float
    """By so much the query is higher."""
    speed: float
    """So many times the query is as fast."""
    score: float
    """How much better "the same" explains the common peaks than chance, in nats; 34 and more match, 61 among 10,000."""
    votes: int
    """Common peaks."""
    chromaprint: float | None = None
    """Second opinion: share of different bits, below 0.30 the same; ``None`` where it was not asked."""


@dataclass(frozen=True, slots=True)
class Reuse:
    """What is known of a sound's use elsewhere."""

    status: str
    """``matched``, ``unmatched`` or ``not checked``; never "original": only the sounds of the library were asked."""
    n_sounds: int
    """How many sounds it was compared with."""
    matches: tuple[Match, ...] = ()
    """Best first."""
    reason: str | None = None
    """Why it was not checked."""

    def told(self) -> list[tuple[str, dict[str, float | str]]]:
        """The statement as sentences: templates with their values, which whoever tells them writes in a language."""
        if self.status == "not checked":
            return [(NOT_CHECKED, {"reason": self.reason or ""})]
        if not self.matches:
            return [(NO_MATCH, {"n": self.n_sounds})]
        return [_told(match) for match in self.matches]


def not_checked(reason: str) -> Reuse:
    """The statement where nothing was compared."""
    return Reuse("not checked", 0, (), reason)


def find_reuse(
    heard: Sound | Peaks,
    store: Store,
    *,
    exclude_sha256: str | None = None,
    exclude_draft: str | None = None,
    author: tuple[str, str] | None = None,
    words: chromaprint.Words | None = None,
    is_asked: Callable[[StoredSound], bool] = lambda sound: True,
) -> Reuse:
    """Compare a sound with the library of a store.

    Args:
        heard: the sound, or its peaks where it was fingerprinted before.
        store: whose sounds it is compared with; the index over them is kept in the folder for caches.
        exclude_sha256: content hash of the file itself: as a draft it is no reuse of itself.
        exclude_draft: path of the draft: an earlier version of it is no reuse.
        author: platform and id of whose sound it is; the author's other posts are told as the author's own.
        words: Chromaprint's fingerprint of the sound, for a second opinion.
        is_asked: which sounds it is compared with.

    Raises:
        DataError: a fingerprint in the store is of another version.
    """
    peaks = fingerprint(heard) if isinstance(heard, Sound) else heard
    if reason := why_not(peaks):
        return not_checked(reason)
    sounds = Sounds(store)
    every = {one.key: one for one in sounds.all()}
    asked = {
        key: one for key, one in every.items() if is_asked(one) and not _is_itself(one, exclude_sha256, exclude_draft)
    }
    if not asked:
        return not_checked(NO_SOUNDS)

    def load(keys: Sequence[int]) -> dict[int, Peaks]:
        return {key: Peaks.from_bytes(blob) for key, blob in sounds.peaks(keys).items()}

    index = SoundIndex.over([(one.key, one.sha256) for one in every.values()], load, _folder(store))
    found = search(peaks, index, load, asked.__contains__)[:MOST_MATCHES]
    matches = [_match(one, asked[one.key], author) for one in found]
    if words is not None and matches:
        matches = _second_opinions(matches, words, sounds)
    return Reuse("matched" if matches else "unmatched", len(asked), tuple(matches))


def _is_itself(sound: StoredSound, sha256: str | None, draft: str | None) -> bool:
    """The draft itself, this version or an earlier one. The same file in the library or in a post is a use of it."""
    return sound.kind == DRAFT and (sound.sha256 == sha256 or (draft is not None and sound.path == draft))


def _folder(store: Store) -> Path:
    """A folder for each store: the keys of two stores name different sounds."""
    return cache_folder("sounds") / hashlib.sha256(store.url.encode()).hexdigest()[:16]


def _match(found: Found, sound: StoredSound, author: tuple[str, str] | None) -> Match:
    at = found.at
    start = max(at.start, 0.0)
    return Match(
        sound=sound.name,
        key=sound.key,
        kind=sound.kind,
        author=sound.author,
        is_own_author=author is not None and sound.author == ":".join(author),
        from_s=round(max(at.lag + at.tempo * start, 0.0) / FRAMES_PER_S, 2),
        at_s=round(start / FRAMES_PER_S, 2),
        length_s=round((at.end - start) / FRAMES_PER_S, 2),
        pitch_semitones=round(at.semitones, 2) + 0.0,
        speed=round(at.tempo, 3),
        score=round(at.evidence, 1),
        votes=at.n_common,
    )


def _second_opinions(matches: list[Match], words: chromaprint.Words, sounds: Sounds) -> list[Match]:
    tracks = {key: np.frombuffer(blob, "<u4") for key, blob in sounds.chromas([one.key for one in matches]).items()}
    return [
        replace(one, chromaprint=chromaprint.difference(words, tracks[one.key], one.at_s, one.from_s, one.length_s))
        if one.key in tracks and not _is_changed(one)
        else one
        for one in matches
    ]


def _is_changed(match: Match) -> bool:
    return abs(match.pitch_semitones) >= AS_IT_IS_SEMITONES or abs(match.speed - 1) >= AS_IT_IS_SPEED


def _told(match: Match) -> tuple[str, dict[str, float | str]]:
    values: dict[str, float | str] = {
        "name": match.sound,
        "from_s": match.from_s,
        "at_s": match.at_s,
        "length_s": match.length_s,
        "score": match.score,
    }
    if _is_changed(match):
        values |= {"pitch": match.pitch_semitones, "speed": match.speed}
    return SENTENCES[match.is_own_author, _is_changed(match)], values


MATCHES = "matches {name} from {from_s} s, offset {at_s} s, for {length_s} s, score {score}"
MATCHES_CHANGED = (
    "matches {name} from {from_s} s, offset {at_s} s, for {length_s} s, score {score}, "
    "pitch {pitch} semitones, speed ×{speed}"
)
OWN = "the author's own {name} again from {from_s} s, offset {at_s} s, for {length_s} s, score {score}"
OWN_CHANGED = (
    "the author's own {name} again from {from_s} s, offset {at_s} s, for {length_s} s, "
    "score {score}, pitch {pitch} semitones, speed ×{speed}"
)
NO_MATCH = "no match among {n} sounds"
NOT_CHECKED = "not checked: {reason}"
SENTENCES: Final = {
    (False, False): MATCHES,
    (False, True): MATCHES_CHANGED,
    (True, False): OWN,
    (True, True): OWN_CHANGED,
}
"""By whether it is the author's own and whether it is changed."""
