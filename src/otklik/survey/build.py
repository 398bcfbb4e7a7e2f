"""A survey put together: of a whole corpus, or of one author."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pandas as pd

from otklik.content.explanation import Explanation, explain
from otklik.content.reader import joined
from otklik.dataset.corpus import Corpus
from otklik.dataset.targets import MATURE, VIEWS_24H, Target, labels
from otklik.errors import ConfigurationError, DataError
from otklik.models.forecast import Note
from otklik.survey.bands import bands
from otklik.survey.hours import hours
from otklik.survey.lifts import Lifts, lifts
from otklik.survey.placed import placed
from otklik.survey.recent import recent
from otklik.survey.scores import formula_scores
from otklik.survey.seen import coverage
from otklik.survey.values import Survey

MOST_READ = 2000
"""Texts that are read, those of the newest posts with a multiple: some two seconds a thousand."""
N_STEPS = 6

Progress = Callable[[str, int, int | None], None]


def author_of(posts: pd.DataFrame, snapshots: pd.DataFrame, author: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The posts and looks of one author.

    Args:
        posts: frame in the import format.
        snapshots: frame in the import format.
        author: ``platform:author_id``.

    Raises:
        ConfigurationError: when it is no such name.
        DataError: when the author has no posts.
    """
    platform, colon, author_id = author.partition(":")
    if not (platform and colon and author_id):
        raise ConfigurationError("expected an author such as youtube:UC... or vk:-1, but got {author!r}", author=author)
    mine = posts[(posts["platform"] == platform) & (posts["author_id"] == author_id)]
    if mine.empty:
        known = (posts["platform"] + ":" + posts["author_id"]).value_counts()
        raise DataError(
            "the author {author} has no posts here; those with the most are {labels}",
            author=author,
            labels=", ".join(str(one) for one in known.index[:3]) or "—",
        )
    keys = pd.MultiIndex.from_frame(mine[["platform", "post_id"]])
    looked = pd.MultiIndex.from_frame(snapshots[["platform", "post_id"]])
    return mine.reset_index(drop=True), snapshots[looked.isin(keys)].reset_index(drop=True)


def survey(
    corpus: Corpus,
    *,
    data: str,
    as_of: datetime,
    zone: str,
    target: Target | None = None,
    author: str | None = None,
    is_simulated: bool = False,
    seed: int = 0,
    on_progress: Progress = lambda *_: None,
) -> Survey:
    """A corpus, or one author, surveyed.

    Args:
        corpus: posts and looks as known at ``as_of``; of one author where ``author`` is given.
        data: name of the data.
        as_of: the instant of the survey.
        zone: the audience's time zone.
        target: which views are compared; by default those at 24 h, and mature ones where no post has the former.
        author: ``platform:author_id``.
        is_simulated: whether the posts are made up.
        seed: of everything drawn.
        on_progress: called with a stage, how much is done and of how much.

    Raises:
        DataError: when there are no posts.
    """
    if not len(corpus):
        raise DataError("{data} holds no posts: import or collect some first", data=data)
    goal, label, notes = _goal(corpus, target)
    found = lifts(corpus, label, zone)
    on_progress("survey", 1, N_STEPS)
    read = _read(corpus, found)
    on_progress("survey", 3, N_STEPS)
    alone = author is not None
    times = hours(found, zone, is_author=alone, seed=seed)
    on_progress("survey", 5, N_STEPS)
    kept = found.at(np.isin(found.rows, np.array(sorted(read), np.int64)))
    first, last = (corpus.posts["published_at"].iloc[at].to_pydatetime() for at in (0, -1))
    done = Survey(
        subject=author or data,
        is_author=alone,
        data=data,
        as_of=as_of,
        zone=zone,
        target=goal.name,
        is_simulated=is_simulated,
        n_posts=len(corpus),
        n_authors=len(np.unique(corpus.author)),
        n_looks=len(corpus.looks.row),
        first=first,
        last=last,
        bands=bands(corpus, goal, label),
        hours=times,
        formula=formula_scores([read[int(row)] for row in kept.rows], kept, is_author=alone, seed=seed),
        recent=recent(corpus, found, read, is_author=alone, seed=seed),
        coverage=coverage(corpus, goal, label, as_of),
        posts=placed(corpus, goal, label) if alone else (),
        notes=notes,
    )
    on_progress("survey", N_STEPS, N_STEPS)
    return done


def _goal(corpus: Corpus, asked: Target | None) -> tuple[Target, pd.DataFrame, tuple[Note, ...]]:
    """The target with its labels; without one asked for, mature views where nothing is known at 24 h."""
    if asked is not None:
        return asked, labels(corpus, asked), ()
    label = labels(corpus, VIEWS_24H)
    if label["value"].notna().any():
        return VIEWS_24H, label, ()
    mature = labels(corpus, MATURE)
    if mature["value"].isna().all():
        return VIEWS_24H, label, (Note("No post has been seen near the age of 24 h yet: most parts need that."),)
    note = Note(
        "No post was seen near the age of 24 h; views are the first counter seen {days} days after publication or "
        "later.",
        {"days": int(MATURE.settled_h / 24)},
    )
    return MATURE, mature, (note,)


def _read(corpus: Corpus, found: Lifts) -> dict[int, Explanation]:
    """What the texts of the newest posts with a multiple say, by row; posts without a text are passed over."""
    worded = corpus.posts[["title", "text", "tags"]].fillna("").agg("".join, axis=1).str.strip() != ""
    rows = found.rows[worded.to_numpy(bool)[found.rows]][-MOST_READ:]
    part = corpus.posts.iloc[rows]
    texts = [
        joined(*(None if pd.isna(one) else str(one) for one in told))
        for told in zip(part["title"], part["text"], part["tags"], strict=True)
    ]
    return dict(zip((int(row) for row in rows), explain(texts, tag_names=False), strict=True))
