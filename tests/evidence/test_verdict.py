"""The rules of the verdict, one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from otklik.evidence.double_ml import DoubleSlope
from otklik.evidence.falsification import PERMUTATION, PREVIOUS, Falsification
from otklik.evidence.slope import Slope
from otklik.evidence.verdict import (
    BEFORE,
    CONTRADICTED,
    FEW_AUTHORS,
    INCONCLUSIVE,
    NO_PREVIOUS,
    NOT_SEEN,
    SHUFFLED,
    SUPPORTED,
    TEXT_EXPLAINS,
    decide,
)

UP = Slope(0.1, 0.02, 0.06, 0.14, 0.001, 5000, 200, 150.0)
DOWN = Slope(-0.1, 0.02, -0.14, -0.06, 0.001, 5000, 200, 150.0)
WIDE = replace(UP, lo=-0.01)
TRIES = (Falsification(PERMUTATION, True, 0.01, True), Falsification(PREVIOUS, True, 0.6, True))


def decided(found=UP, q=0.01, expected=1, double=UP, tries=TRIES, n_varying=60):
    verdict, reason = decide(
        found,
        q,
        expected,
        None if double is None else DoubleSlope(double, 0.9, None, None, None),
        tries,
        n_varying=n_varying,
    )
    return verdict, None if reason is None else reason.template


def test_a_claim_that_passes_everything_is_supported():
    assert decided() == (SUPPORTED, None)


@pytest.mark.parametrize(("found", "expected"), [(DOWN, 1), (UP, -1)])
def test_the_mirror_image_is_contradicted(found, expected):
    assert decided(found=found, double=found, expected=expected) == (CONTRADICTED, None)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"q": 0.05}, NOT_SEEN),
        ({"q": float("nan")}, NOT_SEEN),
        ({"n_varying": 29}, FEW_AUTHORS),
        ({"double": WIDE}, TEXT_EXPLAINS),
        ({"double": DOWN}, TEXT_EXPLAINS),
        ({"double": None}, TEXT_EXPLAINS),
        ({"tries": (replace(TRIES[0], passed=False), TRIES[1])}, SHUFFLED),
        ({"tries": TRIES[1:]}, SHUFFLED),
        ({"tries": TRIES[:1]}, NO_PREVIOUS),
        ({"tries": (TRIES[0], replace(TRIES[1], passed=False))}, BEFORE),
    ],
)
def test_each_rule_that_fails_leaves_it_inconclusive_with_its_reason(change, reason):
    assert decided(**change) == (INCONCLUSIVE, reason.template)
