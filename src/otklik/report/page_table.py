"""A table on a page: a caption that says what it is, heads that say what they stand over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otklik.report.page_text import Html, shown

SENTENCE = 40
"""Characters from which on the words of a cell are a sentence."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; words of others may stand in them, they are escaped when the table is rendered."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The first cell of a row is its name."""
    words: tuple[int, ...] = (0,)
    """Columns that hold words; the others hold numbers and stand to the right."""


def render_table(table: Table, *, is_quiet: bool = False) -> Html:
    """The table as HTML, in a frame that scrolls by itself where the screen is narrow.

    Args:
        table: what it holds.
        is_quiet: whether the caption is for screen readers only, because a heading above says the same.

    >>> "&lt;i&gt;" in render_table(Table("Ages", ("age", "views"), (("<i>", "5"),)))
    True
    """
    caption = f"<caption{' class=quiet' if is_quiet else ''}>{shown(table.caption, None)}</caption>"
    head = "".join(_head(table, at, one) for at, one in enumerate(table.head))
    is_told = _is_told(table)
    look = "wide told" if is_told else "wide"
    rows = "".join(f"<tr>{_cells(table, row, is_told=is_told)}</tr>" for row in table.rows)
    return Html(
        f'<div class="{look}" tabindex="0" role="group" aria-label="{shown(table.caption, None)}">'
        f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _head(table: Table, column: int, name: str) -> str:
    """The head of a column; one without a name is no head, for those who have it read to them."""
    return f'<th scope="col"{_side(table, column)}>{shown(name)}</th>' if name else "<td></td>"


def _cells(table: Table, row: Sequence[str], *, is_told: bool) -> str:
    name, *rest = row
    cells = "".join(
        f"<td{_side(table, at)}{_named(table, at) if is_told else ''}>{shown(one)}</td>"
        for at, one in enumerate(rest, 1)
    )
    return f'<th scope="row"{_side(table, 0)}>{shown(name)}</th>{cells}'


def _named(table: Table, column: int) -> str:
    """On a phone a table of sentences stands cell below cell: each then says what it is."""
    return f' data-head="{shown(table.head[column], None)}"' if column < len(table.head) else ""


def _is_told(table: Table) -> bool:
    """Whether there are sentences in it, beside the names of the rows."""
    return any(len(row[at]) > SENTENCE for row in table.rows for at in table.words if 0 < at < len(row))


def _side(table: Table, column: int) -> str:
    return "" if column in table.words else ' class="num"'


def facts(pairs: Sequence[tuple[str, str]]) -> Html:
    """Names and values as a list of definitions."""
    rows = "".join(f"<div><dt>{shown(name, None)}</dt><dd>{shown(value, None)}</dd></div>" for name, value in pairs)
    return Html(f'<dl class="facts">{rows}</dl>')
