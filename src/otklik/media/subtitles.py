"""What is said in a video, as the subtitles beside it tell: SubRip (.srt) and WebVTT (.vtt).

Files come as people make them: any encoding of Russian, missing numbers, tags, overlapping times, two line ends in a
row. Whatever has a time and words is kept, the rest is passed over.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from otklik.errors import DataError
from otklik.media.voices import covered

Source = Literal["subtitles", "faster-whisper", "vosk"]

SUFFIXES = (".srt", ".vtt")
MOST_BYTES = 5 * 1024 * 1024
"""A hundred hours of speech fit into it."""
FIRST_LANGUAGES = ("", "ru", "tt", "en")
"""Which of several files is read first: the one without a language, then these."""
MOST_DAMAGED = 0.05
"""A file of UTF-8 with so small a share of damaged characters is still UTF-8, not an older encoding."""
MOST_CONTROLS = 0.02
TOUCHING_S = 0.1
"""YouTube's own subtitles roll: a line is told again by the cue that follows within so many seconds."""

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMES = re.compile(rf"\s{{0,9}}{_CLOCK}\s{{0,9}}-{{1,2}}>\s{{0,9}}{_CLOCK}(?!\d)", re.ASCII)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}|\{[a-zA-Z]:[^{}]*\}|</>")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,2}", re.ASCII)
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


@dataclass(frozen=True, slots=True)
class Segment:
    """Words and the time in which they are said."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is said in a video, and who says so."""

    text: str
    segments: tuple[Segment, ...]
    """In the order of their starts; they may overlap."""
    source: Source
    name: str
    """Name of the file, or of the folder of the model."""
    language: str | None
    """As the name of the file or the model says; ``None`` when neither does."""

    @property
    def n_words(self) -> int:
        """Words in the text."""
        return len(_WORD.findall(self.text))

    @property
    def words_per_s(self) -> float | None:
        """Words a second of the time in which something is said; ``None`` when no time is given.

        >>> Transcript("раз два три", (Segment(0, 1, "раз два"), Segment(1, 2, "три")), "vosk", "m", None).words_per_s
        1.5
        """
        spoken = covered((one.start_s, one.end_s) for one in self.segments)
        return self.n_words / spoken if spoken > 0 else None


def beside(video: Path) -> tuple[Path, ...]:
    """Subtitle files beside a video, the first to read first.

    ``clip.srt``, ``clip.ru.srt`` and ``CLIP.VTT`` belong to ``clip.mp4``; ``clip2.srt`` and ``clip.final.cut.srt``
    do not. A folder that cannot be listed has none.
    """
    stem = _folded(video.stem)
    try:
        names = [one.name for one in video.parent.iterdir() if one.suffix.lower() in SUFFIXES and one.is_file()]
    except OSError:
        return ()
    found = []
    for name in names:
        own = _folded(Path(name).stem)
        if own == stem or (own.startswith(stem + ".") and _LANGUAGE.fullmatch(own[len(stem) + 1 :])):
            language = own[len(stem) + 1 :]
            found.append((_rank(language), name))
    return tuple(video.parent / name for _, name in sorted(found))


def read_subtitles(path: Path) -> Transcript:
    """Read a file of subtitles.

    Raises:
        DataError: when the file is no regular file, longer than 5 MB, binary, or holds no words with times.
        OSError: when it cannot be read.
    """
    text = decoded(_bytes(path), path)
    segments = tuple(sorted(cues(text), key=lambda one: (one.start_s, one.end_s)))
    if not segments:
        raise DataError(
            "expected subtitles in {path}, but there is no line of words with a time; "
            "save them as SubRip (.srt) or WebVTT (.vtt)",
            path=str(path),
        )
    _, dot, last = path.stem.rpartition(".")
    language = last.lower() if dot and _LANGUAGE.fullmatch(last.lower()) else None
    return Transcript(" ".join(one.text for one in segments), segments, "subtitles", path.name, language)


