"""Advice in the terminal: variants, hours and ranked drafts, each with what its lead is worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from otklik.cli import session
from otklik.cli.session import _
from otklik.language import count, factor, hours, moment, percent

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console
    from rich.table import Table

    from otklik.advising import Comparison, Hours, Tried, Versus, WhatIf
    from otklik.models.forecast import Forecast, Note

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LITTLE = 0.05
"""By so much no two forecasts could be told apart under any law of pairs that was seen (slopes up to 4)."""
MOST_CHANCES = 8
"""A table of all pairs of more drafts than this is not read by anybody."""
LEADS = {
    "higher": "{chance}: likely more",
    "lower": "{chance}: likely less",
    "tie": "{chance}: no difference the model can tell",
    "same": "the same forecast",
    "not calibrated": "not calibrated",
    "not comparable": "counted by another rule",
}
"""What a lead is worth, by verdict."""
FIELDS = {
    "publish_at": "published: {text}",
    "title": "title: {text}",
    "text": "text: {text}",
    "tags": "tags: {text}",
    "duration_s": "length: {text} s",
    "kind": "kind: {kind}",
    "video": "video: {text}",
    "cover": "cover: {text}",
    "synthetic_media": "marked as made with AI: {text}",
}
"""Plain words for what a variant changes."""


def render_what_if(found: WhatIf, zone: str) -> None:
    """Print a draft, its variants and the hours."""
    console = session.out()
    _head(console, found.draft, zone)
    if found.variants:
        _legend(console, found, zone)
        grid = _table(found.draft)
        grid.add_column(_("against A"))
        grid.add_column(_("P(more than A)"))
        grid.add_row("A", *_numbers(found.draft), "", "")
        for letter, one in zip(_letters(len(found.variants) + 1)[1:], found.variants, strict=True):
            grid.add_row(letter, *_numbers(one.forecast), _ratio(one.against), _lead(one.against))
        console.print(grid)
        _spread(console, [one.against for one in found.variants])
        console.print()
    if found.hours is not None:
        _hours(console, found.hours)
    _notes(console, found.notes)
    _foot(console, found.draft)


def render_comparison(found: Comparison) -> None:
    """Print ranked drafts, and the chances of all pairs where there are more than two."""
    console = session.out()
    letters = _letters(len(found.ranked))
    best = found.ranked[0].forecast
    session.tell(console, _("{n} drafts, the highest forecast first", n=len(letters)), "bold")
    for letter, one in zip(letters, found.ranked, strict=True):
        name = one.name if one.changes else f"{one.name}: {one.forecast.subject}"
        session.tell(console, session.clean(f"  {letter}  {name}"))
    console.print()
    grid = _table(best)
    grid.add_column(_("place"), justify="right")
    grid.add_column(_("against A"))
    grid.add_column(_("P(more than A)"))
    for letter, one in zip(letters, found.ranked, strict=True):
        place = f"{one.place} =" if one.is_tied else str(one.place)
        lead = (_ratio(one.against_best), _lead(one.against_best)) if one is not found.ranked[0] else ("", "")
        grid.add_row(letter, *_numbers(one.forecast), place, *lead)
    console.print(grid)
    _spread(console, [one.against_best for one in found.ranked[1:]])
    console.print()
    if found.pairs is not None and 2 < len(letters) <= MOST_CHANCES:
        _chances(console, letters, found.chances)
    _notes(console, found.notes)
    _foot(console, best)


def _head(console: Console, draft: Forecast, zone: str) -> None:
    session.tell(console, session.clean(draft.subject), "bold")
    when = moment(draft.published_at, zone, session.lang)
    text = _("{platform} {kind}, a draft for {when}", platform=draft.platform, kind=_(draft.kind), when=when)
    session.tell(console, session.clean(text), "dim")
    console.print()


def _legend(console: Console, found: WhatIf, zone: str) -> None:
    session.tell(console, "  A  " + _("as it is"))
    for letter, one in zip(_letters(len(found.variants) + 1)[1:], found.variants, strict=True):
        session.tell(console, session.clean(f"  {letter}  {_changes(one, zone)}"))
    console.print()


def _changes(one: Tried, zone: str) -> str:
    when = moment(one.forecast.published_at, zone, session.lang)
    told = ((change.field, when if change.field == "publish_at" else change.value or "—") for change in one.changes)
    return "; ".join(_(FIELDS[field], text=value, kind=value) for field, value in told)


def _letters(n: int) -> list[str]:
    """Letters for drafts, then numbers.

    >>> _letters(2), _letters(27)[-1]
    (['A', 'B'], '27')
    """
    return [LETTERS[i] if i < len(LETTERS) else str(i + 1) for i in range(n)]


def _table(forecast: Forecast) -> Table:
    from rich import box
    from rich.table import Table

    grid = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False, header_style="dim")
    grid.add_column("")
    horizon = forecast.horizon_h
    grid.add_column(_("views at {age}", age=hours(horizon, session.lang)) if horizon else _("views"), justify="right")
    grid.add_column(_("8 of 10 posts") if forecast.calibrated else _("not calibrated"))
    grid.add_column(_("of the usual"), justify="right")
    return grid


def _numbers(forecast: Forecast) -> tuple[str, str, str]:
    views, lang = forecast.views, session.lang
    multiple = "—" if forecast.multiple is None else factor(forecast.multiple.p50, lang)
    return count(views.p50, lang), f"{count(views.p10, lang)} – {count(views.p90, lang)}", multiple


def _ratio(lead: Versus) -> str:
    """How much more is forecast, and between what the outcomes of two such posts lie."""
    told = factor(lead.ratio, session.lang)
    if lead.interval is None:
        return told
    return f"{told}  ({factor(lead.interval.p10, session.lang)} – {factor(lead.interval.p90, session.lang)})"


def _lead(lead: Versus) -> str:
    chance = "" if lead.chance is None else percent(lead.chance, session.lang)
    return _(LEADS[lead.verdict], chance=chance)


def _spread(console: Console, leads: Sequence[Versus]) -> None:
    if any(lead.interval is not None for lead in leads):
        text = _("In brackets how far apart two different posts with such forecasts end up, in 8 of 10 cases.")
        session.tell(console, text, "dim")


def _hours(console: Console, week: Hours) -> None:
    from rich.table import Table

    lang = session.lang
    title = _("Hours of a week ({zone}): forecast in % against the median hour, {views} views", zone=week.zone,
              views=count(week.middle, lang))  # fmt: skip
    session.tell(console, title, "bold")
    cells = {(cell.hour, cell.day): cell for cell in week.cells}
    days = {cell.day: cell.at for cell in week.cells}
    marked = {cell.at for cell in week.best if cell.views > week.middle}
    grid = Table.grid(padding=(0, 2))
    grid.add_row("", *(_day(days[day], week.zone) for day in sorted(days)))
    for hour in range(24):
        row = [cells.get((hour, day)) for day in sorted(days)]
        told = ("" if one is None else _share(one.views, week.middle, one.at in marked) for one in row)
        grid.add_row(f"{hour:02}:00", *told)
    console.print(grid)
    for line in _verdict(week):
        session.tell(console, line)
    console.print()


def _verdict(week: Hours) -> list[str]:
    lang = session.lang
    if week.is_free or week.most < LITTLE:
        above = math.ceil(round(week.most * 100, 6)) / 100 or 0.01
        return [_("The hours differ by less than {share}: choose freely.", share=percent(above + 1e-9, lang))]
    best = ", ".join(f"{_day(cell.at, week.zone)} {cell.hour:02}:00" for cell in week.best)
    lines = [
        _("The best hours (*): {hours}.", hours=best),
        _("From the worst hour to the best the forecast grows by {share}.", share=percent(week.most, lang)),
    ]
    if week.n_as_good is not None:
        text = "Between the best hour and {n} of the {total} hours there is no difference the model can tell."
        lines.append(_(text, n=week.n_as_good, total=len(week.cells)))
    return lines


def _day(at: datetime, zone: str) -> str:
    from zoneinfo import ZoneInfo

    from babel.dates import format_datetime

    return str(format_datetime(at.astimezone(ZoneInfo(zone)), "EEE d", locale=session.lang))


def _share(views: float, middle: float, is_marked: bool) -> str:
    """How far an hour lies from the median one.

    >>> _share(110, 100, True), _share(95, 100, False), _share(100.2, 100, False)
    ('+10*', '−5', '0')
    """
    per_cent = round(((views + 1) / (middle + 1) - 1) * 100)
    sign = "+" if per_cent > 0 else "−" if per_cent < 0 else ""
    return f"{sign}{abs(per_cent)}{'*' if is_marked else ''}"


def _chances(console: Console, letters: Sequence[str], chances: Sequence[Sequence[float | None]]) -> None:
    from rich.table import Table

    session.tell(console, _("Chance that the row reaches more than the column"), "bold")
    grid = Table.grid(padding=(0, 2))
    grid.add_row("", *letters)
    for i, (letter, row) in enumerate(zip(letters, chances, strict=True)):
        told = ("" if j == i else "—" if one is None else percent(one, session.lang) for j, one in enumerate(row))
        grid.add_row(f"  {letter}", *told)
    console.print(grid)
    console.print()


def _notes(console: Console, notes: Sequence[Note]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    session.tell(console, _("How far to trust this"), "bold")
    for note in notes:
        console.print(Padding(Text("· " + session.clean(_(note.template, **note.values))), (0, 0, 0, 2)))
    console.print()


def _foot(console: Console, forecast: Forecast) -> None:
    until = forecast.model_trained_until.date().isoformat()
    text = _("model {name}, trained on posts until {until}", name=forecast.model, until=until)
    session.tell(console, session.clean(text), "dim")
