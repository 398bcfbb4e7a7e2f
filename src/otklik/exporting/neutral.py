r"""Text that a spreadsheet would take for a formula, made harmless in such a way that it can be told back.

Excel, LibreOffice and Google Sheets evaluate a cell of a CSV file that begins with ``=``, ``+``, ``-`` or ``@``, some
of them after blanks, and one of an XLSX file when it is typed over or saved as CSV. An apostrophe before it makes it
text (OWASP, "CSV Injection"). The apostrophe is the whole change: :func:`original` takes it off again, and no other
text is touched.

What holds nothing but digits, with one minus before them or one underscore among them, is no formula: the ids of VK
(``-1_42``) stay as they are, so that tables can still be joined by them.
"""

from __future__ import annotations

import re

_BEGINS = frozenset("=+-@＝＋－＠")
"""Full width too: a Japanese Excel reads them as their narrow kin."""
_BREAKS = frozenset("\t\r\n")
_BLANK = "".join(map(chr, (*range(0x21), 0x7F, 0x85, 0xA0, 0xAD, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F)))
_BLANK += "\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\u3000\ufeff"
_HARMLESS = re.compile(r"-?\d+(?:_\d+)?", re.ASCII)


def neutral(text: str) -> str:
    r"""The text with an apostrophe before it, where a spreadsheet would obey it.

    >>> neutral("=1+1"), neutral(" @SUM(A1)"), neutral("Казань"), neutral("-1_42"), neutral("'=1")
    ("'=1+1", "' @SUM(A1)", 'Казань', '-1_42', "''=1")
    """
    return "'" + text if _is_obeyed(text.lstrip("'")) else text


def original(cell: str) -> str:
    """The text that :func:`neutral` made a cell of.

    >>> original("'=1+1"), original("'tis"), original("Казань")
    ('=1+1', "'tis", 'Казань')
    """
    return cell[1:] if cell.startswith("'") and _is_obeyed(cell.lstrip("'")) else cell


def writable(text: str) -> str:
    r"""A text that can be written as UTF-8: half an emoji becomes a question mark.

    >>> writable("a\ud83d")
    'a?'
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_obeyed(text: str) -> bool:
    if not text or _HARMLESS.fullmatch(text):
        return False
    return text[0] in _BREAKS or text.lstrip(_BLANK)[:1] in _BEGINS
