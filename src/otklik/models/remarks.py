"""How far to trust a forecast, as notes for the reader: its baseline, its interval, and what the model learned from."""

from __future__ import annotations

from datetime import UTC, datetime

from otklik.features import Table
from otklik.models.base import is_live
from otklik.models.card import Card
from otklik.models.conformal import MIN_SCORES
from otklik.models.forecast import Baseline, Note
from otklik.models.forecaster import Forecaster
from otklik.view_rules import view_rule

FEW_POSTS = 10
"""With fewer posts behind it a baseline is too rough for a multiple: the interval of views is told instead."""

_SEES_NO_FILES = (
    "The model reads the title, the text, the clock and the author's past; "
    "it has learned from no video files: what the file shows and sounds like does not move the forecast."
)
_SEES_FILES = (
    "The model has also learned from what the files of posts show and sound like; "
    "of this one it knows what was looked at."
)


def remarks(card: Card, forecaster: Forecaster, base: Baseline, table: Table, n_calibration: int) -> list[Note]:
    """How far to trust a forecast, most important first.

    Args:
        card: of the model.
        forecaster: of the target.
        base: the baseline of the post.
        table: one example.
        n_calibration: matured posts behind its interval.
    """
    platform, kind = table.meta["platform"].iloc[0], table.meta["kind"].iloc[0]
    trained = f"{platform}/{kind}" in card.reference[forecaster.target.name]
    published = datetime.fromtimestamp(table.meta["published_us"].iloc[0] / 1e6, UTC)
    notes = []
    if base.source == "reference":
        text = (
            "Nothing is known of the author: "
            "the baseline is the median of posts by others in the training data (n = {n})."
        )
        notes.append(Note(text, {"n": base.n_posts}))
    elif base.n_posts is None:
        notes.append(Note("It is not known over how many posts the usual is a median: look at the interval."))
    elif base.n_posts < FEW_POSTS:
        text = "The usual is a median of few posts (n = {n}): below {few} no multiple of it is told, only the interval."
        notes.append(Note(text, {"n": base.n_posts, "few": FEW_POSTS}))
    if base.source == "author_looks":
        text = (
            "No post of the author was seen near the horizon: the usual is what {n} looks at other ages say, "
            "carried along growth curves; the interval allows for their spread."
        )
        notes.append(Note(text, {"n": base.n_posts}))
    if n_calibration == 0:
        text = "The interval is not calibrated: fewer than {n} comparable forecasts have matured."
        notes.append(Note(text, {"n": MIN_SCORES}))
    if not trained:
        notes.append(Note("The model has seen no {kind} on {platform}.", {"kind": kind, "platform": platform}))
    if view_rule(platform, kind, published) != view_rule(platform, kind, card.trained_until):
        text = (
            "{platform} has changed how it counts views since the model was trained ({until}): "
            "trust the multiple more than the number of views."
        )
        notes.append(Note(text, {"platform": platform, "until": card.trained_until.date().isoformat()}))
    notes.append(Note(_SEES_FILES if forecaster.ours.tasks[bool(is_live(table)[0])].files else _SEES_NO_FILES))
    text = "It learned from {n} posts of other audiences ({data}); of yours it knows what your history says."
    n_posts = sum(int(entry["n_labelled"]) for entry in card.trained_on)
    names = ", ".join(str(entry["data"]) for entry in card.trained_on)
    notes.append(Note(text, {"n": n_posts, "data": names}))
    return notes
