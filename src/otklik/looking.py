"""The verb ``look``: everything that can be told of a file, from the cache where it was seen before."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from otklik.cache import cache_folder
from otklik.content.explanation import Explanation, explain
from otklik.errors import ConfigurationError, DataError, OtklikError
from otklik.features.media import Facts, media_facts
from otklik.media import guard, keeping, subtitles
from otklik.media.fingerprint import Peaks, to_bytes, why_not
from otklik.media.guard import CHANGED
from otklik.media.look import Look
from otklik.media.prompts import Asked as Answers
from otklik.media.prompts import ask_prompts, read_prompts
from otklik.media.reuse import Reuse, find_reuse, not_checked
from otklik.media.screening import Kept, Remark, Screening
from otklik.media.strip import from_strip
from otklik.media.subtitles import Transcript
from otklik.media.symbol_probe import Probe
from otklik.media.symbols import Symbols, with_labels
from otklik.records import Draft
from otklik.store import PostFiles, Sounds, Store, StoredSound, is_there
from otklik.store.sounds import DRAFT, POST

NO_STORE = "there is no store with a sound library here"
NO_SOUND = "the file has no sound"
NO_SPEECH = "no subtitles lie beside the file and no speech model is named (--speech-model)"
NO_WORDS_SAID = "no speech is heard in it"


@dataclass(frozen=True)
class Asked:
    """How to look, beside the file itself."""

    fast: bool = False
    store: str | None = None
    """Where the sound library is; ``None`` or a store that is not there: sounds are not checked."""
    probe: Path | None = None
    """A probe of the user's own labels (``symbols learn``)."""
    prompts: Path | None = None
    """A file of prompts; the ones that come with otklik where a model is named and no file."""
    prompt_model: str | None = None
    """A model of pictures and words to ask them (:mod:`otklik.media.prompts`)."""
    speech_model: Path | None = None
    author: tuple[str, str] | None = None
    """Platform and id of whose file it is: the author's own earlier use of a sound is told as such."""
    draft: Path | None = None
    """The draft whose file it is: its earlier versions are no reuse."""


def look_at(path: Path, asked: Asked | None = None) -> Look:
    """Look at a file; what was seen of its content before is not decoded again.

    Raises:
        ConfigurationError, DataError, StorageError: the file, a probe or a model cannot be read.
    """
    asked = asked or Asked()
    kept = screened(path, fast=asked.fast)
    remarks = list(kept.screening.remarks)
    transcript, why = _transcript(path, kept.screening, asked.speech_model, remarks)
    overlay = kept.screening.overlay
    return Look(
        path=path,
        screening=kept.screening,
        strip=kept.strip,
        symbols=_symbols(kept, asked.probe),
        answers=_answers(kept, asked),
        reuse=_reuse(kept, asked),
        transcript=transcript,
        why_no_transcript=why,
        overlay=_explained(overlay.text if overlay and overlay.status == "read" else None),
        speech=_explained(transcript.text if transcript else None),
        remarks=tuple(remarks),
    )


def facts_of(look: Look) -> Facts:
    """The features of a file, by name."""
    is_checked = look.reuse.status != "not checked"
    return media_facts(
        look.screening,
        look.words,
        is_reused=look.reuse.status == "matched" if is_checked else None,
        n_sounds=look.reuse.n_sounds if is_checked else None,
    )


def to_dict(look: Look) -> dict[str, Any]:
    """A look as plain JSON types."""
    return {
        "path": str(look.path),
        **msgspec.to_builtins(look.screening),
        "symbols": msgspec.to_builtins(look.symbols),
        "answers": msgspec.to_builtins(look.answers),
        "reuse": msgspec.to_builtins(look.reuse),
        "transcript": msgspec.to_builtins(look.transcript),
        "transcript_not_available": look.why_no_transcript,
        "overlay_says": look.overlay.to_dict() if look.overlay else None,
        "speech_says": look.speech.to_dict() if look.speech else None,
        "remarks": msgspec.to_builtins(look.remarks),
        "features": facts_of(look),
    }


def screened(path: Path, *, fast: bool = False) -> Kept:
    """What is seen and heard in a file, from the cache or by a process of its own."""
    sha256 = keeping.content_hash(path)
    kept = keeping.find(sha256, fast=fast)
    if kept is not None:
        return kept
    with keeping.somewhere() as is_kept:
        guard.run(path, sha256, fast=fast)
        kept = keeping.find(sha256, fast=fast)
    if kept is None:
        raise DataError(CHANGED, path=path)
    if is_kept:
        return kept
    remark = Remark("What was seen cannot be kept in {path}: the next look begins anew.", {"path": str(cache_folder())})
    return replace(kept, screening=replace(kept.screening, remarks=(*kept.screening.remarks, remark)))


def _symbols(kept: Kept, probe: Path | None) -> Symbols | None:
    """What is seen, with a probe's labels: they are learned over the embeddings that were kept."""
    seen = kept.screening.symbols
    if probe is None or seen is None or not kept.embeddings:
        return seen
    embeddings = np.load(io.BytesIO(kept.embeddings), allow_pickle=False).astype(np.float32)
    return with_labels(seen, kept.screening.picture_times, embeddings, Probe.read(probe))


