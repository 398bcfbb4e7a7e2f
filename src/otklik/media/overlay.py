"""Text painted on the picture: how likely it is there, where its lines stand, and what Tesseract reads in them.

Rows of letters are found by their looks (``otklik.media.lettering``). Their shapes alone, black on white and all rows
of a frame brought to one height, then go to Tesseract in one call: on whole frames it takes seconds and reads leaves
and bricks as letters.
"""

from __future__ import annotations

import difflib
import os
import re
import time
from bisect import bisect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from otklik.errors import ConfigurationError
from otklik.media.lettering import FIND_SIDE, Frame, Plane, Row, planes_of, rows_of, text_likelihood

__all__ = ["Overlay", "OverlayLine", "line_of", "read_overlay", "text_likelihood"]


LANGUAGES = ("rus", "eng")
"""Not ``tat``: measured, it reads Cyrillic as Latin look-alikes."""
NOT_INSTALLED = (
    "Tesseract is not installed: apt install tesseract-ocr tesseract-ocr-rus tesseract-ocr-eng, pip install pytesseract"
)
LACKS = "Tesseract lacks Russian or English: apt install tesseract-ocr-rus tesseract-ocr-eng"
NOT_ALL = "some frames with text were not read in the time given to a video"
NO_FRAME = "no frame could be read"
NOT_ASKED = "reading was not asked for"
READ_SIDE = 1280
"""Long side in pixels at which lines are read, at most."""
MOST_FRAMES, MOST_S, MOST_S_OF_FRAME, LEAST_S = 6, 4.0, 2.5, 0.3
"""Frames read of one video, seconds for finding and reading, for one frame, and below which no more is begun."""
READING_S = 1.5
"""Seconds that reading has even where finding took long, as on a slow machine."""
LIKELY, WORTH_READING = 0.5, 0.3
"""Likelihood from which a frame counts as one with text, and from which a row is given to Tesseract."""
HOOK_FAVOUR = 0.3
"""So much likelier is a frame of the hook taken to be when frames are chosen."""
MOST_ROWS, LETTER, MARGIN = 8, 34, 20
"""Rows read of one frame; height of a letter and the space around rows in pixels, as Tesseract likes them."""
LEAST_SURE, SURE = 45, 70
"""Tesseract's confidence (0..100) from which a word is kept, and which one word of a line must have."""
HAIRLINE = 0.3
"""Share of a stroke's width below which a line is of the ground behind the letters; the breve of й is wider."""
LEAST_DOT = 0.45
"""Area of the smallest shape kept in a row, in squares of the stroke: a dot is about as wide as one."""
SLACK, SAME_LETTERS = 2, 0.6
"""Pixels of 640 by which a letter may move from frame to frame, and the share of letters that stay where they are from
which a frame shows words that another one was chosen for."""
SAME = 0.8
"""Likeness (difflib) from which two lines are readings of the same words."""


@dataclass(frozen=True, slots=True)
class OverlayLine:
    """A line read in a frame: when, what, how sure (0..1), centre and height of its letters as shares of the frame."""

    at_s: float
    text: str
    confidence: float
    y_centre: float
    height: float


@dataclass(frozen=True, slots=True)
class Overlay:
    """Text on the picture over a video.

    ``text_share_of_frames``, ``in_hook`` and ``first_at_s`` come from the look of the frames and are there without
    Tesseract as well; ``text`` and ``lines`` are read; when they are not, ``status`` is ``not checked``, with a reason.
    """

    status: str
    reason: str
    lines: tuple[OverlayLine, ...]
    text: str
    text_share_of_frames: float | None
    in_hook: bool | None
    first_at_s: float | None


