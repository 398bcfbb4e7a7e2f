"""The only assembler of features: the same code for training, for a live post and for a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from otklik import units
from otklik.dataset.corpus import Corpus, Media, microseconds
from otklik.dataset.examples import Examples
from otklik.dataset.targets import VIEWS_24H, Target, labels
from otklik.features import (
    author,
    cadence,
    calendar,
    early,
    emotion,
    identity,
    level,
    media,
    people,
    place,
    precedent,
    sign,
    style,
    text,
)
from otklik.features.catalog import DRAFT, Context, Feature, Floats
from otklik.features.readings import vectors

CONTENT = (place, sign, style, emotion, identity, people)
"""The groups that tell what a text says."""
CATALOG: tuple[Feature, ...] = (
    *calendar.FEATURES,
    *text.FEATURES,
    *precedent.FEATURES,
    *(feature for group in CONTENT for feature in group.FEATURES),
    *author.FEATURES,
    *level.FEATURES,
    *cadence.FEATURES,
    *early.FEATURES,
)
"""Every feature that any post has; those of its file (:data:`otklik.features.media.FEATURES`) come on top."""
NEEDS_HISTORY = (
    *author.BEYOND_SUMMARY,
    *level.HISTORY,
    *(feature.name for feature in cadence.FEATURES),
    *precedent.HISTORY,
    *place.HISTORY,
    *sign.HISTORY,
    *people.HISTORY,
)
"""Features that are not known of an author of whom only a summary is given."""


def names(*, draft: bool, files: bool = False) -> list[str]:
    """Names of the features known at age 0 (``draft``), or of all; with those of files where they are asked for.

    >>> any(name.startswith("early__") for name in names(draft=True))
    False
    >>> "hook__n_cuts_3s" in names(draft=True), "hook__n_cuts_3s" in names(draft=True, files=True)
    (False, True)
    """
    plain = [feature.name for feature in CATALOG if not draft or feature.known_from_h == DRAFT]
    return [*plain, *(media.NAMES if files else ())]


@dataclass(frozen=True)
class Table:
    """Examples ready for a model: ``X`` by feature name, and beside it what places and judges each.

    ``meta`` has one row an example: row, author, platform, kind, published_us, cutoff_us, age_h (0 for a draft),
    look_age_h, size (the target's counter at the last look), baseline_log, baseline_source, baseline_n,
    baseline_p25_log and baseline_p75_log (the middle half of the posts behind it), hit_log (nine of ten stay below),
    followers_log, and the label: y_log, width_h, known_us, is_matured.
    """

    X: pd.DataFrame
    meta: pd.DataFrame
    vectors: NDArray[np.float32] | None = None
    """What the text of each example is about, shape ``(n, 300)``, NaN without; a model makes topics of it."""

    def __len__(self) -> int:
        return len(self.X)

    def at(self, mask: np.ndarray) -> Table:
        """The examples that a boolean mask or an index picks, renumbered."""
        X, meta = self.X.loc[mask].reset_index(drop=True), self.meta.loc[mask].reset_index(drop=True)
        return Table(X, meta, None if self.vectors is None else self.vectors[mask])

    @classmethod
    def joined(cls, parts: Sequence[Table]) -> Table:
        """One table of several, one below the other."""
        vectors = [part.vectors for part in parts if part.vectors is not None]
        return cls(
            pd.concat([part.X for part in parts], ignore_index=True),
            pd.concat([part.meta for part in parts], ignore_index=True),
            np.concatenate(vectors) if len(vectors) == len(parts) else None,
        )

    @property
    def y_log(self) -> Floats:
        """log(1 + target) of each example; NaN where the target is not known."""
        return self.meta["y_log"].to_numpy()


def build(
    posts: pd.DataFrame,
    snapshots: pd.DataFrame,
    cutoff: datetime | pd.Series,
    *,
    zone: str = "UTC",
    target: Target = VIEWS_24H,
    files: Media | None = None,
) -> pd.DataFrame:
    """Features of every post as of a cutoff, from nothing that was seen after it.

    Args:
        posts: frame in the import format, any number of authors.
        snapshots: frame in the import format; later looks may be in it and change nothing.
        cutoff: one aware instant for all posts, or a series of instants with the index of ``posts``.
        zone: IANA name of the audience's time zone.
        target: whose counter the early features follow and whose history makes the baseline.
        files: what the files of posts show, by platform and post id (:func:`otklik.features.media.media_facts`).

    Returns:
        One row a post with the index of ``posts``, one column a feature of :data:`CATALOG`, and of files where
        ``files`` are given. A post that the cutoff precedes is a draft: its early features are NaN.
    """
    corpus = Corpus.of(posts, snapshots, files)
    keys = pd.MultiIndex.from_frame(corpus.posts[["platform", "post_id"]])
    rows = keys.get_indexer(pd.MultiIndex.from_frame(posts[["platform", "post_id"]])).astype(np.int64)
    at = cutoff if isinstance(cutoff, pd.Series) else pd.Series([units.utc(cutoff)] * len(posts), index=posts.index)
    table = assemble(corpus, Examples(rows, microseconds(at)), target=target, zone=zone)
    return table.X.set_index(posts.index)


def assemble(corpus: Corpus, examples: Examples, *, target: Target, zone: str) -> Table:
    """Features and labels of examples of a corpus; :func:`build` for many cutoffs at once."""
    label = labels(corpus, target)
    context = Context(corpus, examples, target, label, units.zone(zone))
    base = author.baselines(context)
    levels = level.compute(context, base)
    columns = {
        **calendar.compute(context),
        **text.compute(context),
        **precedent.compute(context),
        **{name: column for group in CONTENT for name, column in group.compute(context).items()},
        **author.compute(context, base),
        **levels,
        **cadence.compute(context),
        **early.compute(context, base, levels["author__looks_level_lift"]),
        **media.compute(context),
    }
    told = names(draft=False, files=corpus.media is not None)
    return Table(
        pd.DataFrame(columns, columns=told, index=pd.RangeIndex(len(examples))),
        _meta(context, base),
        vectors(corpus)[examples.rows],
    )


def _meta(context: Context, base: author.Baselines) -> pd.DataFrame:
    corpus, rows = context.corpus, context.rows
    size, look_age = early.last_size(context)
    label = context.label.take(rows).reset_index(drop=True)
    return pd.DataFrame(
        {
            "row": rows,
            "author": corpus.author[rows],
            "platform": context.column("platform"),
            "kind": context.column("kind"),
            "published_us": corpus.published_us[rows],
            "cutoff_us": context.cutoff_us,
            "age_h": np.maximum(context.age_h, 0.0),
            "look_age_h": look_age,
            "size": size,
            "baseline_log": base.log,
            "baseline_source": base.source,
            "baseline_n": base.n_posts,
            "baseline_p25_log": base.quarters[0],
            "baseline_p75_log": base.quarters[1],
            "hit_log": base.quarters[2],
            "followers_log": np.log1p(context.column("followers").to_numpy(np.float64, na_value=np.nan)),
            "y_log": np.log1p(label["value"].to_numpy()),
            "width_h": label["width_h"],
            "known_us": label["known_us"],
            "is_matured": label["is_matured"],
        }
    )
