"""How collecting goes, as HTML: looks taken, times without a pass, quota left."""

from __future__ import annotations

from html import escape

from otklik.board import words
from otklik.board.state import Bucket, Gap, Looks, State
from otklik.language import number, percent, t

GOOD, FAIR = 0.95, 0.8
"""Shares of looks taken that are well, and that want a second look."""
MOST_GAPS = 6


def health(state: State, lang: str) -> str:
    """Coverage, gaps and quota."""
    return f'<div class="two">{_looks(state, lang)}{_quota(state, lang)}</div>'


def _table(heads: tuple[str, ...], rows: list[str], lang: str) -> str:
    cells = "".join(f'<th scope="col">{escape(t(head, lang))}</th>' for head in heads)
    table = f"<table><thead><tr>{cells}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f'<div class="wide" role="group" tabindex="0">{table}</div>'


HEADS = ("platform", "followed", "due now", "late", "looks taken")


def _looks(state: State, lang: str) -> str:
    hint = t("Looks that the cadence asked for in the last 24 hours and that were taken.", lang)
    rows = [_platform(one, lang) for one in state.looks]
    table = _table(HEADS, rows, lang) if rows else f"<p>{escape(t('Nothing is followed yet.', lang))}</p>"
    return (
        f'<section aria-labelledby="looks"><h2 id="looks">{escape(t("Collecting", lang))}</h2>'
        f'<p class="hint">{escape(hint)}</p>{table}{_gaps(state, lang)}</section>'
    )


def _platform(one: Looks, lang: str) -> str:
    counts = "".join(f"<td>{number(value, lang)}</td>" for value in (one.followed, one.due, one.late))
    if one.share is None:
        share = f"<td>{escape(t('none were due', lang))}</td>"
    else:
        state = "good" if one.share >= GOOD else "fair" if one.share >= FAIR else "bad"
        of = t("{taken} of {all}", lang, taken=number(one.taken, lang), all=number(one.expected, lang))
        share = (
            f'<td>{_bar(one.share, state)}<b class="{state}">{percent(one.share, lang, 1)}</b> <small>{of}</small></td>'
        )
    return f'<tr><th scope="row">{words.safe(one.platform, 20)}</th>{counts}{share}</tr>'


def _gaps(state: State, lang: str) -> str:
    if not state.gaps:
        return ""
    items = "".join(f"<li>{escape(_gap(gap, state.zone, lang))}</li>" for gap in state.gaps[:MOST_GAPS])
    rest = len(state.gaps) - MOST_GAPS
    more = f"<li>{escape(t('and {n} more', lang, n=rest))}</li>" if rest > 0 else ""
    head = t("No passes were made (times in {zone}):", lang, zone=state.zone)
    return f'<p class="gaps">{escape(head)}</p><ul class="gaps">{items}{more}</ul>'


def _gap(gap: Gap, zone: str, lang: str) -> str:
    start = words.day_clock(gap.start, zone, lang)
    if gap.end is None:
        return t("since {start}, and still", lang, start=start)
    length = words.age((gap.end - gap.start).total_seconds() / 3600, lang)
    return f"{start} – {words.day_clock(gap.end, zone, lang)} ({length})"


QUOTA_HEADS = ("quota", "left", "limit", "fresh from")


def _quota(state: State, lang: str) -> str:
    if not state.buckets:
        return ""
    hint = t("Calls left until the quota is fresh; booked before they are sent.", lang)
    rows = [_bucket(one, state.zone, lang) for one in state.buckets]
    return (
        f'<section aria-labelledby="quota"><h2 id="quota">{escape(t("Quota left", lang))}</h2>'
        f'<p class="hint">{escape(hint)}</p>{_table(QUOTA_HEADS, rows, lang)}</section>'
    )


def _bucket(one: Bucket, zone: str, lang: str) -> str:
    name = f'<th scope="row">{words.safe(one.platform, 20)} <small>{words.safe(one.name, 30)}</small></th>'
    if one.closed_until is not None:
        told = t("closed until {at}", lang, at=words.clock(one.closed_until, zone))
        return f'<tr>{name}<td colspan="3"><b class="bad">{escape(told)}</b></td></tr>'
    if one.limit is None or one.left is None:
        told = t("no limit is published; {n} calls of late", lang, n=one.spent)
        return f'<tr>{name}<td colspan="3"><small>{escape(told)}</small></td></tr>'
    share = one.left / one.limit if one.limit else 0.0
    state = "good" if share >= 0.2 else "fair" if share >= 0.05 else "bad"
    left = f'<td>{_bar(share, state)}<b class="{state}">{number(one.left, lang)}</b></td>'
    fresh = escape(words.clock(one.resets_at, zone))
    return f"<tr>{name}{left}<td>{number(one.limit, lang)}</td><td>{fresh}</td></tr>"


def _bar(share: float, state: str) -> str:
    """A share as a bar; the number stands beside it."""
    return (
        f'<svg class="bar {state}" viewBox="0 0 60 6" aria-hidden="true">'
        '<rect class="all" width="60" height="6" rx="3"/>'
        f'<rect width="{60 * min(max(share, 0.0), 1.0):.1f}" height="6" rx="3"/></svg>'
    )
