"""How well found cuts agree with those that a film was made with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from media.cut_films import Film

TOLERANCE_S = 0.15

Found = Sequence[tuple[float, float]]
"""Passages as begin and end; a tool that knows no length gives the same instant twice."""


@dataclass
class Score:
    """Counts over many films: of hard cuts, and of cuts of every kind."""

    hard_right: int = 0
    hard_false: int = 0
    hard_missed: int = 0
    right: int = 0
    false: int = 0
    missed: int = 0
    gradual_right: int = 0
    gradual_missed: int = 0
    trap_false: int = 0
    trap_s: float = 0.0
    notes: list[str] = field(default_factory=list)

    def add(self, film: Film, found: Found) -> None:
        """Match each true cut with the nearest passage found; what is left over is false.

        A hard cut is matched within 0.15 s, a gradual one by overlap. For hard cuts alone, what falls into a gradual
        passage is neither right nor false.
        """
        left = sorted(found)
        for cut in film.cuts:
            is_hard = cut.kind == "hard"
            fits = [one for one in left if _fits(cut, one, is_hard)]
            if fits:
                left.remove(min(fits, key=lambda one: abs(one[0] - cut.at_s)))
            else:
                self.notes.append(f"film {film.number}: {cut.kind} at {cut.at_s:.2f} s missed")
            self.right += bool(fits)
            self.missed += not fits
            self.hard_right += is_hard and bool(fits)
            self.hard_missed += is_hard and not fits
            self.gradual_right += not is_hard and bool(fits)
            self.gradual_missed += not is_hard and not fits
        self.notes += [f"film {film.number}: false cut at {one[0]:.2f} s" for one in left]
        self.false += len(left)
        gradual = [cut for cut in film.cuts if cut.kind != "hard"]
        self.hard_false += sum(not any(_fits(cut, one, False) for cut in gradual) for one in left)
        if film.is_trap_only:
            self.trap_false += len(left)
            self.trap_s += film.duration_s

    def line(self, name: str) -> str:
        """A line of the table of :func:`heading`."""
        figures = (
            _ratio(self.hard_right, self.hard_false),
            _ratio(self.hard_right, self.hard_missed),
            _ratio(self.right, self.false),
            _ratio(self.right, self.missed),
            _ratio(self.gradual_right, self.gradual_missed),
            60 * self.trap_false / self.trap_s if self.trap_s else float("nan"),
        )
        return f"{name:32}" + "".join(f"{figure:9.3f}" for figure in figures)


def heading() -> str:
    names = ("hard: pr.", "recall", "all: pr.", "recall", "gr. rec.", "traps/min")
    return f"{'':32}" + "".join(f"{name:>9}" for name in names)


def _fits(cut, one, is_hard):
    if is_hard:
        return abs(one[0] - cut.at_s) <= TOLERANCE_S
    return one[0] < cut.until_s + TOLERANCE_S and one[1] > cut.at_s - TOLERANCE_S


def _ratio(right, wrong):
    return right / (right + wrong) if right + wrong else float("nan")
