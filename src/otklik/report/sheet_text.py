"""Words on a picture: the fonts, what of a text they can draw, and how much of it fits.

The text is often somebody else's title. What the fonts lack (emoji, scripts beyond Latin and Cyrillic) is left out
rather than drawn as empty boxes, and so are marks that turn the direction of writing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO

from PIL import ImageFont

ELLIPSIS = "…"
MOST_CHARACTERS = 2000
"""More of one text never fits on a sheet, so no more of it is looked at."""


@cache
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """DejaVu Sans of a size in pixels, with the plain layout that gives the same pixels on every machine."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    stored = files("otklik.report").joinpath("fonts", name).read_bytes()
    return ImageFont.truetype(BytesIO(stored), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def has_glyph(char: str) -> bool:
    """Whether the fonts draw a character; both hold the same ones, and what they lack leaves no ink.

    >>> [has_glyph(char) for char in "Әñ№漢🌙"]
    [True, True, True, False, False]
    """
    return font(24).getmask(char).getbbox() is not None


def clean(text: str) -> str:
    r"""What can be drawn of a text, on one line.

    Letters with a mark that the fonts lack are drawn without it; other characters that they lack are left out.

    >>> clean("Казан\u202e 🌙\n Үзәге,  dağ")
    'Казан Үзәге, dag'
    """
    drawn = "".join(_drawn(char) for char in unicodedata.normalize("NFC", text[:MOST_CHARACTERS]))
    return " ".join(drawn.split())


def _drawn(char: str) -> str:
    kind = unicodedata.category(char)
    if kind[0] == "Z" or kind == "Cc":
        return " "
    if kind[0] in "CM":
        return ""
    if has_glyph(char):
        return char
    parts = unicodedata.normalize("NFKD", char)
    return "".join(part for part in parts if unicodedata.category(part)[0] not in "CMZ" and has_glyph(part))


def fit(text: str, face: ImageFont.FreeTypeFont, width: float) -> str:
    """As much of a clean text as fits into a width in pixels, with an ellipsis where something is left out.

    >>> fit("Мечеть Кул-Шариф", font(20), 120)
    'Мечеть К…'
    >>> fit("Мечеть", font(20), 5)
    ''
    """
    if face.getlength(text) <= width:
        return text
    kept = _longest(text, lambda part: face.getlength(part.rstrip() + ELLIPSIS) <= width)
    return kept.rstrip() + ELLIPSIS if kept.rstrip() or face.getlength(ELLIPSIS) <= width else ""


def wrap(text: str, face: ImageFont.FreeTypeFont, width: float, most: int) -> tuple[str, ...]:
    """A clean text in at most so many lines of a width in pixels; a longer one ends with an ellipsis.

    >>> wrap("Казань через семьдесят лет", font(20), 170, 2)
    ('Казань через', 'семьдесят лет')
    """
    lines: list[str] = []
    while text and len(lines) < most - 1 and face.getlength(text) > width:
        part = _longest(text, lambda part: face.getlength(part.rstrip()) <= width) or text[0]
        at = part.rfind(" ") if text[len(part) : len(part) + 1] != " " else len(part)
        part = part if at <= 0 else text[:at]
        lines.append(part.rstrip())
        text = text[len(part) :].lstrip()
    return (*lines, fit(text, face, width)) if text else tuple(lines)


def _longest(text: str, fits: Callable[[str], bool]) -> str:
    """The longest beginning of a text that fits, found by halving."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
    return text[:low]
