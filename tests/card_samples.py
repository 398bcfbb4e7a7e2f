"""A model card as plain JSON types, bins of its chances, and a track record, for tests of the pages that tell them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from otklik.memory.figures import Bin, Figures, TrackRecord, summed_up


def row(task: str, age: int, stratum: str, model: str, **figures: float | None) -> dict[str, Any]:
    against = {"baseline": "ridge", "ratio": 0.9, "lo": 0.85, "hi": 0.95}
    return {
        "task": task, "prediction_age_h": age, "stratum": stratum, "model": model, "n": 400, "n_authors": 30,
        "log_mae": 0.6, "log_mae_lo": 0.5, "log_mae_hi": 0.7, "vs_best_baseline": against, "vs_author_median": against,
        "bias": 0.0, "mdape": 0.4, "within_x2": 0.7, "spearman": 0.8, "spearman_lift": 0.4, "pair_accuracy": 0.7,
        "coverage_50": 0.49, "coverage_80": 0.81, "coverage_90": 0.9, "width_80": 1.5, "crps": 0.4, **figures,
    }  # fmt: skip


CARD = {
    "name": "mine", "made_at": "2026-11-01T10:00:00+00:00", "trained_until": "2026-10-20T10:00:00+00:00",
    "zone": "Asia/Seoul", "targets": ["views_24h", "mine_only"], "must_not": ["ranking people or channels"],
    "trained_on": [{"data": "a, b", "n_posts": 9000, "n_authors": 40, "n_labelled": 700,
                    "first": "2026-01-01T00:00:00+00:00", "last": "2026-10-20T10:00:00+00:00"}],
    "metrics": [row(task, age, stratum, model) for task, age in (("draft", 0), ("live", 6))
                for stratum in ("all", "unseen_authors", "kind_short") for model in ("otklik", "ridge")],
    "version": "0.1.0", "checksum": "abcdef0123456789",
}  # fmt: skip
RELIABILITY = [
    {"low": 0.2 * at, "high": 0.2 * at + 0.2, "n": 50, "said": 0.2 * at + 0.1, "happened": 0.2 * at + 0.15}
    for at in range(4)
]


def record(few: bool = False) -> TrackRecord:
    known = {} if few else {"coverage_80": 0.75, "pair_accuracy": 0.7, "bias": 1.1, "log_mae": 0.5}
    one = Figures("all", 44, 5 if few else 40, **known)
    bins = tuple(Bin(0.2 * at, 0.2 * at + 0.2, 30, 25, 0.2 * at + 0.1, 0.2 * at + 0.05) for at in range(4))
    mine = (replace(one, name="mine abcdef01"),)
    return replace(summed_up([]), n=50, overall=one, by_model=mine, reliability=bins)
