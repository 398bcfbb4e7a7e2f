"""One target, all its models: ours and the baselines, each with the scores that calibrate it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from otklik.dataset.growth import Growth
from otklik.dataset.targets import Target
from otklik.features import Table
from otklik.models.base import Model, Prediction
from otklik.models.baselines import BASELINES
from otklik.models.boosted import Boosted
from otklik.models.conformal import Scores, calibrated
from otklik.models.pairs import PairLaw
from otklik.models.rolling import draft_trust, drawn, pairs_of, rolling_cells, scores_of


def models() -> list[Model]:
    """Our model and the baselines, untrained."""
    baselines: list[Model] = [kind() for kind in BASELINES]
    return [Boosted(), *baselines]


@dataclass
class Forecaster:
    """Fit once, then forecast any table; the first model is ours, the others are the forecasts to beat."""

    target: Target
    models: list[Model] = field(default_factory=models)
    scores: dict[str, Scores] = field(default_factory=dict)
    growth: Growth = field(default_factory=Growth)
    """How looks at the posts that it forecasts are to be carried to the horizon."""
    pairs: dict[str, PairLaw] = field(default_factory=dict)
    """How often the higher of two forecasts comes true, by platform and over ``all``."""

    def fit(self, table: Table, on_model: Callable[[str], None] = lambda _: None) -> Forecaster:
        """Find honest scores inside the table, then fit every model on all of it.

        Args:
            table: training examples; those without a label or a baseline teach nothing and are left out.
            on_model: called with the name of each model before it is fitted.
        """
        known = table.at(table.meta["y_log"].notna().to_numpy())
        for model in self.models:
            on_model(model.name)
            cells = list(rolling_cells(model, known))
            model.fit(known)
            if model is self.ours:
                share = draft_trust(cells)
                cells = drawn(cells, share)
                self.ours.tasks[False].draw(share)
                self.pairs = pairs_of(cells)
            self.scores[model.name] = scores_of(cells).newest(1000)
        return self

    def predict(self, table: Table) -> dict[str, Prediction]:
        """Forecasts of every model by its name.

        Examples of the table that matured before another's cutoff help to calibrate it, as they would in use.
        """
        return {model.name: self.predict_by(model, table) for model in self.models}

    @property
    def ours(self) -> Boosted:
        """The model that is not a baseline."""
        ours = self.models[0]
        assert isinstance(ours, Boosted)
        return ours

    def named(self, name: str) -> Model:
        """One of the models by its name."""
        return next(model for model in self.models if model.name == name)

    def predict_by(self, model: Model, table: Table) -> Prediction:
        """Forecasts of one of the models."""
        point, scale = model.point(table), model.scale(table)
        scores = self.scores.get(model.name, Scores.none()) + Scores.of(table, point, scale)
        return calibrated(table, point, scale, scores, is_median=model is self.models[0])
