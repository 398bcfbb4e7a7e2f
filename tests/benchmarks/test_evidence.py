"""Does the ladder find the truth? Bias, coverage, false verdicts and power on simulated cohorts, as a printed table.

``OTKLIK_REPLICATIONS`` is how many cohorts each figure is taken over (200 unless given): about 20 minutes on one core.
"""

from __future__ import annotations

import os

import numpy as np
import pytest

from otklik.evidence import house_claims, try_claims
from otklik.evidence.double_ml import double_ml
from otklik.evidence.fixed import raw, with_controls, within
from otklik.evidence.panel import panel_of
from otklik.evidence.simulated import simulated_frame
from otklik.evidence.verdict import CONTRADICTED, SUPPORTED

REPLICATIONS = int(os.environ.get("OTKLIK_REPLICATIONS", "200"))
HOUSE = {one.id: one for one in house_claims()}
FOOLED, HONEST = ("raw", "controls"), ("fixed effects", "double ML")
MOST_BIAS = 0.02
COVERAGE = (0.92, 0.97)
CHANCE = 2 * np.sqrt(0.05 * 0.95 / REPLICATIONS)
"""Two standard errors of a coverage over so many cohorts: what a figure may lie outside the range by chance."""


def climbed(frame, claim, seed):
    panel = panel_of(frame, claim)
    found, _ = within(panel, claim.id)
    slopes = (raw(panel), with_controls(panel), found, double_ml(panel, seed=seed, sensitivity=False).slope)
    return dict(zip((*FOOLED, *HONEST), slopes, strict=True))


def told(slopes, true):
    log = np.array([one.log for one in slopes])
    covered = np.mean([one.lo <= true <= one.hi for one in slopes])
    return {
        "bias": log.mean() - true,
        "coverage": covered,
        "mean_se": np.mean([one.se for one in slopes]),
        "true_se": log.std(ddof=1),
        "found": np.mean([one.p < 0.05 for one in slopes]),
    }


def line(name, figures):
    return f"  {name:<14}" + "".join(f" {key} {value:+.3f}" for key, value in figures.items())


@pytest.mark.benchmark
@pytest.mark.parametrize("effect", [0.0, 0.05, 0.1])
@pytest.mark.parametrize("outcome", ["reach", "sharing"])
def test_bias_and_coverage_of_the_rungs(outcome, effect):
    true = float(np.log1p(effect))
    cohorts = [
        climbed(simulated_frame(6000, effect=effect, seed=seed), HOUSE[f"sign_{outcome}"], seed)
        for seed in range(REPLICATIONS)
    ]
    print(f"\n{outcome}, true effect {effect:.0%}, 6,000 posts of 250 authors, {REPLICATIONS} cohorts")
    table = {name: told([one[name] for one in cohorts], true) for name in (*FOOLED, *HONEST)}
    for name, figures in table.items():
        print(line(name, figures))
    for name in HONEST:
        assert abs(table[name]["bias"]) < MOST_BIAS
        assert COVERAGE[0] - CHANCE <= table[name]["coverage"] <= COVERAGE[1] + CHANCE
    for name in FOOLED:
        assert table[name]["bias"] > 0.1
        assert table[name]["coverage"] < 0.5


@pytest.mark.benchmark
@pytest.mark.parametrize("outcome", ["reach", "sharing"])
def test_coverage_with_few_authors_of_unequal_size(outcome):
    true = float(np.log1p(0.05))
    slopes = [
        within(
            panel_of(
                simulated_frame(6000, effect=0.05, seed=seed, n_authors=33, uneven=True), HOUSE[f"sign_{outcome}"]
            ),
            outcome,
        )[0]
        for seed in range(REPLICATIONS)
    ]
    figures = told(slopes, true)
    print(f"\n{outcome}, true effect 5%, 6,000 posts of 33 unequal authors, {REPLICATIONS} cohorts")
    print(line("fixed effects", figures))
    assert COVERAGE[0] - CHANCE <= figures["coverage"]


@pytest.mark.benchmark
def test_false_verdicts_when_nothing_is_true():
    claims = house_claims()
    trials = [
        try_claims(simulated_frame(3000, seed=seed), claims, seed=seed, quick=True) for seed in range(REPLICATIONS)
    ]
    verdicts = [{one.verdict for one in trial.results} for trial in trials]
    n_tried = sum(one.q is not None for one in trials[0].results)
    supported = np.mean([SUPPORTED in one for one in verdicts])
    either = np.mean([bool(one & {SUPPORTED, CONTRADICTED}) for one in verdicts])
    print(f"\nnothing is true, {n_tried} claims, 3,000 posts, {REPLICATIONS} cohorts")
    print(f"  any claim supported {supported:.3f}, supported or contradicted {either:.3f}")
    assert supported <= 0.05 + CHANCE


@pytest.mark.benchmark
@pytest.mark.parametrize("n_posts", [1000, 6000, 30_000])
def test_power(n_posts):
    print(f"\npower at {n_posts} posts of {n_posts // 24} authors")
    for outcome in ("reach", "sharing"):
        claim = HOUSE[f"sign_{outcome}"]
        n = REPLICATIONS if n_posts < 30_000 else max(REPLICATIONS // 4, 2)
        for effect in (0.05, 0.1):
            results = [
                try_claims(simulated_frame(n_posts, effect=effect, seed=seed), [claim], seed=seed, quick=True).results[
                    0
                ]
                for seed in range(n)
            ]
            found = np.mean([one.rung("fixed_effects").p < 0.05 for one in results])
            supported = np.mean([one.verdict == SUPPORTED for one in results])
            smallest = np.median([one.mde for one in results])
            print(
                f"  {outcome:<8} effect {effect:.0%}: found {found:.2f}, supported {supported:.2f}, "
                f"median smallest detectable {smallest:.1%} ({n} cohorts)"
            )
