"""What a file shows and sounds like, as rows of words in a language: for the terminal and the contact sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from otklik.content.explanation import Explanation
from otklik.content.lexicon import classes
from otklik.language import number, percent, t
from otklik.media.look import Look
from otklik.media.symbols import Seen

MOST_SIGNS = 5
NEON_FROM = 0.35
"""Mean neon from which a video is said to be neon."""
HINT_FROM = 0.5
DIGITS = {"speed": 2, "score": 0}
"""Digits behind the point in a sentence about a sound, where they are not one."""
NAMES = {"vertical": "vertical", "square": "square", "wide": "wide"}
"""Shapes of a picture."""


def decimals(values: dict[str, float | str], lang: str) -> dict[str, float | str]:
    """Values of a sentence, those with a fraction written as the language does, a change of pitch with its sign.

    >>> decimals({"name": "a", "from_s": 12.44, "pitch": 1.0, "n": 3}, "ru")
    {'name': 'a', 'from_s': '12,4', 'pitch': '+1,0', 'n': 3}
    """
    told: dict[str, float | str] = {}
    for key, value in values.items():
        sign = "+" if key == "pitch" and isinstance(value, float) and value > 0 else ""
        told[key] = sign + number(value, lang, DIGITS.get(key, 1)) if isinstance(value, float) else value
    return told


@dataclass(frozen=True)
class Row:
    """A finding: what it is about, and what was found."""

    label: str
    value: str


class Rows:
    """The findings of a look in a language."""

    def __init__(self, look: Look, lang: str) -> None:
        self.look, self.lang = look, lang
        self.seen = look.screening

    def _(self, template: str, /, **values: float | str | None) -> str:
        return t(template, self.lang, **values)

    def number(self, value: float, digits: int = 0) -> str:
        """A number as the language writes it."""
        return number(value, self.lang, digits)

    def seconds(self, value: float) -> str:
        """An instant or a length."""
        return self._("{value} s", value=self.number(value, 1))

    def sign(self, name: str) -> str:
        """The name of a class of sign, the first where it has several."""
        return str(classes()[f"sign/{name}"]["title"].get(self.lang, name)).split(",")[0]

    def head(self) -> tuple[str, ...]:
        """The file in a line: length, size, codecs."""
        file = self.seen.file
        parts = [
            None if self.seen.duration_s is None else self.seconds(self.seen.duration_s),
            f"{file.width}×{file.height}" if file.width else None,
            self._(NAMES[file.shape]) if file.shape else None,
            self._("{n} frames a second", n=self.number(file.fps, 0 if file.fps % 1 < 0.01 else 2))
            if file.fps
            else None,
            "HDR" if file.hdr else None,
            " + ".join(name for name in (file.video_codec, file.audio_codec) if name) or None,
            self._("{n} MB", n=self.number(file.size_bytes / 1e6, 1)),
        ]
        return tuple(part for part in parts if part)

    def _rate(self, fps: float | None) -> str | None:
        return self._("{n} frames a second", n=self.number(fps, 0 if fps % 1 < 0.01 else 2)) if fps else None

    def all(self) -> list[Row]:
        """Every finding, in the order of reading."""
        rows = [
            *self._hook(), *self._structure(), *self._signs(), *self._style(), *self._people(), *self._overlay(),
            *self._sound(), *self._reuse(), *self._speech(), *self._evidence(),
        ]  # fmt: skip
        return [Row(self._(label), value) for label, value in rows]

    def cues(self) -> list[tuple[bool | None, str]]:
        """The checklist of the hook: there, not there, or not told."""
        return [(cue.is_there, self._(cue.name)) for cue in self.seen.hook.cues] if self.seen.hook else []

    def remarks(self) -> list[str]:
        """What was not looked at, as sentences."""
        return [self._(one.template, **one.values) for one in self.look.remarks]

    def _hook(self) -> Iterator[tuple[str, str]]:
        hook = self.seen.hook
        if hook is not None:
            yield "hook", self._("{n} of {of} cues in the first 3 s", n=hook.n_cues, of=hook.n_told)

    def _structure(self) -> Iterator[tuple[str, str]]:
        shots, motion = self.seen.shots, self.seen.motion
        if shots is not None:
            rate = self._("{n} a minute", n=self.number(shots.cuts_a_minute, 1))
            longest = self._("longest {value}", value=self.seconds(shots.longest_s))
            yield "shots", f"{shots.n} · {rate} · {longest}"
        if motion is not None and motion.loop_likeness is not None:
            share = percent(motion.loop_likeness, self.lang)
            yield "loop", self._("the last frame is {share} like the first", share=share)
        if motion is not None:
            kinds = (("frozen {value}", motion.frozen), ("black {value}", motion.black))
            lengths = [(name, sum(one.length_s for one in found)) for name, found in kinds if found]
            if lengths:
                told = [self._(name, value=self.seconds(length)) for name, length in lengths]
                yield "without motion", " · ".join(told)

    def _signs(self) -> Iterator[tuple[str, str]]:
        symbols = self.look.symbols
        if symbols is None:
            return
        if symbols.reason is not None:
            yield "signs seen", self._(symbols.reason)
            return
        seen = sorted((one for one in symbols.signs if one.seen), key=lambda one: -(one.most or 0))[:MOST_SIGNS]
        yield "signs seen", "; ".join(self._one(one, self.sign(one.name)) for one in seen) or self._("none")
        old = symbols.sacred_or_historic
        if old.seen:
            yield "old building", self._one(old, self._("sacred or historic"))
        labels = [self._one(one, one.name) for one in symbols.labels if one.seen]
        if symbols.labels:
            yield "your labels", "; ".join(labels) or self._("none")
        yield from self._answers()
        if self.seen.dissonance is not None and self.seen.dissonance >= HINT_FROM:
            yield "dissonance", self._("old in a light of the future: {n} of 1", n=self.number(self.seen.dissonance, 2))

    def _answers(self) -> Iterator[tuple[str, str]]:
        """The prompts that fit best, each once."""
        answers = self.look.answers
        if answers is not None:
            yield "prompts that fit", "; ".join(dict.fromkeys(f"«{one}»" for one in answers.best))

    def _one(self, seen: Seen, name: str) -> str:
        when = self._("at {value}", value=self.seconds(seen.times[0])) if seen.times and self.seen.duration_s else ""
        proxy = self._("by likeness") if seen.is_proxy else ""
        more = ", ".join(part for part in (when, proxy) if part)
        return f"{name} {self.number(seen.most or 0, 2)}" + (f" ({more})" if more else "")

    def _style(self) -> Iterator[tuple[str, str]]:
        if self.seen.style is None:
            return
        mean = self.seen.style.mean
        parts = [
            self._("neon {n}", n=self.number(mean.neon, 2)),
            self._("glow {n}", n=self.number(mean.glow, 2)),
            self._("saturation {n}", n=self.number(mean.saturation, 2)),
            self._("contrast {n}", n=self.number(mean.contrast, 2)),
        ]
        if mean.line_art >= HINT_FROM:
            parts.append(self._("perhaps drawn"))
        elif mean.rendered_look >= HINT_FROM:
            parts.append(self._("perhaps rendered"))
        yield "look of the picture", " · ".join(parts)

    def _people(self) -> Iterator[tuple[str, str]]:
        people = self.seen.people
        if people is None:
            return
        if people.n_max is None:
            yield "faces", self._(people.reason)
        elif people.n_max == 0:
            yield "faces", self._("none")
        else:
            parts = [self._("up to {n}", n=people.n_max)]
            if self.seen.duration_s:
                parts.append(self._("{share} of the time", share=percent(people.screen_time_share or 0, self.lang)))
                parts.append(self._("from {value}", value=self.seconds(people.first_at_s or 0)))
            yield "faces", " · ".join(parts)

    def _overlay(self) -> Iterator[tuple[str, str]]:
        overlay = self.seen.overlay
        if overlay is None:
            return
        share = percent(overlay.text_share_of_frames or 0, self.lang)
        if overlay.status == "read" and overlay.text:
            yield "text on the picture", "«" + " / ".join(overlay.text.splitlines()) + "»"
        elif overlay.status == "read":
            yield "text on the picture", self._("none was read")
        else:
            yield (
                "text on the picture",
                self._("in {share} of the frames; not read: {why}", share=share, why=overlay.reason),
            )
        yield from self._said("that text says", self.look.overlay)

    def _said(self, label: str, found: Explanation | None) -> Iterator[tuple[str, str]]:
        if found is None or found.why_not is not None:
            return
        one = found.reading
        titles = classes()
        groups = [("sign", one.signs), ("style", one.styles), ("emotion", one.emotions)]
        names = [
            str(titles[f"{group}/{name}"]["title"].get(self.lang, name)) for group, all_ in groups for name in all_
        ]
        places = list(dict.fromkeys(span.label for span in one.of("place")))
        belonging = [self._("identity")] if one.has_identity else []
        told = [*places, *names, *belonging, *one.people]
        if told:
            yield label, ", ".join(dict.fromkeys(told))

    def _sound(self) -> Iterator[tuple[str, str]]:
        sound = self.seen.sound
        if sound is None:
            if self.seen.file.kind == "video":
                yield "sound", self._("none")
            return
        parts = (
            [self._("silent")]
            if sound.loudness.lufs is None
            else [f"{self.number(sound.loudness.lufs, 1).replace('-', '−')} LUFS"]
        )
        if sound.rhythm.tempo_bpm is not None:
            parts.append(self._("{n} beats a minute", n=self.number(sound.rhythm.tempo_bpm)))
        voices = sound.voices
        shares = (("music", voices.music_share), ("speech", voices.speech_share), ("singing", voices.singing_share))
        parts += [f"{self._(name)} {percent(share, self.lang)}" for name, share in shares if share and share >= 0.01]
        if voices.music_share is None:
            parts.append(self._(voices.missing.get("music_share", "")))
        if sound.arousal.combined is not None:
            parts.append(self._("arousal {n} of 1 (a proxy)", n=self.number(sound.arousal.combined, 2)))
        yield "sound", " · ".join(parts)

    def _reuse(self) -> Iterator[tuple[str, str]]:
        if self.seen.sound is not None:
            yield (
                "known sound",
                "; ".join(
                    self._(template, **decimals(values, self.lang)) for template, values in self.look.reuse.told()
                ),
            )

    def _speech(self) -> Iterator[tuple[str, str]]:
        if self.look.transcript is not None and self.look.transcript.text:
            words = " ".join(self.look.transcript.text.split())
            yield "speech", f"«{words[:160]}{'…' if len(words) > 160 else ''}» ({self.look.transcript.name})"
            yield from self._said("the speech says", self.look.speech)
        elif self.look.why_no_transcript and self.seen.sound is not None and self.seen.sound.voices.speech_share:
            yield "speech", self._(self.look.why_no_transcript)

    def _evidence(self) -> Iterator[tuple[str, str]]:
        if self.seen.provenance.evidence:
            told = [(one.what.replace("{", "").replace("}", ""), one.where) for one in self.seen.provenance.evidence]
            yield "weak signs of AI", "; ".join(f"{self._(what)} ({where})" for what, where in told)
