"""How well readings agree with labels given by hand: precision and recall by group, pooled over texts.

A text with no label of a group still counts: whatever is found there is a false find. Places are the regions and
``foreign_place`` together, since both say where a text is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from otklik.content.reading import Reading
from otklik.errors import DataError

GROUPS = ("place", "sign", "style", "emotion", "identity", "people")

LABELS: dict[str, type] = {
    "regions": list,
    "foreign_place": bool,
    "signs": list,
    "style": list,
    "emotions": list,
    "identity": bool,
    "people": list,
}
"""Keys of a labelled text, and of what kind each is."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts of one group over many texts."""

    group: str
    right: int
    found: int
    labelled: int

    @property
    def precision(self) -> float:
        """Share of what was found that is labelled; NaN when nothing was found."""
        return self.right / self.found if self.found else float("nan")

    @property
    def recall(self) -> float:
        """Share of what is labelled that was found; NaN when nothing is labelled."""
        return self.right / self.labelled if self.labelled else float("nan")


def said(reading: Reading) -> dict[str, set[str]]:
    """What a reading says, as sets of labels by group."""
    return {
        "place": {*reading.regions, *(["foreign"] if reading.has_foreign_place else [])},
        "sign": set(reading.signs),
        "style": set(reading.styles),
        "emotion": set(reading.emotions),
        "identity": {"identity"} if reading.has_identity else set(),
        "people": {_surname(name) for name in reading.people},
    }


def labelled(label: Mapping[str, Any]) -> dict[str, set[str]]:
    """What the labels of a text say, in the same form.

    >>> labelled({"regions": ["RU-TA"], "foreign_place": True, "people": ["Муса Джалиль"]})["people"]
    {'джалиль'}
    """
    return {
        "place": {*label.get("regions", ()), *(["foreign"] if label.get("foreign_place") else [])},
        "sign": set(label.get("signs", ())),
        "style": set(label.get("style", ())),
        "emotion": set(label.get("emotions", ())),
        "identity": {"identity"} if label.get("identity") else set(),
        "people": {_surname(name) for name in label.get("people", ())},
    }


def checked(lines: Sequence[Mapping[str, Any]]) -> None:
    """Refuse labels that are none: each is a list of words, ``foreign_place`` and ``identity`` true or false.

    Raises:
        DataError: naming the text by its number, when a label is of another kind or no text has any label.
    """
    if not any(name in line for line in lines for name in LABELS):
        raise DataError("no text has a label: expected some of {names}", names=", ".join(LABELS))
    for number, line in enumerate(lines, 1):
        for name, kind in LABELS.items():
            if name in line and not _is_label(line[name], kind):
                raise DataError(
                    "text {number}: {name} should be {expected}, but is {got}",
                    number=number,
                    name=name,
                    expected="a list of words" if kind is list else "true or false",
                    got=str(line[name])[:60],
                )


def _is_label(value: Any, kind: type) -> bool:
    if kind is list:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, kind)


def _surname(name: str) -> str:
    """People are the same when their last name is: "Тукай" is "Габдулла Тукай"."""
    return name.split()[-1].lower().replace("ё", "е") if name.split() else ""


def agreement(readings: Iterable[Reading], labels: Sequence[Mapping[str, Any]]) -> list[Agreement]:
    """Agreement by group, in the order of :data:`GROUPS`; readings and labels are in the same order."""
    pairs = [(said(reading), labelled(label)) for reading, label in zip(readings, labels, strict=True)]
    return [
        Agreement(
            group,
            sum(len(one[group] & other[group]) for one, other in pairs),
            sum(len(one[group]) for one, _ in pairs),
            sum(len(other[group]) for _, other in pairs),
        )
        for group in GROUPS
    ]