def cues(text: str) -> list[Segment]:
    r"""Segments in the text of a file, in its order.

    >>> [(one.start_s, one.text) for one in cues("1\n00:00:01,5 --> 00:00:02,000\n<i>Сәлам,</i>\nКазань!\n")]
    [(1.5, 'Сәлам, Казань!')]
    """
    text = re.sub(r"\r+\n", "\n", text).replace("\r", "\n")
    is_vtt = text.lstrip("\ufeff \n").startswith("WEBVTT")
    found: list[Segment] = []
    last = ""
    for start, end, lines in _blocks(text.split("\n"), is_vtt):
        # A rolling subtitle begins with the line that the one before ended with.
        if is_vtt and found and abs(start - found[-1].end_s) <= TOUCHING_S and lines and lines[0] == last:
            lines = lines[1:]
            if not lines:
                found[-1] = Segment(found[-1].start_s, max(end, found[-1].end_s), found[-1].text)
        if lines:
            found.append(Segment(start, max(start, end), " ".join(lines)))
            last = lines[-1]
    return found


def decoded(raw: bytes, path: Path) -> str:
    """Text of a file in UTF-8, in UTF-16 with a mark, or in Windows-1251.

    Raises:
        DataError: when it is no text.

    >>> decoded("Казань".encode("cp1251"), Path("a.srt")), decoded("\ufeffКазань".encode("utf-16-le"), Path("a.srt"))
    ('Казань', 'Казань')
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", errors="replace")
    else:
        text = raw.decode("utf-8-sig", errors="replace")
        foreign = sum(one > "\x7f" for one in text)
        if text.count("\ufffd") > MOST_DAMAGED * foreign:
            text = raw.decode("cp1251", errors="replace")
    controls = sum(one < " " and one not in "\t\n\r\x0b\x0c\x1a" for one in text)
    if "\0" in text or controls > MOST_CONTROLS * len(text):
        raise DataError("expected text in {path}, but it is binary; save the subtitles as text", path=str(path))
    return text.replace("\ufffd", "")


def _bytes(path: Path) -> bytes:
    # A queue or a device would keep us waiting for ever.
    if path.exists() and not path.is_file():
        raise DataError("expected a file of subtitles in {path}, but it is no regular file", path=str(path))
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise DataError(
            "expected subtitles of at most {most} MB, but {path} is larger; is it really a file of subtitles?",
            most=MOST_BYTES // 2**20,
            path=str(path),
        )
    return raw


def _blocks(lines: Sequence[str], is_vtt: bool) -> Iterator[tuple[float, float, list[str]]]:
    """Start, end and lines of words of each cue: from a line of times to an empty line or the next line of times."""
    times: tuple[float, float] | None = None
    words: list[str] = []
    for line in [*lines, ""]:
        found = _TIMES.match(line)
        # In WebVTT a line of one space is a line; elsewhere it is how an empty line looks.
        ends = found is not None or not (line if is_vtt else line.strip())
        if not ends:
            words.append(line)
            continue
        if times is not None and (words or found):
            if found and words and words[-1].strip().isdecimal():
                words.pop()  # the number of the next cue, which no empty line keeps apart
            yield *times, [clean for one in words if (clean := _clean(one))]
            times = None
        words = []
        if found:
            times = _seconds(found.groups()[:4]), _seconds(found.groups()[4:])


def _seconds(groups: Sequence[str | None]) -> float:
    hours, minutes, seconds, part = (one or "0" for one in groups)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(part.ljust(3, "0")) / 1000


def _clean(line: str) -> str:
    """Words of a line without tags, entities and doubled spaces."""
    line = _TAG.sub("", line).replace(r"\N", " ").replace(r"\h", " ")
    return " ".join(html.unescape(line).replace("\u200b", "").split())


def _folded(name: str) -> str:
    # A Mac writes й as two characters where other systems write one.
    return unicodedata.normalize("NFC", name).casefold()


def _rank(language: str) -> tuple[int, str]:
    short = re.split(r"[-_]", language)[0]
    return (FIRST_LANGUAGES.index(short) if short in FIRST_LANGUAGES else len(FIRST_LANGUAGES)), language
