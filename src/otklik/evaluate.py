"""Judging forecasts: rolling-origin backtests, and a given model on data it never saw, always beside baselines.

Every model is judged on identical rows. Intervals of figures come from drawing whole authors with replacement;
a comparison with the best baseline draws the same authors for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from otklik import metrics
from otklik.dataset.cohorts import attrition
from otklik.dataset.corpus import Corpus
from otklik.dataset.examples import at_age, at_looks
from otklik.dataset.growth import learn_growth
from otklik.dataset.splits import Fold, rolling_origin
from otklik.dataset.targets import Target, labels
from otklik.errors import DataError
from otklik.features import Table, assemble
from otklik.features.author import OWN_SOURCES, SOURCES
from otklik.models.base import LEVELS, Floats, Prediction, is_live
from otklik.models.baselines import AuthorMedian
from otklik.models.card import ModelFolder, author_checksum
from otklik.models.chances import chance_above
from otklik.models.forecast import Note
from otklik.models.forecaster import Forecaster

AGES_H = (1, 2, 3, 6, 12)
"""Ages at which live posts are judged; drafts are judged at 0."""
OURS = "otklik"
MIN_TRAIN = 30
"""A fold with fewer training posts is left out."""
LEAK_RANK = 0.9
"""A single feature of a draft that ranks the outcomes this well cannot be honest."""

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Evaluation:
    """What a backtest or an evaluation found; ``rows`` are stable for others to build on."""

    data: str
    target: str
    rows: tuple[dict[str, Any], ...]
    attrition: pd.DataFrame
    notes: tuple[Note, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types; a figure that cannot be computed is ``None``."""
        return {
            "data": self.data,
            "target": self.target,
            "rows": [{name: _plain(value) for name, value in row.items()} for row in self.rows],
            "attrition": self.attrition.to_dict("records"),
            "notes": [str(note) for note in self.notes],
        }


@dataclass(frozen=True)
class Judged:
    """Test examples of one task at one age with the predictions of every model."""

    table: Table
    predictions: dict[str, Prediction]
    strata: dict[str, np.ndarray]


def backtest(
    corpus: Corpus, target: Target, *, data: str, zone: str, on_progress: Progress = lambda *_: None
) -> Evaluation:
    """Train and test at a rolling origin, 25 % of the authors never in training.

    Args:
        corpus: all posts; every author's history comes from them, as of each cutoff.
        target: what to forecast.
        data: the name of the data for the report.
        zone: the audience's time zone.
        on_progress: called with a stage, how much is done and of how much.

    Raises:
        DataError: when too few posts have a label, or a feature of a draft betrays the outcome.
    """
    label = labels(corpus, target)
    labelled = label["value"].notna().to_numpy()
    folds = list(rolling_origin(corpus, labelled, target))
    corpus = grown(corpus, target, label, folds)
    drafts, looks, live = tables(corpus, target, labelled, zone)
    audit(drafts)
    train = concatenate([drafts, looks])
    judged: list[list[Judged]] = []
    for fold in folds:
        on_progress("backtest", fold.number, len(folds))
        taught = train.at(fold.trains(*(train.meta[name].to_numpy() for name in ("row", "published_us", "known_us"))))
        if taught.meta["row"].nunique() >= MIN_TRAIN:
            forecaster = Forecaster(target).fit(taught)
            judged.append(list(_fold(forecaster, fold, drafts, live, is_last=fold is folds[-1])))
    on_progress("backtest", len(folds), len(folds))
    if not judged:
        raise DataError(
            "a backtest needs more posts with a label: {n} have one for {target}, "
            "and no fold has {least} to learn from",
            n=int(labelled.sum()),
            target=target.name,
            least=MIN_TRAIN,
        )
    rows = [row for age in range(len(live) + 1) for row in _rows([fold[age] for fold in judged])]
    return Evaluation(data, target.name, tuple(rows), attrition(corpus, target, label))


def grown(corpus: Corpus, target: Target, label: pd.DataFrame, folds: list[Fold]) -> Corpus:
    """The corpus with growth curves learned from what the first fold may learn from, so that no fold knows too much."""
    if not folds:
        return corpus
    rows = np.arange(len(corpus))
    taught = folds[0].trains(rows, corpus.published_us, label["known_us"].to_numpy())
    return replace(corpus, growth=learn_growth(corpus, target, label, taught))


