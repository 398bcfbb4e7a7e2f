"""All that is seen and heard in one file: the measures of this floor put together, as a frozen value."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from otklik.errors import DataError
from otklik.media import chromaprint
from otklik.media.engines import lacked
from otklik.media.faces import Face, People, find_faces, people_of
from otklik.media.file_facts import FileFacts
from otklik.media.film import HOOK_S, Film, Picture, read_film
from otklik.media.fingerprint import fingerprint, to_bytes
from otklik.media.hearing import Hearing, hear
from otklik.media.hook import Hook, Parts, hook_of
from otklik.media.imagenet import Classified, classify, why_not
from otklik.media.motion import Motion, motion_of
from otklik.media.overlay import Overlay, read_overlay
from otklik.media.provenance import Provenance, provenance_of
from otklik.media.shots import Cut, Shots, dense_until, find_cuts, shots_of
from otklik.media.sound import MOST_S, Sound, read_sound
from otklik.media.stills import read_still
from otklik.media.strip import chosen, to_strip
from otklik.media.style import Look, Style, looks_of, style_of
from otklik.media.symbols import Symbols, symbols_of, table, unknown

VERSION = 1
"""Raised when what is measured changes: what was kept by another version is measured anew."""
LEAST_EARLY = 4
"""With fewer pictures of the first three seconds nothing is said of the hook."""
MOSTLY = 0.9
"""When less of a video can be decoded, that is told."""
FACES_EVERY_S = 1.0
"""Faces are looked for once a second, and at every picture of the hook."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What was not looked at, or only in part: a sentence with its values."""

    template: str
    values: dict[str, int | float | str]


@dataclass(frozen=True, slots=True)
class Screening:
    """What a file shows and sounds like; a part is ``None`` where the file has nothing of the kind."""

    version: int
    sha256: str
    mode: str
    """``full``, or ``fast``: keyframes only, no text and no cuts."""
    file: FileFacts
    duration_s: float | None
    """Length as shown; ``None`` for a picture."""
    seen_s: float
    """Instant of the last frame that was decoded."""
    n_frames: int
    n_pictures: int
    picture_times: tuple[float, ...]
    sign_scores: dict[str, tuple[float, ...]]
    """Score in each picture of the signs that are seen."""
    face_times: tuple[float, ...]
    """Instants of the pictures with a face."""
    strip_times: tuple[float, ...]
    """Instants of the small pictures that are kept."""
    cuts: tuple[Cut, ...] | None
    shots: Shots | None
    motion: Motion | None
    hook: Hook | None
    symbols: Symbols | None
    dissonance: float | None
    """A sign of the past in the light of the future: the geometric mean of both scores in the same picture, at most."""
    style: Style | None
    people: People | None
    overlay: Overlay | None
    provenance: Provenance
    sound: Hearing | None
    lacked: tuple[str, ...]
    """Engines for want of which something was not looked at (:mod:`otklik.media.engines`)."""
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Kept:
    """A screening with what belongs to it and is no plain value."""

    screening: Screening
    strip: bytes
    """Small pictures in a row, as a JPEG (see :mod:`otklik.media.strip`); empty without a picture."""
    fingerprint: bytes
    """The landmarks of its sound (see :mod:`otklik.media.fingerprint`); empty without one."""
    embeddings: bytes
    """The classifier's embedding of each picture, an array ``(n, 1280)`` in NumPy's format; empty without."""
    chroma: bytes = b""
    """Chromaprint's fingerprint of the sound, 32 bits a word; empty where Chromaprint is not installed."""


def screen(path: Path, sha256: str = "", *, fast: bool = False) -> Kept:
    """Look at and listen to a file.

    Args:
        path: a video, a picture or a sound.
        sha256: the hash of its content, by which it is kept.
        fast: decode keyframes only and leave out cuts, motion and text.

    Raises:
        ConfigurationError, DataError: the file cannot be opened, or holds nothing that can be decoded.
    """
    film = read_still(path) or read_film(path, fast=fast)
    sound = _sound(path, film)
    if not film.pictures and sound is None:
        raise DataError("{path} holds neither picture nor sound that can be decoded: export it again", path=path)
    classified = _classified(film.pictures)
    strip = chosen(film.pictures)
    hearing = _heard(sound)
    return Kept(
        screening=_put_together(path, sha256, film, hearing, classified, strip, fast=fast),
        strip=to_strip(strip),
        fingerprint=to_bytes(fingerprint(sound)) if sound is not None and hearing is not None else b"",
        embeddings=_to_bytes(classified),
        chroma=_chroma(sound),
    )


