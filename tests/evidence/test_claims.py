"""Claims are data: everything a user can get wrong is told with the nearest right word, and nothing is evaluated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from otklik.errors import ConfigurationError
from otklik.evidence import house_claims, read_claims
from otklik.evidence.claims import OUTCOMES
from otklik.evidence.exposure import Exposure

GOOD = """
claims:
  - id: mine
    text: Posts with a sign are shared more
    exposure: {feature: sign__n_classes, above: 0}
    outcome: sharing
    expected: "+"
    fixed_on: 2026-11-24
"""


def written(tmp_path, text):
    path = tmp_path / "claims.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_house_claims_cover_the_article_in_two_languages():
    claims = house_claims()
    assert len(claims) == 19
    for claim in claims:
        assert claim.outcome in OUTCOMES
        assert claim.said("en") != claim.said("ru")
        assert claim.fixed_on.year == 2026
    assert {"sign_sharing", "synergy_sharing", "original_sound_reach", "hook_first_hour"} <= {one.id for one in claims}


def test_emotion_is_never_a_control_of_the_total_effect_of_a_sign():
    for claim in house_claims():
        if claim.mediator is not None:
            held = {name for one in claim.controls for name in one.features}
            assert not held & set(claim.mediator.features)


def test_a_users_claim_in_one_language_is_said_in_both(tmp_path):
    (claim,) = read_claims(written(tmp_path, GOOD))
    assert claim.said("ru") == claim.said("en") == "Posts with a sign are shared more"
    assert claim.expected == 1


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("sign__n_classes", "sign__n_clases", "nearest is 'sign__n_classes'"),
        ("sign__n_classes", "early__speed", "there is no feature known before publication 'early__speed'"),
        ("outcome: sharing", "outcome: shares", "there is no outcome 'shares'; the nearest is 'sharing'"),
        ('expected: "+"', "expected: up", "there is no expected sign 'up'"),
        (
            "outcome: sharing",
            "outcome: sharing\n    contrls: []",
            "there is no key 'contrls'; the nearest is 'controls'",
        ),
        ("above: 0", "over: 0", "there is no key 'over'"),
        ("above: 0", "above: many", "above is a number"),
        ("{feature: sign__n_classes, above: 0}", "__import__('os')", "an exposure is a mapping"),
        ("{feature: sign__n_classes, above: 0}", "{any: []}", "any takes a list"),
        ("fixed_on: 2026-11-24", "fixed_on: soon", "the day on which it was written down"),
        ("text: Posts with a sign are shared more", "text: {en: only}", "text is a sentence, or a mapping"),
        ("claims:", "claim:", "holds no claims"),
        ("claims:", "claims: [", "is not YAML"),
        ('expected: "+"', 'expected: "+"\n    beyond: [sign__n]', "beyond lists 2 or 3 expressions"),
        ("id: mine", "name: mine", "expected the keys id, text"),
    ],
)
def test_a_mistake_in_a_claims_file_is_told_with_the_remedy(tmp_path, old, new, told):
    with pytest.raises(ConfigurationError, match=told.replace("(", r"\(")):
        read_claims(written(tmp_path, GOOD.replace(old, new)))


def test_two_claims_of_one_id_are_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="two claims have the id 'mine'"):
        read_claims(written(tmp_path, GOOD + GOOD.split("claims:\n")[1]))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot read the claims in"):
        read_claims(tmp_path / "none.yaml")


def test_expressions_combine_and_keep_what_is_not_known():
    frame = pd.DataFrame({"sign__n": [0.0, 2.0, np.nan], "people__n": [1.0, 0.0, 3.0]})
    sign, people = {"feature": "sign__n", "above": 0}, {"feature": "people__n", "above": 0}
    values = {
        form: Exposure.read({form: [sign, people]}, "mine").of(frame).tolist() for form in ("any", "all", "product")
    }
    assert values["any"] == [1.0, 1.0, 1.0]
    np.testing.assert_array_equal(values["all"], [0.0, 0.0, np.nan])
    np.testing.assert_array_equal(values["product"], [0.0, 0.0, np.nan])


def test_a_standardised_exposure_has_mean_0_and_spread_1():
    one = Exposure.read({"feature": "sign__n", "standardise": True}, "mine")
    values = one.of(pd.DataFrame({"sign__n": [1.0, 2.0, 6.0]}))
    assert abs(values.mean()) < 1e-12
    assert abs(values.std() - 1) < 1e-12
    assert not one.is_binary
