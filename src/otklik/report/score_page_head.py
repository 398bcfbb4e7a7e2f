"""The head of the score page: what it is about, the multiple with its interval, and the numbers beside it."""

from __future__ import annotations

from otklik.language import count, factor, hours, moment, percent, t
from otklik.models.forecast import Chances, Forecast, Quantity
from otklik.report.figure_multiple import ruler
from otklik.report.page_text import Html, quoted, shown
from otklik.report.score_page_words import between, multiples, usual, why_no_multiple


def head(forecast: Forecast, zone: str, lang: str, *, is_simulated: bool = False) -> Html:
    """Everything above the sections."""
    made = f'<p class="mark">{shown(t("Simulated data.", lang))}</p>' if is_simulated else ""
    kind = t("Forecast of a draft", lang) if forecast.seen_views is None else t("Forecast of a post", lang)
    if not forecast.contributions:
        kind = t("What a post had reached", lang)
    return Html(
        f'<p class="over">otklik · {shown(kind)}</p>{made}<h1>{quoted(forecast.subject)}</h1>'
        f'<p class="soft">{shown(_about(forecast, zone, lang), None)}</p>'
        f'<div class="hero">{_big(forecast, lang)}</div>{_tiles(forecast, lang)}'
    )


def _about(forecast: Forecast, zone: str, lang: str) -> str:
    when = moment(forecast.published_at, zone, lang)
    platform, kind = forecast.platform, t(forecast.kind, lang)
    if forecast.seen_views is None:
        return t("{platform} {kind}, a draft for {when}", lang, platform=platform, kind=kind, when=when)
    return t(
        "{platform} {kind}, out since {when}; {age} old, {views} views at the last look",
        lang,
        platform=platform,
        kind=kind,
        when=when,
        age=hours(forecast.prediction_age_h, lang),
        views=count(forecast.seen_views, lang),
    )


def _big(forecast: Forecast, lang: str) -> str:
    if forecast.multiple is None:
        unit = _views_at(forecast, lang)
        return (
            f'<p class="big">{shown(count(forecast.views.p50, lang))}<small>{shown(unit)}</small></p>'
            f"{_range(forecast.views, between(forecast.views, lang), lang)}"
            f'<p class="note">{shown(why_no_multiple(forecast, lang), None)}</p>'
            f'<p class="soft">{shown(usual(forecast.baseline, lang), None)}</p>'
        )
    multiple = forecast.multiple
    return (
        f'<p class="big">{shown(factor(multiple.p50, lang))}<small>{shown(t("of the usual", lang))}</small></p>'
        f"{_range(multiple, multiples(multiple, lang), lang)}"
        f'<p class="soft">{shown(usual(forecast.baseline, lang), None)}</p>{ruler(multiple, lang)}'
    )


def _range(quantity: Quantity, told: str, lang: str) -> str:
    if not told:
        return ""
    return f'<p class="range"><b>{shown(told)}</b> {shown(t("for 8 of 10 posts like this", lang))}</p>'


def _views_at(forecast: Forecast, lang: str) -> str:
    if forecast.horizon_h is None:
        return t("views", lang)
    return t("views at {age}", lang, age=hours(forecast.horizon_h, lang).replace(" ", "\xa0"))


def _tiles(forecast: Forecast, lang: str) -> str:
    tiles = [
        *(_chances(forecast, forecast.chances, lang) if forecast.chances is not None else ()),
        *(() if forecast.multiple is None else (_count(_views_at(forecast, lang), forecast.views, lang),)),
        *(() if forecast.reactions is None else (_count(t("reactions", lang), forecast.reactions, lang),)),
        *(() if forecast.shares is None else (_count(t("reposts", lang), forecast.shares, lang),)),
    ]
    return f'<ul class="tiles">{"".join(tiles)}</ul>' if tiles else ""


def _chances(forecast: Forecast, chances: Chances, lang: str) -> list[str]:
    tiles = []
    if chances.beats_usual is not None:
        told = t("chance of more than the usual {value}", lang, value=count(forecast.baseline.value, lang))
        tiles.append(_tile(_chance(chances.beats_usual, lang), told))
    if chances.hit is not None and chances.hit_views is not None:
        told = t(
            "chance of a hit: {value} views or more, what 9 of 10 of the author's last posts stay below",
            lang,
            value=count(chances.hit_views, lang),
        )
        tiles.append(_tile(_chance(chances.hit, lang), told))
    return tiles


def _chance(value: float, lang: str) -> str:
    """A chance, never quite 0 or 1: nobody knows that.

    >>> _chance(0.999, "en"), _chance(0.444, "en")
    ('>99%', '44%')
    """
    if value < 0.01:
        return "<" + percent(0.01, lang)
    return ">" + percent(0.99, lang) if value > 0.99 else percent(value, lang)


def _count(name: str, quantity: Quantity, lang: str) -> str:
    return _tile(count(quantity.p50, lang), name, between(quantity, lang))


def _tile(number: str, told: str, beside: str = "") -> str:
    more = f"<span>{shown(beside)}</span>" if beside else ""
    return f"<li><b>{shown(number)}</b>{more}{shown(told, None)}</li>"
