"""The log of experiments: what was fixed before the start, which variants were drawn, which posts came of them.

Nothing here is ever changed or deleted. A mistake is corrected by a newer row of :data:`~.tables.EXPERIMENT_LINK`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from otklik.store.polls import _known, _us, instant
from otklik.store.store import Store
from otklik.store.tables import AUTHOR, EXPERIMENT, EXPERIMENT_ASSIGNMENT, EXPERIMENT_LINK, POST


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of publishing: a label, and what it stands for."""

    label: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment as it was fixed before its start."""

    name: str
    platform: str
    author_id: str
    variants: tuple[Variant, ...]
    """The first is under test; each other one is what it is compared with."""
    outcome: str
    """reach, sharing or reactions."""
    horizon_h: float
    """Age in hours at which the outcome is read."""
    blocks: str
    """Inside what variants are drawn: week or kind."""
    zone: str
    """Time zone in which weeks begin."""
    seed: int
    planned: int
    """The stopping rule: so many published posts."""
    made_at: datetime
    foreseen: dict[str, Any] = field(default_factory=dict)
    """What the power calculation said before the start, as plain values."""
    key: int = 0
    """Given by the store."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the variants, in order."""
        return tuple(one.label for one in self.variants)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A variant that was drawn for the next post."""

    number: int
    """1, 2, ... inside the experiment."""
    stratum: str
    """The week or the kind."""
    block: int
    """Number of the permuted block inside the stratum, from 0."""
    place: int
    """Place inside the block, from 0."""
    copies: int
    """How often each variant stands in the block."""
    variant: str
    assigned_at: datetime
    title: str | None = None
    request_key: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The post that came of an assignment; without a post, a link that was taken back."""

    number: int
    platform: str | None
    post_id: str | None
    used: str | None
    """The variant really used, where a person said that it was not the one drawn."""
    noted_at: datetime

    @property
    def post(self) -> tuple[str, str] | None:
        """Platform and id of the post."""
        return None if self.platform is None or self.post_id is None else (self.platform, self.post_id)


@dataclass(frozen=True, slots=True)
class StoredPost:
    """What linking needs to know of a post."""

    author_id: str
    published_at: datetime
    gone_at: datetime | None


class Experiments:
    """The experiments of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, experiment: Experiment) -> Experiment | None:
        """Fix an experiment; ``None`` when there is one of that name, which stays as it was."""
        with self._store.transaction() as connection:
            if self.named(experiment.name) is not None:
                return None
            row = {name: getattr(experiment, name) for name in _PLAIN}
            row["variants"] = _json(
                [{"label": one.label, "description": one.description} for one in experiment.variants]
            )
            row |= {"foreseen": _json(experiment.foreseen), "made_us": _us(experiment.made_at)}
            done = connection.execute(EXPERIMENT.insert().values(**row))
            return replace(experiment, key=int(done.inserted_primary_key[0]))  # type: ignore[index]

    def named(self, name: str) -> Experiment | None:
        """The experiment of a name. Inside a transaction nobody else draws for it until the end."""
        query = select(EXPERIMENT).where(EXPERIMENT.c.name == name).with_for_update()
        with self._store.transaction() as connection:
            row = connection.execute(query).first()
        return None if row is None else _experiment(row)

    def all(self) -> list[Experiment]:
        """Every experiment, in the order in which they were fixed."""
        with self._store.transaction() as connection:
            rows = connection.execute(select(EXPERIMENT).order_by(EXPERIMENT.c.experiment_key)).all()
        return [_experiment(row) for row in rows]

    def assign(self, key: int, assignment: Assignment) -> None:
        """Append an assignment to the log of the experiment with this key."""
        row = {name: getattr(assignment, name) for name in _ASSIGNED}
        row |= {"experiment_key": key, "assigned_us": _us(assignment.assigned_at)}
        with self._store.transaction() as connection:
            connection.execute(EXPERIMENT_ASSIGNMENT.insert(), row)

    def assignments(self, key: int) -> list[Assignment]:
        """The assignments of the experiment with this key, by number."""
        table = EXPERIMENT_ASSIGNMENT
        query = select(table).where(table.c.experiment_key == key).order_by(table.c.number)
        with self._store.transaction() as connection:
            rows = connection.execute(query).all()
        return [
            Assignment(assigned_at=instant(row.assigned_us), **{name: getattr(row, name) for name in _ASSIGNED})
            for row in rows
        ]

    def link(self, key: int, links: Sequence[Link]) -> None:
        """Append links to the log; all of them or none."""
        rows = [{"experiment_key": key, "noted_us": _us(one.noted_at)} | _link_row(one) for one in links]
        with self._store.transaction() as connection:
            for row in rows:
                connection.execute(EXPERIMENT_LINK.insert().values(**row))

    def links(self, key: int) -> list[Link]:
        """The whole log of links, oldest first; the last one of a number is in force."""
        table = EXPERIMENT_LINK
        query = select(table).where(table.c.experiment_key == key).order_by(table.c.link_key)
        with self._store.transaction() as connection:
            rows = connection.execute(query).all()
        return [Link(row.number, row.platform, row.post_id, row.used, instant(row.noted_us)) for row in rows]

    def post(self, platform: str, post_id: str) -> StoredPost | None:
        """What is known of a post; ``None`` when it is not in the store."""
        columns = (AUTHOR.c.author_id, POST.c.published_us, POST.c.gone_us)
        query = select(*columns).select_from(POST.join(AUTHOR, AUTHOR.c.author_key == POST.c.author_key))
        with self._store.transaction() as connection:
            row = connection.execute(query.where(POST.c.platform == platform, POST.c.post_id == post_id)).first()
        return None if row is None else StoredPost(row.author_id, instant(row.published_us), _known(row.gone_us))

    def knows_author(self, platform: str, author_id: str) -> bool:
        """Whether an author is in the store."""
        query = select(AUTHOR.c.author_key).where(AUTHOR.c.platform == platform, AUTHOR.c.author_id == author_id)
        with self._store.transaction() as connection:
            return connection.scalar(query) is not None


_PLAIN = ("name", "platform", "author_id", "outcome", "horizon_h", "blocks", "zone", "seed", "planned")
_ASSIGNED = ("number", "stratum", "block", "place", "copies", "variant", "title", "request_key")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _link_row(link: Link) -> dict[str, Any]:
    return {"number": link.number, "platform": link.platform, "post_id": link.post_id, "used": link.used}


def _experiment(row: Any) -> Experiment:
    return Experiment(
        variants=tuple(Variant(**one) for one in json.loads(row.variants)),
        made_at=instant(row.made_us),
        foreseen=json.loads(row.foreseen),
        key=int(row.experiment_key),
        **{name: getattr(row, name) for name in _PLAIN},
    )
