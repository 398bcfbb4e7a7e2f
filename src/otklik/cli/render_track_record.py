"""The track record on the terminal: how good forecasts were, by group, and the worst of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otklik.cli import session
from otklik.cli.session import _
from otklik.language import count, factor, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from otklik.memory.drift import Drift
    from otklik.memory.figures import Bin, Figures, Miss, TrackRecord

HEADS = ("", "forecasts", "posts", "50 %", "80 %", "90 %", "pairs", "bias", "log-MAE", "naive")
GROUPS = {"model": "by model", "month": "by month", "task": "by task"}
CHANCES = ("chance told", "forecasts", "posts", "mean told", "happened")
MISSED = ("forecast", "title", "task", "said (80 %)", "happened", "factor")
NAMES = {"all": "all", "reactions": "reactions"}
STATES = {
    "too young": "not yet at the horizon: {n}",
    "no look near the horizon": "no look near the horizon, so no outcome: {n}",
    "no post is known for the draft": "drafts whose post is not known: {n}",
    "the post is not in the store": "the post is not in the store any more: {n}",
}
VERDICTS = {
    "calibrated": "calibrated",
    "too narrow": "too narrow: trust them less, and train anew",
    "too wide": "too wide",
}
MOST_SHOWN = 10
"""So many drafts without a post are listed; --json has them all."""
LONGEST = 34
"""Characters of a title in the table of misses."""


def render(found: TrackRecord, is_simulated: bool) -> None:
    """Counts, figures, reliability, misses, and drafts that wait for their post."""
    if is_simulated:
        _say(_("Simulated data."), "bold yellow")
    if not found.n:
        _say(_("No forecast is remembered yet: `otklik score` and `otklik forecast` do it where there is a store."))
        return
    _head(found)
    if found.overall.log_mae is None:
        text = "Posts with an outcome: {n}. That is too few to tell how good the forecasts are; {few} are needed."
        _say(_(text, n=found.overall.n_posts, few=_few()))
    else:
        _figures(found)
        _reliability(found.reliability)
    _misses(found.misses)
    _unlinked(found.unlinked)


def drift(found: Drift) -> None:
    """One line on the intervals of the last weeks."""
    if found.coverage is None or found.low is None or found.high is None:
        text = "80 % intervals of the last {weeks} weeks: too few matured forecasts (posts: {n}, needed: {few})."
        _say(_(text, weeks=found.weeks, n=found.n, few=_few()))
        return
    text = (
        "80 % intervals of the last {weeks} weeks: {verdict} "
        "({share} inside, 95 % interval {low} – {high}; posts: {n})."
    )
    shares = {"share": found.coverage, "low": found.low, "high": found.high}
    told = {name: percent(value, session.lang) for name, value in shares.items()}
    style = "" if found.verdict == "calibrated" else "yellow"
    _say(_(text, weeks=found.weeks, n=found.n, verdict=_(VERDICTS[found.verdict]), **told), style)


def _few() -> int:
    from otklik.memory.figures import FEW

    return FEW


def _head(found: TrackRecord) -> None:
    matured = found.states["matured"]
    _say(_("Forecasts remembered: {n}, with an outcome: {matured}.", n=found.n, matured=matured), "bold")
    for state, text in STATES.items():
        if found.states[state]:
            _say("  " + _(text, n=found.states[state]), "dim")
    if found.ways:
        title, hand = found.ways.get("title", 0), found.ways.get("hand", 0)
        _say("  " + _("drafts linked to their posts by title: {title}, by hand: {hand}", title=title, hand=hand), "dim")
    session.out().print()


def _figures(found: TrackRecord) -> None:
    table = _table(HEADS)
    _row(table, found.overall, _(NAMES["all"]))
    if found.reactions.n:
        _row(table, found.reactions, _(NAMES["reactions"]))
    for name, group in (("model", found.by_model), ("month", found.by_month), ("task", found.by_task)):
        table.add_row(_(GROUPS[name]), style="bold")
        for one in group:
            _row(table, one, "  " + session.clean(_task(one.name) if name == "task" else one.name))
    session.out().print(table)
    text = (
        "50, 80, 90 %: share of outcomes inside these intervals; pairs: share of pairs of posts of one author put in "
        "the right order; bias: typical outcome over forecast; log-MAE: mean error of log(1 + count), and the naive "
        "forecast's on the same posts; —: fewer than {few} posts or pairs, too few to tell."
    )
    _say(_(text, few=_few()), "dim")
    session.out().print()


def _task(name: str) -> str:
    """A task in the language of the session: ``live 1-3 h`` keeps its numbers."""
    first, _space, rest = name.partition(" ")
    if not rest:
        return _(first)
    ages = rest.removesuffix(" h").replace("-", "–")
    if ages.endswith("and more"):
        return _("live, {ages} h and more", ages=ages.split()[0])
    return _("live, {ages} h", ages=ages)


def _row(table: Table, one: Figures, name: str) -> None:
    shares = (one.coverage_50, one.coverage_80, one.coverage_90, one.pair_accuracy)
    errors = (one.log_mae, one.naive_log_mae)
    table.add_row(
        name,
        session.number(one.n),
        session.number(one.n_posts),
        *("—" if share is None else percent(share, session.lang) for share in shares),
        "—" if one.bias is None else factor(one.bias, session.lang),
        *("—" if error is None else session.number(error, 3) for error in errors),
    )


def _reliability(bins: Sequence[Bin]) -> None:
    if not any(one.n for one in bins):
        return
    _say(_("When a chance to beat the usual was told"), "bold")
    table = _table(CHANCES)
    for one in bins:
        ends = f"{percent(one.low, session.lang)} – {percent(one.high, session.lang)}"
        shares = ("—" if share is None else percent(share, session.lang) for share in (one.said, one.happened))
        table.add_row(ends, session.number(one.n), session.number(one.n_posts), *shares)
    session.out().print(table)
    session.out().print()


def _misses(misses: Sequence[Miss]) -> None:
    from rich.text import Text

    if not misses:
        return
    _say(_("Worst misses first"), "bold")
    table = _table(MISSED)
    for one in misses:
        said = f"{_count(one.p50)} ({_count(one.p10)} – {_count(one.p90)})"
        title = session.clean(one.title or one.post)
        title = title if len(title) <= LONGEST else title[: LONGEST - 1] + "…"
        off = factor(one.factor, session.lang)
        table.add_row(f"{one.forecast}", Text(title), _task(one.task), said, _count(one.views), off)
    session.out().print(table)
    session.out().print()


def _unlinked(drafts: Sequence[tuple[int, str | None]]) -> None:
    if not drafts:
        return
    _say(_("Drafts whose post is not known; `otklik track-record link FORECAST PLATFORM:POST_ID` tells it:"), "yellow")
    for number, title in drafts[:MOST_SHOWN]:
        _say(session.clean(f"  {number}  {title or '—'}"))
    if len(drafts) > MOST_SHOWN:
        _say("  " + _("and more: {n}", n=len(drafts) - MOST_SHOWN))


def _table(heads: Sequence[str]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in heads:
        is_text = not table.columns or name == "title"
        table.add_column(_(name) if name else "", justify="left" if is_text else "right")
    return table


def _count(value: float) -> str:
    return count(value, session.lang)


def _say(text: str, style: str = "") -> None:
    session.tell(session.out(), text, style)
