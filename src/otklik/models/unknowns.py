"""What a model cannot know of a post, as notes for the reader; each stands only where it is true of this post."""

from __future__ import annotations

import math
from datetime import datetime

from otklik.dataset.corpus import Corpus
from otklik.features import Table
from otklik.features.author import OWN_SOURCES, SOURCES
from otklik.features.readings import readings
from otklik.models.card import Card
from otklik.models.forecast import Note
from otklik.units import age_h

RARE = 300
"""With fewer posts of its platform and kind behind the model, that is said."""
AHEAD_DAYS = 2
"""A draft planned for so many days ahead comes out into a present that is not known."""
STALE_DAYS = 60
"""A history that ended so long before the post may tell of another time."""


def unknowns(card: Card, target: str, corpus: Corpus, table: Table, *, made_at: datetime) -> list[Note]:
    """What is missing for this post, most particular first; what is missing for every post comes last.

    Args:
        card: of the model.
        target: name of the target, a key of the card's reference.
        corpus: the posts that the table is of.
        table: one example.
        made_at: the instant of the forecast.
    """
    row = int(table.meta["row"].iloc[0])
    ahead = _days_ahead(corpus, row, made_at)
    return [
        *_rare(card, target, table),
        *_history(table, ahead),
        *_text(corpus, row),
        *_ahead(ahead),
        Note(
            "Paid promotion, reposts by large communities and what the platform recommends today are not known to the "
            "model: such a push can carry a post beyond the forecast."
        ),
    ]


def _rare(card: Card, target: str, table: Table) -> list[Note]:
    platform, kind = str(table.meta["platform"].iloc[0]), str(table.meta["kind"].iloc[0])
    n = int(card.reference.get(target, {}).get(f"{platform}/{kind}", [0, RARE])[1])
    if n >= RARE:
        return []
    return [
        Note(
            "The model has learned from few posts of this kind ({kind} on {platform}, n = {n}).",
            {"kind": kind, "platform": platform, "n": n},
        )
    ]


def _history(table: Table, ahead: float) -> list[Note]:
    """An author who is unknown, or was silent for long before the post (the time to a planned one not counted)."""
    if SOURCES[int(table.meta["baseline_source"].iloc[0])] not in OWN_SOURCES:
        followers = float(table.X["author__followers_lift"].iloc[0])
        return [] if math.isfinite(followers) else [Note("How many followers the author has is not known.")]
    days = math.expm1(float(table.X["author__hours_since_last_log"].iloc[0])) / 24 - max(ahead, 0.0)
    if not days >= STALE_DAYS:
        return []
    return [
        Note(
            "The author's last known post is {n} days older than this one: what was usual then may have changed.",
            {"n": round(days)},
        )
    ]


def _text(corpus: Corpus, row: int) -> list[Note]:
    post = corpus.posts.iloc[row]
    said = " ".join(str(post[name]) for name in ("title", "text") if isinstance(post[name], str)).strip()
    if not said:
        return [Note("The post has neither a title nor a text: what it is about is not known.")]
    if any(map(str.isalpha, said)) and readings(corpus)[row] is None:
        return [
            Note("The text is in a language that is not read: places, signs, emotions and people in it are unknown.")
        ]
    return []


def _ahead(days: float) -> list[Note]:
    if days < AHEAD_DAYS:
        return []
    return [
        Note(
            "The post comes out in {n} days: what the author publishes until then is not known.",
            {"n": math.floor(days)},
        )
    ]


def _days_ahead(corpus: Corpus, row: int, made_at: datetime) -> float:
    return -age_h(corpus.posts["published_at"].iloc[row].to_pydatetime(), made_at) / 24
