"""The whole trial: known truths are found, nothing is not, the same twice, and bad data is told in a sentence."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest

from otklik.dataset.corpus import Corpus
from otklik.dataset.targets import MATURE
from otklik.errors import ConfigurationError, DataError
from otklik.evidence import analysis_frame, house_claims, put_on_trial, try_claims
from otklik.evidence.frame import BASE
from otklik.evidence.simulated import simulated_frame, simulated_tables
from otklik.evidence.verdict import CONTRADICTED, INCONCLUSIVE, NOT_MEASURABLE, SUPPORTED, TEXT_EXPLAINS

TEXTUAL = ("sign_sharing", "sign_reach", "identity_reach", "personalities_sharing", "hook_first_hour")
CLAIMS = tuple(one for one in house_claims() if one.id in TEXTUAL)


@pytest.fixture(scope="module")
def strong():
    return try_claims(simulated_frame(4000, effect=0.3, seed=2), CLAIMS, seed=0)


def test_a_strong_effect_is_supported_and_what_does_nothing_is_not(strong):
    assert strong.result("sign_reach").verdict == SUPPORTED
    assert strong.result("sign_sharing").verdict == SUPPORTED
    assert strong.result("personalities_sharing").verdict == INCONCLUSIVE
    assert strong.result("hook_first_hour").verdict == NOT_MEASURABLE
    assert "hook__cue_share" in str(strong.result("hook_first_hour").reason)


def test_a_claim_of_the_wrong_sign_is_contradicted():
    frame = simulated_frame(4000, effect=0.0, seed=1)
    worse = frame.assign(reach=frame["reach"] - 0.3 * (frame["sign__n_classes"] > 0))
    assert try_claims(worse, CLAIMS[1:2], seed=0).results[0].verdict == CONTRADICTED


def test_a_result_holds_all_that_a_reader_needs(strong):
    one = strong.result("sign_reach")
    assert [name for name, _ in one.rungs] == ["raw", "controls", "fixed_effects", "double_ml"]
    assert one.n_posts > one.n_exposed > 0
    assert one.n_authors >= one.n_varying >= 30
    assert 0 < one.mde < 0.2
    assert one.needed_10 > 0
    assert {each.name for each in one.falsifications} == {"permutation", "previous_post", "placebo"}
    assert "Supported: Posts that show a sign of a place reach more people" in str(one.sentence)


def test_a_trial_is_plain_json_without_nan(strong):
    told = json.loads(json.dumps(strong.to_dict(), allow_nan=False))
    assert [one["id"] for one in told["results"]] == [one.id for one in CLAIMS]
    assert told["results"][0]["rungs"]["fixed_effects"]["n_posts"] > 0


def test_the_same_trial_twice_is_the_same_and_quick_changes_no_verdict(strong):
    frame = simulated_frame(4000, effect=0.3, seed=2)
    assert try_claims(frame, CLAIMS, seed=0).to_dict() == strong.to_dict()
    quick = try_claims(frame, CLAIMS, seed=0, quick=True)
    assert [one.verdict for one in quick.results] == [one.verdict for one in strong.results]


def test_few_authors_leave_even_a_strong_effect_inconclusive():
    found = try_claims(simulated_frame(4000, effect=0.5, n_authors=12, seed=1), CLAIMS[1:2], seed=0).results[0]
    assert found.verdict == INCONCLUSIVE
    assert "Only 12 authors" in str(found.reason)


def test_texts_are_read_and_a_text_that_is_nothing_but_the_sign_leaves_nothing_to_compare():
    posts, looks = simulated_tables(1200, effect=0.5, seed=2)
    found = put_on_trial(Corpus.of(posts, looks), MATURE, "Europe/Moscow", seed=0, quick=True, data="simulated")
    sign = found.result("sign_reach")
    assert sign.q < 1e-4
    assert (sign.verdict, sign.reason) == (INCONCLUSIVE, TEXT_EXPLAINS)
    assert sign.double.left < 0.1
    assert found.result("own_language_sharing").verdict == NOT_MEASURABLE
    assert (found.data, found.target, found.n_posts) == ("simulated", "mature", 1200)
    assert dict(found.left_out)["no label for the target"] == 0


def test_the_frame_has_its_columns_and_counts_what_it_left_out():
    posts, looks = simulated_tables(300, seed=2)
    posts.loc[:9, "text"] = None
    looks = looks.iloc[:-5]
    found = analysis_frame(Corpus.of(posts, looks), MATURE, "UTC", house_claims())
    assert set(BASE) <= set(found.frame)
    assert [one.n_posts for one in found.left_out] == [5, 10]
    np.testing.assert_allclose(np.log1p(np.exp(found.frame["log_views"])), found.frame["reach"])
    assert found.frame["first_hour"].isna().all()
    assert found.frame["hour_of_week"].between(0, 167).all()


def test_a_corpus_that_is_too_small_is_told():
    posts, looks = simulated_tables(300, seed=2)
    with pytest.raises(DataError, match="needs at least 2 authors with a label; got 1"):
        put_on_trial(Corpus.of(posts.assign(author_id="one"), looks), MATURE, "UTC", CLAIMS)
    with pytest.raises(DataError, match="needs at least 100 posts with a label; got 60"):
        put_on_trial(Corpus.of(posts, looks.head(60)), MATURE, "UTC", CLAIMS)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"shares": 0.0}, "the outcome is zero for all"),
        ({"shares": np.nan}, "No post has shares"),
        ({"sign__n_classes": 0.0}, "the exposure does not vary inside any author"),
        ({"sign__n_classes": np.nan}, "No post has sign__n_classes"),
        ({"identity__has": lambda frame: (frame["sign__n_classes"] > 0).astype(float)}, "collinear with its controls"),
        ({"sign__n_classes": lambda frame: (frame.index < 9).astype(float)}, "tell the two kinds apart"),
    ],
)
def test_a_claim_that_cannot_be_tried_is_told_and_the_others_go_on(change, reason):
    frame = simulated_frame(1000, seed=2).assign(**change)
    found = try_claims(frame, CLAIMS, seed=0, quick=True)
    assert found.result("sign_sharing").verdict == NOT_MEASURABLE
    assert reason in str(found.result("sign_sharing").reason)
    assert found.result("sign_sharing").q is None
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize("package", ["pyfixest", "doubleml"])
def test_a_library_that_is_not_installed_is_told_before_anything_is_read(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    posts, looks = simulated_tables(300, seed=2)
    with pytest.raises(ConfigurationError, match=rf'needs {package}: pip install "otklik\[evidence\]"'):
        put_on_trial(Corpus.of(posts, looks), MATURE, "UTC", CLAIMS)


def test_a_trial_without_a_claim_is_refused():
    with pytest.raises(ConfigurationError, match="at least one claim"):
        try_claims(simulated_frame(200, seed=0), ())


def test_features_that_are_missing_everywhere_are_told_for_every_claim():
    frame = simulated_frame(500, seed=0)
    features = [name for name in frame if "__" in name]
    found = try_claims(frame.drop(columns=features), CLAIMS)
    assert {one.verdict for one in found.results} == {NOT_MEASURABLE}


@pytest.mark.slow
def test_when_nothing_is_true_the_family_seldom_finds_anything():
    claims = house_claims()
    found = [try_claims(simulated_frame(3000, seed=seed), claims, seed=0, quick=True) for seed in range(40)]
    decided = sum(any(one.verdict in (SUPPORTED, CONTRADICTED) for one in each.results) for each in found)
    assert decided <= 4
