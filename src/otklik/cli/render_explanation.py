"""A text in the terminal with what was found in it in colour, the scores and the words that made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otklik.cli import session
from otklik.cli.session import _

if TYPE_CHECKING:
    from rich.console import Console

    from otklik.content.explanation import Explanation

STYLES = {
    "place": "black on green3",
    "foreign": "black on grey70",
    "sign": "black on orange1",
    "style": "black on medium_purple1",
    "emotion": "black on light_coral",
    "identity": "black on sky_blue1",
    "person": "black on plum2",
}
BAR = 20
"""Width of a score's bar in characters, for 100."""


def render(explanation: Explanation) -> None:
    """Print an explanation."""
    console = session.out()
    _text(console, explanation)
    if explanation.why_not is not None:
        session.tell(console, _(explanation.why_not), "yellow")
        return
    _facts(console, explanation)
    scores(console, explanation)


def _text(console: Console, explanation: Explanation) -> None:
    from rich.text import Text

    from otklik.content.explanation import layers
    from otklik.report.explained_text import GROUP_NAMES

    reading = explanation.reading
    shown = Text()
    for start, end, spans in layers(reading.spans, len(reading.text)):
        style = STYLES[spans[0].group] + (" strike" if spans[0].weight < 0 else "") if spans else ""
        for number, line in enumerate(reading.text[start:end].split("\n")):
            shown.append("\n" if number else "")
            shown.append(session.clean(line), style)
    console.print(shown)
    if reading.is_cut:
        session.tell(console, _("only the beginning of the text was read"), "dim")
    legend = Text()
    for group, name in GROUP_NAMES.items():
        if any(span.group == group for span in reading.spans):
            legend.append(f" {_(name)} ", STYLES[group])
            legend.append(" ")
    console.print(legend)
    console.print()


def _facts(console: Console, explanation: Explanation) -> None:
    from rich.table import Table
    from rich.text import Text

    from otklik.content.lexicon import lexicon

    one, titles = explanation.reading, lexicon().classes

    def title(group: str, name: str) -> str:
        return str(titles[f"{group}/{name}"]["title"].get(session.lang, name))

    regions = [lexicon().regions[code]["short"].get(session.lang, code) + f" ({code})" for code in one.regions]
    places = list(dict.fromkeys(span.label for span in one.of("place")))
    rows = (
        (_("language"), one.language),
        (_("regions"), ", ".join(regions)),
        (_("places"), ", ".join(places)),
        (_("place abroad"), ", ".join(dict.fromkeys(span.text for span in one.of("foreign")))),
        (_("signs"), ", ".join(title("sign", name) for name in one.signs)),
        (_("style"), ", ".join(title("style", name) for name in one.styles)),
        (_("emotions"), ", ".join(title("emotion", name) for name in one.emotions)),
        (_("identity"), ", ".join(dict.fromkeys(title("identity", span.name) for span in one.of("identity")))),
        (_("people"), ", ".join(one.people)),
    )
    grid = Table.grid(padding=(0, 2))
    for name, value in rows:
        grid.add_row(name, Text(session.clean(value or "—")))
    if one.has_irony:
        grid.add_row("", Text(_("irony: praise is read as anger"), "yellow"))
    console.print(grid)
    console.print()


def scores(console: Console, explanation: Explanation) -> None:
    """Print the formula scores with the words that made them; used by the card of a forecast too."""
    from rich.table import Table
    from rich.text import Text

    known = explanation.formula
    if known.formula is None:
        return
    session.tell(console, _("What the text carries"), "bold")
    grid = Table.grid(padding=(0, 2))
    for name, score in (
        ("sign", known.sign),
        ("emotion", known.emotion),
        ("identity", known.identity),
        ("formula", known.formula),
    ):
        words = ", ".join(f"{part.text} {session.number(part.weight, 2)}" for part in known.parts.get(name, ())[:5])
        bar = "█" * round((score or 0.0) / 100 * BAR)
        words = words or (_("the three together") if name == "formula" else "—")
        grid.add_row("  " + _(name), session.number(score or 0.0), Text(bar, "cyan"), Text(session.clean(words), "dim"))
    console.print(grid)
    told = _(
        "Scores are percentiles among {n} texts ({reference}): they describe the content and forecast nothing.",
        n=known.n_reference,
        reference=_(known.reference),
    )
    session.tell(console, told, "dim")
