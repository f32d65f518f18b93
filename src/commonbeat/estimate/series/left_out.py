"""Whether one period carries the finding: the series fitted again without each period in turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import stats

from commonbeat.estimate.series.autoregression import fit_autoregression
from commonbeat.estimate.series.fit import t_ratio
from commonbeat.estimate.series.shape import changes, shape_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.series.data import SeriesData
    from commonbeat.estimate.series.fit import SeriesFit

    Floats = NDArray[np.float64]

Without = Literal["as before", "gone", "turned", "appears"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One change as it comes out without one period. without: what becomes of the finding: it is gone, its sign turns, or only now there is one."""

    question: str
    period: str
    estimate: float
    std_error: float
    p_value: float
    df: int
    without: Without

    @property
    def decides(self) -> bool:
        """Whether a finding hangs on the period: without it there is none any more, or one of the other sign."""
        return self.without in ("gone", "turned")

    @property
    def hides(self) -> bool:
        """Whether the period stands in the way of a finding: without it there is one."""
        return self.without == "appears"


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
    ratio, ratio_before = t_ratio(after, after_error), t_ratio(before, before_error)
    p_value = float(2 * stats.t.sf(abs(ratio), fit.df))
    seen, seen_before = p_value < series.level, float(2 * stats.t.sf(abs(ratio_before), whole.df)) < series.level
    without: Without = "as before"
    if seen_before:
        without = "gone" if not seen else "turned" if before * after < 0 else "as before"
    elif seen:
        without = "appears"
    moved = 0.0 if ratio == ratio_before else abs(ratio - ratio_before)
    return LeftOut(words, label, after, after_error, p_value, fit.df, without), moved