def _put_together(
    path: Path,
    sha256: str,
    film: Film,
    hearing: Hearing | None,
    classified: Classified | None,
    strip: list[Picture],
    *,
    fast: bool,
) -> Screening:
    times = [picture.at_s for picture in film.pictures]
    colours = [picture.rgb for picture in film.pictures]
    is_film = film.facts.kind == "video"
    cuts = find_cuts(film.times, film.small) if is_film and not fast else None
    faces = _faces(film)
    symbols = None
    if colours:
        symbols = symbols_of(times, classified) if classified is not None else unknown(why_not() or "")
    overlay = None
    if film.large and not fast:
        overlay = read_overlay([one.at_s for one in film.large], [one.rgb for one in film.large])
    looks = looks_of(colours)
    return Screening(
        version=VERSION,
        sha256=sha256,
        mode="fast" if fast else "full",
        file=film.facts,
        duration_s=None if film.facts.kind == "picture" else max(film.duration_s, hearing.duration_s if hearing else 0),
        seen_s=float(film.times[-1]) if len(film.times) else 0.0,
        n_frames=len(film.times),
        n_pictures=len(times),
        picture_times=tuple(times),
        sign_scores=_sign_scores(symbols, classified),
        face_times=tuple(at for at, found in zip(times, faces, strict=True) if found),
        strip_times=tuple(one.at_s for one in strip),
        cuts=cuts,
        shots=shots_of(cuts, min(film.duration_s, film.seen_s, dense_until(film.times))) if cuts is not None else None,
        motion=motion_of(film.times, film.small) if is_film and not fast and len(film.times) > 1 else None,
        hook=hook_of(film, Parts(looks, cuts, faces, symbols, overlay, hearing)) if _shows_hook(film) else None,
        symbols=symbols,
        dissonance=_dissonance(looks, classified),
        style=style_of(colours, looks) if colours else None,
        people=people_of(times, faces) if colours else None,
        overlay=overlay,
        provenance=provenance_of(path, dict(film.facts.metadata)),
        sound=hearing,
        lacked=lacked(
            hearing,
            overlay,
            has_sound=hearing is not None,
            has_pictures=bool(colours),
            is_classified=classified is not None,
        ),
        remarks=tuple(_remarks(film, hearing, fast=fast)),
    )


def _sound(path: Path, film: Film) -> Sound | None:
    if film.facts.n_audio_tracks == 0:
        return None
    try:
        return read_sound(path)
    except DataError:
        return None


def _heard(sound: Sound | None) -> Hearing | None:
    """What a sound is like; a click too short to be measured is no sound."""
    try:
        return hear(sound) if sound is not None else None
    except DataError:
        return None


def _chroma(sound: Sound | None) -> bytes:
    words = chromaprint.words(sound) if sound is not None else None
    return b"" if words is None else words.astype("<u4").tobytes()


def _classified(pictures: tuple[Picture, ...]) -> Classified | None:
    return classify([picture.rgb for picture in pictures]) if pictures and why_not() is None else None


def _faces(film: Film) -> list[tuple[Face, ...] | None]:
    """Faces in the pictures of a film; ``None`` where they were not looked for."""
    found: list[tuple[Face, ...] | None] = []
    last = -np.inf
    for picture in film.pictures:
        is_due = picture.at_s <= HOOK_S or picture.at_s - last >= FACES_EVERY_S - 0.1
        found.append(find_faces(picture.rgb) if is_due else None)
        last = picture.at_s if is_due else last
    return found


def _shows_hook(film: Film) -> bool:
    """Whether there are pictures enough of the first seconds: among keyframes there may be one."""
    if film.facts.kind != "video":
        return False
    early = sum(picture.at_s <= HOOK_S for picture in film.pictures)
    return bool(film.pictures) and (film.keyframes_from_s != 0.0 or early >= LEAST_EARLY)


def _sign_scores(symbols: Symbols | None, classified: Classified | None) -> dict[str, tuple[float, ...]]:
    if symbols is None or classified is None:
        return {}
    names = {one.name for one in symbols.signs if one.seen}
    groups = [group for group in table().signs if group.name in names]
    return {one.name: tuple(np.round(one.scores(classified.probabilities), 3).tolist()) for one in groups}


def _dissonance(looks: Sequence[Look], classified: Classified | None) -> float | None:
    if not looks or classified is None:
        return None
    old = table().sacred_or_historic.scores(classified.probabilities)
    new = [one.futuristic for one in looks]
    return float(np.sqrt(old * np.clip(new, 0, 1)).max())


def _to_bytes(classified: Classified | None) -> bytes:
    if classified is None:
        return b""
    data = io.BytesIO()
    np.save(data, classified.embeddings.astype(np.float16), allow_pickle=False)
    return data.getvalue()


def _remarks(film: Film, hearing: Hearing | None, *, fast: bool) -> Iterator[Remark]:
    """What was not looked at, or only in part."""
    if fast and film.facts.kind == "video":
        yield Remark("Looked at in haste: keyframes only; cuts, motion and text on the picture were not.", {})
    elif film.keyframes_from_s is not None:
        yield Remark(
            "After {seconds} s only keyframes were looked at: the video is long.",
            {"seconds": round(film.keyframes_from_s)},
        )
    if film.sampled_from_s is not None:
        yield Remark(
            "After {seconds} s the video was only sampled: it is very long.",
            {"seconds": round(film.sampled_from_s)},
        )
    is_cut_off = film.facts.kind == "video" and film.sampled_from_s is None and film.seen_s < MOSTLY * film.duration_s
    if is_cut_off and film.keyframes_from_s is None:
        yield Remark(
            "Only the first {seen} s of {whole} can be decoded: the file is cut off or damaged.",
            {"seen": round(film.seen_s, 1), "whole": round(film.duration_s, 1)},
        )
    if film.n_corrupt:
        yield Remark("{n} parts of the file are damaged and were passed over.", {"n": film.n_corrupt})
    if film.facts.n_audio_tracks > 1:
        yield Remark("The file has {n} audio tracks: the first was heard.", {"n": film.facts.n_audio_tracks})
    if film.facts.n_audio_tracks and hearing is None:
        yield Remark("The sound cannot be decoded, or is too short to be measured.", {})
    if hearing is not None and hearing.duration_s >= MOST_S - 1:
        yield Remark("The first {seconds} s of the sound were heard.", {"seconds": round(MOST_S)})
