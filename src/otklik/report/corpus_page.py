"""The page of a corpus: typical bands, hours, the formula, what has worked lately, and how well it was all seen."""

from __future__ import annotations

from pathlib import Path

from otklik import __version__
from otklik.language import factor, number, percent, t
from otklik.report import corpus_page_parts as part_of
from otklik.report.page import Page, Section, check_language, render_page, write_page
from otklik.report.page_text import Html, plain, quoted, shown
from otklik.report.survey_words import ALPHA, about, say, target_words, worded
from otklik.survey.values import Survey


def render(found: Survey, lang: str = "en") -> str:
    """The page as one HTML document that needs nothing from anywhere.

    Raises:
        DataError: the language is not one of otklik's.
    """
    check_language(lang)
    sections = (
        part_of.bands(found, lang),
        part_of.hours(found, lang),
        part_of.recent(found, lang),
        part_of.formula(found, lang),
        part_of.coverage(found, lang),
    )
    return framed(found, head(found, t("Report on a corpus", lang), found.subject, lang), sections, lang)


def write(found: Survey, path: Path, lang: str = "en") -> None:
    """The page to a file.

    Raises:
        DataError: the language is not one of otklik's.
        StorageError: the file cannot be written.
    """
    write_page(render(found, lang), path)


def framed(found: Survey, top: Html, sections: tuple[Section, ...], lang: str) -> str:
    """Sections in the frame of a page."""
    foot = t(
        "Report on {title} as of {as_of} by otklik {version}; data: {data}. Times are in the zone {zone}. The page "
        "loads nothing from the network.",
        lang,
        title=plain(found.subject),
        as_of=part_of.when(found.as_of, found, lang),
        version=__version__,
        data=t("simulated posts", lang) if found.is_simulated else plain(found.data),
        zone=found.zone,
    )
    return render_page(
        Page(
            title=plain(found.subject),
            head=top,
            sections=sections,
            foot=Html(f"<p>{shown(foot, None)}</p>"),
            lang=lang,
            has_figures=any("<figure" in one.body for one in sections),
        )
    )


def head(found: Survey, over: str, name: str, lang: str) -> Html:
    """Everything above the sections."""
    made = f'<p class="mark">{shown(t("Simulated data.", lang))}</p>' if found.is_simulated else ""
    notes = "".join(f'<p class="note">{shown(say(one, lang), None)}</p>' for one in found.notes)
    return Html(
        f'<p class="over">otklik · {shown(over)}</p>{made}<h1>{quoted(name)}</h1>'
        f'<p class="soft">{shown(about(found, lang), None)}</p>{notes}{tiles(found, lang)}'
    )


def tiles(found: Survey, lang: str) -> str:
    """The main numbers, each with what it is made of."""
    told: list[tuple[str, str]] = []
    parts = found.coverage.parts
    due, labelled = sum(one.n_due for one in parts), sum(one.n_labelled for one in parts)
    if due:
        words = t("of the posts that are old enough have a label: {what}", lang, what=target_words(found, lang))
        share = min(labelled / due, 1.0)
        told.append((percent(share, lang, 1 if share < 0.1 else 0), words))
    if found.bands and found.bands[0].at_target is not None:
        band, point = found.bands[0], found.bands[0].at_target
        kind = f"{band.platform}, {worded(band.kind, lang)}"
        words = t(
            "{what}, median of {stratum} (n = {n})", lang, what=target_words(found, lang), stratum=kind, n=point.n
        )
        told.append((part_of.counted(point.p50, lang), words))
    if found.hours.p_value is not None and found.hours.spread is not None and found.hours.p_value < ALPHA:
        words = t(
            "typical difference between hours of the week (p = {p}, n = {n})",
            lang,
            p=number(found.hours.p_value, lang, 3),
            n=found.hours.n,
        )
        told.append((percent(found.hours.spread, lang, 1), words))
    if found.recent.middle is not None:
        words = t("of the usual, a typical post of the last 30 days (n = {n})", lang, n=found.recent.n)
        told.append((factor(found.recent.middle, lang), words))
    items = "".join(f"<li><b>{shown(value)}</b>{shown(words, None)}</li>" for value, words in told)
    return f'<ul class="tiles">{items}</ul>' if items else ""