def evaluate(model: ModelFolder, corpus: Corpus, target: Target, *, data: str, zone: str | None = None) -> Evaluation:
    """A trained model on data that it never saw; its intervals go on being calibrated as posts mature.

    Args:
        model: the model folder.
        corpus: all posts; every author's history comes from them, as of each cutoff.
        target: what to forecast; the model must have been trained for it.
        data: the name of the data for the report.
        zone: the audience's time zone; that of the training data unless given.

    Raises:
        DataError: when the model has no forecaster for the target, or no post has a label.
    """
    if target.name not in model.forecasters:
        raise DataError(
            "the model {model} forecasts {targets}, not {target}: train one with --target {target}",
            model=model.card.name,
            targets=", ".join(model.forecasters),
            target=target.name,
        )
    label = labels(corpus, target)
    labelled = label["value"].notna().to_numpy()
    if not labelled.any():
        raise DataError(
            "no post of {data} has a label for {target}: looks on both sides of the horizon are needed",
            data=data,
            target=target.name,
        )
    forecaster = model.forecasters[target.name]
    drafts, _, live = tables(replace(corpus, growth=forecaster.growth), target, labelled, zone or model.card.zone)
    posts = corpus.posts
    unseen = np.array(
        [
            author_checksum(*author) not in model.card.authors
            for author in zip(posts["platform"], posts["author_id"], strict=True)
        ]
    )
    first, last = int(corpus.published_us.min()), int(corpus.published_us.max())
    fold = Fold(0, first, last + 1, unseen, 0)
    judged = _fold(forecaster, fold, drafts, live, is_last=False)
    rows = [row for one in judged for row in _rows([one])]
    return Evaluation(data, target.name, tuple(rows), attrition(corpus, target, label))


def tables(
    corpus: Corpus, target: Target, labelled: np.ndarray, zone: str
) -> tuple[Table, Table | None, dict[int, Table]]:
    """Labelled posts as drafts, at their looks (for training) and at each judged age (for testing)."""
    rows = np.flatnonzero(labelled)
    drafts = assemble(corpus, at_age(corpus, rows, 0.0), target=target, zone=zone)
    if target.horizon_h is None:
        return drafts, None, {}
    looks = assemble(corpus, at_looks(corpus, rows, target.horizon_h), target=target, zone=zone)
    live = {age: assemble(corpus, at_age(corpus, rows, age), target=target, zone=zone) for age in AGES_H}
    return drafts, looks, {age: table.at(is_live(table)) for age, table in live.items()}


def concatenate(parts: list[Table | None]) -> Table:
    """One table of several; ``None`` adds nothing."""
    return Table.joined([part for part in parts if part is not None])


def audit(drafts: Table) -> None:
    """Refuse a feature that knows too much: one that alone ranks outcomes of drafts, or lifts, above 0.9.

    Raises:
        DataError: naming the feature.
    """
    outcome = drafts.y_log - drafts.meta["baseline_log"].to_numpy()
    for name in drafts.X.columns:
        values = drafts.X[name].to_numpy()
        known = np.isfinite(values) & np.isfinite(outcome)
        if known.sum() >= MIN_TRAIN and abs(metrics.spearman(outcome[known], values[known])) > LEAK_RANK:
            raise DataError(
                "the feature {feature} ranks the lifts of drafts almost perfectly: it must know the outcome; "
                "look for counters read after the cutoff",
                feature=name,
            )


def _fold(
    forecaster: Forecaster, fold: Fold, drafts: Table, live: dict[int, Table], *, is_last: bool
) -> Iterator[Judged]:
    for table in (drafts, *live.values()):
        test = table.at(fold.tests(table.meta["published_us"].to_numpy()))
        unseen = fold.unseen[test.meta["row"].to_numpy()]
        yield Judged(test, forecaster.predict(test), _strata(test, unseen, is_last=is_last))


def _strata(table: Table, unseen: np.ndarray, *, is_last: bool) -> dict[str, np.ndarray]:
    """The groups in which forecasts are judged apart, one flag an example each."""
    everything = np.ones(len(table), bool)
    look = table.meta["look_age_h"].to_numpy()
    groups = {"all": everything, "known_authors": ~unseen, "unseen_authors": unseen}
    groups |= {f"kind_{kind}": (table.meta["kind"] == kind).to_numpy() for kind in table.meta["kind"].unique()}
    for low, high in ((0, 1), (1, 3), (3, 6), (6, 12)):
        groups[f"look_{low}_{high}h"] = (look >= low) & (look < high)
    worded = has_words(table)
    if worded.any() and not worded.all():
        groups["with_text"] = worded
    # By the baseline, which is known beforehand: picking posts by their outcome would make any forecast look low.
    base = table.meta["baseline_log"].to_numpy()
    top = np.nanquantile(base, 0.9) if np.isfinite(base).any() else np.inf
    groups["top_decile"] = base >= top
    groups["last_weeks"] = everything & is_last
    return groups


def has_words(table: Table) -> np.ndarray:
    """Which posts have a title or a text: of the others no text feature can tell anything."""
    lengths = table.X[["text__title_n_chars", "text__text_n_chars_log"]].fillna(0.0)
    return (lengths > 0).any(axis=1).to_numpy()


