"""What a contact sheet tells, as plain values; the words come from the caller, in the language wanted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from otklik.errors import DataError

HOOK_S = 3.0
"""The opening that decides whether a film is watched on."""


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """A picture of the film, bytes of shape (height, width, 3), and the second at which it stands.

    Raises:
        DataError: the picture is of another shape or type.

    >>> Thumbnail(0.5, np.zeros((90, 160, 3), np.uint8)).aspect.__round__(2)
    1.78
    """

    at_s: float
    rgb: NDArray[np.uint8]

    def __post_init__(self) -> None:
        shape = self.rgb.shape
        if len(shape) != 3 or shape[2] != 3 or 0 in shape or self.rgb.dtype != np.uint8:
            raise DataError(
                "a picture for the contact sheet is {dtype} of shape {shape}; expected uint8 of shape"
                " (height, width, 3): convert it to RGB first",
                dtype=self.rgb.dtype,
                shape=shape,
            )

    @property
    def aspect(self) -> float:
        """Width by height."""
        return float(self.rgb.shape[1] / self.rgb.shape[0])


@dataclass(frozen=True, slots=True)
class Mark:
    """A change of shot, seconds; ``until_s`` is ``at_s`` where it is hard."""

    at_s: float
    until_s: float
    kind: Literal["hard", "dissolve", "fade"] = "hard"


@dataclass(frozen=True, slots=True)
class Lane:
    """One measure along the time axis: pairs of second and value from 0 to 1, ``None`` where it is not known.

    ``dots`` are single sightings; a value of ``bars`` stands from its second until the next one; a ``curve`` flows
    between its values. ``role`` is the group that the colour stands for.
    """

    label: str
    points: tuple[tuple[float, float | None], ...]
    kind: Literal["dots", "bars", "curve"] = "dots"
    role: Literal["sign", "picture", "sound", "quiet"] = "sign"


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the sheet itself."""

    hook: str = "Hook"
    """Beside the accent on the axis; the seconds follow it."""
    cuts: str = "Cuts"
    hard: str = "cut"
    dissolve: str = "dissolve"
    fade: str = "fade"
    s: str = "s"
    """Sign of the second."""
    palette: str = "Palette"
    notes: str = "Not looked at"
    decimal: str = "."


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole contact sheet; a ``duration_s`` of 0 is a single still picture."""

    title: str
    duration_s: float
    facts: tuple[str, ...] = ()
    """Short pieces for the line under the title."""
    hook_s: float = HOOK_S
    thumbnails: tuple[Thumbnail, ...] = ()
    cuts: tuple[Mark, ...] = ()
    lanes: tuple[Lane, ...] = ()
    palette: tuple[tuple[str, float], ...] = ()
    """Pairs of colour, ``#rrggbb``, and its share."""
    findings: tuple[tuple[str, str], ...] = ()
    """Pairs of label and value."""
    notes: tuple[str, ...] = ()
    """What was not looked at, and why."""
    words: Words = field(default_factory=Words)
