"""A look at a file in the terminal: findings, the hook as a checklist, colours, and what was not looked at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from otklik.cli import session
from otklik.cli.session import _

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from otklik.media.look import Look
    from otklik.report.look_rows import Rows

MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("·", "dim")}
"""There, not there, not told."""
PALETTE = 24
"""Width of the palette in characters."""


def render(look: Look, sheet: Path | None = None) -> None:
    """Print a look."""
    from otklik.report.look_rows import Rows

    console, rows = session.out(), Rows(look, session.lang)
    session.tell(console, session.clean(look.path.name), "bold")
    session.tell(console, session.clean(" · ".join(rows.head())), "dim")
    console.print()
    findings(console, rows)
    checklist(console, rows)
    remarks(console, rows)
    if sheet is not None:
        session.tell(console, _("contact sheet: {path}", path=session.clean(str(sheet))), "dim")
    elif look.strip:
        session.tell(
            console, _("--sheet FILE.png draws a contact sheet: pictures, cuts, signs and loudness in time."), "dim"
        )


def findings(console: Console, rows: Rows) -> None:
    """Print what was found; used by the card of a forecast too."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for row in rows.all():
        grid.add_row("  " + row.label, Text(session.clean(row.value)))
    colours = _palette(rows)
    if colours is not None:
        grid.add_row("  " + _("colours"), colours)
    console.print(grid)
    console.print()


def checklist(console: Console, rows: Rows) -> None:
    """Print the cues of the hook."""
    from rich.text import Text

    cues = rows.cues()
    if not cues:
        return
    session.tell(console, _("The first three seconds: a checklist of the trade, learned from no data"), "bold")
    for is_there, name in cues:
        mark, style = MARKS[is_there]
        console.print(Text(f"  {mark} ", style) + Text(name, "" if is_there is not None else "dim"))
    console.print()


def remarks(console: Console, rows: Rows) -> None:
    """Print what was not looked at."""
    for told in rows.remarks():
        session.tell(console, "· " + session.clean(told), "yellow")


def _palette(rows: Rows) -> Text | None:
    from rich.text import Text

    style = rows.seen.style
    if style is None:
        return None
    shown = Text()
    for colour in style.palette:
        shown.append("█" * max(1, round(colour.share * PALETTE)), colour.hex)
    shown.append("  " + " ".join(colour.hex for colour in style.palette), "dim")
    return shown
