"""Quantiles of the raw formula scores over a reference corpus; the corpus itself never enters the package."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from otklik.content import formula
from otklik.content.reader import read

N_QUANTILES = 200


def write(texts: Iterable[str], name: str, out: Path) -> int:
    """Write the reference file from the texts of a corpus; returns how many different ones were read."""
    readings = [one for text in dict.fromkeys(texts) if text.strip() and (one := read(text)).is_read]
    raw = {
        key: [formula.amount(formula.parts_of(one)[key], one.n_words) for one in readings] for key in formula.SCORES[:3]
    }
    levels = (np.arange(N_QUANTILES) + 0.5) / N_QUANTILES
    quantiles = {
        key: np.quantile(values, levels, method="inverted_cdf").round(4).tolist() for key, values in raw.items()
    }
    shares = {
        key: 100 * np.searchsorted(quantiles[key], values, side="left") / N_QUANTILES for key, values in raw.items()
    }
    joint = [formula.together(one) for one in zip(*(shares[key] for key in formula.SCORES[:3]), strict=True)]
    quantiles["formula"] = np.quantile(joint, levels, method="inverted_cdf").round(4).tolist()
    plain = {"name": name, "n": len(readings), "quantiles": quantiles}
    out.write_text(json.dumps(plain, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    formula.reference.cache_clear()
    return len(readings)