def _rows(folds: list[Judged]) -> Iterator[dict[str, Any]]:
    """One row a stratum and model, over the test examples of all folds of one task and age."""
    table = concatenate([fold.table for fold in folds])
    names = sorted({name for fold in folds for name in fold.strata})
    for stratum in sorted(names, key=lambda name: (name != "all", name)):
        none = [np.zeros(len(fold.table), bool) for fold in folds]
        mask = np.concatenate([fold.strata.get(stratum, n) for fold, n in zip(folds, none, strict=True)])
        if mask.any():
            predictions = {name: _joined([fold.predictions[name] for fold in folds]) for name in folds[0].predictions}
            yield from _stratum_rows(table, predictions, mask, stratum)


def _joined(parts: list[Prediction]) -> Prediction:
    return Prediction(
        np.concatenate([part.point for part in parts]),
        np.concatenate([part.quantiles for part in parts]),
        np.concatenate([part.n_calibration for part in parts]),
    )


def _stratum_rows(
    table: Table, predictions: dict[str, Prediction], mask: np.ndarray, stratum: str
) -> Iterator[dict[str, Any]]:
    part = table.at(mask)
    author, y = part.meta["author"].to_numpy(), part.y_log
    errors = {name: np.abs(y - one.point[mask]) for name, one in predictions.items()}
    baselines = [name for name in errors if name != OURS]
    best = min(baselines, key=lambda name: errors[name].mean())
    names = list(errors)
    draws = metrics.cluster_bootstrap(np.stack([errors[n] for n in names], axis=1), np.ones(len(y)), author)
    drawn = {name: draws[:, i] for i, name in enumerate(names)}
    live = bool(is_live(part)[0])
    for name in names:
        one = predictions[name]
        low, high = np.quantile(drawn[name], [0.025, 0.975])
        yield {
            "task": "live" if live else "draft",
            "prediction_age_h": round(float(part.meta["age_h"].iloc[0])),
            "stratum": stratum,
            "model": name,
            "n": len(y),
            "n_authors": len(np.unique(author)),
            "log_mae": float(errors[name].mean()),
            "log_mae_lo": float(low),
            "log_mae_hi": float(high),
            "vs_best_baseline": _against(best, name, errors, drawn),
            "vs_author_median": _against(AuthorMedian.name, name, errors, drawn),
            **_figures(y, one.point[mask], one.quantiles[mask], author, part.meta["baseline_log"].to_numpy()),
            **_chances(part, one.quantiles[mask], told=name == OURS and stratum == "all"),
        }


def _against(baseline: str, name: str, errors: dict[str, Floats], drawn: dict[str, Floats]) -> dict[str, Any]:
    """The error of a model over that of a baseline, and its 95 % interval over paired draws of authors."""
    low, high = np.quantile(drawn[name] / drawn[baseline], [0.025, 0.975])
    ratio = float(errors[name].mean() / errors[baseline].mean())
    return {"baseline": baseline, "ratio": ratio, "lo": float(low), "hi": float(high)}


def _figures(y: Floats, point: Floats, quantiles: Floats, author: np.ndarray, base: Floats) -> dict[str, float]:
    def ends(share: float) -> tuple[Floats, Floats]:
        low, high = (int(np.flatnonzero(np.isclose(LEVELS, q))[0]) for q in (0.5 - share / 2, 0.5 + share / 2))
        return quantiles[:, low], quantiles[:, high]

    has_base = np.isfinite(base)
    return {
        "bias": float(np.mean(y - point)),
        "mdape": metrics.mdape(y, point),
        "within_x2": metrics.within_factor(y, point),
        "spearman": metrics.spearman(y, point),
        "spearman_lift": metrics.spearman((y - base)[has_base], (point - base)[has_base]),
        "pair_accuracy": metrics.pair_accuracy(y, point, author),
        "coverage_50": metrics.coverage(y, *ends(0.5)),
        "coverage_80": metrics.coverage(y, *ends(0.8)),
        "coverage_90": metrics.coverage(y, *ends(0.9)),
        "width_80": metrics.width(*ends(0.8)),
        "crps": metrics.crps(y, quantiles, LEVELS),
    }


def _chances(part: Table, quantiles: Floats, *, told: bool) -> dict[str, Any]:
    """How well the chance to beat the author's own usual is told; with the bins where they are asked for."""
    own = np.isfinite(part.meta["baseline_log"].to_numpy())
    own &= np.isin(part.meta["baseline_source"].to_numpy(), [SOURCES.index(name) for name in OWN_SOURCES])
    base, y = part.meta["baseline_log"].to_numpy()[own], part.y_log[own]
    chance, beats = chance_above(quantiles[own], base), y > base
    figures: dict[str, Any] = {
        "ece_beats_usual": metrics.ece(chance, beats),
        "brier_beats_usual": float(np.mean((chance - beats) ** 2)) if len(y) else float("nan"),
        "share_beats_usual": float(beats.mean()) if len(y) else float("nan"),
        "n_beats_usual": len(y),
    }
    if told:
        figures["reliability_beats_usual"] = metrics.reliability(chance, beats)
    return figures


def _plain(value: Any) -> Any:
    """JSON has no NaN: what cannot be computed is null."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return None if isinstance(value, float) and not np.isfinite(value) else value
