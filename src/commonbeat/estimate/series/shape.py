"""The shape that an interrupted series is given: trend, step, bend and season."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEP, BEND = 2, 3  # places of the two event columns
SHORT_YEAR = 7  # periods: quarters or weekdays, whose pattern is no smooth wave, so all its waves are taken out


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """One question to the series: words of the estimand, and the contrast that answers it."""

    words: str
    contrast: Floats


def shape_columns(periods: int, start: int, season_periods: int | None) -> Floats:
    """Columns [t, k]: 1; t; step (t >= start); bend ((t - start) from the start); the season's waves, where there is one.

    A season needs a whole year of periods, otherwise it cannot be told from the trend and is left out. Two waves of sine and cosine; in a
    year of up to seven periods all waves, so that each period has a mean of its own.
    """
    time = np.arange(periods, dtype=np.float64)
    after = (time >= start).astype(np.float64)
    columns = [np.ones(periods), time, after, after * (time - start)]
    if season_periods is not None and periods >= season_periods:
        columns += _waves(time, season_periods)
    return np.stack(columns, axis=1)


def _waves(time: Floats, season_periods: int) -> list[Floats]:
    """Sine and cosine of each wave; the wave of half a year's periods has no sine, as it is 0 in every period."""
    last = season_periods // 2 if season_periods <= SHORT_YEAR else 2
    found = []
    for wave in range(1, last + 1):
        angle = 2 * np.pi * wave * time / season_periods
        found += [np.cos(angle)] if 2 * wave == season_periods else [np.sin(angle), np.cos(angle)]
    return found


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
