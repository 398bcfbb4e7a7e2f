"""The spread that is used for authors without a history, measured on real posts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from otklik.dataset.corpus import Corpus
from otklik.dataset.targets import MATURE, MATURE_REACTIONS, REACTIONS_24H, VIEWS_24H, Target, labels
from otklik.experiments.power import FEW, N_HISTORY, TYPICAL_SD

MATURE_SHARES = Target("mature_shares", "shares", horizon_h=None)
SETS = (
    ("reach", "yt_shorts_6h", VIEWS_24H),
    ("reach", "yt_news_6h", VIEWS_24H),
    ("reach", "vk_karelia", MATURE),
    ("reactions", "yt_news_6h", REACTIONS_24H),
    ("reactions", "vk_karelia", MATURE_REACTIONS),
    ("sharing", "vk_karelia", MATURE_SHARES),
)


def spreads(folder, target: Target) -> np.ndarray:
    """Standard deviation of the log outcome of every author and kind with enough posts."""
    corpus = Corpus.of(pd.read_parquet(folder / "posts.parquet"), pd.read_parquet(folder / "snapshots.parquet"))
    value = labels(corpus, target)["value"].to_numpy()
    y = np.log1p(value)
    if target.counter == "shares":
        y = np.log((value + 0.5) / (labels(corpus, replace(target, counter="views"))["value"].to_numpy() + 0.5))
    frame = pd.DataFrame({"author": corpus.author, "kind": corpus.posts["kind"].to_numpy(), "y": y}).dropna()
    grouped = frame.groupby(["author", "kind"]).tail(N_HISTORY).groupby(["author", "kind"])["y"]
    return grouped.std()[grouped.size() >= FEW].to_numpy()


@pytest.mark.slow
def test_typical_spreads_lie_among_those_of_real_authors(shared_data):
    for outcome, name, target in SETS:
        found = spreads(shared_data / name, target)
        low, middle, high = np.quantile(found, [0.1, 0.5, 0.9])
        print(f"\n{outcome} {name} {target.name}: n = {len(found)}, median {middle:.2f}, 80 % {low:.2f}-{high:.2f}")
        assert low <= TYPICAL_SD[outcome] <= high + 0.1
