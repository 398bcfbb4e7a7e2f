"""A look at a file as the values of a contact sheet, in a language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from otklik.language import t
from otklik.media.look import Look
from otklik.media.strip import from_strip
from otklik.report.look_rows import Rows
from otklik.report.sheet_values import Lane, Mark, Sheet, Thumbnail, Words

MOST_SIGNS = 4
QUIET_DB, LOUD_DB = -50.0, -6.0
"""Ends of the lane of loudness, in LUFS."""
VOICES = {"speech": "Speech", "singing": "Singing", "music": "Music"}


def sheet_of(look: Look, lang: str) -> Sheet:
    """The contact sheet of a look."""
    seen, rows = look.screening, Rows(look, lang)
    pictures = from_strip(look.strip, len(seen.strip_times))
    return Sheet(
        title=look.path.name,
        duration_s=seen.duration_s or 0.0,
        facts=rows.head(),
        thumbnails=tuple(Thumbnail(at, rgb) for at, rgb in zip(seen.strip_times, pictures, strict=True)),
        cuts=tuple(Mark(cut.at_s, cut.until_s, cut.kind) for cut in seen.cuts or ()),
        lanes=tuple(_lanes(look, rows, lang)) if seen.duration_s else (),
        palette=tuple((colour.hex, colour.share) for colour in seen.style.palette) if seen.style else (),
        findings=tuple((row.label, row.value) for row in rows.all()),
        notes=tuple(rows.remarks()),
        words=_words(lang),
    )


def _words(lang: str) -> Words:
    return Words(
        hook=t("Hook", lang),
        cuts=t("Cuts", lang),
        hard=t("cut", lang),
        dissolve=t("dissolve", lang),
        fade=t("fade", lang),
        s=t("s", lang),
        palette=t("Palette", lang),
        notes=t("Remarks", lang),
        decimal="," if lang == "ru" else ".",
    )


def _lanes(look: Look, rows: Rows, lang: str) -> Iterator[Lane]:
    seen = look.screening
    best = sorted(seen.sign_scores, key=lambda name: -max(seen.sign_scores[name]))[:MOST_SIGNS]
    for name in best:
        times = next((one.times for one in look.symbols.signs if one.name == name), ()) if look.symbols else ()
        shown = zip(seen.picture_times, seen.sign_scores[name], strict=True)
        points = tuple((at, value) for at, value in shown if round(at, 3) in times)
        if points:
            yield Lane(rows.sign(name), points)
    for own in look.symbols.labels if look.symbols else ():
        if own.seen:
            yield Lane(own.name, tuple((at, own.most) for at in own.times))
    if seen.face_times:
        yield Lane(t("Faces", lang), tuple((at, 1.0) for at in seen.face_times), "dots", "picture")
    if seen.overlay is not None and seen.overlay.lines:
        shown_at = sorted({line.at_s for line in seen.overlay.lines})
        yield Lane(t("Text", lang), tuple((at, 1.0) for at in shown_at), "dots", "picture")
    if seen.motion is not None and seen.motion.timeline:
        yield Lane(t("Motion", lang), _curve(seen.motion.timeline, seen.motion.step_s), "curve", "picture")
    if seen.sound is not None:
        loud = np.array(seen.sound.loudness.over_time_db)
        values = np.clip((loud - QUIET_DB) / (LOUD_DB - QUIET_DB), 0, 1).tolist()
        yield Lane(t("Loudness", lang), _points(values, seen.sound.loudness.step_s), "curve", "sound")
        for kind, name in VOICES.items():
            spans = [(one.start_s, one.end_s) for one in seen.sound.voices.stretches if one.kind == kind]
            if spans:
                yield Lane(t(name, lang), _bars(spans, seen.sound.duration_s), "bars", "sound")


def _points(values: Sequence[float | None], step_s: float) -> tuple[tuple[float, float | None], ...]:
    return tuple(((number + 0.5) * step_s, value) for number, value in enumerate(values))


def _curve(values: Sequence[float | None], step_s: float) -> tuple[tuple[float, float | None], ...]:
    """A measure without a scale of its own, relative to its 95th percentile: a single flash must not flatten it."""
    known = np.array([value for value in values if value is not None and np.isfinite(value)])
    top = float(np.percentile(known, 95)) if len(known) else 0.0
    told = [None if value is None or not np.isfinite(value) else min(1.0, value / (top or 1.0)) for value in values]
    return _points(told, step_s)


def _bars(spans: Sequence[tuple[float, float]], until_s: float) -> tuple[tuple[float, float | None], ...]:
    """Steps: 1 inside the spans and 0 outside."""
    points: list[tuple[float, float | None]] = [(0.0, 0.0)]
    for start, end in sorted(spans):
        points += [(start, 1.0), (end, 0.0)]
    points.append((until_s, 0.0))
    return tuple(sorted(dict(points).items()))
