"""The hook: what the first second and the first three seconds hold, beside the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from otklik.media.faces import Face
from otklik.media.film import HOOK_S, Film, Floats, Picture
from otklik.media.hearing import Hearing
from otklik.media.motion import change_of, luma_of
from otklik.media.overlay import Overlay
from otklik.media.shots import Cut
from otklik.media.style import Look
from otklik.media.symbols import Symbols

FIRST_S = 1.0
LEAST_REST_S = 1.0
"""A rest shorter than this is none to compare with."""
DARK_FRAME = 0.06
"""Mean luma (0..1) below which a first frame is taken for black."""
QUIETER_DB = 3.0


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of the video; ``None`` where a figure cannot be had."""

    from_s: float
    until_s: float
    motion: float | None
    """Mean absolute change of luma a second, 0..1 being black to white."""
    n_cuts: int | None
    contrast: float | None
    """Standard deviation of luma, 0..1."""
    colourfulness: float | None
    """Hasler and Suesstrunk (2003)."""
    brightness: float | None
    face_share: float | None
    """Share of the pictures with a face."""
    loudness_db: float | None


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing that may hold a viewer, whether it is there, and whether that could be told at all (``None``)."""

    name: str
    is_there: bool | None


@dataclass(frozen=True, slots=True)
class Hook:
    """The beginning of a video. ``cues`` are a checklist of the trade, not something learned from data."""

    first_second: Window
    start: Window
    rest: Window | None
    """After the third second; ``None`` when the video has none."""
    text_from_s: float | None
    face_from_s: float | None
    sign_from_s: float | None
    speech_from_s: float | None
    music_from_s: float | None
    cues: tuple[Cue, ...]

    @property
    def n_cues(self) -> int:
        """How many cues are there."""
        return sum(bool(cue.is_there) for cue in self.cues)

    @property
    def n_told(self) -> int:
        """Of how many cues it could be told."""
        return sum(cue.is_there is not None for cue in self.cues)


@dataclass(frozen=True)
class Parts:
    """What a hook is put together from: other measures of the same file, in seconds from its first frame."""

    looks: Sequence[Look]
    """One entry a picture of the film."""
    cuts: tuple[Cut, ...] | None
    faces: Sequence[Sequence[Face] | None]
    """One entry a picture of the film."""
    symbols: Symbols | None
    overlay: Overlay | None
    sound: Hearing | None


def hook_of(film: Film, parts: Parts) -> Hook:
    """The hook of a video with at least one picture."""
    looks = parts.looks
    change = changes(film)

    def window(from_s: float, until_s: float) -> Window:
        return _window(film, change, looks, parts, from_s, until_s)

    end = min(film.duration_s, film.seen_s)
    start = window(0.0, min(HOOK_S, end))
    rest = window(HOOK_S, end) if end - HOOK_S >= LEAST_REST_S else None
    first = window(0.0, min(FIRST_S, end))
    voices = parts.sound.voices if parts.sound else None
    return Hook(
        first_second=first,
        start=start,
        rest=rest,
        text_from_s=parts.overlay.first_at_s if parts.overlay else None,
        face_from_s=next((p.at_s for p, faces in zip(film.pictures, parts.faces, strict=True) if faces), None),
        sign_from_s=_sign_from(parts.symbols),
        speech_from_s=voices.speech_from_s if voices else None,
        music_from_s=voices.music_from_s if voices else None,
        cues=tuple(_cues(parts, first, start, rest, looks, is_whole=film.seen_s >= min(HOOK_S, film.duration_s) - 0.3)),
    )


def changes(film: Film) -> Floats:
    """Change of luma a second before each frame, shape ``(n,)``, 0..1 a second; NaN for the first.

    Divided by the gap in time, so that skipped frames and rates do not matter.
    """
    if len(film.times) < 2:
        return np.full(len(film.times), np.nan)
    step = change_of(luma_of(film.small))
    return np.concatenate([[np.nan], step / np.maximum(np.diff(film.times), 1e-3)])


def _window(
    film: Film, change: Floats, looks: Sequence[Look], parts: Parts, from_s: float, until_s: float
) -> Window:  # fmt: skip
    inside = (film.times >= from_s) & (film.times < until_s) & np.isfinite(change)
    gaps = np.diff(film.times, prepend=film.times[:1] - 1e-3)
    here = [n for n, picture in enumerate(film.pictures) if _is_in(picture, from_s, until_s)]
    faces = [parts.faces[n] for n in here if parts.faces[n] is not None]
    can_move = film.keyframes_from_s is None or until_s <= film.keyframes_from_s
    return Window(
        from_s=from_s,
        until_s=until_s,
        motion=float(np.average(change[inside], weights=gaps[inside])) if inside.any() and can_move else None,
        n_cuts=None if parts.cuts is None else sum(from_s < cut.at_s <= until_s for cut in parts.cuts),
        contrast=_mean([looks[n].contrast for n in here]),
        colourfulness=_mean([looks[n].colourfulness for n in here]),
        brightness=_mean([looks[n].brightness for n in here]),
        face_share=_mean([float(bool(one)) for one in faces]),
        loudness_db=_loudness(parts.sound, from_s, until_s),
    )


def _is_in(picture: Picture, from_s: float, until_s: float) -> bool:
    return from_s <= picture.at_s < until_s or (picture.at_s == from_s == until_s)


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if len(values) else None


def _loudness(sound: Hearing | None, from_s: float, until_s: float) -> float | None:
    if sound is None or sound.loudness.lufs is None:
        return None
    step = sound.loudness.step_s
    part = sound.loudness.over_time_db[round(from_s / step) : max(round(until_s / step), round(from_s / step) + 1)]
    return 10 * float(np.log10(np.mean(10 ** (np.array(part) / 10)))) if len(part) else None


def _begins(sound: Hearing) -> bool:
    return sound.reaches_usual_s is not None and sound.reaches_usual_s <= FIRST_S


def _sign_from(symbols: Symbols | None) -> float | None:
    """The first sight of a sign whose threshold was tested on photographs."""
    if symbols is None or symbols.reason is not None:
        return None
    sure = [one for one in (*symbols.signs, symbols.sacred_or_historic) if one.seen and one.is_measured]
    return min((at for one in sure for at in one.times), default=None)


def _cues(
    parts: Parts, first: Window, start: Window, rest: Window | None, looks: Sequence[Look], *, is_whole: bool
) -> list[Cue]:
    moving = None
    if first.motion is not None and rest is not None and rest.motion is not None:
        moving = first.motion >= rest.motion
    sign = _sign_from(parts.symbols)
    is_known = parts.symbols is not None and parts.symbols.reason is None
    overlay, sound = parts.overlay, parts.sound
    loud = None
    if sound is not None and first.loudness_db is not None and rest is not None and rest.loudness_db is not None:
        loud = first.loudness_db >= rest.loudness_db - QUIETER_DB
    found = [
        Cue("the first frame is no black one", looks[0].brightness > DARK_FRAME if looks else None),
        Cue("the first second moves at least as much as the rest", moving),
        Cue("a cut within three seconds", None if start.n_cuts is None else start.n_cuts > 0),
        Cue("a face within three seconds", None if start.face_share is None else start.face_share > 0),
        Cue("a sign within three seconds", (sign is not None and sign <= HOOK_S) if is_known else None),
        Cue("text within three seconds", overlay.in_hook if overlay else None),
        Cue(
            "sound from the start",
            None if sound is None else sound.reaches_usual_s is not None and sound.reaches_usual_s <= FIRST_S,
        ),
        Cue("the first second is as loud as the rest", loud),
    ]
    # What was not seen of the first three seconds may hold what was not found.
    return found if is_whole else [Cue(cue.name, cue.is_there or None) for cue in found]
