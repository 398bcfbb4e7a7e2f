"""An evaluation as readable tables: every model beside the baselines, then ours in each stratum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from otklik.cli import session
from otklik.cli.session import _
from otklik.language import percent

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from otklik.ablation import Ablation
    from otklik.evaluate import Evaluation

OURS = "otklik"


def render(found: Evaluation) -> None:
    """Print an evaluation: attrition, the main tables, our figures by stratum."""
    console = session.out()
    title = _("{data}: forecasts of {target}", data=found.data, target=found.target)
    session.tell(console, session.clean(title), "bold")
    console.print(attrition_table(found.attrition))
    for table in main_table(found.rows):
        console.print()
        console.print(table)
    console.print()
    console.print(_strata(found.rows))
    legend = _(
        "log-MAE: mean error of log(1 + count), in brackets its 95 % interval over authors; ×: ratio to the best "
        "baseline, below 1 is better; pairs: share of an author's pairs of posts ordered right; 80 %: share of "
        "outcomes inside the interval; width: its upper end over its lower."
    )
    session.tell(console, legend, "dim")


def attrition_table(attrition: pd.DataFrame) -> Table:
    """How many posts each rule left."""
    table = _table(_("posts left"), (_("rule"), _("posts"), _("authors"), _("removed")))
    for row in attrition.to_dict("records"):
        numbers = (row["n_posts"], row["n_authors"], row["removed"])
        table.add_row(_(row["rule"]), *(session.number(value) for value in numbers))
    return table


def main_table(rows: Sequence[dict[str, Any]]) -> Iterator[Table]:
    """One table a task and age over all posts, every model in it."""
    everything = [row for row in rows if row["stratum"] == "all"]
    for (task, age), group in groupby(everything, key=lambda row: (row["task"], row["prediction_age_h"])):
        part = list(group)
        title = _("drafts (age 0)") if task == "draft" else _("live posts, last look at or before {age} h", age=age)
        posts = _("{n} posts of {authors} authors", n=part[0]["n"], authors=part[0]["n_authors"])
        names = ("model", "log-MAE", "×", "within ×2", "Spearman", "pairs", "80 %", "width")
        table = _table(f"{title}: {posts}", tuple(_(name) for name in names))
        for row in part:
            table.add_row(session.clean(row["model"]), *_figures(row), style="bold" if row["model"] == OURS else "")
        yield table


def _strata(rows: Sequence[dict[str, Any]]) -> Table:
    """Our own figures by stratum."""
    names = ("task", "stratum", "n", "log-MAE", "×", "within ×2", "Spearman", "pairs", "80 %", "width")
    table = _table(_("otklik by stratum"), tuple(_(name) for name in names), n_left=2)
    for row in rows:
        if row["model"] == OURS and row["stratum"] != "all":
            task = _("draft") if row["task"] == "draft" else f"≤ {row['prediction_age_h']} {_('h')}"
            table.add_row(task, session.clean(row["stratum"]), session.number(row["n"]), *_figures(row, brackets=False))
    return table


def _figures(row: dict[str, Any], *, brackets: bool = True) -> tuple[str, ...]:
    ratio = row["vs_best_baseline"]
    error, against = _number(row["log_mae"], 3), _number(ratio["ratio"], 3)
    if brackets:
        error += f" [{_number(row['log_mae_lo'], 2)}–{_number(row['log_mae_hi'], 2)}]"
        against += f" [{_number(ratio['lo'], 2)}–{_number(ratio['hi'], 2)}]"
    return (
        error,
        against,
        _share(row["within_x2"]),
        _number(row["spearman"], 2),
        _share(row["pair_accuracy"]),
        _share(row["coverage_80"]),
        _width(row["width_80"]),
    )


def _number(value: float | None, digits: int) -> str:
    return "—" if value is None or value != value else session.number(value, digits)


def _share(value: float | None) -> str:
    return "—" if value is None or value != value else percent(value, session.lang)


def _width(value: float | None) -> str:
    import math

    from otklik.language import factor

    return "—" if value is None or value != value else factor(math.exp(min(value, 50)), session.lang)


def _table(title: str, names: tuple[str, ...], n_left: int = 1) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, name in enumerate(names):
        table.add_column(name, justify="left" if number < n_left else "right", no_wrap=number > 0, header_style="dim")
    return table


def render_ablation(ablation: Ablation) -> None:
    """Print what each group of text features adds."""
    console = session.out()
    titles = {
        "views": _("what the text adds to ordering an author's posts by reach"),
        "shares_per_view": _("and by sharing: reposts a view"),
    }
    for outcome, title in titles.items():
        rows = [row for row in ablation.rows if row["outcome"] == outcome]
        if not rows:
            continue
        names = ("features", "pairs", "difference", "95 %", "against", "log-MAE")
        table = _table(title, tuple(_(name) for name in names))
        for row in rows:
            interval = f"[{_number(row['difference_lo'], 3)}; {_number(row['difference_hi'], 3)}]"
            figures = (_number(row["pair_accuracy"], 3), _number(row["difference"], 3), interval)
            table.add_row(session.clean(row["variant"]), *figures, _(row["against"]), _number(row["log_mae"], 3))
        console.print(table)
        text = _(
            "{posts} posts with a text by {authors} authors, {pairs} pairs at least 25 % apart",
            posts=rows[0]["n"],
            authors=rows[0]["n_authors"],
            pairs=rows[0]["n_pairs"],
        )
        session.tell(console, text, "dim")
        console.print()
    text = _(
        "basic: author, calendar, the plain form of the text; +group: with that group; all: with all; "
        "-group: all but that group; intervals over authors; "
        "a difference whose interval holds 0 is not shown to add anything"
    )
    session.tell(console, text, "dim")
