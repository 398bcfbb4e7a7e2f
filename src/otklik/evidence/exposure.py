"""Exposures: what a claim says a post has, as an expression over features that are known before publication.

The whole language: a feature as it is, above a number (0 or 1) or standardised, and ``any``, ``all``, ``product`` and
``not`` of such. It is read as data; nothing is ever evaluated as code.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from otklik.errors import ConfigurationError
from otklik.features import names

Floats = NDArray[np.float64]

FEATURE = "feature"
OF_MANY = ("any", "all", "product")
NOT = "not"
FORMS = (FEATURE, *OF_MANY, NOT)
_BESIDE = {"above", "standardise"}


@dataclass(frozen=True, slots=True)
class Exposure:
    """One expression: ``form`` is one of :data:`FORMS`."""

    form: str
    feature: str | None = None
    above: float | None = None
    """1 where the feature is greater than this, 0 where it is not."""
    standardise: bool = False
    """In standard deviations of the posts on trial."""
    parts: tuple[Exposure, ...] = ()

    @classmethod
    def read(cls, plain: Any, where: str) -> Exposure:
        """The expression that a mapping of a claims file holds.

        Raises:
            ConfigurationError: when a key, a feature or a value is not known, with the nearest that is.

        >>> Exposure.read({"any": [{"feature": "sign__n", "above": 0}]}, "mine").features
        ('sign__n',)
        """
        if not isinstance(plain, dict):
            raise ConfigurationError(
                "claim {claim}: an exposure is a mapping such as {{feature: sign__n_classes, above: 0}}; got {got!r}",
                claim=where,
                got=plain,
            )
        known_keys(plain, (*FORMS, *_BESIDE), where)
        forms = [form for form in FORMS if form in plain]
        if len(forms) != 1 or (forms != [FEATURE] and _BESIDE & plain.keys()):
            raise ConfigurationError(
                "claim {claim}: an exposure has exactly one of {forms}, and above or standardise only beside feature; "
                "got {got}",
                claim=where,
                forms=", ".join(FORMS),
                got=", ".join(map(str, plain)),
            )
        return cls._feature(plain, where) if forms == [FEATURE] else cls._combined(forms[0], plain[forms[0]], where)

    @classmethod
    def _feature(cls, plain: dict[str, Any], where: str) -> Exposure:
        name, above, scaled = plain[FEATURE], plain.get("above"), plain.get("standardise", False)
        known_name(name, names(draft=True, files=True), "feature known before publication", where)
        if (above is not None and (isinstance(above, bool) or not isinstance(above, int | float))) or not isinstance(
            scaled, bool
        ):
            raise ConfigurationError(
                "claim {claim}: above is a number and standardise is true or false; got {got}", claim=where, got=plain
            )
        return cls(FEATURE, name, None if above is None else float(above), scaled)

    @classmethod
    def _combined(cls, form: str, inner: Any, where: str) -> Exposure:
        listed = [inner] if form == NOT else inner
        if not isinstance(listed, list) or not listed:
            raise ConfigurationError(
                "claim {claim}: {form} takes a list of expressions; got {got!r}", claim=where, form=form, got=inner
            )
        return cls(form, parts=tuple(cls.read(one, where) for one in listed))

    @property
    def features(self) -> tuple[str, ...]:
        """The features that it is computed from, in the order of reading."""
        return tuple(dict.fromkeys(self._leaves()))

    def _leaves(self) -> Iterator[str]:
        if self.feature is not None:
            yield self.feature
        for part in self.parts:
            yield from part._leaves()

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups of its features: whose detector it leans on."""
        return tuple(dict.fromkeys(name.split("__")[0] for name in self.features))

    @property
    def is_binary(self) -> bool:
        """Whether it can only be 0 or 1: thresholds and what is made of them."""
        if self.form == FEATURE:
            return self.above is not None
        return all(part.is_binary for part in self.parts)

    def of(self, frame: pd.DataFrame) -> Floats:
        """Its value for each row, shape ``(n,)``; NaN where it is not known.

        ``any`` is known when one of its parts is (the platform's AI label may be missing where the words are not);
        ``all``, ``product`` and ``not`` need every part.

        >>> one = Exposure.read({"not": {"feature": "sign__n", "above": 0}}, "mine")
        >>> one.of(pd.DataFrame({"sign__n": [0.0, 2.0, np.nan]})).tolist()
        [1.0, 0.0, nan]
        """
        if self.form == FEATURE:
            return self._column(frame)
        stacked = np.stack([part.of(frame) for part in self.parts])
        if self.form == "any":
            return np.fmax.reduce(stacked)
        if self.form == NOT:
            return np.asarray(1.0 - stacked[0])
        return np.asarray(np.min(stacked, axis=0) if self.form == "all" else np.prod(stacked, axis=0))

    def _column(self, frame: pd.DataFrame) -> Floats:
        if self.feature not in frame:
            return np.full(len(frame), np.nan)
        values = frame[self.feature].to_numpy(np.float64)
        if self.above is not None:
            return np.where(np.isnan(values), np.nan, (values > self.above).astype(np.float64))
        if not self.standardise or not np.isfinite(values).any():
            return values
        spread = float(np.nanstd(values))
        return np.asarray((values - np.nanmean(values)) / (spread if spread > 0 else 1.0))


def known_keys(plain: dict[str, Any], known: Iterable[str], where: str) -> None:
    """Refuse a mapping with a key that is not known."""
    allowed = list(known)
    for key in plain:
        known_name(key, allowed, "key", where)


def known_name(name: Any, known: Iterable[str], kind: str, where: str) -> None:
    """Refuse a name that is not known, with the nearest one that is.

    Raises:
        ConfigurationError: naming the claim, the name and the nearest known one.
    """
    allowed = list(known)
    if name in allowed:
        return
    near = difflib.get_close_matches(str(name), allowed, 1, 0.0)
    raise ConfigurationError(
        "claim {claim}: there is no {kind} {name!r}; the nearest is {near!r}",
        claim=where,
        kind=kind,
        name=name,
        near=near[0] if near else "",
    )
