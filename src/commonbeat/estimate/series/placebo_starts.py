"""Starts at which nothing happened, as a yardstick for the one at which something did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.series.autoregression import fit_autoregression
from commonbeat.estimate.series.data import FEWEST_PERIODS_EACH_SIDE
from commonbeat.estimate.series.fit import t_ratio
from commonbeat.estimate.series.shape import STEP, shape_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.series.data import SeriesData

    Floats = NDArray[np.float64]

MOST_PLACEBOS = 200
FEWEST_PLACEBOS = 19  # fewer cannot reach p = .05


def placebo_starts(series: SeriesData) -> tuple[NDArray[np.int64], Floats]:
    """Positions of the placebo starts and the t ratio of the change of level at each, from the periods before the event only.

    At most 200, evenly spread, each with at least an eighth of the periods before the event (and 4) on either side; empty when the time
    before is too short. The event's own periods are left out, so that its effect cannot enter its yardstick.
    """
    margin = max(FEWEST_PERIODS_EACH_SIDE, series.start // 8)
    starts = np.arange(margin, series.start - margin + 1)
    columns = shape_columns(series.start, margin, series.season_periods).shape[1]
    if len(starts) == 0 or series.start < 2 * columns:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    starts = np.unique(starts[np.linspace(0, len(starts) - 1, min(len(starts), MOST_PLACEBOS)).astype(np.int64)])
    outcome = series.outcome[: series.start]
    ratios = np.zeros(len(starts))
    for place, start in enumerate(starts):
        fit = fit_autoregression(outcome, shape_columns(len(outcome), int(start), series.season_periods))
        ratios[place] = t_ratio(*fit.contrast(np.eye(columns)[STEP]))
    return starts, ratios
