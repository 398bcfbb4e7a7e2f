"""What stands in the pictures of a video: things, the signs of the taxonomy that they carry, and when they are seen.

The classifier's thousand classes are grouped by ``symbol_classes.yaml``, which anybody can read and edit. Where no
class exists for a thing (a kremlin, a river station, a lone minaret) a neighbour stands in and is named a proxy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml
from numpy.typing import NDArray

from otklik.content.taxonomy import SIGNS
from otklik.errors import ConfigurationError
from otklik.media.imagenet import CLASSES, Classified

if TYPE_CHECKING:
    from otklik.media.symbol_probe import Probe

Floats = NDArray[np.float64]

FILE = "symbol_classes.yaml"
GROUP = "sacred_or_historic"
NO_PICTURES = "no pictures to look at"
MANY_PICTURES, TWICE = 10, 2
"""Of many pictures one alone may show anything by chance: a thing must be seen twice."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing or sign over all pictures.

    Attributes:
        name: of the thing, the sign class or the label.
        most: its greatest score in a picture, 0..1; ``None`` where no picture was looked at.
        mean: its mean score.
        share: share of the pictures in which it is seen, that is, scores at least its threshold.
        seen: whether it is seen at all.
        times: seconds at which it is seen.
        is_proxy: a neighbour stands in for a class that the network does not have.
        is_measured: its threshold was chosen and tested on labelled photographs; else it is a guess.
    """

    name: str
    most: float | None
    mean: float | None
    share: float | None
    seen: bool | None
    times: tuple[float, ...] = ()
    is_proxy: bool = False
    is_measured: bool = False


@dataclass(frozen=True, slots=True)
class Symbols:
    """What is seen in the pictures of a video, or why it is not known.

    Attributes:
        frames: pictures looked at.
        things: in the order of ``symbol_classes.yaml``.
        signs: one for each of ``otklik.content.taxonomy.SIGNS``, in that order. A sign that a user's probe knows is
            seen where either sees it; its scores stay those of the shipped network.
        sacred_or_historic: a building of worship, rule, defence or memory of an old kind.
        labels: what a user's probe says; empty without one.
        not_covered: what the shipped network cannot see at all.
        reason: why nothing is known; ``None`` where it is.
    """

    frames: int
    things: tuple[Seen, ...]
    signs: tuple[Seen, ...]
    sacred_or_historic: Seen
    labels: tuple[Seen, ...] = ()
    not_covered: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Classes of ImageNet that mean one thing here."""

    name: str
    classes: tuple[int, ...]
    seen_at: float
    signs: tuple[str, ...] = ()
    is_proxy: bool = False
    is_measured: bool = False

    def scores(self, probabilities: NDArray[np.float32]) -> Floats:
        """Its score in each picture: the sum of its classes, at most 1. Shape (n,)."""
        return np.minimum(1.0, probabilities[:, self.classes].sum(axis=1, dtype=np.float64))


@dataclass(frozen=True, slots=True)
class Table:
    """The groups of ``symbol_classes.yaml``."""

    things: tuple[Group, ...]
    signs: tuple[Group, ...]
    sacred_or_historic: Group
    not_covered: tuple[str, ...]


def symbols_of(times: Sequence[float], classified: Classified, probe: Probe | None = None) -> Symbols:
    """Put together what is seen in the pictures of a video.

    Args:
        times: second of each picture.
        classified: of the same pictures, see :func:`otklik.media.imagenet.classify`.
        probe: the user's own labels, see :mod:`otklik.media.symbol_probe`.

    Raises:
        ValueError: when there are not as many times as pictures.
    """
    if len(times) != len(classified):
        raise ValueError(f"{len(times)} times for {len(classified)} pictures")
    if not len(times):
        return unknown(NO_PICTURES)
    grouped = table()
    when = np.asarray(times, np.float64)
    found = Symbols(
        frames=len(times),
        things=tuple(_told(group, classified, when) for group in grouped.things),
        signs=tuple(_told(group, classified, when) for group in grouped.signs),
        sacred_or_historic=_told(grouped.sacred_or_historic, classified, when),
        not_covered=grouped.not_covered,
    )
    return found if probe is None else with_labels(found, times, classified.embeddings, probe)


