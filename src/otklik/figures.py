"""Figures for notebooks: what the pages draw, as figures of plotly that can be extended.

:func:`begin` comes first in a notebook: from then on every figure of plotly in it, ours or your own, needs no network
in JupyterLab, in VS Code and in the page that nbconvert writes, and says so where its data are simulated.

>>> import otklik
>>> author = otklik.DraftAuthor(median_views=4000, n_posts=20)
>>> at = otklik.utc("2026-12-04T19:00:00+03:00")
>>> drawn = fan(otklik.score(otklik.Draft(title="Мечеть Кул-Шариф в неоне", publish_at=at, author=author)))
>>> drawn.layout.yaxis.type is None, len(drawn.data) > 3
(True, True)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from otklik.language import t
from otklik.report import notebook_figure
from otklik.report.figure_band import band_figure
from otklik.report.figure_contributions import contributions_figure
from otklik.report.figure_fan import fan_figure
from otklik.report.figure_formula import formula_figure
from otklik.report.figure_hours import hours_figure
from otklik.report.figure_reliability import Promise, reliability_figure
from otklik.report.figure_teardown import curve_figure, pace_figure
from otklik.report.model_page_parts import OURS, SHARES, task_name

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as Drawn

    from otklik.evaluate import Evaluation
    from otklik.models.forecast import Forecast
    from otklik.report.model_page import ModelReport
    from otklik.report.page_figure import Figure
    from otklik.survey import Survey
    from otklik.teardown import Teardown

INTERVALS = "Share of outcomes inside the 50, 80 and 90 % intervals, by task"
"""What :func:`calibration` draws."""


def begin(lang: str = "en", *, is_simulated: bool = False) -> None:
    """Make plotly ready in a notebook; call it once, in the first cell.

    Args:
        lang: language of the mark on simulated data, and of numbers on axes that plotly writes.
        is_simulated: whether the notebook shows simulated data: then every figure says so.
    """
    notebook_figure.prepare(lang, is_simulated=is_simulated)


def fan(forecast: Forecast, *, lang: str | None = None) -> Drawn:
    """How views may grow until the horizon, beside the author's typical band."""
    told = _lang(forecast, lang)
    return _drawn(fan_figure(forecast, told), forecast, told)


def reasons(forecast: Forecast, *, lang: str | None = None) -> Drawn:
    """What moves a forecast, group by group: it describes the model, not causes."""
    told = _lang(forecast, lang)
    return _drawn(contributions_figure(forecast, told), forecast, told)


def band(survey: Survey, place: int = 0, *, lang: str | None = None) -> Drawn:
    """Typical views by age.

    Args:
        survey: a corpus or an author, surveyed.
        place: which band of it; 0 is that of the most posts.
        lang: language; that of the survey unless given.
    """
    told = _lang(survey, lang)
    chosen = survey.bands[place : place + 1]
    return _drawn(band_figure(chosen[0], place, told, survey.posts) if chosen else None, survey, told)


def hours(survey: Survey, *, lang: str | None = None) -> Drawn:
    """Multiples of the usual by day and hour of publication."""
    told = _lang(survey, lang)
    return _drawn(hours_figure(survey.hours, told), survey, told)


def formula(survey: Survey, score: str = "formula", *, lang: str | None = None) -> Drawn:
    """A score of the text against the multiple: a pattern, not a cause.

    Args:
        survey: a corpus or an author, surveyed.
        score: ``sign``, ``emotion``, ``identity`` or ``formula`` for the three together.
        lang: language; that of the survey unless given.
    """
    told = _lang(survey, lang)
    one = next((one for one in survey.formula.scatters if one.score == score), None)
    return _drawn(formula_figure(one, told) if one else None, survey, told)


def curve(teardown: Teardown, *, lang: str | None = None) -> Drawn:
    """Views of one post by age, with its moments, against the author's typical band."""
    told = _lang(teardown, lang)
    return _drawn(curve_figure(teardown, told), teardown.subject, told)


def pace(teardown: Teardown, *, lang: str | None = None) -> Drawn:
    """Views an hour of one post."""
    told = _lang(teardown, lang)
    return _drawn(pace_figure(teardown, told), teardown.subject, told)


def calibration(judged: ModelReport | Evaluation, *, lang: str | None = None, is_simulated: bool = False) -> Drawn:
    """The share that intervals were made to hold against the share that they held.

    Args:
        judged: a model card, or an evaluation.
        lang: language; that of what is judged unless given.
        is_simulated: whether it was judged on simulated posts.
    """
    told = _lang(judged, lang)
    figure = reliability_figure("intervals", _promises(_rows(judged), told), t(INTERVALS, told), told)
    return notebook_figure.drawn_or_nothing(figure, told, is_simulated=is_simulated)


def _rows(judged: ModelReport | Evaluation) -> Sequence[Mapping[str, Any]]:
    from otklik.evaluate import Evaluation

    return judged.rows if isinstance(judged, Evaluation) else judged.metrics


def _promises(rows: Sequence[Mapping[str, Any]], lang: str) -> list[Promise]:
    mine = [one for one in rows if one["model"] == OURS and one["stratum"] == "all"]
    shares = [(one, share, one[f"coverage_{share * 100:.0f}"]) for one in mine for share in SHARES]
    return [
        Promise(task_name(one, lang), int(one["n"]), share, held if held is not None and isfinite(held) else None)
        for one, share, held in shares
    ]


def _lang(value: object, asked: str | None) -> str:
    return asked or getattr(value, "lang", None) or "en"


def _drawn(figure: Figure | None, value: object, lang: str) -> Drawn:
    return notebook_figure.drawn_or_nothing(figure, lang, is_simulated=bool(getattr(value, "is_simulated", False)))
