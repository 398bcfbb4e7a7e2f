"""Features are the same whatever is seen after the cutoff."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from otklik import features
from otklik.dataset.corpus import Corpus
from otklik.dataset.examples import Examples, at_age
from otklik.dataset.targets import MATURE, REACTIONS_24H, VIEWS_24H, labels
from otklik.evaluate import audit
from otklik.features import CATALOG, Table, assemble

ZONE = "Europe/Moscow"
TARGETS = (VIEWS_24H, REACTIONS_24H)


def seen_by(snapshots: pd.DataFrame, cutoff: pd.Timestamp) -> pd.DataFrame:
    return snapshots[snapshots["observed_at"] <= cutoff]


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@pytest.mark.parametrize("day", [12, 30, 47])
def test_deleting_the_future_changes_no_feature(cohort, target, day):
    cutoff = pd.Timestamp("2026-03-02T00:00Z") + pd.Timedelta(days=day, hours=7)
    posts = cohort.posts[cohort.posts["published_at"] <= cutoff + pd.Timedelta(hours=12)]
    whole = features.build(posts, cohort.snapshots, cutoff, zone=ZONE, target=target)
    known = features.build(posts, seen_by(cohort.snapshots, cutoff), cutoff, zone=ZONE, target=target)
    pd.testing.assert_frame_equal(whole, known)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_noise_in_the_future_changes_no_feature(cohort, target):
    cutoff = pd.Timestamp("2026-04-05T03:00Z")
    noise = cohort.snapshots.copy()
    later = noise["observed_at"] > cutoff
    rng = np.random.default_rng(1)
    for name in ("views", "likes", "comments", "shares"):
        noise.loc[later, name] = rng.integers(0, 10**7, int(later.sum()))
    before = features.build(cohort.posts, cohort.snapshots, cutoff, zone=ZONE, target=target)
    after = features.build(cohort.posts, noise, cutoff, zone=ZONE, target=target)
    pd.testing.assert_frame_equal(before, after)


def test_features_at_a_post_s_own_cutoffs_ignore_each_post_s_own_future(cohort):
    corpus = Corpus.of(cohort.posts, cohort.snapshots)
    rows = np.arange(0, len(corpus), 37)
    examples = at_age(corpus, rows, 5.0)
    whole = assemble(corpus, examples, target=VIEWS_24H, zone=ZONE)
    for i, row in enumerate(rows):
        cutoff = pd.Timestamp(int(examples.cutoff_us[i]), unit="us", tz="UTC")
        past = Corpus.of(cohort.posts, seen_by(cohort.snapshots, cutoff))
        one = assemble(past, Examples(np.array([row]), examples.cutoff_us[[i]]), target=VIEWS_24H, zone=ZONE)
        pd.testing.assert_frame_equal(whole.X.iloc[[i]].reset_index(drop=True), one.X)


def test_a_draft_reads_nothing_of_its_own_counters(cohort):
    corpus = Corpus.of(cohort.posts, cohort.snapshots)
    row = len(corpus) - 5
    own = corpus.posts["post_id"].iloc[row]
    without = cohort.snapshots[cohort.snapshots["post_id"] != own]
    draft = at_age(corpus, np.array([row]), 0.0)
    blind = assemble(Corpus.of(cohort.posts, without), draft, target=VIEWS_24H, zone=ZONE)
    pd.testing.assert_frame_equal(assemble(corpus, draft, target=VIEWS_24H, zone=ZONE).X, blind.X)
    early = [feature.name for feature in CATALOG if feature.known_from_h > 0]
    assert early
    assert blind.X[early].isna().all(axis=None)


def test_a_mature_history_holds_only_posts_that_had_settled(cohort):
    late = cohort.snapshots.assign(observed_at=cohort.snapshots["observed_at"] + pd.Timedelta(days=900))
    corpus = Corpus.of(cohort.posts, late)
    rows = np.arange(len(corpus))
    table = assemble(corpus, at_age(corpus, rows, 0.0), target=MATURE, zone=ZONE)
    n_settled = [
        int(
            (
                (corpus.author == corpus.author[row])
                & (corpus.stratum == corpus.stratum[row])
                & (corpus.published_us <= corpus.published_us[row] - 30 * 24 * 3_600_000_000)
                & labels(corpus, MATURE)["value"].notna().to_numpy()
            ).sum()
        )
        for row in rows[::40]
    ]
    assert table.X["author__n_history"].to_numpy()[::40].tolist() == [min(20, n) for n in n_settled]


def test_a_draft_feature_that_ranks_outcomes_almost_perfectly_is_refused(corpus):
    from otklik.errors import DataError

    rows = np.flatnonzero(labels(corpus, VIEWS_24H)["value"].notna())
    drafts = assemble(corpus, at_age(corpus, rows, 0.0), target=VIEWS_24H, zone=ZONE)
    audit(drafts)
    leak = drafts.X.assign(text__n_tags=drafts.y_log - drafts.meta["baseline_log"])
    with pytest.raises(DataError, match="text__n_tags ranks the lifts of drafts almost perfectly"):
        audit(Table(leak, drafts.meta))


def test_the_catalogue_declares_every_column_once(corpus):
    names = [feature.name for feature in CATALOG]
    assert len(set(names)) == len(names)
    table = assemble(corpus, at_age(corpus, np.arange(3), 1.0), target=VIEWS_24H, zone=ZONE)
    assert list(table.X.columns) == names
    for feature in CATALOG:
        assert feature.group in {
            *("calendar", "text", "author", "early"),
            *("place", "sign", "style", "emotion", "identity", "people"),
        }
        assert feature.doc.endswith(".")


def test_regimes_are_never_pooled_in_a_baseline():
    at = pd.to_datetime(["2026-08-20T10:00Z", "2026-08-21T10:00Z", "2026-08-26T10:00Z"], utc=True)
    posts = pd.DataFrame(
        {
            "platform": "youtube",
            "post_id": ["old1", "old2", "new"],
            "author_id": "a",
            "kind": "short",
            "published_at": at,
        }
    )
    looks = pd.DataFrame(
        {
            "platform": "youtube",
            "post_id": ["old1", "old2"],
            "observed_at": at[:2] + pd.Timedelta(hours=24),
            "views": [100, 300],
        }
    )
    table = assemble(
        Corpus.of(posts, looks), at_age(Corpus.of(posts, looks), np.array([2]), 0.0), target=VIEWS_24H, zone=ZONE
    )
    assert table.X["author__has_own_baseline"].tolist() == [0.0]
    assert table.X["author__n_history"].tolist() == [0.0]
