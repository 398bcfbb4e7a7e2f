"""A model folder: boosters as LightGBM text, everything else in ``card.json``; loading it cannot run code.

The card says what the model was trained on, until when, how well it did and what it must not be used for. It
holds the checksum of every file and of itself, so that a folder that was changed by hand is noticed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np

from otklik.dataset.growth import Growth
from otklik.dataset.targets import Target
from otklik.errors import ConfigurationError, StorageError
from otklik.models.base import Model
from otklik.models.baselines import BASELINES
from otklik.models.boosted import Boosted, Task
from otklik.models.conformal import Scores
from otklik.models.forecaster import Forecaster
from otklik.models.pairs import PairLaw
from otklik.models.topics import Topics
from otklik.models.trees import Trees
from otklik.models.trend import Trend

FORMAT = 3
"""Version of the folder's layout."""
CARD = "card.json"
TASKS = {False: "draft", True: "live"}
N_SCORES = {True: 500, False: 100}
"""Scores a stratum kept in a card, for our model and for each baseline."""


@dataclass(frozen=True)
class Card:
    """What a person must know of a model before trusting it, and what the program needs to run it."""

    name: str
    made_at: datetime
    trained_until: datetime
    """The last instant of publication in the training data."""
    zone: str
    """The audience's time zone in the training data."""
    trained_on: tuple[dict[str, Any], ...]
    """One entry a data set: its name and counts."""
    reference: dict[str, dict[str, list[float]]]
    """Target -> "platform/kind" -> [median log outcome, n posts]: the last resort for an unknown author."""
    authors: frozenset[str]
    """Short checksums of the authors in the training data: others are unseen."""
    metrics: tuple[dict[str, Any], ...]
    """Rows of the backtest on the training data, baselines beside ours."""
    must_not: tuple[str, ...]
    """What the model must not be used for."""
    version: str
    """Version of otklik that trained it."""
    targets: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """The card as plain JSON types."""
        plain = asdict(self)
        plain["made_at"], plain["trained_until"] = self.made_at.isoformat(), self.trained_until.isoformat()
        plain["authors"] = sorted(self.authors)
        return plain

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Card:
        """The inverse of :meth:`to_dict`."""
        values = {name: plain[name] for name in cls.__dataclass_fields__}
        for name in ("made_at", "trained_until"):
            values[name] = datetime.fromisoformat(values[name])
        for name in ("trained_on", "metrics", "must_not", "targets"):
            values[name] = tuple(values[name])
        return cls(**{**values, "authors": frozenset(values["authors"])})


@dataclass(frozen=True)
class ModelFolder:
    """A trained model: its card and a forecaster for each target."""

    card: Card
    forecasters: dict[str, Forecaster]


def author_checksum(platform: str, author_id: str) -> str:
    """Eight hex digits that tell whether an author was in the training data, and not who it was.

    >>> author_checksum("vk", "-1")
    'c6f524de'
    """
    return hashlib.sha256(f"{platform}/{author_id}".encode()).hexdigest()[:8]


def save(folder: Path, model: ModelFolder) -> None:
    """Write a model folder.

    Raises:
        StorageError: when the folder cannot be written.
    """
    texts: dict[str, str] = {}
    parts = {name: _forecaster_out(name, one, texts) for name, one in model.forecasters.items()}
    files = {name: _checksum(text.encode()) for name, text in texts.items()}
    plain = {"format": FORMAT, **model.card.to_dict(), "forecasters": parts, "files": files}
    plain["checksum"] = _checksum(_canonical(plain))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        (folder / CARD).write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise StorageError(
            "the model cannot be written to {folder}: {why}", folder=folder, why=error.strerror
        ) from None


def load(folder: Path) -> ModelFolder:
    """Read a model folder.

    Raises:
        ConfigurationError: when the card is missing, damaged, of another format, or does not match its files.
    """
    plain = read_card(folder)
    texts = {name: _read_checked(folder / name, checksum) for name, checksum in plain["files"].items()}
    forecasters = {name: _forecaster_in(part, texts) for name, part in plain["forecasters"].items()}
    return ModelFolder(Card.from_dict(plain), forecasters)