def with_labels(found: Symbols, times: Sequence[float], embeddings: NDArray[Any], probe: Probe) -> Symbols:
    """Symbols with what a user's own labels add to them.

    Args:
        found: what the shipped network sees in these pictures.
        times: second of each picture.
        embeddings: of the same pictures, shape (n, 1280).
        probe: see :mod:`otklik.media.symbol_probe`.
    """
    if not len(times):
        return found
    when = np.asarray(times, np.float64)
    scores = probe.probabilities(embeddings)
    labels = tuple(
        replace(_seen(label, column, column >= probe.seen_at, when), is_measured=True)
        for label, column in zip(probe.labels, scores.T, strict=True)
    )
    by_sign: dict[str, set[float]] = {}
    for label, sign in zip(labels, probe.signs, strict=True):
        if sign is not None:
            by_sign.setdefault(sign, set()).update(label.times)
    signs = tuple(_also_at(sign, by_sign.get(sign.name, set()), len(times)) for sign in found.signs)
    return replace(found, signs=signs, labels=labels)


def _also_at(sign: Seen, times: set[float], frames: int) -> Seen:
    """The sign, seen at these times as well."""
    if not times - set(sign.times):
        return sign
    together = tuple(sorted({*sign.times, *times}))
    return replace(sign, seen=True, share=round(len(together) / frames, 4), times=together)


def unknown(reason: str) -> Symbols:
    """Symbols of which nothing is known, and why: no value is 0.

    >>> unknown("no pictures to look at").sacred_or_historic.most is None
    True
    """

    def blank(group: Group) -> Seen:
        return Seen(group.name, None, None, None, None, (), group.is_proxy, group.is_measured)

    all_ = table()
    things, signs = tuple(map(blank, all_.things)), tuple(map(blank, all_.signs))
    return Symbols(0, things, signs, blank(all_.sacred_or_historic), (), all_.not_covered, reason)


def _told(group: Group, classified: Classified, when: Floats) -> Seen:
    scores = group.scores(classified.probabilities)
    found = _seen(group.name, scores, scores >= group.seen_at, when)
    return replace(found, is_proxy=group.is_proxy, is_measured=group.is_measured)


def _seen(name: str, scores: Floats, at: NDArray[np.bool_], when: Floats) -> Seen:
    return Seen(
        name=name,
        most=round(float(scores.max()), 4),
        mean=round(float(scores.mean()), 4),
        share=round(float(at.mean()), 4),
        seen=bool(at.sum() >= (TWICE if len(at) >= MANY_PICTURES else 1)),
        times=tuple(round(float(one), 3) for one in when[at]),
    )


@lru_cache(maxsize=1)
def table() -> Table:
    """The groups of classes that are shipped."""
    text = resources.files("otklik.media").joinpath(FILE).read_text(encoding="utf-8")
    return read_table(yaml.safe_load(text))


def read_table(told: Mapping[str, Any]) -> Table:
    """The groups that a ``symbol_classes.yaml`` tells of.

    Raises:
        ConfigurationError: for a sign that the taxonomy does not have, or a class that ImageNet does not have.
    """
    things = tuple(_group(name, one) for name, one in told["things"].items())
    signs = []
    for name in SIGNS:
        parts = [thing for thing in things if name in thing.signs]
        classes = tuple(sorted({number for part in parts for number in part.classes}))
        how = told.get("signs", {}).get(name, {})
        proxy = all(part.is_proxy for part in parts)
        signs.append(Group(name, classes, *_threshold(how), is_proxy=proxy, is_measured=bool(how.get("measured"))))
    return Table(things, tuple(signs), _group(GROUP, told[GROUP]), tuple(map(str, told.get("missing", ()))))


SAFE = 0.3
"""Threshold where too few labelled photographs of a class were at hand to choose one."""


def _threshold(told: Mapping[str, Any]) -> tuple[float]:
    return (float(told.get("seen_at", SAFE)),)


def _group(name: str, told: Mapping[str, Any]) -> Group:
    classes = tuple(sorted({number for text in told["classes"] for number in _numbers(str(text))}))
    signs = (str(told["sign"]),) if "sign" in told else ()
    for wrong in [sign for sign in signs if sign not in SIGNS]:
        raise ConfigurationError(
            "{file}: the thing {name} stands for {sign!r}, which is no sign: choose one of {known}",
            file=FILE, name=name, sign=wrong, known=", ".join(SIGNS),
        )  # fmt: skip
    return Group(name, classes, *_threshold(told), signs, bool(told.get("proxy")), bool(told.get("measured")))


def _numbers(text: str) -> Iterator[int]:
    """Numbers of "668 mosque" or "0-397 animals"."""
    first, _, last = text.split(" ", 1)[0].partition("-")
    is_number = first.isdecimal() and (last or first).isdecimal()
    if not is_number or not int(first) <= int(last or first) < CLASSES:
        raise ConfigurationError(
            '{file}: expected a class such as "668 mosque" or "0-397 animals", but got {text!r}', file=FILE, text=text
        )
    yield from range(int(first), int(last or first) + 1)
