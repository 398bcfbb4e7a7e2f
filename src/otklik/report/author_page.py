"""The page of one author: the last posts against the author's own band, then what a corpus page tells."""

from __future__ import annotations

from pathlib import Path

from otklik.language import count, factor, t
from otklik.report import corpus_page_parts as part_of
from otklik.report.corpus_page import framed, head
from otklik.report.page import Section, check_language, write_page
from otklik.report.page_table import Table, render_table
from otklik.report.page_text import Html, plain
from otklik.report.survey_words import age, minute
from otklik.survey.lifts import FEW_HISTORY
from otklik.survey.values import Placed, Survey


def render(found: Survey, lang: str = "en", *, name: str | None = None) -> str:
    """The page as one HTML document that needs nothing from anywhere.

    Args:
        found: the survey of one author.
        lang: language of the page.
        name: what the author is called; the id where nobody knows.

    Raises:
        DataError: the language is not one of otklik's.
    """
    check_language(lang)
    sections = (
        posts(found, lang),
        part_of.bands(found, lang),
        part_of.hours(found, lang),
        part_of.recent(found, lang),
        part_of.formula(found, lang),
        part_of.coverage(found, lang),
    )
    title = name or found.subject
    over = t("Report on an author", lang) + (f" · {found.subject}" if name else "")
    return framed(found, head(found, over, title, lang), sections, lang)


def write(found: Survey, path: Path, lang: str = "en", *, name: str | None = None) -> None:
    """The page to a file.

    Raises:
        DataError: the language is not one of otklik's.
        StorageError: the file cannot be written.
    """
    write_page(render(found, lang, name=name), path)


def posts(found: Survey, lang: str) -> Section:
    """The last posts against the others of the same kind and counting rule at the same age."""
    told = t(
        "Each post against the author's other posts of the same kind and counting rule at the same age: at 24 h, or at "
        "its last look where it is younger. VPH is views an hour, average since publication until that age, "
        "in brackets that of the others' median.",
        lang,
    )
    if found.target.startswith("mature"):
        told = t(
            "Each post against the author's other posts of the same kind and counting rule, long after publication; "
            "views an hour cannot be told.",
            lang,
        )
    title = t("The last posts", lang)
    missing = t(
        "— stands where nothing can be compared: no look close to that age, or fewer than {few} other posts to make a "
        "usual of.",
        lang,
        few=FEW_HISTORY,
    )
    pieces = (part_of.paragraphs([told], "soft"), render_table(posts_table(found, lang)))
    body = "".join((*pieces, part_of.paragraphs([missing], "soft")))
    return Section("posts", title, Html(body), t("Last posts", lang))


def posts_table(found: Survey, lang: str) -> Table:
    """The last posts in numbers."""
    names = ("post", "published", "age", "views", "25 to 75 %", "of the usual", "VPH (usual)")
    rows = tuple(_row(one, found, lang) for one in found.posts)
    caption = t("The author's last posts, newest first; times in the zone {zone}", lang, zone=found.zone)
    return Table(caption, tuple(t(one, lang) for one in names), rows, words=(0, 1))


def _row(one: Placed, found: Survey, lang: str) -> tuple[str, ...]:
    band = "—" if one.usual is None else f"{count(one.usual.p25, lang)} – {count(one.usual.p75, lang)}"
    n = "" if one.usual is None else f" (n\xa0=\xa0{one.usual.n})"
    beside = ""
    if one.usual is not None and one.compare_h:
        beside = f"\xa0({count(one.usual.p50 / one.compare_h, lang)})"
    return (
        plain(one.title, part_of.LONGEST_TITLE),
        minute(one.published_at, found.zone, lang),
        age(one.compare_h, lang),
        "—" if one.views is None else count(one.views, lang),
        band + n,
        "—" if one.multiple is None else factor(one.multiple, lang),
        "—" if one.vph is None else count(one.vph, lang) + beside,
    )
