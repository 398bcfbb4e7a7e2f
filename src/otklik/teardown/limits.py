"""Section 10: what is not known, for this post."""

from __future__ import annotations

from otklik.models.forecast import Note
from otklik.records import Platform
from otklik.teardown.usual import FEW
from otklik.teardown.values import Teardown


def unknown(found: Teardown) -> tuple[Note, ...]:
    """What public counters and the store do not tell of this post, the more particular first."""
    notes = []
    if found.counters.first_look_h > 0.5:
        text = "What happened before the first look, at the age of {age_h}, was not seen."
        notes.append(Note(text, {"age_h": found.counters.first_look_h}))
    if found.usual.source != "none" and found.usual.n < FEW:
        notes.append(Note("The usual rests on {n} posts: multiples of it are rough.", {"n": found.usual.n}))
    if found.subject.age_h < found.compare_h + 1 and found.subject.views_24h is None:
        notes.append(Note("How it ends: the post is still young, and growth may stop or turn."))
    if found.evidence.facts is None:
        notes.append(Note("What the video shows and sounds like: its file was not looked at (otklik look --post)."))
    if found.story.changes == ():
        notes.append(Note("Whether title or cover changed between two looks and back again."))
    notes += [
        Note(
            "Who watched, from where and how long: sources of traffic, retention and clicks are the owner's statistics."
        ),
        Note("Whether it was advertised, and who reposted it: counters show sums, not their sources."),
        Note("What happened on other platforms: links and copies elsewhere are not followed here."),
    ]
    if found.subject.platform == Platform.VK:
        notes.append(Note("How many different people that was: on VK views count showings, and reach is the owner's."))
    notes.append(
        Note("Why it succeeded: one post has no counterfactual. `otklik experiment` tests a cause by drawing variants.")
    )
    return tuple(notes)
