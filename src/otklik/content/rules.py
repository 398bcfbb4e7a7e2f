"""Small words that the rules of reading look for, out of one file that anybody can read and extend."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import yaml

FILE = "rules.yaml"


@lru_cache(maxsize=1)
def _rules() -> dict[str, frozenset[str]]:
    text = resources.files("otklik.content").joinpath(FILE).read_text(encoding="utf-8")
    return {name: frozenset(map(str, listed)) for name, listed in yaml.safe_load(text).items()}


def words(name: str) -> frozenset[str]:
    """The words of a rule.

    >>> "улица" in words("places_street")
    True
    """
    return _rules()[name]
