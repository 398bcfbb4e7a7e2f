"""How like an author's earlier posts are to a post, from 0 to 1: in words, meaning, what they show, and form.

Counters and the author's history have no part in it: posts are alike by what a person made, not by what became of
it. Four parts, each from 0 to 1, are averaged over those that are known of both posts:

* *words*: cosine of word beginnings, each weighted by how rare it is among the author's earlier posts; of title and
  text, or of the titles alone where that is more: few write a text under every post;
* *meaning*: cosine of the text vectors, less what all the author's posts are about;
* *codes*: cosine of the signs, styles, emotions and ways of belonging that are there, weighted by rarity likewise;
* *form*: exp(-d), d the mean over groups of features (the clock, lengths and layout, picture and sound) of the mean
  difference in standard deviations of the author's own posts, at most :data:`FAR` each. A value that is unknown of
  an earlier post counts as far as the others are on average; one unknown of the subject counts for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from otklik.content.taxonomy import EMOTIONS, IDENTITIES, SIGNS, STYLES
from otklik.dataset.corpus import Corpus, Ints
from otklik.dataset.examples import Examples
from otklik.dataset.targets import Target
from otklik.features.build import NEEDS_HISTORY, Table, assemble
from otklik.features.catalog import Floats
from otklik.features.precedent import HASHED, _bag, _bags, _weighted

MOST = 500
"""Earlier posts of the author that are looked at, the last."""
FAR = 3.0
"""Standard deviations beyond which a difference counts no more."""
WEIGHTS = {"words": 0.3, "meaning": 0.2, "codes": 0.3, "form": 0.2}
"""What each part counts, where it is known."""
AS_MANY = 5.0
"""Posts of no meaning in particular that the author's mean meaning is drawn to."""
CODES = (
    *(f"sign__{name}" for name in SIGNS),
    *(f"sign__seen_{name}" for name in SIGNS),
    *(f"style__{name}" for name in STYLES),
    "style__synthetic_media",
    *(f"emotion__{name}" for name in EMOTIONS),
    *(f"identity__{name}" for name in IDENTITIES),
)
"""Features that say whether something is there."""
SEEN = 0.5
"""Score from which a sign counts as seen in a picture; said in a text it is there with the first word."""
FORM = ("calendar__", "text__", "style__seen_", "people__face_", "hook__", "video__", "audio__")
"""Beginnings of the names of features that say how a post is made."""
REPEATED = ("calendar__hour_local",)
"""Features that tell once more what others do; on a clock 23:00 and 1:00 would be far apart."""


def own_posts(corpus: Corpus, subject: Table, *, target: Target, zone: str, most: int = MOST) -> Table | None:
    """The author's earlier posts of the same kind, oldest first, as they stood at the subject's age; ``None`` without.

    Nothing that was seen after the subject's cutoff enters: each is earlier, so it was as old before.

    Args:
        corpus: the posts.
        subject: a table of one example.
        target: whose counter the features follow.
        zone: IANA name of the audience's time zone.
        most: so many of the last at most.
    """
    row, cutoff = int(subject.meta["row"].iloc[0]), int(subject.meta["cutoff_us"].iloc[0])
    published, kind = corpus.published_us, corpus.posts["kind"].to_numpy()
    earlier = (published < published[row]) & (published <= cutoff)
    rows = np.flatnonzero((corpus.author == corpus.author[row]) & (kind == kind[row]) & earlier)[-most:]
    if len(rows) == 0:
        return None
    age_us = max(cutoff - int(published[row]), 0)
    return assemble(corpus, Examples(rows, published[rows] + age_us), target=target, zone=zone)


def likeness(corpus: Corpus, own: Table, subject: Table) -> Floats:
    """How like each of the author's posts is to the subject, 0 to 1; NaN where nothing can be compared.

    Args:
        corpus: the posts.
        own: the author's posts, shape ``(n,)``.
        subject: a table of one example.

    Returns:
        Shape ``(n,)``. Posts without words are NaN beside a subject that has some: they cannot be told from it.
    """
    found = parts(corpus, own, subject)
    stacked = np.stack(list(found.values()))
    weights = np.array([WEIGHTS[name] for name in found])[:, None] * np.isfinite(stacked)
    total = weights.sum(axis=0)
    mean = np.divide(
        (weights * np.nan_to_num(stacked)).sum(axis=0), total, out=np.full(len(own), np.nan), where=total > 0
    )
    has_words = bool(_bags(corpus)[int(subject.meta["row"].iloc[0])])
    return np.where(np.isnan(found["words"]) & has_words, np.nan, mean)


