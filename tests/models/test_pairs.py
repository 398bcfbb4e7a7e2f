"""The law of pairs: learned from who went higher, honest about how little is known, calibrated on later posts."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from otklik.dataset.corpus import Corpus
from otklik.dataset.examples import at_age
from otklik.dataset.splits import rolling_origin
from otklik.dataset.tables import read_tables
from otklik.dataset.targets import labels, target_named
from otklik.features import assemble
from otklik.models.boosted import Boosted
from otklik.models.pairs import MOST, NEIGHBOURS, PairLaw, differences, fit_pairs

DAY_US = 86_400_000_000


def posts(n: int, *, worth: float, noise: float, seed: int = 0, n_authors: int = 20):
    """Posts of some authors, one a day each: a forecast, of which ``worth`` comes true, and noise."""
    rng = np.random.default_rng(seed)
    author = np.arange(n) % n_authors
    level = rng.normal(8, 2, n_authors)[author]
    idea = rng.normal(0, 0.5, n)
    y = level + worth * idea + rng.normal(0, noise, n)
    return y, level + idea, author, (np.arange(n) // n_authors) * DAY_US


def test_the_chance_is_one_half_at_no_difference_and_symmetric():
    law = fit_pairs(*posts(2000, worth=1.0, noise=0.5))
    assert law.chance(0.0) == 0.5
    assert law.chance(0.7) + law.chance(-0.7) == pytest.approx(1)
    assert law.chance(0.2) < law.chance(0.4)
    assert law.chance(50.0) == law.chance(MOST)


def test_the_law_tells_how_often_the_higher_forecast_went_higher_on_later_posts():
    law = fit_pairs(*posts(4000, worth=1.0, noise=0.6))
    said, came, _, _ = differences(*posts(4000, worth=1.0, noise=0.6, seed=1))
    chance = np.array([law.chance(d) for d in said])
    for low, high in ((0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9)):
        asked = (chance >= low) & (chance < high)
        assert (came[asked] > 0).mean() == pytest.approx(chance[asked].mean(), abs=0.04)
    inside = np.abs(came - law.realised * said) <= law.spread
    assert inside.mean() == pytest.approx(0.8, abs=0.03)


def test_a_forecast_that_tells_nothing_makes_ties_of_everything():
    law = fit_pairs(*posts(3000, worth=0.0, noise=0.5))
    assert law.is_tie(0.5)
    assert abs(law.realised) < 0.1
    against = posts(3000, worth=-1.0, noise=0.2)
    assert fit_pairs(*against).slope == 0


def test_few_pairs_are_drawn_to_a_tie():
    many, few = (fit_pairs(*posts(n, worth=1.0, noise=0.2, n_authors=2)) for n in (2000, 6))
    assert few.slope < many.slope / 2
    assert few.n_pairs == 6
    assert few.n_authors == 2


@pytest.mark.parametrize("rows", [0, 1])
def test_without_a_pair_nothing_is_known(rows: int):
    y, point, author, published = (column[:rows] for column in posts(20, worth=1.0, noise=0.1))
    law = fit_pairs(y, point, author, published)
    assert law == PairLaw(0.0, 0, 0)
    assert law.is_tie(3.0)
    assert law.ratio(0.5) is None


def test_unknown_outcomes_equal_forecasts_and_posts_far_apart_are_no_pairs():
    y = np.array([1.0, 2.0, np.nan, 3.0, 4.0])
    point = np.array([1.0, 1.5, 9.0, 1.5, 2.0])
    author = np.array([0, 0, 0, 0, 0])
    published = np.array([0, 1, 2, 3, 40]) * DAY_US
    said, came, first, second = differences(y, point, author, published)
    assert sorted(zip(first.tolist(), second.tolist(), strict=True)) == [(1, 0), (3, 0)]
    assert said.tolist() == [0.5, 0.5]
    assert came.tolist() == [1.0, 2.0]


def test_pairs_stay_inside_an_author_and_the_order_of_rows_does_not_matter():
    y, point, author, published = posts(600, worth=1.0, noise=0.5)
    _, _, first, second = differences(y, point, author, published)
    assert (author[first] == author[second]).all()
    assert len(first) <= NEIGHBOURS * len(y)
    mixed = np.random.default_rng(5).permutation(len(y))
    assert fit_pairs(y[mixed], point[mixed], author[mixed], published[mixed]) == fit_pairs(y, point, author, published)


def test_a_law_survives_json():
    law = fit_pairs(*posts(400, worth=1.0, noise=0.5))
    assert PairLaw.from_dict(json.loads(json.dumps(law.to_dict(), allow_nan=False))) == law
    middle = law.ratio(math.log(2))
    assert middle is not None
    assert middle[0] < middle[1] < middle[2]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "target"),
    # Thirty thousand posts take minutes: only among the benchmarks.
    [pytest.param("vk_karelia", "mature", marks=pytest.mark.benchmark), ("yt_news_6h", "views_24h")],
)
def test_chances_are_calibrated_on_later_posts_of_real_authors(shared_data, data: str, target: str):
    """The law of the earlier two folds, judged on the later two: posts that neither model nor law had seen."""
    tables, goal = read_tables(shared_data / data), target_named(target)
    corpus = Corpus.of(tables.posts, tables.snapshots)
    labelled = labels(corpus, goal)["value"].notna().to_numpy()
    drafts = assemble(corpus, at_age(corpus, np.flatnonzero(labelled), 0.0), target=goal, zone="Europe/Moscow")
    columns = [drafts.meta[name].to_numpy() for name in ("row", "published_us", "known_us")]
    folds = []
    for fold in rolling_origin(corpus, labelled, goal):
        test = drafts.at(fold.tests(columns[1]))
        point = Boosted().fit(drafts.at(fold.trains(*columns))).point(test)
        folds.append((test.y_log, point, test.meta["author"].to_numpy(), test.meta["published_us"].to_numpy()))
    early, late = (
        tuple(np.concatenate(column) for column in zip(*half, strict=True)) for half in (folds[:2], folds[2:])
    )
    law = fit_pairs(*early)
    said, came, _, _ = differences(*late)
    chance, won = np.array([law.chance(d) for d in said]), np.where(came == 0, 0.5, came > 0)
    edges = np.quantile(chance, np.linspace(0, 1, 11))
    bins = np.clip(np.searchsorted(edges, chance, side="right") - 1, 0, 9)
    error = sum(abs((won - chance)[bins == b].sum()) for b in range(10)) / len(won)
    assert len(won) > 5000
    assert error < 0.05
    assert won[chance <= 0.55].mean() == pytest.approx(0.5, abs=0.05)
