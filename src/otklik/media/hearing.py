"""What a sound is like: loudness, rhythm, colour, voices, its opening, and how arousing it may be.

Everything is measured from the samples alone, offline. The arousal figures are proxies: they say how loud, bright and
busy a sound is on a fixed scale of ours, and nobody has compared them with what listeners feel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from otklik.errors import DataError
from otklik.media.loudness import FLOOR_DB, FRAMES_PER_S, SILENT, Loudness, Powers, level, loudness, powers
from otklik.media.rhythm import Onsets, Rhythm, onsets, rhythm
from otklik.media.sound import Sound
from otklik.media.spectrum import Timbre, spectra, timbre
from otklik.media.voices import Voices, voices

HOOK_S = (1.0, 3.0)
MIN_S = 0.05
"""One frame of loudness; what is shorter is a click without qualities."""
MIN_RATE = 8000
MIN_REST_S = 0.5
"""An opening is compared with the rest only when there is so much of it."""
QUIET_LUFS, LOUD_LUFS = -36.0, -9.0
DARK_HZ, BRIGHT_HZ = 500.0, 4000.0
MANY_ONSETS = 6.0
SLOW_BPM, FAST_BPM = 60.0, 180.0
"""Ends of the scales of the arousal proxies: chosen by us from the usual range of music and speech, not fitted to
anything. Loudness, brightness, event density and tempo are the sound features that go with arousal most often
(Weninger et al., Frontiers in Psychology 4:292, 2013)."""

TOO_SHORT = "the sound is shorter than 0.05 seconds"
NO_REST = "the sound ends with its opening"
NOTHING_BEGINS = "nothing begins in this sound"
FEW_PROXIES = "fewer than two arousal proxies could be measured"


@dataclass(frozen=True, slots=True)
class Opening:
    """The first second or seconds of a sound beside the rest of it."""

    until_s: float
    """As asked for; of a shorter sound all is opening."""
    loudness_db: float
    """Loudness of the opening in LUFS without gate, at least -70."""
    contrast_db: float | None
    """The same less that of the rest: above 0 when the sound opens louder than it goes on."""
    onsets_per_s: float
    onset_strength: float | None
    """Mean rise of the envelope in the opening by that of the whole sound: 1 is as ever."""
    missing: dict[str, str]


@dataclass(frozen=True, slots=True)
class Arousal:
    """Proxies of arousal, each 0 to 1: where a figure lies between the two ends of its scale.

    ``loudness`` = LUFS from -36 to -9; ``brightness`` = logarithm of the centroid from 500 to 4000 Hz;
    ``onset_rate`` = onsets a second from 0 to 6; ``tempo`` = beats a minute from 60 to 180;
    ``combined`` = the mean of those that could be measured, two at least.
    """

    loudness: float | None
    brightness: float | None
    onset_rate: float | None
    tempo: float | None
    combined: float | None


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a sound is like."""

    duration_s: float
    loudness: Loudness
    rhythm: Rhythm
    timbre: Timbre
    voices: Voices
    openings: tuple[Opening, ...]
    reaches_usual_s: float | None
    """Seconds until the sound first is as loud as the median of what sounds in it."""
    arousal: Arousal
    missing: dict[str, str]
    """Why a figure of this level or of ``arousal`` is ``None``; the parts say it of theirs."""

    def reasons(self) -> dict[str, str]:
        """Why each missing figure of any part is missing, by ``part.figure``."""
        parts: dict[str, Loudness | Rhythm | Timbre | Voices] = {
            "loudness": self.loudness,
            "rhythm": self.rhythm,
            "timbre": self.timbre,
            "voices": self.voices,
        }
        told = {f"{name}.{one}": why for name, part in parts.items() for one, why in part.missing.items()}
        for opening in self.openings:
            told |= {f"opening_{opening.until_s:g}s.{one}": why for one, why in opening.missing.items()}
        return told | self.missing


