"""The shape that an interrupted series is given: trend, step, bend and season."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEP, BEND = 2, 3  # places of the two event columns


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """One question to the series: words of the estimand, and the contrast that answers it."""

    words: str
    contrast: Floats


def shape_columns(periods: int, start: int, season_periods: int | None) -> Floats:
    """Columns [t, k]: 1; t; step (t >= start); bend ((t - start) from the start); two waves a year, where there is a season.

    A season needs a whole year of periods, otherwise it cannot be told from the trend and is left out. The second wave needs a year of
    at least five periods.
    """
    time = np.arange(periods, dtype=np.float64)
    after = (time >= start).astype(np.float64)
    columns = [np.ones(periods), time, after, after * (time - start)]
    if season_periods is not None and periods >= season_periods:
        for wave in (1, 2) if season_periods >= 5 else (1,):
            angle = 2 * np.pi * wave * time / season_periods
            columns += [np.sin(angle), np.cos(angle)]
    return np.stack(columns, axis=1)


def changes(columns: Floats, start: int, period_name: str) -> tuple[Change, Change, Change]:
    """The three questions: the change at the start, of the slope, and the mean change over the periods after it."""
    event = np.zeros(columns.shape[1])
    level, slope, mean = event.copy(), event.copy(), event.copy()
    level[STEP] = slope[BEND] = 1.0
    mean[[STEP, BEND]] = columns[start:, [STEP, BEND]].mean(axis=0)
    return (
        Change("change of level at the start", level),
        Change(f"change of slope per {period_name}", slope),
        Change("mean change after the start", mean),
    )


def without_event(columns: Floats) -> Floats:
    """The columns as they would have been: no step, no bend."""
    plain = columns.copy()
    plain[:, [STEP, BEND]] = 0.0
    return plain
