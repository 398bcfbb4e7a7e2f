"""The section of the score page on what the draft carries: its words in colour, its scores, and what its files show."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

from otklik.content.explanation import Explanation
from otklik.language import t
from otklik.media.look import Look
from otklik.report.contact_sheet import render_sheet
from otklik.report.explained_text import fragment
from otklik.report.look_rows import Rows
from otklik.report.look_sheet import sheet_of
from otklik.report.page import Section
from otklik.report.page_table import Table, render_table
from otklik.report.page_text import Html, quoted, shown

MOST_COLOURS = 256
"""Of a contact sheet on a page: a quarter of the bytes, and no difference to be seen."""


def content(explanation: Explanation | None, looks: Sequence[Look], lang: str) -> Section | None:
    """What the text carries and what the files show; ``None`` when neither was looked at."""
    parts = []
    if explanation is not None:
        parts.append(fragment(explanation, lang))
    parts += [_look(look, lang) for look in looks]
    if not parts:
        return None
    return Section("content", t("What the draft carries", lang), Html("".join(parts)), t("Content", lang))


def _look(look: Look, lang: str) -> str:
    rows = Rows(look, lang)
    name = quoted(look.path.name, 80)
    alt = t(
        "Contact sheet of {name}: pictures in the order of time, cuts, signs, motion and loudness.", lang, name="{}"
    )
    told = shown(alt, None).replace("{}", shown(look.path.name, 80))
    head = " · ".join(rows.head())
    table = Table(
        t("What the file shows and sounds like", lang),
        (t("about what", lang), t("found", lang)),
        tuple((row.label, row.value) for row in rows.all()),
        words=(0, 1),
    )
    return (
        f'<h3>{name}</h3><p class="soft">{shown(head, None)}</p>'
        f'<img class="sheet" alt="{told}" src="{sheet_uri(look, lang)}">'
        f"<details><summary>{shown(t('All findings', lang))}</summary>{_cues(rows, lang)}"
        f"{render_table(table)}</details>"
    )


def _cues(rows: Rows, lang: str) -> str:
    """The checklist of the hook."""
    signs = {True: "✓", False: "✗", None: "?"}
    found = tuple((name, signs[is_there]) for is_there, name in rows.cues())
    if not found:
        return ""
    head = (t("cue", lang), t("is there", lang))
    return render_table(Table(t("Cues of the first seconds", lang), head, found, words=(0, 1)))


def sheet_uri(look: Look, lang: str) -> str:
    """The contact sheet of a look as a data URI."""
    from PIL import Image

    whole = Image.open(io.BytesIO(render_sheet(sheet_of(look, lang)))).convert("RGB")
    small = io.BytesIO()
    whole.quantize(MOST_COLOURS).save(small, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(small.getvalue()).decode()
