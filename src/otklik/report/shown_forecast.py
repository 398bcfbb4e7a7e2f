"""A forecast as a fragment of HTML for a notebook: the multiple first, then counts, reasons and what is not known.

Titles are somebody else's: they stand escaped, in one line, and no formula of MathJax is read in them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from otklik.language import count, factor, hours, moment, percent, t
from otklik.models.forecast import Forecast, Quantity
from otklik.models.plain_words import group_words
from otklik.report.page_text import Html, quoted, shown
from otklik.report.shown_style import STYLE

LEAST_FACTOR = 0.005
"""Contributions below half a per cent are summed up in one line."""
USUAL: dict[str, str] = {
    "given": "usual: {value} views, as given, over {n} posts",
    "author": "usual: {value} views, median of the author's last posts of this kind (n = {n})",
    "author_looks": "usual: about {value} views, from {n} looks at the author's posts at other ages",
    "author_other_kind": "usual: {value} views, median of the author's last posts of other kinds (n = {n})",
    "reference": "not the author's own: {n} posts by others, median {value}",
}
"""What the baseline is made of, by its source."""
_WIDTH, _HEIGHT, _EDGE = 560.0, 34.0, 12.0


def fragment(forecast: Forecast, lang: str = "en", zone: str = "UTC", *, is_simulated: bool = False) -> str:
    """One forecast in a language, with instants in a zone."""
    parts = [*_head(forecast, lang, zone, is_simulated=is_simulated), _strip(forecast, lang), _numbers(forecast, lang)]
    if forecast.contributions:
        parts += [_chances(forecast, lang), _reasons(forecast, lang), _precedents(forecast, lang, zone)]
        parts.append(_notes(forecast, lang))
        parts.append(f'<p class="soft">{_foot(forecast, lang)}</p>')
    else:
        parts += [f"<p>{shown(t(note.template, lang, **note.values), None)}</p>" for note in forecast.notes]
    return framed("".join(parts), lang)


def framed(body: str, lang: str) -> str:
    """A fragment with its style; MathJax is told to leave it alone, under each of the names that it goes by."""
    classes = "otklik-shown tex2jax_ignore mathjax_ignore"
    return f'<section class="{classes}" lang="{shown(lang)}"><style>{STYLE}</style>{body}</section>'


def _head(forecast: Forecast, lang: str, zone: str, *, is_simulated: bool) -> Iterator[str]:
    if is_simulated:
        yield f'<p class="mark">{shown(t("Simulated data.", lang))}</p>'
    yield f"<h3>{quoted(forecast.subject)}</h3>"
    told = {
        "platform": forecast.platform,
        "kind": t(forecast.kind, lang),
        "when": moment(forecast.published_at, zone, lang),
    }
    if forecast.seen_views is None:
        line = t("{platform} {kind}, a draft for {when}", lang, **told)
    else:
        age, views = hours(forecast.prediction_age_h, lang), count(forecast.seen_views, lang)
        template = "{platform} {kind}, out since {when}; {age} old, {views} views at the last look"
        line = t(template, lang, **told, age=age, views=views)
    yield f'<p class="soft">{shown(line)}</p>'
    first = "—" if forecast.multiple is None else factor(forecast.multiple.p50, lang)
    range_ = "" if forecast.multiple is None else _range(forecast.multiple, lambda value: factor(value, lang))
    yield f'<p class="first">{shown(first)} <small>{shown(t("of the usual", lang))} {shown(range_)}</small></p>'
    yield f'<p class="soft">{shown(_usual(forecast, lang))}</p>'


def _usual(forecast: Forecast, lang: str) -> str:
    base = forecast.baseline
    value = count(base.value, lang)
    if base.n_posts is None:
        return t("usual: {value} views, as given", lang, value=value)
    return t(USUAL[base.source], lang, value=value, n=base.n_posts)


def _range(quantity: Quantity, told: Callable[[float], str]) -> str:
    low, high = told(quantity.p10), told(quantity.p90)
    return "" if low == high else f"{low} – {high}"


def _strip(forecast: Forecast, lang: str) -> str:
    """The interval on a logarithmic line, the usual and its typical band beside it."""
    base, views = forecast.baseline, forecast.views
    band = (base.p25 or base.value, base.p75 or base.value)
    logs = [math.log1p(max(value, 0.0)) for value in (views.p10, views.p50, views.p90, base.value, *band)]
    low, high = min(logs) - 0.2, max(logs) + 0.2
    if not math.isfinite(high - low):
        return ""

    def x(value: float) -> float:
        return _EDGE + (math.log1p(max(value, 0.0)) - low) / (high - low) * (_WIDTH - 2 * _EDGE)

    label = t("views: {middle}, {low} to {high} in 8 of 10 cases; the usual is {usual}", lang,
              middle=count(views.p50, lang), low=count(views.p10, lang), high=count(views.p90, lang),
              usual=count(base.value, lang))  # fmt: skip
    return (
        f'<svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-label="{shown(label)}">'
        f'<rect class="usual" x="{x(band[0]):.1f}" y="2" width="{max(x(band[1]) - x(band[0]), 0):.1f}" height="30"/>'
        f'<line class="at" x1="{x(base.value):.1f}" x2="{x(base.value):.1f}" y1="2" y2="32"/>'
        f'<rect class="band" x="{x(views.p10):.1f}" y="11" width="{x(views.p90) - x(views.p10):.1f}" height="12"/>'
        f'<circle class="middle" cx="{x(views.p50):.1f}" cy="17" r="6"/></svg>'
    )


def _numbers(forecast: Forecast, lang: str) -> str:
    horizon = forecast.horizon_h
    views = t("views at {age}", lang, age=hours(horizon, lang)) if horizon else t("views", lang)
    naive = forecast.naive_views if forecast.contributions else None
    rows = [_row(views, forecast.views, naive, lang)]
    if forecast.reactions is None:
        why = t("the model was not trained for them", lang)
        rows.append(
            f'<tr><th scope="row">{shown(t("reactions", lang))}</th><td>—</td><td></td><td>{shown(why)}</td></tr>'
        )
    else:
        naive = forecast.naive_reactions if forecast.contributions else None
        rows.append(_row(t("reactions", lang), forecast.reactions, naive, lang))
    if forecast.shares is not None:
        rows.append(_row(t("reposts", lang), forecast.shares, forecast.naive_shares, lang))
    heads = ("", t("middle", lang), t("8 of 10 posts", lang), t("naive forecast", lang))
    return table(heads, rows)


def table(heads: tuple[str, ...], rows: list[str], caption: str = "") -> str:
    """A table of rows that are HTML already, under heads that are text."""
    told = "".join(f'<th scope="col">{shown(head)}</th>' for head in heads)
    title = f"<caption>{shown(caption)}</caption>" if caption else ""
    return f'<div class="wide"><table>{title}<thead><tr>{told}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def _row(name: str, quantity: Quantity, naive: float | None, lang: str) -> str:
    range_ = _range(quantity, lambda value: count(value, lang))
    beside = "" if naive is None else count(naive, lang)
    return (
        f'<tr><th scope="row">{shown(name)}</th><td><b>{shown(count(quantity.p50, lang))}</b></td>'
        f"<td>{shown(range_)}</td><td>{shown(beside)}</td></tr>"
    )


def _chances(forecast: Forecast, lang: str) -> str:
    known, told = forecast.chances, []
    if known is None:
        return ""
    if known.beats_usual is not None:
        told.append(t("Chance to pass the usual: {share}.", lang, share=percent(known.beats_usual, lang)))
    if known.hit is not None and known.hit_views is not None:
        text = "Chance of a hit, {views} views or more, which one in ten of the author's last posts reached: {share}."
        told.append(t(text, lang, views=count(known.hit_views, lang), share=percent(known.hit, lang)))
    return f"<p>{shown(' '.join(told), None)}</p>" if told else ""


def _reasons(forecast: Forecast, lang: str) -> str:
    large = [one for one in forecast.contributions if abs(one.log_effect) >= LEAST_FACTOR]
    rest = sum(one.log_effect for one in forecast.contributions if one not in large)
    rows = [_effect(group_words(one.group, lang), one.log_effect, lang) for one in large]
    if abs(rest) >= LEAST_FACTOR or not large:
        rows.append(_effect(t("all else", lang), rest, lang))
    start = count(max(0.0, math.expm1(forecast.start_log)), lang)
    title = t("What moves the forecast from {start} views", lang, start=start)
    told = t("These describe the model, not causes.", lang)
    return f'<h4>{shown(title)}</h4><table><tbody>{"".join(rows)}</tbody></table><p class="soft">{shown(told)}</p>'


def _effect(name: str, log_effect: float, lang: str) -> str:
    width = max(2, min(60, round(abs(log_effect) / math.log(2) * 60)))
    less = " less" if log_effect < 0 else ""
    return (
        f'<tr><th scope="row">{shown(name)}</th><td>{shown(factor(math.exp(log_effect), lang))}</td>'
        f'<td class="words"><span class="bar{less}" style="width:{width / 10:.1f}rem"></span></td></tr>'
    )


def _precedents(forecast: Forecast, lang: str, zone: str) -> str:
    if not forecast.precedents:
        return ""
    rows = []
    for one in forecast.precedents:
        multiple = "" if one.multiple is None else factor(one.multiple, lang)
        rows.append(
            f'<tr><td class="words">{quoted(one.title or one.post_id, 90)}</td>'
            f"<td>{shown(moment(one.published_at, zone, lang))}</td><td>{shown(count(one.views, lang))}</td>"
            f"<td>{shown(multiple)}</td></tr>"
        )
    heads = ("", t("published", lang), t("views", lang), t("of the usual", lang))
    return f"<h4>{shown(t('Your earlier posts most like it', lang))}</h4>" + table(heads, rows)


def _notes(forecast: Forecast, lang: str) -> Html:
    told = "".join(f"<li>{shown(t(note.template, lang, **note.values), None)}</li>" for note in forecast.notes)
    return Html(f"<h4>{shown(t('What the model does not know', lang))}</h4><ul>{told}</ul>")


def _foot(forecast: Forecast, lang: str) -> Html:
    calibrated = (
        t("calibrated on {n} matured forecasts", lang, n=forecast.n_calibration)
        if forecast.calibrated
        else t("not calibrated", lang)
    )
    template = "model {name}, trained on posts until {until}; interval {calibrated}"
    until = forecast.model_trained_until.date().isoformat()
    return shown(t(template, lang, name=forecast.model, until=until, calibrated=calibrated), None)
