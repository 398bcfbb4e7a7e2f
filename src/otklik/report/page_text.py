"""Somebody else's words on a page: as HTML, and as the label of a chart.

A title may hold script, quotes, half an emoji, or characters that turn the direction of writing of all that follows.
On a page it is text and nothing else; in a chart too, although plotly reads a small HTML of its own in its labels.
"""

from __future__ import annotations

import re
from html import escape
from textwrap import wrap

_TURNS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_LINES = "\n\r\t\x0b\x0c\u2028\u2029"
_READ_BY_PLOTLY = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("$", "&#36;"))
"""Entities, tags, and formulas of TeX; the ampersand goes first."""
_SPACES = re.compile(" +")
LONGEST = 200
"""Characters of a title that a page shows; a longer one is cut."""
LONGEST_LABEL = 44
"""Characters of a label in a chart."""


class Html(str):
    """Text that is HTML already: what holds words of others in it has been escaped."""

    __slots__ = ()


def plain(text: str, most: int | None = LONGEST) -> str:
    r"""Words in one line, without control characters and changes of direction, cut where they are too long.

    Args:
        text: as written by anybody.
        most: how many characters are kept; ``None`` keeps all.

    >>> plain("a\x00<b>\u202e\nc"), plain("я" * 9, 4)
    ('a<b> c', 'яяя…')
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")
    kept = (" " if char in _LINES else char for char in whole if char not in _TURNS and not _is_control(char))
    line = _SPACES.sub(" ", "".join(kept)).strip(" ")
    return line if most is None or len(line) <= most else line[: most - 1].rstrip() + "…"


def _is_control(char: str) -> bool:
    return char not in _LINES and (char < " " or "\x7f" <= char < "\xa0")


def shown(text: str, most: int | None = LONGEST) -> Html:
    """Words as HTML; what is :class:`Html` already stays as it is.

    >>> shown("<b>'x'")
    '&lt;b&gt;&#x27;x&#x27;'
    """
    return text if isinstance(text, Html) else Html(escape(plain(text, most)))


def quoted(text: str, most: int | None = LONGEST) -> Html:
    """A title inside a line of ours: its direction of writing ends where it ends.

    >>> quoted("Казань")
    '<bdi>Казань</bdi>'
    """
    return Html(f"<bdi>{shown(text, most)}</bdi>")


def commands(text: str) -> Html:
    """A sentence of ours as HTML, commands between backquotes set as such.

    >>> commands("`otklik experiment` tests <it>.")
    '<code>otklik experiment</code> tests &lt;it&gt;.'
    """
    parts = shown(text, None).split("`")
    return Html("".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts)))


def plot_label(text: str, most: int = LONGEST_LABEL) -> str:
    """Words as a label of a plotly chart, which reads tags and entities in it: all of it shows as written.

    >>> plot_label('<a href="x">Казань</a> & co')
    '&lt;a href="x"&gt;Казань&lt;/a&gt; &amp; co'
    """
    label = plain(text, most)
    for char, told in _READ_BY_PLOTLY:
        label = label.replace(char, told)
    return label


def plot_lines(text: str, width: int = 20, most: int = 3) -> str:
    """A label of a chart in lines, broken between words where it can be.

    >>> plot_lines("публикация в субботу в полдень")
    'публикация в субботу<br>в полдень'
    """
    lines = wrap(plain(text, None), width, max_lines=most, placeholder="…")
    return "<br>".join(plot_label(one, width + 1) for one in lines)
