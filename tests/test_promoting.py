"""A challenger takes the champion's place only when it is better on posts new to both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from otklik import promoting
from otklik.dataset.corpus import Corpus
from otklik.dataset.reading import read_corpus
from otklik.dataset.targets import VIEWS_24H, labels
from otklik.errors import ConfigurationError, StorageError
from otklik.models.card import Card, ModelFolder, load, save
from otklik.models.forecaster import Forecaster
from otklik.promoting import Examples
from otklik.simulate import Simulated


def examples(corpus: Corpus, gain: float, *, n: int = 200, seed: int = 0, coverage: float = 0.8) -> Examples:
    """Errors of a challenger that are ``1 - gain`` times the champion's, with noise of their own."""
    rng = np.random.default_rng(seed)
    rows = np.repeat(np.arange(len(corpus) - n, len(corpus)), 2)
    champion = np.abs(rng.normal(0, 0.6, 2 * n))
    challenger = champion * (1 - gain) * np.exp(rng.normal(0, 0.2, 2 * n))
    inside = np.stack([rng.random(2 * n) < coverage, rng.random(2 * n) < 0.8], axis=1)
    return Examples(rows, np.tile([False, True], n), np.stack([challenger, champion], axis=1), inside.astype(float))


def test_a_better_challenger_wins_with_its_interval_below_one(corpus):
    found = promoting.verdict(examples(corpus, 0.15), corpus, 300)
    assert (found.reason, found.n_posts, found.n_train, found.drawn) == ("promoted", 200, 300, "authors")
    assert found.n_authors == len(np.unique(corpus.author[-200:]))
    every, draft, live = found.ratios
    assert (every.n, draft.n, live.n) == (400, 200, 200)
    assert every.low < every.ratio < every.high < 1
    assert found.to_dict()["promoted"] is True


def test_an_equal_challenger_stays_out(corpus):
    won = [promoting.verdict(examples(corpus, 0.02, n=100, seed=s), corpus, 300).is_promoted for s in range(40)]
    assert np.mean(won) < 0.2


def test_the_whole_interval_must_lie_below_one_in_no_task_above_it_and_coverage_must_hold(corpus):
    better = examples(corpus, 0.3)
    errors = better.errors.copy()
    errors[better.is_live, 0] = errors[better.is_live, 1] * 1.2
    errors[~better.is_live, 0] *= 0.5
    assert promoting.verdict(replace(better, errors=errors), corpus, 300).reason == promoting.WORSE_AT
    assert promoting.verdict(examples(corpus, 0.3, coverage=0.6), corpus, 300).reason == promoting.COVERAGE
    assert promoting.verdict(examples(corpus, -0.3), corpus, 300).reason == promoting.NOT_BETTER


def test_of_few_authors_weeks_are_drawn_and_a_single_week_decides_nothing(corpus):
    found = examples(corpus, 0.2)
    one = replace_authors(corpus, 1)
    told = promoting.verdict(found, one, 300)
    assert (told.reason, told.n_authors) == (promoting.TOO_ALIKE, 1)
    long = examples(corpus, 0.2, n=len(corpus) - 1)
    assert promoting.verdict(long, replace_authors(corpus, 3), 300).drawn == "weeks"


def replace_authors(corpus: Corpus, n: int) -> Corpus:
    return replace(corpus, author=corpus.author % n)


def test_posts_that_judge_are_the_newest_fifth_and_new_to_the_champion(corpus):
    labelled = labels(corpus, VIEWS_24H)["value"].notna().to_numpy()
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    rows = promoting.newest(corpus, labelled, long_ago)
    assert len(rows) == int(np.ceil(0.2 * labelled.sum()))
    assert set(rows) == set(np.flatnonzero(labelled)[-len(rows) :])
    middle = corpus.posts["published_at"].iloc[rows[30]].to_pydatetime()
    fresh = promoting.newest(corpus, labelled, middle)
    assert (corpus.posts["published_at"].iloc[fresh] > middle).all()
    assert len(fresh) < len(rows)
    few = np.zeros(len(corpus), bool)
    few[:70] = True
    assert len(promoting.newest(corpus, few, long_ago)) == promoting.MIN_TEST


def test_a_champion_that_knows_all_posts_or_another_target_stays(corpus):
    card = replace(CARD, trained_until=corpus.posts["published_at"].max().to_pydatetime())
    untrained = Forecaster(VIEWS_24H)
    found = promoting.trial(corpus, VIEWS_24H, "UTC", ModelFolder(card, {"views_24h": untrained}))
    assert (found.reason, found.n_posts, found.ratios) == (promoting.TOO_FEW, 0, ())
    found = promoting.trial(corpus, VIEWS_24H, "UTC", ModelFolder(card, {}))
    assert found.reason == promoting.NO_TARGET


