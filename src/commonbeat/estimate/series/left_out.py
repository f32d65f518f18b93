"""Whether one period carries the finding: the series fitted again without each period in turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from commonbeat.estimate.series.autoregression import fit_autoregression
from commonbeat.estimate.series.shape import changes, shape_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.series.data import SeriesData
    from commonbeat.estimate.series.fit import SeriesFit

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One change as it comes out without one period. decides: without it a finding is none any more, or its sign turns."""

    question: str
    period: str
    estimate: float
    std_error: float
    p_value: float
    df: int
    decides: bool


def leave_periods_out(series: SeriesData, whole: SeriesFit) -> tuple[LeftOut, ...]:
    """For every period and question the change without that period, the period that moves it most in its t ratio first.

    A period is left out by a column of its own, which keeps the time between the others as it was. The published quarrel over calls
    to the police after a beating was one of a single week (E042, E043).
    """
    columns = shape_columns(len(series.outcome), series.start, series.season_periods)
    found = []
    for position, label in enumerate(series.periods):
        own = np.zeros(len(series.outcome))
        own[position] = 1.0
        table = np.column_stack([columns, own])
        if np.linalg.matrix_rank(table / np.abs(table).max(axis=0)) < table.shape[1]:
            continue  # without this period the change cannot be told at all
        fit = fit_autoregression(series.outcome, table)
        questions = changes(columns, series.start, series.period_name)
        found += [_compare(series, whole, fit, change.words, change.contrast, label) for change in questions]
    moved = {id(each): shift for each, shift in found}
    return tuple(sorted((each for each, _ in found), key=lambda each: -moved[id(each)]))


def _compare(
    series: SeriesData, whole: SeriesFit, fit: SeriesFit, words: str, contrast: Floats, label: str
) -> tuple[LeftOut, float]:
    before, before_error = whole.contrast(contrast)
    after, after_error = fit.contrast(np.append(contrast, 0.0))
    seen_before = _p_value(before, before_error, whole.df) < series.level
    p_value = _p_value(after, after_error, fit.df)
    seen = p_value < series.level
    left = LeftOut(words, label, after, after_error, p_value, fit.df, seen_before and (not seen or before * after < 0))
    return left, abs(after / after_error - before / before_error)


def _p_value(estimate: float, std_error: float, df: int) -> float:
    return float(2 * stats.t.sf(abs(estimate / std_error), df)) if std_error > 0 else 1.0