def read_overlay(times: Sequence[float], frames: Sequence[Frame], engine: str = "auto", hook_s: float = 3.0) -> Overlay:
    """Text painted on the frames of a video.

    At most six frames are read, those that look most like text, the hook favoured, no two with the same rows; reading
    stops after about four seconds and ``reason`` then says how far it came.

    Args:
        times: seconds of the frames, ascending.
        frames: RGB or grey, long side at most 1280.
        engine: ``auto`` (Tesseract when it is installed) or ``none`` (only the look of the frames).
        hook_s: end of the hook in seconds.

    Raises:
        ConfigurationError: for any other engine.
    """
    if engine not in ("auto", "none"):
        raise ConfigurationError("text is read by engine auto or none, not by {engine}", engine=engine)
    begun = time.monotonic()
    seen = [_Seen(at, frame, rows_of(frame)) for at, frame in zip(times, frames, strict=True)]
    if not seen:
        return Overlay("not checked", NO_FRAME, (), "", None, None, None)
    languages, reason = (None, NOT_ASKED) if engine == "none" else _languages()
    lines: list[OverlayLine] = []
    if languages is not None:
        chosen = _chosen(seen, hook_s)
        deadline = max(begun + MOST_S, time.monotonic() + READING_S)
        n_read = 0
        for one in chosen:
            left = deadline - time.monotonic()
            if left < LEAST_S:
                break
            got = _read(one, languages, min(left, MOST_S_OF_FRAME))
            n_read += got is not None
            lines.extend(got or ())
        if n_read < len(chosen):
            reason = NOT_ALL
            if not n_read:
                languages = None
    with_text = [one.at_s for one in seen if one.likelihood >= LIKELY]
    lines.sort(key=lambda line: (line.at_s, line.y_centre))
    return Overlay(
        status="not checked" if languages is None else "read",
        reason=reason,
        lines=tuple(lines),
        text="\n".join(_without_repeats(lines)),
        text_share_of_frames=len(with_text) / len(seen),
        in_hook=any(at <= hook_s for at in with_text),
        first_at_s=min(with_text, default=None),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A frame and the rows of letters found in it."""

    at_s: float
    frame: Frame
    rows: list[Row]

    @property
    def likelihood(self) -> float:
        """Probability that there is text in it."""
        return max((row.score for row in self.rows), default=0.0)

    @property
    def worth(self) -> float:
        """How much there is to read in it."""
        return max((row.worth for row in self.rows), default=0.0)

    @property
    def boxes(self) -> NDArray[np.int64]:
        """Boxes (n, 4) of all letters worth reading."""
        boxes = [row.boxes for row in self.rows if row.score >= WORTH_READING]
        return np.concatenate(boxes) if boxes else np.zeros((0, 4), np.int64)

    def shows_the_words_of(self, other: _Seen) -> bool:
        """Whether most of its letters have the place and the size of a letter of the other frame."""
        far = np.abs(self.boxes[:, None] - other.boxes[None]).max(axis=2)
        return bool(far.size) and float((far.min(axis=1) <= SLACK).mean()) > SAME_LETTERS


def _chosen(seen: Sequence[_Seen], hook_s: float) -> list[_Seen]:
    """Frames to read: the likeliest, those of the hook before others, none whose rows were chosen already."""
    chosen: list[_Seen] = []
    for one in sorted(seen, key=lambda one: (-one.worth - HOOK_FAVOUR * (one.at_s <= hook_s), one.at_s)):
        worth = one.likelihood >= WORTH_READING and not any(one.shows_the_words_of(other) for other in chosen)
        if worth and len(chosen) < MOST_FRAMES:
            chosen.append(one)
    return chosen


@cache
def _languages() -> tuple[tuple[str, ...] | None, str]:
    """Languages that Tesseract can read here; ``None`` when Russian is not among them; and what is missing."""
    try:
        import pytesseract

        there = set(pytesseract.get_languages())
    except (ImportError, OSError, RuntimeError):  # pytesseract's own errors are kinds of OSError and RuntimeError
        return None, NOT_INSTALLED
    missing = [one for one in LANGUAGES if one not in there]
    reason = LACKS if missing else ""
    return (None if "rus" in missing else tuple(one for one in LANGUAGES if one in there)), reason


def why_not() -> str | None:
    """Why text cannot be read here in all its languages, or ``None`` when it can."""
    return _languages()[1] or None


def _read(seen: _Seen, languages: tuple[str, ...], most_s: float) -> list[OverlayLine] | None:
    """The lines of one frame; ``None`` when Tesseract failed or took too long."""
    import pytesseract

    sheet, ends, rows = _sheet(seen)
    if not rows:
        return []
    try:
        with _one_thread():
            data = pytesseract.image_to_data(
                sheet, "+".join(languages), "--psm 6", timeout=most_s, output_type=pytesseract.Output.DICT
            )
    except (RuntimeError, OSError):
        return None
    words: list[list[tuple[int, str, float]]] = [[] for _ in rows]
    told = zip(*(data[key] for key in ("text", "conf", "left", "top", "height")), strict=True)
    for text, sure, left, top, height in told:
        at = bisect(ends, int(top) + int(height) / 2)
        if str(text).strip() and at < len(rows):
            words[at].append((int(left), str(text).strip(), float(sure)))
    scale = FIND_SIDE / max(FIND_SIDE, *seen.frame.shape[:2])
    tall = seen.frame.shape[0] * scale
    made = []
    for group in _levels(rows):
        line = line_of([(text, sure) for k in group for _, text, sure in sorted(words[k])])
        if line is not None:
            top, bottom = (pick(rows[k].frame[side] for k in group) for pick, side in ((min, 1), (max, 3)))
            height = max(rows[k].height for k in group)
            made.append(OverlayLine(seen.at_s, line[0], line[1], (top + bottom) / 2 / tall, height / tall))
    return made


def _levels(rows: Sequence[Row]) -> list[list[int]]:
    """Numbers of the rows that stand beside each other on one level, each level from left to right."""
    levels: list[list[int]] = []
    for k in sorted(range(len(rows)), key=lambda k: rows[k].frame[0]):
        left, top, _, bottom = rows[k].frame
        for level in levels:
            _, above, right, below = rows[level[-1]].frame
            tall = max(rows[k].height, rows[level[-1]].height)
            if left - right < 3 * tall and min(bottom, below) - max(top, above) > 0.5 * tall:
                level.append(k)
                break
        else:
            levels.append([k])
    return levels


@contextmanager
def _one_thread() -> Iterator[None]:
    """Tesseract with one thread: four of them wait for each other on a busy machine."""
    before = os.environ.get("OMP_THREAD_LIMIT")
    os.environ["OMP_THREAD_LIMIT"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_THREAD_LIMIT"]
        else:
            os.environ["OMP_THREAD_LIMIT"] = before


def _sheet(seen: _Seen) -> tuple[Plane, list[int], list[Row]]:
    """All rows of a frame under each other, black on white and of one height; where each ends; the rows."""
    planes = planes_of(seen.frame, READ_SIDE)
    scale = max(planes["max"].shape) / min(FIND_SIDE, max(planes["max"].shape))
    rows = sorted((row for row in seen.rows if row.score >= WORTH_READING), key=lambda row: row.frame[1])[:MOST_ROWS]
    strips = [_strip(planes[row.cut[0]], row, scale) for row in rows]
    width = max((strip.shape[1] for strip in strips), default=0) + 2 * MARGIN
    sheet, ends, at = np.full((sum(one.shape[0] + MARGIN for one in strips) + MARGIN, width), 255, np.uint8), [], MARGIN
    for strip in strips:
        sheet[at : at + strip.shape[0], MARGIN : MARGIN + strip.shape[1]] = strip
        at += strip.shape[0] + MARGIN
        ends.append(at - MARGIN // 2)
    return sheet, ends, rows


def _strip(plane: Plane, row: Row, scale: float) -> Plane:
    """A row cut out of the full frame: its shapes, and the small ones (dots, commas, the breve of й) among them."""
    import cv2

    left, top, right, bottom = (scale * side for side in row.frame)
    tall = scale * row.height
    rows = slice(max(0, round(top - 0.8 * tall)), round(bottom + 0.5 * tall))
    columns = slice(max(0, round(left - 0.3 * tall)), round(right + 1.2 * tall))
    part, (_, level, dark) = plane[rows, columns], row.cut
    mask, stroke = _without_hairlines((part <= level if dark else part >= level).astype(np.uint8))
    _, labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    x, y, width, height, area = stats.T
    keep = (centres[:, 1] > top - 0.5 * tall - rows.start) & (centres[:, 1] < bottom + 0.3 * tall - rows.start)
    keep &= (height < 2.2 * tall) & (width < 3 * tall) & (area > LEAST_DOT * stroke * stroke)
    keep &= (x > 0) & (y > 0) & (x + width < part.shape[1]) & (y + height < part.shape[0])  # cut at a border: foreign
    keep[0] = False
    shapes = np.where(keep[labels], 0, 255).astype(np.uint8)
    grow = LETTER / tall
    size = max(1, round(grow * part.shape[1])), max(1, round(grow * part.shape[0]))
    way = cv2.INTER_CUBIC if grow > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(shapes, size, interpolation=way), np.uint8)


def _without_hairlines(mask: Plane) -> tuple[Plane, float]:
    """The mask without what is thinner than half a stroke, and the width of a stroke in pixels."""
    import cv2

    if not mask.any():
        return mask, 1.0
    # Across a stroke the distance to its border rises evenly to half the width: its mean is a quarter of the width.
    stroke = 4 * float(np.mean(cv2.distanceTransform(mask, cv2.DIST_L2, 3)[mask > 0]))
    size = int(HAIRLINE * stroke)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)) if size > 1 else None
    return (mask if kernel is None else np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel), np.uint8)), stroke


def line_of(words: Sequence[tuple[str, float]]) -> tuple[str, float] | None:
    """A line from the words that Tesseract gave with confidence (0..100), or ``None`` when it is not worth telling.

    Words below the threshold are dropped, letters of the other alphabet inside a word put right, and a line kept when
    most of it is letters or digits and one word of three letters, or a number of two digits, is sure.

    >>> line_of([("КАЗAНЬ", 91), ("|", 40), ("2100", 88)])
    ('КАЗАНЬ 2100', 0.898)
    >>> line_of([("~—", 80), ("іl", 75)]) is None
    True
    """
    kept = [(_in_one_alphabet(text), sure) for text, sure in words if sure >= LEAST_SURE and re.search(r"\w", text)]
    kept = _in_the_alphabet_of_the_line(kept)
    kept = [(text.strip("|_~=\\/<>*^`'‘’\"°©®"), sure) for text, sure in kept if not _is_noise(text)]
    text = " ".join(text for text, _ in kept)
    letters = sum(character.isalnum() for character in text)
    said = any(
        (len(_LETTERS.findall(text)) >= 3 or len(re.findall(r"\d", text)) >= 2) and sure >= SURE for text, sure in kept
    )
    if not said or letters < 0.7 * len(text.replace(" ", "")):
        return None
    weights = [len(text) for text, _ in kept]
    return text, round(float(np.average([sure for _, sure in kept], weights=weights)) / 100, 3)


def _is_noise(word: str) -> bool:
    """Whether a word is what textures are read as: long and without vowels, or the same letter again and again."""
    letters = _LETTERS.findall(word.lower())
    if len(letters) >= 4 and not VOWELS.intersection(letters):
        return True
    return len(letters) >= 3 and len(set(letters)) == 1


_LETTERS = re.compile(r"[^\W\d_]")
VOWELS = frozenset("аеёиоуыэюяәөүaeiouy")
_TO_CYRILLIC = str.maketrans("ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху")
_TO_LATIN = str.maketrans("АВСЕНКМОРТХУасеорху", "ABCEHKMOPTXYaceopxy")
LOOK_ALIKES = frozenset(map(chr, (*_TO_CYRILLIC, *_TO_LATIN)))


def _in_one_alphabet(word: str) -> str:
    """Letters that look the same in both alphabets, in the alphabet of those that do not."""
    plain = word.translate(_TO_CYRILLIC)
    cyrillic, latin = len(re.findall(r"[а-яёА-ЯЁ]", word)), len(re.findall(r"[A-Za-z]", word))
    if not (cyrillic and latin):
        return word
    return plain if not re.search(r"[A-Za-z]", plain) or cyrillic >= latin else word.translate(_TO_LATIN)


def _in_the_alphabet_of_the_line(words: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Words made of look-alikes alone, such as ТАК, in the alphabet of the other words of their line."""
    telling = {letter for text, _ in words for letter in _LETTERS.findall(text)} - LOOK_ALIKES
    cyrillic = {"а" <= letter.lower() <= "ё" for letter in telling}
    if len(cyrillic) != 1:
        return words
    table = _TO_CYRILLIC if cyrillic.pop() else _TO_LATIN
    return [
        (text if set(_LETTERS.findall(text)) - LOOK_ALIKES else text.translate(table), sure) for text, sure in words
    ]


def _without_repeats(lines: Sequence[OverlayLine]) -> list[str]:
    """Texts in order of time; of readings of the same words the surest is told, where the first one stood."""
    told: list[OverlayLine] = []
    for line in lines:
        for k, other in enumerate(told):
            if difflib.SequenceMatcher(None, line.text.casefold(), other.text.casefold()).ratio() >= SAME:
                told[k] = line if line.confidence > other.confidence else other
                break
        else:
            told.append(line)
    return [line.text for line in told]