def read_card(folder: Path) -> dict[str, Any]:
    """The card of a model folder as plain JSON types, its checksum verified.

    Raises:
        ConfigurationError: when the card is missing, damaged or of another format.
    """
    path = folder / CARD
    if not path.is_file():
        raise ConfigurationError(
            "there is no model in {folder}: expected a folder with card.json, made by `otklik train --out {folder}`",
            folder=folder,
        )
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        claimed, rest = plain["checksum"], {k: v for k, v in plain.items() if k != "checksum"}
    except (ValueError, KeyError, TypeError, AttributeError):
        claimed, plain, rest = "", {}, {}
    if plain.get("format", FORMAT) != FORMAT:
        raise ConfigurationError(
            "the model in {folder} has the format {got}, this otklik reads {expected}: train it anew",
            folder=folder,
            got=plain["format"],
            expected=FORMAT,
        )
    if claimed != _checksum(_canonical(rest)):
        raise ConfigurationError(
            "the card of the model in {folder} was changed after training or is damaged: train the model anew "
            "or restore the folder",
            folder=folder,
        )
    return plain


def _read_checked(path: Path, checksum: str) -> str:
    if path.parent / path.name != path or not path.is_file() or _checksum(path.read_bytes()) != checksum:
        raise ConfigurationError(
            "the model file {file} is missing or is not the one that its card describes: train the model anew "
            "or restore the folder",
            file=path,
        )
    return path.read_text(encoding="utf-8")


def _forecaster_out(name: str, forecaster: Forecaster, texts: dict[str, str]) -> dict[str, Any]:
    ours, baselines = forecaster.ours, forecaster.models[1:]
    return {
        "target": asdict(forecaster.target),
        "growth": forecaster.growth.to_dict(),
        "pairs": {name: law.to_dict() for name, law in forecaster.pairs.items()},
        "overall": ours.overall,
        "tasks": {TASKS[live]: _task_out(f"{name}.{TASKS[live]}", task, texts) for live, task in ours.tasks.items()},
        "baselines": {model.name: model.state for model in baselines},  # type: ignore[attr-defined]
        "scores": {
            model: _scores_out(scores.newest(N_SCORES[model == ours.name]))
            for model, scores in forecaster.scores.items()
        },
    }


def _forecaster_in(part: dict[str, Any], texts: dict[str, str]) -> Forecaster:
    ours = Boosted()
    ours.overall = part["overall"]
    ours.tasks = {live: _task_in(live, part["tasks"][name], texts) for live, name in TASKS.items()}
    baselines: list[Model] = [kind(part["baselines"][kind.name]) for kind in BASELINES]
    scores = {name: _scores_in(plain) for name, plain in part["scores"].items()}
    pairs = {name: PairLaw.from_dict(law) for name, law in part["pairs"].items()}
    return Forecaster(Target(**part["target"]), [ours, *baselines], scores, Growth.from_dict(part["growth"]), pairs)


def _task_out(name: str, task: Task, texts: dict[str, str]) -> dict[str, Any]:
    boosters = {f"location.{loss}": one for loss, one in task.location.boosters.items()}
    if task.spread is not None:
        boosters["spread"] = task.spread
    files = {what: f"{name}.{what}.txt" for what in boosters}
    texts |= {files[what]: booster.model_to_string() for what, booster in boosters.items()}
    return {
        "features": task.features,
        "centre": task.centre,
        "trust": task.trust,
        "width": task.width,
        "topics": task.topics.to_dict() if task.topics else None,
        "trend": task.trend.to_dict() if task.trend else None,
        "files": files,
    }


def _task_in(live: bool, plain: dict[str, Any], texts: dict[str, str]) -> Task:
    task = Task(live, centre=plain["centre"], trust=plain["trust"], width=plain["width"])
    task.topics = Topics.from_dict(plain["topics"]) if plain["topics"] else None
    task.files = any(name.startswith("video__") for name in plain["features"])
    if plain["features"] != task.features:
        raise ConfigurationError(
            "the model was trained on other features than this otklik computes: train it anew with `otklik train`"
        )
    task.trend = Trend.from_dict(plain["trend"]) if plain["trend"] else None
    boosters = {what: lgb.Booster(model_str=texts[file]) for what, file in plain["files"].items()}
    task.spread = boosters.pop("spread", None)
    task.location = Trees({what.removeprefix("location."): one for what, one in boosters.items()})
    return task


def _scores_out(scores: Scores) -> dict[str, list[float]]:
    return {
        "z": np.round(scores.z, 4).tolist(),
        "stratum": scores.stratum.tolist(),
        "cutoff_us": scores.cutoff_us.tolist(),
        "known_us": scores.known_us.tolist(),
    }


def _scores_in(plain: dict[str, list[float]]) -> Scores:
    return Scores(
        np.array(plain["z"], np.float64),
        *(np.array(plain[name], np.int64) for name in ("stratum", "cutoff_us", "known_us")),
    )


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _canonical(plain: dict[str, Any]) -> bytes:
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
