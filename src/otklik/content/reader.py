"""From a text to what it says: one pass of the lexicon, then a rule book a group.

Everything here is a pure function of the text: no corpus, no counters, nothing learned from outcomes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from otklik.content import emotions as feelings
from otklik.content import identities, names, people, places, symbols
from otklik.content.languages import language_of, token_languages
from otklik.content.lexicon import Match, lexicon
from otklik.content.plain import Plain, plain
from otklik.content.reading import Reading, Span
from otklik.content.taxonomy import OTHER_LANGUAGE
from otklik.content.tokens import Token, tokens

MOST_TAGGED = 5_000
"""Characters of a text that Slovnet is shown."""


def joined(title: str | None, text: str | None, tags: str | None = None) -> str:
    r"""The parts of a post as one text, a line each.

    >>> joined("Казань", None, "неон,Кремль")
    'Казань\n#неон #Кремль'
    """
    marked = " ".join("#" + tag.strip().replace(" ", "_") for tag in (tags or "").split(",") if tag.strip())
    return "\n".join(part for part in (title, text, marked) if part)


@lru_cache(maxsize=50_000)
def read(text: str) -> Reading:
    """What a text says, by lexicon and rules.

    >>> found = read("Мечеть Кул-Шариф в неоне: горжусь нашим городом!")
    >>> found.regions, found.signs, found.styles, found.emotions, found.has_identity
    (['RU-TA'], ['mosque'], ['neon_cyberpunk'], ['pride'], True)
    """
    flat = plain(text)
    row = tokens(flat)
    language = language_of(row)
    if language == OTHER_LANGUAGE:
        felt, _ = feelings.emotions((), (), flat, {} if any(token.key.isalpha() for token in row) else lexicon().emoji)
        return Reading(text, language, len(row), tuple(_emotion_spans(felt, flat)), is_cut=flat.is_cut)
    languages = token_languages(row, language)
    turkic = [one in ("tt", "ba") for one in languages]
    known = lexicon()
    matches = known.matches(row, turkic)
    meant, abroad = places.resolve(matches, row, turkic, flat.text)
    spans = [_match_span(one, row, flat, "place", one.entry.label, one.entry.regions) for one in meant]
    spans += [_match_span(one, row, flat, "foreign", one.entry.label) for one in abroad]
    n_places = len({(one.entry.label, one.entry.regions) for one in meant})
    spans += _sign_spans(matches, row, flat)
    spans += _style_spans(matches, row, flat)
    felt, is_ironic = feelings.emotions(matches, row, flat, known.emoji)
    spans += _emotion_spans(felt, flat)
    for start, end, name, weight in identities.identities(known, matches, meant, row, turkic, flat.text):
        spans.append(
            _span(flat, row[start].start, row[end - 1].end, "identity", name, name, weight=weight, source="lexicon")
        )
    for one in people.people(matches, meant, row):
        name = people.name_in(one, row)
        spans.append(_match_span(one, row, flat, "person", name, one.entry.regions, label=name))
    counted = {name: languages.count(name) for name in dict.fromkeys(languages)}
    return Reading(
        text,
        language,
        len(row),
        tuple(_in_order(spans)),
        counted,
        is_cut=flat.is_cut,
        has_irony=is_ironic,
        n_places=n_places,
    )


def _emotion_spans(felt: Sequence[feelings.Felt], flat: Plain) -> list[Span]:
    classes = lexicon().classes
    return [
        _span(
            flat,
            one.start,
            one.end,
            "emotion",
            one.name,
            str(classes[f"emotion/{one.name}"]["title"]["ru"]),
            weight=one.weight,
        )
        for one in felt
    ]


def with_names(readings: Sequence[Reading]) -> list[Reading]:
    """Readings with the people that Slovnet finds in Russian texts and the lexicon does not know."""
    found = list(readings)
    russian = [i for i, one in enumerate(readings) if one.language == "ru" and any(char.isupper() for char in one.text)]
    shown = {i: _without_stress(readings[i].text) for i in russian}
    for i, tagged in zip(russian, names.names([shown[i][0] for i in russian]), strict=True):
        new = _new_people(readings[i], *shown[i], tagged)
        found[i] = replace(readings[i], spans=tuple(_in_order([*readings[i].spans, *new])))
    return found


def _without_stress(text: str) -> tuple[str, list[int]]:
    """The text that the tagger sees, and the place in the original of each of its characters and of its end."""
    places = [at for at, char in enumerate(text[:MOST_TAGGED]) if char not in "\u0300\u0301"]
    return "".join(text[at] for at in places), [*places, min(len(text), MOST_TAGGED)]


def _new_people(one: Reading, shown: str, places_of: Sequence[int], tagged: Sequence[names.Name]) -> list[Span]:
    known = [span for span in one.spans if span.group in ("place", "foreign", "person")]
    flat = plain(one.text)
    row = tokens(flat)
    at = {flat.span(token.start, token.end)[0]: number for number, token in enumerate(row)}
    new = []
    for name in tagged:
        said = shown[name.start : name.end]
        start, end = places_of[name.start], places_of[name.end]
        words = said.split()
        if name.kind != "PER" or len(words) < 2 or not names.is_name_of_person(words):
            continue
        first = at.get(start)
        if first is not None and people.is_named_after(row, first, first + len(words)):
            continue
        if not any(span.start < end and start < span.end for span in known):
            label = names.normal(said)
            new.append(Span(start, end, one.text[start:end], "person", label, label, source="slovnet"))
    return new


def _sign_spans(matches: Sequence[Match], row: Sequence[Token], flat: Plain) -> list[Span]:
    """Spans of signs, the longest where two of one class overlap, the lightest where they are equal."""
    kept: list[tuple[Match, str, float]] = []
    for one, name, weight in sorted(
        symbols.signs(matches, row), key=lambda found: (-found[0].length, found[2], found[0].start)
    ):
        if not any(other.overlaps(one) and name == known for other, known, _ in kept):
            kept.append((one, name, weight))
    bronze = [(row[at].start, row[at + 1].end) for at in symbols.bronze_people(row)]
    named = [_span(flat, start, end, "sign", "monument", "Памятник", source="rule") for start, end in bronze]
    return named + [
        _match_span(one, row, flat, "sign", name, label=one.entry.label, weight=weight) for one, name, weight in kept
    ]


def _style_spans(matches: Sequence[Match], row: Sequence[Token], flat: Plain) -> list[Span]:
    kept: list[tuple[Match, str]] = []
    for one, name in sorted(symbols.styles(matches, row), key=lambda found: (-found[0].length, found[0].start)):
        if not any(other.overlaps(one) and name == known for other, known in kept):
            kept.append((one, name))
    spans = [_match_span(one, row, flat, "style", name, label=one.entry.label) for one, name in kept]
    for at in symbols.future_years(row):
        token = row[at]
        spans.append(_span(flat, token.start, token.end, "style", "futuristic", token.key, source="rule"))
    return spans


def _match_span(
    match: Match, row: Sequence[Token], flat: Plain, group: str, name: str, regions: tuple[str, ...] = (),
    *, label: str | None = None, weight: float = 1.0,
) -> Span:  # fmt: skip
    start, end = row[match.start].start, row[match.end - 1].end
    return _span(
        flat, start, end, group, name, label or match.entry.label, weight=weight, regions=regions, kind=match.entry.kind
    )


def _span(
    flat: Plain, start: int, end: int, group: str, name: str, label: str,
    *, weight: float = 1.0, regions: tuple[str, ...] = (), kind: str = "", source: str = "lexicon",
) -> Span:  # fmt: skip
    first, last = flat.span(start, end)
    return Span(first, last, flat.original[first:last], group, name, label, weight, regions, kind, source)


def _in_order(spans: list[Span]) -> list[Span]:
    return sorted(dict.fromkeys(spans), key=lambda one: (one.start, -one.end, one.group))
