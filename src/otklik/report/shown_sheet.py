"""Parts of a page as one fragment for a notebook: the same words and tables, without what only a page needs."""

from __future__ import annotations

from otklik.report.page_text import Html
from otklik.report.shown_forecast import framed

STYLE = """
.otklik-shown .over{color:var(--soft);font-size:.85rem}
.otklik-shown h1{font-size:1.2rem;line-height:1.3;margin:.1rem 0 .3rem;font-weight:650;overflow-wrap:anywhere;
color:inherit}
.otklik-shown .big{font-size:2.2rem;line-height:1.2;font-weight:650;color:var(--accent);margin:.3rem 0 0}
.otklik-shown .big small{font-size:1rem;font-weight:400;color:var(--soft);margin-left:.5rem}
.otklik-shown .note{border-left:3px solid var(--accent);padding:.2rem .8rem;margin:.5rem 0}
.otklik-shown ul.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.6rem;list-style:none;
padding:0;margin:.6rem 0}
.otklik-shown .tiles li{border:1px solid var(--line);border-radius:.5rem;padding:.5rem .7rem;font-size:.85rem;
color:var(--soft)}
.otklik-shown .tiles b{display:block;font-size:1.3rem;line-height:1.25;color:var(--ink)}
.otklik-shown .tiles span{display:block;color:var(--ink)}
.otklik-shown .facts{margin:.3rem 0}.otklik-shown .facts div{display:grid;grid-template-columns:13rem 1fr;gap:1rem}
.otklik-shown .facts dt{color:var(--soft);
font-weight:400;float:none;width:auto}.otklik-shown .facts dd{margin:0;overflow-wrap:anywhere}
.otklik-shown td:not(.num),.otklik-shown th:not(.num){text-align:left}
.otklik-shown td:not(.num){min-width:7rem;overflow-wrap:anywhere}
.otklik-shown tbody th{min-width:8rem}
.otklik-shown .quiet{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.otklik-shown details{margin:.3rem 0}.otklik-shown summary{cursor:pointer;color:var(--accent);font-weight:650}
.otklik-shown .otklik-text{background:transparent;color:inherit;padding:0;font:inherit;max-width:none}
.otklik-shown .otklik-text small{color:var(--soft)}
.otklik-shown .otklik-text .bar{background:var(--accent)}
"""
"""What parts of pages need beside the style of all shown values."""


def sheet(body: str, lang: str) -> Html:
    """A fragment with its style.

    Args:
        body: HTML already.
        lang: its language.
    """
    return Html(framed(f"<style>{STYLE}</style>{body}", lang))


def part(title: str, body: str) -> str:
    """A part below its heading; both are HTML already."""
    return f"<h4>{title}</h4>{body}"
