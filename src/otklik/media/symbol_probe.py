"""A user's own labels for pictures: a linear probe on the features of the shipped network, kept as plain JSON.

Multinomial logistic regression on standardised features ``x`` of 1280 numbers:
``p = softmax(W (x - centre) / spread + b)``. It is learnt in :mod:`otklik.media.symbol_learning`; linear probes on
frozen features: Alain and Bengio 2016, https://arxiv.org/abs/1610.01644.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from otklik.content.taxonomy import SIGNS
from otklik.errors import ConfigurationError, StorageError
from otklik.media.imagenet import FEATURES, SHA256, softmax

FOLDER = "symbols"
"""Where probes lie in a workspace."""
SEEN_AT = 0.5
"""A label is seen where the probe gives it more than all others together."""
_NAME = re.compile(r"[\w][\w-]{0,63}")


@dataclass(frozen=True, slots=True)
class LabelTrial:
    """How one label fared in cross-validation; ``precision`` is ``None`` when it was never given."""

    label: str
    pictures: int
    precision: float | None
    recall: float


@dataclass(frozen=True, slots=True)
class Trial:
    """Cross-validation of a probe.

    Attributes:
        folds: parts; each was judged by a probe that was learnt on the others.
        pictures: in all parts.
        accuracy: share told right.
        chance: share that the most frequent label alone would get right.
        labels: one by one.
        confusion: row: the label it has; column: the label it was given; in the order of ``labels``.
    """

    folds: int
    pictures: int
    accuracy: float
    chance: float
    labels: tuple[LabelTrial, ...]
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe: what it tells apart, its numbers, and how it fared.

    Attributes:
        name: as the user calls it.
        labels: at least two.
        signs: for each label the class of the taxonomy that it stands for, or ``None``.
        centre, spread: 1280 numbers each.
        coefficients: one row of 1280 numbers a label.
        bias: one number a label.
        weights_sha256: of the network on whose features it was learnt.
        trial: its cross-validation.
        seen_at: probability from which a label is seen in a picture.
    """

    name: str
    labels: tuple[str, ...]
    signs: tuple[str | None, ...]
    centre: tuple[float, ...]
    spread: tuple[float, ...]
    coefficients: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]
    weights_sha256: str
    trial: Trial
    seen_at: float = SEEN_AT

    def probabilities(self, embeddings: NDArray[Any]) -> NDArray[np.float64]:
        """Probability of each label, shape (n, labels), from features of shape (n, 1280)."""
        standard = (np.asarray(embeddings, np.float64) - np.array(self.centre)) / np.array(self.spread)
        logits = standard @ np.array(self.coefficients).T + np.array(self.bias)
        return np.asarray(softmax(logits), np.float64)

    def write(self, path: Path) -> None:
        """Write it as JSON.

        Raises:
            StorageError: when the file cannot be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(msgspec.json.encode(self) + b"\n")
        except OSError as error:
            raise StorageError("the file {path} cannot be written: {why}", path=path, why=error.strerror) from None

    @classmethod
    def read(cls, path: Path) -> Probe:
        """Read one from JSON.

        Raises:
            ConfigurationError: when there is none, it is damaged, or it was learnt on other weights.
        """
        try:
            probe = msgspec.json.decode(path.read_bytes(), type=cls)
        except OSError as error:
            raise ConfigurationError(
                "the labels {path} cannot be read ({why}): `otklik symbols list` shows which there are",
                path=path, why=error.strerror,
            ) from None  # fmt: skip
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise ConfigurationError(DAMAGED, path=path, why=str(error)) from None
        if why := probe._fault():
            raise ConfigurationError(DAMAGED, path=path, why=why)
        if probe.weights_sha256 != SHA256:
            raise ConfigurationError(
                "the labels {path} were learnt on another version of the picture classifier ({found} instead of "
                "{expected}): learn them again with `otklik symbols learn`",
                path=path, found=probe.weights_sha256[:12], expected=SHA256[:12],
            )  # fmt: skip
        return probe

    def _fault(self) -> str | None:
        """What is wrong with its numbers."""
        n = len(self.labels)
        if n < 2 or len(set(self.labels)) != n:
            return "expected at least two different labels"
        if {len(self.signs), len(self.coefficients), len(self.bias), len(self.trial.labels)} != {n}:
            return f"expected one sign, row, bias and trial for each of {n} labels"
        if any(len(row) != FEATURES for row in (self.centre, self.spread, *self.coefficients)):
            return f"expected rows of {FEATURES} numbers"
        if min(self.spread) <= 0 or not 0 < self.seen_at <= 1:
            return "expected spreads above 0 and a threshold between 0 and 1"
        if any(sign is not None and sign not in SIGNS for sign in self.signs):
            return "a sign that the taxonomy does not have"
        return None


DAMAGED = "the labels {path} are damaged ({why}): learn them again with `otklik symbols learn`"


def place(workspace: Path, name: str) -> Path:
    """The file of a probe in a workspace.

    Raises:
        ConfigurationError: for a name that is no plain word.

    >>> place(Path("work"), "kazan").as_posix()
    'work/symbols/kazan.json'
    """
    if not _NAME.fullmatch(name):
        raise ConfigurationError(
            "expected a name of letters, digits, - and _ (at most 64), but got {name!r}: give one with --name",
            name=name,
        )
    return workspace / FOLDER / f"{name}.json"


def probes(workspace: Path) -> tuple[Path, ...]:
    """Files of all probes of a workspace, by name."""
    return tuple(sorted((workspace / FOLDER).glob("*.json")))
