"""Models that speak in intervals: baselines, boosted trees, conformal calibration, cards."""
