"""Short, seasonal, sparse and still series: what is refused, what is said, and that the best correlation is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from commonbeat.errors import DataFileError
from commonbeat.estimate.series import SeriesData, interrupted_series
from commonbeat.estimate.series.autoregression import fit_autoregression
from commonbeat.estimate.series.shape import shape_columns


def as_series(outcome: np.ndarray, start: int, season: int | None = None) -> SeriesData:
    """The values as a series of weeks around an event."""
    labels = tuple(f"week {at + 1}" for at in range(len(outcome)))
    return SeriesData(outcome, labels, start, season, outcome_name="calls", period_name="week")


def noise(seed: int, periods: int, carry: float = 0.0) -> np.ndarray:
    """Errors that carry over from one period to the next."""
    error = np.random.default_rng(seed).normal(size=periods)
    for at in range(1, periods):
        error[at] += carry * error[at - 1]
    return error


@pytest.mark.parametrize(
    ("periods", "start", "season"), [(8, 4, 5), (8, 4, 8), (9, 4, 6), (9, 4, 8), (10, 5, 10), (13, 6, 4)]
)
def test_too_few_periods_for_a_season_are_refused(periods: int, start: int, season: int) -> None:
    series = as_series(noise(1, periods), start, season)
    with pytest.raises(DataFileError, match="leave season_periods out"):
        interrupted_series(series)
    columns = shape_columns(30, 15, season).shape[1]
    enough = interrupted_series(as_series(noise(1, 2 * columns), columns, season))
    assert enough.rows[0].df == columns
    assert min(each.df for each in enough.left_out) == columns - 1
    assert interrupted_series(replace(series, season_periods=None)).rows[0].df == periods - 4


@pytest.mark.parametrize("season", [3, 4, 5, 6, 7])
def test_a_pattern_of_quarters_or_weekdays_is_taken_out_whole(season: int) -> None:
    error, pattern = noise(3, 63), np.random.default_rng(season).normal(scale=20, size=season)
    plain = interrupted_series(as_series(error, 30, season)).rows
    patterned = interrupted_series(as_series(error + pattern[np.arange(63) % season], 30, season)).rows
    for one, other in zip(plain, patterned, strict=True):
        assert other.estimate == pytest.approx(one.estimate, abs=1e-6)
        assert other.std_error == pytest.approx(one.std_error, abs=1e-6)
    assert shape_columns(63, 30, season).shape[1] == 4 + season - 1
    assert np.linalg.matrix_rank(shape_columns(63, 30, season)) == 4 + season - 1


@pytest.mark.parametrize(("periods", "seed", "carry"), [(12, 8, 0.9), (12, 38, 0.9), (16, 139, 0.5)])
def test_of_two_hills_the_higher_is_found(periods: int, seed: int, carry: float) -> None:
    outcome, columns = noise(seed, periods, carry), shape_columns(periods, periods // 2, None)
    found = fit_autoregression(outcome, columns).correlation
    tried = np.append(np.linspace(-0.99, 0.99, 1_999), found)
    assert restricted(outcome, columns, found) >= max(restricted(outcome, columns, each) for each in tried) - 1e-6


def restricted(outcome: np.ndarray, columns: np.ndarray, correlation: float) -> float:
    """The restricted log likelihood by its matrices, up to a constant."""
    count, width = columns.shape
    apart = np.abs(np.subtract.outer(np.arange(count), np.arange(count)))
    inverse = np.linalg.inv(correlation**apart / (1 - correlation**2))
    inside = columns.T @ inverse @ columns
    left = outcome - columns @ np.linalg.solve(inside, columns.T @ inverse @ outcome)
    logs = np.linalg.slogdet(inverse)[1] - np.linalg.slogdet(inside)[1]
    return float(logs - (count - width) * np.log(left @ inverse @ left)) / 2


def test_a_week_that_hides_a_finding_is_named_in_other_words() -> None:
    outcome = noise(5, 60) + 3.0 * (np.arange(60) >= 40)
    shown = interrupted_series(as_series(outcome, 40))
    assert shown.rows[0].p_value < 0.05
    outcome[40] -= 14.0
    result = interrupted_series(as_series(outcome, 40))
    assert result.rows[0].p_value > 0.05
    assert "week 41" in result.hiding_periods
    told = [warning for warning in result.rows[0].warnings if "hides a finding" in warning]
    assert "without week 41" in told[0]
    assert not any("hangs on" in warning for warning in result.rows[0].warnings)
    hidden = [
        each for each in result.left_out if each.period == "week 41" and each.question.startswith("change of level")
    ]
    assert [(each.hides, each.decides) for each in hidden] == [(True, False)]
    assert any(row.estimand.endswith("calls, without week 41") for row in result.without)


def test_a_week_that_turns_the_sign_is_named_in_words_of_its_own() -> None:
    outcome = 0.05 * noise(2, 24)
    outcome[20:] += np.array([1.0, 1.1, 1.2, 1.3])
    outcome[23] -= 30.0
    result = interrupted_series(as_series(outcome, 20))
    turned = {each.period for each in result.left_out if each.without == "turned"}
    gone = {each.period for each in result.left_out if each.without == "gone"}
    assert turned | gone == set(result.deciding_periods)
    for row, words in zip(result.rows, ("change of level", "change of slope", "mean change"), strict=True):
        own = [each for each in result.left_out if each.question.startswith(words)]
        assert any("turns on a single week" in w for w in row.warnings) == any(e.without == "turned" for e in own)
        assert any("hangs on a single week" in w for w in row.warnings) == any(e.without == "gone" for e in own)
    assert turned


def test_small_counts_are_said() -> None:
    luck = np.random.default_rng(1)
    few, many = luck.poisson(1.5, 80).astype(float), luck.poisson(40.0, 80).astype(float)
    assert any("events per week" in warning for warning in interrupted_series(as_series(few, 50)).warnings)
    for outcome in (many, few - 0.5):
        assert not any("events per week" in warning for warning in interrupted_series(as_series(outcome, 50)).warnings)
    rate = replace(as_series(1_000 * few / 300.3, 50), counts=few)
    assert any("events per week" in warning for warning in interrupted_series(rate).warnings)
    answers = replace(as_series(few, 50), respondents=np.full(80, 40))
    assert not any("events per week" in warning for warning in interrupted_series(answers).warnings)


def test_a_series_that_stands_still_before_the_event_is_estimated() -> None:
    result = interrupted_series(as_series(np.repeat([0.0, 1.0], 20), 20))
    assert result.rows[0].estimate == pytest.approx(1.0)
    assert result.placebo is not None
