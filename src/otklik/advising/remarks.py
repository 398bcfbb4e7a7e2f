"""What a person must know before following advice: what the chances rest on, and what they do not say."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.advising.advice import Entry
from otklik.advising.scored import rule_of
from otklik.models.card import ModelFolder
from otklik.models.forecast import Forecast, Note
from otklik.models.pairs import FEW_PAIRS, PairLaw
from otklik.scoring import views_forecaster

_NOT_CALIBRATED = (
    "This model has kept no pairs of posts, so how often a difference like these comes true is not known: "
    "what is told is the difference of two forecasts."
)
_FEW = "The chances rest on few pairs of posts (n = {n}, authors: {authors}): below {few} pairs they are a rough guide."
_COUNTED = (
    "The chances are counted on {n} pairs of posts (authors: {authors}): how often, of two posts of one author, "
    "the one forecast higher really reached more."
)
_NO_CAUSE = (
    "That posts like this one reached more does not prove that the change is the reason: "
    "`otklik experiment` can find out."
)
_COVER = "The model has learned from no covers: a change of the cover does not move the forecast."
_VIDEO = "The model has learned from no video files: of a change of the video only its length moves the forecast."
_RULES = "The platform counts the views of some variants by another rule: their numbers are not comparable."
ALONE = "The hours are forecast as if nothing else came out in between."


def notes_of(
    folder: ModelFolder, law: PairLaw | None, entries: Sequence[Entry], forecasts: Sequence[Forecast]
) -> tuple[Note, ...]:
    """What a person must know before following the advice."""
    changed = {change.field for entry in entries for change in entry.changes}
    notes = []
    if law is None:
        notes.append(Note(_NOT_CALIBRATED))
    else:
        notes.append(Note(_COUNTED, {"n": law.n_pairs, "authors": law.n_authors}))
        if law.n_pairs < FEW_PAIRS:
            notes.append(Note(_FEW, {"n": law.n_pairs, "authors": law.n_authors, "few": FEW_PAIRS}))
    if "cover" in changed:
        notes.append(Note(_COVER))
    if "video" in changed and not _sees_files(folder):
        notes.append(Note(_VIDEO))
    if len({rule_of(one) for one in forecasts}) > 1:
        notes.append(Note(_RULES))
    return (*notes, Note(_NO_CAUSE))


def _sees_files(folder: ModelFolder) -> bool:
    return bool(views_forecaster(folder).ours.tasks[False].files)
