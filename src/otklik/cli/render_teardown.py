"""A teardown in the terminal: the result first, then ten numbered parts in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otklik.cli import session
from otklik.cli.session import _

if TYPE_CHECKING:
    from rich.console import Console

    from otklik.report.page_table import Table
    from otklik.report.teardown_text import Part
    from otklik.teardown import Teardown


INDENT = "   "


def render(found: Teardown, *, is_example: bool = False) -> None:
    """Print a teardown.

    Args:
        found: what was found.
        is_example: whether it is the documented example, which is then explained.
    """
    from otklik.report.teardown_page import EXAMPLE_NOTE
    from otklik.report.teardown_text import about, headline, parts

    console, lang = session.out(), session.lang
    if found.subject.is_simulated:
        session.tell(console, _("Simulated data."), "bold yellow")
    if is_example:
        _wrapped(console, _(EXAMPLE_NOTE), "dim")
        console.print()
    session.tell(console, session.clean(found.subject.title), "bold")
    session.tell(console, session.clean(about(found.subject, lang, found.zone)), "dim")
    session.tell(console, session.clean(headline(found, lang)), "bold cyan")
    for place, part in enumerate(parts(found, lang), 1):
        _part(console, place, part)


def _part(console: Console, place: int, part: Part) -> None:
    console.print()
    session.tell(console, f"{place}. {part.title}", "bold")
    for sentence in part.sentences:
        _wrapped(console, sentence)
    if part.table is not None:
        _sideways(console, part.table) if part.name == "comparables" else _pairs(console, part.table)
    for sentence in part.missing:
        _wrapped(console, sentence, "" if part.name == "unknown" else "dim")


def _wrapped(console: Console, sentence: str, style: str = "") -> None:
    """A sentence that stays inside the terminal, a little to the right of its heading."""
    import textwrap

    # Rich breaks lines at the space inside a number; textwrap does not.
    for line in textwrap.wrap(session.clean(sentence), max(20, console.width - len(INDENT))):
        session.tell(console, INDENT + line, style)


def _sideways(console: Console, table: Table) -> None:
    from rich.padding import Padding
    from rich.table import Table as Grid
    from rich.text import Text

    _wrapped(console, table.caption, "dim")
    grid = Grid(box=None, pad_edge=False)
    for column, head in enumerate(table.head):
        grid.add_column(head, justify="left" if column in table.words else "right", overflow="fold")
    for row in table.rows:
        grid.add_row(*(Text(session.clean(cell)) for cell in row))
    console.print(Padding(grid, (0, 0, 0, 3)))


def _pairs(console: Console, table: Table) -> None:
    """Rows of sentences one below the other: name and result, then what speaks for and against."""
    for name, result, *cells in table.rows:
        _wrapped(console, f"{name}: {result}", "bold")
        for head, cell in zip(table.head[2:], cells, strict=True):
            if cell != "—":
                _wrapped(console, f"{head}: {cell}")
