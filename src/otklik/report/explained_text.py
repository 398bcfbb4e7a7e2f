"""A text with what was found in it in colour, as a fragment of HTML that needs nothing from anywhere.

The text is somebody else's: every character of it is escaped, and characters that change the direction of writing are
isolated by the element that holds the text.
"""

from __future__ import annotations

from html import escape

from otklik.content.explanation import Explanation, layers
from otklik.content.lexicon import lexicon
from otklik.content.reading import Span
from otklik.language import number, t

COLOURS = {
    "place": ("#cfe8d5", "#1f6f43"),
    "foreign": ("#e3e3e3", "#555555"),
    "sign": ("#fbe3bd", "#8a5a00"),
    "style": ("#e2d6f7", "#5b3aa6"),
    "emotion": ("#fbd0d6", "#a3213a"),
    "identity": ("#cfe3fb", "#1b5aa3"),
    "person": ("#f5d7ee", "#8d2f7b"),
}
"""Background and ink of each group: at least 4.5 to 1 against each other."""
GROUP_NAMES = {
    "place": "place",
    "foreign": "place abroad",
    "sign": "sign",
    "style": "style",
    "emotion": "emotion",
    "identity": "identity",
    "person": "people",
}
"""Plain words for the groups of spans."""
_STYLE = """
.otklik-text{font:16px/1.7 system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif;max-width:46rem;padding:1rem;
color:#1c1c1c;background:#fff;border-radius:.5rem}
.otklik-text p{white-space:pre-wrap;unicode-bidi:isolate;overflow-wrap:anywhere;margin:0 0 1rem}
.otklik-text mark{padding:.1em .15em;border-radius:.25em;border-bottom:2px solid}
.otklik-text mark.denied{text-decoration:line-through}
.otklik-text ul{list-style:none;padding:0;margin:0 0 1rem;display:flex;flex-wrap:wrap;gap:.5rem}
.otklik-text table{border-collapse:collapse;margin:0 0 .75rem}
.otklik-text td,.otklik-text th{padding:.2rem .75rem .2rem 0;text-align:left;vertical-align:top}
.otklik-text .bar{display:inline-block;height:.6rem;background:#1b5aa3;border-radius:.3rem;vertical-align:middle}
.otklik-text small{color:#555}
"""


def fragment(explanation: Explanation, lang: str = "en") -> str:
    """The text in colour, a legend, the scores with the words that made them."""
    reading = explanation.reading
    pieces = layers(reading.spans, len(reading.text))
    text = "".join(_piece(reading.text[start:end], spans, lang) for start, end, spans in pieces)
    legend = "".join(
        f'<li><mark style="{_ink(group)}">{escape(t(name, lang))}</mark></li>'
        for group, name in GROUP_NAMES.items()
        if any(span.group == group for span in reading.spans)
    )
    why = f"<p><small>{escape(t(explanation.why_not, lang))}</small></p>" if explanation.why_not else ""
    return (
        f'<section class="otklik-text" lang="{escape(lang)}"><style>{_STYLE}</style>'
        f'<p dir="auto">{text}</p><ul>{legend}</ul>{why}{_scores(explanation, lang)}</section>\n'
    )


def title_of(span: Span, lang: str) -> str:
    """What a span is, in words."""
    known = lexicon().classes.get(f"{span.group}/{span.name}")
    return str(known["title"].get(lang, known["title"]["en"])) if known else span.label


def _piece(text: str, spans: tuple[Span, ...], lang: str) -> str:
    shown = escape(_visible(text))
    if not spans:
        return shown
    first, last = spans[0], spans[-1]
    told = "; ".join(dict.fromkeys(f"{t(GROUP_NAMES[span.group], lang)}: {title_of(span, lang)}" for span in spans))
    denied = ' class="denied"' if first.weight < 0 else ""
    style = f"{_ink(first.group)};border-color:{COLOURS[last.group][1]}"
    return f'<mark{denied} style="{style}" title="{escape(told)}">{shown}</mark>'


def _visible(text: str) -> str:
    """Half an emoji cannot be written to a file: it is shown as the sign for what cannot be shown."""
    return (
        text.encode("utf-8", "replace").decode("utf-8") if any("\ud800" <= char <= "\udfff" for char in text) else text
    )


def _one_way(text: str) -> str:
    """Words in a table without what would turn the direction of writing around them."""
    return "".join(
        char for char in text if char not in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


def _ink(group: str) -> str:
    background, ink = COLOURS[group]
    return f"background:{background};color:{ink}"


def _scores(explanation: Explanation, lang: str) -> str:
    known = explanation.formula
    if known.formula is None:
        return ""
    rows = ""
    for name, score in (
        ("sign", known.sign),
        ("emotion", known.emotion),
        ("identity", known.identity),
        ("formula", known.formula),
    ):
        words = ", ".join(f"{part.text} ({number(part.weight, lang, 2)})" for part in known.parts.get(name, ())[:6])
        rows += (
            f'<tr><th scope="row">{escape(t(name, lang))}</th><td>{number(score or 0.0, lang)}</td>'
            f'<td><span class="bar" style="width:{(score or 0.0) / 10:.1f}rem"></span></td>'
            f"<td><small>{escape(_visible(_one_way(words)))}</small></td></tr>"
        )
    told = t(
        "Scores are percentiles among {n} texts ({reference}): they describe the content and forecast nothing.",
        lang,
        n=known.n_reference,
        reference=known.reference,
    )
    return f"<table>{rows}</table><p><small>{escape(told)}</small></p>"
