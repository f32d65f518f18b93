"""Figures that cities already have, by week and place: interrupted series and synthetic control, with their placebos."""

from __future__ import annotations

from commonbeat.estimate.series.data import PlaceSeries, SeriesData
from commonbeat.estimate.series.interrupted import SeriesResult, interrupted_series
from commonbeat.estimate.series.left_out import LeftOut, leave_periods_out
from commonbeat.estimate.series.simplex import simplex_weights
from commonbeat.estimate.series.synthetic import SyntheticResult, synthetic_control

__all__ = [
    "LeftOut",
    "PlaceSeries",
    "SeriesData",
    "SeriesResult",
    "SyntheticResult",
    "interrupted_series",
    "leave_periods_out",
    "simplex_weights",
    "synthetic_control",
]
