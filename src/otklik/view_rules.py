"""What a platform counted as a view, and when that changed.

A view is not one thing: the same clip has other numbers under another rule, so histories and models must
not pool posts across a change silently. The dates are the platforms' own announcements.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from otklik.records import Kind, Platform

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True, slots=True)
class RuleChange:
    """From ``since`` on, posts of ``kinds`` (None: all) on ``platform`` count views by the rule ``name``."""

    platform: str
    kinds: frozenset[str] | None
    since: datetime
    name: str


CHANGES = (
    # YouTube Shorts: every start or replay counts (YouTube help, 2025-03-31).
    RuleChange(Platform.YOUTUBE, frozenset({Kind.SHORT}), datetime(2025, 3, 31, tzinfo=UTC), "starts_2025"),
    # YouTube, all formats: autoplay and hover starts count (Data API revision history, 2026-08-24).
    RuleChange(Platform.YOUTUBE, None, datetime(2026, 8, 24, tzinfo=UTC), "autoplay_2026"),
    # VK long video: a view counts after five seconds (announced 2026-02-03); clips and posts unchanged.
    RuleChange(Platform.VK, frozenset({Kind.VIDEO, Kind.LIVE}), datetime(2026, 2, 3, tzinfo=UTC), "five_s_2026"),
)

ORIGINAL = "original"
"""The rule before any change that is known here."""


def view_rule(platform: str, kind: str, at: datetime) -> str:
    """The rule by which ``platform`` counted views of ``kind`` at the instant ``at``.

    >>> view_rule("youtube", "short", datetime(2025, 3, 30, tzinfo=UTC))
    'original'
    >>> view_rule("youtube", "short", datetime(2026, 8, 24, tzinfo=UTC))
    'autoplay_2026'
    """
    rule = ORIGINAL
    for change in CHANGES:
        if change.platform == platform and (change.kinds is None or kind in change.kinds) and at >= change.since:
            rule = change.name
    return rule


def view_rules(platform: pd.Series, kind: pd.Series, at: pd.Series) -> np.ndarray:
    """:func:`view_rule` for whole columns: an object array of rule names, one a row."""
    import numpy as np

    rules = np.full(len(platform), ORIGINAL, dtype=object)
    for change in CHANGES:
        hit = (platform == change.platform).to_numpy() & (at >= change.since).to_numpy()
        if change.kinds is not None:
            hit &= kind.isin(change.kinds).to_numpy()
        rules[hit] = change.name
    return rules
