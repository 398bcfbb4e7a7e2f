"""When a post comes out, on the clock and calendar of its audience."""

from __future__ import annotations

import numpy as np

from otklik.features.catalog import Columns, Context, Feature

FEATURES = (
    Feature("calendar__hour_local", "h", "Hour of the day of publication in the audience's zone, 0 to 24."),
    Feature("calendar__hour_sin", "1", "Sine of the hour of the day, so that 23:00 and 01:00 are near."),
    Feature("calendar__hour_cos", "1", "Cosine of the hour of the day."),
    Feature("calendar__weekday", "1", "Day of the week of publication, Monday 0 to Sunday 6."),
    Feature("calendar__is_weekend", "0/1", "Published on a Saturday or Sunday."),
)


def compute(context: Context) -> Columns:
    """Calendar features of each example, from the planned or actual instant of publication."""
    local = context.local_time()
    hour = (local.dt.hour + local.dt.minute / 60).to_numpy(np.float64)
    weekday = local.dt.day_of_week.to_numpy(np.float64)
    turn = 2 * np.pi * hour / 24
    return {
        "calendar__hour_local": hour,
        "calendar__hour_sin": np.sin(turn),
        "calendar__hour_cos": np.cos(turn),
        "calendar__weekday": weekday,
        "calendar__is_weekend": (weekday >= 5).astype(np.float64),
    }
