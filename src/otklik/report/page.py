"""The frame of every page: one file that needs nothing from anywhere, for a screen, a phone, a reader and paper.

The page's policy forbids any connection, and any script but ours (by their checksums): what somebody put into a title
could not run even if it were not escaped.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from otklik.errors import DataError, StorageError
from otklik.language import LANGUAGES, t
from otklik.report.page_script import SCRIPT
from otklik.report.page_style import STYLE
from otklik.report.page_text import Html, shown

FONT = "fonts/DejaVuSans.ttf"
"""Latin, Cyrillic and Tatar letters of DejaVu Sans, for machines that have no font with them."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page with its heading."""

    name: str
    """Its id; links lead to it."""
    title: str
    body: Html
    short: str = ""
    """What links to it say; the title where nothing is given."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a value."""

    title: str
    """Of the window; plain text."""
    head: Html
    """What stands above all sections, the only ``h1`` in it."""
    sections: tuple[Section, ...]
    foot: Html
    lang: str
    has_figures: bool = False
    """Whether plotly is needed: it makes 4.8 MB of the page."""


def render_page(page: Page) -> str:
    """The page as one HTML document.

    Raises:
        DataError: the language is not one of otklik's.
    """
    check_language(page.lang)
    scripts = ([plotly()] if page.has_figures else []) + [SCRIPT]
    return (
        f'<!DOCTYPE html>\n<html lang="{page.lang}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(scripts)}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">'
        f"<title>{shown(page.title)} · otklik</title><style>{_font_face()}{STYLE}</style></head>"
        f"<body>{_body(page)}{''.join(f'<script>{one}</script>' for one in scripts)}</body></html>\n"
    )


def check_language(lang: str) -> None:
    """A page is in a language of otklik's.

    Raises:
        DataError: it is not.
    """
    if lang not in LANGUAGES:
        raise DataError("expected a language of {known}, but got {got!r}", known=", ".join(LANGUAGES), got=lang)


def _body(page: Page) -> str:
    links = "".join(
        f'<li><a href="#{shown(one.name)}">{shown(one.short or one.title)}</a></li>' for one in page.sections
    )
    sections = "".join(
        f'<section id="{shown(one.name)}" aria-labelledby="{shown(one.name)}-title">'
        f'<h2 id="{shown(one.name)}-title">{shown(one.title)}</h2>{one.body}</section>'
        for one in page.sections
    )
    dark = shown(t("Dark theme", page.lang))
    return (
        f'<a class="skip" href="#main">{shown(t("Skip to the content", page.lang))}</a><div class="page">'
        f'<header><button id="theme" type="button" aria-pressed="false" hidden>{dark}</button>{page.head}</header>'
        f'<nav aria-label="{shown(t("On this page", page.lang))}"><ul>{links}</ul></nav>'
        f'<main id="main" tabindex="-1">{sections}</main><footer>{page.foot}</footer></div>'
    )


def policy(scripts: list[str]) -> str:
    """What the page may load: itself. Scripts run only when their checksum is named here.

    >>> policy([""])[:56]
    "default-src 'none'; script-src 'sha256-47DEQpj8HBSa+/TIm"
    """
    sums = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts)
    return (
        f"default-src 'none'; script-src {sums}; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def plotly() -> str:
    """The whole of plotly.js, from the Python package."""
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())


@cache
def _font_face() -> str:
    font = base64.b64encode(files("otklik.report").joinpath(FONT).read_bytes()).decode()
    return f"@font-face{{font-family:'otklik letters';src:url(data:font/ttf;base64,{font}) format('truetype')}}"


def write_page(html: str, path: Path) -> None:
    """A page to a file.

    Raises:
        StorageError: the file cannot be written.
    """
    try:
        path.write_text(html, encoding="utf-8")
    except OSError as error:
        raise StorageError("the file {path} cannot be written: {why}", path=path, why=error.strerror) from None