def parts(corpus: Corpus, own: Table, subject: Table) -> dict[str, Floats]:
    """The four parts of :func:`likeness`, each of shape ``(n,)`` and from 0 to 1; NaN where one is not known."""
    rows, row = own.meta["row"].to_numpy(np.int64), int(subject.meta["row"].iloc[0])
    return {
        "words": _words(corpus, rows, row),
        "meaning": _meaning(own, subject),
        "codes": _codes(own, subject),
        "form": _form(own, subject),
    }


def _words(corpus: Corpus, rows: Ints, row: int) -> Floats:
    titles = corpus.posts["title"].fillna("")
    by_title = [_bag(titles.iloc[one]) for one in (*rows, row)]
    by_all = [_bags(corpus)[one] for one in (*rows, row)]
    return np.fmax(_cosines(by_all), _cosines(by_title))


def _cosines(bags: Sequence[Mapping[int, int]]) -> Floats:
    """Likeness of the last bag of words to each of the others; NaN where either is empty."""
    *theirs, mine = map(dict, bags)
    seen, n_seen = Counter(word for bag in theirs for word in bag), sum(map(bool, theirs))
    found, asked = np.full(len(theirs), np.nan), np.zeros(HASHED)
    words, weight = _weighted(mine, seen, n_seen)
    asked[words] = weight
    for i, bag in enumerate(theirs):
        if bag and mine:
            words, weight = _weighted(bag, seen, n_seen)
            found[i] = min(float(asked[words] @ weight), 1.0)
    return found


def _meaning(own: Table, subject: Table) -> Floats:
    if own.vectors is None or subject.vectors is None:
        return np.full(len(own), np.nan)
    theirs, asked = own.vectors.astype(np.float64), subject.vectors[0].astype(np.float64)
    known = np.isfinite(theirs).all(axis=1)
    centre = theirs[known].sum(axis=0) / (known.sum() + AS_MANY)
    theirs, asked = theirs - centre, asked - centre
    length = np.sqrt((theirs**2).sum(axis=1) * (asked**2).sum())
    cosine = np.divide(theirs @ asked, length, out=np.full(len(own), np.nan), where=length > 0)
    return np.clip(cosine, 0.0, 1.0)


def _codes(own: Table, subject: Table) -> Floats:
    names = [name for name in CODES if name in own.X and name in subject.X]
    least = np.array([SEEN if "__seen_" in name else 1e-9 for name in names])
    values, asked = own.X[names].to_numpy(np.float64), subject.X[names].to_numpy(np.float64)[0] >= least
    there = values >= least
    rare = np.log((len(own) + 2) / (there.sum(axis=0) + 1)) ** 2
    length = np.sqrt((there @ rare) * (asked @ rare))
    cosine = np.divide((there & asked) @ rare, length, out=np.zeros(len(own)), where=length > 0)
    cosine[np.isnan(values).all(axis=1)] = np.nan
    # A post in which nothing was found is like none in this, and unlike none.
    return np.minimum(cosine, 1.0) if (asked @ rare) > 0 else np.full(len(own), np.nan)


def _form(own: Table, subject: Table) -> Floats:
    groups: dict[str, list[str]] = {}
    for name in subject.X:
        if str(name).startswith(FORM) and name not in (*NEEDS_HISTORY, *REPEATED) and name in own.X:
            groups.setdefault(str(name).split("__")[0], []).append(str(name))
    apart = [
        _apart(own.X[names].to_numpy(np.float64), subject.X[names].to_numpy(np.float64)[0]) for names in groups.values()
    ]
    known = [one for one in apart if one is not None]
    return np.exp(-np.mean(known, axis=0)) if known else np.full(len(own), np.nan)


def _apart(theirs: Floats, asked: Floats) -> Floats | None:
    """Mean difference of each post over the features of one group; ``None`` where nothing in it tells posts apart."""
    told = np.isfinite(asked) & np.isfinite(theirs).any(axis=0)
    theirs, asked = theirs[:, told], asked[told]
    spread = np.nanstd(np.concatenate([theirs, asked[None, :]]), axis=0) if told.any() else np.empty(0)
    varied = spread > 1e-9
    if not varied.any():
        return None
    apart = np.minimum(np.abs(theirs[:, varied] - asked[varied]) / spread[varied], FAR)
    return np.where(np.isfinite(apart), apart, np.nanmean(apart, axis=0)).mean(axis=1)
