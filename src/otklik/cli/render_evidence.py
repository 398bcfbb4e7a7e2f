"""A trial on the terminal: a line a claim, then a sentence a claim, then what was left out and what it is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from otklik.cli import session
from otklik.cli.session import _
from otklik.evidence.result import FIXED
from otklik.evidence.verdict import CONTRADICTED, INCONCLUSIVE, NOT_MEASURABLE, SUPPORTED
from otklik.report.trial_words import (
    CAVEAT,
    DASH,
    VERDICT_WORDS,
    chance,
    interval,
    of_data,
    reason,
    sentence,
    signed,
    size,
)

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from otklik.evidence import ClaimResult, Trial

HEADS = ("claim and verdict", "effect", "q", "smallest", "posts", "authors", "with both")
COLOURS = {SUPPORTED: "bold green", CONTRADICTED: "bold red", INCONCLUSIVE: "yellow", NOT_MEASURABLE: "dim"}


def render(trial: Trial, *, is_simulated: bool = False) -> None:
    """Print a trial."""
    console = session.out()
    if is_simulated:
        _say(_("Simulated data."), "bold yellow")
    _say(of_data(trial, session.lang), "bold")
    console.print(_table(trial))
    legend = _(
        "effect: difference inside authors in per cent, below it its 95 % interval; q: false discovery rate over all "
        "claims; smallest: what these posts would show four times out of five; with both: authors with posts "
        "of both kinds."
    )
    _say(legend, "dim")
    for one in trial.results:
        why = reason(one, session.lang)
        _say("\n" + sentence(one, session.lang) + (f" {why}" if why else ""))
    _say("")
    for template, n in trial.left_out:
        if n:
            _say(_("Left out, {n} posts: {reason}.", n=n, reason=_(template)), "dim")
    _say(_(CAVEAT), "bold")


def _table(trial: Trial) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, head in enumerate(HEADS):
        justify: Literal["left", "right"] = "right" if number else "left"
        table.add_column(_(head), justify=justify, header_style="dim", min_width=0 if number else 32)
    for one in trial.results:
        table.add_row(*_row(one))
    return table


def _row(one: ClaimResult) -> tuple[str | Text, ...]:
    from rich.text import Text

    lang, found = session.lang, one.rung(FIXED)
    verdict = (_(VERDICT_WORDS[one.verdict]), COLOURS[one.verdict])
    claim = Text.assemble(session.clean(one.claim.said(lang)), "\n", verdict)
    if found is None:
        return claim, *([DASH] * (len(HEADS) - 1))
    counts = (session.number(value) for value in (one.n_posts, one.n_authors, one.n_varying))
    effect = f"{signed(found.effect, lang)}\n{interval(found, lang)}"
    return claim, Text(effect, justify="right"), chance(one.q, lang), size(one.mde, lang), *counts


def _say(text: str, style: str = "") -> None:
    session.tell(session.out(), "\n".join(session.clean(line) for line in text.split("\n")), style)