# -- the folder ------------------------------------------------------------------------------------------------


CARD = Card(
    name="mine",
    made_at=datetime(2026, 1, 1, tzinfo=UTC),
    trained_until=datetime(2026, 1, 1, tzinfo=UTC),
    zone="UTC",
    trained_on=(),
    reference={},
    authors=frozenset(),
    metrics=(),
    must_not=(),
    version="0",
)


def fitted(folder: Path) -> Card:
    """What a training leaves behind: a folder that can be read."""
    save(folder, ModelFolder(replace(CARD, name=folder.name), {}))
    return replace(CARD, name=folder.name)


@pytest.fixture
def champion(tmp_path: Path) -> Path:
    fitted(tmp_path / "mine")
    (tmp_path / "mine" / "note.txt").write_text("the champion")
    return tmp_path / "mine"


def test_the_winner_takes_the_folder_and_the_old_model_is_kept(champion):
    for _ in range(2):
        assert promoting.promoted(champion, fitted).name == load(champion).card.name
    assert not (champion / "note.txt").exists()
    promoting.promoted(champion, fitted)
    assert sorted(one.name for one in champion.parent.iterdir()) == ["mine", "mine.previous"]
    assert load(champion.with_name("mine.previous")).card.name == "mine"


def test_the_first_promotion_keeps_the_very_champion(champion):
    promoting.promoted(champion, fitted)
    assert (champion.with_name("mine.previous") / "note.txt").read_text() == "the champion"


def test_a_training_that_fails_or_leaves_a_broken_model_changes_nothing(champion):
    def fails(folder: Path) -> Card:
        folder.mkdir()
        raise StorageError("the disk is full")

    def broken(folder: Path) -> Card:
        card = fitted(folder)
        (folder / "card.json").write_text("{}")
        return card

    for fit, kind in ((fails, StorageError), (broken, ConfigurationError)):
        with pytest.raises(kind):
            promoting.promoted(champion, fit)
        assert [one.name for one in champion.parent.iterdir()] == ["mine"]
        assert (champion / "note.txt").read_text() == "the champion"


def test_where_there_is_no_model_the_first_is_trained_without_a_trial(corpus, tmp_path):
    found, card = promoting.if_better(corpus, "views_24h", "UTC", tmp_path / "mine", fitted)
    assert (found.reason, found.is_promoted, card.name) == ("there was no model", True, "mine")
    assert load(tmp_path / "mine").card == card


# -- from end to end -------------------------------------------------------------------------------------------


@pytest.mark.benchmark  # minutes of training: the verb itself is run end to end in tests/cli/test_track_record.py
def test_more_history_wins_and_the_same_history_does_not(tmp_path):
    """A champion of 150 posts against challengers with five times as many; then the winner against itself."""
    from otklik import workflows
    from otklik.simulate import simulate

    start = datetime(2026, 3, 2, tzinfo=UTC)
    whole = simulate(40, 25, seed=5, start=start, days=80, look_every_h=6.0, look_until_h=36.0, visible=0.8, luck=0.4)
    early, late = (_files(whole, tmp_path / name, days) for name, days in (("early", 14), ("late", 80)))
    out = tmp_path / "mine"
    workflows.train([early], "", "views_24h", "UTC", out)
    first = load(out).card

    def fit(folder: Path) -> Card:
        return workflows.train([late], "", "views_24h", "UTC", folder)

    corpus = read_corpus([late])
    found, card = promoting.if_better(corpus, "views_24h", "UTC", out, fit)
    assert (found.reason, found.drawn) == ("promoted", "authors")
    assert found.ratios[0].high < 1
    assert found.since > first.trained_until
    assert card.trained_until > first.trained_until
    assert load(out).card.name == "mine"
    assert load(tmp_path / "mine.previous").card == first
    again, card = promoting.if_better(corpus, "views_24h", "UTC", out, fit)
    assert (again.reason, again.n_posts, card) == (promoting.TOO_FEW, 0, None)


def _files(whole: Simulated, folder: Path, days: int) -> Path:
    folder.mkdir()
    end = whole.posts["published_at"].min() + pd.Timedelta(days=days)
    posts = whole.posts[whole.posts["published_at"] < end]
    posts.to_parquet(folder / "posts.parquet")
    whole.snapshots[whole.snapshots["post_id"].isin(posts["post_id"])].to_parquet(folder / "snapshots.parquet")
    return folder
