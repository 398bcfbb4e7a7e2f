"""The page of a teardown: the multiple first, the curve against the typical band, then ten parts in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from otklik import __version__
from otklik.language import LANGUAGES, count, factor, moment, t
from otklik.report.explained_text import fragment as coloured
from otklik.report.figure_teardown import curve_figure, pace_figure
from otklik.report.page import Page, Section, render_page, write_page
from otklik.report.page_figure import Figure, render_figure
from otklik.report.page_table import Table, render_table
from otklik.report.page_text import Html, commands, plain, quoted, shown
from otklik.report.teardown_parts import scores_note
from otklik.report.teardown_text import Part, about, compared, parts, reached
from otklik.report.teardown_words import share, whole
from otklik.teardown.values import Teardown

EXAMPLE_NOTE = (
    "An article says: 230,000 views and 15,000 reactions in 24 hours, and names no looks, no author's usual and no "
    "other explanation. This is a made-up case of the same size, with everything that is needed to judge one."
)
"""What the simulated example is for."""


def render(found: Teardown, lang: str = "en", *, is_example: bool = False) -> str:
    """The page as one HTML document that needs nothing from anywhere.

    Args:
        found: the teardown.
        lang: language of the page.
        is_example: whether it is the documented example, which the page then explains.

    Raises:
        DataError: the language is not one of otklik's.
    """
    told = lang if lang in LANGUAGES else "en"
    return render_page(
        Page(
            title=plain(found.subject.title),
            head=head(found, told, is_example=is_example),
            sections=sections(found, told),
            foot=Html(f"<p>{shown(_foot(found, told), None)}</p>"),
            lang=lang,
            has_figures=bool(figures(found, told)),
        )
    )


def write(found: Teardown, path: Path, lang: str = "en", *, is_example: bool = False) -> None:
    """The page to a file.

    Raises:
        DataError: the language is not one of otklik's.
        StorageError: the file cannot be written.
    """
    write_page(render(found, lang, is_example=is_example), path)


def head(found: Teardown, lang: str, *, is_example: bool = False) -> Html:
    """Everything above the sections."""
    subject = found.subject
    made = f'<p class="mark">{shown(t("Simulated data.", lang))}</p>' if subject.is_simulated else ""
    note = f'<p class="note">{shown(t(EXAMPLE_NOTE, lang), None)}</p>' if is_example else ""
    over = shown(t("Teardown of a post", lang))
    return Html(
        f'<p class="over">otklik · {over}</p>{made}<h1>{quoted(subject.title)}</h1>'
        f'<p class="soft">{shown(about(subject, lang, found.zone), None)}</p>{note}'
        f'<div class="hero">{_big(found, lang)}</div>{_tiles(found, lang)}'
    )


def _big(found: Teardown, lang: str) -> str:
    usual = found.usual
    counts = f"<p><strong>{shown(reached(found, lang), None)}</strong></p>"
    if usual.multiple is None:
        return counts
    of_usual = shown(t("of the author's usual", lang))
    told = t("usual: {value} views at 24 h (n = {n})", lang, value=count(usual.views or 0.0, lang), n=usual.n)
    return (
        f'<p class="big">{shown(factor(usual.multiple, lang))}<small>{of_usual}</small></p>'
        f'{counts}<p class="soft">{shown(told, None)}</p>'
    )


def _tiles(found: Teardown, lang: str) -> str:
    subject, rare = found.subject, found.rarity
    tiles = []
    if subject.views is not None:
        tiles.append((whole(subject.views, lang), t("views at the last look", lang), ""))
    if rare.views is not None:
        place = t("{below} of {n}", lang, below=rare.views.below, n=rare.views.n)
        tiles.append((place, t("other posts of the author with less at the same age", lang), ""))
    rate = next((one for one in reversed(found.signals.rates) if one.name == "likes_per_view"), None)
    if rate is not None:
        tiles.append((share(rate.value, lang), t("reactions by views", lang), compared(rate, lang)))
    n_signs = len(found.counters.signs)
    if found.counters.checks:
        told = t("signs of bought or promoted growth, of {checks} looked for", lang, checks=len(found.counters.checks))
        tiles.append((str(n_signs), told, ""))
    listed = "".join(
        f"<li><b>{shown(value)}</b>{shown(name, None)}{f'<span>{shown(beside, None)}</span>' if beside else ''}</li>"
        for value, name, beside in tiles
    )
    return f'<ul class="tiles">{listed}</ul>' if listed else ""


def figures(found: Teardown, lang: str) -> dict[str, Figure]:
    """The charts of a teardown, by the section that they stand in."""
    drawn = {"curve": curve_figure(found, lang), "rarity": pace_figure(found, lang)}
    return {name: figure for name, figure in drawn.items() if figure is not None}


def sections(found: Teardown, lang: str) -> tuple[Section, ...]:
    """The ten parts as sections of a page."""
    drawn = figures(found, lang)
    return tuple(
        Section(part.name, f"{place}. {part.title}", body(found, part, drawn.get(part.name), lang))
        for place, part in enumerate(parts(found, lang), 1)
    )


def body(found: Teardown, part: Part, figure: Figure | None, lang: str) -> Html:
    """One part as HTML: sentences, chart, table, and what is missing."""
    sentences = part.sentences
    pieces = [_list(sentences)]
    if part.name == "formula" and found.evidence.explanation.why_not is None:
        # The text in colour ends with the same note.
        pieces = [_list([one for one in sentences if one != scores_note(found, lang)])]
        pieces.append(coloured(found.evidence.explanation, lang))
    pieces += [] if figure is None else [render_figure(figure, lang)]
    pieces += [] if part.table is None else [render_table(_uncut(part.table))]
    missing = [commands(one) for one in part.missing] if part.name == "unknown" else part.missing
    pieces.append(_list(missing, look="" if part.name == "unknown" else ' class="soft"'))
    return Html("".join(pieces))


def _uncut(table: Table) -> Table:
    """Cells of whole sentences, which a table would cut as it cuts long titles."""
    return replace(table, rows=tuple(tuple(shown(cell, None) for cell in row) for row in table.rows))


def _list(sentences: Sequence[str], look: str = "") -> str:
    items = "".join(f"<li>{shown(one, None)}</li>" for one in sentences)
    return f'<div{look}><ul class="notes">{items}</ul></div>' if items else ""


def _foot(found: Teardown, lang: str) -> str:
    data = t("simulated posts", lang) if found.subject.is_simulated else t("posts and looks of the store", lang)
    return t(
        "Teardown of {post} as of {when} by otklik {version}; data: {data}. Times are in the zone {zone}. The page "
        "loads nothing from the network.",
        lang,
        post=f"{found.subject.platform}:{found.subject.post_id}",
        when=moment(found.subject.as_of, found.zone, lang),
        version=__version__,
        data=data,
        zone=found.zone,
    )
