"""What the file of a post shows and sounds like, as features: hook, structure, signs, style, people, sound, its words.

They are there for drafts with a file, and for posts whose file somebody has shown to otklik (``look --post``); for all
others they are missing. A model takes them in once enough posts have them (:mod:`otklik.models.boosted`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from otklik.content.reader import read
from otklik.content.reading import Reading
from otklik.content.taxonomy import SIGNS
from otklik.dataset.corpus import Corpus, Media
from otklik.features.catalog import Columns, Context, Feature

if TYPE_CHECKING:  # a forecast without a file need not load what decodes files
    from otklik.media.hook import Hook, Window
    from otklik.media.look import Words
    from otklik.media.screening import Screening
    from otklik.media.symbols import Symbols

SPOKEN = ("overlay", "speech")
"""Words that are no text of the post: painted on the picture, and said."""

_HOOK = (
    Feature("hook__motion_1s", "1/s", "Mean change of luma a second in the first second, 1 being black to white."),
    Feature("hook__motion_3s", "1/s", "The same in the first three seconds."),
    Feature("hook__motion_lift", "log", "Motion of the first three seconds over that of the rest."),
    Feature("hook__n_cuts_1s", "1", "Cuts in the first second."),
    Feature("hook__n_cuts_3s", "1", "Cuts in the first three seconds."),
    Feature("hook__contrast_3s", "0..1", "Standard deviation of luma in the first three seconds."),
    Feature("hook__colourfulness_3s", "1", "Colourfulness (Hasler and Suesstrunk) of the first three seconds."),
    Feature("hook__colourfulness_lift", "1", "The same, less that of the rest."),
    Feature("hook__brightness_1s", "0..1", "Mean luma of the first second."),
    Feature("hook__face", "0/1", "A face in the first three seconds."),
    Feature("hook__text", "0/1", "Text on the picture in the first three seconds."),
    Feature("hook__sign", "0/1", "A sign seen in the first three seconds."),
    Feature("hook__loudness_lift", "dB", "Loudness of the first three seconds less that of the rest."),
    Feature("hook__speech_from_s", "s", "When speech begins; missing without any."),
    Feature("hook__music_from_s", "s", "When music begins; missing without any."),
    Feature("hook__cue_share", "0..1", "Share of the cues of the checklist that are there."),
)
_VIDEO = (
    Feature("video__duration_s", "s", "Length of the file."),
    Feature("video__aspect_log", "log", "Width over height: below 0 vertical."),
    Feature("video__height_px", "px", "Short side of the picture."),
    Feature("video__cut_rate", "1/min", "Cuts a minute."),
    Feature("video__shot_median_s", "s", "Median length of a shot."),
    Feature("video__rhythm", "1", "Coefficient of variation of the lengths of shots: 0 is a metronome."),
    Feature("video__motion", "1/s", "Mean change of luma a second."),
    Feature("video__frozen_share", "0..1", "Share of the time without change."),
    Feature("video__black_share", "0..1", "Share of the time that is black."),
    Feature("video__loop_likeness", "0..1", "How like the last frame is to the first."),
)
_SEEN = (
    *(Feature(f"sign__seen_{name}", "0..1", f"Greatest score of the sign {name} in a picture.") for name in SIGNS),
    Feature("sign__seen_sacred_or_historic", "0..1", "Greatest score of a sacred or historic building."),
    Feature("sign__seen_dissonance", "0..1", "A sign of the past in a futuristic light, in one picture."),
)
_STYLE = (
    Feature("style__seen_neon", "0..1", "Neon: saturated cold lights on dark ground, mean of the pictures."),
    Feature("style__seen_futuristic", "0..1", "Palette and light of futuristic pictures."),
    Feature("style__seen_glow", "0..1", "Halo around bright lights."),
    Feature("style__seen_saturation", "0..1", "Mean saturation."),
    Feature("style__seen_colourfulness", "1", "Colourfulness (Hasler and Suesstrunk)."),
    Feature("style__seen_contrast", "0..1", "Standard deviation of luma."),
    Feature("style__seen_line_art", "0..1", "Few colours, flat areas, thin edges: a weak cue of a drawing."),
    Feature("style__seen_rendered", "0..1", "Little noise, flat areas: a weak cue of a rendered picture."),
)
_PEOPLE = (
    Feature("people__n_faces", "1", "Most faces in one picture."),
    Feature("people__face_time_share", "0..1", "Share of the time with a face."),
    Feature("people__face_size", "0..1", "Largest face as a share of the picture."),
)
_AUDIO = (
    Feature("audio__lufs", "LUFS", "Integrated loudness (ITU-R BS.1770)."),
    Feature("audio__range_lu", "LU", "Loudness range (EBU R128)."),
    Feature("audio__crest_db", "dB", "Peak over mean power."),
    Feature("audio__silence_share", "0..1", "Share of the time that is silent."),
    Feature("audio__tempo_bpm", "1/min", "Beats a minute; missing where no beat is clear."),
    Feature("audio__onset_rate", "1/s", "Onsets a second."),
    Feature("audio__centroid_hz", "Hz", "Centre of the spectrum."),
    Feature("audio__bright_share", "0..1", "Share of the power above 4 kHz."),
    Feature("audio__speech_share", "0..1", "Share of the time with speech."),
    Feature("audio__singing_share", "0..1", "Share of the time with singing."),
    Feature("audio__music_share", "0..1", "Share of the time with music."),
    Feature("audio__arousal", "0..1", "Mean of the proxies of arousal: loudness, brightness, onsets, tempo."),
    Feature("audio__has_sound", "0/1", "The file has a sound."),
    Feature(
        "audio__reuse", "0/1", "The sound matches one of the library: 1 matched, 0 unmatched, missing not checked."
    ),
    Feature("audio__reuse_n_sounds", "sounds", "How many sounds it was compared with."),
)
_WORDS = tuple(
    Feature(f"{group}__in_{source}", "1", f"{what} in the words {told}.")
    for source, told in (("overlay", "on the picture"), ("speech", "said"))
    for group, what in (
        ("place", "Places"),
        ("sign", "Signs"),
        ("emotion", "Emotions"),
        ("identity", "Words of belonging"),
        ("people", "People"),
    )
)
_LENGTHS = (
    Feature("text__n_words_overlay", "words", "Words read on the picture."),
    Feature("text__n_words_speech", "words", "Words said."),
)
FEATURES = (*_HOOK, *_VIDEO, *_SEEN, *_STYLE, *_PEOPLE, *_AUDIO, *_WORDS, *_LENGTHS)
NAMES = tuple(feature.name for feature in FEATURES)

Facts = dict[str, float | None]


def media_facts(
    seen: Screening, words: Words | None = None, *, is_reused: bool | None = None, n_sounds: int | None = None
) -> Facts:
    """Every feature of a file, by name; ``None`` where it is not known.

    Args:
        seen: the screening of the file.
        words: texts on the picture and in the sound.
        is_reused: whether the sound matched one of the library; ``None`` when it was not checked.
        n_sounds: how many sounds it was compared with.
    """
    found = {
        **_hook(seen.hook),
        **_video(seen),
        **_signs(seen),
        **_look(seen),
        **_sound(seen),
        "audio__reuse": None if is_reused is None else float(is_reused),
        "audio__reuse_n_sounds": None if n_sounds is None else float(n_sounds),
        **(_said(words) if words is not None else {}),
    }
    return {name: found.get(name) for name in NAMES}


def _hook(hook: Hook | None) -> Facts:
    if hook is None:
        return {}
    first, start, rest = hook.first_second, hook.start, hook.rest
    return {
        "hook__motion_1s": first.motion,
        "hook__motion_3s": start.motion,
        "hook__motion_lift": _ratio_log(start, rest),
        "hook__n_cuts_1s": first.n_cuts,
        "hook__n_cuts_3s": start.n_cuts,
        "hook__contrast_3s": start.contrast,
        "hook__colourfulness_3s": start.colourfulness,
        "hook__colourfulness_lift": _less(start.colourfulness, rest.colourfulness if rest else None),
        "hook__brightness_1s": first.brightness,
        "hook__face": _flag(None if start.face_share is None else start.face_share > 0),
        "hook__text": _flag(next((cue.is_there for cue in hook.cues if cue.name.startswith("text")), None)),
        "hook__sign": _flag(next((cue.is_there for cue in hook.cues if cue.name.startswith("a sign")), None)),
        "hook__loudness_lift": _less(start.loudness_db, rest.loudness_db if rest else None),
        "hook__speech_from_s": hook.speech_from_s,
        "hook__music_from_s": hook.music_from_s,
        "hook__cue_share": hook.n_cues / hook.n_told if hook.n_told else None,
    }


def _ratio_log(start: Window, rest: Window | None) -> float | None:
    if rest is None or start.motion is None or rest.motion is None:
        return None
    return float(np.log((start.motion + 0.01) / (rest.motion + 0.01)))


def _less(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else value - other


def _flag(value: bool | None) -> float | None:
    return None if value is None else float(value)


def _video(seen: Screening) -> Facts:
    file, shots, motion = seen.file, seen.shots, seen.motion
    found: Facts = {"video__duration_s": seen.duration_s}
    if file.width and file.height:
        found["video__aspect_log"] = float(np.log(file.width / file.height))
        found["video__height_px"] = float(min(file.width, file.height))
    if shots is not None:
        found |= {
            "video__cut_rate": shots.cuts_a_minute,
            "video__shot_median_s": shots.median_s,
            "video__rhythm": shots.variation,
        }
    if motion is not None:
        found |= {
            "video__motion": motion.mean,
            "video__frozen_share": motion.frozen_share,
            "video__black_share": motion.black_share,
            "video__loop_likeness": motion.loop_likeness,
        }
    return found


def _signs(seen: Screening) -> Facts:
    symbols: Symbols | None = seen.symbols
    found: Facts = {"sign__seen_dissonance": seen.dissonance}
    if symbols is None or symbols.reason is not None:
        return found
    found |= {f"sign__seen_{one.name}": one.most for one in symbols.signs}
    found["sign__seen_sacred_or_historic"] = symbols.sacred_or_historic.most
    return found


def _look(seen: Screening) -> Facts:
    found: Facts = {}
    if seen.style is not None:
        mean = seen.style.mean
        found |= {
            "style__seen_neon": mean.neon,
            "style__seen_futuristic": mean.futuristic,
            "style__seen_glow": mean.glow,
            "style__seen_saturation": mean.saturation,
            "style__seen_colourfulness": mean.colourfulness,
            "style__seen_contrast": mean.contrast,
            "style__seen_line_art": mean.line_art,
            "style__seen_rendered": mean.rendered_look,
        }
    if seen.people is not None and seen.people.n_max is not None:
        found |= {
            "people__n_faces": float(seen.people.n_max),
            "people__face_time_share": seen.people.screen_time_share,
            "people__face_size": seen.people.largest_share,
        }
    return found


def _sound(seen: Screening) -> Facts:
    sound = seen.sound
    if sound is None:
        return {"audio__has_sound": 0.0 if seen.file.n_audio_tracks == 0 and seen.file.kind == "video" else None}
    return {
        "audio__lufs": sound.loudness.lufs,
        "audio__range_lu": sound.loudness.range_lu,
        "audio__crest_db": sound.loudness.crest_db,
        "audio__silence_share": sound.loudness.silence_share,
        "audio__tempo_bpm": sound.rhythm.tempo_bpm,
        "audio__onset_rate": sound.rhythm.onsets_per_s,
        "audio__centroid_hz": sound.timbre.centroid_hz,
        "audio__bright_share": sound.timbre.bright_share,
        "audio__speech_share": sound.voices.speech_share,
        "audio__singing_share": sound.voices.singing_share,
        "audio__music_share": sound.voices.music_share,
        "audio__arousal": sound.arousal.combined,
        "audio__has_sound": 1.0,
    }


def _said(words: Words) -> Facts:
    found: Facts = {}
    for source in SPOKEN:
        text = getattr(words, source)
        if text is None:
            continue
        reading = read(text)
        found[f"text__n_words_{source}"] = float(reading.n_words if text.strip() else 0)
        if reading.is_read or not text.strip():
            found |= {f"{group}__in_{source}": float(n) for group, n in _counts(reading).items()}
    return found


def _counts(reading: Reading) -> dict[str, int]:
    return {
        "place": len(reading.of("place")),
        "sign": len(reading.of("sign")),
        "emotion": len([span for span in reading.of("emotion") if span.weight > 0]),
        "identity": len(reading.of("identity")),
        "people": len(reading.people),
    }


def compute(context: Context) -> Columns:
    """Features of the file of each example's post; nothing at all when no post of the corpus has a file."""
    if context.corpus.media is None:
        return {}
    known = _columns(context.corpus)
    return {name: column[context.rows] for name, column in known.items()}


@lru_cache(maxsize=3)
def _columns(corpus: Corpus) -> Columns:
    told: Media = corpus.media or {}
    keys = zip(corpus.posts["platform"], corpus.posts["post_id"], strict=True)
    rows = [told.get(key, {}) for key in keys]
    return {name: np.array([_number(row.get(name)) for row in rows]) for name in NAMES}


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)