def hear(sound: Sound, *, hook_s: Sequence[float] = HOOK_S) -> Hearing:
    """Measure a sound.

    Args:
        sound: 0.05 s or longer, at 8000 samples a second or more.
        hook_s: ends of the openings to look at, seconds.

    Raises:
        DataError: when the sound is shorter or coarser.

    >>> hear(Sound(np.zeros(10, np.float32)))
    Traceback (most recent call last):
    otklik.errors.DataError: expected a sound of at least 0.05 seconds, but it has 0.0005; pass a longer one
    """
    _checked(sound)
    found, spectrum = powers(sound), spectra(sound)
    starts = onsets(spectrum)
    loud, beat, colour = loudness(found), rhythm(starts, sound.duration_s), timbre(spectrum)
    usual = reaches_usual_s(found)
    lively = arousal(loud, beat, colour)
    missing = {} if usual is not None else {"reaches_usual_s": SILENT}
    missing |= {f"arousal.{one}": why for one, why in _unproven(lively, loud, beat, colour).items()}
    return Hearing(
        duration_s=sound.duration_s,
        loudness=loud,
        rhythm=beat,
        timbre=colour,
        voices=voices(sound, found),
        openings=tuple(opening(found, starts, until) for until in hook_s),
        reaches_usual_s=usual,
        arousal=lively,
        missing=missing,
    )


def opening(found: Powers, starts: Onsets, until_s: float) -> Opening:
    """An opening beside the rest of the sound."""
    length = min(until_s, found.duration_s)
    at = max(1, round(length * FRAMES_PER_S))
    loud = max(FLOOR_DB, float(level(found.weighted[:at].mean())))
    missing, contrast, strength = {}, None, None
    is_silent = not found.is_sounding.any()
    if is_silent or found.duration_s - length < MIN_REST_S:
        missing["contrast_db"] = SILENT if is_silent else NO_REST
    else:
        contrast = loud - max(FLOOR_DB, float(level(found.weighted[at:].mean())))
    inside, usual = starts.between(0, length), float(starts.envelope.mean())
    if is_silent or usual <= 0 or not inside.size:
        missing["onset_strength"] = SILENT if is_silent else NOTHING_BEGINS
    else:
        strength = float(inside.mean()) / usual
    n = int((starts.times_s < length).sum())
    return Opening(until_s, loud, contrast, n / length, strength, missing)


def reaches_usual_s(found: Powers) -> float | None:
    """When the sound first reaches the median loudness of its frames that are not silence; ``None`` in silence.

    >>> steps = np.concatenate([np.zeros(22_050), np.full(66_150, 0.5)]).astype(np.float32)
    >>> noise = np.random.default_rng(0).normal(size=88_200).astype(np.float32)
    >>> round(reaches_usual_s(powers(Sound(steps * noise))), 1)
    1.0
    """
    sounding = found.is_sounding
    if not sounding.any():
        return None
    usual = float(np.median(found.weighted[sounding]))
    return float((found.weighted >= usual).argmax()) / FRAMES_PER_S


def arousal(loud: Loudness, beat: Rhythm, colour: Timbre) -> Arousal:
    """Arousal proxies, see :class:`Arousal`."""
    is_silent = colour.centroid_hz is None
    proxies = (
        None if loud.lufs is None else scaled(loud.lufs, QUIET_LUFS, LOUD_LUFS),
        None if colour.centroid_hz is None else scaled(np.log(colour.centroid_hz), np.log(DARK_HZ), np.log(BRIGHT_HZ)),
        None if is_silent or beat.onsets_per_s is None else scaled(beat.onsets_per_s, 0.0, MANY_ONSETS),
        None if beat.tempo_bpm is None else scaled(beat.tempo_bpm, SLOW_BPM, FAST_BPM),
    )
    known = [one for one in proxies if one is not None]
    return Arousal(*proxies, combined=float(np.mean(known)) if len(known) > 1 else None)


def scaled(value: float, low: float, high: float) -> float:
    """Where a value lies between two ends, 0 to 1.

    >>> scaled(5, 0, 10), scaled(-3, 0, 10), scaled(11, 0, 10)
    (0.5, 0.0, 1.0)
    """
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))


def _unproven(lively: Arousal, loud: Loudness, beat: Rhythm, colour: Timbre) -> dict[str, str]:
    causes = {
        "loudness": loud.missing.get("lufs", SILENT),
        "brightness": colour.missing.get("centroid_hz", SILENT),
        "onset_rate": beat.missing.get("onsets_per_s", SILENT),
        "tempo": beat.missing.get("tempo_bpm", SILENT),
        "combined": FEW_PROXIES,
    }
    return {name: why for name, why in causes.items() if getattr(lively, name) is None}


def _checked(sound: Sound) -> None:
    if not len(sound.samples) or sound.duration_s < MIN_S:
        raise DataError(
            "expected a sound of at least {least} seconds, but it has {found}; pass a longer one",
            least=MIN_S,
            found=round(sound.duration_s, 4),
        )
    if sound.rate < MIN_RATE:
        raise DataError(
            "expected a sound of at least {least} samples a second, but it has {found}; read it at a higher rate",
            least=MIN_RATE,
            found=sound.rate,
        )
