"""Laws that every model obeys, ours and baselines alike."""

from __future__ import annotations

import numpy as np

from otklik.features import Table
from otklik.models.base import LEVELS, Model, is_live
from otklik.models.conformal import Scores, calibrated


def check_model(model: Model, train: Table, test: Table) -> None:
    """Fit on one table, forecast another, and hold the model to its contract."""
    before = test.X.copy(), test.meta.copy()
    model.fit(train)
    point, scale = model.point(test), model.scale(test)
    assert point.shape == scale.shape == (len(test),)
    assert np.isfinite(point).all(), "a forecast is a number for every example"
    assert (scale > 0).all()
    assert (point >= 0).all(), "log(1 + count) is not negative"
    np.testing.assert_array_equal(model.point(test), point, err_msg="the same question has the same answer")
    assert before[0].equals(test.X), "the table is not changed"
    assert before[1].equals(test.meta)

    order = np.random.default_rng(0).permutation(len(test))
    np.testing.assert_allclose(model.point(test.at(order)), point[order], err_msg="examples do not mix")
    hidden = Table(test.X, test.meta.assign(y_log=np.nan, width_h=np.nan, known_us=0), test.vectors)
    np.testing.assert_array_equal(model.point(hidden), point, err_msg="the label is not read")

    prediction = calibrated(test, point, scale, Scores.of(test, point, scale), is_median=model.name == "otklik")
    assert prediction.quantiles.shape == (len(test), len(LEVELS))
    assert (np.diff(prediction.quantiles, axis=1) >= -1e-12).all(), "quantiles do not cross"
    live = is_live(test)
    seen = np.log1p(test.meta["size"].to_numpy()[live])
    assert (prediction.quantiles[live] >= seen[:, None] - 1e-12).all(), "a forecast never lies below what was seen"
