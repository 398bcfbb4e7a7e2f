"""The only assembler of features: the same code for training, for a live post and for a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from otklik import units
from otklik.dataset.corpus import Corpus, microseconds
from otklik.dataset.examples import Examples
from otklik.dataset.targets import VIEWS_24H, Target, labels
from otklik.features import author, calendar, early, text
from otklik.features.catalog import DRAFT, Context, Feature, Floats

CATALOG: tuple[Feature, ...] = calendar.FEATURES + text.FEATURES + author.FEATURES + early.FEATURES
"""Every feature there is."""


def names(*, draft: bool) -> list[str]:
    """Names of the features known at age 0 (``draft``), or of all.

    >>> any(name.startswith("early__") for name in names(draft=True))
    False
    """
    return [feature.name for feature in CATALOG if not draft or feature.known_from_h == DRAFT]


@dataclass(frozen=True)
class Table:
    """Examples ready for a model: ``X`` by feature name, and beside it what places and judges each.

    ``meta`` has one row an example: row, author, platform, kind, published_us, cutoff_us, age_h (0 for a draft),
    look_age_h, size (the target's counter at the last look), baseline_log, baseline_source, baseline_n, and the
    label: y_log, width_h, known_us, is_matured.
    """

    X: pd.DataFrame
    meta: pd.DataFrame

    def __len__(self) -> int:
        return len(self.X)

    def at(self, mask: np.ndarray) -> Table:
        """The examples that a boolean mask or an index picks, renumbered."""
        return Table(self.X.loc[mask].reset_index(drop=True), self.meta.loc[mask].reset_index(drop=True))

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
) -> pd.DataFrame:
    """Features of every post as of a cutoff, from nothing that was seen after it.

    Args:
        posts: frame in the import format, any number of authors.
        snapshots: frame in the import format; later looks may be in it and change nothing.
        cutoff: one aware instant for all posts, or a series of instants with the index of ``posts``.
        zone: IANA name of the audience's time zone.
        target: whose counter the early features follow and whose history makes the baseline.

    Returns:
        One row a post with the index of ``posts``, one column a feature of :data:`CATALOG`. A post that the
        cutoff precedes is a draft: its early features are NaN.
    """
    corpus = Corpus.of(posts, snapshots)
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
    columns = {
        **calendar.compute(context),
        **text.compute(context),
        **author.compute(context, base),
        **early.compute(context, base),
    }
    return Table(
        pd.DataFrame(columns, columns=names(draft=False), index=pd.RangeIndex(len(examples))),
        _meta(context, base),
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
            "y_log": np.log1p(label["value"].to_numpy()),
            "width_h": label["width_h"],
            "known_us": label["known_us"],
            "is_matured": label["is_matured"],
        }
    )
