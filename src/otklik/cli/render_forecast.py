"""A forecast as a card in the terminal: the multiple first, then counts, reasons and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from otklik.cli import render_reasons, session
from otklik.cli.render_explanation import scores
from otklik.cli.session import _
from otklik.language import count, factor, hours, moment

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from otklik.content.explanation import Explanation
    from otklik.media.look import Look
    from otklik.models.forecast import Forecast, Quantity


def render(forecast: Forecast, zone: str, content: Explanation | None = None, looks: Sequence[Look] = ()) -> None:
    """Print a forecast, what the text of a draft carries, and what its files show."""
    console = session.out()
    _head(console, forecast, zone)
    _numbers(console, forecast)
    if not forecast.contributions:
        # Past the horizon: there is an outcome and nothing to explain.
        session.tell(console, session.clean(_(forecast.notes[0].template, **forecast.notes[0].values)))
        return
    render_reasons.chances(console, forecast)
    render_reasons.reasons(console, forecast)
    render_reasons.precedents(console, forecast, zone)
    if content is not None:
        scores(console, content)
        console.print()
    for look in looks:
        _look(console, look)
    _unknown(console, forecast)
    _foot(console, forecast)


def _head(console: Console, forecast: Forecast, zone: str) -> None:
    lang = session.lang
    session.tell(console, session.clean(forecast.subject), "bold")
    when = moment(forecast.published_at, zone, lang)
    if forecast.seen_views is None:
        text = _(
            "{platform} {kind}, a draft for {when}",
            platform=forecast.platform,
            kind=_(forecast.kind),
            when=when,
        )
    else:
        text = _(
            "{platform} {kind}, out since {when}; {age} old, {views} views at the last look",
            platform=forecast.platform,
            kind=_(forecast.kind),
            when=when,
            age=hours(forecast.prediction_age_h, lang),
            views=session.number(forecast.seen_views),
        )
    session.tell(console, session.clean(text), "dim")
    console.print()


def _numbers(console: Console, forecast: Forecast) -> None:
    from rich.table import Table
    from rich.text import Text

    is_outcome = not forecast.contributions
    grid = Table.grid(padding=(0, 2))
    grid.add_column(justify="right")
    grid.add_column()
    grid.add_column(style="dim")
    grid.add_row(_("of the usual"), _multiple(forecast), _usual(forecast))
    horizon = _("views at {age}", age=hours(forecast.horizon_h, session.lang)) if forecast.horizon_h else _("views")
    naive = "" if is_outcome else _("naive forecast: {value}", value=_count(forecast.naive_views))
    grid.add_row(horizon, _quantity(forecast.views), naive)
    if forecast.reactions is None:
        grid.add_row(_("reactions"), Text("—"), _("the model was not trained for them"))
    else:
        said = forecast.naive_reactions
        naive = "" if said is None else _("naive forecast: {value}", value=_count(said))
        grid.add_row(_("reactions"), _quantity(forecast.reactions), naive)
    console.print(grid)
    if not is_outcome:
        text = _("In the middle what is as likely to be passed as not; the range holds 8 of 10 posts.")
        session.tell(console, text, "dim")
    console.print()


def _multiple(forecast: Forecast) -> Text:
    from rich.text import Text

    if forecast.multiple is None:
        return Text("—")
    middle, low, high = (
        factor(value, session.lang) for value in (forecast.multiple.p50, forecast.multiple.p10, forecast.multiple.p90)
    )
    return Text(middle, style="bold cyan") + Text("" if low == high else f"   {low} – {high}")


def _usual(forecast: Forecast) -> str:
    base = forecast.baseline
    templates = {
        "given": "usual: {value} views, as given, over {n} posts",
        "author": "usual: {value} views, median of the author's last posts of this kind (n = {n})",
        "author_looks": "usual: about {value} views, from {n} looks at the author's posts at other ages",
        "author_other_kind": "usual: {value} views, median of the author's last posts of other kinds (n = {n})",
        "reference": "not the author's own: {n} posts by others, median {value}",
    }
    if base.n_posts is None:
        return _("usual: {value} views, as given", value=_count(base.value))
    return _(templates[base.source], value=_count(base.value), n=base.n_posts)


def _quantity(quantity: Quantity) -> Text:
    from rich.text import Text

    low, high = _count(quantity.p10), _count(quantity.p90)
    return Text(_count(quantity.p50), style="bold") + Text("" if low == high else f"   {low} – {high}")


def _look(console: Console, look: Look) -> None:
    from otklik.cli.render_look import checklist, findings, remarks
    from otklik.report.look_rows import Rows

    rows = Rows(look, session.lang)
    session.tell(console, _("What {name} shows and sounds like", name=session.clean(look.path.name)), "bold")
    session.tell(console, session.clean("  " + " · ".join(rows.head())), "dim")
    findings(console, rows)
    checklist(console, rows)
    remarks(console, rows)


def _unknown(console: Console, forecast: Forecast) -> None:
    from rich.padding import Padding
    from rich.text import Text

    session.tell(console, _("What the model does not know"), "bold")
    for note in forecast.notes:
        told = session.clean(_(note.template, **note.values))
        console.print(Padding(Text("· " + told), (0, 0, 0, 2)))
    console.print()


def _foot(console: Console, forecast: Forecast) -> None:
    calibrated = (
        _("calibrated on {n} matured forecasts", n=forecast.n_calibration)
        if forecast.calibrated
        else _("not calibrated")
    )
    text = _(
        "model {name}, trained on posts until {until}; interval {calibrated}",
        name=forecast.model,
        until=forecast.model_trained_until.date().isoformat(),
        calibrated=calibrated,
    )
    session.tell(console, session.clean(text), "dim")


def _count(value: float) -> str:
    return count(value, session.lang)