def _answers(kept: Kept, asked: Asked) -> Answers | None:
    """Prompts are asked of the small pictures: such models look at 224 to 384 pixels."""
    if asked.prompt_model is None or not kept.strip:
        return None
    pictures = from_strip(kept.strip, len(kept.screening.strip_times))
    return ask_prompts(pictures, read_prompts(asked.prompts), asked.prompt_model)


def _reuse(kept: Kept, asked: Asked) -> Reuse:
    if kept.screening.sound is None:
        return not_checked(NO_SOUND)
    if asked.store is None or not is_there(asked.store):
        return not_checked(NO_STORE)
    with Store.open(asked.store) as store:
        return find_reuse(
            Peaks.from_bytes(kept.fingerprint),
            store,
            exclude_sha256=kept.screening.sha256,
            exclude_draft=str(asked.draft.resolve()) if asked.draft else None,
            author=asked.author,
            words=np.frombuffer(kept.chroma, "<u4") if kept.chroma else None,
        )


def remember(look: Look, asked: Asked) -> None:
    """Put the sound of a draft's video into the library: a later draft or post that uses it is then told so.

    Without a store, or without a sound that can be recognised, nothing happens.
    """
    if asked.store is None or asked.draft is None or not is_there(asked.store):
        return
    draft = asked.draft.resolve()
    with Store.open(asked.store) as store:
        _keep_sound(store, look, DRAFT, draft.parent.name, author=asked.author, path=str(draft))


def _keep_sound(
    store: Store, look: Look, kind: str, name: str,
    *, author: tuple[str, str] | None, path: str | None = None, post: str | None = None,
) -> None:  # fmt: skip
    kept, heard = keeping.find(look.screening.sha256, fast=True), look.screening.sound
    if kept is None or heard is None:
        return
    peaks = Peaks.from_bytes(kept.fingerprint)
    if why_not(peaks) is not None:
        return
    whose = ":".join(author) if author else None
    sound = StoredSound(name, kind, look.screening.sha256, round(heard.duration_s, 3), path, whose, post)
    Sounds(store).add(sound, to_bytes(peaks.loud()), datetime.now(UTC), kept.chroma or None)


def keep_with_post(look: Look, post: str, store_url: str) -> None:
    """Keep what a file shows with the post in the store whose file it is, and its sound in the library.

    Raises:
        ConfigurationError: the post is not named as platform:id, or the look was a hasty one or at no video.
        DataError: it is not in the store.
    """
    if look.screening.mode == "fast" or look.screening.file.kind == "picture":
        raise ConfigurationError("only a full look at a video or a sound is kept with a post: leave --fast out")
    platform, _, post_id = post.partition(":")
    if not post_id:
        raise ConfigurationError("expected a post such as youtube:dQw4w9WgXcQ or vk:-1_42, but got {post!r}", post=post)
    with Store.open(store_url) as store:
        known = replace(look, reuse=_reuse_before(store, look, (platform, post_id)))
        author = PostFiles(store).keep(platform, post_id, look.screening.sha256, facts_of(known))
        _keep_sound(store, look, POST, post, author=(platform, author), post=post)


def _reuse_before(store: Store, look: Look, post: tuple[str, str]) -> Reuse:
    """Reuse as it could be known when the post came out: sounds of earlier posts by others, and of nothing else.

    The library of today, the author's own posts and the draft that the post was are no part of it.
    """
    if look.screening.sound is None:
        return not_checked(NO_SOUND)
    posts = store.posts()
    names = (posts["platform"] + ":" + posts["post_id"]).tolist()
    when = dict(zip(names, posts["published_at"], strict=True))
    whose = dict(zip(names, (posts["platform"] + ":" + posts["author_id"]).tolist(), strict=True))
    name = ":".join(post)
    if name not in when:
        return not_checked(NO_SOUND)

    def is_asked(sound: StoredSound) -> bool:
        other = sound.post if sound.kind == POST else None
        return other in when and whose[other] != whose[name] and when[other] < when[name]

    kept = keeping.find(look.screening.sha256, fast=False)
    if kept is None:
        return not_checked(NO_SOUND)
    return find_reuse(Peaks.from_bytes(kept.fingerprint), store, is_asked=is_asked)


def with_length(draft: Draft, looks: list[Look]) -> Draft:
    """A draft whose length is that of its video, where it does not say another."""
    seconds = looks[0].screening.duration_s if looks else None
    return draft if seconds is None or draft.duration_s is not None else replace(draft, duration_s=round(seconds))


def _transcript(
    path: Path, seen: Screening, model: Path | None, remarks: list[Remark]
) -> tuple[Transcript | None, str | None]:
    for beside in subtitles.beside(path):
        try:
            return subtitles.read_subtitles(beside), None
        except OtklikError as error:
            remarks.append(Remark(error.template, error.values))
        except OSError as error:
            values: dict[str, int | float | str] = {"path": str(beside), "why": error.strerror or type(error).__name__}
            remarks.append(Remark("{path} cannot be read: {why}", values))
    if model is None:
        return None, NO_SPEECH
    if seen.sound is None or not (seen.sound.voices.speech_share or seen.sound.voices.singing_share):
        return None, NO_WORDS_SAID
    return keeping.transcript(path, seen.sha256, model), None


def _explained(text: str | None) -> Explanation | None:
    return explain([text], tag_names=False)[0] if text and text.strip() else None
