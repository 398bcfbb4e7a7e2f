"""Reports in the terminal: a summary, with what to call for the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otklik.cli import session
from otklik.cli.session import _

if TYPE_CHECKING:
    from rich.console import Console

    from otklik.report.model_page import ModelReport
    from otklik.report.page_table import Table
    from otklik.survey import Survey

MOST_POSTS = 10
MOST_GROUPS = 5
LONGEST = 80
"""Characters of a title."""


def survey(found: Survey) -> None:
    """Print the summary of a corpus or an author."""
    from otklik.report import survey_words as words

    console, lang = session.out(), session.lang
    if found.is_simulated:
        session.tell(console, _("Simulated data."), "bold yellow")
    _line(console, found.subject, "bold")
    _line(console, words.about(found, lang), "dim")
    for note in found.notes:
        _line(console, words.say(note, lang), "yellow")
    if found.is_author:
        _posts(console, found)
    _head(console, _("The typical band by age"))
    for band in found.bands:
        _line(console, "  " + words.band_sentence(found, band, lang))
    _head(console, _("The hour of publication"))
    _line(console, "  " + words.hours_sentence(found.hours, lang))
    if told := words.best_hours(found.hours, lang):
        _line(console, "  " + told)
    _recent(console, found)
    _head(console, _("Sign, emotion, identity"))
    _line(console, "  " + words.formula_sentence(found.formula, lang))
    for one in found.formula.scatters:
        _line(console, "  " + words.scatter_sentence(one, lang))
    if found.formula.scatters:
        _line(console, "  " + _(words.PATTERN), "dim")
    _head(console, _("How well it was seen"))
    _line(console, "  " + words.coverage_sentence(found, lang))
    _line(console, "  " + words.gaps_sentence(found.coverage, lang))
    _line(console, _("--html FILE writes all of it as a page, with charts and every n."), "dim")


def _posts(console: Console, found: Survey) -> None:
    from dataclasses import replace

    from otklik.report.author_page import posts_table

    _head(console, _("The last posts"))
    if found.posts:
        _grid(console, posts_table(replace(found, posts=found.posts[:MOST_POSTS]), session.lang))


def _recent(console: Console, found: Survey) -> None:
    from otklik.language import factor
    from otklik.report import survey_words as words
    from otklik.report.page_text import plain

    lang, one = session.lang, found.recent
    _head(console, _("What has worked lately"))
    _line(console, "  " + words.recent_sentence(one, found.zone, lang))
    for note in one.missing:
        _line(console, "  " + words.say(note, lang), "dim")
    for hit in one.hits[:MOST_GROUPS]:
        _line(console, f"  {factor(hit.multiple, lang)}  {plain(hit.title, LONGEST)}  ({hit.platform}:{hit.post_id})")
    for family in one.families:
        sure = [effect for effect in family.effects if not effect.is_few][:MOST_GROUPS]
        told = "; ".join(
            f"{words.group_name(family.name, effect.name, lang)} {words.effect_words(effect, lang)}" for effect in sure
        )
        _line(console, f"  {_(words.FAMILY_WORDS[family.name])}: {told or _('too few')}")


def model(report: ModelReport) -> None:
    """Print the summary of a card."""
    from otklik.language import number, percent
    from otklik.report import model_page_parts as parts
    from otklik.report.survey_words import worded

    console, lang = session.out(), session.lang
    _line(console, report.name, "bold")
    until = parts.when(report.trained_until, report, lang)
    _line(console, _("trained on posts until {until}", until=until), "dim")
    for entry in report.trained_on:
        text = "{data}: {n} posts of {authors} authors, labelled: {labelled}"
        told = {"n": entry["n_posts"], "authors": number(entry["n_authors"], lang)}
        _line(console, _(text, data=entry["data"], labelled=number(entry["n_labelled"], lang), **told))
    _line(
        console,
        _("what it forecasts") + ": " + ", ".join(worded(parts.TARGETS.get(one, one), lang) for one in report.targets),
    )
    _head(console, _("How good it was, beside the baselines"))
    for row in parts.ours(report, "all"):
        ratio = row["vs_best_baseline"]
        text = (
            "{task}: log-MAE {error}, {ratio} of the best baseline's ({baseline}); inside the 80 % interval {share} "
            "(n = {n})"
        )
        told = {
            "task": parts.task_name(row, lang),
            "error": number(row["log_mae"], lang, 3),
            "baseline": ratio["baseline"],
            "ratio": number(ratio["ratio"], lang, 3),
            "share": percent(row["coverage_80"], lang, 1),
        }
        _line(console, "  " + _(text, n=row["n"], **told))
    _head(console, _("What it must not be used for"))
    for one in report.must_not:
        _line(console, "  · " + worded(one, lang))
    record = report.track_record
    if record is not None:
        text = _("Forecasts remembered: {n}, with an outcome: {matured}.", n=record.n, matured=record.overall.n)
        _line(console, (_("Simulated data.") + " " if report.is_simulated else "") + text)
    _line(console, _("--html FILE writes all of it as a page, with charts and every n."), "dim")


def _head(console: Console, text: str) -> None:
    console.print()
    session.tell(console, text, "bold")


def _line(console: Console, text: str, style: str = "") -> None:
    session.tell(console, session.clean(text), style)


def _grid(console: Console, table: Table) -> None:
    from rich.padding import Padding
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(box=None, pad_edge=False)
    for column, head in enumerate(table.head):
        grid.add_column(head, justify="left" if column in table.words else "right", overflow="fold")
    for row in table.rows:
        grid.add_row(*(Text(session.clean(cell)) for cell in row))
    console.print(Padding(grid, (0, 0, 0, 2)))
