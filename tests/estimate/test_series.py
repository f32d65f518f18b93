"""Interrupted series against R, one outlying week, and coverage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from commonbeat.errors import DataFileError
from commonbeat.estimate.series import SeriesData, interrupted_series
from commonbeat.estimate.series.autoregression import fit_autoregression
from commonbeat.estimate.series.newey_west import newey_west
from commonbeat.estimate.series.shape import STEP, changes, shape_columns
from tests.r import run_r


def make_series(
    seed: int, *, periods: int = 104, start: int = 60, carry: float = 0.4, step: float = 0.0, season: int | None = 52
) -> SeriesData:
    """A weekly series with a trend, a yearly wave, errors that carry over, and perhaps a step."""
    luck = np.random.default_rng(seed)
    error = luck.normal(size=periods + 60)
    for at in range(1, len(error)):
        error[at] += carry * error[at - 1]
    time = np.arange(periods)
    wave = 2 * np.sin(2 * np.pi * time / 52) if season else 0.0
    outcome = 50 + 0.02 * time + wave + error[60:] + step * (time >= start)
    labels = tuple(f"week {at + 1}" for at in range(periods))
    return SeriesData(outcome, labels, start, season, outcome_name="calls", period_name="week")


@pytest.mark.parametrize(("season", "carry"), [(None, 0.0), (52, 0.6), (4, 0.3), (7, 0.3)])
def test_agrees_with_nlme_and_sandwich(season: int | None, carry: float) -> None:
    series = make_series(2, carry=carry, step=1.5, season=season)
    columns = {"time": np.arange(104.0), "outcome": series.outcome}
    table = pl.DataFrame(columns).with_columns(start=pl.lit(60), year=pl.lit(season or 0))
    theirs = run_r("series_interrupted", series=table)
    result = interrupted_series(series)
    for row, other in zip(result.rows, theirs["autoregressive"], strict=True):
        assert row.estimate == pytest.approx(other["estimate"], abs=1e-6)
        assert row.std_error == pytest.approx(other["std_error"], abs=1e-6)
        assert row.df == other["df"]
    shape = shape_columns(104, 60, season)
    correlation = fit_autoregression(series.outcome, shape).correlation
    assert correlation == pytest.approx(theirs["correlation"], abs=1e-6)
    assert correlation == pytest.approx(theirs["correlation_of_gls"], abs=1e-4)
    for lags in (0, 3, 7):
        rows = interrupted_series(replace(series, lags=lags)).newey_west
        for row, other in zip(rows, theirs["newey_west"][f"lags{lags}"], strict=True):
            assert row.estimate == pytest.approx(other["estimate"], abs=1e-6)
            assert row.std_error == pytest.approx(other["std_error"], abs=1e-6)


def outlying_week(seed: int = 13) -> SeriesData:
    """Nothing happened, but the last of eight weeks after the event was far out: as in the calls after a beating (E042, E043)."""
    series = make_series(seed, periods=78, start=70, carry=0.0, season=None)
    outcome = series.outcome.copy()
    outcome[77] -= 9.0
    return replace(series, outcome=outcome)


def test_one_outlying_week_makes_a_finding_and_is_named() -> None:
    series = outlying_week()
    result = interrupted_series(series)
    slope = result.rows[1]
    assert slope.p_value < 0.05
    assert result.deciding_periods == ("week 78",)
    assert any("hangs on a single week: without week 78 it is gone" in warning for warning in slope.warnings)
    assert any(warning.startswith("week 78 lies -") for warning in slope.warnings)
    without = next(row for row in result.without if row.estimand.endswith("calls, without week 78"))
    assert without.p_value > 0.05
    moved = next(each for each in result.left_out if each.question.startswith("change of slope"))
    assert (moved.period, moved.decides) == ("week 78", True)


def test_leaving_a_week_out_is_leaving_its_row_out() -> None:
    series = outlying_week()
    shape = shape_columns(78, 70, None)
    # without correlation, a column of its own is the same as dropping the row
    own = np.zeros(78)
    own[77] = 1.0
    with_column = newey_west(series.outcome, np.column_stack([shape, own]), 0).coefficients[:4]
    dropped = newey_west(series.outcome[:77], shape[:77], 0).coefficients
    np.testing.assert_allclose(with_column, dropped, atol=1e-9)


def test_a_step_that_is_there_hangs_on_no_week_and_stands_out_among_placebos() -> None:
    result = interrupted_series(make_series(8, step=6.0, carry=0.2))
    level = result.rows[0]
    assert level.ci_low < 6 < level.ci_high
    assert level.p_value < 0.001
    assert all("change of level" not in each.question for each in result.left_out if each.decides)
    assert result.placebo.p_value <= 2 / (1 + len(result.curves[1].x) - 1)
    assert len(result.without) == 1 or result.deciding_periods


def test_placebo_starts_read_only_the_time_before() -> None:
    series = make_series(6)
    later = series.outcome.copy()
    later[series.start :] += 100.0
    plain, shifted = interrupted_series(series), interrupted_series(replace(series, outcome=later))
    assert plain.curves[1].estimate[:-1] == shifted.curves[1].estimate[:-1]
    assert shifted.placebo.p_value == 1 / (len(shifted.curves[1].x))


def test_the_curve_shows_what_was_expected_and_hides_few_respondents() -> None:
    respondents = np.full(104, 40)
    respondents[[3, 80]] = 9
    series = replace(make_series(7, step=4.0), respondents=respondents)
    result = interrupted_series(series)
    curve = result.curves[0]
    assert curve.x[series.start] == 0.0
    assert [at for at, value in enumerate(curve.observed) if value is None] == [3, 80]
    assert curve.low[: series.start] == (None,) * series.start
    gap = np.mean(np.array(curve.estimate)[series.start :] - np.array(curve.expected)[series.start :])
    assert gap == pytest.approx(result.rows[2].estimate)
    assert any("2 periods with fewer than 10 respondents" in warning for warning in result.warnings)


def test_what_weakens_a_series_is_said() -> None:
    short = interrupted_series(make_series(1, periods=30, start=20))
    assert any("30 periods" in warning for warning in short.warnings)
    assert any("season could not be taken out" in warning for warning in short.warnings)
    drifting = interrupted_series(make_series(3, carry=0.97, season=None))
    assert any("drift looks like change" in warning for warning in drifting.warnings)
    assert all("too narrow" in row.warnings[0] for row in short.newey_west)


def test_all_mistakes_at_once() -> None:
    outcome = np.ones(20)
    outcome[4] = np.nan
    labels = tuple(str(at) for at in range(19))
    with pytest.raises(DataFileError) as caught:
        interrupted_series(SeriesData(outcome, labels, 2, 1, lags=40, outcome_name="complaints"))
    told = str(caught.value)
    for words in (
        "19 labels for 20",
        "periods are missing, the first is 4",
        "before the start",
        "constant",
        "season",
        "lags",
    ):
        assert words in told


@pytest.mark.parametrize(("carry", "periods", "start"), [(0.0, 104, 60), (0.5, 104, 60), (0.3, 60, 30)])
def test_the_interval_holds_the_truth(carry: float, periods: int, start: int) -> None:
    held, narrow, trials = 0, 0, 250
    shape = shape_columns(periods, start, None)
    level = changes(shape, start, "week")[0].contrast
    for seed in range(trials):
        series = make_series(500 + seed, periods=periods, start=start, carry=carry, step=2.0, season=None)
        fit = fit_autoregression(series.outcome, shape)
        estimate, error = fit.contrast(level)
        held += abs(estimate - 2.0) <= 2.0 * error
        plain = newey_west(series.outcome, shape, 4)
        narrow += abs(plain.coefficients[STEP] - 2.0) <= 2.0 * np.sqrt(plain.covariance[STEP, STEP])
    assert 0.91 <= held / trials <= 0.985
    assert narrow / trials < 0.93  # why Newey-West is not the primary row
