"""The reasons of a forecast in the terminal: groups with their features, precedents, and chances."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from otklik.cli import session
from otklik.cli.session import _
from otklik.language import count, factor, moment, number, percent

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from otklik.models.forecast import Contribution, FeatureEffect, Forecast

BAR = 12
"""Width of a bar in characters, for a factor of two."""
LEAST_FACTOR = 0.005
"""Groups that contribute below half a per cent are summed up in one line."""
LEAST_FEATURE = 0.01
"""Features that contribute less than one per cent are told only together."""
MOST_FEATURES = 3
"""Features told in a group."""
OTHER_COLUMNS = 68
"""Characters that the table of precedents takes beside the title."""
LEAST_TITLE, NARROW_DATE = 16, 13
"""Characters that a title gets at least, and that an instant is broken at where there is no room."""
NO_FEATURES = ("topic", "calibration")
"""Groups that are one sum and have no features to tell."""


def reasons(console: Console, forecast: Forecast) -> None:
    """What moves the forecast: each group, under it its strongest features beside the author's usual post."""
    from rich.table import Table

    from otklik.models.plain_words import group_words

    shown = [one for one in forecast.contributions if abs(one.log_effect) >= LEAST_FACTOR]
    rest = sum(one.log_effect for one in forecast.contributions if one not in shown)
    start = count(max(0.0, math.expm1(forecast.start_log)), session.lang)
    session.tell(console, _("What moves the forecast from {start} views", start=start), "bold")
    grid = Table.grid(padding=(0, 2))
    grid.add_column()
    grid.add_column(justify="right")
    grid.add_column()
    for one in shown:
        _row(grid, group_words(one.group, session.lang), one.log_effect)
        _features(grid, forecast, one)
    if abs(rest) >= LEAST_FACTOR or not shown:
        _row(grid, _("all else"), rest, has_bar=False)
    console.print(grid)
    text = _("These describe the model, not causes.")
    if any(one.usual is not None for one in forecast.features):
        text += " " + _("“Usually” is the middle of the author's last posts of this kind at the same age.")
    session.tell(console, text, "dim")
    console.print()


def _row(grid: Table, name: str, log_effect: float, *, has_bar: bool = True) -> None:
    from rich.text import Text

    style = "green" if log_effect > 0 else "red"
    moved = Text(factor(math.exp(log_effect), session.lang))
    grid.add_row(Text("  " + name), moved, Text(bar(log_effect) if has_bar else "", style))


def _features(grid: Table, forecast: Forecast, group: Contribution) -> None:
    """The strongest features of a group, and the sum of the others, dimmer and without bars."""
    from rich.text import Text

    from otklik.models.plain_words import effect_words

    told, rest = strongest(forecast.features, group.group)
    for one in told:
        words = Text("    " + session.clean(effect_words(one, session.lang)), "dim")
        grid.add_row(words, Text(factor(math.exp(one.log_effect), session.lang), "dim"), "")
    if told and abs(rest) >= LEAST_FEATURE:
        grid.add_row(Text("    " + _("all else in it"), "dim"), Text(factor(math.exp(rest), session.lang), "dim"), "")


def strongest(features: tuple[FeatureEffect, ...], group: str) -> tuple[list[FeatureEffect], float]:
    """The features of a group worth telling, largest first, and what its other features add together."""
    if group in NO_FEATURES:
        return [], 0.0
    mine = [one for one in features if one.name.split("__")[0] == group]
    told = [one for one in mine if abs(one.log_effect) >= LEAST_FEATURE][:MOST_FEATURES]
    return told, sum(one.log_effect for one in mine if one not in told)


def bar(log_effect: float) -> str:
    """A bar for a factor: full width for doubling or halving.

    >>> bar(0.693), bar(-0.3466)
    ('▶▶▶▶▶▶▶▶▶▶▶▶', '◀◀◀◀◀◀')
    """
    length = max(1, min(BAR, round(abs(log_effect) / math.log(2) * BAR)))
    return ("▶" if log_effect > 0 else "◀") * length


def precedents(console: Console, forecast: Forecast, zone: str = "UTC") -> None:
    """The author's earlier posts most like this one, with what became of them; nothing where there are none.

    Args:
        console: where to print.
        forecast: the forecast.
        zone: IANA name of the zone that instants are told in.
    """
    if not forecast.precedents:
        return
    from rich.table import Table
    from rich.text import Text

    lang = session.lang
    session.tell(console, _("The author's earlier posts most like this one"), "bold")
    room = console.width - OTHER_COLUMNS
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column(Text("  " + _("post")), overflow="ellipsis", no_wrap=True, max_width=max(room, LEAST_TITLE))
    table.add_column(_("out"), max_width=None if room >= LEAST_TITLE else NARROW_DATE)
    for head in (_("views"), _("of the usual"), _("likeness")):
        table.add_column(head, justify="right", no_wrap=True)
    for one in forecast.precedents:
        title = session.clean(one.title).strip() or _("without a title")
        table.add_row(
            Text("  " + title),
            moment(one.published_at, zone, lang),
            number(one.views, lang),
            "—" if one.multiple is None else factor(one.multiple, lang),
            number(one.likeness, lang, 2),
        )
    console.print(table)
    session.tell(
        console,
        _(
            "Likeness, 0 to 1, is in words, topic, signs and form, not in counters. "
            "The multiple is of what was usual for the author then."
        ),
        "dim",
    )
    console.print()


def chances(console: Console, forecast: Forecast) -> None:
    """The chance of more than usual and of a hit, and against which numbers; nothing where neither is known."""
    found = forecast.chances
    if found is None or (found.beats_usual is None and found.hit is None):
        return
    if found.beats_usual is not None:
        usual = count(forecast.baseline.value, session.lang)
        text = _("Chance of more than the usual {usual} views: {chance}", usual=usual, chance=chance(found.beats_usual))
        session.tell(console, text)
    if found.hit is not None and found.hit_views is not None:
        views = count(found.hit_views, session.lang)
        text = _(
            "Chance of a hit, {views} views or more: {chance}; nine of ten of the author's last posts stay below that",
            views=views,
            chance=chance(found.hit),
        )
        session.tell(console, text)
    if found.hit is None:
        session.tell(console, _("The chance of a hit is not told: too few posts of the author are known."), "dim")
    console.print()


def chance(value: float) -> str:
    """A probability without false precision: the outermost ones are told as below 1 % or above 99 %.

    >>> chance(0.62), chance(0.001), chance(0.999)
    ('62%', 'below 1%', 'above 99%')
    """
    if value < 0.01:
        return _("below {chance}", chance=percent(0.01, session.lang))
    if value > 0.99:
        return _("above {chance}", chance=percent(0.99, session.lang))
    return percent(value, session.lang)
