"""Claims: sentences about posts, each with what is compared and which way it should go, fixed before looking.

The claims of the house (``claims.yaml``) are those of the article that otklik puts on trial; users write their own in
the same form and read them with :func:`read_claims`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from otklik.errors import ConfigurationError
from otklik.evidence.exposure import Exposure, known_keys, known_name
from otklik.language import LANGUAGES

SHARING, REACH, FIRST_HOUR = "sharing", "reach", "first_hour"
OUTCOMES = (SHARING, REACH, FIRST_HOUR)
"""Reposts a view; log views at the target; log views an hour after publication."""
SIGNS = {"+": 1, "-": -1}
_REQUIRED = ("id", "text", "exposure", "outcome", "expected", "fixed_on")
_OPTIONAL = ("controls", "among", "beyond", "mediator", "placebo", "source")
MOST_PARTS = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, as it was written down before anybody looked."""

    id: str
    text: tuple[tuple[str, str], ...]
    """The claim in words, one pair of language and sentence each."""
    exposure: Exposure
    outcome: str
    """One of :data:`OUTCOMES`."""
    expected: int
    """1 when the exposure should raise the outcome, -1 when it should lower it."""
    fixed_on: date
    controls: tuple[Exposure, ...] = ()
    among: Exposure | None = None
    """Only posts where this is true are compared."""
    beyond: tuple[Exposure, ...] = ()
    """The parts whose sum the exposure must exceed: parts and pairs become controls, and the terms are tested."""
    mediator: Exposure | None = None
    """Through which the effect may run; never a control of the total effect."""
    placebo: Exposure | None = None
    """What looks alike and should do nothing."""

    def said(self, lang: str) -> str:
        """The claim in a language."""
        return dict(self.text)[lang]

    @property
    def needs(self) -> tuple[Exposure, ...]:
        """The expressions without which it cannot be put on trial."""
        return (self.exposure, *self.beyond, *((self.among,) if self.among is not None else ()))

    @property
    def features(self) -> tuple[str, ...]:
        """Every feature that any part of the claim names."""
        extra = (*self.controls, *(one for one in (self.mediator, self.placebo) if one is not None))
        return tuple(dict.fromkeys(name for one in (*self.needs, *extra) for name in one.features))


@cache
def house_claims() -> tuple[Claim, ...]:
    """The claims of the article, as they ship.

    >>> len({claim.id for claim in house_claims()}) == len(house_claims())
    True
    """
    return _parsed(files("otklik").joinpath("evidence/claims.yaml").read_text(encoding="utf-8"), "claims.yaml")


def read_claims(path: Path) -> tuple[Claim, ...]:
    """The claims of a user's file.

    Raises:
        ConfigurationError: when the file cannot be read, or a claim names what does not exist, with the nearest
            that does.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "cannot read the claims in {path}: {reason}", path=path, reason=getattr(error, "strerror", None) or error
        ) from error
    return _parsed(text, str(path))


def _parsed(text: str, source: str) -> tuple[Claim, ...]:
    try:
        plain = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigurationError("{path} is not YAML: {reason}", path=source, reason=error) from error
    listed = plain.get("claims") if isinstance(plain, dict) else None
    if not isinstance(listed, list) or not listed:
        raise ConfigurationError(
            "{path} holds no claims: expected a key claims with a list, each with {keys}",
            path=source,
            keys=", ".join(_REQUIRED),
        )
    claims = tuple(_claim(one, f"{source} #{number}") for number, one in enumerate(listed, 1))
    seen: set[str] = set()
    for claim in claims:
        if claim.id in seen:
            raise ConfigurationError("{path}: two claims have the id {id!r}", path=source, id=claim.id)
        seen.add(claim.id)
    return claims


def _claim(plain: Any, where: str) -> Claim:
    if not isinstance(plain, dict) or any(key not in plain for key in _REQUIRED):
        raise ConfigurationError(
            "claim {claim}: expected the keys {keys}; got {got}",
            claim=where,
            keys=", ".join(_REQUIRED),
            got=", ".join(map(str, plain)) if isinstance(plain, dict) else repr(plain),
        )
    name = str(plain["id"])
    known_keys(plain, (*_REQUIRED, *_OPTIONAL), name)
    known_name(plain["outcome"], OUTCOMES, "outcome", name)
    known_name(plain["expected"], SIGNS, "expected sign", name)
    return Claim(
        id=name,
        text=_texts(plain["text"], name),
        exposure=Exposure.read(plain["exposure"], name),
        outcome=plain["outcome"],
        expected=SIGNS[plain["expected"]],
        fixed_on=_date(plain["fixed_on"], name),
        controls=_expressions(plain.get("controls", []), name),
        among=_maybe(plain.get("among"), name),
        beyond=_beyond(plain.get("beyond", []), name),
        mediator=_maybe(plain.get("mediator"), name),
        placebo=_maybe(plain.get("placebo"), name),
    )


def _texts(plain: Any, where: str) -> tuple[tuple[str, str], ...]:
    if isinstance(plain, str) and plain.strip():
        return tuple((lang, plain.strip()) for lang in LANGUAGES)
    if not isinstance(plain, dict) or not all(isinstance(plain.get(lang), str) for lang in LANGUAGES):
        raise ConfigurationError(
            "claim {claim}: text is a sentence, or a mapping with {languages}; got {got!r}",
            claim=where,
            languages=", ".join(LANGUAGES),
            got=plain,
        )
    return tuple((lang, plain[lang].strip()) for lang in LANGUAGES)


def _date(plain: Any, where: str) -> date:
    if type(plain) is date:
        return plain
    raise ConfigurationError(
        "claim {claim}: fixed_on is the day on which it was written down, such as 2026-11-24; got {got!r}",
        claim=where,
        got=plain,
    )


def _expressions(plain: Any, where: str) -> tuple[Exposure, ...]:
    if not isinstance(plain, list):
        raise ConfigurationError("claim {claim}: expected a list of expressions; got {got!r}", claim=where, got=plain)
    return tuple(Exposure.read({"feature": one} if isinstance(one, str) else one, where) for one in plain)


def _beyond(plain: Any, where: str) -> tuple[Exposure, ...]:
    parts = _expressions(plain, where)
    if parts and (not 2 <= len(parts) <= MOST_PARTS or not all(part.is_binary for part in parts)):
        raise ConfigurationError(
            "claim {claim}: beyond lists 2 or {most} expressions that are 0 or 1 (above: ...); got {n}",
            claim=where,
            most=MOST_PARTS,
            n=len(parts),
        )
    return parts


def _maybe(plain: Any, where: str) -> Exposure | None:
    return None if plain is None else Exposure.read(plain, where)
